"""The docs tell all there is, and nothing that is not."""

import argparse
import importlib
import os
import re
import subprocess
import sys
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from service import serving

from bibtool import errors, report
from bibtool.arguments import parser
from bibtool.config import Service, Settings, Sources
from bibtool.render.options import SectionOptions

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")
SETTINGS = (DOCS / "settings.md").read_text(encoding="utf-8")
TEMPLATES = (DOCS / "templates.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]


def commands() -> dict[str, argparse.ArgumentParser]:
    subparsers = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(next(subparsers).choices)


def section(command: str) -> str:
    """What docs/commands.md says under the heading of one command."""
    found = re.search(rf"^## `bibtool {command}\b.*?(?=^## |\Z)", COMMANDS, re.M | re.S)
    assert found, f"docs/commands.md has no heading for {command}"
    return found[0]


def options() -> Iterator[tuple[str, argparse.Action]]:
    for name, command in commands().items():
        yield from ((name, action) for action in command._actions if action.dest != "help")


@pytest.mark.parametrize(
    ("command", "action"), list(options()), ids=lambda value: getattr(value, "dest", value)
)
def test_every_option_is_in_the_docs_and_has_help(command: str, action: argparse.Action) -> None:
    told = section(command)
    words = action.option_strings or [str(action.metavar)]
    assert [word for word in words if not re.search(rf"{re.escape(word)}(?![\w-])", told)] == []
    assert action.help or not action.option_strings


def test_the_docs_name_no_option_that_is_not_there() -> None:
    for name, command in commands().items():
        told = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", section(name)))
        known = {word for action in command._actions for word in action.option_strings}
        assert told <= known, name


def test_the_docs_have_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"^## `bibtool (\w+)", COMMANDS, re.M)) == set(commands())


@pytest.mark.parametrize("kind", report.KINDS)
def test_every_outcome_is_in_the_docs(kind: str) -> None:
    assert re.search(rf"^\| `{kind}` \|", section("sync"), re.M)


def test_every_exit_code_is_in_the_docs() -> None:
    page = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.M)}
    cli = importlib.import_module("bibtool.cli")
    classes = [c for c in vars(errors).values() if isinstance(c, type)]
    raised = {c.exit_code for c in classes if issubclass(c, errors.BibtoolError)}
    assert told == raised | {0, 1, cli.INTERRUPTED, cli.TERMINATED}


@pytest.mark.parametrize(
    ("table", "page", "prefix"),
    [
        (Settings, SETTINGS, ""),
        (SectionOptions, TEMPLATES, ""),
        (Sources, SETTINGS, "[sources] "),
        (Service, SETTINGS, "[sources.NAME] "),
    ],
)
def test_every_setting_is_in_the_docs(table: type[msgspec.Struct], page: str, prefix: str) -> None:
    cells = re.findall(r"^\| (`[^|]*) \| ([^|]*)\|", page, re.M)
    defaults = {name: told for cell, told in cells for name in re.findall(r"`([^`]+)`", cell)}
    for field in msgspec.structs.fields(table):
        if field.name in ("arxiv", "crossref", "datacite"):
            continue  # [sources.NAME]
        if field.name in ("latex", "markdown", "sources"):
            assert f"`[{field.name}" in page
            continue
        assert prefix + field.name in defaults
        if isinstance(field.default, str | bool) and field.default != "":
            shown = {True: "true", False: "false"}.get(field.default, f'"{field.default}"')
            assert shown in defaults[prefix + field.name], field.name


def test_every_variable_of_the_environment_is_in_the_docs() -> None:
    services = ("ARXIV", "CROSSREF", "DATACITE")
    wanted = {f"BIBTOOL_{name}_{what}" for name in services for what in ("URL", "PAUSE")}
    told = set(re.findall(r"`(BIBTOOL_\w+)`", SETTINGS))
    assert told == wanted | {"BIBTOOL_MAILTO"}


def anchor(heading: str) -> str:
    """GitHub's: lower case, signs gone, blanks to hyphens."""
    plain = unicodedata.normalize("NFC", re.sub(r"[`*]", "", heading)).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8")))
    for link in links:
        name, _, part = link.partition("#")
        if re.match(r"[a-z]+:", name):
            continue
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if part and target.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.M)
            assert part in {anchor(heading) for heading in headings}, link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, open_pages = set(), {ROOT / "README.md"}
    while open_pages:
        page = open_pages.pop()
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", without_code(page.read_text(encoding="utf-8")))
        targets = {(page.parent / link).resolve() for link in links if "://" not in link}
        folders = {inner for t in targets if t.is_dir() for inner in t.glob("*.md")}
        open_pages |= {t for t in targets | folders if t.suffix == ".md" and t.is_file()} - reached
    assert set(PAGES) <= reached


