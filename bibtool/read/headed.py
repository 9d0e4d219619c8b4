"""A heading per paper: its title with venue and year, the links in labels below it."""

from collections.abc import Sequence

from bibtool.read import headings, judge, words
from bibtool.read.bullets import entries_in, is_part
from bibtool.read.document import Block, Heading, Item, Paragraph
from bibtool.read.entry import Texts
from bibtool.read.judge import Verdict
from bibtool.read.labelled import label_and_value
from bibtool.read.links import ANCHOR
from bibtool.read.said import Reading
from bibtool.read.titles import is_title_like


def body_of(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """The blocks between the heading at `at` and the next heading."""
    end = at + 1
    while end < len(blocks) and not isinstance(blocks[end], Heading):
        end += 1
    return blocks[at + 1 : end]


def is_paper(reading: Reading, heading: Heading, body: Sequence[Block], texts: Texts) -> bool:
    """The heading links to a paper itself, or only parts of an entry stand under it."""
    if any(link.role == ANCHOR for link in reading.links):
        return False
    if reading.papers and reading.lead is not None and reading.lead in reading.papers:
        return True
    if not reading.title or not is_title_like(reading.title) or not body:
        return False
    if headings.is_upkeep(headings.name_of(heading.text)) or (
        words.count(reading.title) < 4 and not reading.claims.venue
    ):
        return False
    if any(_is_entry(block, texts) for block in body):
        return False
    return any(isinstance(b, (Item, Paragraph)) and _gives_paper(b, texts) for b in body)


def _gives_paper(block: Item | Paragraph, texts: Texts) -> bool:
    told = entries_in(block.text, texts)
    links = [link for each in told for link in each.reading.links]
    kind = label_and_value(block.text)
    if kind and kind[0] == "abstract":
        return False
    return is_part(block.text, texts) and any(link.role in ("paper", "empty") for link in links)


def _is_entry(block: Block, texts: Texts) -> bool:
    if isinstance(block, Item):
        if any(_is_entry(kid, texts) for kid in block.blocks):
            return True
    elif not isinstance(block, Paragraph):
        return False
    if label_and_value(block.text) is not None:
        return False
    told = entries_in(block.text, texts)
    if isinstance(block, Item):
        return any(judge.of_item(each.reading) is Verdict.ENTRY for each in told)
    return any(_opens_an_entry(each.reading) for each in told)


def _opens_an_entry(reading: Reading) -> bool:
    """A paragraph that is an entry, or a marked title line whose labels come below it."""
    verdict = judge.of_paragraph(reading)
    marked = reading.how in ("bold", "quoted", "link")
    return verdict is Verdict.ENTRY or (verdict is Verdict.MAYBE and marked)
