"""From lists and answers to the text of every output. Pure: the middle of the journey.

rows -> outcomes -> works -> one record and one key each -> the .bib merged with what people
made of it -> sections. `sync.py` reads before and writes after.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bibtool import bib, confine, merge
from bibtool.bib import Bibliography
from bibtool.category_bibs import category_bibs
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
from bibtool.render import bibtex, sections
from bibtool.render.slugs import path_name
from bibtool.standing import Standing

BIB = "references.bib"


class Material(Struct, frozen=True, kw_only=True):
    """All that the outputs are made of, read before."""

    lists: tuple[PaperList, ...]
    lock: Lock
    standing: Standing
    settings: Settings
    shipped: Mapping[str, str]  # templates by file name
    own: Mapping[str, str]
    prune: bool = False
    provisional: bool = False
    memo: Memo
    mine: Bibliography | None = None  # the .bib as it stands; None if missing or empty
    bib_name: str = BIB  # for messages


class Composed(Struct, frozen=True, kw_only=True):
    """What a run would write, and what it has to say."""

    outcomes: tuple[Outcome, ...]
    entries: tuple[Entry, ...]
    bib: str
    sections: sections.Rendered
    notices: tuple[Notice, ...]
    settled: Mapping[str, Settled]  # for the lock: the next run's base
    without_entry: int  # rows that nobody answered for and that have no entry


class Keyed(Struct):
    """One work with its key, on its way to an entry."""

    key: str
    rows: list[Row]
    record: Record
    provenance: Mapping[str, str] = {}
    written: bool = True  # False: the entry is a person's own, bibtool writes nothing of it
    held: bool = False  # nobody answers for it just now; it stays as it was


def compose(material: Material) -> Composed:
    """Every output of `material`; the same material gives the same bytes."""
    lock, settings = material.lock, material.settings
    rows = [row for each in material.lists for row in each.rows if not row.skip]
    given = Given(lock, material.mine)
    outcomes = tuple(_outcome(row, material, given) for row in rows)
    works, notices = _works(outcomes, material, given)
    theirs = _written(works, material)
    merged = bib.three_way(
        material.mine,
        {key: settled.entry for key, settled in lock.entries.items()},
        theirs,
        prune=lock.entries.keys() - {w.key for w in works} if material.prune else (),
        macros=bibtex.macros(settings.bib),
        same={row.key for row in rows if row.key},
        shown=material.bib_name,
    )
    entries = tuple(_entries(works, {e.key: e for e in theirs}, merged, given))
    shown = {row.place for entry in entries for row in entry.rows}
    waiting = [o for o in outcomes if not isinstance(o, Matched) and o.row.place not in shown]
    rendered = confine.render(
        entries,
        material.lists,
        waiting,
        settings.latex,
        settings.markdown,
        material.shipped,
        lock.slugs,
        own=material.own,
        stood=lock.stood,
        memo=material.memo,
    )
    if settings.category_bibs:
        macros = bib.parse(merged.text, material.bib_name).macros
        made = category_bibs(entries, merged.entries, macros, rendered.slugs)
        rendered = replace(rendered, files={**rendered.files, **made})
    return Composed(
        outcomes=outcomes,
        entries=entries,
        bib=merged.text,
        sections=rendered,
        notices=(*_remarks(outcomes), *notices, *merged.notices, *rendered.notices),
        settled=_settled(works, merged, lock),
        without_entry=sum(isinstance(o, Unavailable) for o in waiting),
    )


def _remarks(outcomes: Sequence[Outcome]) -> Iterator[Notice]:
    """What the matching of rows leaves to look at, such as a work that was renamed."""
    for outcome in outcomes:
        if isinstance(outcome, Matched):
            yield from outcome.notices


def _outcome(row: Row, material: Material, given: Given) -> Outcome:
    if row.key and not row.claim.identifiers:
        entry = given.entry(row.key)
        if entry is None:
            return NotFound(row, (material.bib_name,))
        return Matched(row, (Candidate("bib", given.record(entry)),))
    outcome = material.standing.outcome(row)
    if isinstance(outcome, Matched) and material.settings.prefer == "published":
        return material.standing.with_published(outcome)
    return outcome


def _works(
    outcomes: Sequence[Outcome], material: Material, given: Given
) -> tuple[list[Keyed], list[Notice]]:
    """Every work with its rows, record and key, in list order; and what is to be said of them."""
    matched = [o for o in outcomes if isinstance(o, Matched)]
    own_words = _own_words(outcomes, given) if material.provisional else []
    groups = merge.group([*matched, *own_words])
    keyed: list[Keyed] = []
    notices: list[Notice] = []
    for group in groups:
        work, remarks = _keyed(group, material, given)
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


def _keyed(group: merge.Work, material: Material, given: Given) -> tuple[Keyed, Sequence[Notice]]:
    settings = material.settings
    rows = [match.row for match in group.matches]
    made = merge.merge(
        group,
        prefer=settings.prefer,
        trust_venue=settings.venues == "trust",
        memo=material.memo,
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


def _written(works: Sequence[Keyed], material: Material) -> list[BibEntry]:
    """What bibtool would write of each work that is its own to write, in list order."""
    memo, options = material.memo, material.settings.bib
    told = digest(options)
    entries: list[BibEntry] = []
    for work in works:
        settled = material.lock.entries.get(work.key)
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
    known = {merged.renamed.get(work.key, work.key): work for work in works}
    settled: dict[str, Settled] = {}
    earlier = {merged.renamed.get(key, key): s for key, s in lock.entries.items()}
    for key, entry in merged.base.items():
        if work := known.get(key):
            names = {*work.record.identifiers, *(title_of(r) for r in work.rows if row_question(r))}
            paths = dict.fromkeys(path_name(row.category) for row in work.rows)
            fresh = Settled(entry, tuple(sorted(names)), tuple(paths))
        elif key in earlier:
            fresh = replace(earlier[key], entry=entry)
        else:
            continue
        settled[key] = fresh.unless_known(earlier.get(key))
    return settled
