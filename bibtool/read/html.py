"""HTML inside Markdown, and whole pages, to the same blocks: headings, items, tables, paragraphs.

Only the borders of blocks are looked for here; what is inside a cell or an item (links, bold,
images) is read like any other text. Tags may be unclosed or wrongly nested.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from bibtool.patterns import pattern
from bibtool.read.document import Block, Heading, Item, Paragraph, Table, TableRow
from bibtool.read.inline import attributes

TAG = pattern(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})\b([^<>]{0,3000})>")
BLOCK_TAGS = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "td",
        "th",
        "p",
        "div",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "blockquote",
        "body",
        "html",
        "main",
        "details",
        "summary",
        "header",
        "center",
        "caption",
        "figure",
        "hr",
    ]
)
SILENT = ("script", "style", "nav", "footer", "head", "svg", "noscript", "template")
WIDEST = 1000  # columns or rows that a span may claim


class _Cell(Struct):
    text: str
    columns: int
    rows: int
    header: bool


def blocks_of_html(text: str, line: int) -> list[Block]:
    """The blocks of a piece of HTML whose first line is `line` of the file."""
    return _Page(text, line).blocks()


class _Page:
    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.line = line
        self.out: list[Block] = []
        self.kind = "p"  # of the run of text that is being collected
        self.parts: list[str] = []
        self.started: int | None = None  # line of its first sign
        self.depth = 0  # of lists
        self.rows: list[tuple[int, int, list[_Cell]]] | None = None
        self.cell: tuple[int, int, bool] | None = None

    def blocks(self) -> list[Block]:
        at = 0
        silent = ""
        for found in TAG.finditer(self.text):
            name = found[2].lower()
            if silent:
                if found[1] and name == silent:
                    silent, at = "", found.end()
                self._count(found.group())
                continue
            self._take(self.text[at : found.start()])
            at = found.end()
            if name in SILENT and not found[1]:
                silent = name
            elif name in BLOCK_TAGS:
                self._border(name, bool(found[1]), found[0])
            else:
                self.started = self.line if self.started is None else self.started
                self.parts.append(found[0])
            self._count(found[0])
        if not silent:
            self._take(self.text[at:])
        self._flush()
        self._end_table()
        return self.out

    def _take(self, text: str) -> None:
        if text.strip() and self.started is None:
            leading = text[: len(text) - len(text.lstrip())]
            self.started = self.line + leading.count("\n")
        self.parts.append(text.replace("\n", " "))
        self._count(text)

    def _count(self, text: str) -> None:
        self.line += text.count("\n")

    def _border(self, name: str, closing: bool, tag: str) -> None:
        if self.rows is not None and name not in ("table", "tr", "td", "th"):
            self.parts.append("\n" if name in ("p", "li", "div") else " ")
            return
        self._flush()
        if name in ("ul", "ol"):
            self.depth = max(0, self.depth + (-1 if closing else 1))
        elif name == "table":
            self._end_table()
            self.rows = None if closing else []
        elif name == "tr" and not closing and self.rows is not None:
            self.rows.append((self.line, self.line, []))
        elif name in ("td", "th") and not closing:
            self._open_cell(name, tag)
        elif name[0] == "h" and name[1:].isdigit():
            self.kind = "p" if closing else name
        elif name in ("li", "dt", "dd"):
            self.kind = "p" if closing else "li"
        elif self.kind != "li":
            self.kind = "p"

    def _open_cell(self, name: str, tag: str) -> None:
        if self.rows is None:
            self.kind = "p"
            return
        if not self.rows:
            self.rows.append((self.line, self.line, []))
        values = attributes(tag)
        self.cell = (
            _span(values.get("colspan", "1")),
            _span(values.get("rowspan", "1")),
            name == "th",
        )

    def _flush(self) -> None:
        text = "".join(self.parts).strip()
        self.parts = []
        started, self.started = self.started or self.line, None
        if self.rows is not None:
            self._flush_cell(text)
            return
        if not text or not re.search(r"\w|<img|<a", text):
            return
        end = self.line
        text = re.sub(r"[ \t]+", " ", text)
        if self.kind == "li":
            self.out.append(Item(text, started, end, end, False))
        elif self.kind == "p":
            self.out.append(Paragraph(text, started, end))
        else:
            self.out.append(Heading(int(self.kind[1]), text, started, end))

    def _flush_cell(self, text: str) -> None:
        if self.cell is None or not self.rows:
            return
        columns, rows, header = self.cell
        self.cell = None
        first, _, cells = self.rows[-1]
        self.rows[-1] = (first, self.line, [*cells, _Cell(text, columns, rows, header)])

    def _end_table(self) -> None:
        rows, self.rows, self.cell = self.rows, None, None
        if rows:
            self.out.append(_table(rows))
        self.kind = "p"


def _span(text: str) -> int:
    return min(int(text), WIDEST) if text.isascii() and text.isdigit() and int(text) > 0 else 1


def _table(rows: list[tuple[int, int, list[_Cell]]]) -> Table:
    """Rows with their spans filled in; a first row of <th> is the header."""
    filled: list[TableRow] = []
    down: dict[int, tuple[int, str]] = {}  # column -> rows left, text
    for first, last, cells in rows:
        filled.append(TableRow(tuple(_laid_out(cells, down)), first, last))
    header: tuple[str, ...] = ()
    if rows[0][2] and all(cell.header for cell in rows[0][2]):
        header, filled = filled[0].cells, filled[1:]
    return Table(header, tuple(filled), rows[0][0], rows[-1][1])


def _laid_out(cells: list[_Cell], down: dict[int, tuple[int, str]]) -> Iterator[str]:
    column = 0
    waiting = iter(cells)
    cell = next(waiting, None)
    while cell is not None or column in down:
        if column in down:
            left, text = down[column]
            yield text
            if left > 1:
                down[column] = (left - 1, text)
            else:
                del down[column]
            column += 1
            continue
        assert cell is not None
        for offset in range(cell.columns):
            if cell.rows > 1:
                down[column + offset] = (cell.rows - 1, cell.text)
            yield cell.text if offset == 0 else ""
        column += cell.columns
        cell = next(waiting, None)
