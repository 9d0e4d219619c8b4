"""Are these two records one work? Verdicts: accept, ask or reject, each with its reasons. Pure.

A wrong reference is worse than a missing one: what is not certain is a question.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bibtool import penalties, venues
from bibtool.likeness import Likeness, likeness
from bibtool.model import Candidate, Identifier, Name, Record, scheme_of, value_of
from bibtool.penalties import (
    ACCEPT,
    ASK,
    YEARS_TO_PRINT,
    Assessment,
    agreement,
    assess,
    claimed_title,
    difference,
    is_nickname_of,
    is_preprint,
    whole_title,
)
from bibtool.people import named, same_person
from bibtool.titles import fold, is_short, key, notice, numbers, retracted

Decision = Literal["accept", "ask", "reject"]
NICKNAME = 3  # words before a colon that are no more than a name
MARGIN = 0.03  # by which the nearest work must be nearer than the next one
RENAMED = 0.60  # of the words of the shorter title, where the authors say it is the same work
SHARED_AUTHORS = 0.5  # of the shorter list: what two versions of one work have in common


class Remark(Struct, frozen=True):
    """What a curator should know about an accepted match: `kind` as in Notice."""

    kind: str
    message: str


class Verdict(Struct, frozen=True):
    """`candidates`: when accepted, all of the one work, best first; else the nearest first.

    Nothing to show (`reject`) leaves them empty. `reason` says in words what stands in the way.
    """

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.decision == "accept"


def judge(claim: Record, candidates: Sequence[Candidate], *, linked: bool) -> Verdict:
    """Which of `candidates` is the claimed work, if that is certain.

    `linked`: they came by the claim's own identifier, so only the title has to agree;
    otherwise they came by a search, and everything has to.
    """
    if linked:
        return _judge_linked(claim, candidates)
    ranked = rank(claim, candidates)
    near = [candidate for candidate in ranked if candidate.distance <= ACCEPT]
    if not near:
        shown = tuple(candidate for candidate in ranked if candidate.distance <= ASK)
        reason = "; ".join(shown[0].reasons) if shown else "nothing like it was found"
        return Verdict("ask" if shown else "reject", shown, reason)
    works = _works(near)
    best = works[0]
    rivals = [w for w in works[1:] if w[0].distance < best[0].distance + MARGIN]
    if rivals:
        shown = tuple(c for work in (best, *rivals) for c in work)
        return Verdict("ask", shown, f"{len(rivals) + 1} works fit equally well")
    return Verdict("accept", tuple(best), remarks=_remarks(claim, best[0].record))


def rank(claim: Record, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """`candidates` with distance and reasons, nearest first, without those that are no work."""
    assessed = [(assess(claim, candidate.record), candidate) for candidate in candidates]
    kept = [
        replace(candidate, distance=a.distance, reasons=a.reasons)
        for a, candidate in assessed
        if not a.refused
    ]
    return tuple(sorted(kept, key=lambda candidate: candidate.distance))


def _works(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Candidates of one work together, in the order given."""
    works: list[list[Candidate]] = []
    for candidate in candidates:
        for work in works:
            if any(same_work(candidate.record, other.record) for other in work):
                work.append(candidate)
                break
        else:
            works.append([candidate])
    return works


# A row's own identifier.


def _judge_linked(claim: Record, candidates: Sequence[Candidate]) -> Verdict:
    if not candidates:
        return Verdict("reject", reason="the identifier is not known")
    assessed = tuple(_assess_linked(claim, candidate) for candidate in candidates)
    shown = tuple(sorted((c for c, _ in assessed), key=lambda candidate: candidate.distance))
    if far := [c for c, certain in assessed if not certain]:
        return Verdict("ask", shown, f"the link leads to another title: {_title_of(far[0])}")
    if len(_works(shown)) > 1:
        return Verdict("ask", shown, "the identifiers of the row name different works")
    return Verdict("accept", shown, remarks=_remarks(claim, shown[0].record))


