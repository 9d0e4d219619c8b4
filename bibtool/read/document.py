"""A Markdown text to blocks with line numbers: headings, items, tables, paragraphs, fences, HTML.

markdown-it-py finds the blocks; what is inside them is read from the source lines, because a
parser that follows the standard drops the cells and brackets that curators get wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial

from markdown_it import MarkdownIt
from markdown_it.rules_block import table
from markdown_it.token import Token
from msgspec import Struct
from msgspec.structs import replace

from bibtool.memo import FORGETFUL, Memo
from bibtool.patterns import pattern
from bibtool.read import inline
from bibtool.read.pieces import pieces_of, without_cells
from bibtool.read.source import Source


class Heading(Struct, frozen=True, tag=True):
    level: int
    text: str
    line: int  # from 1, like every line here
    line_end: int


class Paragraph(Struct, frozen=True, tag=True):
    text: str
    line: int
    line_end: int
    quoted: bool = False


class Item(Struct, frozen=True, tag=True):
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


class Table(Struct, frozen=True, tag=True):
    header: tuple[str, ...]  # empty where the list gives none
    rows: tuple[TableRow, ...]
    line: int
    line_end: int


class Fence(Struct, frozen=True, tag=True):
    info: str
    text: str
    line: int
    line_end: int


class Markup(Struct, frozen=True, tag=True):
    """A block of HTML as it stands."""

    text: str
    line: int
    line_end: int


Block = Heading | Paragraph | Item | Table | Fence | Markup

CELL_BORDER = pattern(r"(?<!\\)\|")
RULER_CELL = pattern(r"\s*:?-+:?\s*")
QUOTE_MARKS = pattern(r"^(?:\s{0,3}>)+\s?")


DEEPEST = 60  # blocks in blocks


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # A table ends a lazy "> quote" line, as readers of the list mean it to.
    parser.block.ruler.at("table", table, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.options["maxNesting"] = DEEPEST
    return parser


class Parsed(Struct, frozen=True):
    """A text's blocks, and the addresses of its `[label]: url` lines by folded label."""

    blocks: tuple[Block, ...]
    references: Mapping[str, str]


def blocks_of(source: Source, memo: Memo = FORGETFUL) -> Parsed:
    """What `source` holds; `memo` knows the pieces of it that were parsed before."""
    blocks: list[Block] = []
    references: dict[str, str] = {}
    for before, lines in pieces_of(source.lines):
        piece = _piece(lines, memo)
        blocks += (_moved(block, before) for block in piece.blocks)
        references = {**piece.references, **references}  # of a label's lines the first one counts
    return Parsed(tuple(blocks), references)


class _Shape(Struct, frozen=True):
    """Of lines without cells: the blocks they make, with no cells either; None where cells
    decide, since not all that seem to be rows are."""

    found: Parsed | None


def _piece(lines: Sequence[str], memo: Memo) -> Parsed:
    bare, rows = without_cells(lines)
    if rows:
        shape = memo.recall(("rows", bare), _Shape, partial(_shape, lines, frozenset(rows)))
        if shape.found is not None:
            blocks = (_with_cells(block, lines) for block in shape.found.blocks)
            return replace(shape.found, blocks=tuple(blocks))
    return memo.recall(("blocks", lines), Parsed, partial(parsed, lines))


def _shape(lines: Sequence[str], rows: frozenset[int]) -> _Shape:
    found = parsed(lines)
    tables = (block for block in found.blocks if isinstance(block, Table))
    if not rows <= {row.line for table in tables for row in table.rows}:
        return _Shape(None)
    bare = (_without_cells(block, rows) for block in found.blocks)
    return _Shape(replace(found, blocks=tuple(bare)))


def _without_cells(block: Block, rows: frozenset[int]) -> Block:
    if not isinstance(block, Table):
        return block
    bare = (replace(r, cells=()) if r.line in rows else r for r in block.rows)
    return replace(block, rows=tuple(bare))


def _with_cells(block: Block, lines: Sequence[str]) -> Block:
    if not isinstance(block, Table):
        return block
    full = (r if r.cells else replace(r, cells=cells_of(lines[r.line - 1])) for r in block.rows)
    return replace(block, rows=tuple(full))


def parsed(lines: Sequence[str]) -> Parsed:
    """What markdown-it finds in `lines`."""
    environment: dict[str, dict[str, dict[str, str]]] = {}
    tokens = _parser().parse("\n".join(lines), environment)
    references = {
        inline.folded(label): value["href"]
        for label, value in environment.get("references", {}).items()
    }
    return Parsed(tuple(_Builder(tokens, lines).blocks()), references)


def _moved(block: Block, by: int) -> Block:
    """The same block, so many lines further down."""
    line, line_end = block.line + by, block.line_end + by
    if isinstance(block, Item):
        within = tuple(_moved(each, by) for each in block.blocks)
        end = block.text_end + by
        return replace(block, line=line, line_end=line_end, text_end=end, blocks=within)
    if isinstance(block, Table):
        rows = tuple(TableRow(r.cells, r.line + by, r.line_end + by) for r in block.rows)
        return replace(block, line=line, line_end=line_end, rows=rows)
    return replace(block, line=line, line_end=line_end)


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
    escaped = "\\" in line  # which most rows do without
    cells = CELL_BORDER.split(line) if escaped else line.split("|")
    if line.startswith("|"):
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    if escaped:
        cells = [cell.replace("\\|", "|") for cell in cells]
    return tuple(map(str.strip, cells))


def is_ruler(cells: Sequence[str]) -> bool:
    return bool(cells) and all(RULER_CELL.fullmatch(cell) for cell in cells)
