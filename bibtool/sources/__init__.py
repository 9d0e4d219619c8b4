"""Places that answer questions about works. One small protocol, one file each."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bibtool.model import Identifier, Record


class Source(Protocol):
    """A place that answers by identifier (lookup) or by claim (search)."""

    name: str
    batch: int  # identifiers that one lookup takes in one request
    searches: bool  # whether `search` asks anybody

    def knows(self, which: Identifier) -> bool:
        """Whether this source is the one to ask about `which`."""
        ...

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        """Leave out what is unknown; raise SourceUnavailable if we cannot know."""
        ...

    def search(self, claim: Record) -> Sequence[Record]:
        """Records that may be the claimed work, in the source's order; one request at most."""
        ...
