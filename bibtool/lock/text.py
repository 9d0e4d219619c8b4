"""The text of a lock, item after item, so that what did not change keeps its bytes. Pure.

JSON, one field a line, sorted, so that git can merge it and a person can read it. A lock of 10,000
works has 37 MB: to write all of it anew takes longer than to look for what changed.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from bibtool.lock import Lock

TABLES = ("lookups", "searches", "entries")  # all that grows with the lists, in the order of Lock
ITEM = re.compile(rb'\n  "')  # no string in JSON holds a line end


class Item(NamedTuple):
    """A value and its place in a text: while it is the same object it is not written anew."""

    value: object
    start: int
    end: int


class Text(NamedTuple):
    """`items` by table and name; none where it is not known what stands where."""

    data: bytes
    items: Mapping[str, Mapping[str, Item]]


NOTHING = Text(b"", {})

_json = msgspec.json.Encoder()


def encode(lock: Lock) -> bytes:
    return text_of(lock).data


def text_of(lock: Lock, earlier: Text = NOTHING) -> Text:
    """Sorted, indented by one blank, one field a line, with a final newline.

    The fields of an entry stand in the order in which they are written: by it we know in the next
    run, without reading it, that an entry of the .bib is as we left it. What `earlier` holds is
    taken from there.
    """
    head, rest = _frame(lock)
    pieces: list[bytes | memoryview] = [head]
    items: dict[str, dict[str, Item]] = {}
    at = len(head)
    for table in TABLES:
        values: Mapping[str, Any] = getattr(lock, table)
        known = earlier.items.get(table, {})
        here = items[table] = {}
        before = b',\n "%b": {\n' % table.encode()
        for name in sorted(values):
            value, item = values[name], known.get(name)
            if item is not None and item.value is value:
                text = memoryview(earlier.data)[item.start : item.end]
            else:
                text = memoryview(_written(name, value))
            start = at + len(before)
            at = start + len(text)
            pieces += (before, text)
            here[name] = Item(value, start, at)
            before = b",\n"
        if values:
            pieces.append(b"\n }")
            at += len(b"\n }")
    return Text(b"".join((*pieces, rest)), items)


def parted(data: bytes, lock: Lock) -> Text:
    """`data`, from which `lock` was read, by its items; without them if somebody else wrote it."""
    starts = [match.start() + 1 for match in ITEM.finditer(data)]
    if len(starts) < sum(len(getattr(lock, table)) for table in TABLES):
        return Text(data, {})
    items: dict[str, dict[str, Item]] = {}
    at = 0
    for table in TABLES:
        values: Mapping[str, Any] = getattr(lock, table)
        here = items[table] = {}
        last = at + len(values) - 1
        for name, value in values.items():
            start = starts[at]
            end = starts[at + 1] - len(",\n") if at < last else data.find(b"\n }", start)
            begins = data.startswith(b"  %b: {" % _json.encode(name), start)
            if not begins or data[end - 1 : end] != b"}":
                return Text(data, {})
            here[name] = Item(value, start, end)
            at += 1
    return Text(data, items)


def _frame(lock: Lock) -> tuple[bytes, bytes]:
    """What stands before the tables, and behind them."""
    small = replace(
        lock,
        lookups={},
        searches={},
        entries={},
        slugs=_sorted(lock.slugs),
        outputs=_sorted(lock.outputs),
        told=_sorted(lock.told),
    )
    text = _indented(small) + b"\n"
    cut = len(b'{\n "schema": %d' % lock.schema)
    return text[:cut], text[cut:]


def _written(name: str, value: Any) -> bytes:
    """An item in its place, two blanks in."""
    whole = _indented({name: _sorted(value) if isinstance(value, Mapping) else value})
    inside = whole.removeprefix(b"{").removesuffix(b"\n}").replace(b"\n", b"\n ")
    return inside.removeprefix(b"\n")


def _indented(value: Any) -> bytes:
    return msgspec.json.format(_json.encode(value), indent=1)


def _sorted(some: Mapping[str, Any]) -> dict[str, Any]:
    return {name: some[name] for name in sorted(some)}
