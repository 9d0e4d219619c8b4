"""What a walk through a document finds: drafts with their places, and what was left out."""

from msgspec import Struct

from bibtool.read import words
from bibtool.read.document import Block
from bibtool.read.draft import Draft, Skip
from bibtool.read.entry import Texts
from bibtool.read.links import PAPER
from bibtool.read.outline import Outline, Path
from bibtool.read.said import Reading
from bibtool.read.shape import texts_of
from bibtool.read.sites import claim_of

UPKEEP = "it stands under {!r}, which is upkeep of the list"
NO_PAPERS = "it stands under {!r}, and its own link is no paper"
RUNNING = "a link in running text"
FOREIGN = "a further paper's link inside the entry of line {}"
ABSTRACT = "a link in an abstract or a citation"


class Found(Struct):
    """A draft where it was found. `sure`: a link or a label says that it is a paper."""

    draft: Draft
    path: Path
    sure: bool
    reading: Reading | None = None  # None of a table's row
    takes_items: bool = False  # label items under it are its own: a title line or a heading


class Findings:
    """Collects drafts and skips in the order of the document."""

    def __init__(self, outline: Outline, texts: Texts) -> None:
        self.outline = outline
        self.texts = texts
        self.found: list[Found] = []
        self.skipped: list[Skip] = []
        self.open: Found | None = None  # the entry that the next lines may belong to

    def add(
        self, draft: Draft, *, sure: bool, reading: Reading | None = None, takes_items: bool = False
    ) -> None:
        if self.outline.no_papers and reading is not None and not _is_paper_itself(reading):
            if reading.papers:
                self.skip(draft.line, NO_PAPERS.format(self.outline.no_papers), reading)
            self.open = None
            return
        if draft.foreign:
            self.skipped.append(Skip(draft.line, FOREIGN.format(draft.line), tuple(draft.foreign)))
        self.found.append(Found(draft, self.outline.path, sure, reading, takes_items))
        self.open = self.found[-1]

    def add_row(self, draft: Draft) -> None:
        """Take a draft as an entry of the current category."""
        self.add(draft, sure=True)

    def skip(self, line: int, reason: str, reading: Reading) -> None:
        self.skipped.append(Skip(line, reason, tuple(link.url for link in reading.papers)))

    def skip_all(self, block: Block, reason: str) -> None:
        for line, text in texts_of(block):
            reading = self.texts.reading(text)
            if reading.papers:
                self.skip(line, reason, reading)


def _is_paper_itself(reading: Reading) -> bool:
    """In a section of software or talks: the entry's own link leads to a registered paper."""
    if reading.lead is not None:
        known = bool(reading.lead.ids or claim_of(reading.lead.url)[0])
        return reading.lead.role == PAPER and known
    return any(link.ids for link in reading.papers) and not any(
        link.role != PAPER and not words.is_label(link.label) for link in reading.links
    )
