"""A .bib as it stands: its entries with their spans, its macros, and what is wrong with it."""

import gc
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

from bibtool import bib_scan
from bibtool.bib_scan import Block, Field
from bibtool.errors import Unreadable
from bibtool.model import BibEntry, Place, Problem

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
_SIGN_STARTING = re.compile(r"[^\s{}\"#]+")


def parse(text: str, shown: str) -> "Bibliography":
    """The .bib in `text`; blocks are read when they are asked for.

    Raises Unreadable where git left a conflict: nothing in such a file can be relied on.
    """
    conflict = _CONFLICT.search(text)
    if conflict:
        place = Place(shown, text.count("\n", 0, conflict.start()) + 1)
        raise Unreadable(place, "merge conflict; settle it in the file, then run again")
    return Bibliography(text, shown)


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

    def __init__(self, text: str, shown: str) -> None:
        self.text = text
        self.shown = shown
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Spans that can be read one by one, in order; the first may hold no block."""
        starts = [match.end() for match in bib_scan.PIECE_STARTS.finditer(self.text)]
        if not starts or starts[0] > 0:
            starts.insert(0, 0)
        yield from zip(starts, [*starts[1:], len(self.text)], strict=True)

    def read(self, start: int, end: int) -> Iterator[Block]:
        """The blocks of one piece."""
        entry = bib_scan.entry_at(self.text, start, end)
        if entry is not None:
            yield entry
        else:
            yield from bib_scan.blocks_in(self.text, start, end)

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
        for field in block.fields(self.text):
            if field.name in fields:
                continue
            value, is_bare = unwrapped(field.value)
            fields[field.name] = value
            if is_bare:
                bare.append(field.name)
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
        """What BibTeX or a person would stumble over; nothing of it is ever changed by us."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[Problem]:
        keys: dict[str, Block] = {}
        for block in self.blocks:
            if block.kind == "broken":
                message = f"cannot be read ({block.reason}); it stays as it is: mend it by hand"
                yield Problem(self.place(block.start), message)
            if block.kind != "entry":
                continue
            yield from self._entry_problems(block)
            first = keys.setdefault(block.key.casefold(), block)
            if first is not block and block.key:
                where = self.place(first.start)
                message = (
                    f"key {block.key} is taken by {where}; BibTeX keeps one: rename one of them"
                )
                yield Problem(self.place(block.start), message)

    def _entry_problems(self, block: Block) -> Iterator[Problem]:
        place = self.place(block.start)
        if not block.key or re.search(r"[\s=]", block.key):
            yield Problem(place, "has no citation key that can be cited; give it one")
        names: set[str] = set()
        for field in block.fields(self.text):
            if field.name in names:
                message = f"{block.key}: field {field.name} stands twice; BibTeX takes the first"
                yield Problem(self.place(field.name_start), message)
            names.add(field.name)
            fault = suspicion(field)
            if fault:
                yield Problem(self.place(field.start + fault[0]), f"{block.key}: {fault[1]}")


def unwrapped(value: str) -> tuple[str, bool]:
    """A value without its one pair of braces or quotes, or as it is and True: macros, `#`."""
    if value[:1] == "{" and value[-1:] == "}":
        # Most values hold no other brace; else the first must close with the last.
        inner = value[1:-1]
        if ("{" not in inner and "}" not in inner) or _closes(value) == len(value):
            return inner, False
    elif value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        if _closes(value) == len(value):
            return value[1:-1], False
    elif value.isdigit():
        return value, False
    return value, bool(value)


def _closes(value: str) -> int:
    """Where the piece that begins `value` ends: behind its closing brace or quote; 0 if nowhere."""
    depth = 0
    quoted = value[0] == '"'
    for match in re.finditer(r'[{}"]', value):
        sign = match[0]
        if sign == '"':
            if quoted and depth == 0 and match.start() > 0:
                return match.end()
            continue
        # The splitter lets a backslash hide a brace.
        if value[match.start() - 1] == "\\" and match.start() > 0:
            continue
        depth += 1 if sign == "{" else -1
        if depth == 0 and not quoted:
            return match.end()
    return 0


_JOIN = re.compile(r"\s*#\s*")


def _readable(value: str) -> int:
    """How far `value` is pieces joined by `#`."""
    at = end = 0
    while at < len(value):
        rest = value[at:]
        word = _SIGN_STARTING.match(rest)
        length = _closes(rest) if rest[0] in '{"' else word.end() if word else 0
        if not length:
            return end
        end = at + length
        join = _JOIN.match(value, end)
        if not join:
            return end
        at = join.end()
    return end


def suspicion(field: Field) -> tuple[int, str] | None:
    """Offset and reason if a value is not what it should be: a missing comma fuses two fields."""
    if bib_scan.VALUE.fullmatch(field.value):
        return None
    if not field.value:
        return 0, f"field {field.name} has no value"
    read = _readable(field.value)
    rest = field.value[read:].strip()
    if not rest:
        return None
    gap = len(field.value[read:]) - len(field.value[read:].lstrip())
    if "=" in rest:
        name = rest.partition("=")[0].strip()
        return read + gap, f"a comma is missing between field {field.name} and {name}"
    return read + gap, f"field {field.name} holds more than one value: {rest[:40]!r}"
