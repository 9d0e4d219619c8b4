"""What lasts beyond a run, on disk: the lock, saved after each answer, and the memo."""

import contextlib
import mmap
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType

from bibtool import __version__, private
from bibtool.errors import DiskFailure, Unreadable
from bibtool.lock import SCHEMA, Lock, decode
from bibtool.lock.text import NOTHING, Layout, parted, text_of
from bibtool.memo import Memo, digest, in_order, parse
from bibtool.model import Place
from bibtool.pack import Pack, packed
from bibtool.project import Project
from bibtool.stamp import digest_of_text
from bibtool.write import HIDDEN, check_writable, remove, write

PROGRAMS = "templates"
PACKS = 8  # of the memo at most: ten works of 10,000 make one of a hundredth of it
SHARE = 0.05  # of the run's time that saving between answers may take


def stored_lock(project: Project) -> Lock:
    """The project's lock, a new one if there is none. Unreadable, with the line, if damaged."""
    data = _stored(project)
    return Lock(SCHEMA) if data is None else decode(data, project.shown(project.lock_path))


def _stored(project: Project) -> bytes | None:
    shown = project.shown(project.lock_path)
    try:
        if project.lock_path.exists() and not project.lock_path.is_file():
            raise Unreadable(Place(shown, 1), "is no file; move it away")
        return project.lock_path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error


def stored_memo(project: Project) -> Memo:
    """What earlier runs on this machine worked out, if the same bibtool did."""
    memo = parse(maker(), *map(stored_bytes, _memo_paths(project)))
    memo.programs = in_order(Pack(private.read(PROGRAMS), maker()))
    return memo


def stored_bytes(path: Path) -> bytes | memoryview:
    """Nobody but a run writes there, and it puts a new file in place: so a look at the file itself
    is as good as a copy, for which there would have to be room."""
    try:
        check_writable(path)  # a pipe would keep us waiting
        with path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, DiskFailure):  # ValueError: it is empty
        return b""


def keep_memo(project: Project, memo: Memo, *, whole: bool = True) -> None:
    """For the next run, by one that was `whole` or looked at a few works. A memo saves time and
    nothing else, so a full disk is no failure."""
    if memo.compiled:
        private.keep(PROGRAMS, packed(memo.programs, maker()))
    if not memo.changed:
        return
    paths = _memo_paths(project)
    number, text = memo.packed(maker(), whole=whole)
    with contextlib.suppress(DiskFailure):
        write(paths[number], text, compare=False)
        for path in paths[number + 1 :]:
            remove(path)


def _memo_paths(project: Project) -> Sequence[Path]:
    """Where the memo's packs lie, the largest first."""
    names = ["memo", *(f"memo-{number}" for number in range(1, PACKS))]
    return [project.out / HIDDEN / name for name in names]


@cache
def maker() -> bytes:
    """Another one for each state of bibtool's own files: another bibtool may think otherwise."""
    found = ((path, path.stat()) for path in _own_files(os.path.dirname(__file__)))
    # Packages may come with one date for all their files: that of their arrival here tells more.
    stats = sorted((p.path, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for p, s in found)
    return digest(__version__, sys.version, stats)


def _own_files(folder: str) -> "Iterator[os.DirEntry[str]]":
    for entry in os.scandir(folder):
        if entry.name.endswith((".py", ".toml")):
            yield entry
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _own_files(entry.path)


class Saving:
    """The project's `lock`, saved while it fills; leaving the block saves the rest, come what may.

    Raises what `stored_lock` raises.
    """

    def __init__(self, project: Project, *, enabled: bool) -> None:
        began = time.monotonic()
        self._path = project.lock_path
        data = _stored(project)
        if data is None:
            self.lock, self._text = Lock(SCHEMA), NOTHING
        else:
            self.lock = decode(data, project.shown(project.lock_path))
            self._text = parted(data, self.lock)
        self._enabled = enabled
        self._unsaved = False
        self._wait(began)  # to write it will take as long as to read it did

    def __enter__(self) -> "Saving":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.before_asking()

    def after_an_answer(self) -> None:
        """An interrupted run goes on where it stopped, and a large lock is not written all day."""
        self._unsaved = True
        if self._enabled and time.monotonic() >= self._next:
            self.save()

    def outputs_written(self) -> None:
        """The lock knows of outputs that it does not know on disk."""
        self._unsaved = True

    def before_asking(self) -> None:
        """What stands on disk fits together before anybody is waited for."""
        if self._unsaved and self._enabled:
            self.save()

    def save(self) -> bool:
        """Write the lock now; whether it differs from what stands there."""
        began = time.monotonic()
        text = text_of(self.lock, self._text)
        if not self._enabled:
            return not self._path.is_file() or self._path.read_bytes() != text.data
        changed = write(self._path, text.pieces, compare=text is self._text)
        self._text = text
        self._unsaved = False
        self._wait(began)
        return changed

    @property
    def layout(self) -> Layout:
        """Of the text that was saved last."""
        return self._text.layout

    @property
    def digest(self) -> str:
        """Of the text that was saved last, as `stamp` knows files by it."""
        return digest_of_text(self._text.pieces)

    def _wait(self, began: float) -> None:
        now = time.monotonic()
        self._next = now + (now - began) / SHARE
