"""Papers that cite: their .tex files, those that they include, and a fresh .aux or .bcf."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from bibtool import cited
from bibtool.errors import Unreadable
from bibtool.model import Place, Problem


class Cited(Struct, frozen=True):
    """Keys in order of appearance, each with the place that names it first."""

    keys: dict[str, Place]
    problems: tuple[Problem, ...] = ()

    @property
    def everything(self) -> bool:
        return cited.EVERYTHING in self.keys


def read_papers(names: Sequence[str], root: Path) -> Cited:
    """What the papers cite, taken together. Unreadable where a named one cannot be read."""
    keys: dict[str, Place] = {}
    problems: list[Problem] = []
    for name in names:
        paper = _Paper(root, name)
        for key, place in paper.read():
            keys.setdefault(key, place)
        problems += paper.problems
    return Cited(keys, tuple(problems))


class _Paper:
    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.main = root / name
        self.problems: list[Problem] = []
        self._seen: set[Path] = set()
        self._newest = 0.0  # when a file of the source was changed last

    def read(self) -> Iterator[tuple[str, Place]]:
        if self.main.suffix in (".aux", ".bcf"):
            yield from self._made(self.main)
            return
        yield from self._tex(self.main)
        for suffix in (".aux", ".bcf"):
            made = self.main.with_suffix(suffix)
            # An older one may name keys that the source cites no more.
            if made.is_file() and made.stat().st_mtime >= self._newest:
                yield from self._made(made)

    def _tex(self, path: Path) -> Iterator[tuple[str, Place]]:
        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        source = cited.in_tex(self._text(path))
        self._newest = max(self._newest, path.stat().st_mtime)
        shown = self._shown(path)
        yield from ((c.key, Place(shown, c.line)) for c in source.citations)
        for inclusion in source.inclusions:
            inner = self._included(path, inclusion)
            if inner is not None:
                yield from self._tex(inner)
            else:
                message = f"{inclusion.path}: no such file, so what it cites is not known"
                self.problems.append(Problem(Place(shown, inclusion.line), message))

    def _included(self, path: Path, inclusion: cited.Inclusion) -> Path | None:
        """LaTeX looks from the main file's folder; \\import and subfiles from the file's own."""
        for folder in (self.main.parent, path.parent):
            base = folder / inclusion.folder / inclusion.path
            for file in (base, base.with_name(f"{base.name}.tex")):
                if file.is_file():
                    return file
        return None

    def _made(self, path: Path) -> Iterator[tuple[str, Place]]:
        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        text, place = self._text(path), Place(self._shown(path), 1)
        if path.suffix == ".bcf":
            yield from ((key, place) for key in sorted(cited.in_bcf(text)))
            return
        keys, further = cited.in_aux(text)
        yield from ((key, place) for key in sorted(keys))
        for name in further:
            if (path.parent / name).is_file():
                yield from self._made(path.parent / name)

    def _text(self, path: Path) -> str:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Unreadable(Place(self._shown(path), 1), error.strerror or str(error)) from error
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("latin-1")  # keys are ASCII, whatever the rest is

    def _shown(self, path: Path) -> str:
        return Path(os.path.relpath(path, self.root)).as_posix()
