import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.errors import Unreadable
from bibtool.lock import SCHEMA, Answer, Lock, Search, Settled, decode, repair, sides
from bibtool.lock.text import TABLES, encode, parted, text_of
from bibtool.model import BibEntry, Identifier, Name, Record

VAR = Identifier("arxiv:2404.02905")
MAR = Identifier("arxiv:2406.11838")


def answer(title: str) -> Answer:
    record = Record(title=title, authors=(Name("Tian", "Keyu"),), year=2024)
    return Answer({"arxiv": "2026-11-23"}, "arxiv", record)


def full() -> Lock:
    return Lock(
        SCHEMA,
        lookups={
            VAR: answer("Visual, {autoregressive}\n modeling"),
            MAR: Answer({"arxiv": "2026-11-23"}),
        },
        searches={"tiger": {"arxiv": Search("2026-11-23", (Record(title="TIGeR"),))}},
        entries={
            "tian2024visual": Settled(BibEntry("tian2024visual", "misc", {"b": "1", "a": "2"}))
        },
        slugs={"Methods": "methods"},
    )


def test_a_lock_comes_back_as_it_was_and_its_field_order_too() -> None:
    lock = decode(encode(full()), "lock")
    assert lock == full()
    assert encode(lock) == encode(full())


def test_one_field_stands_on_a_line_and_the_schema_in_it() -> None:
    lines = encode(full()).decode().splitlines()
    assert f' "schema": {SCHEMA},' in lines
    assert '    "title": "Visual, {autoregressive}\\n modeling",' in lines


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"", 1, "bibtool"),
        (b"\xff\xfe", 1, "bibtool"),
        (b'{\n "schema": 1,\n oops\n}', 3, "bibtool"),
        (b'{\n "schema": 999,\n "other": {}\n}', 2, "newer"),
        (b'{\n "schema": 1,\n "slugs": {\n  "a": 3\n }\n}', 3, "slugs"),
        (b'{\n<<<<<<< ours\n "schema": 1\n=======\n', 2, "lock --repair"),
    ],
)
def test_a_damaged_lock_is_named_with_its_line(data: bytes, line: int, word: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(data, "refs/bibtool.lock")
    assert str(caught.value).startswith(f"refs/bibtool.lock:{line}: ")
    assert word in str(caught.value)


def conflict(ours: bytes, theirs: bytes) -> bytes:
    """What git leaves when both sides added lines at the same place."""
    one, two = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    head = 0
    while one[head] == two[head]:
        head += 1
    tail = 1
    while one[-tail] == two[-tail] and tail < min(len(one), len(two)) - head:
        tail += 1
    tail -= 1
    end = -tail or None
    return b"".join(
        [
            *one[:head], b"<<<<<<< HEAD\n", *one[head:end], b"=======\n", *two[head:end],
            b">>>>>>> theirs\n", *(one[end:] if end else []),
        ]
    )  # fmt: skip


def test_repair_keeps_what_either_side_settled() -> None:
    ours = Lock(SCHEMA, lookups={MAR: answer("MAR")}, slugs={"A": "a"})
    theirs = Lock(SCHEMA, lookups={VAR: answer("VAR")}, slugs={"B": "b"})
    mended = repair(*sides(conflict(encode(ours), encode(theirs)), "lock"))
    assert set(mended.lookups) == {MAR, VAR}
    assert mended.slugs == {"A": "a", "B": "b"}


def test_repair_prefers_our_side_where_both_settled_one_thing() -> None:
    ours, theirs = (Lock(SCHEMA, lookups={VAR: answer(t)}) for t in ("ours", "theirs"))
    record = repair(*sides(conflict(encode(ours), encode(theirs)), "lock")).lookups[VAR].record
    assert record is not None
    assert record.title == "ours"


ANSWERS = st.builds(answer, st.text()) | st.just(Answer({"arxiv": "2026-11-23"}))
ENTRIES = st.builds(
    Settled, st.builds(BibEntry, st.text(), st.text(), st.dictionaries(st.text(), st.text()))
)
SEARCHES = st.dictionaries(st.text(), st.builds(Search, st.text(), st.tuples(st.builds(Record))))
LOCKS = st.builds(
    Lock,
    st.just(SCHEMA),
    lookups=st.dictionaries(st.text(), ANSWERS),
    searches=st.dictionaries(st.text(), SEARCHES),
    entries=st.dictionaries(st.text(), ENTRIES),
    lists=st.tuples(st.text()) | st.just(()),
    slugs=st.dictionaries(st.text(), st.text()),
)


@given(LOCKS, LOCKS)
def test_what_did_not_change_is_not_written_anew_and_gives_the_same_bytes(
    before: Lock, other: Lock
) -> None:
    data = encode(before)
    assert json.loads(data) == json.loads(msgspec.json.encode(before))
    lock = decode(data, "lock")
    text = parted(data, lock)
    assert len(text.tables) == sum(bool(getattr(lock, table)) for table in TABLES), "it is known"
    assert text_of(lock, text) is text
    assert text.data == encode(lock)
    for table in TABLES:
        values = getattr(lock, table)
        for name in list(values)[::2]:
            del values[name]
        values |= getattr(other, table)
    after, anew = text_of(lock, text), text_of(lock)
    assert (after.data, after.tables) == (anew.data, anew.tables)
    assert text_of(lock, after) is after


def test_fields_in_another_order_are_written_anew() -> None:
    lock = decode(encode(full()), "lock")
    text = parted(encode(full()), lock)
    entry = lock.entries["tian2024visual"].entry
    turned = BibEntry(entry.key, entry.type, dict(reversed(entry.fields.items())))
    lock.entries["tian2024visual"] = Settled(turned)
    assert text_of(lock, text).data == encode(lock) != text.data


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_a_lock_that_somebody_else_formatted_is_written_as_we_do(indent: int | str | None) -> None:
    theirs = json.dumps(json.loads(encode(full())), indent=indent).encode()
    lock = decode(theirs, "lock")
    assert text_of(lock, parted(theirs, lock)).data == encode(full())


def test_a_lock_with_an_item_twice_is_written_as_we_do() -> None:
    lines = encode(full()).decode().split("\n  }")
    twice = "\n  }".join([lines[0], "," + lines[0][lines[0].index('\n  "') :], *lines[1:]]).encode()
    lock = decode(twice, "lock")
    assert twice != encode(full())
    assert text_of(lock, parted(twice, lock)).data == encode(full())
