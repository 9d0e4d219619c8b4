"""Tables: the header's words decide the columns; ragged rows are read by their content."""

import re
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct

from bibtool.identify import identifiers_in
from bibtool.patterns import pattern
from bibtool.read import venue, words
from bibtool.read.claims import Claims
from bibtool.read.cut import without_claims
from bibtool.read.document import Paragraph, Table, TableRow, cells_of, is_ruler
from bibtool.read.draft import Draft
from bibtool.read.entry import Texts
from bibtool.read.inline import Piece, pieces
from bibtool.read.links import EMPTY, PAPER, UNSURE, Link, link_of
from bibtool.read.people import names_in
from bibtool.read.titles import is_title_like, tidy
from bibtool.read.vocabulary import names, worded

# The names of columns in words.toml.
TITLE, PAPER_COLUMN, SHORT, LINK = "title", "paper", "short", "link"
VENUE, YEAR, AUTHORS, NOTES, DATASET = "venue", "year", "authors", "notes", "dataset"
HEADER = r"^{}(?:\s?[/&(（+,].*)?$"  # "Code / Project", "Venue (year)"
BARRED = pattern(r"^[\d\s.,%±+*/()<>=~×kKMBGbx-]+$")  # numbers: scores, sizes, stars


# In its first words, before any sentence ends.
SPEAKS_OF_DATASETS = pattern(
    r"^[^.。！!?？]{0,120}(?:\bdatasets?\b|数据集|データセット|데이터셋)", re.IGNORECASE
)


class Cell(Struct):
    """A cell with its links; `plain` is its text with link labels and without images."""

    raw: str
    found: list[Piece]
    links: list[Link]
    plain: str


def columns_of(header: Sequence[str]) -> dict[int, str]:
    """Column number -> what it holds, for the columns whose header is understood; each kind once,
    links as often as they come."""
    columns: dict[int, str] = {}
    for number, text in enumerate(header):
        plain = words.bare("".join(p.text for p in pieces(text) if p.kind != "image"))
        for column in names("columns"):
            taken = column != LINK and column in columns.values()
            if not taken and worded("columns", column, HEADER).match(plain):
                columns[number] = column
                break
    return columns


class RowRead(Struct):
    """What one row says under its header, wherever it stands."""

    draft: Draft | None  # as if at line 0
    identified: bool  # a paper, by a link or by what a column of links says without one
    promised: bool  # a link without an address


def read_table(table: Table, header: Sequence[str], texts: Texts) -> list[Draft]:
    """The rows of a table under `header`; none if the table holds no papers."""
    columns = columns_of(header)
    width = len(header)
    read: list[RowRead] = []
    for row in table.rows:
        given = ("table row", texts.told, row.cells, columns, width)
        read_it = partial(_row_read, row.cells, columns, width, texts.references)
        read.append(texts.memo.recall(given, RowRead, read_it))
    if not _holds_papers(columns, read):
        return []
    return [
        _at(row.line, row.line_end, told.draft)
        for row, told in zip(table.rows, read, strict=True)
        if told.draft is not None
    ]


def _at(line: int, line_end: int, draft: Draft) -> Draft:
    draft.line, draft.line_end = line, line_end
    return draft


def _row_read(
    raw: Sequence[str], columns: Mapping[int, str], width: int, references: Mapping[str, str]
) -> RowRead:
    cells = [cell_of(text, references) for text in raw]
    roles = {link.role for cell in cells for link in cell.links}
    draft = _row(cells, columns, width)
    identified = PAPER in roles or bool(draft and draft.extra)
    return RowRead(draft, identified, EMPTY in roles)


def read_record(keys: Sequence[str], values: Sequence[str], line: int, end: int) -> Draft | None:
    """A record outside any table, its keys read like headers; None if it is no paper."""
    columns = columns_of(keys)
    if not set(columns.values()) & {TITLE, PAPER_COLUMN, LINK}:
        return None
    draft = _row([cell_of(value, {}) for value in values], columns, len(keys))
    if draft is None:
        return None
    named = TITLE in columns.values() and draft.title
    return _at(line, end, draft) if draft.papers or draft.extra or named else None


def loose_rows(paragraph: Paragraph) -> tuple[TableRow, ...]:
    """The rows of a table that goes on after a stray line, or nothing."""
    rows: list[TableRow] = []
    for offset, line in enumerate(paragraph.text.split("\n")):
        cells = cells_of(line)
        if len(cells) < 2 or not line.strip().startswith("|"):
            return ()
        if not is_ruler(cells):
            rows.append(TableRow(cells, paragraph.line + offset, paragraph.line + offset))
    return tuple(rows)


def cell_of(raw: str, references: Mapping[str, str]) -> Cell:
    found = pieces(raw, references)
    links: list[Link] = []
    before = ""
    for at, piece in enumerate(found):
        if piece.kind == "link":
            links.append(link_of(piece, at, words.bare(piece.text or before)))
        before = piece.text if piece.kind == "text" else ""
    plain = "".join(p.text for p in found if p.kind != "image" and not p.image)
    return Cell(raw, found, links, " ".join(plain.split()))


def _holds_papers(columns: Mapping[int, str], rows: Sequence[RowRead]) -> bool:
    """A table without any paper link holds no papers, unless its header names titles."""
    if any(row.identified for row in rows):
        return True
    kinds = set(columns.values())
    empty = any(row.promised for row in rows)
    return TITLE in kinds and (empty or bool(kinds & {VENUE, YEAR, AUTHORS, PAPER_COLUMN}))


