"""Whatever a service sends, TeX sets it without a complaint and a reader sees it as it is."""

import unicodedata
from pathlib import Path

import pytest
from bibliography import WAYS, printed, seen

from bibtool.model import BibEntry, Identifier, Name, Record
from bibtool.render.bibtex import BibOptions, entry_of
from bibtool.tex import clean, to_tex
from bibtool.tex.tables import (
    LETTERS,
    MATH_ARGUMENTS,
    MATH_COMMANDS,
    MATH_STAND_INS,
    MATHS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)

pytestmark = pytest.mark.tex

HOSTILE = [
    r"\input{secret.txt}",
    r"\input secret.txt ",
    r"\csname @@input\endcsname secret.txt ",
    r"\newwrite\w\immediate\openout\w=dropped.tex\immediate\write\w{x}",
    r"\immediate\write18{touch dropped}",
    r"^^5cinput{secret.txt} and ^^5c^^69nput{secret.txt}",
    r"\def\x{\x}\x",
    r"\end{document} \end{thebibliography}",
    r"\gdef\cite#1{TAKEN}",
    "50% off & more #1 a_b a^b a~b <x> |y|",
    r"say {hello} } { \} \{ \\",
    "$5 and $10, $x\\input{secret.txt}$, $a^b^c$, $\\frac{1}$, $}{$, $%$",
    "a--b ---c ``d'' ,,e `f' \"g\"",
    "}, note={injected",
    "}}\n@article{evil, title={x}}\n@comment{",
    '" # evil # "',
    "line one\n\nline two\r\x0b\u2028three\u200b\u202e\ufeff",
    "trailing backslash \\",
    "% all of it",
]
NAMES = [
    ("Müller", "Jörg"),
    ("Łukasiewicz", "Jan"),
    ("Nguyễn", "Thị Ánh"),
    ("Erdős", "Pál"),
    ("Çelik", "Şule"),
    ("Ångström", "Åke"),
    ("Yılmaz", "Doğan"),
    ("Dvořák", "Antonín"),
    ("Guðmundsdóttir", "Þóra"),
    ("Đorđević", "Živko"),
    ("Ţepeş", "Ștefan"),
    ("Œuvré", "Zoë"),
    ("Ærø", "Søren"),
    ("Strauß", "Ÿves"),
    ("Ąžuolas", "Ęva"),
    ("van der Berg", "Łucja"),
    ("O'Neil", "Sinéad"),
]


def titled(titles: list[str], **options: str) -> list[BibEntry]:
    how = BibOptions(**options)  # type: ignore[arg-type]
    return [
        entry_of(
            f"key{n}", Record(title=title, authors=(Name("Doe", "J."),), year=2000), options=how
        )
        for n, title in enumerate(titles)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_hostile_titles_are_set_literally(way: str, tmp_path: Path) -> None:
    page = printed(tmp_path, titled(HOSTILE), way)
    assert page.complaints == []
    assert not page.files & {"dropped", "dropped.tex"}
    assert "LEAKED" not in page.text
    text = seen(page.text)
    assert [title for title in HOSTILE if seen(clean(title)) not in text] == []


@pytest.mark.parametrize("way", WAYS)
def test_hostile_values_of_other_fields_break_nothing(way: str, tmp_path: Path) -> None:
    entries = [
        entry_of(
            f"key{n}",
            Record(
                type="article",
                title=f"Title {n}",
                authors=(Name(literal=text), Name(text, text), Name("Doe", text)),
                venue=text,
                year=2000,
                url=f"https://x.example/{text}",
                identifiers=(Identifier(f"doi:10.1000/{text}"),),
            ),
            keywords=[text],
            note=text,
        )
        for n, text in enumerate(HOSTILE)
    ]
    page = printed(tmp_path, entries, way)
    assert page.complaints == []
    assert "LEAKED" not in page.text
    text = seen(page.text)
    assert [n for n in range(len(HOSTILE)) if f"title{n}" not in text] == []


def test_names_are_set_by_pdflatex(tmp_path: Path) -> None:
    entries = [
        entry_of(f"key{n}", Record(title=f"T {n}", authors=(Name(family, given),), year=2000))
        for n, (family, given) in enumerate(NAMES)
    ]
    page = printed(tmp_path, entries, "bibtex")
    assert page.complaints == []
    text = letters(page.text)
    assert [name for name in NAMES if letters(f"{name[1]} {name[0]}") not in text] == []


def letters(text: str) -> str:
    """Base letters: a PDF sets a dot or comma below a letter as a sign of its own."""
    text = text.replace("Ð", "Đ")  # one glyph in the T1 encoding
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if sign.isalpha())


def test_every_sign_and_command_of_the_tables_is_set(tmp_path: Path) -> None:
    signs = [*LETTERS, *SYMBOLS, *MATHS, *SUPERSCRIPTS, *SUBSCRIPTS]
    commands = [
        f"$\\{name}{'{x}' * MATH_ARGUMENTS.get(MATH_STAND_INS.get(name, name), 0)}$"
        for name in sorted({*MATH_COMMANDS, *MATH_STAND_INS})
    ]
    titles = [f"{n} {sign}" for n, sign in enumerate([*signs, *commands])]
    assert all(to_tex(title).isascii() and "\\$" not in to_tex(title) for title in titles)
    assert printed(tmp_path, titled(titles), "bibtex").complaints == []


def test_formulas_pass_and_are_set_as_formulas(tmp_path: Path) -> None:
    titles = [
        "$O(n^2)$ in $\\mathbb{R}^n$",
        "$L_{\\rm max}$ of $\\text{a b}$",
        "$x'_1$, $\\left\\{a\\right\\}$, $\\sqrt[3]{x}$ and $\\frac12$",
        "$\\alpha$-$\\beta$, $\\ell_1$ and $e^{-x^{2}}$",
    ]
    page = printed(tmp_path, titled(titles), "bibtex")
    assert page.complaints == []
    assert "$" not in page.text
    assert "\\" not in page.text
