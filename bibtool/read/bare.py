"""Titles without any link or mark, one a line: what a curator jots down at the end of a list."""

from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.document import Paragraph
from bibtool.read.draft import Draft
from bibtool.read.inline import pieces
from bibtool.read.titles import tidy
from bibtool.read.vocabulary import worded

SENTENCE = pattern(r"[.。！!；;：:，,]$|[.。！!?？]\s+\S")
PROSE = r"^{}\b"


def titles_in(paragraph: Paragraph) -> list[Draft]:
    """One draft a line if every line can be a title, else none."""
    drafts: list[Draft] = []
    for offset, line in enumerate(paragraph.text.split("\n")):
        text = line.strip()
        if not text:
            continue
        if not _can_be_title(text):
            return []
        drafts.append(Draft(paragraph.line + offset, paragraph.line + offset, title=tidy(text)))
    return drafts


def _can_be_title(text: str) -> bool:
    if (
        len(text) > 250
        or SENTENCE.search(text)
        or worded("speech", "bare", PROSE).match(text)
        or words.is_label(text)
    ):
        return False
    if any(piece.kind != "text" or piece.italic for piece in pieces(text)):
        return False
    return text[0].isupper() or text[0].isdigit() or bool(words.CJK.match(text))
