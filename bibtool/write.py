"""Text to disk: a file is old or new, never cut; nothing is written where nothing changed."""

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bibtool.errors import Busy, DiskFailure
from bibtool.hold import hold, let_go
from bibtool.pieces import COMPARED, COPIED, Piece, Stretch, parts
from bibtool.swap import move_to_free, swap

HIDDEN = ".bibtool"  # beside the lock: what belongs to one machine, never to git
PREFIX = ".bibtool-"  # of temporary files
ATTEMPTS = 5  # at changing a file while somebody else writes there
Mark = tuple[int, int, int]


class Changed(Exception):
    """Somebody else wrote the file since it was read."""


class Anything:
    """What a file may hold that is to be written: all that is not said to matter."""


Over = bytes | Anything | None


def write(
    path: Path,
    data: bytes | Sequence[Piece],
    over: Over = Anything(),  # noqa: B008
    *,
    compare: bool = True,
    date: int | None = None,
) -> bool:
    """Put `data`, whole or in pieces, at `path`; False if it stands there already.

    DiskFailure leaves what was there. Temporary file beside the target, flush, fsync, replace,
    fsync the folder: after a crash the file holds the old bytes or the new ones (LWN, "Ensuring
    data reaches disk", 2011). With `over` (None: no file), Changed if something else stands there.
    What differs for sure needs no reading: `compare` false. `date` (ns since 1970) is to tell it.
    """
    pieces = (data,) if isinstance(data, bytes) else data
    try:
        check_writable(path)
        if compare and (isinstance(over, Anything) or over == data) and holds(path, pieces):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, pieces, over, date)
    except OSError as error:
        raise DiskFailure(_told(path, error)) from error
    return True


def check_writable(path: Path | str) -> None:
    """DiskFailure if `path` is something that must not be written: a folder, a link, a pipe."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, ValueError):  # a NUL in a name, which a lock may hold
        return
    except OSError as error:
        raise DiskFailure(_told(path, error)) from error
    if stat.S_ISREG(mode):
        if not os.access(path, os.W_OK):  # to replace it is allowed, but not what its owner meant
            raise DiskFailure(f"{path}: is read-only; let it be written, or move it away")
        return
    what = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no file"
    raise DiskFailure(f"{path}: is {what}; bibtool writes plain files only: move it away")


@contextlib.contextmanager
def only_run(out: Path) -> Iterator[None]:
    """Hold the project's run lock, or raise Busy at once. The system frees it if we die."""
    folder = out / HIDDEN
    for place in (out, folder, out / "sections"):
        check_folder(place)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _ignored_by_git(folder)
        _check_open(out)
        _check_open(folder)
        check_writable(folder / "run.lock")
        handle = hold(folder / "run.lock")
    except OSError as error:
        raise DiskFailure(_told(Path(error.filename or folder), error)) from error
    if handle is None:
        raise Busy(f"{out}: another bibtool is at work here; try again when it is done")
    try:
        sweep(out)
        yield
    finally:
        with contextlib.suppress(OSError):  # it is let go when we end
            let_go(handle)


def _ignored_by_git(folder: Path) -> None:
    new = folder / ".gitignore"  # "x" follows no link that a clone brought
    with contextlib.suppress(FileExistsError), new.open("x", encoding="utf-8") as file:
        file.write("*\n")


def write_anywhere(path: Path, data: bytes) -> None:
    """As `write`, where no run sweeps: what a killed one left beside `path` goes away first."""
    _clear_beside(path)
    write(path, data)


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Put what `change` makes of the bytes at `path` in their place; it is asked again where
    somebody saved there meanwhile."""
    for _ in range(ATTEMPTS):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise DiskFailure(_told(path, error)) from error
        changed = change(data)
        _clear_beside(path)
        with contextlib.suppress(Changed):
            write(path, changed, over=data)
            return
    raise DiskFailure(f"{path}: keeps changing while bibtool runs; run it again")


def _clear_beside(path: Path) -> None:
    """Take away what killed runs left in the folder of `path`; what is being written stays."""
    for left in path.parent.glob(f"{PREFIX}*.tmp"):
        with contextlib.suppress(OSError):
            _take_if_left(left)


def _take_if_left(path: Path) -> None:
    """OSError if somebody still writes it, who holds it locked."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove temporary files that a killed run left in `folder` and the folders that it writes."""
    for place in (folder, folder / "sections", folder / HIDDEN):
        with contextlib.suppress(OSError):
            for name in os.listdir(place):
                ours = name.startswith(PREFIX) or place.name == HIDDEN
                if ours and name.endswith(".tmp"):
                    (place / name).unlink()


