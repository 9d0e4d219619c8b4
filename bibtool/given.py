"""Keys that were given before, by the lock, by a mark in a row, or by a person in the .bib. Pure.

A key once given is kept: the lock knows it by the work's identifiers. Where the lock is lost,
the .bib gives its keys back.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from bibtool.bib import Bibliography
from bibtool.keys import citation_key
from bibtool.lock import Lock
from bibtool.model import BibEntry, Identifier, Record
from bibtool.render.bibtex import record_of
from bibtool.render.bibtex_records import identifiers_of


class Given:
    def __init__(self, lock: Lock, mine: Bibliography | None) -> None:
        self._lock = lock
        self._mine = mine

    @cached_property
    def _by_lock(self) -> Mapping[Identifier, str]:
        entries = self._lock.entries.items()
        return {which: key for key, settled in entries for which in settled.identifiers}

    @cached_property
    def _by_bib(self) -> Mapping[Identifier, str]:
        """Parses the whole .bib, so it is asked last, for works that the lock does not know."""
        if self._mine is None:
            return {}
        found: dict[Identifier, str] = {}
        for entry in self._mine.entries:
            for which in identifiers_of(entry):
                found.setdefault(which, entry.key)
        return found

    def key(self, identifiers: Iterable[Identifier]) -> str:
        """The key of the work with these identifiers; empty if it has none yet."""
        wanted = list(identifiers)
        for which in wanted:
            if which in self._by_lock:
                return self._by_lock[which]
        return next((self._by_bib[which] for which in wanted if which in self._by_bib), "")

    def entry(self, key: str) -> BibEntry | None:
        """The entry of that key in the .bib; case does not tell keys apart."""
        if self._mine is None:
            settled = self._lock.entries.get(key)
            return settled.entry if settled else None
        return self._in_bib.get(key.lower())

    @cached_property
    def _in_bib(self) -> Mapping[str, BibEntry]:
        return {e.key.lower(): e for e in self._mine.entries} if self._mine else {}

    def record(self, entry: BibEntry) -> Record:
        return record_of(entry, self._mine.macros if self._mine else {})

    def new_key(self, record: Record, pattern: str) -> str:
        """A key that neither the lock nor the .bib has, nor this run gave before."""
        key = citation_key(record, self._taken, pattern)
        self._taken.add(key.lower())
        return key

    @cached_property
    def _taken(self) -> set[str]:
        return {key.lower() for key in self._lock.entries} | set(self._in_bib)
