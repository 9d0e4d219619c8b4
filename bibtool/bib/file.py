"""A .bib as it stands: its entries with their spans, its macros, and what is wrong with it."""

import gc
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from bibtool.bib import problems, scan
from bibtool.bib.scan import Block
from bibtool.bib.value import unwrapped
from bibtool.errors import Unreadable
from bibtool.model import BibEntry, Place, Problem
from bibtool.patterns import pattern
from bibtool.render.bibtex import text_of

_CONFLICT = pattern(r"^(?:<{7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)


def parse(text: str, shown: str, written: Mapping[str, BibEntry] | None = None) -> "Bibliography":
    """The .bib in `text`; blocks are read when they are asked for.

    `written` are the entries that we wrote last: what still stands so is not read again.

    Raises Unreadable where git left a conflict: nothing in such a file can be relied on.
    """
    # Looked for first as plain text, which takes a tenth of the time.
    if ("<<<<<<<" in text or ">>>>>>>" in text) and (conflict := _CONFLICT.search(text)):
        place = Place(shown, text.count("\n", 0, conflict.start()) + 1)
        raise Unreadable(place, "merge conflict; settle it in the file, then run again")
    return Bibliography(text, shown, written)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Many small objects and no circles: collecting only costs time, a quarter of it."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Bibliography:
    """`text` and where everything in it stands; `shown` is its path for messages."""

    def __init__(
        self, text: str, shown: str, written: Mapping[str, BibEntry] | None = None
    ) -> None:
        self.written: Mapping[str, BibEntry] = written or {}
        self.text = text
        self.shown = shown
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Spans that can be read one by one, in order; the first may hold no block."""
        starts = [*scan.piece_starts(self.text)]
        if not starts or starts[0] > 0:
            starts.insert(0, 0)
        yield from zip(starts, [*starts[1:], len(self.text)], strict=True)

    def read(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of one piece."""
        entry = self._as_written(start, end) or scan.entry_at(self.text, start, end)
        if entry is not None:
            yield entry
        else:
            yield from scan.blocks_in(self.text, start, end)

    def _as_written(self, start: int, end: int) -> Block | None:
        head = scan.HEAD.match(self.text, start, end) if self.written else None
        entry = self.written.get(head[2]) if head else None
        if head is None or entry is None:
            return None
        stop = self.ends_as_written(entry, start)
        if not stop or stop > end or self.text.find("@", stop, end) >= 0:
            return None
        return Block(
            "entry",
            start,
            stop,
            type=entry.type.lower(),
            key=entry.key,
            key_end=head.end(2),
            written=True,
        )

    def ends_as_written(self, entry: BibEntry, start: int) -> int:
        """Where `entry` ends if it stands at `start` just as we write it, else 0."""
        text = text_of(entry)
        if self.newline != "\n":
            text = text.replace("\n", self.newline)
        return start + len(text) if self.text.startswith(text, start) else 0

    @cached_property
    def blocks(self) -> list[Block]:
        """Everything that stands between `@` and its closing brace, in order."""
        with no_garbage_collection():
            return [block for piece in self.pieces() for block in self.read(*piece)]

    @cached_property
    def entry_blocks(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "entry"]

    @cached_property
    def macros(self) -> Mapping[str, str]:
        """@string definitions as written, names in lower case; of two, the last one counts."""
        return {
            block.key: block.fields(self.text)[0].value
            for block in self.blocks
            if block.kind == "string"
        }

    def entry(self, block: Block) -> BibEntry:
        """An entry without braces about its values; of a field that stands twice, the first."""
        fields: dict[str, str] = {}
        bare: list[str] = []
        for name, raw in block.values(self.text):
            if name in fields:
                continue
            value, is_bare = unwrapped(raw)
            fields[name] = value
            if is_bare:
                bare.append(name)
        return BibEntry(block.key, block.type, fields, tuple(bare))

    @cached_property
    def entries(self) -> tuple[BibEntry, ...]:
        with no_garbage_collection():
            return tuple(map(self.entry, self.entry_blocks))

    def place(self, offset: int) -> Place:
        return Place(self.shown, bisect_left(self._line_ends, offset) + 1)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What BibTeX or a person would stumble over, in the order of the file."""
        with no_garbage_collection():
            found = problems.problems(self.text, self.blocks, self.macros, self.place)
            return tuple(sorted(found, key=lambda problem: problem.place))