def remove(path: Path) -> None:
    """Take a file of our own away, if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise DiskFailure(_told(path, error)) from error


def check_folder(folder: Path) -> None:
    """DiskFailure if `folder` leads elsewhere: a clone may bring links, and we stay at home."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        what = "a link; name the folder that it leads to" if folder.is_symlink() else "no folder"
        raise DiskFailure(f"{folder}: is {what}, or move it away; bibtool writes at home only")


def _check_open(folder: Path) -> None:
    """OSError if nothing can be put into `folder`: to be known before anybody is asked."""
    if not os.access(folder, os.W_OK | os.X_OK):
        read_only = os.statvfs(folder).f_flag & os.ST_RDONLY
        number = errno.EROFS if read_only else errno.EACCES
        raise OSError(number, os.strerror(number), str(folder))


def holds(path: Path, pieces: Sequence[Piece]) -> bool:
    """Whether `path` is a file of just these bytes."""
    check_writable(path)
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size != sum(map(len, pieces)):
                return False
            some = (part for piece in pieces for part in parts(piece, COMPARED))
            return all(file.read(len(part)) == part for part in some)
    except FileNotFoundError:
        return False


def _replace(path: Path, pieces: Sequence[Piece], over: Over, date: int | None) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PREFIX, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            with contextlib.suppress(OSError):  # not all file systems can; see `_clear_beside`
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for piece in pieces:
                file.writelines(parts(piece, COPIED) if isinstance(piece, Stretch) else (piece,))
            file.flush()
            _keep_mode(file.fileno(), path)
            if date is not None:
                os.utime(file.fileno(), ns=(date, date))
            os.fsync(file.fileno())
        if isinstance(over, Anything):
            os.replace(name, path)
        elif over is None:
            _put_at_free(Path(name), path)
        else:
            _put_over(Path(name), path, over)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    _sync_folder(path.parent)


def _put_at_free(ours: Path, path: Path) -> None:
    if os.path.lexists(path):
        raise Changed(path)
    try:
        if not move_to_free(ours, path):
            os.replace(ours, path)
    except FileExistsError:
        raise Changed(path) from None


def _put_over(ours: Path, path: Path, over: bytes) -> None:
    """Put `ours` where `over` stands, or raise Changed.

    Who saves between a look and a replace would lose what they saved. So the files change places,
    what was taken out is looked at, and goes back if it is something else.
    """
    if not holds(path, (over,)):
        raise Changed(path)
    with ours.open("rb") as file:  # as long as it is open, no other file is taken for it
        seen = False
        try:
            if not swap(ours, path):
                os.replace(ours, path)
                return
            seen = holds(ours, (over,))
        except FileNotFoundError:  # somebody took the file away
            raise Changed(path) from None
        finally:
            if not seen:
                _give_back(ours, path, _mark(file.fileno()))
        if not seen:
            raise Changed(path)
    ours.unlink()


def _give_back(taken: Path, path: Path, ours: Mark | None) -> None:
    """`taken` goes back to `path` and `ours` comes out; if something else does, somebody saved
    once more, and that goes back in turn."""
    laid = ours
    while (mark := _mark(taken)) not in (None, ours) and swap(taken, path):
        if _mark(taken) == laid:
            break
        laid = mark


def _mark(file: Path | int) -> Mark | None:
    """By which a file is known under any name; None if there is none."""
    try:
        status = os.stat(file, follow_symlinks=isinstance(file, int))
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


def _keep_mode(handle: int, path: Path) -> None:
    """The mode of the file that is replaced; a new one gets what the umask leaves."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    os.fchmod(handle, mode)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot
            raise
    finally:
        os.close(handle)


def _told(path: Path | str, error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{path}: {reason}; nothing was lost, run again when it can be written"
