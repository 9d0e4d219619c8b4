"""What a run leaves of its rows, so that a refresh of a few need not look at all others. Pure.

Rows that share no name concern different works: no identifier, no question, nothing under which
an answer or a key is known. So the rows that a name can concern are found by names alone, and
whether others are concerned after all is seen by the names that come.
"""

from array import array
from binascii import crc32
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec
from msgspec import Struct

from bibtool.lock.text import Layout
from bibtool.memo import Digest
from bibtool.model import Candidate, Entry, Matched, Outcome, Row
from bibtool.outcomes import row_question
from bibtool.pack import WIDTH, Buffer
from bibtool.render.outline import Contents, Glimpses, Seen, Sightings
from bibtool.render.slugs import Path
from bibtool.render.works import Glimpse, Plain
from bibtool.standing import Standing
from bibtool.works import Compiled, title_of

NOT_APART = -1  # instead of the number of a work: it takes a whole run

_encoder = msgspec.msgpack.Encoder()


class _Rows(Struct, array_like=True):
    """What changes with the lists alone."""

    marks: bytes  # of names, sorted; of each as often as rows share it
    shared_by: bytes  # number of a row for each mark, or of no row
    ends: bytes  # of each row in the text


class _Heading(Struct, array_like=True):
    path: Path
    works: bytes  # numbers
    digests: bytes
    digest: bytes  # of all of them
    waiting: tuple[Plain, ...]
    description: str


class Totals(Struct, array_like=True, frozen=True):
    """What a run says in the end, as long as no row changes its outcome."""

    kinds: Mapping[str, int]  # outcome -> rows, "skipped" among them
    entries: int
    told: int  # lines about rows and the .bib that are known


class _Works(Struct, array_like=True):
    """What changes with any work."""

    maker: bytes  # the state of bibtool that wrote it
    layout: Layout  # of the lock
    keys: tuple[str, ...]
    work_of: bytes  # number of a work for each row, or NOT_APART
    headings: tuple[_Heading, ...]
    totals: Totals


