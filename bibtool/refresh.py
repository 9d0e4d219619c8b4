"""What `--refresh` asks again, though the lock knows an answer. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from bibtool.errors import WrongUse
from bibtool.identify import identifiers_in
from bibtool.lock import Lock
from bibtool.model import Identifier, Matched, Outcome, Row
from bibtool.outcomes import (
    awaiting_published,
    outcome_of,
    published_question,
    row_question,
    with_published,
)

WHOLE = ("all", "preprints", "unresolved")  # of all rows; anything else names works


class Refresh(Struct, frozen=True):
    """Everything, or named identifiers and questions; nothing by default."""

    everything: bool = False
    identifiers: frozenset[Identifier] = frozenset()
    questions: frozenset[str] = frozenset()

    def wants(self, which: Identifier) -> bool:
        return self.everything or which in self.identifiers

    def wants_search(self, question: str) -> bool:
        return self.everything or question in self.questions


def refresh_for(what: str, rows: Sequence[Row], lock: Lock) -> Refresh:
    """The refresh that `--refresh=what` means, by how `rows` stand in the lock; "" is none."""
    if not what:
        return Refresh()
    if what == "all":
        return Refresh(everything=True)
    if what in ("preprints", "unresolved"):
        outcomes = [outcome_of(row, lock, searchers=(), down={}) for row in rows]
        return _preprints(outcomes, lock) if what == "preprints" else _unresolved(outcomes)
    named, problems = identifiers_in(what.replace(",", " "))
    if problems or not named:
        raise WrongUse(
            f"--refresh={what}: give all, preprints, unresolved or identifiers, "
            "as in --refresh=arXiv:2406.11838,10.1145/3721238.3730601"
        )
    return _named(frozenset(named), rows)


def _preprints(outcomes: Sequence[Outcome], lock: Lock) -> Refresh:
    """Works that are still preprints: their record, and the search for what they became."""
    waiting = dict(awaiting_published(outcomes, lambda matched: with_published(matched, lock)))
    linked = (which for record in waiting.values() for which in record.published_as)
    return Refresh(
        identifiers=frozenset([*waiting, *linked]),
        questions=frozenset(published_question(which) for which in waiting),
    )


def _unresolved(outcomes: Sequence[Outcome]) -> Refresh:
    rows = [outcome.row for outcome in outcomes if not isinstance(outcome, Matched)]
    return Refresh(
        identifiers=frozenset(which for row in rows for which in row.claim.identifiers),
        questions=frozenset(question for row in rows if (question := row_question(row))),
    )


def _named(identifiers: frozenset[Identifier], rows: Sequence[Row]) -> Refresh:
    listed = {which for row in rows for which in row.claim.identifiers}
    if unlisted := sorted(identifiers - listed):
        raise WrongUse(f"--refresh: {', '.join(unlisted)} stands in no row of the lists")
    return Refresh(
        identifiers=identifiers,
        questions=frozenset(published_question(which) for which in identifiers),
    )
