"""Taking turns at a service: one request at a time and a pause between, over all processes."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bibtool.hold import hold, let_go

POLL = 0.1  # s between two tries to get the turn from another process
PATIENCE = 600.0  # s to wait for other processes; each of their requests ends within its deadline
LONGEST_REST = 120.0  # s; a stamp that asks for more is damaged

BOOT = Path("/proc/sys/kernel/random/boot_id")  # on Linux
PAUSE = "pause between requests"

# wait(seconds, why): sleeps, tells why where that is not empty, and raises when cancelled.
Wait = Callable[[float, str], None]


class Turnstile:
    """The queue before one service.

    `folder` is shared by all processes of this user: a lock file says whose turn it is, and
    a stamp beside it says from when on the next request may start, on the monotonic clock of
    the machine (which no change of the date moves). Without a folder that can be written,
    the pause holds within this process.
    """

    def __init__(self, folder: Path | None, queue: str, wait: Wait) -> None:
        name = re.sub(r"[^A-Za-z0-9.-]", "_", queue)
        self._inside = threading.Lock()
        self._wait = wait
        self._next = 0.0  # when the next request may start
        self._rested = 0.0  # until when `rest` was asked for
        self._why = PAUSE
        self._lock = folder / f"{name}.lock" if folder else None
        self._stamp = folder / f"{name}.next" if folder else None
        self._held: int | None = None

    @contextmanager
    def turn(self, pause: Callable[[], float]) -> Iterator[None]:
        """Hold the turn for one request; the pause is counted from its start.

        As the services count: one request every three seconds, and one at a time
        (https://info.arxiv.org/help/api/tou.html). `pause` is asked again after the request,
        since an answer may announce another one.
        """
        self._enter()
        try:
            delay = self._read() - time.monotonic()
            if delay > 0:
                self._wait(min(delay, max(LONGEST_REST, pause())), self._why)
            self._why = PAUSE
            began = time.monotonic()
            self._write(began + pause())  # stands if we are killed in the middle
            try:
                yield
            finally:
                self._write(max(self._rested, began + pause()))
        finally:
            self._leave()

    def rest(self, seconds: float, why: str) -> None:
        """Let nobody through for that long: the service said so, or it looks tired.

        To be called while the turn is held, else another process may not hear of it.
        """
        self._rested = max(self._rested, time.monotonic() + min(seconds, LONGEST_REST))
        self._why = why
        self._write(max(self._next, self._rested))

    def _enter(self) -> None:
        self._poll(lambda: self._inside.acquire(blocking=False), "another request is under way")
        if self._lock is None:
            return
        try:
            self._poll(self._acquired, "another run of bibtool is asking")
        except OSError:  # cannot be written
            self._lock = self._stamp = None
        except BaseException:
            self._inside.release()
            raise

    def _acquired(self) -> bool:
        assert self._lock is not None
        self._held = hold(self._lock)
        return self._held is not None

    def _poll(self, acquired: Callable[[], bool], why: str) -> None:
        for attempt in range(round(PATIENCE / POLL)):
            if acquired():
                return
            self._wait(POLL, "" if attempt else why)
        raise TimeoutError(f"{why}, for more than {PATIENCE:.0f} s")

    def _leave(self) -> None:
        if self._held is not None:
            let_go(self._held)
            self._held = None
        self._inside.release()

    def _read(self) -> float:
        if self._stamp is None:
            return self._next
        try:
            start, moment = self._stamp.read_text("ascii").split()
            return max(self._next, float(moment)) if start == _start() else self._next
        except (OSError, ValueError):  # none yet, or damaged
            return self._next

    def _write(self, moment: float) -> None:
        self._next = moment
        if self._stamp is not None:
            try:
                self._stamp.write_text(f"{_start()} {moment!r}", "ascii")
            except OSError:
                self._stamp = None


@cache
def _start() -> str:
    """Which start of the machine the monotonic clock counts from, where the system tells."""
    try:
        return BOOT.read_text("ascii").strip() or "unknown"
    except OSError:
        return "unknown"
