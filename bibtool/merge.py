"""Make one record of all that is known about one work, and say whose word each field is. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from bibtool import updates, venues, versions
from bibtool.better import better_names, better_title
from bibtool.memo import FORGETFUL, Memo, digest
from bibtool.model import Candidate, Identifier, Matched, Notice, Record, Row
from bibtool.penalties import is_preprint
from bibtool.venues.comments import in_comment, in_journal_reference

Version = Literal["published", "preprint"]

# Whose word counts first. A registry got it from the publisher; arXiv from the authors; a .bib
# entry that somebody wrote by hand is that person's word; the list's is a claim.
TRUST: Mapping[str, Sequence[str]] = {
    "published": ("crossref", "datacite", "bib", "arxiv", "list"),
    "preprint": ("arxiv", "datacite", "crossref", "bib", "list"),
}
# Facts of the version that is cited; the other version's pages would be wrong ones.
OF_THE_VERSION = (
    "type", "kind", "year", "month", "venue", "volume", "issue", "pages", "article_number",
    "publisher", "institution", "series", "edition", "isbn", "issn", "url", "editors",
)  # fmt: skip
# Facts of the work, from whichever version has them.
OF_THE_WORK = ("language", "primary_class", "comment", "journal_ref")
FIELDS = Record.__struct_fields__

Contradictions = tuple[tuple[tuple[str, str], ...], ...]  # for each row: kind, message


class Work(Struct, frozen=True, gc=False):
    """All matches that turned out to be one work, in list order."""

    matches: tuple[Matched, ...]


class Merged(Struct, frozen=True, gc=False):
    record: Record
    provenance: Mapping[str, str]  # field -> source
    notices: tuple[Notice, ...]


def group(matches: Iterable[Matched]) -> list[Work]:
    """Put matches of one work together, in the order first seen.

    They are one work if they share an identifier, or if one names the other as its published
    version or its preprint and their titles and authors bear it out.
    """
    ordered = list(matches)
    leader = list(range(len(ordered)))
    named: dict[Identifier, int] = {}
    for number, each in enumerate(ordered):
        for which in _identifiers(each):
            _join(leader, named.setdefault(which, number), number)
    for number, each in enumerate(ordered):
        for candidate in each.candidates:
            for which in (*candidate.record.published_as, *candidate.record.preprinted_as):
                other = named.get(which)
                if other is None or _leader(leader, other) == _leader(leader, number):
                    continue
                if _bears_out(candidate.record, ordered[other], which):
                    _join(leader, other, number)
    works: dict[int, list[Matched]] = {}
    for number, each in enumerate(ordered):
        works.setdefault(_leader(leader, number), []).append(each)
    return [Work(tuple(each)) for each in works.values()]


def _identifiers(matched: Matched) -> Iterator[Identifier]:
    for candidate in matched.candidates:
        yield from candidate.record.identifiers


def _bears_out(record: Record, other: Matched, which: Identifier) -> bool:
    linked = (c.record for c in other.candidates if which in c.record.identifiers)
    return any(versions.same_work(record, there) for there in linked)


def _leader(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _join(leader: list[int], one: int, other: int) -> None:
    first, second = sorted((_leader(leader, one), _leader(leader, other)))
    leader[second] = first


class _Decided(Struct, frozen=True, gc=False):
    """The record as the best candidate's and what is `other` in it: to read all of it again, with
    its authors, took longer than to merge most works."""

    other: Record
    fields: tuple[str, ...]  # of `other` that differ from the best candidate's
    provenance: Mapping[str, str]
    contradictions: Contradictions

    def record_on(self, best: Record) -> Record:
        changed = {name: getattr(self.other, name) for name in self.fields}
        return replace(best, **changed) if changed else best


def merge(
    work: Work,
    *,
    prefer: Version = "published",
    trust_venue: bool = False,
    memo: Memo = FORGETFUL,
) -> Merged:
    """One record of `work`: the version that `prefer` names, each field by the best word on it."""
    rows = _rows(work)
    stated = [[(c.source, c.record) for c in match.candidates] for match in work.matches]
    said = [(r.claim.title, r.short, r.claim.venue, r.claim.year) for r in rows]
    given = digest("merge", stated, said, prefer, trust_venue)
    ranked = _ranked(work, prefer)
    best = ranked[0].record

    def decide() -> _Decided:
        record, provenance = _best(ranked, rows, prefer, trust_venue)
        told = (tuple(_contradictions(row, record, provenance)) for row in rows)
        fields = tuple(n for n in FIELDS if getattr(record, n) != getattr(best, n))
        other = Record(**{name: getattr(record, name) for name in fields})
        return _Decided(other, fields, provenance, tuple(told))

    found = memo.recall((given,), _Decided, decide)
    record = found.record_on(best)
    memo.name(record, given)
    silent = not record.updates and not any(found.contradictions)
    notices = () if silent else tuple(_notices(rows, record, found.contradictions))
    return Merged(record, found.provenance, notices)


def _best(
    candidates: Sequence[Candidate], rows: Sequence[Row], prefer: Version, trust_venue: bool
) -> tuple[Record, dict[str, str]]:
    record, provenance = _united(candidates)
    if is_preprint(record) and prefer == "published":
        record, provenance = _with_stated_venue(rows, record, provenance, trust_venue)
    if venue := venues.find(record.venue):
        record = replace(record, venue=venue.full_in(record.year), type=_type(record.type, venue))
    return record, provenance


def _ranked(work: Work, prefer: Version) -> list[Candidate]:
    """Candidates of the version to cite first, each of them in the order of trust."""
    order = TRUST[prefer]

    def rank(candidate: Candidate) -> tuple[bool, int]:
        wanted = is_preprint(candidate.record) == (prefer == "preprint")
        trust = order.index(candidate.source) if candidate.source in order else len(order)
        return not wanted, trust

    candidates = {id(c.record): c for matched in work.matches for c in matched.candidates}
    several = len(candidates) > 1
    return sorted(candidates.values(), key=rank) if several else [*candidates.values()]


def _united(candidates: Sequence[Candidate]) -> tuple[Record, dict[str, str]]:
    best = candidates[0]
    cited = [c for c in candidates if is_preprint(c.record) == is_preprint(best.record)]
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    for names, among in ((OF_THE_VERSION, cited), (OF_THE_WORK, candidates)):
        for name in names:
            source = next((c for c in among if getattr(c.record, name)), None)
            if source is not None:
                values[name] = getattr(source.record, name)
                provenance[name] = source.source
    titled = better_title(candidates)
    values |= {"title": titled.record.title, "subtitle": titled.record.subtitle}
    provenance["title"] = titled.source
    values["authors"], provenance["authors"] = better_names(candidates)
    return Record(**values, **_union(candidates)), provenance


def _union(candidates: Sequence[Candidate]) -> dict[str, Any]:
    """What is known by anybody: identifiers, links, and what happened to the work."""

    def of(get: Callable[[Record], Iterable[Any]]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(value for c in candidates for value in get(c.record)))

    return {
        "identifiers": tuple(sorted(of(lambda r: r.identifiers))),
        "published_as": tuple(sorted(of(lambda r: r.published_as))),
        "preprinted_as": tuple(sorted(of(lambda r: r.preprinted_as))),
        "updates": of(lambda r: r.updates),
    }


def _with_stated_venue(
    rows: Sequence[Row], record: Record, provenance: dict[str, str], trust_venue: bool
) -> tuple[Record, dict[str, str]]:
    """A venue without a registry: by the authors' word on arXiv, by the list's if it is trusted."""
    stated = in_journal_reference(record.journal_ref) or in_comment(record.comment)
    source = "arxiv"
    claimed = _claimed(rows)
    if stated and not stated.year:  # "Accepted to CVPR": the list may know which one
        same = claimed is not None and claimed.venue == stated.venue
        stated = venues.Stated(stated.venue, claimed.year) if same and claimed else None
    if stated is None and trust_venue:
        stated, source = claimed, "list"
    if stated is None or not stated.year or not _plausible(stated.year, record.year):
        return record, provenance
    venue, year = stated.venue, stated.year
    said = {"venue": source, "year": source, "type": source}
    kept = {name: value for name, value in provenance.items() if name not in ("month", "url")}
    record = replace(record, type=_type("misc", venue), venue=venue.full, year=year, month=None)
    return record, kept | said


def _claimed(rows: Sequence[Row]) -> venues.Stated | None:
    for row in rows:
        venue = venues.find(row.claim.venue)
        if venue and venue.kind != "server" and row.claim.year:
            return venues.Stated(venue, row.claim.year)
    return None


def _plausible(year: int, preprint_year: int | None) -> bool:
    """Nothing appears years before its preprint, nor ten years after it."""
    return preprint_year is None or -2 <= year - preprint_year <= 10


def _type(given: str, venue: venues.Venue) -> str:
    """A conference's paper is one, whatever is deposited: AAAI's are called journal articles."""
    if venue.kind == "server" or given not in ("misc", "article", "inproceedings"):
        return given
    return "inproceedings" if venue.kind == "conference" else "article"


def _rows(work: Work) -> list[Row]:
    return [matched.row for matched in work.matches]


def _notices(
    rows: Sequence[Row], record: Record, contradictions: Contradictions
) -> Iterator[Notice]:
    for row, told in zip(rows, contradictions, strict=True):
        for kind, message in told:
            yield Notice(row.place, kind, message)
        for update in record.updates:
            if words := updates.WORDS.get(update.kind):
                where = f" ({update.identifier})" if update.identifier else ""
                message = f"{record.title!r} {words.sentence}{where}; look before citing"
                yield Notice(row.place, words.notice, message)


def _contradictions(
    row: Row, record: Record, provenance: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Where the list says another venue or year than whoever knows: kind of notice, message."""
    claimed, found = venues.find(row.claim.venue), venues.find(record.venue)
    who = provenance.get("venue", provenance.get("year", "the registry"))
    name = row.claim.title or row.short
    if claimed and found and claimed != found and claimed.kind != "server":
        yield "venue", f"{name!r}: the list says {claimed.short}, {who} says {found.short}"
    elif row.claim.year and record.year and row.claim.year != record.year:
        if claimed and not found and claimed.kind != "server":
            return  # the list's year is that of a venue which nobody else names
        yield "year", f"{name!r}: the list says {row.claim.year}, {who} says {record.year}"
