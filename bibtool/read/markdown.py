"""Markdown lists: the blocks of a document, walked, and what was found made into rows."""

from collections import Counter
from collections.abc import Sequence

from bibtool.model import Category, PaperList, Place, Problem, Row
from bibtool.read import headings
from bibtool.read.document import blocks_of
from bibtool.read.draft import Skip, row_of
from bibtool.read.folds import unfolded
from bibtool.read.outline import Outline, Path
from bibtool.read.source import Source, marked_source
from bibtool.read.titles import is_title_like
from bibtool.read.walk import Found, Walker

UNSURE = "no link here is surely a paper's, and no paper stands beside it"


def read(text: str, shown: str) -> PaperList:
    source, folds = unfolded(marked_source(text, shown))
    blocks, references = blocks_of(source)
    walker = Walker(Outline(folds), references)
    walker.walk(blocks)
    return _finished(walker, source)


def _finished(walker: Walker, source: Source) -> PaperList:
    kept, dropped = _settled(walker.found)
    title = _document_title(kept, walker)
    rows = tuple(_row(found, source, title) for found in kept)
    skips = [*walker.skipped, *dropped]
    return PaperList(
        source.shown,
        rows,
        _categories(rows, kept, walker, source, title),
        tuple(_problem(skip, source) for skip in sorted(skips, key=lambda skip: skip.line)),
        source.problems,
    )


def _settled(found: Sequence[Found]) -> tuple[list[Found], list[Skip]]:
    """Unsure drafts are entries where sure ones stand in the same section."""
    sure = Counter(each.path for each in found if each.sure)
    everywhere = sum(sure.values())
    kept: list[Found] = []
    dropped: list[Skip] = []
    for each in found:
        if each.sure or _is_at_home(each, sure[each.path], everywhere):
            kept.append(each)
        elif urls := tuple(link.url for link in each.draft.papers):
            dropped.append(Skip(each.draft.line, UNSURE, urls))
    return kept, dropped


ENOUGH = 3  # papers elsewhere in the list that make an unsure link under its own heading one


def _is_at_home(found: Found, beside: int, everywhere: int) -> bool:
    reading = found.reading
    if reading is None:
        return False
    if reading.lead is not None and reading.lead.role == "unsure":
        return is_title_like(reading.title) and (beside > 0 or everywhere >= ENOUGH)
    said = bool(reading.claims.venue or reading.claims.year or reading.claims.authors)
    return beside > 0 and (said or reading.how in ("quoted", "bold"))


def _document_title(found: Sequence[Found], walker: Walker) -> str | None:
    """The first heading's name if it names the document: of level 1, with no papers of its own
    where other headings of level 1 have theirs."""
    first = next(iter(walker.outline.lines), ())
    if len(first) != 1 or first[0][0] != 1:
        return None
    tops = {each.path[0] for each in found if each.path and each.path[0][0] == 1}
    direct = any(each.path == first for each in found)
    return None if direct and len(tops) > 1 else first[0][1]


def _names(path: Path, title: str | None) -> tuple[str, ...]:
    if title is not None and path and path[0] == (1, title):
        path = path[1:]
    return tuple(name for _, name in path)


def _row(found: Found, source: Source, title: str | None) -> Row:
    draft = found.draft
    marks = [m for m in source.marks if draft.line <= m.line <= draft.line_end]
    year = next((y for _, name in reversed(found.path) if (y := headings.year_of(name))), None)
    return row_of(draft, source, _names(found.path, title), marks, year)


def _categories(
    rows: Sequence[Row], found: Sequence[Found], walker: Walker, source: Source, title: str | None
) -> tuple[Category, ...]:
    categories: dict[tuple[str, ...], Category] = {}
    for row, each in zip(rows, found, strict=True):
        if row.category and row.category not in categories:
            line = walker.outline.lines.get(each.path, row.place.line)
            described = walker.descriptions.get(each.path, "")
            categories[row.category] = Category(row.category, Place(source.shown, line), described)
    return tuple(categories.values())


def _problem(skip: Skip, source: Source) -> Problem:
    return Problem(Place(source.shown, skip.line), f"{skip.reason}: {', '.join(skip.urls)}")
