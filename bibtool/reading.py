"""The lists of a run: which files, what is in them, which of their rows may be asked about."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bibtool.memo import FORGETFUL, Memo
from bibtool.model import PaperList, Place, Problem, Row
from bibtool.project import Project, configured_paths, list_paths
from bibtool.read import conflicts, read_list


class Reading(Struct, frozen=True, kw_only=True):
    """What was read; `asked` are the lists named on the command line, or all."""

    lists: tuple[PaperList, ...]
    asked: frozenset[str]
    named: tuple[str, ...]  # lists that no setting names, for the lock to remember
    found_around: bool = False  # nothing names them: they were found by looking around

    @property
    def rows(self) -> Iterator[Row]:
        return (row for each in self.lists for row in each.rows)

    @property
    def asked_rows(self) -> tuple[Row, ...]:
        return tuple(r for each in self.lists if each.path in self.asked for r in each.rows)

    @property
    def problems(self) -> tuple[Problem, ...]:
        own = [problem for each in self.lists for problem in each.problems]
        rows = [Problem(row.place, told) for row in self.rows for told in row.problems]
        empty = [_empty(each) for each in self.lists if not each.rows and not each.problems]
        return tuple(sorted([*own, *rows, *empty, *conflicts(self.lists)], key=lambda p: p.place))


def read_project(
    project: Project, given: Sequence[str], earlier: Sequence[str], memo: Memo = FORGETFUL
) -> Reading:
    """Read `given`, else what settings name, else what earlier runs read or lies around."""
    paths, around = list_paths(project, given, earlier)
    lists = tuple(read_list(path, project.shown(path), memo) for path in paths)
    asked = {project.shown(project.root / name) for name in given} if given else set()
    configured = {project.shown(path) for path in configured_paths(project)}
    named = (each.path for each in lists if each.path not in configured)
    return Reading(
        lists=lists,
        asked=frozenset(asked or (each.path for each in lists)),
        named=tuple(sorted(named)),
        found_around=around,
    )


def first_words(reading: Reading, out: str) -> tuple[str, ...]:
    """Which files were chosen and which will be written, where nobody named them."""
    if not reading.found_around:
        return ()
    return (
        *(
            f"{each.path} holds {_count(len(each.rows), 'paper', 'papers')} in "
            f"{_count(len({row.category for row in each.rows}), 'category', 'categories')}; "
            "using it"
            for each in reading.lists
        ),
        f"will write {out}/bibtool.lock, {out}/references.bib, .tex and .md,",
        f"and a .tex and a .md for each category in {out}/sections/",
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _empty(paper_list: PaperList) -> Problem:
    message = f"no papers found; `bibtool read -v {paper_list.path}` shows what was left out"
    return Problem(Place(paper_list.path, 1), message)
