"""Walks the blocks of a document under its headings and asks the families what each one is."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from bibtool.read import bare, bullets, headed, headings, judge, tables, words
from bibtool.read.bullets import absorb_text, draft_of, entries_in, is_part
from bibtool.read.document import Block, Fence, Heading, Item, Markup, Paragraph, Table
from bibtool.read.draft import Draft, Skip
from bibtool.read.entry import Reading, Texts
from bibtool.read.flat import LOOKED_AT
from bibtool.read.inline import pieces
from bibtool.read.judge import Verdict
from bibtool.read.labelled import label_and_value
from bibtool.read.links import PAPER
from bibtool.read.outline import Outline
from bibtool.read.sites import claim_of
from bibtool.read.titles import is_title_like, tidy

UPKEEP = "it stands under {!r}, which is upkeep of the list"
NO_PAPERS = "it stands under {!r}, and its own link is no paper"
RUNNING = "a link in running text"
FOREIGN = "a further paper's link inside the entry of line {}"
ABSTRACT = "a link in an abstract or a citation"


class Found(Struct):
    """A draft where it was found. `sure`: a link or a label says that it is a paper."""

    draft: Draft
    path: tuple[tuple[int, str], ...]
    sure: bool
    reading: Reading | None = None  # None of a table's row
    takes_items: bool = False  # label items under it are its own: a title line or a heading


class Walker:
    """Collects drafts and skips in the order of the document."""

    def __init__(
        self, outline: Outline, references: Mapping[str, str], marked: Sequence[int] = ()
    ) -> None:
        self.marked = marked  # lines with a mark of the curator, sorted
        self.outline = outline
        self.texts = Texts(references)
        self.found: list[Found] = []
        self.skipped: list[Skip] = []
        self.descriptions: dict[tuple[tuple[int, str], ...], str] = {}
        self.fences: list[tuple[Fence, tuple[tuple[int, str], ...]]] = []
        self.open: Found | None = None
        self.pending: tuple[Paragraph, Reading] | None = None
        self.header: tuple[str, ...] = ()

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
            self._skip_all(block, UPKEEP.format(self.outline.upkeep))
            return
        match block:
            case Item():
                self._item(block)
            case Paragraph():
                self._paragraph(block)
            case Table():
                self._table(block)
            case Fence():
                self.fences.append((block, self.outline.path))
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
            self._add(draft, sure=True, reading=reading, takes_items=True)
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
                self._skip_all(block, ABSTRACT)
            else:
                self._attach(draft, block, own_entries=False)

    # Tables

    def _table(self, table: Table) -> None:
        self._settle(None)
        self.open = None
        header = table.header or self.header
        self.header = header
        drafts = tables.read_table(table, header, self.texts.references)
        for draft in drafts:
            if isinstance(draft, Skip):
                self.skipped.append(draft)
            else:
                self._add(draft, sure=True)
        if not drafts:
            self._skip_all(table, "a table without papers")

    # Paragraphs

    def _paragraph(self, paragraph: Paragraph) -> None:
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
            self._add(draft, sure=True, reading=reading, takes_items=True)
        elif verdict is Verdict.MAYBE or _is_bold_line(paragraph):
            self.pending = (paragraph, reading)
        elif verdict is Verdict.PART and reading.papers and not reading.claims.notes:
            self._add(
                draft_of(told[0], paragraph.line, paragraph.line_end), sure=True, reading=reading
            )
        else:
            self._text(paragraph, reading)

    def _takes(self, block: Paragraph | Item) -> bool:
        """Give a line of labels, links or people to the title that waits for it, if one does."""
        if self.pending:
            paragraph, reading = self.pending
            self.pending = None
            told = bullets.Told(reading, 0, 0)
            draft = draft_of(told, paragraph.line, paragraph.line_end)
            self._add(draft, sure=False, reading=reading, takes_items=True)
        if self.open is None or (isinstance(block, Item) and not self.open.takes_items):
            return False
        if self._names_another(block):
            return False
        self._attach(self.open.draft, block, own_entries=False)
        reading_papers = self.open.draft.papers
        self.open.sure = self.open.sure or bool(reading_papers) or self._promised(block)
        return True

    def _names_another(self, block: Paragraph | Item) -> bool:
        """An address without any label under an entry that has its paper is another paper's."""
        assert self.open is not None
        known = {i for link in self.open.draft.papers for i in link.ids}
        if not known:
            return False
        reading = self.texts.reading(block.text)
        bare_ids = {i for link in reading.papers if not link.label for i in link.ids}
        return bool(bare_ids) and not bare_ids & known

    def _promised(self, block: Paragraph | Item) -> bool:
        return self.texts.reading(block.text).promised

    def _several(self, told: Sequence[bullets.Told], block: Paragraph | Item) -> None:
        for each, line, line_end in bullets.lines_of(told, block.line):
            verdict = judge.of_item(each.reading)
            draft = draft_of(each, line, min(line_end, block.line_end))
            if verdict is Verdict.ENTRY:
                self._add(draft, sure=True, reading=each.reading)
            elif verdict is Verdict.MAYBE:
                self._add(draft, sure=False, reading=each.reading)
            elif each.reading.papers:
                self._skip(line, RUNNING, each.reading)

    def _text(self, paragraph: Paragraph, reading: Reading) -> None:
        """Neither an entry nor a part of one: a description, bare titles, or prose."""
        if reading.papers:
            self._skip(paragraph.line, RUNNING, reading)
        here = self.outline.path
        if self.found and self.found[-1].path == here:
            for draft in bare.titles_in(paragraph):
                self._add(draft, sure=True)
        elif here and not reading.papers:
            self.descriptions.setdefault(here, " ".join(_plain(paragraph.text).split()))
        self.open = None

    def _settle(self, after: Block | None, *, entry: bool = False) -> None:
        """A title line that nothing belonged to is a sub-category, an unsure entry, or text."""
        if not self.pending:
            return
        paragraph, reading = self.pending
        self.pending = None
        opens = entry or (isinstance(after, Item) and self._is_entry(after))
        if opens and _is_line_of_its_own(paragraph, reading):
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
        self._add(draft, sure=False, reading=reading)

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
            draft.title = draft.title or tidy(_plain(item.text))
            verdict = Verdict.ENTRY
        if verdict is Verdict.ENTRY or (
            verdict is Verdict.PART and reading.papers and not self._has_entry(item)
        ):
            self._add(draft, sure=True, reading=reading)
            self._attach_kids(draft, item)
        elif self._has_entry(item):
            self._category_item(item, reading)
        elif item.blocks:
            self._title_over_parts(item, draft, reading, verdict)
        elif verdict is Verdict.MAYBE:
            self._add(draft, sure=False, reading=reading)
        elif reading.papers:
            self._skip(item.line, RUNNING, reading)

    def _marked(self, line: int, line_end: int) -> bool:
        """Whether a curator's mark stands there, which makes the line a row whatever it looks like."""
        at = bisect_left(self.marked, line)
        return at < len(self.marked) and self.marked[at] <= line_end

    def _take_marked(self, paragraph: Paragraph) -> bool:
        """Lines of a paragraph with marks on them, as rows."""
        for offset, text in enumerate(paragraph.text.split("\n")):
            line = paragraph.line + offset
            draft = draft_of(entries_in(text, self.texts)[0], line, line)
            draft.title = draft.title or tidy(_plain(text))
            if (
                self._marked(line, line)
                or draft.papers
                or bare.titles_in(Paragraph(text, line, line))
            ):
                self._add(draft, sure=True)
        return True

    def _category_item(self, item: Item, reading: Reading) -> None:
        """A bullet over bullets that are entries names a category."""
        if reading.papers:
            self._skip(item.line, RUNNING, reading)
        depth = self.outline.enter_item(headings.name_of(item.text), item.line)
        self._walk_kids(item)
        self.outline.leave_item(depth)

    def _title_over_parts(
        self, item: Item, draft: Draft, reading: Reading, verdict: Verdict
    ) -> None:
        """A title line whose people and links hang under it."""
        if not draft.title:
            draft.title = tidy(_plain(item.text)) if is_title_like(tidy(_plain(item.text))) else ""
        before = len(self.skipped)
        self._add(draft, sure=False, reading=reading)
        found = self.found[-1]
        self._attach_kids(draft, item)
        found.sure = bool(draft.title) and (bool(draft.papers) or self._promises(item))
        if not found.sure and verdict is not Verdict.MAYBE:
            self.found = [f for f in self.found if f is not found]
            if draft.papers:
                del self.skipped[before:]
                self._skip_all(item, RUNNING)

    def _promises(self, item: Item) -> bool:
        return any(isinstance(b, (Item, Paragraph)) and self._promised(b) for b in item.blocks)

    def _walk_kids(self, item: Item) -> None:
        self.open = None
        for block in item.blocks:
            self._block(block)

    def _attach_kids(self, draft: Draft, item: Item) -> None:
        mine = self.open
        for block in item.blocks:
            if isinstance(block, (Item, Paragraph)):
                self._attach(draft, block, own_entries=True)
            elif isinstance(block, Table):
                self._block(block)
        self.open = mine

    def _attach(self, draft: Draft, block: Item | Paragraph, *, own_entries: bool) -> None:
        """Add a block under an entry to it, or let it be an entry of its own."""
        if own_entries and self._is_own(draft, block):
            self._block(block)
            return
        urls = absorb_text(draft, block.text, self.texts)
        if urls:
            kind = label_and_value(block.text)
            reason = ABSTRACT if kind and kind[0] == "abstract" else FOREIGN.format(draft.line)
            self.skipped.append(Skip(block.line, reason, tuple(urls)))
        end = block.text_end if isinstance(block, Item) else block.line_end
        draft.line_end = max(draft.line_end, end)
        if isinstance(block, Item):
            for kid in block.blocks:
                if isinstance(kid, (Item, Paragraph)):
                    self._attach(draft, kid, own_entries=own_entries)

    def _is_own(self, draft: Draft, block: Item | Paragraph) -> bool:
        if not self._is_entry(block):
            return False
        reading = entries_in(block.text, self.texts)[0].reading
        known = {i.partition(":")[0] for link in draft.papers for i in link.ids}
        new = {i for link in reading.papers for i in link.ids} - {
            i for link in draft.papers for i in link.ids
        }
        if any(i.partition(":")[0] in known for i in new):
            return True
        return words.count(reading.title) > 3 or not draft.papers

    def _has_entry(self, item: Item) -> bool:
        return any(
            self._is_entry(b) or (isinstance(b, Item) and self._has_entry(b)) for b in item.blocks
        )

    def _is_entry(self, block: Block) -> bool:
        """Whether a block has a title and a paper of its own."""
        if not isinstance(block, (Item, Paragraph)) or not block.text.strip():
            return False
        if label_and_value(block.text) is not None:
            return False
        judged = judge.of_item if isinstance(block, Item) else judge.of_paragraph
        return any(
            judged(each.reading) is Verdict.ENTRY for each in entries_in(block.text, self.texts)
        )

    # Results

    def _add(
        self, draft: Draft, *, sure: bool, reading: Reading | None = None, takes_items: bool = False
    ) -> None:
        if self.outline.no_papers and reading is not None and not _is_paper_itself(reading):
            if reading.papers:
                self._skip(draft.line, NO_PAPERS.format(self.outline.no_papers), reading)
            self.open = None
            return
        if draft.foreign:
            self.skipped.append(Skip(draft.line, FOREIGN.format(draft.line), tuple(draft.foreign)))
        self.found.append(Found(draft, self.outline.path, sure, reading, takes_items))
        self.open = self.found[-1]

    def add_row(self, draft: Draft) -> None:
        """Take a draft as an entry of the current category."""
        self._add(draft, sure=True)

    def _skip(self, line: int, reason: str, reading: Reading) -> None:
        self.skipped.append(Skip(line, reason, tuple(link.url for link in reading.papers)))

    def _skip_all(self, block: Block, reason: str) -> None:
        for line, text in _texts(block):
            reading = self.texts.reading(text)
            if reading.papers:
                self._skip(line, reason, reading)


