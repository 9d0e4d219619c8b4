"""Markdown lists: walks the blocks of a document under its headings and asks the families."""

from collections.abc import Iterable, Mapping, Sequence

from bibtool.model import Category, PaperList, Place, Problem, Row
from bibtool.read import bare, headings, tables
from bibtool.read.document import Block, Heading, Paragraph, Table, blocks_of
from bibtool.read.draft import Draft, Skip, row_of
from bibtool.read.source import Source, marked_source

UPKEEP = "it stands under {heading!r}, which is no part of the list"


def read(text: str, shown: str) -> PaperList:
    source = marked_source(text, shown)
    blocks, references = blocks_of(source)
    return _Reader(source, references).read(blocks)


class _Reader:
    def __init__(self, source: Source, references: Mapping[str, str]) -> None:
        self.source = source
        self.references = references
        self.path: list[tuple[int, str]] = []  # (level, name) of the open headings
        self.rows: list[Row] = []
        self.skipped: list[Problem] = []
        self.problems: list[Problem] = list(source.problems)
        self.categories: dict[tuple[str, ...], Category] = {}
        self.header: tuple[str, ...] = ()
        self.in_papers = False

    def read(self, blocks: Sequence[Block]) -> PaperList:
        for block in blocks:
            self._block(block)
        return PaperList(
            self.source.shown,
            tuple(self.rows),
            tuple(self.categories.values()),
            tuple(self.skipped),
            tuple(self.problems),
        )

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Table():
                self.header = block.header
                self._drafts(tables.read_table(block, block.header, self.references))
            case Paragraph():
                self._paragraph(block)

    def _heading(self, heading: Heading) -> None:
        name = headings.name_of(heading.text)
        self.path = [(level, text) for level, text in self.path if level < heading.level]
        self.path.append((heading.level, name))
        self.in_papers = False
        if self.category:
            place = Place(self.source.shown, heading.line)
            self.categories.setdefault(self.category, Category(self.category, place))

    @property
    def category(self) -> tuple[str, ...]:
        return tuple(name for level, name in self.path if level > 1)

    def _paragraph(self, paragraph: Paragraph) -> None:
        if not self.in_papers:
            known = self.categories.get(self.category)
            if known and not known.description:
                described = " ".join(paragraph.text.split())
                self.categories[known.path] = Category(known.path, known.place, described)
            return
        self._drafts(bare.titles_in(paragraph))

    def _drafts(self, drafts: Iterable[Draft | Skip]) -> None:
        for draft in drafts:
            if isinstance(draft, Draft):
                self.in_papers = True
                marks = [m for m in self.source.marks if draft.line <= m.line <= draft.line_end]
                self.rows.append(row_of(draft, self.source, self.category, marks, None))
