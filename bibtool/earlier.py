"""How things stood before: a lock and its .bib at a git revision, or another lock file."""

import subprocess
from pathlib import Path

from msgspec import Struct

from bibtool import bib
from bibtool.errors import Unreadable, WrongUse
from bibtool.lock import NAME, SCHEMA, Lock, decode
from bibtool.model import Place
from bibtool.project import Project
from bibtool.works import BIB


class Earlier(Struct, frozen=True):
    lock: Lock
    keys: frozenset[str]  # of the .bib that lay beside it


def earlier(project: Project, what: str) -> Earlier:
    """`what` is a lock file or a git revision; WrongUse if it is neither."""
    path = project.root / what
    if path.is_file():
        beside = path.parent / BIB
        return _earlier(_bytes(path, what), beside.read_bytes() if beside.is_file() else b"", what)
    _check_revision(project, what)
    lock = _at(project, what, NAME)
    return _earlier(lock, _at(project, what, BIB), f"{what}:{project.shown(project.lock_path)}")


def _earlier(lock: bytes, text: bytes, shown: str) -> Earlier:
    known = bib.parse(bib.decode(text, shown)[0], shown) if text else None
    return Earlier(
        decode(lock, shown) if lock else Lock(SCHEMA),
        frozenset(entry.key for entry in known.entries) if known else frozenset(),
    )


def _bytes(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error


def _check_revision(project: Project, what: str) -> None:
    if (
        what.startswith("-")
        or _git(project, "rev-parse", "--verify", "-q", f"{what}^{{commit}}") is None
    ):
        raise WrongUse(f"--since {what}: neither a lock file nor a git revision")


def _at(project: Project, revision: str, name: str) -> bytes:
    """A file of the output folder at a revision; empty if it was not there yet."""
    shown = project.shown(project.out / name)
    return _git(project, "show", f"{revision}:./{shown}") or b""


def _git(project: Project, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *words], cwd=project.root, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
