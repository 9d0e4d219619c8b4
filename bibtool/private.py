"""A folder of this user's own, which all runs on this machine share and nobody else can write."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

LARGEST = 1 << 24  # bytes of a file there


def shared_folder() -> Path:
    """Where it is, or would be."""
    if cache := os.environ.get("XDG_CACHE_HOME"):
        return Path(cache) / "bibtool"
    if (home := os.environ.get("HOME")) and os.access(home, os.W_OK):
        return Path(home) / ".cache" / "bibtool"
    return Path(tempfile.gettempdir()) / f"bibtool-{os.getuid()}"


def usable(folder: Path | None) -> Path | None:
    """The folder, made if need be; None if it cannot be had, or is not ours alone.

    Where there is no home it lies in a place that all users of the machine share, and somebody
    else may have been there first, with links to files of ours.
    """
    if folder is None:
        return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return folder if ours and not found.st_mode & stat.S_IWOTH else None


def read(name: str) -> bytes:
    """The bytes of a file in the folder; none unless it is ours, and nobody else's to write."""
    if (folder := usable(shared_folder())) is None:
        return b""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        shared = stat.S_IWOTH | stat.S_IWGRP
        ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
        return file.read(LARGEST) if ours and not found.st_mode & shared else b""


def keep(name: str, data: bytes) -> None:
    """Put a file into the folder, if that can be done; whole, or not at all."""
    if (folder := usable(shared_folder())) is None:
        return
    with contextlib.suppress(OSError):
        handle, path = tempfile.mkstemp(dir=folder, prefix=f"{name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(handle)  # half of it would be no program
            os.replace(path, folder / name)
            _sync(folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(path)
            raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
