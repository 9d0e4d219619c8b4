import pytest

from bibtool.errors import Unreadable
from bibtool.lock import SCHEMA, Answer, Lock, Search, Settled, decode, encode, repair
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
    mended = repair(conflict(encode(ours), encode(theirs)), "lock")
    assert set(mended.lookups) == {MAR, VAR}
    assert mended.slugs == {"A": "a", "B": "b"}


def test_repair_prefers_our_side_where_both_settled_one_thing() -> None:
    ours, theirs = (Lock(SCHEMA, lookups={VAR: answer(t)}) for t in ("ours", "theirs"))
    record = repair(conflict(encode(ours), encode(theirs)), "lock").lookups[VAR].record
    assert record is not None
    assert record.title == "ours"
