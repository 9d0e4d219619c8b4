"""A Markdown text to blocks with line numbers: headings, items, tables, paragraphs, fences, HTML.

markdown-it-py finds the blocks; what is inside them is read from the source lines, because a
parser that follows the standard drops the cells and brackets that curators get wrong.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import table
from markdown_it.token import Token
from msgspec import Struct

from bibtool.read import inline
from bibtool.read.source import Source


class Heading(Struct, frozen=True):
    level: int
    text: str
    line: int  # from 1, like every line here
    line_end: int


class Paragraph(Struct, frozen=True):
    text: str
    line: int
    line_end: int
    quoted: bool = False


class Item(Struct, frozen=True):
    """A list item: its own first paragraph, and what hangs under it."""

    text: str
    line: int
    text_end: int  # last line of `text`
    line_end: int  # last line of everything in it
    ordered: bool
    blocks: tuple["Block", ...] = ()


class TableRow(Struct, frozen=True):
    cells: tuple[str, ...]
    line: int
    line_end: int


class Table(Struct, frozen=True):
    header: tuple[str, ...]  # empty where the list gives none
    rows: tuple[TableRow, ...]
    line: int
    line_end: int


class Fence(Struct, frozen=True):
    info: str
    text: str
    line: int
    line_end: int


class Markup(Struct, frozen=True):
    """A block of HTML as it stands."""

    text: str
    line: int
    line_end: int


Block = Heading | Paragraph | Item | Table | Fence | Markup

CELL_BORDER = re.compile(r"(?<!\\)\|")
RULER_CELL = re.compile(r"\s*:?-+:?\s*")
QUOTE_MARKS = re.compile(r"^(?:\s{0,3}>)+\s?")


DEEPEST = 60  # blocks in blocks


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # A table ends a lazy "> quote" line, as readers of the list mean it to.
    parser.block.ruler.at("table", table, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.options["maxNesting"] = DEEPEST
    return parser


def blocks_of(source: Source) -> tuple[tuple[Block, ...], Mapping[str, str]]:
    """The blocks of a source, and the addresses of its `[label]: url` lines by folded label."""
    environment: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _parser().parse(source.text, environment)
    references = {
        inline.folded(label): value["href"]
        for label, value in environment.get("references", {}).items()
    }
    return tuple(_Builder(tokens, source.lines).blocks()), references


def _indented(text: str, start: int) -> Iterator[Block]:
    """The blocks of an indented text that begins at line `start`, counted from 0."""
    lines = [line.lstrip() for line in text.split("\n")]
    tokens = _parser().parse("\n".join(lines), {})
    yield from _Builder(tokens, lines, start).blocks()


class _Builder:
    """Walks the flat tokens of markdown-it once."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str], offset: int = 0) -> None:
        self.tokens = tokens
        self.lines = lines
        self.offset = offset  # of the first line in the whole document
        self.at = 0
        self.quotes = 0

    def blocks(self, until: str = "") -> Iterator[Block]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == until:
                return
            if token.type == "blockquote_open":
                self.quotes += 1
            elif token.type == "blockquote_close":
                self.quotes -= 1
            elif token.map:
                yield from self._block(token, token.map[0], self.offset + token.map[1])

    def _block(self, token: Token, start: int, end: int) -> Iterator[Block]:
        """The blocks at `token`; `start` counts from 0 here, `end` from 1 in the file."""
        line = self.offset + start + 1
        match token.type:
            case "heading_open":
                yield Heading(int(token.tag[1]), self.tokens[self.at].content, line, end)
            case "paragraph_open":
                yield Paragraph(self.tokens[self.at].content, line, end, quoted=self.quotes > 0)
            case "list_item_open":
                yield self._item(token, line)
            case "table_open":
                yield from self._table(start)
            case "fence":
                yield Fence(token.info.strip(), token.content, line, end)
            case "code_block":  # curators indent by accident; a code block has a fence
                yield from _indented(token.content, line - 1)
            case "html_block":
                yield Markup(token.content, line, end)

    def _item(self, token: Token, line: int) -> Item:
        inner = list(self.blocks(until="list_item_close"))
        ordered = token.markup in (".", ")")
        if not inner:
            return Item("", line, line, line, ordered)
        end = max(block.line_end for block in inner)
        first = inner[0]
        if isinstance(first, Paragraph):
            return Item(first.text, line, first.line_end, end, ordered, tuple(inner[1:]))
        return Item("", line, line, end, ordered, tuple(inner))

    def _table(self, start: int) -> Iterator[Block]:
        header = cells_of(self._line(start))
        rows: list[TableRow] = []
        stray: list[Paragraph] = []
        last = start + 1
        while self.tokens[self.at].type != "table_close":
            token = self.tokens[self.at]
            self.at += 1
            if token.type != "tr_open" or not token.map or token.map[0] < start + 2:
                continue
            last = token.map[0]
            text, line = self._line(last), self.offset + last + 1
            if CELL_BORDER.search(text):
                rows.append(TableRow(cells_of(text), line, line))
            else:  # the standard makes a row of any line right under a table
                stray.append(Paragraph(text.strip(), line, line))
        self.at += 1
        yield Table(header, tuple(rows), self.offset + start + 1, self.offset + last + 1)
        yield from stray

    def _line(self, number: int) -> str:
        line = self.lines[number]
        return QUOTE_MARKS.sub("", line) if self.quotes else line


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a table row, one for each bar, whatever the header says."""
    line = line.strip()
    cells = CELL_BORDER.split(line)
    if line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def is_ruler(cells: Sequence[str]) -> bool:
    return bool(cells) and all(RULER_CELL.fullmatch(cell) for cell in cells)
