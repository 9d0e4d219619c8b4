"""The text of a lock, item after item, so that what did not change keeps its bytes. Pure.

JSON, one field a line, sorted, so that git can merge it and a person can read it. A lock of 10,000
works has 37 MB: to write all of it anew takes longer than to look for what changed.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import is_
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from bibtool.lock import Lock
from bibtool.patterns import pattern

TABLES = ("lookups", "searches", "entries")  # all that grows with the lists, in the order of Lock
END = b"\n }"  # of a table: no string in JSON holds a line end, and all within stands further in
BETWEEN = b",\n"  # two items
ITEM = pattern(rb'\n  "')

Piece = bytes | memoryview
Layout = Mapping[str, tuple[int, int]]  # table -> where its items begin and end


class Table(NamedTuple):
    """What stood in a table, and where its items stand in the text."""

    values: Mapping[str, object]
    start: int
    end: int


class Text:
    """A lock's text: pieces of it, most of them parts of an earlier one that nobody copied.

    `tables` by name; none where it is not known what stands where.
    """

    def __init__(self, pieces: Sequence[Piece], tables: Mapping[str, Table]) -> None:
        self.pieces = pieces
        self.tables = tables

    @property
    def layout(self) -> Layout:
        """In the order of the text; empty where it is not known."""
        return {
            name: (self.tables[name].start, self.tables[name].end)
            for name in TABLES
            if name in self.tables
        }

    @cached_property
    def data(self) -> bytes:
        self.pieces = (b"".join(self.pieces),)
        return self.pieces[0]


NOTHING = Text((b"",), {})

_json = msgspec.json.Encoder()


def encode(lock: Lock) -> bytes:
    return text_of(lock).data


def text_of(lock: Lock, earlier: Text = NOTHING) -> Text:
    """Sorted, indented by one blank, one field a line, with a final newline.

    The fields of an entry stand in the order in which they are written: by it we know in the next
    run, without reading it, that an entry of the .bib is as we left it. Values that are the same
    objects as in `earlier` are taken from there as they stood; `earlier` itself if all are.
    """
    head, rest = frame_of(lock)
    pieces: list[Piece] = [head]
    tables: dict[str, Table] = {}
    at = len(head)
    kept = True  # all of it
    for name in TABLES:
        values: Mapping[str, Any] = getattr(lock, name)
        if not values:
            continue
        known = earlier.tables.get(name, Table({}, 0, 0))
        items = _items(values, earlier.data, known)
        start = at + len(_opening(name))
        at = start + sum(map(len, items))
        tables[name] = Table(dict(sorted(values.items())), start, at)
        pieces += (_opening(name), *items, END)
        at += len(END)
        kept &= isinstance(items[0], memoryview) and len(items[0]) == known.end - known.start
    pieces.append(rest)
    if kept and earlier.data.startswith(head) and earlier.data[at:] == rest:
        return earlier
    return Text(pieces, tables)


def _items(values: Mapping[str, Any], data: bytes, known: Table) -> list[Piece]:
    """The items of a table, with what stands between them."""
    if _are_same(values, known.values):
        return [memoryview(data)[known.start : known.end]]
    places = _places(data, known)
    runs: list[Piece | slice] = []  # of items that stood one after the other
    for name in sorted(values):
        place = places.get(name)
        if place is None or values[name] is not known.values[name]:
            runs.append(item_of(name, values[name]))
        elif runs and isinstance(runs[-1], slice) and runs[-1].stop + len(BETWEEN) == place.start:
            runs[-1] = slice(runs[-1].start, place.stop)
        else:
            runs.append(place)
    pieces = (memoryview(data)[run] if isinstance(run, slice) else run for run in runs)
    return [each for piece in pieces for each in (piece, BETWEEN)][:-1]


def _are_same(values: Mapping[str, object], known: Mapping[str, object]) -> bool:
    """The very same objects, in the same order."""
    return [*values] == [*known] and all(map(is_, values.values(), known.values()))


def _places(data: bytes, table: Table) -> dict[str, slice]:
    """Where each item of a table stands; of none if somebody else formatted it."""
    starts = [table.start, *(m.start() + 1 for m in ITEM.finditer(data, table.start, table.end))]
    if len(starts) != len(table.values):
        return {}
    ends = [*(start - len(BETWEEN) for start in starts[1:]), table.end]
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
    unknown = Text((data,), {})
    head, rest = frame_of(lock)
    if not data.startswith(head) or not data.endswith(rest):
        return unknown
    tables: dict[str, Table] = {}
    end = len(data) - len(rest)
    names = [name for name in TABLES if getattr(lock, name)]
    for name in reversed(names):  # from behind, where the smaller ones are
        values: Mapping[str, Any] = getattr(lock, name)
        opening = _opening(name)
        start = len(head) if name == names[0] else data.rfind(opening, len(head), end)
        first, last = start + len(opening), end - len(END)
        laid_out = data.startswith(opening, start) and data.startswith(END, last)
        if start < 0 or not laid_out or not _is_in_order(values, ITEM.findall(data, first, last)):
            return unknown
        tables[name] = Table(dict(values), first, last)
        end = start
    return Text((data,), tables if end == len(head) else {})


def _is_in_order(values: Mapping[str, Any], found: Sequence[bytes]) -> bool:
    """Sorted and each once; `found` are the beginnings of all items but the first."""
    return len(values) == len(found) + 1 and [*values] == sorted(values)


def _opening(table: str) -> bytes:
    return b',\n "%b": {\n' % table.encode()


def frame_of(lock: Lock) -> tuple[bytes, bytes]:
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


def item_of(name: str, value: Any) -> bytes:
    """An item in its place, two blanks in."""
    whole = _indented({name: _sorted(value) if isinstance(value, Mapping) else value})
    inside = whole.removeprefix(b"{").removesuffix(b"\n}").replace(b"\n", b"\n ")
    return inside.removeprefix(b"\n")


def _indented(value: Any) -> bytes:
    return msgspec.json.format(_json.encode(value), indent=1)


def _sorted(some: Mapping[str, Any]) -> dict[str, Any]:
    return {name: some[name] for name in sorted(some)}
