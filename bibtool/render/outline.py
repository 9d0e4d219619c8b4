"""The categories of the lists as a tree of plain dicts, as the settings want it. Pure."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from bibtool.memo import FORGETFUL, Digest, Memo, digest
from bibtool.model import Ambiguous, Entry, NotFound, Outcome, PaperList, Row, Unavailable
from bibtool.render.late import Late
from bibtool.render.markdown import one_line
from bibtool.render.options import SectionOptions
from bibtool.render.slugs import Path, path_name
from bibtool.render.works import Glimpse, Plain, Sighting, Work, in_order

REASONS = {Ambiguous: "ambiguous", NotFound: "not found", Unavailable: "no answer"}


class Seen(Protocol):
    """The works right under a heading, in the order of the list."""

    @property
    def digest(self) -> Digest: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sighting | Glimpse]: ...


class Sightings(tuple[Sighting | Glimpse, ...]):
    """Works, looked through once though they stand in several files."""

    @cached_property
    def digest(self) -> Digest:
        return digest("works", [sighting.digest for sighting in self])


class Glimpses(Late[Glimpse]):
    """Works of a heading of which a run kept no more than it needs to know all as unchanged."""

    def __init__(self, make: Callable[[], Sequence[Glimpse]], count: int, known: Digest) -> None:
        super().__init__(make, count)
        self.digest = known


class Contents(NamedTuple):
    """What the lists hold, by path of headings; paths in the order of the lists."""

    paths: tuple[Path, ...]  # every heading that has something under it, and those above it
    descriptions: Mapping[Path, str]
    sightings: Mapping[Path, Seen]
    waiting: Mapping[Path, tuple[Plain, ...]]

    def keys(self) -> dict[str, list[str]]:
        """Path name -> keys of the works that stand right under it."""
        return {path_name(p): [s.key for s in some] for p, some in self.sightings.items()}


class Works(Late[Work]):
    """Those of one category, in the order of the settings."""

    def __init__(self, seen: Seen, options: SectionOptions) -> None:
        def make() -> list[Work]:
            return in_order([Work(sighting, options) for sighting in seen], options.sort)

        super().__init__(make, len(seen))
        self._seen = seen
        self._in_list_order = options.sort == "list"

    @cached_property
    def digest(self) -> Digest:
        if self._in_list_order:
            return self._seen.digest
        return digest("works", [work.digest for work in self])


class Branch(dict[str, Any]):
    """What a template sees of one category, with its works and the categories beneath it."""

    @cached_property
    def digest(self) -> Digest:
        """Equal for categories of which all fields are equal under the same options."""
        own = {k: v for k, v in self.items() if k not in ("works", "children")}
        children = [child.digest for child in self["children"]]
        return digest("category", own, self["works"].digest, children)


def numbered(branches: Iterable[Branch], before: int = 0) -> list[Branch]:
    """The same categories, each with the number of works that stand before its own in a file."""
    out: list[Branch] = []
    for branch in branches:
        behind = before + len(branch["works"])
        children = numbered(branch["children"], behind)
        out.append(Branch(branch, before=before, children=children))
        before = behind + sum(map(_size, children))
    return out


def _size(branch: Branch) -> int:
    return len(branch["works"]) + sum(map(_size, branch["children"]))


def contents_of(
    entries: Sequence[Entry],
    lists: Sequence[PaperList],
    waiting: Sequence[Outcome],
    memo: Memo = FORGETFUL,
) -> Contents:
    """Sort entries and waiting rows under their headings, in the order of the lists."""
    ranks = {paper_list.path: rank for rank, paper_list in enumerate(lists)}

    def rank(row: Row) -> tuple[int, int]:
        return ranks.get(row.place.path, len(ranks)), row.place.line

    named = sorted(
        ((row, entry) for entry in entries for row in entry.rows), key=lambda n: rank(n[0])
    )
    grouped: dict[Path, dict[str, list[tuple[Row, Entry]]]] = {}
    for row, entry in named:
        grouped.setdefault(row.category, {}).setdefault(entry.key, []).append((row, entry))
    sightings = {
        path: Sightings(
            Sighting(pairs[0][1], tuple(row for row, _ in pairs), memo) for pairs in by_key.values()
        )
        for path, by_key in grouped.items()
    }
    unsettled: dict[Path, list[Plain]] = {}
    for outcome in sorted(waiting, key=lambda outcome: rank(outcome.row)):
        unsettled.setdefault(outcome.row.category, []).append(_waiting(outcome))
    stated = [category for paper_list in lists for category in paper_list.categories]
    under = _with_parents([*sightings, *unsettled])
    filled = {(), *under} if under else set()
    order = dict.fromkeys([*(c.path for c in stated), *sightings, *unsettled])
    return Contents(
        _with_parents(path for path in order if path in filled),
        {c.path: c.description for c in reversed(stated) if c.description},
        sightings,
        {path: tuple(some) for path, some in unsettled.items()},
    )


def _with_parents(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Each path behind those above it; the order is that of the first appearance."""
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(path[:length] for length in range(1, len(path))))
        found[path] = None
    return tuple(found)