def _title_of(candidate: Candidate) -> str:
    return whole_title(candidate.record) or "(no title)"


def _assess_linked(claim: Record, candidate: Candidate) -> tuple[Candidate, bool]:
    record = candidate.record
    mine, theirs = claimed_title(claim), retracted(record.title) or whole_title(record)
    title = likeness(mine, theirs)
    authors = agreement(claim.authors, record.authors)
    reasons = [difference(title)] if mine and difference(title) else []
    if authors == "differ":
        reasons.append(f"the first author is {_name(record)}")
    certain = _link_holds(mine, theirs, title, authors)
    distance = 0.0 if not mine else title.distance + (penalties.AUTHORS if reasons[1:] else 0)
    distance = min(distance, ACCEPT) if certain else max(distance, penalties.CAPPED)
    found = replace(candidate, distance=round(min(1.0, distance), 3), reasons=tuple(reasons))
    return found, certain


def _name(record: Record) -> str:
    people = named(record.authors)
    return people[0].literal or f"{people[0].given} {people[0].family}".strip() if people else ""


def _link_holds(mine: str, theirs: str, title: Likeness, authors: penalties.Agreement) -> bool:
    """Whether a linked record is what the row calls it, renamed a little perhaps."""
    if not fold(mine) or not fold(theirs):
        return authors != "differ"
    if authors == "differ" or notice(mine) != notice(theirs):
        return False
    if is_short(mine) and is_nickname_of(mine, theirs):
        return True
    if not title.same_numbers:
        return False
    if title.relation in {"same", "nickname", "subtitle", "typing", "order", "cut", "part"}:
        return True
    if not _same_script(mine, theirs):
        return True  # a translation: the words cannot be compared, the link can be trusted
    return authors == "agree" and _shared_words(mine, theirs) >= RENAMED


def _same_script(a: str, b: str) -> bool:
    return any("a" <= c <= "z" for c in fold(a)) == any("a" <= c <= "z" for c in fold(b))


def _shared_words(a: str, b: str) -> float:
    words_a, words_b = set(fold(a).split()), set(fold(b).split())
    return len(words_a & words_b) / max(1, min(len(words_a), len(words_b)))


def _remarks(claim: Record, record: Record) -> tuple[Remark, ...]:
    """What differs in an accepted match, for a curator to look at."""
    mine, theirs = claimed_title(claim), retracted(record.title) or whole_title(record)
    title = likeness(mine, theirs)
    if not fold(mine) or title.relation == "same" or is_short(mine):
        return ()
    # A nickname or a subtitle more or less is how people write; a whole phrase is a new title.
    lost = len(fold(title.lost).split())
    if title.relation == "subtitle" or (title.relation == "nickname" and lost <= NICKNAME):
        return ()
    return (Remark("title", f"the list says {mine!r}, the record {theirs!r}"),)


# Versions of one work.


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
        return Verdict("accept", (found,), remarks=_remarks(preprint, candidate))
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
    if venues.is_workshop(candidate.venue):
        workshop_claimed = claim is not None and venues.is_workshop(claim.venue)
        if not workshop_claimed and (not linked or (claim is not None and claim.venue)):
            return f"a workshop version: {candidate.venue}"
    return ""


def _reworded(a: Record, b: Record, shared: float) -> bool:
    """Titles change between preprint and print; most words and nearly all authors stay."""
    return shared >= 0.8 and _shared_words(whole_title(a), whole_title(b)) >= RENAMED


def _shared_authors(a: Sequence[Name], b: Sequence[Name]) -> float:
    """Share of the shorter list that the longer one has, too; 1.0 where one says nothing."""
    short, long = sorted((named(a), named(b)), key=len)
    if not short:
        return 1.0
    return sum(any(same_person(p, q) for q in long) for p in short) / len(short)


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


__all__ = ["Assessment", "Remark", "Verdict", "judge", "published", "rank", "same_work"]
