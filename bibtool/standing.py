"""How rows stand: each outcome is worked out once, and again only when an answer has come.

A run asks three times how its rows stand: for what to look up, for what to search and for the
outputs. With nothing learnt in between the answer is the same, and it is most of the work.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from bibtool.lock import Answer, Lock, Search
from bibtool.model import Identifier, Matched, Outcome, Row
from bibtool.outcomes import outcome_of, with_published

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")


class Standing:
    """By what `lock` knows; `down` says why a source gives no answer. `forget` when they change."""

    def __init__(self, lock: Lock, searchers: Sequence[str], down: Mapping[str, str]) -> None:
        self._witness = _Witness(lock)
        self._searchers = searchers
        self._down = down
        # By id, since hashing a row costs as much as it saves; what is known is held with it.
        self._known: dict[int, tuple[Row, Outcome]] = {}
        self._versions: dict[int, tuple[Matched, Matched]] = {}
        self._seen: dict[int, list[str]] = {}  # by id of rows

    def forget(self) -> None:
        self._known.clear()
        self._versions.clear()
        self._seen.clear()

    def outcome(self, row: Row) -> Outcome:
        if id(row) not in self._known:
            outcome = outcome_of(row, self._witness, searchers=self._searchers, down=self._down)
            self._known[id(row)] = row, outcome
            self._seen[id(row)] = self._witness.seen()
        return self._known[id(row)][1]

    def with_published(self, matched: Matched) -> Matched:
        """As `outcomes.with_published`."""
        if id(matched) not in self._versions:
            self._versions[id(matched)] = matched, with_published(matched, self._witness)
            self._seen.setdefault(id(matched.row), []).extend(self._witness.seen())
        return self._versions[id(matched)][1]

    def looked_at(self, row: Row) -> Sequence[str]:
        """Identifiers and questions under which the lock was asked for `row`, whether it knew an
        answer or not: while these answers stay, the outcome stays."""
        return self._seen.get(id(row), ())


class _Witness:
    """The answers of a lock, and which of them were looked at."""

    def __init__(self, lock: Lock) -> None:
        self._seen: list[str] = []
        self.lookups: Mapping[Identifier, Answer] = _Watched(lock.lookups, self._seen)
        self.searches: Mapping[str, Mapping[str, Search]] = _Watched(lock.searches, self._seen)

    def seen(self) -> list[str]:
        """What was looked at since the last call."""
        seen = [*self._seen]
        self._seen.clear()
        return seen


class _Watched(Mapping[Name, Value]):
    def __init__(self, values: Mapping[Name, Value], seen: list[str]) -> None:
        self._values = values
        self._seen = seen

    def __getitem__(self, name: Name) -> Value:
        self._seen.append(name)
        return self._values[name]

    def __iter__(self) -> Iterator[Name]:
        raise TypeError("nobody can say what was looked at in all of it")

    def __len__(self) -> int:
        raise TypeError("nobody can say what was looked at in all of it")
