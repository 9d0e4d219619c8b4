"""Are these two records one work? Verdicts: accept, ask or reject, each with its reasons. Pure.

A wrong reference is worse than a missing one: what is not certain is a question.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bibtool import penalties
from bibtool.likeness import Likeness, likeness
from bibtool.model import Candidate, Record
from bibtool.penalties import (
    ACCEPT,
    ASK,
    agreement,
    assess,
    claimed_title,
    difference,
    is_nickname_of,
    whole_title,
)
from bibtool.people import named
from bibtool.titles import fold, is_short, key, notice, retracted, split
from bibtool.verdict import RENAMED, Verdict, remarks, shared_words
from bibtool.versions import same_work

MARGIN = 0.05  # by which the nearest work must be nearer than the next one


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
    if longer := _longer(claim, ranked, best):
        return Verdict("ask", (*best, *longer), "another work has this title and a subtitle")
    return Verdict("accept", tuple(best), remarks=remarks(claim, best[0].record))


def _longer(
    claim: Record, ranked: Sequence[Candidate], best: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """Other works of the same people that the title may mean, cut short before the colon."""
    mine = key(claimed_title(claim))
    others = [c for c in ranked if c not in best and not c.record.notice_of]
    same = (c for c in others if key(split(whole_title(c.record))[0]) == mine)
    return tuple(c for c in same if agreement(claim.authors, c.record.authors) != "differ")


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
    return Verdict("accept", shown, remarks=remarks(claim, shown[0].record))


def _title_of(candidate: Candidate) -> str:
    return whole_title(candidate.record) or "(no title)"


def _assess_linked(claim: Record, candidate: Candidate) -> tuple[Candidate, bool]:
    record = candidate.record
    mine, theirs = claimed_title(claim), retracted(record.title) or whole_title(record)
    authors = agreement(claim.authors, record.authors)
    if mine == theirs and authors != "differ":
        return replace(candidate, distance=0.0, reasons=()), True
    title = likeness(mine, theirs)
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
    if mine == theirs or not fold(mine) or not fold(theirs):
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
    return authors == "agree" and shared_words(mine, theirs) >= RENAMED


def _same_script(a: str, b: str) -> bool:
    return any("a" <= c <= "z" for c in fold(a)) == any("a" <= c <= "z" for c in fold(b))
