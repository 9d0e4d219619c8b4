"""A file that one process holds at a time. The system lets go of it when the process ends."""

import errno
import fcntl
import os
from pathlib import Path

FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW  # a link could lead to a file of somebody else


def hold(path: Path) -> int | None:
    """A handle of `path`, for `let_go`; None if somebody else holds it, in this process or another.

    OSError if it cannot be opened. Where a file system knows no such thing, nobody is kept out.
    """
    handle = os.open(path, FLAGS, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter is what some network drives say
        os.close(handle)
        return None
    except OSError as error:
        if error.errno != errno.ENOSYS:  # as Lustre says, unless it is mounted with "flock"
            os.close(handle)
            raise
    return handle


def let_go(handle: int) -> None:
    """To close it is not enough: a process that was just begun may still have it open, too."""
    try:
        fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)
