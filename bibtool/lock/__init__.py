"""What earlier runs settled: answers of the services, keys, and what was written last.

The lock is committed with the lists. It answers before any service is asked, so a second run
asks nobody; it is the base of the three-way merge of the .bib; and it keeps keys and slugs.
`text.py` writes it down.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from bibtool.errors import Unreadable
from bibtool.model import BibEntry, Identifier, Place, Record
from bibtool.patterns import pattern

SCHEMA = 1
NAME = "bibtool.lock"
CONFLICT = pattern(rb"^(<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.M)


class Answer(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a lookup of one identifier gave: a record and who gave it, or who did not know it."""

    asked: Mapping[str, str]  # source, sorted -> day, as 2026-11-23
    source: str = ""
    record: Record | None = None


class Search(Struct, frozen=True, omit_defaults=True, gc=False):
    """What one source found for one claim, nearest first; far-off records are not kept."""

    asked: str  # day
    found: tuple[Record, ...] = ()


class Settled(Struct, frozen=True, omit_defaults=True, gc=False):
    """An entry as bibtool would have written it: the base of the next three-way merge."""

    entry: BibEntry
    identifiers: tuple[Identifier, ...] = ()
    categories: tuple[str, ...] = ()  # paths of headings, "A > B"

    def unless_known(self, earlier: "Settled | None") -> "Settled":
        """The very object of earlier if nothing changed: then its text is not written anew."""
        if earlier is None or (self.identifiers, self.categories) != (
            earlier.identifiers,
            earlier.categories,
        ):
            return self
        return earlier if same(self.entry, earlier.entry) else self


def same(one: BibEntry, other: BibEntry) -> bool:
    """Whether both are written alike; in their fields' order, too."""
    return one is other or (one == other and [*one.fields] == [*other.fields])


class Answers(Protocol):
    """What the services said, as far as somebody wants to look at it."""

    @property
    def lookups(self) -> Mapping[Identifier, Answer]: ...

    @property
    def searches(self) -> Mapping[str, Mapping[str, Search]]: ...


class Lock(Struct, omit_defaults=True):
    """Mutable on purpose: the resolver fills it answer by answer, and it is saved after each."""

    schema: Annotated[int, Meta(ge=1)]
    lookups: dict[Identifier, Answer] = {}
    searches: dict[str, Mapping[str, Search]] = {}  # question -> source -> what it found
    entries: dict[str, Settled] = {}  # citation key -> entry
    lists: tuple[str, ...] = ()  # named on the command line, not by settings
    slugs: dict[str, str] = {}  # category path -> file name without suffix
    outputs: dict[str, str] = {}  # file in the output folder -> digest of what was written
    told: dict[str, str] = {}  # digest of a problem that was told in full -> its first words

    @property
    def stood(self) -> Mapping[str, Collection[str]]:
        """The keys that stood under each heading: a reworded heading is known by them."""
        stood: dict[str, set[str]] = {}
        for key, settled in self.entries.items():
            for path in settled.categories:
                stood.setdefault(path, set()).add(key)
        return stood


def decode(data: bytes, shown: str) -> Lock:
    """The lock in `data`; `shown` is its path for messages. Raises Unreadable, with the line."""
    try:
        _check_schema(data, shown)
        return msgspec.json.decode(data, type=Lock)
    except (Unreadable, RecursionError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # Looked for last, since it takes half as long as to read all: markers are never JSON.
        if conflict := CONFLICT.search(data):
            line = data.count(b"\n", 0, conflict.start()) + 1
            reason = "merge conflict; run `bibtool lock --repair`"
            raise Unreadable(Place(shown, line), reason) from error
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(*_damage(data, shown, error)) from error


def _damage(
    data: bytes, shown: str, error: RecursionError | msgspec.DecodeError | UnicodeDecodeError
) -> tuple[Place, str]:
    """Where a lock is damaged, and what to do about it."""
    if isinstance(error, RecursionError):
        return Place(shown, 1), _damaged("nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        return Place(shown, data.count(b"\n", 0, error.start) + 1), _damaged("not UTF-8")
    return Place(shown, _line_of(data, error)), _damaged(str(error))


def _damaged(reason: str) -> str:
    return f"not a lock that bibtool wrote ({reason}); take it back from git, or delete it"


def _check_schema(data: bytes, shown: str) -> None:
    """The schema is read on its own first, since a newer lock may have any other shape."""
    found = re.search(rb'^ "schema": (\d{1,9})', data, re.M)
    if found and int(found[1]) > SCHEMA:
        line = data.count(b"\n", 0, found.start()) + 1
        reason = f"written by a newer bibtool (schema {int(found[1])}, this one reads {SCHEMA})"
        raise Unreadable(Place(shown, line), f"{reason}; update bibtool")


def _line_of(data: bytes, error: msgspec.DecodeError) -> int:
    """msgspec names a byte for bad JSON and a path for a bad value; both become a line."""
    if found := re.search(r"byte (\d+)", str(error)):
        return data.count(b"\n", 0, int(found[1])) + 1
    try:
        json.loads(data)
    except ValueError as bad:
        return getattr(bad, "lineno", 1)
    except RecursionError:
        return 1
    keys = re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", str(error))
    names = [name for name, _ in keys if name]
    line = next((n for n in names[-1:] if f'"{n}"'.encode() in data), None)
    return data[: data.find(f'"{line}"'.encode())].count(b"\n") + 1 if line else 1


def repair(ours: Lock, theirs: Lock) -> Lock:
    """One lock out of both sides of a git merge conflict: what either side settled is settled.

    Where both settled the same thing differently, the first side ("ours") wins; outputs are
    dropped, since only who sees the files knows which side's they are.
    """
    return Lock(
        SCHEMA,
        lookups=theirs.lookups | ours.lookups,
        searches=_both(ours.searches, theirs.searches),
        entries=theirs.entries | ours.entries,
        lists=tuple(sorted({*ours.lists, *theirs.lists})),
        slugs=theirs.slugs | ours.slugs,
        told=theirs.told | ours.told,
    )


def sides(data: bytes, shown: str) -> tuple[Lock, Lock]:
    """Ours and theirs, each as it was before git merged them. Raises Unreadable."""
    ours, theirs = (decode(side, shown) for side in _sides(data))
    return ours, theirs


def _both(
    ours: Mapping[str, Mapping[str, Search]], theirs: Mapping[str, Mapping[str, Search]]
) -> dict[str, Mapping[str, Search]]:
    questions: Iterable[str] = {**ours, **theirs}
    return {q: {**theirs.get(q, {}), **ours.get(q, {})} for q in questions}


def _sides(data: bytes) -> tuple[bytes, bytes]:
    """The two whole texts behind a file with conflict markers (diff3's base is left out)."""
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    where = "both"
    for line in data.splitlines(keepends=True):
        marker = CONFLICT.match(line)
        if marker:
            where = {b"<": "ours", b"|": "base", b"=": "theirs", b">": "both"}[marker[1][:1]]
            continue
        if where in ("both", "ours"):
            sides[0].append(line)
        if where in ("both", "theirs"):
            sides[1].append(line)
    return _joined(sides[0]), _joined(sides[1])


def _joined(lines: list[bytes]) -> bytes:
    """A side on its own may end a list of fields with a comma, or lack one: mend just that."""
    text = b"".join(lines)
    text = re.sub(rb",(\r?\n\s*[}\]])", rb"\1", text)
    return re.sub(rb'([}\]"\d])(\r?\n\s*")', rb"\1,\2", text)