def _row(cells: list[Cell], columns: Mapping[int, str], width: int) -> Draft | None:
    draft = Draft(0, 0)
    ragged = bool(width) and len(cells) != width
    by_column = _assigned(cells, columns)
    for kind, column in by_column:
        _take(draft, kind, column)
    taken = [cell for _, cell in by_column]
    _title(
        draft, by_column, [cell for cell in cells if cell not in taken] if columns else cells, cells
    )
    if ragged:
        _mend(draft, columns)
        draft.problems.append(f"{len(cells)} cells under {width} headers; read by what they hold")
    if draft.title or draft.papers or draft.extra:
        return draft
    return None


def _assigned(cells: Sequence[Cell], columns: Mapping[int, str]) -> list[tuple[str, Cell]]:
    return [(columns[at], cell) for at, cell in enumerate(cells) if at in columns]


def _take(draft: Draft, kind: str, cell: Cell) -> None:
    """Put one cell where its column says, as far as its content allows."""
    if kind == NOTES:
        draft.notes += [] if words.says_nothing(cell.plain) else [cell.plain]
        return
    draft.take(_own_links(cell))
    if kind == VENUE:
        _venue(draft, cell.plain)
    elif kind == YEAR:
        draft.year = draft.year if draft.year is not None else venue.year_in(cell.plain)
        if not venue.is_date(cell.plain) and not words.says_nothing(cell.plain):
            _venue(draft, cell.plain)
    elif kind == AUTHORS:
        draft.authors = names_in(cell.plain)
    elif kind == DATASET:
        draft.dataset = "" if words.says_nothing(cell.plain) else cell.plain
    elif kind in (LINK, PAPER_COLUMN):
        _labels(draft, cell)
        if not cell.links:
            draft.extra += [i for i in identifiers_in(cell.plain)[0] if i not in draft.extra]


def _own_links(cell: Cell) -> list[Link]:
    return [link for link in cell.links if link.role != UNSURE]


def _labels(draft: Draft, cell: Cell) -> None:
    """A link's text may be the venue and the year: "CVPR-2024", "2025"."""
    for link in cell.links:
        if link.role in (PAPER, EMPTY, UNSURE) and venue.is_claim(link.label):
            _venue(draft, link.label)


def _venue(draft: Draft, text: str) -> None:
    if words.says_nothing(text):
        return
    name, year = venue.split(text)
    if not draft.venue and name and not BARRED.match(name) and len(name) <= 150:
        draft.venue = name
    if draft.year is None:
        draft.year = year


def _title(
    draft: Draft,
    assigned: Sequence[tuple[str, Cell]],
    others: Sequence[Cell],
    every: Sequence[Cell],
) -> None:
    """The title cell's text; a paper cell's; else the longest text that can be a title."""
    by_kind = dict(assigned)
    for kind in (TITLE, PAPER_COLUMN):
        if kind in by_kind and (title := _title_in(by_kind[kind], sure=kind == TITLE)):
            draft.title = title
            break
    short = _short_in(by_kind)
    if not draft.title:
        longest = max((_title_in(c, sure=False) for c in (others or every)), key=len, default="")
        if not longest and others:
            texts = [c for k, c in assigned if k in (SHORT, LINK, TITLE)] or every
            longest = max((_title_in(c, sure=False) for c in texts), key=len, default="")
        draft.title = longest
    if not draft.title and short and draft.papers:
        draft.title, short = short, ""
    draft.title, claims = without_claims(draft.title, Claims(draft.venue, draft.year))
    draft.venue, draft.year = claims.venue, claims.year
    draft.short = short if short != draft.title else ""
    _unsure(draft, by_kind)


ENOUGH = 3  # words of a bold run in a cell that make it the title, the rest a remark


def _short_in(by_kind: Mapping[str, Cell]) -> str:
    cell = by_kind.get(SHORT)
    if cell is None or words.says_nothing(cell.plain) or BARRED.match(cell.plain):
        return ""
    text = tidy(cell.plain)
    return re.sub(r"\s*\([^()]*(?:19|20)\d{2}[^()]*\)$", "", text) or text


def _title_in(cell: Cell, *, sure: bool) -> str:
    """The title that a cell holds. `sure`: its header says so, so that one word is enough."""
    links = [
        piece.text
        for piece in cell.found
        if piece.kind == "link"
        and not piece.image
        and piece.text
        and not words.is_label(piece.text)
    ]
    bold = [piece.text for piece in cell.found if piece.kind == "text" and piece.bold]
    texts = [*links, *(text for text in bold if words.count(text) >= ENOUGH), cell.plain]
    for text in texts:
        plain = tidy(text)
        if not plain or BARRED.match(plain) or words.says_nothing(plain):
            continue
        if venue.looks_like(plain) and not (sure and words.count(plain) > 2):
            continue
        if is_title_like(plain) or (sure and not words.is_label(plain)):
            return plain
    return ""


def _unsure(draft: Draft, by_kind: Mapping[str, Cell]) -> None:
    """A link to an unknown place in the title's or the paper's column is the paper's."""
    if draft.papers:
        return
    for kind in (TITLE, PAPER_COLUMN):
        if kind in by_kind:
            unsure = [link for link in by_kind[kind].links if link.role == UNSURE]
            draft.papers += unsure


def _mend(draft: Draft, columns: Mapping[int, str]) -> None:
    """With a cell too few, what speaks of datasets under another header is the dataset."""
    if DATASET not in columns.values() or draft.dataset or len(draft.notes) != 1:
        return
    if SPEAKS_OF_DATASETS.match(draft.notes[0]):
        draft.dataset = draft.notes.pop()