class Register:
    """As `rows` and `works` hold it: two texts, of which a refresh leaves the larger one alone.

    msgspec.DecodeError or ValueError if they are none.
    """

    def __init__(self, rows: Buffer, works: Buffer) -> None:
        start = 8 + int.from_bytes(rows[:8], "little")
        head = msgspec.msgpack.decode(rows[8:start], type=_Rows)
        self._text = memoryview(rows)[start:]
        self._marks = array("I", head.marks)
        self._shared_by = array("I", head.shared_by)
        self._ends = array("I", head.ends)
        self._works = msgspec.msgpack.decode(works, type=_Works)
        self._work_of = array("i", self._works.work_of)

    @property
    def maker(self) -> bytes:
        return self._works.maker

    @property
    def layout(self) -> Layout:
        return self._works.layout

    @property
    def totals(self) -> Totals:
        return self._works.totals

    def sharing(self, names: Iterable[str]) -> set[int]:
        """Numbers of the rows that have one of `names`; of two names with one mark, of both.

        As many as there are rows stands for names of entries that no row has.
        """
        found: set[int] = set()
        for mark in set(map(_mark, names)):
            at = bisect_left(self._marks, mark)
            while at < len(self._marks) and self._marks[at] == mark:
                found.add(self._shared_by[at])
                at += 1
        return found

    def row(self, number: int) -> Row:
        start = self._ends[number - 1] if number else 0
        return msgspec.msgpack.decode(self._text[start : self._ends[number]], type=Row)

    def key(self, number: int) -> str:
        """Of the work of a row; empty if it can only be brought up to date with all others."""
        work = self._work_of[number] if number < len(self._work_of) else NOT_APART
        return "" if work == NOT_APART else self._works.keys[work]

    def knows(self, names: Iterable[str], numbers: Collection[int]) -> bool:
        """Whether each of `names` leads to one of these rows."""
        return all(self.sharing([name]).intersection(numbers) for name in names)

    def changes(self, fresh: Mapping[Path, Seen]) -> "Changes":
        """What stands under each heading: of works that `fresh` has what it has, of all others a
        glimpse."""
        seen: dict[Path, Seen] = {}
        changed: list[Path] = []
        for heading in self._works.headings:
            held = self._glimpses(heading)
            if heading.path in fresh:
                now = {sighting.key: sighting for sighting in fresh[heading.path]}
                some = Sightings(now.get(glimpse.key, glimpse) for glimpse in held)
                if some.digest != held.digest:
                    changed.append(heading.path)
                    seen[heading.path] = some
                    continue
            seen[heading.path] = held
        contents = Contents(
            tuple(seen),
            {h.path: h.description for h in self._works.headings if h.description},
            {path: some for path, some in seen.items() if len(some)},
            {h.path: h.waiting for h in self._works.headings if h.waiting},
        )
        return Changes(contents, frozenset(changed))

    def _glimpses(self, heading: _Heading) -> Glimpses:
        def make() -> list[Glimpse]:
            digests = heading.digests
            return [
                Glimpse(self._works.keys[work], Digest(digests[at * WIDTH : (at + 1) * WIDTH]))
                for at, work in enumerate(array("I", heading.works))
            ]

        return Glimpses(make, len(heading.digests) // WIDTH, Digest(heading.digest))

    def works_text(self, changes: "Changes", layout: Layout) -> bytes:
        """`works`, as it is after these changes."""
        headings = tuple(
            _with_digests(h, changes.contents.sightings[h.path]) if h.path in changes.paths else h
            for h in self._works.headings
        )
        return _encoder.encode(
            msgspec.structs.replace(self._works, layout=layout, headings=headings)
        )


class Changes(NamedTuple):
    contents: Contents
    paths: frozenset[Path]  # headings under which a work is not what it was


def _with_digests(heading: _Heading, seen: Seen) -> _Heading:
    digests = b"".join(sighting.digest for sighting in seen)
    return msgspec.structs.replace(heading, digests=digests, digest=seen.digest)


def _mark(name: str) -> int:
    """Short, and shared by different names now and then, which makes a part larger."""
    return crc32(name.encode("utf-8", "surrogatepass"))


def names_of(outcome: Outcome, standing: Standing) -> Iterator[str]:
    """All that `outcome` hangs on, and all by which other rows could be known to be its work."""
    row = outcome.row
    yield from standing.looked_at(row)
    yield from row.claim.identifiers
    if row.key:
        yield key_name(row.key)
    if row_question(row):
        yield title_of(row)
    candidates: Sequence[Candidate] = getattr(outcome, "candidates", ())
    for record in (candidate.record for candidate in candidates):
        yield from record.identifiers
        yield from record.published_as
        yield from record.preprinted_as


def key_name(key: str) -> str:
    return f"key:{key}"


def written_down(
    works: Compiled,
    contents: Contents,
    standing: Standing,
    layout: Layout,
    totals: Totals,
    maker: bytes,
) -> tuple[bytes, bytes]:
    """The two texts of a Register of all rows."""
    numbers = {entry.key: number for number, entry in enumerate(works.entries)}
    at = {id(outcome.row): number for number, outcome in enumerate(works.outcomes)}
    shared: list[tuple[int, int]] = []
    for number, outcome in enumerate(works.outcomes):
        shared += [(_mark(name), number) for name in {*names_of(outcome, standing)}]
    rows_of = {entry.key: [at[id(row)] for row in entry.rows] for entry in works.entries}
    for key, settled in works.settled.items():
        owners = rows_of.get(key) or [len(at)]
        names = (*settled.identifiers, key_name(key))
        shared += [(_mark(name), row) for name in names for row in owners]
    shared = sorted(set(shared))
    work_of = array("i", [NOT_APART]) * len(at)
    for entry in _apart(works):
        for row in rows_of[entry.key]:
            work_of[row] = numbers[entry.key]
    texts = [_encoder.encode(outcome.row) for outcome in works.outcomes]
    head = _encoder.encode(
        _Rows(
            array("I", [mark for mark, _ in shared]).tobytes(),
            array("I", [row for _, row in shared]).tobytes(),
            array("I", accumulate(map(len, texts))).tobytes(),
        )
    )
    rows = b"".join([len(head).to_bytes(8, "little"), head, *texts])
    headings = _headings(contents, numbers)
    return rows, _encoder.encode(
        _Works(maker, layout, tuple(numbers), work_of.tobytes(), headings, totals)
    )


def _apart(works: Compiled) -> Iterator[Entry]:
    """Entries that stand in the .bib as we wrote them, of rows about which nothing was said."""
    told = {notice.place for notice in works.notices}
    matched = {id(o.row) for o in works.outcomes if isinstance(o, Matched)}
    for entry in works.entries:
        plain = all(id(r) in matched and not r.key and r.place not in told for r in entry.rows)
        if plain and entry.key in works.merged.as_written and entry.key in works.settled:
            yield entry


def _headings(contents: Contents, numbers: Mapping[str, int]) -> tuple[_Heading, ...]:
    return tuple(
        _with_digests(
            _Heading(
                path,
                array("I", [numbers[sighting.key] for sighting in seen]).tobytes(),
                b"",
                b"",
                contents.waiting.get(path, ()),
                contents.descriptions.get(path, ""),
            ),
            seen,
        )
        for path in contents.paths
        for seen in (contents.sightings.get(path, Sightings()),)
    )
