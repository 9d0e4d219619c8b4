"""From rows and answers to works: one record and one key each, merged with what people made of
the .bib. Pure.

rows -> outcomes -> works -> entries -> the .bib. `compose.py` goes on to the sections.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bibtool import bib, merge, venues
from bibtool.bib import Bibliography
from bibtool.config import Settings
from bibtool.given import Given
from bibtool.lock import Lock, Settled
from bibtool.memo import Memo, digest
from bibtool.model import (
    BibEntry,
    Candidate,
    Entry,
    Identifier,
    Matched,
    NotFound,
    Notice,
    Outcome,
    PaperList,
    Record,
    Row,
    Unavailable,
    identifier,
)
from bibtool.outcomes import row_question
from bibtool.render import bibtex
from bibtool.render.slugs import path_name
from bibtool.standing import Standing

BIB = "references.bib"


class Known(Struct, frozen=True, kw_only=True):
    """All that works are made of, read before."""

    lists: tuple[PaperList, ...]
    lock: Lock
    standing: Standing
    settings: Settings
    prune: bool = False
    provisional: bool = False
    memo: Memo
    mine: Bibliography | None = None  # the .bib as it stands; None if missing or empty
    bib_name: str = BIB  # for messages


class Compiled(Struct, frozen=True, kw_only=True):
    """The works of some rows, as they stand in the .bib from now on."""

    outcomes: tuple[Outcome, ...]
    entries: tuple[Entry, ...]
    merged: bib.Merged
    notices: tuple[Notice, ...]  # of rows and works; those of the .bib are its own
    settled: Mapping[str, Settled]  # for the lock: the next run's base
    waiting: tuple[Outcome, ...]  # of rows without an entry


class Keyed(Struct):
    """One work with its key, on its way to an entry."""

    key: str
    rows: list[Row]
    record: Record
    provenance: Mapping[str, str] = {}
    written: bool = True  # False: the entry is a person's own, bibtool writes nothing of it
    held: bool = False  # nobody answers for it just now; it stays as it was


def compile_works(known: Known) -> Compiled:
    """The works of all rows, and the .bib with them."""
    venues.recall_names(known.memo)
    lock, settings = known.lock, known.settings
    rows = [row for each in known.lists for row in each.rows if not row.skip]
    given = Given(lock, known.mine)
    outcomes = tuple(_outcome(row, known, given) for row in rows)
    works, notices = _works(outcomes, known, given)
    theirs = _written(works, known)
    merged = bib.three_way(
        known.mine,
        {key: settled.entry for key, settled in lock.entries.items()},
        theirs,
        prune=lock.entries.keys() - {w.key for w in works} if known.prune else (),
        macros=bibtex.macros(settings.bib),
        same={row.key for row in rows if row.key},
        shown=known.bib_name,
    )
    entries = tuple(_entries(works, {e.key: e for e in theirs}, merged, given))
    shown = {row.place for entry in entries for row in entry.rows}
    return Compiled(
        outcomes=outcomes,
        entries=entries,
        merged=merged,
        notices=(*_remarks(outcomes), *notices),
        settled=_settled(works, merged, lock),
        waiting=tuple(
            o for o in outcomes if not isinstance(o, Matched) and o.row.place not in shown
        ),
    )


def _remarks(outcomes: Sequence[Outcome]) -> Iterator[Notice]:
    """What the matching of rows leaves to look at, such as a work that was renamed."""
    for outcome in outcomes:
        if isinstance(outcome, Matched):
            yield from outcome.notices


def _outcome(row: Row, known: Known, given: Given) -> Outcome:
    if row.key and not row.claim.identifiers:
        entry = given.entry(row.key)
        if entry is None:
            return NotFound(row, (known.bib_name,))
        return Matched(row, (Candidate("bib", given.record(entry)),))
    outcome = known.standing.outcome(row)
    if isinstance(outcome, Matched) and known.settings.prefer == "published":
        return known.standing.with_published(outcome)
    return outcome


def _works(
    outcomes: Sequence[Outcome], known: Known, given: Given
) -> tuple[list[Keyed], list[Notice]]:
    """Every work with its rows, record and key, in list order; and what is to be said of them."""
    matched = [o for o in outcomes if isinstance(o, Matched)]
    own_words = _own_words(outcomes, given) if known.provisional else []
    groups = merge.group([*matched, *own_words])
    keyed: list[Keyed] = []
    notices: list[Notice] = []
    taken: set[str] = set()
    for group in groups:
        work, remarks = _keyed(group, known, given)
        if work.written and work.key in taken:  # one work fell apart: the first one keeps the key
            work.key = given.new_key(work.record, known.settings.key)
        taken |= {work.key} if work.written else set()
        keyed.append(work)
        notices += remarks
    by_key = {work.key: work for work in reversed(keyed)}
    for outcome in outcomes:
        if isinstance(outcome, Unavailable):
            _hold(outcome.row, keyed, by_key, given)
    rank = {id(outcome.row): number for number, outcome in enumerate(outcomes)}
    for work in keyed:
        work.rows.sort(key=lambda row: rank[id(row)])
    return sorted(keyed, key=lambda work: rank[id(work.rows[0])]), notices


def _keyed(group: merge.Work, known: Known, given: Given) -> tuple[Keyed, Sequence[Notice]]:
    settings = known.settings
    rows = [match.row for match in group.matches]
    made = merge.merge(
        group,
        prefer=settings.prefer,
        trust_venue=settings.venues == "trust",
        memo=known.memo,
    )
    marked = next((row.key for row in rows if row.key), "")
    key = given.key([*made.record.identifiers, *map(title_of, rows)]) or marked
    key = key or given.new_key(made.record, settings.key)
    by_hand = all(c.source == "bib" for match in group.matches for c in match.candidates)
    return Keyed(key, rows, made.record, made.provenance, written=not by_hand), made.notices


def _own_words(outcomes: Sequence[Outcome], given: Given) -> list[Matched]:
    """Rows that nobody answered for and that have no entry, as their list states them."""
    return [
        Matched(o.row, (Candidate("list", replace(o.row.claim, url=(o.row.urls or ("",))[0])),))
        for o in outcomes
        if isinstance(o, Unavailable) and o.row.claim.title and not _given_key(o.row, given)
    ]


def _hold(row: Row, keyed: list[Keyed], by_key: dict[str, Keyed], given: Given) -> None:
    """An outage takes nothing away: the row keeps the entry that it has."""
    key = _given_key(row, given)
    if same := by_key.get(key):
        if row not in same.rows:
            same.rows.append(row)
    elif entry := given.entry(key) if key else None:
        by_key[key] = Keyed(key, [row], given.record(entry), held=True)
        keyed.append(by_key[key])


def _given_key(row: Row, given: Given) -> str:
    return given.key([*row.claim.identifiers, title_of(row)])


def title_of(row: Row) -> Identifier:
    """Under this name the lock knows the entry of a row that has nothing but a title."""
    return identifier("title", row_question(row))


def _written(works: Sequence[Keyed], known: Known) -> list[BibEntry]:
    """What bibtool would write of each work that is its own to write, in list order."""
    memo, options = known.memo, known.settings.bib
    told = digest(options)
    entries: list[BibEntry] = []
    for work in works:
        settled = known.lock.entries.get(work.key)
        last = settled.entry if settled else None
        if work.held:
            entries += [last] if last else []
        elif work.written:
            said = [(row.category, row.notes) for row in work.rows]
            provisional = {*work.provenance.values()} == {"list"}
            given = ("entry", work.key, memo.digest_of(work.record), said, provisional, told)
            write = partial(_entry_of, work, provisional, options)
            entries.append(memo.confirm(given, last, write))
    return entries


def _entry_of(work: Keyed, provisional: bool, options: bibtex.BibOptions) -> BibEntry:
    paths = dict.fromkeys(row.category for row in work.rows)
    keywords = [*filter(None, map(" / ".join, paths)), *(["provisional"] if provisional else [])]
    note = "; ".join(dict.fromkeys(row.notes for row in work.rows if row.notes))
    return bibtex.entry_of(work.key, work.record, keywords=keywords, note=note, options=options)


def _entries(
    works: Sequence[Keyed], theirs: Mapping[str, BibEntry], merged: bib.Merged, given: Given
) -> Iterator[Entry]:
    """The finished entries: what a person changed in the .bib holds everywhere."""
    for work in works:
        if work.key in merged.deleted:
            continue
        key = merged.renamed.get(work.key, work.key)
        record = work.record
        mine, ours = merged.entries.get(key), theirs.get(work.key)
        if (
            mine
            and ours
            and mine is not ours
            and (mine.fields, mine.type) != (ours.fields, ours.type)
        ):
            record = _by_hand(work.record, given.record(mine))
        elif mine and work.held:
            record = given.record(mine)
        yield Entry(key=key, record=record, rows=tuple(work.rows), provenance=work.provenance)


def _by_hand(record: Record, edited: Record) -> Record:
    """The .bib's word on everything that a .bib can say, and ours on the rest."""
    return replace(
        edited,
        kind=record.kind,
        identifiers=tuple(sorted({*edited.identifiers, *record.identifiers})),
        primary_class=edited.primary_class or record.primary_class,
        updates=record.updates,
        comment=record.comment,
        url=edited.url or record.url,
    )


def _settled(works: Sequence[Keyed], merged: bib.Merged, lock: Lock) -> Mapping[str, Settled]:
    """The base of the next merge, with the identifiers and categories by which keys are kept."""
    by_key = {merged.renamed.get(work.key, work.key): work for work in works}
    settled: dict[str, Settled] = {}
    earlier = {merged.renamed.get(key, key): s for key, s in lock.entries.items()}
    for key, entry in merged.base.items():
        if work := by_key.get(key):
            names = {*work.record.identifiers, *(title_of(r) for r in work.rows if row_question(r))}
            paths = dict.fromkeys(path_name(row.category) for row in work.rows)
            fresh = Settled(entry, tuple(sorted(names)), tuple(paths))
        elif key in earlier:
            fresh = replace(earlier[key], entry=entry)
        else:
            continue
        settled[key] = fresh.unless_known(earlier.get(key))
    return settled
