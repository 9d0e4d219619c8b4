"""A project twice, one of them without the hidden folder: every command is run in both, and both
have to say, ask and write the same. Commands are run in this process, which is quick."""

import contextlib
import gc
import io
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from registries import Registries
from renewal_projects import registries
from service import Service, serving

from bibtool import stamp
from bibtool.cli import main

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WORDY = ("--refresh", "--json", "-v", "--strict")  # whoever says so wants more than last words
UNDONE = {"--dry-run", "--check", "--offline"}  # the next run may have something to do
LONG_AGO = '"2025-01-02"'
DAY = re.compile(r'"20\d\d-\d\d-\d\d"')


@dataclass(frozen=True)
class Ran:
    """All that a run let the world know."""

    code: int
    out: str
    err: str
    asked: tuple[str, ...]  # in no order: services are asked at the same time


class Twins:
    """`root` is the project that remembers; `forgetful` is made anew from it for each run."""

    def __init__(self, folder: Path, service: Service, registries: Registries) -> None:
        self.root = folder / "one" / "project"
        self.forgetful = folder / "other" / "project"
        self.root.mkdir(parents=True)
        self.service = service
        self.registries = registries
        service.content = registries.content
        self._touched = 0.0

    def run(self, *words: str) -> Ran:
        """Run `words` in both, each with all that stands in the first one now."""
        shutil.rmtree(self.forgetful, ignore_errors=True)
        shutil.copytree(self.root, self.forgetful, ignore=shutil.ignore_patterns(stamp.FOLDER))
        idle = not any(word.startswith(WORDY) for word in words) and self.is_stamped()
        whole = self._run(self.forgetful, words)
        quick = self._run(self.root, words)
        assert (quick.code, quick.asked) == (whole.code, whole.asked)
        if not idle:  # a stamp has its own last words
            assert (quick.out, quick.err) == (whole.out, whole.err)
        assert files(self.root) == files(self.forgetful)
        assert "Traceback" not in quick.err
        return quick

    def settle(self, *words: str) -> Ran:
        """`sync` in both, late enough after the last edit to leave a stamp."""
        self._wait()
        return self.run("sync", *words)

    def rest(self, *words: str) -> None:
        """Synced twice, in the first one alone; all of it was asked long ago."""
        self._run(self.root, ("sync", *words))
        [lock] = self.root.rglob("bibtool.lock")
        self.write(self.shown(lock), DAY.sub(LONG_AGO, lock.read_text(encoding="utf-8")))
        self._wait()
        self._run(self.root, ("sync", *words))
        assert self.is_stamped()

    def refresh(self, what: str, *words: str) -> Ran:
        """`--refresh` in both where there is a quick way; after it nothing is left to do."""
        assert self.is_stamped()
        ran = self.run("sync", f"--refresh={what}", *words)
        before = files(self.root)
        self.settle()
        self.settle("-v")
        if not UNDONE & {*words}:
            assert files(self.root) == before
        return ran

    def is_stamped(self) -> bool:
        """Whether all files stand as a run remembers them: only then there is a quick way."""
        stamps = [json.loads(path.read_bytes()) for path in self.root.rglob("stamp-*.json")]
        with contextlib.chdir(self.root):
            return any(
                all(
                    digest in (stamp.UNREAD, stamp.digest_of(path))
                    for path, digest in each["digests"].items()
                )
                for each in stamps
            )

    def shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode("utf-8", "surrogateescape")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        self._touched = time.monotonic()

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, text
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        (self.root / name).unlink()
        self._touched = time.monotonic()

    def _wait(self) -> None:
        time.sleep(max(0.0, self._touched + stamp.TICK + 0.01 - time.monotonic()))

    def _run(self, folder: Path, words: tuple[str, ...]) -> Ran:
        before = len(self.service.log)
        out, err = io.StringIO(), io.StringIO()
        streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        with streams[0], streams[1], contextlib.chdir(folder), _process_as_it_was():
            code = main(words)
        asked = sorted(request.path for request in self.service.log[before:])
        return Ran(code, out.getvalue(), err.getvalue(), tuple(asked))


def files(folder: Path) -> dict[str, bytes]:
    """All that people and git see."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and stamp.FOLDER not in path.parts
    }


@contextmanager
def _process_as_it_was() -> Iterator[None]:
    """A command takes the process for its own: signals, and when garbage is collected."""
    handlers, threshold = {each: signal.getsignal(each) for each in SIGNALS}, gc.get_threshold()
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        for each, handler in handlers.items():
            signal.signal(each, handler)


@contextmanager
def at_rest(folder: Path, name: str, text: str) -> Iterator[Twins]:
    """A project with one list, of which nothing is left to do."""
    with playing(folder) as service:
        twins = Twins(folder, service, registries())
        twins.write(name, text)
        twins.rest()
        yield twins


@contextmanager
def playing(folder: Path) -> Iterator[Service]:
    """A service that plays all registries, where commands in this process will ask it."""
    with serving() as service, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BIBTOOL_")]:
            patch.delenv(name)
        patch.setenv("BIBTOOL_ARXIV_URL", f"{service.url}/api/query")
        patch.setenv("BIBTOOL_CROSSREF_URL", service.url)
        patch.setenv("BIBTOOL_DATACITE_URL", service.url)
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield service