def _is_paper_itself(reading: Reading) -> bool:
    """In a section of software or talks: the entry's own link leads to a registered paper."""
    if reading.lead is not None:
        known = bool(reading.lead.ids or claim_of(reading.lead.url)[0])
        return reading.lead.role == PAPER and known
    return any(link.ids for link in reading.papers) and not any(
        link.role != PAPER and not words.is_label(link.label) for link in reading.links
    )


def _is_line_of_its_own(paragraph: Paragraph, reading: Reading) -> bool:
    """A bold line, or a short one with a colon, without links: it heads what follows."""
    if reading.links or words.count(paragraph.text) > 12:
        return False
    text = paragraph.text.strip()
    return _is_bold_line(paragraph) or ("\n" not in text and text.endswith((":", "：")))


def _is_bold_line(paragraph: Paragraph) -> bool:
    """One line, all of it bold."""
    text = paragraph.text.strip()
    bold = text.startswith(("**", "__", "<b", "<strong")) and "\n" not in text
    if not bold or len(text) > 300:
        return False
    found = [p for p in pieces(text) if p.kind != "image" and p.text.strip(" :：.")]
    return bool(found) and all(p.kind == "text" and p.bold for p in found)


def _plain(text: str) -> str:
    return "".join(piece.text for piece in pieces(text[:LOOKED_AT]) if piece.kind != "image")


def _texts(block: Block) -> Iterator[tuple[int, str]]:
    """Every text in a block with its line."""
    match block:
        case Item():
            yield block.line, block.text
            for kid in block.blocks:
                yield from _texts(kid)
        case Paragraph() | Heading():
            yield block.line, block.text
        case Table():
            for row in block.rows:
                yield row.line, " | ".join(row.cells)
        case Fence() | Markup():
            return


def texts_of(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    for block in blocks:
        yield from _texts(block)
