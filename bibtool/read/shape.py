"""The shape of a block: an entry of its own, a line that heads others, the texts in it."""

from collections.abc import Iterator

from bibtool.read import judge, words
from bibtool.read.bullets import entries_in
from bibtool.read.document import Block, Fence, Heading, Item, Markup, Paragraph, Table
from bibtool.read.draft import Draft
from bibtool.read.entry import Texts
from bibtool.read.flat import LOOKED_AT
from bibtool.read.inline import pieces
from bibtool.read.judge import Verdict
from bibtool.read.labelled import label_and_value
from bibtool.read.said import Reading


def is_own(draft: Draft, block: Item | Paragraph, texts: Texts) -> bool:
    if not is_entry(block, texts):
        return False
    reading = entries_in(block.text, texts)[0].reading
    known = {i.partition(":")[0] for link in draft.papers for i in link.ids}
    new = {i for link in reading.papers for i in link.ids} - {
        i for link in draft.papers for i in link.ids
    }
    if any(i.partition(":")[0] in known for i in new):
        return True
    return words.count(reading.title) > 3 or not draft.papers


def has_entry(item: Item, texts: Texts) -> bool:
    return any(
        is_entry(b, texts) or (isinstance(b, Item) and has_entry(b, texts)) for b in item.blocks
    )


def is_entry(block: Block, texts: Texts) -> bool:
    """Whether a block has a title and a paper of its own."""
    if not isinstance(block, (Item, Paragraph)) or not block.text.strip():
        return False
    if label_and_value(block.text) is not None:
        return False
    judged = judge.of_item if isinstance(block, Item) else judge.of_paragraph
    return any(judged(each.reading) is Verdict.ENTRY for each in entries_in(block.text, texts))


def is_line_of_its_own(paragraph: Paragraph, reading: Reading) -> bool:
    """A bold line, or a short one with a colon, without links: it heads what follows."""
    if reading.links or words.count(paragraph.text) > 12:
        return False
    text = paragraph.text.strip()
    return is_bold_line(paragraph) or ("\n" not in text and text.endswith((":", "：")))


def is_bold_line(paragraph: Paragraph) -> bool:
    """One line, all of it bold."""
    text = paragraph.text.strip()
    bold = text.startswith(("**", "__", "<b", "<strong")) and "\n" not in text
    if not bold or len(text) > 300:
        return False
    found = [p for p in pieces(text) if p.kind != "image" and p.text.strip(" :：.")]
    return bool(found) and all(p.kind == "text" and p.bold for p in found)


def plain_text(text: str) -> str:
    return "".join(piece.text for piece in pieces(text[:LOOKED_AT]) if piece.kind != "image")


def texts_of(block: Block) -> Iterator[tuple[int, str]]:
    """Every text in a block with its line."""
    match block:
        case Item():
            yield block.line, block.text
            for kid in block.blocks:
                yield from texts_of(kid)
        case Paragraph() | Heading():
            yield block.line, block.text
        case Table():
            for row in block.rows:
                yield row.line, " | ".join(row.cells)
        case Fence() | Markup():
            return
