"""A list is parsed in pieces: with what is found in them, and never with another result."""

from hypothesis import given
from hypothesis import strategies as st

from bibtool.memo import Memo, parse
from bibtool.read.document import blocks_of, parsed
from bibtool.read.pieces import pieces_of
from bibtool.read.source import plain_source

LINES = [
    *("# A", "## B b", "   # indented", "# ", "#no heading", "- # in an item", "> # in a quote"),
    *("", "", "", "", "a paragraph", "that goes on", "===", "---", "* * *"),
    *("- item", "  - in it", "    deep", "1. one", "2) two", "+ plus", "> quote", ">> twice"),
    *("| a | b |", "| --- | --- |", "| x | y |", "|x|y", "    code", "\ttab"),
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
    later = parse(first.text(b"us"), b"us")
    source = plain_source(f"{before}\n\n{text}", "list.md")
    assert blocks_of(source, later) == parsed(source.lines)


def test_a_list_of_tables_has_a_piece_for_each_heading() -> None:
    part = "## Part\n\n| a | b |\n| --- | --- |\n| x | y |\n\n"
    source = plain_source("# List\n\n" + part * 20, "list.md")
    assert len(list(pieces_of(source.lines))) == 21


def test_from_a_fence_on_all_is_one_piece() -> None:
    source = plain_source("# A\n\n# B\n\n```\n\n# no heading\n```\n\n# C\n", "list.md")
    assert [before for before, _ in pieces_of(source.lines)] == [0, 2]
