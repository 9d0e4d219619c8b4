"""Places that answer questions about works. One small protocol, one file each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from bibtool.errors import SourceUnavailable
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
        """Leave out what is unknown; raise SourceUnavailable if we cannot know, or Halfway."""
        ...

    def search(self, claim: Record) -> Sequence[Record]:
        """Records that may be the claimed work, in the source's order; one request at most."""
        ...


Connect = Callable[[], Sequence[Source]]  # loads what asks, so called when the first is asked


def nobody() -> Sequence[Source]:
    """Who is connected to where nobody may be asked."""
    return ()


class Halfway(SourceUnavailable):
    """A lookup that ended before its end: `found` is what was answered until then.

    Nothing is known about identifiers that are not in it.
    """

    def __init__(self, cause: SourceUnavailable, found: Mapping[Identifier, Record]) -> None:
        super().__init__(cause.source, cause.reason)
        self.found = found


@contextmanager
def kept(found: Mapping[Identifier, Record]) -> Iterator[None]:
    """Let an outage take along what was found before it."""
    try:
        yield
    except SourceUnavailable as error:
        if not found:
            raise
        raise Halfway(error, dict(found)) from error
