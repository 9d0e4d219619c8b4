"""A lock that is looked into where something is asked for, and written with what changed. Pure.

Only for a text that is known to be as bibtool wrote it: its items are sorted, so each is found by
halving, and all that nobody looked at is passed on as it stands.
"""

import mmap
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, TypeVar

import msgspec

from bibtool.lock import Answer, Lock, Search, Settled
from bibtool.lock.text import BETWEEN, END, TABLES, Layout, frame_of, item_of
from bibtool.patterns import pattern

KINDS: Mapping[str, Any] = {"lookups": Answer, "searches": dict[str, Search], "entries": Settled}
BEGINNING = b'\n  "'  # of an item, and of nothing else: what is within stands further in
NAME = pattern(rb'  ("(?:[^"\\]|\\.)*"): ')

Value = TypeVar("Value")


class Items(dict[str, Value]):
    """One table: the items that were asked for, and in `changed` the names of those set since.

    What it holds in all nobody can ask.
    """

    def __init__(self, data: mmap.mmap, start: int, end: int, kind: type[Value]) -> None:
        self._data = data
        self._start = start
        self._end = end
        self._decode = msgspec.json.Decoder(kind).decode
        self._missing: set[str] = set()
        self.changed: set[str] = set()

    def __missing__(self, name: str) -> Value:
        if name in self._missing:
            raise KeyError(name)
        start, end = self.place(name)
        if start == end:
            self._missing.add(name)
            raise KeyError(name)
        match = NAME.match(self._data, start)
        assert match is not None  # `place` found the name there
        value = self._decode(self._data[match.end() : end])
        super().__setitem__(name, value)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __setitem__(self, name: str, value: Value) -> None:
        self.changed.add(name)
        super().__setitem__(name, value)

    def place(self, name: str) -> tuple[int, int]:
        """Where the item stands; nothing between both, where it would stand."""
        first, behind = self._start, self._end  # the item begins between these
        while first < behind:
            at = self._data.rfind(BEGINNING, first - 1, (first + behind) // 2 + len(BEGINNING)) + 1
            at = at or first
            following = self._following(at)
            found = self._name(at)
            if found == name:
                return at, following - len(BETWEEN) if following < self._end else self._end
            if found < name:
                first = following
            else:
                behind = at
        return first, first

    def _following(self, at: int) -> int:
        found = self._data.find(BEGINNING, at, self._end)
        return found + 1 if found >= 0 else self._end

    def _name(self, at: int) -> str:
        match = NAME.match(self._data, at)
        if match is None:
            raise ValueError("this is no lock that bibtool wrote")
        return str(msgspec.json.decode(match[1]))

    def patches(self) -> Iterator[tuple[int, int, bytes]]:
        """What `changed` puts in place of what stands there."""
        for name in sorted(self.changed):
            start, end = self.place(name)
            item = item_of(name, self[name])
            if start < end:
                if self._data[start:end] != item:
                    yield start, end, item
            elif start < self._end:
                yield start, start, item + BETWEEN
            else:
                yield start, start, BETWEEN + item

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("only what was asked for is known of this table")

    __iter__ = __len__ = items = keys = values = copy = __or__ = _refuse


class PartlyRead:
    """The lock in `data`, of which `layout` says where its tables stand.

    ValueError if they do not stand there.
    """

    def __init__(self, data: mmap.mmap, layout: Layout) -> None:
        self._data = data
        self._layout = layout
        last = max(layout.values(), key=lambda place: place[1])
        self._behind = last[1] + len(END)
        self._before = min(layout.values())[0]
        small = msgspec.json.decode(self._outside(), type=Lock)
        tables = {name: self._items(name) for name in TABLES}
        self.lock = msgspec.structs.replace(small, **tables)

    @property
    def has_room(self) -> bool:
        """Whether all that came belongs to tables that stand there."""
        return not any(getattr(self.lock, n).changed for n in TABLES if n not in self._layout)

    def _outside(self) -> bytes:
        """All but the tables."""
        head = self._data[: self._data.find(b",\n", 0, self._before)]
        return head + self._data[self._behind :]

    def _items(self, name: str) -> Items[Any]:
        start, end = self._layout.get(name, (0, 0))
        return Items(self._data, start, end, KINDS[name])

    def text(self) -> tuple[list[bytes | slice], Layout]:
        """The lock as it is now, in pieces, and the layout of that; no piece if nothing changed.

        A slice stands for that part of the text as it was. What came to a table for which there is
        no room is left out.
        """
        pieces: list[bytes | slice] = []
        layout: dict[str, tuple[int, int]] = {}
        at = moved = 0
        for name, (start, end) in self._layout.items():
            begins = start + moved
            for first, behind, new in getattr(self.lock, name).patches():
                pieces += slice(at, first), new
                moved += len(new) - (behind - first)
                at = behind
            layout[name] = begins, end + moved
        _, rest = frame_of(self.lock)
        if not pieces and rest == self._data[self._behind :]:
            return [], layout
        return [*pieces, slice(at, self._behind), rest], layout
