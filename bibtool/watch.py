"""What a run tells while it goes on; somebody may watch, or nobody."""

from typing import Protocol


class Watch(Protocol):
    """Is told what is asked and what is waited for. `progress.Live` shows it on a terminal."""

    def expect(self, source: str, what: str, jobs: int) -> None:
        """`source` is going to be asked `jobs` times; `what` is "look-ups" or "searches"."""
        ...

    def answered(self, source: str) -> None:
        """One of those jobs is done."""
        ...

    def waits(self, source: str, seconds: float, why: str) -> None:
        """The next request has to wait so long; called from the source's own thread."""
        ...


class Silent:
    """For pipes, scripts and tests."""

    def expect(self, source: str, what: str, jobs: int) -> None:
        """A source is going to be asked `jobs` times."""

    def answered(self, source: str) -> None:
        """It answered once."""

    def waits(self, source: str, seconds: float, why: str) -> None:
        """The next request has to wait."""
