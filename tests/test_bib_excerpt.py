"""Entries taken out of the bytes of a .bib and put back: all around them stays as it is."""

import pytest

from bibtool.bib.excerpt import excerpt
from bibtool.model import BibEntry
from bibtool.render.bibtex import text_of

OURS = {
    key: BibEntry(key, "misc", {"title": title, "year": "2024"})
    for key, title in (("a2024one", "One"), ("b2024two", "Two"), ("c2024é", "Dr{\\'e}i"))
}
NEW = {key: BibEntry(key, "article", {"title": f"New {key}"}) for key in OURS}


def bib(*keys: str) -> str:
    return "% by hand: @misc{b2024two, is meant\n" + "\n".join(
        text_of(OURS[key]) + "\n" for key in keys
    )


@pytest.mark.parametrize("some", [{"a2024one"}, {"b2024two", "c2024é"}, set(OURS)])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_they_are_put_back_where_they_stood(some: set[str], newline: str, mark: str) -> None:
    text = mark + bib(*OURS).replace("\n", newline)
    taken = excerpt(text.encode(), {key: OURS[key] for key in some}, "x.bib")
    assert taken is not None
    assert taken.put_back(OURS) is taken.data
    wanted = text
    for key in some:
        old, new = (text_of(e[key]).replace("\n", newline) for e in (OURS, NEW))
        wanted = wanted.replace(old, new)
    assert b"".join(taken.put_back(NEW)) == wanted.encode()
    assert {block.key for block in taken.alone.entry_blocks} == some
    assert all(block.written for block in taken.alone.entry_blocks)


def test_the_first_entry_may_begin_the_file() -> None:
    data = text_of(OURS["a2024one"]).encode()
    taken = excerpt(data, {"a2024one": OURS["a2024one"]}, "x.bib")
    assert taken is not None
    assert b"".join(taken.put_back(NEW)) == text_of(NEW["a2024one"]).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bib("a2024one").replace("One", "Eins").encode(),
        bib("a2024one").replace("@misc", " @misc").encode(),
        bib("a2024one").encode("utf-16"),
        bib("a2024one").encode() + b"% \xe9 in latin-1\n",
        bib("a2024one").encode() + b"\0",
    ],
)
def test_what_does_not_stand_as_it_was_written_is_not_taken(data: bytes) -> None:
    assert excerpt(data, {"a2024one": OURS["a2024one"]}, "x.bib") is None
