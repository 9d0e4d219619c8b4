"""A lock that is looked into says and becomes what one does that is read as a whole."""

import mmap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_lock import VAR, answer, full

from bibtool.lock import SCHEMA, Answer, Lock, Search, decode
from bibtool.lock.partly import PartlyRead
from bibtool.lock.text import text_of
from bibtool.model import Identifier, Record

NAMES = st.text(st.sampled_from('ab:"\\é扩 {,}\n'), max_size=5)


def mapped(data: bytes) -> mmap.mmap:
    memory = mmap.mmap(-1, len(data))
    memory.write(data)
    return memory


def opened(lock: Lock) -> PartlyRead:
    text = text_of(lock)
    return PartlyRead(mapped(text.data), text.layout)


@given(known=st.dictionaries(NAMES, st.sampled_from("xyz"), min_size=1), others=st.lists(NAMES))
def test_every_item_is_found_and_no_other(known: dict[str, str], others: list[str]) -> None:
    lock = Lock(SCHEMA, lookups={Identifier(name): answer(t) for name, t in known.items()})
    partly = opened(lock).lock
    for name in [*known, *others]:
        assert partly.lookups.get(Identifier(name)) == lock.lookups.get(Identifier(name))
        assert (name in partly.lookups) == (name in lock.lookups)


@given(
    known=st.dictionaries(NAMES, st.sampled_from("xyz"), min_size=1),
    new=st.dictionaries(NAMES, st.sampled_from("xyz")),
)
def test_it_is_written_as_a_whole_one(known: dict[str, str], new: dict[str, str]) -> None:
    lock = Lock(
        SCHEMA, lookups={Identifier(n): answer(t) for n, t in known.items()}, slugs={"A": "a"}
    )
    before = text_of(lock).data
    partly = opened(lock)
    for name, title in new.items():
        lock.lookups[Identifier(name)] = answer(title)
        partly.lock.lookups[Identifier(name)] = answer(title)
    lock.outputs = partly.lock.outputs = {"references.bib": "0123"}
    pieces, layout = partly.text()
    data = b"".join(before[piece] if isinstance(piece, slice) else piece for piece in pieces)
    assert data == text_of(lock).data
    assert layout == text_of(lock).layout
    assert decode(data, "lock") == lock
    again = PartlyRead(mapped(data), layout).lock.lookups
    assert {n: again.get(n) for n in lock.lookups} == lock.lookups


def test_what_is_set_to_what_it_was_changes_nothing() -> None:
    partly = opened(full())
    partly.lock.lookups[VAR] = full().lookups[VAR]
    assert partly.text()[0] == []


def test_a_table_that_does_not_stand_there_has_no_room() -> None:
    lock = full()
    lock.searches = {}
    partly = opened(lock)
    assert partly.has_room
    partly.lock.lookups[VAR] = Answer({})
    assert partly.has_room
    partly.lock.searches["tiger"] = {"arxiv": Search("2026-11-23", (Record(title="TIGeR"),))}
    assert not partly.has_room


def test_nobody_can_ask_for_all_of_it() -> None:
    lookups = opened(full()).lock.lookups
    for ask in (len, list, lambda table: table.values(), lambda table: {**table}):
        with pytest.raises(TypeError, match="only what was asked for"):
            ask(lookups)


def test_a_file_is_looked_into_where_it_lies(tmp_path: Path) -> None:
    text = text_of(full())
    (tmp_path / "lock").write_bytes(text.data)
    with (tmp_path / "lock").open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    assert PartlyRead(data, text.layout).lock.lookups[VAR] == full().lookups[VAR]