def outline(
    contents: Contents, slugs: Mapping[str, str], options: SectionOptions, level: int
) -> list[Branch]:
    """The outermost categories, each with its works and those beneath it; `level` is theirs."""
    chosen = [path for path in contents.paths if _wanted(path, options)]
    held: dict[Path, list[Path]] = {folded(path, options): [] for path in _with_parents(chosen)}
    for path in chosen:
        held[folded(path, options)].append(path)
    nodes = {
        path: _node(path, contents, some, slugs, options, level) for path, some in held.items()
    }
    for path, node in reversed(nodes.items()):
        if len(path) > 1:
            nodes[path[:-1]]["children"].insert(0, node)
    for node in nodes.values():
        node["children"] = _arranged(node["children"], options)
    return _arranged([node for path, node in nodes.items() if len(path) <= 1], options)


def _node(
    path: Path,
    contents: Contents,
    held: Sequence[Path],
    slugs: Mapping[str, str],
    options: SectionOptions,
    level: int,
) -> Branch:
    seen = [some for p in held if (some := contents.sightings.get(p))]
    waiting = [w for p in held for w in contents.waiting.get(p, ())]
    slug = slugs[path_name(path)]
    return Branch(
        name=_renamed(path, options),
        path=list(path),
        slug=slug,
        label=f"{options.label_prefix}{slug}" if options.label_prefix else "",
        level=level + len(path) - 1 if level and path else 0,
        description=one_line(contents.descriptions.get(path, "")) if options.description else "",
        works=Works(seen[0] if len(seen) == 1 else _united(seen), options),
        waiting=waiting if options.unresolved != "omit" else [],
        children=[],
    )


def _united(seen: Iterable[Seen]) -> Sightings:
    """Of folded headings, which may repeat a work."""
    works: dict[str, Sighting | Glimpse] = {}
    for sighting in (sighting for some in seen for sighting in some):
        works.setdefault(sighting.key, sighting)
    return Sightings(works.values())


def _waiting(outcome: Outcome) -> Plain:
    row = outcome.row
    return {
        "title": one_line(row.claim.title or row.short or row.text),
        "reason": REASONS.get(type(outcome), ""),
    }


def folded(path: Path, options: SectionOptions) -> Path:
    """The heading under which the works of `path` stand."""
    return path[: options.depth] if options.depth else path


def _wanted(path: Path, options: SectionOptions) -> bool:
    """Included, or above or beneath what is; and neither excluded nor beneath what is."""
    above = [path[:length] for length in range(len(path) + 1)]
    if any(_is_one_of(other, options.exclude) for other in above):
        return False
    return not options.include or any(_is_one_of(other, options.include) for other in above)


def _is_one_of(path: Path, names: Iterable[str]) -> bool:
    return any(_same(name, path) for name in names)


def _same(name: str, path: Path) -> bool:
    """A setting names a category by its heading or its whole path, in any case."""
    spelled = _folded_case(name)
    return bool(path) and spelled in (_folded_case(path[-1]), _folded_case(path_name(path)))


def _folded_case(text: str) -> str:
    return unicodedata.normalize("NFC", one_line(text)).casefold()


def _renamed(path: Path, options: SectionOptions) -> str:
    name = next((new for old, new in options.rename.items() if _same(old, path)), None)
    return one_line(path[-1] if name is None else name) if path else ""


def _arranged(nodes: Sequence[Branch], options: SectionOptions) -> list[Branch]:
    """Those that the settings name first, in that order; then the others as they come."""

    def rank(node: Branch) -> int:
        named = (at for at, name in enumerate(options.order) if _same(name, tuple(node["path"])))
        return next(named, len(options.order))

    return sorted(nodes, key=rank)


def unknown_categories(contents: Contents, options: SectionOptions) -> list[str]:
    """What the settings name and no list has: most likely misspelt, or reworded since."""
    named = [*options.include, *options.exclude, *options.order, *options.rename]
    return [n for n in dict.fromkeys(named) if not any(_same(n, path) for path in contents.paths)]
