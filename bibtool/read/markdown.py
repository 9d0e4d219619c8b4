"""Markdown lists: the blocks of a document, walked, and what was found made into rows."""

import re
from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from bibtool.memo import FORGETFUL, Memo
from bibtool.model import Category, PaperList, Place, Problem, Row
from bibtool.patterns import pattern
from bibtool.read import bibtex, headings, words
from bibtool.read.document import Block, Fence, Markup, blocks_of
from bibtool.read.draft import Skip, row_of
from bibtool.read.entry import Texts
from bibtool.read.findings import Found
from bibtool.read.folds import regions_in, unfolded
from bibtool.read.html import blocks_of_html
from bibtool.read.outline import Outline, Path
from bibtool.read.overlooked import overlooked
from bibtool.read.source import Source, marked_source
from bibtool.read.titles import LONG, is_title_like
from bibtool.read.walk import Walker

UNSURE = "no link here is surely a paper's, and no paper stands beside it"


def read(text: str, shown: str, memo: Memo = FORGETFUL) -> PaperList:
    marked = marked_source(text, shown)
    source, folds = unfolded(marked)
    source, regions = regions_in(source)
    found = blocks_of(source, memo)
    blocks: list[Block] = []
    for block in found.blocks:
        blocks += _opened(block)
    for region in regions:
        blocks += blocks_of_html(region.text, region.line)
    blocks.sort(key=lambda block: block.line)
    marked_lines = sorted({mark.line for mark in marked.marks})
    walker = Walker(Outline(folds), Texts(found.references, memo), marked_lines)
    walker.walk(blocks)
    return finished(walker, marked, written_as_text=True)


def _opened(block: Block) -> list[Block]:
    return blocks_of_html(block.text, block.line) if isinstance(block, Markup) else [block]


def finished(walker: Walker, source: Source, *, written_as_text: bool = False) -> PaperList:
    """What the walk found, settled; in text every address is looked at once more."""
    names = " ".join([source.shown, *(name for path in walker.outline.lines for _, name in path)])
    kept, dropped = _settled(walker.found, names)
    title = _document_title(kept, walker)
    rows = tuple(_row(found, source, title) for found in kept)
    cited = _from_bibtex(walker, source, title, rows)
    skips = [*walker.skipped, *dropped]
    if written_as_text:
        skips += overlooked(source, rows, skips)
    return PaperList(
        source.shown,
        tuple(sorted((*rows, *cited), key=lambda row: row.place.line)) if cited else rows,
        _categories(rows, kept, walker, source, title),
        tuple(_problem(skip, source) for skip in sorted(skips, key=lambda skip: skip.line)),
        source.problems,
    )


def _from_bibtex(
    walker: Walker, source: Source, title: str | None, rows: Sequence[Row]
) -> list[Row]:
    """The entries of BibTeX in the list that say more than the rows above them do."""
    known = {which for row in rows for which in row.claim.identifiers}
    titles = {row.claim.title.casefold() for row in rows}
    return [
        row
        for fence, path in walker.fences
        for row in bibtex.rows_in(fence.text, source.shown, _first_line(fence), _names(path, title))
        if not known.intersection(row.claim.identifiers)
        and row.claim.title.casefold() not in titles
    ]


def _first_line(fence: Fence) -> int:
    """The line on which the text of a fence begins."""
    return (
        fence.line if fence.text.count("\n") + 1 > fence.line_end - fence.line else fence.line + 1
    )


def _settled(found: Sequence[Found], names: str) -> tuple[list[Found], list[Skip]]:
    """Unsure drafts are entries where their section is a list of papers."""
    sections = _sections(found)
    everywhere = sum(each.sure for each in found)
    kept: list[Found] = []
    dropped: list[Skip] = []
    for each in found:
        section = sections[each.path]
        if each.sure or _is_at_home(each, section, everywhere, papers=bool(PAPERS.search(names))):
            kept.append(each)
        elif urls := tuple(link.url for link in each.draft.papers):
            dropped.append(Skip(each.draft.line, UNSURE, urls))
    return kept, dropped


class Section(Struct):
    """Counts of what stands under one heading."""

    sure: int = 0
    unsure: int = 0
    said: int = 0  # unsure ones that name a venue, a year or people
    long: int = 0  # unsure ones whose titles are long enough to be nothing else


def _sections(found: Sequence[Found]) -> dict[Path, Section]:
    sections: dict[Path, Section] = defaultdict(Section)
    for each in found:
        section = sections[each.path]
        if each.sure:
            section.sure += 1
        else:
            section.unsure += 1
            section.said += _says_where_or_who(each)
            section.long += words.count(each.draft.title) >= LONG_TITLE
    return sections


ENOUGH = 3  # papers elsewhere in the list that make an unsure link under its own heading one
LONG_TITLE = 5  # words
MOST = 0.6  # share of a section's items that make the rest of them what they are
PAPERS = pattern(
    r"\bpapers?\b|reading list|\breadings\b|bibliograph|publications?\b|literature|\breferences\b"
    r"|论文|文献|論文|논문|문헌|literatur|lecturas|artículos|articles scientifiques",
    re.IGNORECASE,
)


def _is_at_home(found: Found, section: Section, everywhere: int, *, papers: bool) -> bool:
    reading = found.reading
    if reading is None:
        return False
    title = found.draft.title
    if reading.lead is not None and reading.lead.role == "unsure":
        long = words.count(title) >= LONG_TITLE - 1 or len(title) >= LONG
        return is_title_like(title) and long and (section.sure > 0 or everywhere >= ENOUGH)
    if section.sure > 0 and (_says_where_or_who(found) or reading.how in ("quoted", "bold")):
        return True
    if not reading.links and section.sure >= section.unsure:
        return True  # jotted down among papers, the link to be added
    if section.unsure < ENOUGH - 1:
        return False
    if section.said >= MOST * section.unsure:
        return _says_where_or_who(found) or words.count(title) >= ENOUGH
    if words.count(title) < ENOUGH:
        return False
    return papers and not everywhere and section.long >= MOST * section.unsure


def _says_where_or_who(found: Found) -> bool:
    draft = found.draft
    return bool(draft.venue or draft.year or draft.authors)


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
