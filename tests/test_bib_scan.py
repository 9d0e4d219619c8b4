"""Our scanner finds what bibtexparser's splitter finds, and where it stands."""

import re
import time

import pytest
from bibtexparser import model
from bibtexparser.splitter import Splitter
from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.bib import Bibliography, parse
from bibtool.bib.scan import piece_starts

PIECES = [
    *(
        "@article{k1,",
        "@misc{",
        "k2,",
        "\n",
        "  ",
        "title = {A {B} c},",
        'note = "q {x} r"',
        ",",
        "}",
    ),
    *("{", '"', "=", "@string{m = {v}}", "@comment{c}", "year = 2020", "jan # { x}", "\\{", "\\}"),
    *("% c", "a@b.c", "@Book(k3,", ")", "x = {\n@y{z}\n}", "}\n\n@misc{k4, t = {u}}", "é", "\\"),
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)

FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["title", "Year", "x-y", "a.b"]),
        st.sampled_from(
            [
                "{A {B {C {D {E {F}}}}} g}",
                '"a \\"o {\\"u} b"',
                "2020",
                "jan",
                'm # " x" # {y}',
                "{}",
            ]
        ),
    ),
    max_size=5,
)


def by_splitter(text: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    found = []
    for block in Splitter(text).split().blocks:
        if isinstance(block, model.ParsingFailedBlock) and block.ignore_error_block is not None:
            block = block.ignore_error_block
        if isinstance(block, model.Entry) and block.entry_type:
            fields = [(f.key.rpartition("\n")[2].strip().lower(), f.value) for f in block.fields]
            found.append((block.entry_type, block.key, fields))
    return found


def by_us(library: Bibliography) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        (block.type, block.key, [(f.name, f.value) for f in block.fields(library.text)])
        for block in library.entry_blocks
    ]


def commented(text: str) -> bool:
    """An entry behind a `%` is none for us, whatever BibTeX thinks: people write it off so."""
    return re.search(r"%[^\n]*@", text) is not None


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_any_text_gives_the_entries_of_the_splitter(text: str) -> None:
    if not commented(text):
        assert by_us(parse(text, "x.bib")) == by_splitter(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(FIELDS, max_size=5),
    st.sampled_from(["", ",", ", "]),
    st.sampled_from(["\n", "\r\n", " "]),
)
def test_regular_entries_give_the_entries_of_the_splitter(
    entries: list[list[tuple[str, str]]], tail: str, gap: str
) -> None:
    text = "\n\n".join(
        f"@misc{{key{n},"
        + gap
        + f",{gap}".join(f"{name} = {value}" for name, value in fields)
        + (tail if fields else "")
        + f"{gap}}}"
        for n, fields in enumerate(entries)
    )
    assert by_us(parse(text, "x.bib")) == by_splitter(text)


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_spans_point_at_what_they_name_and_never_overlap(text: str) -> None:
    library = parse(text, "x.bib")
    at = 0
    for block in library.blocks:
        assert at <= block.start < block.end <= len(text)
        at = block.end
        for field in block.fields(text) if block.kind == "entry" else ():
            assert text[field.start : field.end] == field.value
            assert text[field.name_start : field.name_end].lower() == field.name
            assert (
                block.start
                < field.name_start
                <= field.name_end
                <= field.start
                <= field.end
                <= block.end
            )


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, title = {" + "lorem {ipsum} dolor, " * 40_000 + "}}\n",
        "@article{k, author = {" + " and ".join(f"L{i}, F" for i in range(40_000)) + "}}\n",
        "@article{k, title = {" + "{" * 5_000 + "x" + "}" * 5_000 + "}}\n",
        "@article{k, title = {" + "{" * 30_000,
        "@article{k, title = " + '"' * 30_001,
        "@article{k, " + "a = {b}, " * 20_000,
        "@" * 50_000,
        "@a{" * 10_000,
    ],
    ids=[
        "long field",
        "many authors",
        "nested",
        "open braces",
        "quotes",
        "open entry",
        "ats",
        "starts",
    ],
)
def test_hostile_sizes_are_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    library = parse(text, "x.bib")
    found = [block for block in library.blocks if block.kind in {"entry", "broken"}]
    assert len(found) >= text.startswith("@a")
    assert len(library.problems) >= len([block for block in found if block.kind == "broken"])
    assert time.process_time() - began < 5  # a tenth of a second; minutes if it were quadratic


@given(st.text(st.sampled_from("@a{(\n\n \t\r\x0b\x0c\x1c\x85\u2028\xa0\u200b"), max_size=40))
def test_a_piece_begins_where_an_entry_is_the_first_on_its_line(text: str) -> None:
    first = re.compile(r"^[^\S\n]*(?=@\w*[ \t]*[{(])", re.MULTILINE)
    assert [*piece_starts(text)] == [match.end() for match in first.finditer(text)]