def test_the_readme_has_two_commands_and_ci_calls_the_second() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.M)
    assert len(lines) == 2
    first, second = lines
    assert first.endswith("bibtool sync")
    assert ".venv/bin/pytest" in second
    assert second in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    # .ci/run takes the command out of the README by this pattern
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"sed -n 's/\^\\\((.*?)\\\)\$/", script)
    assert pattern
    taken = ["sed", "-n", f"/^{pattern[1]}$/p", str(ROOT / "README.md")]
    shown = subprocess.run(taken, capture_output=True, text=True, check=True).stdout
    assert shown == second + "\n"


MADE = re.compile(
    r"(?P<mark><!-- (?P<what>before|made): (?P<name>\S+) -->\n```\w+\n)(?P<text>.*?)(?=```$)",
    re.M | re.S,
)


@pytest.fixture(scope="module")
def run_of_the_readme(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What bibtool makes of the README's list: its outputs, and what it says, by name."""
    folder = tmp_path_factory.mktemp("readme")
    for block in MADE.finditer(README):
        if block["what"] == "before":
            (folder / block["name"]).parent.mkdir(parents=True)
            (folder / block["name"]).write_text(block["text"], encoding="utf-8")
    with serving() as service:
        addresses = {
            "BIBTOOL_ARXIV_URL": f"{service.url}/api/query",
            "BIBTOOL_CROSSREF_URL": service.url,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bibtool", "sync"],
            cwd=folder,
            env={**os.environ, **addresses, "XDG_CACHE_HOME": str(folder / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            timeout=60,
        )
    hidden = folder / "refs/.bibtool"
    files = (p for p in (folder / "refs").rglob("*") if p.is_file() and hidden not in p.parents)
    made = {str(f.relative_to(folder)): f.read_text(encoding="utf-8") for f in files}
    return {**made, "session": f"$ bibtool sync\n{done.stdout}"}


def test_before_and_after_of_the_readme_are_made_by_the_code(
    run_of_the_readme: dict[str, str], update: bool
) -> None:
    def made_anew(block: re.Match[str]) -> str:
        if block["what"] == "before":
            return block[0]
        name, _, part = block["name"].partition(":")
        shown = shown_of(run_of_the_readme[name])
        if part == "first":  # entry of a .bib
            shown = shown[: shown.index("\n}\n") + 3]
        return block["mark"] + shown

    page = ROOT / "README.md"
    if update:
        page.write_text(MADE.sub(made_anew, README), encoding="utf-8")
    kept = page.read_text(encoding="utf-8")
    assert kept == MADE.sub(made_anew, kept), "run: pytest tests/test_docs.py --update"


def shown_of(text: str) -> str:
    """A file without the comment on its first lines that says what made it."""
    lines = text.strip().splitlines()
    while lines and re.match(r"%|<!--|$", lines[0]):
        del lines[0]
    return "\n".join(lines) + "\n"


RESULTS = ROOT / "benchmarks" / "matching" / "RESULTS.md"
MEASURED = re.compile(r"(?<=<!-- measured -->\n).*?\n(?=- )", re.S)


def measured() -> str:
    """One sentence on how often a match is wrong, from the figures of the benchmark."""
    text = RESULTS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \*\*all\*\* \| (\d+) \| (\d+) \| (\d+) \|", text, re.M)
    works = re.search(r"^([\d,]+) works", text, re.M)
    assert rows
    assert works
    asked, right, wrong = (sum(int(row[column]) for row in rows) for column in range(3))
    sentence = (
        f"[Measured](benchmarks/matching/RESULTS.md) on {works[1]} works, with titles damaged as "
        f"lists damage them, and with references to works that are not among them: of {asked:,} references {right:,} "
        f"were matched rightly and {wrong or 'none'} wrongly; the others were asked or left alone."
    )
    return textwrap.fill(sentence, 98, initial_indent="  ", subsequent_indent="  ") + "\n"


def test_the_figures_of_the_readme_are_those_of_the_benchmark(update: bool) -> None:
    page = ROOT / "README.md"
    if update:
        text = page.read_text(encoding="utf-8")
        page.write_text(MEASURED.sub(lambda _: measured(), text), encoding="utf-8")
    found = MEASURED.search(page.read_text(encoding="utf-8"))
    assert found
    assert found[0] == measured(), "run: pytest tests/test_docs.py --update"
