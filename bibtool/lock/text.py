"""The text of a lock, item after item, so that what did not change keeps its bytes. Pure.

JSON, one field a line, sorted, so that git can merge it and a person can read it. A lock of 10,000
works has 37 MB: to write all of it anew takes longer than to look for what changed.
"""

import re
from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from bibtool.lock import Lock

TABLES = ("lookups", "searches", "entries")  # all that grows with the lists, in the order of Lock
END = b"\n }"  # of a table: no string in JSON holds a line end, and all within stands further in
ITEM = re.compile(rb'\n  "')
ENDS = re.compile(END)  # finds it in half the time that bytes.find takes


class Table(NamedTuple):
    """What stood in a table, and where its items stand in the text."""

    values: Mapping[str, object]
    start: int
    end: int


class Text(NamedTuple):
    """`tables` by name; none where it is not known what stands where."""

    data: bytes
    tables: Mapping[str, Table]


NOTHING = Text(b"", {})

_json = msgspec.json.Encoder()


def encode(lock: Lock) -> bytes:
    return text_of(lock).data


def text_of(lock: Lock, earlier: Text = NOTHING) -> Text:
    """Sorted, indented by one blank, one field a line, with a final newline.

    The fields of an entry stand in the order in which they are written: by it we know in the next
    run, without reading it, that an entry of the .bib is as we left it. Values that are the same
    objects as in `earlier` are taken from there as they stood.
    """
    head, rest = _frame(lock)
    pieces: list[bytes | memoryview] = [head]
    tables: dict[str, Table] = {}
    at = len(head)
    for name in TABLES:
        values: Mapping[str, Any] = getattr(lock, name)
        if not values:
            continue
        items = _items(values, earlier, earlier.tables.get(name, Table({}, 0, 0)))
        start = at + len(_opening(name))
        at = start + sum(map(len, items))
        tables[name] = Table(dict(sorted(values.items())), start, at)
        pieces += (_opening(name), *items, END)
        at += len(END)
    return Text(b"".join((*pieces, rest)), tables)


def _items(values: Mapping[str, Any], earlier: Text, known: Table) -> list[bytes | memoryview]:
    """The items of a table, with what stands between them."""
    data = memoryview(earlier.data)
    if [*values] == [*known.values] and all(map(is_, values.values(), known.values.values())):
        return [data[known.start : known.end]]
    places = _places(earlier.data, known)
    pieces: list[bytes | memoryview] = []
    for name in sorted(values):
        if name in places and values[name] is known.values[name]:
            pieces += (data[places[name]], b",\n")
        else:
            pieces += (_written(name, values[name]), b",\n")
    return pieces[:-1]


def _places(data: bytes, table: Table) -> dict[str, slice]:
    """Where each item of a table stands; of none if somebody else formatted it."""
    starts = [table.start, *(m.start() + 1 for m in ITEM.finditer(data, table.start, table.end))]
    if len(starts) != len(table.values):
        return {}
    ends = [*(start - len(",\n") for start in starts[1:]), table.end]
    places: dict[str, slice] = {}
    for name, start, end in zip(table.values, starts, ends, strict=True):
        begins = data.startswith(b"  %b: {" % _json.encode(name), start)
        if not begins or data[end - 1 : end] != b"}":
            return {}
        places[name] = slice(start, end)
    return places


def parted(data: bytes, lock: Lock) -> Text:
    """`data`, from which `lock` was read, by its tables; without them if it is not laid out as
    we do it."""
    head, rest = _frame(lock)
    tables: dict[str, Table] = {}
    at = len(head) if data.startswith(head) else -1
    for name in TABLES:
        values: Mapping[str, Any] = getattr(lock, name)
        if not values:
            continue
        start = at + len(_opening(name))
        end = ENDS.search(data, start) if at >= 0 and data[at:start] == _opening(name) else None
        if end is None or not _is_in_order(values, ITEM.findall(data, start, end.start())):
            return Text(data, {})
        tables[name] = Table(dict(values), start, end.start())
        at = end.end()
    return Text(data, tables if data[at:] == rest else {})


def _is_in_order(values: Mapping[str, Any], found: Sequence[bytes]) -> bool:
    """Sorted and each once; `found` are the beginnings of all items but the first."""
    return len(values) == len(found) + 1 and [*values] == sorted(values)


def _opening(table: str) -> bytes:
    return b',\n "%b": {\n' % table.encode()


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
