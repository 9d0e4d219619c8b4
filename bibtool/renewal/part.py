"""The part of a project that some names concern: rows that share no name with any other. Pure.

Such rows are a project of their own. They go the way that all rows would, with their entries
alone, and what comes out is put where it stood; as long as it is of the same kind.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

from msgspec import Struct

from bibtool.lock import Lock, Settled
from bibtool.model import Identifier, Matched, Outcome, PaperList, Row
from bibtool.render.bibtex_records import identifiers_of
from bibtool.renewal.register import Register, key_name, names_of
from bibtool.standing import Standing
from bibtool.works import Compiled, Known, compile_works


class Part(Struct, frozen=True):
    rows: Mapping[int, Row]  # by number, in the order of the lists
    names: frozenset[str]
    settled: Mapping[str, Settled]  # the entries of their works, as the lock knows them

    @property
    def in_order(self) -> tuple[Row, ...]:
        return tuple(self.rows.values())

    @property
    def listed(self) -> frozenset[Identifier]:
        """The identifiers that stand in these rows."""
        return frozenset(which for row in self.in_order for which in row.claim.identifiers)

    @property
    def lists(self) -> tuple[PaperList, ...]:
        """The lists as if these rows were all that stands in them."""
        by_list = groupby(self.in_order, key=lambda row: row.place.path)
        return tuple(PaperList(path, tuple(rows)) for path, rows in by_list)


class Parts:
    """Parts of the project of which `register` tells, with at most `most` rows."""

    def __init__(self, register: Register, lock: Lock, *, published: bool, most: int) -> None:
        self._register = register
        self._lock = lock
        self._published = published
        self._most = most
        self._rows: dict[int, Row] = {}

    def of(self, names: Iterable[str], standing: Standing) -> Part | None:
        """The part that `names` concern, as its rows stand; None if it has too many rows or none,
        or one that can only be brought up to date with all others."""
        rows: dict[int, Row] = {}
        settled: dict[str, Settled] = {}
        known = set(names)
        open_rows = self._register.sharing(known)
        while open_rows:
            number = open_rows.pop()
            key = self._register.key(number)
            if not key or len(rows) == self._most:
                return None
            rows[number] = self._row(number)
            settled[key] = self._lock.entries[key]
            outcome = self._outcome(rows[number], standing)
            more = {*names_of(outcome, standing), key_name(key)}
            more |= {*settled[key].identifiers}
            open_rows |= self._register.sharing(more - known) - rows.keys()
            known |= more
        in_order = {number: rows[number] for number in sorted(rows)}
        return Part(in_order, frozenset(known), settled) if rows else None

    def _row(self, number: int) -> Row:
        if number not in self._rows:
            self._rows[number] = self._register.row(number)
        return self._rows[number]

    def _outcome(self, row: Row, standing: Standing) -> Outcome:
        outcome = standing.outcome(row)
        if self._published and isinstance(outcome, Matched):
            return standing.with_published(outcome)
        return outcome


def compiled(part: Part, known: Known, register: Register) -> Compiled | None:
    """The works of the part; None if they are not the same as before, but for what is said of
    each, or if there is anything to tell."""
    works = compile_works(known)
    merged = works.merged
    to_tell = works.notices or merged.notices or works.waiting or merged.renamed or merged.deleted
    keys = {entry.key for entry in works.entries}
    if to_tell or keys != part.settled.keys() or keys != works.settled.keys():
        return None
    numbers = {id(row): number for number, row in part.rows.items()}
    same_rows = all(
        register.key(numbers[id(row)]) == entry.key for entry in works.entries for row in entry.rows
    )
    return works if same_rows and _adds_no_identifier(works, part) else None


def _adds_no_identifier(works: Compiled, part: Part) -> bool:
    """Else an entry that a person wrote may be the same work from now on."""
    return works.merged.as_written == part.settled.keys() and all(
        {*identifiers_of(settled.entry)} <= {*identifiers_of(part.settled[key].entry)}
        for key, settled in works.settled.items()
    )
