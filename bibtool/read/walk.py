"""Walks the blocks of a document under its headings and asks the families what each one is."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from bibtool.patterns import pattern
from bibtool.read import bare, bibtex, bullets, headed, headings, judge, tables
from bibtool.read.bullets import draft_of, entries_in, is_part
from bibtool.read.document import Block, Fence, Heading, Item, Markup, Paragraph, Table
from bibtool.read.draft import Draft
from bibtool.read.entry import Texts
from bibtool.read.findings import ABSTRACT, RUNNING, UPKEEP
from bibtool.read.judge import Verdict
from bibtool.read.labelled import label_and_value
from bibtool.read.outline import Outline, Path
from bibtool.read.parts import Parts
from bibtool.read.said import Reading
from bibtool.read.shape import (
    has_entry,
    is_bold_line,
    is_entry,
    is_line_of_its_own,
    plain_text,
)
from bibtool.read.titles import is_title_like, tidy

ASKS_TO_CITE = pattern(r"\bcit(?:e|ing|ation)\b|引用|인용|zitier|citer", re.IGNORECASE)


class Walker(Parts):
    """Goes through the blocks once, in the order of the document."""

    def __init__(self, outline: Outline, texts: Texts, marked: Sequence[int] = ()) -> None:
        super().__init__(outline, texts)
        self.marked = marked  # lines with a mark of the curator, sorted
        self.descriptions: dict[Path, str] = {}
        self.fences: list[tuple[Fence, Path]] = []
        self.header: tuple[str, ...] = ()
        self.last_words = ""  # of the paragraph before

    def walk(self, blocks: Sequence[Block]) -> None:
        at = 0
        while at < len(blocks):
            block = blocks[at]
            self.outline.reach(block.line)
            if isinstance(block, Heading):
                at += self._heading(block, blocks, at)
            else:
                self._block(block)
                at += 1
        self._settle(None)

    def _block(self, block: Block) -> None:
        if self.outline.upkeep:
            self.skip_all(block, UPKEEP.format(self.outline.upkeep))
            return
        match block:
            case Item():
                self._item(block)
            case Paragraph():
                self._paragraph(block)
            case Table():
                self._table(block)
            case Fence():
                self._fence(block)
            case Heading() | Markup():
                pass

    # Headings

    def _heading(self, heading: Heading, blocks: Sequence[Block], at: int) -> int:
        """Open a category, or take the heading as a paper; gives how many blocks are done."""
        self._settle(None)
        self.open, self.header = None, ()
        body = headed.body_of(blocks, at)
        reading = self.texts.reading(heading.text)
        if not self.outline.upkeep_at(heading.level) and headed.is_paper(
            reading, heading, body, self.texts
        ):
            self.outline.close(heading.level)
            draft = bullets.draft_of(bullets.Told(reading, 0, 0), heading.line, heading.line_end)
            draft.title = draft.title or tidy(heading.text)
            self.add(draft, sure=True, reading=reading, takes_items=True)
            self._headed_body(draft, body)
            return 1 + len(body)
        self.outline.enter(heading.level, headings.name_of(heading.text), heading.line)
        return 1

    def _headed_body(self, draft: Draft, body: Sequence[Block]) -> None:
        in_abstract = False
        for block in body:
            if not isinstance(block, (Item, Paragraph)):
                continue
            kind = label_and_value(block.text)
            in_abstract = in_abstract or bool(kind and kind[0] == "abstract")
            if in_abstract and not is_part(block.text, self.texts):
                self.skip_all(block, ABSTRACT)
            else:
                self._attach(draft, block, own_entries=False)

    # Tables

    def _table(self, table: Table) -> None:
        self._settle(None)
        self.open = None
        header = table.header or self.header
        self.header = header
        drafts = tables.read_table(table, header, self.texts)
        for draft in drafts:
            self.add(draft, sure=True)
        if not drafts:
            self.skip_all(table, "a table without papers")

    # BibTeX

    def _fence(self, fence: Fence) -> None:
        """Keep BibTeX for its reader, unless it is how to cite the list."""
        if bibtex.holds_entries(fence.text) and not ASKS_TO_CITE.search(self.last_words):
            self.fences.append((fence, self.outline.path))

    # Paragraphs

    def _paragraph(self, paragraph: Paragraph) -> None:
        if paragraph.text.lstrip().startswith("@") and bibtex.holds_entries(paragraph.text):
            self._fence(Fence("bibtex", paragraph.text, paragraph.line, paragraph.line_end))
            return
        self.last_words = paragraph.text[-300:]
        if self.header and (rows := tables.loose_rows(paragraph)):
            self._table(Table((), rows, paragraph.line, paragraph.line_end))
            return
        if is_part(paragraph.text, self.texts) and self._takes(paragraph):
            return
        told = entries_in(paragraph.text, self.texts)
        if len(told) > 1:
            self._settle(paragraph)
            self._several(told, paragraph)
            return
        reading = told[0].reading
        verdict = judge.of_paragraph(reading)
        self._settle(paragraph, entry=verdict is Verdict.ENTRY)
        if self._marked(paragraph.line, paragraph.line_end) and self._take_marked(paragraph):
            return
        if verdict is Verdict.ENTRY:
            draft = draft_of(told[0], paragraph.line, paragraph.line_end)
            self.add(draft, sure=True, reading=reading, takes_items=True)
        elif verdict is Verdict.MAYBE or is_bold_line(paragraph):
            self.pending = (paragraph, reading)
        elif verdict is Verdict.PART and reading.papers and not reading.claims.notes:
            self.add(
                draft_of(told[0], paragraph.line, paragraph.line_end), sure=True, reading=reading
            )
        else:
            self._text(paragraph, reading)

    def _several(self, told: Sequence[bullets.Told], block: Paragraph | Item) -> None:
        for each, line, line_end in bullets.lines_of(told, block.line):
            verdict = judge.of_item(each.reading)
            line = min(line, block.line_end)  # a <br> begins a line of its own in the text alone
            draft = draft_of(each, line, min(max(line, line_end), block.line_end))
            if verdict is Verdict.ENTRY:
                self.add(draft, sure=True, reading=each.reading)
            elif verdict is Verdict.MAYBE:
                self.add(draft, sure=False, reading=each.reading)
            elif each.reading.papers:
                self.skip(line, RUNNING, each.reading)

    def _text(self, paragraph: Paragraph, reading: Reading) -> None:
        """Neither an entry nor a part of one: a description, bare titles, or prose."""
        if reading.papers:
            self.skip(paragraph.line, RUNNING, reading)
        here = self.outline.path
        if self.found and self.found[-1].path == here:
            for draft in bare.titles_in(paragraph):
                self.add(draft, sure=True)
        elif here and not reading.papers:
            self.descriptions.setdefault(here, " ".join(plain_text(paragraph.text).split()))
        self.open = None

    def _settle(self, after: Block | None, *, entry: bool = False) -> None:
        """A title line that nothing belonged to is a sub-category, an unsure entry, or text."""
        if not self.pending:
            return
        paragraph, reading = self.pending
        self.pending = None
        opens = entry or (isinstance(after, Item) and is_entry(after, self.texts))
        if opens and is_line_of_its_own(paragraph, reading):
            self.outline.add_line(headings.name_of(paragraph.text), paragraph.line)
            return
        if not reading.title:
            self._text(paragraph, reading)
            return
        if reading.how == "plain" and not (
            reading.claims.venue or reading.claims.year or reading.claims.authors or reading.links
        ):
            self._text(paragraph, reading)
            return
        draft = draft_of(bullets.Told(reading, 0, 0), paragraph.line, paragraph.line_end)
        self.add(draft, sure=False, reading=reading)

    # List items

    def _item(self, item: Item) -> None:
        if not item.text.strip():
            self._settle(item)
            for block in item.blocks:
                self._block(block)
            return
        if is_part(item.text, self.texts) and self._takes(item):
            return
        self._settle(item)
        told = entries_in(item.text, self.texts)
        if len(told) > 1:
            self._several(told, item)
            self._walk_kids(item)
            return
        self._one_item(item, told[0])

    def _one_item(self, item: Item, told: bullets.Told) -> None:
        reading = told.reading
        verdict = judge.of_item(reading)
        draft = draft_of(told, item.line, item.text_end)
        if self._marked(item.line, item.text_end):
            draft.title = draft.title or tidy(plain_text(item.text))
            verdict = Verdict.ENTRY
        if verdict is Verdict.ENTRY or (
            verdict is Verdict.PART and reading.papers and not has_entry(item, self.texts)
        ):
            self.add(draft, sure=True, reading=reading)
            self._attach_kids(draft, item)
        elif has_entry(item, self.texts):
            self._category_item(item, reading)
        elif item.blocks:
            self._title_over_parts(item, draft, reading, verdict)
        elif verdict is Verdict.MAYBE:
            self.add(draft, sure=False, reading=reading)
        elif reading.papers:
            self.skip(item.line, RUNNING, reading)
        elif len(jotted := bare.titles_in(Paragraph(item.text, item.line, item.text_end))) == 1:
            self.add(jotted[0], sure=False, reading=reading)

    def _marked(self, line: int, line_end: int) -> bool:
        """Whether a curator's mark stands there, which makes a row of any line."""
        at = bisect_left(self.marked, line)
        return at < len(self.marked) and self.marked[at] <= line_end

    def _take_marked(self, paragraph: Paragraph) -> bool:
        """Lines of a paragraph with marks on them, as rows."""
        for offset, text in enumerate(paragraph.text.split("\n")):
            line = paragraph.line + offset
            draft = draft_of(entries_in(text, self.texts)[0], line, line)
            draft.title = draft.title or tidy(plain_text(text))
            if (
                self._marked(line, line)
                or draft.papers
                or bare.titles_in(Paragraph(text, line, line))
            ):
                self.add(draft, sure=True)
        return True

    def _category_item(self, item: Item, reading: Reading) -> None:
        """A bullet over bullets that are entries names a category."""
        if reading.papers:
            self.skip(item.line, RUNNING, reading)
        depth = self.outline.enter_item(headings.name_of(item.text), item.line)
        self._walk_kids(item)
        self.outline.leave_item(depth)

    def _title_over_parts(
        self, item: Item, draft: Draft, reading: Reading, verdict: Verdict
    ) -> None:
        """A title line whose people and links hang under it."""
        if not draft.title:
            draft.title = (
                tidy(plain_text(item.text)) if is_title_like(tidy(plain_text(item.text))) else ""
            )
        before = len(self.skipped)
        self.add(draft, sure=False, reading=reading)
        found = self.found[-1]
        self._attach_kids(draft, item)
        found.sure = bool(draft.title) and (bool(draft.papers) or self._promises(item))
        if not found.sure and verdict is not Verdict.MAYBE:
            self.found = [f for f in self.found if f is not found]
            if draft.papers:
                del self.skipped[before:]
                self.skip_all(item, RUNNING)

    def _walk_kids(self, item: Item) -> None:
        self.open = None
        for block in item.blocks:
            self._block(block)
