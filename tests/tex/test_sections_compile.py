"""Every LaTeX template in the kinds of papers that people write, down to the PDF."""

from pathlib import Path

import pytest
from paper import KINDS, compiled
from section_cases import TEMPLATES, entry, lists, not_found, papers, row

from bibtool.model import Entry, Name
from bibtool.render.options import SectionOptions
from bibtool.render.sections import render

PDFLATEX = [name for name in KINDS if name != "CJK"]
NAMES = sorted(name.removesuffix(".tex.j2") for name in TEMPLATES if name.endswith(".tex.j2"))
STICKS_OUT = 20  # points
NOISE = ("Warning: Citation", "undefined references", "multiply defined", "Missing character")


def section(entries: tuple[Entry, ...], options: SectionOptions) -> str:
    _, some = papers()
    rendered = render(entries, some, (), options, SectionOptions(), TEMPLATES, {})
    return rendered.files["references.tex"]


@pytest.mark.tex
@pytest.mark.slow
@pytest.mark.parametrize("template", NAMES)
@pytest.mark.parametrize("kind", PDFLATEX)
def test_a_section_of_forty_works_is_set(kind: str, template: str, tmp_path: Path) -> None:
    entries, _ = papers()
    printed = compiled(tmp_path, kind, section(entries, SectionOptions(template=template)), entries)
    assert [words for words in NOISE if words in printed.log] == []
    assert "[?]" not in printed.text
    missing = [e.record.title for e in entries if not printed.holds(e.record.title)]
    assert missing == []
    if template == "related-work":
        assert [points for points in printed.overfull if points > STICKS_OUT] == []


@pytest.mark.xetex
@pytest.mark.slow
@pytest.mark.parametrize("template", NAMES)
def test_notes_in_chinese_japanese_and_korean_are_set_by_xelatex(
    template: str, tmp_path: Path
) -> None:
    entries, _ = papers()
    text = section(entries, SectionOptions(template=template, notes="text"))
    assert "% Needs xelatex or lualatex" in text
    printed = compiled(tmp_path, "CJK", text, entries)
    assert [words for words in NOISE if words in printed.log] == []
    notes = [row.notes for entry in entries for row in entry.rows if row.notes]
    assert [note for note in notes if not printed.holds(note)] == []


HOSTILE = [
    "\\input{secret.txt} ^^5cinput{secret.txt} ^^M x",
    "50% & #1 _x_ ^ ~ { } $5 \\",
    "a < b > c | d \"q\" 'p' --- ,, `` %",
    "\\end{document} \\\\ & \\bottomrule",
    "Größe, Łódź, Åström and the $L_2$ norm",
]


@pytest.mark.tex
@pytest.mark.parametrize("template", NAMES)
def test_whatever_a_list_says_is_set_as_it_stands(template: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("LEAKED")
    entries = tuple(
        entry(
            f"k{number}",
            f"Title {number} {text}",
            row(f"Category {text}", number, short=f"Short {text}", notes=f"Note {text}"),
            authors=(Name(family=f"Author {number}", given="A"),),
        )
        for number, text in enumerate(HOSTILE)
    )
    options = SectionOptions(template=template, notes="text", level=3)
    rendered = render(entries, (), (), options, SectionOptions(), TEMPLATES, {})
    printed = compiled(tmp_path, "article", rendered.files["references.tex"], entries)
    assert "LEAKED" not in printed.text
    notes = [e.rows[0].notes.replace("$L_2$", "L2") for e in entries]
    assert [note for note in notes if not printed.holds(note)] == []


NESTED = (
    entry("a", "Alpha", row(("Vision", "Tokens", "Fast"), 1)),
    entry("b", "Beta", row(("Text",), 2)),
)


@pytest.mark.tex
@pytest.mark.parametrize("template", NAMES)
@pytest.mark.parametrize("level", [2, 4])
@pytest.mark.parametrize("kind", PDFLATEX)
def test_nested_headings_are_set(kind: str, level: int, template: str, tmp_path: Path) -> None:
    options = SectionOptions(template=template, label_prefix="sec:", level=level)
    rendered = render(NESTED, (), (), options, SectionOptions(), TEMPLATES, {})
    printed = compiled(tmp_path, kind, rendered.files["references.tex"], NESTED)
    assert [words for words in NOISE if words in printed.log] == []
    assert all(printed.holds(word) for word in ("Vision", "Tokens", "Fast", "Text"))


@pytest.mark.tex
@pytest.mark.parametrize(
    ("kind", "command"),
    [("article", "citep"), ("article", "citet"), ("biblatex", "autocite"),
     ("biblatex", "parencite"), ("biblatex", "textcite")],
)  # fmt: skip
def test_every_cite_command_is_one_of_its_package(kind: str, command: str, tmp_path: Path) -> None:
    options = SectionOptions(cite=command)  # type: ignore[arg-type]
    rendered = render(NESTED, (), (), options, SectionOptions(), TEMPLATES, {})
    printed = compiled(tmp_path, kind, rendered.files["references.tex"], NESTED)
    assert [words for words in NOISE if words in printed.log] == []
    assert printed.holds("Alpha")


@pytest.mark.tex
@pytest.mark.parametrize("template", NAMES)
@pytest.mark.parametrize("kind", ["article", "IEEEtran"])
def test_sections_can_be_put_into_one_paper(kind: str, template: str, tmp_path: Path) -> None:
    entries, some = papers()
    options = SectionOptions(template=template, files="categories", label_prefix="sec:")
    files = render(entries, some, (), options, SectionOptions(), TEMPLATES, {}).files
    sections = [text for name, text in files.items() if name.endswith(".tex")]
    printed = compiled(tmp_path, kind, "\n".join(sections), entries)
    assert [words for words in NOISE if words in printed.log] == []
    assert [e.record.title for e in entries if not printed.holds(e.record.title)] == []


@pytest.mark.tex
@pytest.mark.parametrize("kind", ["article", "IEEEtran"])
@pytest.mark.parametrize("template", NAMES)
def test_a_title_that_begins_like_an_option_is_set(
    template: str, kind: str, tmp_path: Path
) -> None:
    titles = ["[Re] Alpha Again", "[Re] Beta Again", "*Gamma Again", "(Delta) Again"]
    entries = tuple(entry(f"k{n}", title, row("[Re] M", n)) for n, title in enumerate(titles))
    waiting = (not_found("[Re] Lost Again", "[Re] M"), not_found("[Re] Gone Again", "*M", 100))
    options = SectionOptions(template=template, unresolved="appendix", description=True)
    some = tuple(lists(*entries, waiting=waiting))
    rendered = render(entries, some, waiting, options, SectionOptions(), TEMPLATES, {})
    printed = compiled(tmp_path, kind, rendered.files["references.tex"], entries)
    assert [title for title in (*titles, "Lost Again") if not printed.holds(title)] == []
    assert printed.text.count("[Re]") == 5, "brackets are words, not options"
