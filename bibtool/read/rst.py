"""reStructuredText to the same blocks: docutils reads it, its tree is written as our texts."""

import re
from collections.abc import Iterator

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from bibtool.errors import Unreadable
from bibtool.model import PaperList, Place
from bibtool.read.document import Block, Fence, Heading, Item, Paragraph, Table, TableRow
from bibtool.read.entry import Texts
from bibtool.read.markdown import finished
from bibtool.read.outline import Outline
from bibtool.read.source import plain_source
from bibtool.read.walk import Walker

# Nothing is fetched, included or run, and nothing is printed.
SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "input_encoding": "unicode",
    "smart_quotes": False,
    "doctitle_xform": False,
    "line_length_limit": 10_000_000,
}


def read(text: str, shown: str) -> PaperList:
    source = plain_source(text, shown)
    try:
        tree = publish_doctree(source.text, settings_overrides=SETTINGS)
    except (SystemMessage, RecursionError) as error:
        raise Unreadable(Place(shown, 1), f"docutils cannot read this: {error}") from error
    blocks = sorted(_Tree(source.lines).blocks(tree, 1), key=lambda block: block.line)
    walker = Walker(Outline(), Texts({}))
    walker.walk(blocks)
    return finished(walker, source)


class _Tree:
    def __init__(self, lines: tuple[str, ...]) -> None:
        self.lines = lines
        self.line = 1  # the last one known: docutils does not number every node

    def blocks(self, parent: nodes.Element, level: int) -> Iterator[Block]:
        for node in parent.children:
            if isinstance(node, nodes.Element):
                yield from self._block(node, level)

    def _block(self, node: nodes.Element, level: int) -> Iterator[Block]:
        match node:
            case nodes.section():
                yield from self.blocks(node, level + 1)
            case nodes.title():
                line = self._line(node)
                yield Heading(max(1, level - 1), inline_text(node), line, line)
            case nodes.paragraph() | nodes.line_block():
                line = self._line(node)
                text = inline_text(node)
                yield Paragraph(text, line, line + node.rawsource.count("\n"))
            case nodes.bullet_list() | nodes.enumerated_list():
                for item in node.children:
                    if isinstance(item, nodes.Element):
                        yield self._item(item, isinstance(node, nodes.enumerated_list), level)
            case nodes.definition_list_item():
                term = " ".join(inline_text(n) for n in node.findall(nodes.term))
                body = "\n".join(inline_text(n) for n in node.findall(nodes.paragraph))
                line = self._line(node)
                yield Item(f"{term}\n{body}", line, line, line, False)
            case nodes.table():
                yield from self._table(node)
            case (
                nodes.literal_block() | nodes.comment() | nodes.footnote() | nodes.system_message()
            ):
                if not isinstance(node, nodes.comment):
                    line = self._line(node)
                    yield Fence("", node.astext(), line, line)
            case _:
                yield from self.blocks(node, level)

    def _item(self, node: nodes.Element, ordered: bool, level: int) -> Item:
        line = self._line(node)
        inner = list(self.blocks(node, level))
        end = max([line, *(block.line_end for block in inner)])
        if inner and isinstance(inner[0], Paragraph):
            return Item(inner[0].text, line, inner[0].line_end, end, ordered, tuple(inner[1:]))
        return Item("", line, line, end, ordered, tuple(inner))

    def _table(self, node: nodes.Element) -> Iterator[Block]:
        header: tuple[str, ...] = ()
        rows: list[TableRow] = []
        for row in node.findall(nodes.row):
            texts = [e for e in row.children if isinstance(e, nodes.Element)]
            paragraphs = [p for e in texts for p in e.findall(nodes.paragraph)]
            line = self._line(paragraphs[0]) if paragraphs else self.line
            cells = tuple(
                " ".join(inline_text(p) for p in e.findall(nodes.paragraph)) for e in texts
            )
            if isinstance(row.parent, nodes.thead):
                header = cells
            else:
                rows.append(TableRow(cells, line, line))
        if rows:
            yield Table(header, tuple(rows), rows[0].line, rows[-1].line_end)

    def _line(self, node: nodes.Element) -> int:
        """The line of a node, from 1; of one without, the line of the next inside it."""
        for candidate in (node, *node.findall(nodes.Element)):
            if candidate.line:
                self.line = min(max(1, candidate.line), len(self.lines))
                break
        return self.line


def inline_text(node: nodes.Element) -> str:
    """The inside of a node, written as the Markdown that our scanner reads."""
    return "".join(_inline(child) for child in node.children).strip()


def _inline(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return re.sub(r"([\[\]*_`\\<>|])", r"\\\1", node.astext())
    if not isinstance(node, nodes.Element):
        return ""
    inside = "".join(_inline(child) for child in node.children)
    match node:
        case nodes.reference():
            url = node.get("refuri", "")
            if not url:
                return inside
            return f"<{url}>" if node.astext() == url else f"[{inside}](<{url}>)"
        case nodes.strong():
            return f"**{inside}**"
        case nodes.emphasis() | nodes.title_reference():
            return f"*{inside}*"
        case nodes.image():
            return ""
        case nodes.line():
            return inside + "\n"
        case (
            nodes.footnote_reference()
            | nodes.citation_reference()
            | nodes.target()
            | nodes.problematic()
        ):
            return ""
        case _:
            return inside
