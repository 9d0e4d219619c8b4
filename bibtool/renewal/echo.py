"""A source that is asked but once for the same, and says again what it said. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Record
from bibtool.sources import Connect, Source

Said = TypeVar("Said")


class Echo:
    """`source`, for a run that may have to begin again after it asked."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.batch = source.batch
        self.searches = source.searches
        self._source = source
        self._found: dict[
            Sequence[Identifier], Mapping[Identifier, Record] | SourceUnavailable
        ] = {}
        self._hits: dict[Record, Sequence[Record] | SourceUnavailable] = {}

    def knows(self, which: Identifier) -> bool:
        return self._source.knows(which)

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        return _once(self._found, tuple(identifiers), self._source.lookup)

    def search(self, claim: Record) -> Sequence[Record]:
        return _once(self._hits, claim, self._source.search)


Asked = TypeVar("Asked")


def _once(
    known: dict[Asked, Said | SourceUnavailable], asked: Asked, ask: Callable[[Asked], Said]
) -> Said:
    if asked not in known:
        try:
            known[asked] = ask(asked)
        except SourceUnavailable as error:
            known[asked] = error
    said = known[asked]
    if isinstance(said, SourceUnavailable):
        raise said
    return said


def echoing(connect: Connect) -> Connect:
    """As `connect`, which is called once at most."""
    sources: list[Source] = []

    def connected() -> Sequence[Source]:
        if not sources:
            sources.extend(map(Echo, connect()))
        return sources

    return connected
