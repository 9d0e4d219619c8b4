"""Lines that belong to an entry above them: labels, links, people; and what is not its own."""

from abc import ABC, abstractmethod

from bibtool.read import bullets
from bibtool.read.bullets import absorb_text, draft_of
from bibtool.read.document import Block, Item, Paragraph, Table
from bibtool.read.draft import Draft, Skip
from bibtool.read.entry import Texts
from bibtool.read.findings import ABSTRACT, FOREIGN, Findings
from bibtool.read.labelled import label_and_value
from bibtool.read.outline import Outline
from bibtool.read.said import Reading
from bibtool.read.shape import is_own


class Parts(Findings, ABC):
    """Gives lines to the entry that is open, or to the title line that waits for its links."""

    def __init__(self, outline: Outline, texts: Texts) -> None:
        super().__init__(outline, texts)
        self.pending: tuple[Paragraph, Reading] | None = None

    @abstractmethod
    def _block(self, block: Block) -> None:
        """Take a block on its own."""

    def _takes(self, block: Paragraph | Item) -> bool:
        """Give a line of labels, links or people to the title that waits for it, if one does."""
        if self.pending:
            paragraph, reading = self.pending
            self.pending = None
            told = bullets.Told(reading, 0, 0)
            draft = draft_of(told, paragraph.line, paragraph.line_end)
            self.add(draft, sure=False, reading=reading, takes_items=True)
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

    def _promises(self, item: Item) -> bool:
        return any(isinstance(b, (Item, Paragraph)) and self._promised(b) for b in item.blocks)

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
        if own_entries and is_own(draft, block, self.texts):
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
