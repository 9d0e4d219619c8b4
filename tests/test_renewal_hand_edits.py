"""A refresh of some works where people edited the .bib, a section, the settings or the list."""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_renewal_news import BIB, LISTED, MAR_ROW, M, article, preprint
from test_renewal_news import LIST as ROWS
from twins import Twins, at_rest

RENAMED = "Generation without Vector Quantization"
KEY = "li2024autoregressive"
NEWS = preprint(M, title=RENAMED, year=2023)
README = "# Ours\n\n<!-- bibtool:begin papers -->\n<!-- bibtool:end -->\n\nWords after.\n"
Edit = Callable[[Twins], None]


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    with at_rest(tmp_path, LISTED, ROWS) as twins:
        yield twins


def entry_of(twins: Twins, key: str = KEY) -> str:
    found = re.search(rf"^@\w+\{{{key},.*?^\}}\r?\n", twins.read(BIB), re.M | re.S)
    assert found
    return found[0]


def in_bib(old: str, new: str) -> Edit:
    def edit(twins: Twins) -> None:
        before = entry_of(twins)
        assert old in before
        twins.edit(BIB, before, before.replace(old, new))

    return edit


def around(before: str = "", after: str = "") -> Edit:
    return lambda twins: twins.write(BIB, before + twins.read(BIB) + after)


def saved_as(codec: str, mark: bytes = b"", lines: str = "\n") -> Edit:
    def save(twins: Twins) -> None:
        text = "% Ärger\n" + twins.read(BIB)
        data = mark + text.replace("\n", lines).encode(codec, "replace")
        twins.write(BIB, data.decode("utf-8", "surrogateescape"))

    return save


def twice(twins: Twins) -> None:
    twins.write(BIB, twins.read(BIB) + "\n" + entry_of(twins))


def under_another_key(twins: Twins) -> None:
    twins.write(BIB, twins.read(BIB) + "\n" + entry_of(twins).replace(KEY, "own"))


def section(twins: Twins) -> None:
    twins.write("refs/sections/tokens.tex", "% mine\n" + twins.read("refs/sections/tokens.tex"))


def no_section(twins: Twins) -> None:
    twins.remove("refs/sections/tokens.md")


EDITS: list[tuple[str, Edit]] = [
    ("the title was changed", in_bib("title = {Auto", "title = {My Auto")),
    ("another field was changed", in_bib("month = jun", "month = jul")),
    ("the refreshed field was taken out", in_bib("  year = {2024},\n", "")),
    ("a field was added", in_bib("\n}\n", "\n  mine = {kept},\n}\n")),
    ("the type was changed", in_bib("@misc", "@unpublished")),
    ("the key was changed", in_bib(KEY, "mar")),
    ("the entry was written otherwise", in_bib("  title = {", "\tTITLE   =   {")),
    ("the entry was deleted", lambda twins: twins.edit(BIB, entry_of(twins), "")),
    ("the entry stands twice", twice),
    ("the entry stands there under another key", under_another_key),
    ("another entry was changed", lambda twins: twins.edit(BIB, "Kept Words", "Kept My Words")),
    ("another entry was deleted", lambda twins: twins.edit(BIB, entry_of(twins, "muller2024sparse"), "")),
    ("an entry was added", around(before="@Book(own, title = {Own}, doi = {10.1000/own})\n\n")),
    ("an entry of the same work was added", around(after="\n@misc{own, eprint = {2406.11838}, archiveprefix = {arXiv}, title = {Own}}\n")),
    ("a comment and a macro were added", around("% mine\n@string{jun = \"June\"}\n", "\n@comment{x}\n")),
    ("a block is broken", around(after="\n@article{broken,\n  title = {x\n")),
    ("lines end as on Windows", saved_as("utf-8", lines="\r\n")),
    ("it has a byte order mark", saved_as("utf-8", codecs.BOM_UTF8)),
    ("it is in Latin-1", saved_as("latin-1")),
    ("a section was deleted", no_section),
    ("the .bib was deleted", lambda twins: twins.remove(BIB)),
    ("the lock was deleted", lambda twins: twins.remove("refs/bibtool.lock")),
    ("a heading was reworded", lambda twins: twins.edit(LISTED, "### Tokens", "### Tokenizers")),
    ("a row came in front", lambda twins: twins.edit(LISTED, "## Vision\n", f"## Vision\n{MAR_ROW}")),
    ("the row is gone", lambda twins: twins.edit(LISTED, "## Others\n", f"## Others\n{MAR_ROW}<!-- -->\n")),
]  # fmt: skip


