"""A new row of a table: each cell by what its column holds, spaced as in the row before. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bibtool.model import Row
from bibtool.read import tables, venue, words
from bibtool.read.document import CELL_BORDER, Block, Item, Table, blocks_of
from bibtool.read.links import PAPER
from bibtool.read.source import marked_source
from bibtool.render.markdown import to_md
from bibtool.rows import shapes
from bibtool.rows.shapes import LINK, TITLE, NewRow


class Grid(Struct, frozen=True):
    """A table of a list, with the lines its rows stand on."""

    header: tuple[str, ...]
    lines: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]


def grid_at(text: str, line: int, shown: str) -> Grid | None:
    """The table that has a row on `line`."""
    for table in _tables(blocks_of(marked_source(text, shown)).blocks):
        if any(row.line == line for row in table.rows):
            lines = tuple(row.line for row in table.rows)
            return Grid(table.header, lines, tuple(row.cells for row in table.rows))
    return None


def table_rows(grid: Grid, line: str, row: Row, new: NewRow) -> Iterator[str]:
    """Lines for the new row, the best first; `line` is how `row` stands in the list."""
    lead, raw, tail = _cut(line)
    kinds = tables.columns_of(grid.header)
    home = _column_of_links(grid)
    titled = _column_of_titles(kinds, raw, row, home)
    for plainly in (False, True):
        made = [
            _cell(at, cell, kinds.get(at, ""), row, new, _Plan(grid, home, titled, plainly))
            for at, cell in enumerate(raw)
        ]
        yield lead + "|".join(_spaced(new, old) for new, old in zip(made, raw, strict=True)) + tail


class _Plan(Struct, frozen=True):
    grid: Grid
    home: int  # column of the papers' links; -1 if there is none
    titled: int  # column of the titles
    plainly: bool


def _tables(blocks: Sequence[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Item):
            yield from _tables(block.blocks)


def _cut(line: str) -> tuple[str, list[str], str]:
    """A table's line as what stands before its first cell, its cells as they are, what follows."""
    opening = re.match(r"^[ \t]*(?:>[ \t]*)*\|?", line)
    lead = opening[0] if opening else ""
    rest = line[len(lead) :]
    closing = re.search(r"(?<!\\)\|[ \t]*(?:<!--.*-->)?[ \t]*$", rest)
    body = rest[: closing.start()] if closing else rest
    return lead, CELL_BORDER.split(body), "|" if closing else ""


def _column_of_links(grid: Grid) -> int:
    counts: Counter[int] = Counter()
    for cells in grid.cells:
        for at, raw in enumerate(cells):
            counts[at] += any(link.role == PAPER for link in tables.cell_of(raw, {}).links)
    best = max(counts, key=lambda at: (counts[at], -at), default=-1)
    return best if best >= 0 and counts[best] else -1


def _column_of_titles(kinds: dict[int, str], raw: Sequence[str], row: Row, home: int) -> int:
    for wanted in (tables.TITLE, tables.PAPER_COLUMN):
        for at, kind in kinds.items():
            if kind == wanted and at < len(raw) and (wanted == tables.TITLE or at != home):
                return at
    holding = (at for at, cell in enumerate(raw) if shapes.skeleton(cell, row, linked=False))
    return next(holding, max(home, 0))


def _cell(at: int, raw: str, kind: str, row: Row, new: NewRow, plan: _Plan) -> str:
    if at == plan.titled:
        return _title_cell(raw, row, new, plan, linked=plan.home in (at, -1))
    if at == plan.home:
        return f"[{_label(raw, new)}]({shapes.url_of(new.identifier, _url_in(raw, row))})"
    if kind == tables.YEAR:
        dated = re.search(r"\d{4}-\d{2}(?!\d)", raw) and new.month and new.year
        return f"{new.year}-{new.month:02d}" if dated else str(new.year or "")
    if kind == tables.VENUE:
        return to_md(new.venue)
    if kind == tables.AUTHORS:
        return to_md(", ".join(new.authors))
    return _nothing(at, plan.grid)


def _title_cell(raw: str, row: Row, new: NewRow, plan: _Plan, *, linked: bool) -> str:
    shape = shapes.skeleton(raw.strip(), row, linked=linked)
    shape = re.sub(r"^(?:<br\s*/?>\s*)+|(?:\s*<br\s*/?>)+$", "", shape.strip())
    if plan.plainly or not shape or not shapes.is_list_own(shape, ()):
        shape = f"[{TITLE}]({LINK})" if linked else TITLE
    return shapes.filled(shape, new, _url_in(raw, row))


def _label(raw: str, new: NewRow) -> str:
    """What the link is called: as the row before calls its own, "CVPR-2025" or "2025" or "pdf"."""
    label = next((link.label for link in tables.cell_of(raw, {}).links if link.role == PAPER), "")
    if label and words.is_label(label) and not venue.is_claim(label):
        return to_md(label)
    year = str(new.year or "")
    published = new.venue and new.venue.lower() != "arxiv"
    return to_md(f"{new.venue}-{year}" if published and year else year or new.venue) or "paper"


def _url_in(raw: str, row: Row) -> str:
    return next((url for url in row.urls if url in raw), "")


def _nothing(at: int, grid: Grid) -> str:
    """How this table writes an empty cell: "", "-" or "N/A"."""
    empty = [c[at] for c in grid.cells if at < len(c) and words.says_nothing(c[at])]
    return Counter(empty).most_common(1)[0][0].strip() if empty else ""


def _spaced(cell: str, old: str) -> str:
    """`cell` with the blanks that the row before has around it."""
    before = re.match(r"\s*", old)
    if not old.strip():
        pad = " " if old else ""
        return f"{pad}{cell}{pad}" if cell else pad
    start = before[0] if before else ""
    end = old[len(old.rstrip()) :]
    return f"{start}{cell}{end}" if cell else (start and " ")
