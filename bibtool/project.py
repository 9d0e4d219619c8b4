"""Where a project's files are: its root, its lists, its output folder."""

import glob
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from bibtool.config import Settings
from bibtool.errors import Unreadable, WrongUse
from bibtool.lock import NAME
from bibtool.model import Place


class Project(Struct, frozen=True):
    root: Path
    settings: Settings
    out: Path

    @property
    def lock_path(self) -> Path:
        return self.out / NAME

    def shown(self, path: Path) -> str:
        """`path` as messages and JSON name it: relative to the root, with forward slashes."""
        return Path(os.path.relpath(path, self.root)).as_posix()


def open_project(root: Path, settings: Settings, out: str = "") -> Project:
    return Project(root, settings, root / (out or settings.out))


def list_paths(
    project: Project, given: Sequence[str], earlier: Sequence[str]
) -> tuple[tuple[Path, ...], bool]:
    """The lists to read, and whether they were found by looking around.

    `given` on the command line narrows what is asked, never what is kept: the lists of `earlier`
    runs into this folder are read as well, as far as they are still there.
    """
    before = [path for name in earlier if os.path.isfile(path := project.root / name)]
    if given:
        return _unique([*(_existing(project, name) for name in given), *before]), False
    if configured := configured_paths(project):
        return configured, False
    if before:
        return _unique(before), False
    from bibtool.read import list_like_files  # only where nothing is named

    if around := list_like_files(project.root):
        return tuple(around), True
    patterns = ", ".join(project.settings.lists)
    raise WrongUse(
        f"no list found: nothing matches {patterns}, and no file here looks like a paper list; "
        "name one, as in `bibtool sync README.md`"
    )


def configured_paths(project: Project) -> tuple[Path, ...]:
    """The lists that settings name and that are there, in the order of settings."""
    found: list[Path] = []
    for pattern in project.settings.lists:
        path = project.root / pattern
        if path.is_file():
            found.append(path)
        else:
            matching = map(Path, glob.glob(str(project.root / pattern), recursive=True))
            found += sorted(p for p in matching if _is_list(p))
    return _unique(found)


def _is_list(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _existing(project: Project, name: str) -> Path:
    path = project.root / name
    if os.path.isfile(path):  # Path's own raises where a name is too long
        return path
    reason = "is a folder; name the list in it" if os.path.isdir(path) else "no such file"
    raise Unreadable(Place(name, 1), reason)


def _unique(paths: Iterable[Path]) -> tuple[Path, ...]:
    seen: dict[Path, Path] = {}
    for path in paths:
        seen.setdefault(path.resolve(), path)
    return tuple(seen.values())
