"""Failures a user can act on. Anything else is a bug and keeps its traceback.

BibtoolError            exit
  WrongUse                 2   arguments or settings that cannot be meant
  Unreadable               2   a list, .bib, lock or template that cannot be read, with its place
  SourceUnavailable       69   a service did not answer; not the same as not found
  DiskFailure             74   a file could not be written; what was there still is
  Busy                    75   another run is at work
"""

TYPE_CHECKING = False  # typing's own costs an idle run a fifth of its time, the model a half
if TYPE_CHECKING:
    from bibtool.model import Place


class BibtoolError(Exception):
    """Base of every error that `cli` shows as one line."""

    exit_code = 2


class WrongUse(BibtoolError):
    """Arguments or settings that cannot be meant."""


class Unreadable(BibtoolError):
    """A file that somebody has to mend first."""

    def __init__(self, place: "Place", reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


class SourceUnavailable(BibtoolError):
    """`source` gave no answer that can be relied on; asking again later may help."""

    exit_code = 69

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class DiskFailure(BibtoolError):
    exit_code = 74


class Busy(BibtoolError):
    exit_code = 75