@pytest.mark.parametrize("settled", [True, False], ids=["synced", "not synced"])
@pytest.mark.parametrize("edit", [e[1] for e in EDITS], ids=[e[0] for e in EDITS])
def test_an_edit_and_a_refresh_meet_as_in_a_whole_run(
    twins: Twins, edit: Edit, settled: bool
) -> None:
    edit(twins)
    NEWS(twins.registries)
    if settled:
        twins.settle()
        twins.settle("-v")
        twins.refresh(M, "-v")
    else:
        twins.run("sync", f"--refresh={M}", "-v")
        twins.settle()
    article("10.1000/x_1", volume="9")(twins.registries)
    twins.refresh("10.1000/x_1")


def test_an_edited_section_is_left_alone(twins: Twins) -> None:
    section(twins)
    twins.settle()
    assert not twins.is_stamped()  # so there is no quick way as long as it stands so
    NEWS(twins.registries)
    twins.run("sync", f"--refresh={M}")
    assert twins.read("refs/sections/tokens.tex").startswith("% mine\n")
    assert RENAMED in twins.read("refs/sections/tokens.tex.new")
    twins.settle("-v")


def test_a_conflict_in_the_refreshed_entry_is_told_once(twins: Twins) -> None:
    in_bib("title = {Auto", "title = {My Auto")(twins)
    twins.settle()
    NEWS(twins.registries)
    assert RENAMED in twins.refresh(M).err
    assert "My Auto" in twins.read(BIB)
    assert RENAMED not in twins.refresh(M).err


SETTINGS = [
    '[latex]\nsort = "year"\n[markdown]\nsort = "year"\n',
    '[latex]\nsort = "key"\ntemplate = "annotated"\n[markdown]\nsort = "venue"\ntemplate = "awesome"\n',
    '[latex]\nfiles = "all"\ndepth = 1\n[markdown]\nfiles = "categories"\nlevel = 3\n',
    '[latex]\ntemplate = "table"\ninclude = ["Vision"]\n[markdown]\ntemplate = "pandoc"\n',
    '[markdown]\nunresolved = "appendix"\nstyle = "author-year"\ndescription = true\n',
    '[markdown]\ninto = { "README.md" = { papers = "awesome" } }\n',
    'dialect = "biblatex"\nencoding = "unicode"\n',
    'venue_style = "macro"\n',
    'venue_style = "short"\nvenues = "trust"\n',
    'prefer = "preprint"\n',
    "category_bibs = true\n",
    'key = "{word}{year}"\npreprint_type = "article"\n',
]


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_hold_for_a_refresh_as_for_a_whole_run(twins: Twins, text: str) -> None:
    twins.write("README.md", README)
    twins.write("bibtool.toml", text)
    twins.rest()
    NEWS(twins.registries)
    twins.refresh(M)
    preprint("1512.03385", year=2010, comment="Accepted to CVPR 2024", doi="")(twins.registries)
    twins.refresh("arXiv:1512.03385,10.1000/x_1")


TEMPLATES = {
    "related-work.tex.j2": "<% for work in works %><< work.key >>: << work.title >>\n<% endfor %>",
    "overview.html.j2": "{{ works|length }} {{ works[0].year }} {{ waiting|length }}\n",
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_of_ones_own_are_filled_by_a_refresh_too(twins: Twins, name: str) -> None:
    twins.write(f"templates/{name}", TEMPLATES[name])
    twins.rest()
    NEWS(twins.registries)
    twins.refresh(M)


def test_words_around_the_marks_of_a_readme_are_kept(twins: Twins) -> None:
    twins.write("README.md", README)
    twins.write("bibtool.toml", SETTINGS[5])
    twins.rest()
    twins.edit("README.md", "Words after.", "Other words.")
    NEWS(twins.registries)
    twins.run("sync", f"--refresh={M}")
    assert RENAMED in twins.read("README.md")
    assert "Other words." in twins.read("README.md")
    twins.edit("README.md", RENAMED, "Mine")
    twins.settle()
    twins.refresh(M)
