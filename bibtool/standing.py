"""How rows stand: each outcome is worked out once, and again only when an answer has come.

A run asks three times how its rows stand: for what to look up, for what to search and for the
outputs. With nothing learnt in between the answer is the same, and it is most of the work.
"""

from collections.abc import Mapping, Sequence

from bibtool.lock import Lock
from bibtool.model import Matched, Outcome, Row
from bibtool.outcomes import outcome_of, with_published


class Standing:
    """By what `lock` knows; `down` says why a source gives no answer. `forget` when they change."""

    def __init__(self, lock: Lock, searchers: Sequence[str], down: Mapping[str, str]) -> None:
        self._lock = lock
        self._searchers = searchers
        self._down = down
        # By id, since hashing a row costs as much as it saves; what is known is held with it.
        self._known: dict[int, tuple[Row, Outcome]] = {}
        self._versions: dict[int, tuple[Matched, Matched]] = {}

    def forget(self) -> None:
        self._known.clear()
        self._versions.clear()

    def outcome(self, row: Row) -> Outcome:
        if id(row) not in self._known:
            outcome = outcome_of(row, self._lock, searchers=self._searchers, down=self._down)
            self._known[id(row)] = row, outcome
        return self._known[id(row)][1]

    def with_published(self, matched: Matched) -> Matched:
        """As `outcomes.with_published`."""
        if id(matched) not in self._versions:
            self._versions[id(matched)] = matched, with_published(matched, self._lock)
        return self._versions[id(matched)][1]
