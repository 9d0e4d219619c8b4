"""Markdown sections as GitHub and pandoc show them: every link, cite and note where it belongs."""

import html
import re
import subprocess
from pathlib import Path

import pytest
from github_markdown import seen
from section_cases import TEMPLATES, bibliography, entry, papers, row

from bibtool.model import Entry, Identifier, Name
from bibtool.render.options import SectionOptions
from bibtool.render.sections import render

LATEX = SectionOptions()
NAMES = sorted(name.removesuffix(".md.j2") for name in TEMPLATES if name.endswith(".md.j2"))
VARIANTS = [
    SectionOptions(template="references"),
    SectionOptions(template="references", style="author-year", notes="text"),
    SectionOptions(template="awesome"),
    SectionOptions(template="awesome", layout="table"),
    SectionOptions(template="awesome", badges=False, notes="comments"),
]
HOSTILE = [
    "<script>alert(1)</script> <!-- comment",
    "](https://evil.example)[ ![b](https://evil.example/x.png)",
    "a | b \\| c \\",
    "`code` ``x *b* _e_ ~~s~~",
    "# h",
    "- item",
    "1. item",
    "[ref]: https://evil.example",
    "[^1]: foot @octocat #1 :smile: https://auto.example $\\unicode{x}$",
    "--> &lt; {.class} @key [@key]",
]


def name(options: SectionOptions) -> str:
    return f"{options.template}-{options.layout}-{options.style}-{options.notes}"


def section(entries: tuple[Entry, ...], options: SectionOptions) -> str:
    _, some = papers()
    return render(entries, some, (), LATEX, options, TEMPLATES, {}).files["references.md"]


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("options", VARIANTS, ids=name)
def test_forty_works_on_github(options: SectionOptions) -> None:
    entries, some = papers()
    page = seen(section(entries, options))
    assert [e.record.title for e in entries if one_line(e.record.title) not in page.text] == []
    assert page.tags.count("h2") == len(some[0].categories)
    known = {"doi.org", "arxiv.org", "img.shields.io"}
    code = {url for e in entries for row in e.rows for url in row.code}
    assert {link for link in page.links if link.split("/")[2] not in known} == code
    assert not re.search(r"\]\(|\|\s*\|$|&\w+;|\\", page.text)
    table = options.layout == "table"
    assert page.tags.count("tr" if table else "li") == len(entries) + (
        len(some[0].categories) if table else 0
    )


@pytest.mark.parametrize("options", VARIANTS, ids=name)
def test_whatever_a_list_says_is_shown_as_it_stands(options: SectionOptions) -> None:
    works = tuple(
        entry(
            f"k{number}",
            text,
            row("Methods", number, notes=f"x {text}", short=f"s {text}"),
            authors=(Name(family=text),),
            venue=f"v {text}",
            identifiers=(Identifier(f"arxiv:2401.0000{number}"),),
        )
        for number, text in enumerate(HOSTILE)
    )
    page = seen(render(works, (), (), LATEX, options, TEMPLATES, {}).files["references.md"])
    plain = tuple(
        entry(f"k{number}", "T", row("Methods", number, notes="n", short="s"),
              authors=(Name(family="F"),), venue="v", identifiers=work.record.identifiers)
        for number, work in enumerate(works)
    )  # fmt: skip
    expected = seen(render(plain, (), (), LATEX, options, TEMPLATES, {}).files["references.md"])
    assert page.tags == expected.tags
    assert [u for u in page.links if "evil" in u and "shields" not in u] == []
    assert [text for text in HOSTILE if text not in page.text] == []


@pytest.mark.pandoc
@pytest.mark.parametrize("template", NAMES)
def test_whatever_a_list_says_is_shown_by_pandoc(template: str, tmp_path: Path) -> None:
    works = tuple(
        entry(f"k{number}", f"T {text}", row("Methods", number, notes=text, short=text))
        for number, text in enumerate(HOSTILE)
    )
    options = SectionOptions(template=template, notes="text")
    text = render(works, (), (), LATEX, options, TEMPLATES, {}).files["references.md"]
    page = pandoc(tmp_path, text, works)
    assert [text for text in HOSTILE if text not in shown(page)] == []
    assert not re.search(r"<script|<code|<del|<strong>e|evil[^<]*\"", page)


def pandoc(folder: Path, text: str, entries: tuple[Entry, ...], reader: str = "markdown") -> str:
    """The HTML of `text` with its cites; any warning of pandoc fails the test."""
    (folder / "references.bib").write_text(bibliography(entries), "utf-8")
    (folder / "references.md").write_text(text, "utf-8")
    command = ["pandoc", "--citeproc", "--bibliography=references.bib", "--fail-if-warnings",
               f"--from={reader}", "--to=html", "references.md"]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def shown(page: str) -> str:
    return one_line(html.unescape(re.sub(r"<[^>]*>", "", page)))


@pytest.mark.pandoc
@pytest.mark.parametrize("notes", ["auto", "text", "comments", "off"])
def test_every_cite_and_footnote_resolves_in_pandoc(notes: str, tmp_path: Path) -> None:
    entries, _ = papers()
    options = SectionOptions(template="pandoc", notes=notes, label_prefix="sec:")  # type: ignore[arg-type]
    page = pandoc(tmp_path, section(entries, options), entries)
    assert page.count('class="footnote-ref"') == len(entries)
    assert page.count('class="csl-entry"') == len(entries)
    assert page.count('class="citation"') == len(entries)
    assert '<h2 id="sec:others"' in page
    assert "[^" not in shown(page)
    assert "[@" not in shown(page)
    assert page.index('id="refs"') > page.index("Others")


@pytest.mark.pandoc
@pytest.mark.parametrize("reader", ["markdown", "gfm"])
@pytest.mark.parametrize("options", VARIANTS, ids=name)
def test_pandoc_shows_what_github_shows(
    options: SectionOptions, reader: str, tmp_path: Path
) -> None:
    entries, _ = papers()
    text = section(entries, options)
    page = pandoc(tmp_path, text, entries, reader)
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert [html.unescape(link) for link in links] == seen(text).links
    assert [e.record.title for e in entries if e.record.title not in shown(page)] == []
