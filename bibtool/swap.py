"""Two names of files change places in one step, or a file moves to a free name.

Python has no word for it: renameat2(2), which Linux has since 3.15 and glibc since 2.28. Elsewhere,
and on file systems that cannot, the answer is False and nothing was done.
"""

import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

AT_FDCWD = -100  # paths are from the current folder
NO_REPLACE, EXCHANGE = 1, 2
CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def swap(one: Path, other: Path) -> bool:
    """Each file gets the other's name. OSError where one of them is not there."""
    return _renamed(one, other, EXCHANGE)


def move_to_free(old: Path, new: Path) -> bool:
    """`old` gets the name `new`. FileExistsError where somebody has it."""
    return _renamed(old, new, NO_REPLACE)


@cache
def _call() -> Callable[[bytes, bytes, int], int] | None:
    """Gives the number of an error, or 0; None where there is no such call."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes  # only where something is written over

    found = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if found is None:
        return None
    text, number = ctypes.c_char_p, ctypes.c_int
    found.argtypes = (number, text, number, text, ctypes.c_uint)

    def call(old: bytes, new: bytes, how: int) -> int:
        return ctypes.get_errno() if found(AT_FDCWD, old, AT_FDCWD, new, how) else 0

    return call


def _renamed(old: Path, new: Path, how: int) -> bool:
    call = _call()
    if call is None:
        return False
    number = call(os.fsencode(old), os.fsencode(new), how)
    if number and number not in CANNOT:
        raise OSError(number, os.strerror(number), str(new))
    return number == 0
