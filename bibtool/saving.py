"""The lock on disk: read once, saved after each answer, as far as that costs little."""

import time
from types import TracebackType

from bibtool.errors import Unreadable
from bibtool.lock import SCHEMA, Lock, decode, encode
from bibtool.model import Place
from bibtool.project import Project
from bibtool.write import write

SHARE = 0.05  # of the run's time that saving between answers may take


def stored_lock(project: Project) -> Lock:
    """The project's lock, a new one if there is none. Unreadable, with the line, if damaged."""
    shown = project.shown(project.lock_path)
    try:
        if project.lock_path.exists() and not project.lock_path.is_file():
            raise Unreadable(Place(shown, 1), "is no file; move it away")
        data = project.lock_path.read_bytes()
    except FileNotFoundError:
        return Lock(SCHEMA)
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error
    return decode(data, shown)


class Saving:
    """Saves `lock` while it fills; leaving the block saves what is not saved yet, come what may."""

    def __init__(self, project: Project, lock: Lock, enabled: bool) -> None:
        self._path = project.lock_path
        self._lock = lock
        self._enabled = enabled
        self._unsaved = False
        self._next = 0.0

    def __enter__(self) -> "Saving":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._unsaved and self._enabled:
            self.save()

    def after_an_answer(self) -> None:
        """An interrupted run goes on where it stopped, and a large lock is not written all day."""
        self._unsaved = True
        if self._enabled and time.monotonic() >= self._next:
            self.save()

    def between_rounds(self) -> None:
        """The outputs are written: so is the lock, before anything else is asked."""
        if self._enabled:
            self.save()

    def save(self) -> bool:
        """Write the lock now; whether it differs from what stands there."""
        began = time.monotonic()
        data = encode(self._lock)
        if not self._enabled:
            return not self._path.is_file() or self._path.read_bytes() != data
        changed = write(self._path, data)
        self._unsaved = False
        self._next = time.monotonic() + (time.monotonic() - began) / SHARE
        return changed
