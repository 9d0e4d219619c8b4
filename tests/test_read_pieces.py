"""A list is parsed in pieces: with what is found in them, and never with another result."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.memo import Memo, parse
from bibtool.read import document
from bibtool.read.document import Table, blocks_of, parsed
from bibtool.read.pieces import pieces_of
from bibtool.read.source import plain_source

LINES = [
    *("# A", "## B b", "   # indented", "# ", "#no heading", "- # in an item", "> # in a quote"),
    *("", "", "", "", "a paragraph", "that goes on", "===", "---", "* * *"),
    *("- item", "  - in it", "    deep", "1. one", "2) two", "+ plus", "> quote", ">> twice"),
    *("| a | b |", "| --- | --- |", "| x | y |", "|x|y", "| \\| | x", "|", "    code", "\ttab"),
    *("```", "~~~ text", "   ```", "- ```", "<div>", "</div>", "<details>", "<pre>", "<!-- c", "-->"),
    *("<script>", "<?php", "<!X", "<b>bold</b>", "[a]: http://one.example", "[a]: http://two.example"),
    *("[b]:", "http://three.example", "[c]: <x>", "'title'"),
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(LINES), max_size=30).map("\n".join)


@given(TEXTS)
def test_the_pieces_of_a_text_say_what_the_whole_says(text: str) -> None:
    source = plain_source(text, "list.md")
    assert blocks_of(source) == parsed(source.lines)


@given(TEXTS, TEXTS)
def test_a_piece_is_known_wherever_it_stands(text: str, before: str) -> None:
    first = Memo()
    blocks_of(plain_source(text, "list.md"), first)
    later = parse(b"us", first.text(b"us"))
    source = plain_source(f"{before}\n\n{text}", "list.md")
    assert blocks_of(source, later) == parsed(source.lines)


def other_cells(line: str) -> str:
    """The same row of a table with something else in it."""
    return re.sub(r"[^|\\\s-]+", "`z` <p> [q](r)", line) if line.startswith("|") else line


@given(TEXTS)
def test_a_table_is_known_whatever_its_cells_say(text: str) -> None:
    first = Memo()
    blocks_of(plain_source(text, "list.md"), first)
    later = parse(b"us", first.text(b"us"))
    source = plain_source("\n".join(map(other_cells, text.split("\n"))), "list.md")
    assert blocks_of(source, later) == parsed(source.lines)


def test_a_row_that_changed_is_no_reason_to_parse_its_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = "| a | b |\n| --- | --- |\n| x | y |\n| \\| | z |\n"
    memo = Memo()
    blocks_of(plain_source(table, "list.md"), memo)
    monkeypatch.setattr(document, "parsed", None)
    (found,) = blocks_of(plain_source(table.replace("x", "[x](y)"), "list.md"), memo).blocks
    assert isinstance(found, Table)
    assert [row.cells for row in found.rows] == [("[x](y)", "y"), ("|", "z")]


def test_a_list_of_tables_has_a_piece_for_each_heading() -> None:
    part = "## Part\n\n| a | b |\n| --- | --- |\n| x | y |\n\n"
    source = plain_source("# List\n\n" + part * 20, "list.md")
    assert len(list(pieces_of(source.lines))) == 21


def test_from_a_fence_on_all_is_one_piece() -> None:
    source = plain_source("# A\n\n# B\n\n```\n\n# no heading\n```\n\n# C\n", "list.md")
    assert [before for before, _ in pieces_of(source.lines)] == [0, 2]
