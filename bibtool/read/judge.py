"""Whether what a text says makes it an entry, may be one, or is something else, and why not."""

import re
from enum import Enum

from bibtool.read import people, venue, words
from bibtool.read.flat import is_label
from bibtool.read.links import CODE, EMPTY, OTHER, PAPER, PROJECT, UNSURE
from bibtool.read.said import Reading
from bibtool.read.titles import is_title_like
from bibtool.read.vocabulary import worded


class Verdict(Enum):
    ENTRY = "entry"
    MAYBE = "maybe"  # an entry if its section is a list of papers
    PART = "part"  # says more about the entry before it
    TEXT = "text"


OPENS = r"^{}\b"
ANNOUNCES = (
    r"\b(?:we|our|us|i|my)\b.{{0,120}}\b{}\b"
    r"|\b(?:has been|have been|was|is) (?:accepted|released|updated|published|available)\b"
    r"|\bnow available\b|\bis out\b"
)
LONGEST_TITLE = 45  # words


def of_item(reading: Reading) -> Verdict:
    """A bullet, a numbered item, a line of its own."""
    if _is_spoken(reading):
        return Verdict.TEXT
    if not reading.title:
        return _of_untitled(reading)
    if reading.how == "plain" and words.count(reading.title) > LONGEST_TITLE:
        return Verdict.TEXT
    if reading.papers or reading.promised:
        return Verdict.ENTRY
    return Verdict.MAYBE if _may_be_paper(reading) else Verdict.TEXT


def _of_untitled(reading: Reading) -> Verdict:
    if any(_is_speech(note) for note in reading.claims.notes):
        return Verdict.TEXT
    says = reading.links or reading.claims.authors or reading.claims.venue
    return Verdict.PART if says else Verdict.TEXT


def of_paragraph(reading: Reading) -> Verdict:
    """Running text asks for more: a title at its start, marked as one or with labels behind it."""
    verdict = of_item(reading)
    if verdict in (Verdict.ENTRY, Verdict.MAYBE) and not _stands_in_front(reading):
        return Verdict.TEXT
    if verdict is Verdict.PART and _is_prose(reading):
        return Verdict.TEXT
    return verdict


def _is_spoken(reading: Reading) -> bool:
    if reading.how in ("quoted", "bold"):
        return bool(reading.before) and _speaks(reading.before)
    if reading.before and _speaks(reading.before):
        return True
    if reading.how == "plain":
        return _is_speech(reading.title) and not reading.claims.venue
    return False


def _speaks(before: str) -> bool:
    if people.are_names(before) or venue.looks_like(before):
        return False
    return words.count(before) >= 2 and _is_speech(before)


def _is_speech(text: str) -> bool:
    """How curators speak to their readers."""
    opens = worded("speech", "opens", OPENS).match(text)
    return bool(opens or worded("speech", "announced", ANNOUNCES).search(text))


def _stands_in_front(reading: Reading) -> bool:
    """The title opens the paragraph, and is not a sentence with a link in it."""
    before = reading.before
    if (
        before
        and words.count(before) > 6
        and not (people.are_names(before) or reading.claims.authors)
    ):
        return False
    if reading.how in ("quoted", "bold", "italic"):
        return True
    if reading.how == "plain" and any(not is_label(link.label) for link in reading.papers):
        return False  # the link stands in a sentence
    if reading.how in ("link", "nickname"):
        return not before or words.count(before) <= 4 or bool(reading.claims.authors)
    return not re.search(r"\s(?:is|are|was|were|has|have|can|will)\s.*\.$", reading.title) or bool(
        reading.claims.venue
    )


def _is_prose(reading: Reading) -> bool:
    notes = " ".join(reading.claims.notes)
    return words.count(notes) > 12


def _may_be_paper(reading: Reading) -> bool:
    """Without a link that is surely the paper's."""
    lead = reading.lead
    if lead is not None:
        if lead.role == UNSURE:
            return is_title_like(reading.title)
        if lead.role in (OTHER, PROJECT):
            return False
    roles = {link.role for link in reading.links}
    if any(role in roles for role in (UNSURE, EMPTY)) and is_title_like(reading.title):
        return True
    said = (
        reading.claims.year is not None
        or bool(reading.claims.venue)
        or bool(reading.claims.authors)
    )
    if CODE in roles or PROJECT in roles:
        return (
            said
            and reading.how in ("quoted", "bold", "plain", "link")
            and is_title_like(reading.title)
        )
    if roles - {PAPER}:
        return said and reading.how in ("quoted", "bold")
    enough = is_title_like(reading.title) or (said and words.count(reading.title) > 1)
    return enough and not reading.links
