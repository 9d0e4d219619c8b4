"""Versions of one work: preprint and published version, and two statements of one thing. Pure."""

from collections.abc import Sequence

from msgspec.structs import replace

from bibtool import penalties, venues
from bibtool.likeness import likeness
from bibtool.model import Candidate, Identifier, Name, Record, scheme_of, value_of
from bibtool.penalties import (
    YEARS_TO_PRINT,
    agreement,
    difference,
    is_preprint,
    whole_title,
)
from bibtool.people import named, same_person
from bibtool.titles import fold, is_short, key, notice, numbers, retracted
from bibtool.verdict import RENAMED, Verdict, remarks, shared_words

SHARED_AUTHORS = 0.5  # of the shorter list: what two versions of one work have in common


def published(
    preprint: Record, candidate: Record, *, linked: bool, claim: Record | None = None
) -> Verdict:
    """Whether `candidate` is the published version of `preprint`.

    `linked`: a source names it as such (arXiv's doi, Crossref's relation); that alone is not
    believed, for authors do enter a wrong DOI. `claim`: the row, whose venue may decide
    between the journal and its workshop twin.
    """
    found = Candidate("", candidate)
    if obstacle := _no_version(preprint, candidate, linked=linked, claim=claim):
        return Verdict("reject", (), obstacle)
    title = likeness(whole_title(preprint), retracted(candidate.title) or whole_title(candidate))
    found = replace(found, distance=title.distance, reasons=(difference(title),))
    if not title.same_numbers or title.relation == "far":
        return Verdict("ask" if linked else "reject", (found,) if linked else (), found.reasons[0])
    shared = _shared_authors(preprint.authors, candidate.authors)
    first = agreement(preprint.authors, candidate.authors) == "agree"
    if not first or shared < SHARED_AUTHORS:
        return Verdict("ask" if linked else "reject", (found,), "the authors differ")
    close = {"same", "subtitle", "nickname", "typing", "order"} | (
        {"part", "cut"} if linked else set()
    )
    if title.relation in close or (linked and _reworded(preprint, candidate, shared)):
        return Verdict("accept", (found,), remarks=remarks(preprint, candidate))
    return Verdict("ask", (found,), difference(title))


def _no_version(preprint: Record, candidate: Record, *, linked: bool, claim: Record | None) -> str:
    """Why `candidate` cannot be a published version; "" where it can."""
    refused = [p for p in penalties.kind_penalties(preprint, candidate) if p.cap]
    if refused:
        return refused[0].reason
    if is_preprint(candidate):
        return "a preprint"
    if _identifiers_clash(preprint, candidate):
        return "another preprint's version"
    if preprint.year and candidate.year:
        years = candidate.year - preprint.year
        # A linked version may be the older one: papers are put on arXiv after print, too.
        if (years > YEARS_TO_PRINT and not linked) or years < (-1 if linked else 0):
            return f"of {candidate.year}, the preprint of {preprint.year}"
    claimed = claim.venue if claim is not None else ""
    if (claimed or not linked) and venues.is_workshop(candidate.venue):
        return "" if venues.is_workshop(claimed) else f"a workshop version: {candidate.venue}"
    return ""


def _reworded(a: Record, b: Record, shared: float) -> bool:
    """Titles change between preprint and print; most words and nearly all authors stay."""
    return shared >= 0.8 and shared_words(whole_title(a), whole_title(b)) >= RENAMED


def _shared_authors(a: Sequence[Name], b: Sequence[Name]) -> float:
    """Share of the shorter list that the longer one has, too; 1.0 where one says nothing."""
    if a == b:
        return 1.0
    short, long = sorted((named(a), named(b)), key=len)
    if not short:
        return 1.0
    spelt_alike = frozenset(long)  # most are, and every pair of the others has to be compared
    return sum(p in spelt_alike or any(same_person(p, q) for q in long) for p in short) / len(short)


def same_work(a: Record, b: Record) -> bool:
    """Whether two records speak of one work: by identifier, as versions, or by all they say.

    Title likeness alone never does it, nor different editions, parts, types of one title.
    """
    if set(a.identifiers) & set(b.identifiers):
        return True
    if set(a.identifiers) & {*b.published_as, *b.preprinted_as}:
        return _linked_versions(b, a)
    if set(b.identifiers) & {*a.published_as, *a.preprinted_as}:
        return _linked_versions(a, b)
    if is_preprint(a) != is_preprint(b):
        preprint, other = (a, b) if is_preprint(a) else (b, a)
        return published(preprint, other, linked=False).accepted
    if _identifiers_clash(a, b):
        return False
    return _same_facts(a, b)


def _linked_versions(a: Record, b: Record) -> bool:
    preprint, other = (a, b) if is_preprint(a) else (b, a)
    return published(preprint, other, linked=True).accepted


def _identifiers_clash(a: Record, b: Record) -> bool:
    """Whether both have an identifier of one registry, and not the same one."""
    mine, theirs = _by_scheme(a.identifiers), _by_scheme(b.identifiers)
    return any(mine[s].isdisjoint(theirs[s]) for s in mine.keys() & theirs.keys())


def _by_scheme(identifiers: Sequence[Identifier]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for which in identifiers:
        if not value_of(which).startswith("10.48550/"):  # names the preprint a second time
            found.setdefault(scheme_of(which), set()).add(value_of(which))
    return found


_ONE_OF_A_KIND = ("type", "edition", "volume", "issue", "pages", "article_number", "isbn")


def _same_facts(a: Record, b: Record) -> bool:
    title_a, title_b = whole_title(a), whole_title(b)
    if key(title_a) != key(title_b) or numbers(title_a) != numbers(title_b) or not fold(title_a):
        return False
    if bool(a.notice_of) != bool(b.notice_of):
        return False
    if notice(title_a) != notice(title_b) or _shared_authors(a.authors, b.authors) < 1.0:
        return False
    if not named(a.authors) or not named(b.authors):
        return not named(a.authors) and not named(b.authors) and not is_short(title_a) and a == b
    if a.year and b.year and a.year != b.year:
        return False
    stated = ((getattr(a, field), getattr(b, field)) for field in _ONE_OF_A_KIND)
    if any(x and y and x != y for x, y in stated if "misc" not in (x, y)):
        return False
    venue_a, venue_b = venues.find(a.venue), venues.find(b.venue)
    return not (venue_a and venue_b and venue_a != venue_b)
