"""What follows from the answers: one outcome a row, and the published version of a preprint.

Decisions are made anew from the lock in every run, by `match.py`; the lock holds only what the
services said. So a better rule needs no new request, and no hidden state decides. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bibtool import match, titles, versions
from bibtool.lock import Answer, Answers
from bibtool.model import (
    Ambiguous,
    Candidate,
    Identifier,
    Matched,
    NotFound,
    Notice,
    Outcome,
    Record,
    Row,
    Unavailable,
    scheme_of,
)
from bibtool.penalties import ASK, is_preprint
from bibtool.verdict import Verdict

KEPT = 5  # candidates of one search that are remembered and shown


def row_question(row: Row) -> str:
    """The name under which the lock remembers searches for `row`; empty if none is wanted."""
    if row.skip or row.key or row.claim.identifiers or not row.claim.title:
        return ""
    first = row.claim.authors[0] if row.claim.authors else None
    author = titles.fold(first.literal or first.family) if first else ""
    title = titles.fold(row.claim.title)
    return f"{title} / {author}" if author else title


def published_question(preprint: Identifier) -> str:
    return f"published version of {preprint}"


def near(claim: Record, found: Sequence[Record], preprint: bool) -> tuple[Record, ...]:
    """Those of `found` that may be the claimed work, nearest first; the rest is not kept."""
    if preprint:
        return tuple(r for r in found if versions.published(claim, r, linked=False).accepted)[:KEPT]
    ranked = match.rank(claim, [Candidate("", record) for record in found])
    return tuple(c.record for c in ranked if c.distance <= ASK)[:KEPT]


def outcome_of(
    row: Row, lock: Answers, *, searchers: Sequence[str], down: Mapping[str, str]
) -> Outcome:
    """The one outcome of `row`, by what the lock knows; `down` says why a source gave no answer."""
    if row.claim.identifiers:
        return _by_identifier(row, lock, down)
    return _by_search(row, lock, searchers, down)


def _by_identifier(row: Row, lock: Answers, down: Mapping[str, str]) -> Outcome:
    answers = {which: lock.lookups.get(which) for which in row.claim.identifiers}
    found = [Candidate(a.source, a.record) for a in answers.values() if a and a.record]
    if not found:
        asked = sorted({name for a in answers.values() if a for name in a.asked})
        silent = [which for which, a in answers.items() if not _settled(which, a)]
        return Unavailable(row, _silent(silent, down)) if silent else NotFound(row, tuple(asked))
    if row.settled:
        return Matched(row, tuple(found))
    verdict = match.judge(row.claim, found, linked=True)
    if verdict.accepted:
        return _matched(row, verdict)
    # A link is strong evidence: where its title is far off, a person has to look.
    return Ambiguous(row, verdict.candidates or tuple(found), verdict.reason)


def _settled(which: Identifier, answer: Answer | None) -> bool:
    """Whether somebody said who can know. That DataCite lacks an arXiv number proves nothing."""
    if answer is None or not answer.asked:
        return False
    return scheme_of(which) != "arxiv" or "arxiv" in answer.asked


def _silent(identifiers: Iterable[Identifier], down: Mapping[str, str]) -> tuple[str, ...]:
    reasons = [f"{name}: {reason}" for name, reason in sorted(down.items())]
    schemes = sorted({scheme_of(which) for which in identifiers})
    return tuple(reasons) or tuple(f"{scheme}: not asked yet" for scheme in schemes)


def _by_search(
    row: Row, lock: Answers, searchers: Sequence[str], down: Mapping[str, str]
) -> Outcome:
    known = lock.searches.get(row_question(row), {})
    silent = [name for name in searchers if name not in known]
    if silent or not known:
        reasons = (f"{name}: {down.get(name, 'not asked yet')}" for name in silent or searchers)
        return Unavailable(row, tuple(reasons) or ("no source: not asked yet",))
    found = [
        Candidate(name, _in_full(record, lock))
        for name, search in sorted(known.items())
        for record in search.found
    ]
    verdict = match.judge(row.claim, found, linked=False)
    if verdict.accepted:
        return _matched(row, verdict)
    if verdict.candidates:
        return Ambiguous(row, verdict.candidates, verdict.reason)
    return NotFound(row, tuple(sorted(known)))


def _in_full(record: Record, lock: Answers) -> Record:
    """A search gives a record in short; where it was looked up as well, all of it is known."""
    for which in record.identifiers:
        if (answer := lock.lookups.get(which)) and answer.record:
            return answer.record
    return record


def _matched(row: Row, verdict: Verdict) -> Matched:
    notices = tuple(Notice(row.place, r.kind, r.message) for r in verdict.remarks)
    return Matched(row, verdict.candidates, notices)


def with_published(matched: Matched, lock: Answers) -> Matched:
    """Add the published version of a matched preprint, where one is certain."""
    have = {which for c in matched.candidates for which in c.record.identifiers}
    extra = [
        published
        for candidate in matched.candidates
        for published in published_versions(candidate.record, matched.row.claim, lock)
        if not have.intersection(published.record.identifiers)
    ]
    if not extra:
        return matched
    return Matched(matched.row, (*matched.candidates, *extra[:1]), matched.notices)


def published_versions(preprint: Record, claim: Record, lock: Answers) -> list[Candidate]:
    """By the preprint's own link, else by the search that was made for it; one work, or none."""
    if not is_preprint(preprint):
        return []
    linked = [
        Candidate(answer.source, answer.record)
        for which in preprint.published_as
        if (answer := lock.lookups.get(which)) and answer.record
        if versions.published(preprint, answer.record, linked=True, claim=claim).accepted
    ]
    if linked:
        return linked[:1]
    searched = [
        Candidate(name, record)
        for which in preprint.identifiers
        for name, search in sorted(lock.searches.get(published_question(which), {}).items())
        for record in search.found
        if versions.published(preprint, record, linked=False, claim=claim).accepted
    ]
    works = {candidate.record.identifiers for candidate in searched}
    return searched[:1] if len(works) == 1 else []


# Types of which a search's short answer says what is printed.
TOLD_IN_FULL = frozenset({"article", "inproceedings", "misc"})


def found_in_short(outcomes: Iterable[Outcome]) -> list[Identifier]:
    """DOIs of theses, reports and books that were found by search: their school, issuer or edition
    is known only to a look-up."""
    matched = (o for o in outcomes if isinstance(o, Matched) and not o.row.claim.identifiers)
    records = (c.record for m in matched for c in m.candidates)
    short = (record for record in records if record.type not in TOLD_IN_FULL)
    return [which for record in short for which in record.identifiers if scheme_of(which) == "doi"]


def linked_identifiers(outcomes: Iterable[Outcome]) -> list[Identifier]:
    """Of published versions, as the matched preprints name them."""
    matched = (outcome for outcome in outcomes if isinstance(outcome, Matched))
    return [which for m in matched for c in m.candidates for which in c.record.published_as]


def awaiting_published(
    outcomes: Iterable[Outcome], published: Callable[[Matched], Matched]
) -> Iterable[tuple[Identifier, Record]]:
    """Matched preprints without a published version so far, with their arXiv identifier.

    `published` adds the version that is known, as `with_published` does.
    """
    for outcome in outcomes:
        if isinstance(outcome, Matched) and published(outcome) is outcome:
            for record in (c.record for c in outcome.candidates if is_preprint(c.record)):
                for which in record.identifiers:
                    if scheme_of(which) == "arxiv":
                        yield which, record
