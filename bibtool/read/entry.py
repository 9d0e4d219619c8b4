"""One text to what it says of a paper: the title, the nickname, the links, the claims.

Title candidates by rank: quoted, bold, a link's long text, italic, plain text up to the first
separator. Labels, venues, dates, nicknames and people are barred.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from bibtool.memo import FORGETFUL, Memo, digest
from bibtool.patterns import pattern
from bibtool.read import people, venue, words
from bibtool.read.claims import BY, EDGE, GONE, claims_in
from bibtool.read.cut import LEADING, cut, without_claims
from bibtool.read.flat import Flat, Span, flatten
from bibtool.read.inline import Piece, pieces
from bibtool.read.links import ANCHOR, EMPTY, PAPER
from bibtool.read.marked import NICK_WORDS, continued, marked_title, reads_as_title
from bibtool.read.said import Reading
from bibtool.read.titles import is_title_like, tidy

LISTING = pattern(r"^\s*(?:(?:\(?\d{1,4}[.):]|[-*+•·▪◦–]|#\d+:?|No\.\s?\d+|Q\d+:)\s+)+")
CITED = pattern(r"\bet al\b\.?,?\s*(?:(?:19|20)\d{2}[a-z]?)?$")
YEARS = pattern(r",?\s*(?:19|20)\d{2}[a-z]?$")
# Emoji, short codes and loose signs in front of a title.
DECORATION = pattern(
    rf"[\s{GONE}\]|,:：—–-]*(?:{words.EMOJI.pattern}\s*)*(?:{words.SHORTCODE.pattern}\s*)*"
)
YEAR_FIRST = pattern(r"^[\s,]*[(\[]((?:19|20)\d{2})[a-z]?[)\]]")
COLON = pattern(r"^\s*(?:[:：]|->|→|=>)\s*")
T = TypeVar("T")
REMEMBERED = 1000  # texts


class Texts:
    """Reads the texts of one document; remembers the latest, which several families ask about.

    What a text says hangs on it and on the document's `references` alone, so a memo may know it.
    """

    def __init__(self, references: Mapping[str, str], memo: Memo = FORGETFUL) -> None:
        self.references = references
        self.memo = memo
        self.told = digest(sorted(references.items()))
        self._pieces: dict[str, list[Piece]] = {}
        self._readings: dict[str, Reading] = {}

    def pieces(self, text: str) -> list[Piece]:
        if text not in self._pieces:
            _make_room(self._pieces)
            self._pieces[text] = pieces(text, self.references)
        return self._pieces[text]

    def reading(self, text: str) -> Reading:
        """What `text` says as one entry; not to be changed by who asks."""
        if text not in self._readings:
            _make_room(self._readings)
            self._readings[text] = self.memo.recall(
                ("reading", self.told, text),
                Reading,
                lambda: read_pieces(self.pieces(text)),
            )
        return self._readings[text]


def _make_room(memory: dict[str, T]) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()


def read_pieces(found: Sequence[Piece]) -> Reading:
    flat = flatten(found)
    reading = Reading(links=flat.links)
    start = _leading(flat.text, reading)
    if not (marked_title(flat, start, reading) or _nickname(flat, start, reading)):
        _plain(flat, start, reading)
    reading.title, reading.claims = without_claims(reading.title, reading.claims)
    if reading.short == reading.title:
        reading.short = ""
    return reading


def _leading(text: str, reading: Reading) -> int:
    """Take the brackets in front of the title, venue, nickname or tag; give where they end."""
    at = 0
    if listing := LISTING.match(text):
        at = listing.end()
    while True:
        skipped = DECORATION.match(text[at : at + 200])
        at += skipped.end() if skipped else 0
        found = LEADING.match(text[at : at + 200])
        if not found:
            return at
        square, round_ = found[1], found[2]
        inside = words.bare(square if square is not None else round_)
        glued = (
            at + found.end() < len(text)
            and not found[0][-1].isspace()
            and text[at + found.end() : at + found.end() + 1].isalnum()
        )
        if inside and venue.looks_like(inside):
            reading.claims.take_venue(inside)
        elif round_ is not None:
            return at
        elif CITED.search(inside):
            reading.claims.authors = people.names_in(YEARS.sub("", inside))
            reading.claims.year = venue.year_in(inside)
        elif inside and not words.is_label(inside):
            if (
                words.count(inside) > NICK_WORDS
                or len(inside) > 40
                or (glued and inside[:1].islower())
            ):
                return at
            reading.short = reading.short or ("" if inside.lower() in ("x", "✓") else inside)
        at += found.end()


def _nickname(flat: Flat, start: int, reading: Reading) -> bool:
    """A short name in front, the title behind a colon: "[Perseus](u): Removing ..."."""
    first = _first_name(flat, start)
    if first is None:
        return False
    nick = tidy(flat.text[first.start : first.end].strip("[]"))
    if not nick or words.is_label(nick) or venue.looks_like(nick):
        return False
    rest = flat.text[first.end :].lstrip("])* ")
    if year := YEAR_FIRST.match(rest):
        reading.claims.year, rest = int(year[1]), rest[year.end() :]
    colon = COLON.match(rest) if not year else None
    named = flat.text[first.start : first.end].rstrip("]* ")
    if not colon and not year and named.endswith((":", "：")):
        colon = re.match(r"\s*", rest)
    head = re.split(rf"[\n|｜{GONE}]", rest[colon.end() :] if colon else rest, maxsplit=1)
    title, leftover = cut(head[0]) if head else ("", "")
    tail = leftover + "\n" + (head[1] if len(head) > 1 else "")
    if colon and is_title_like(title) and words.count(title) > 2:
        reading.title, reading.short, reading.how = f"{nick}: {title}", nick, "nickname"
    elif first.link and (more := continued(flat.text[first.end : first.end + 300])):
        reading.title = tidy(flat.text[first.start : first.end + more])
        reading.how = "nickname"
        tail = flat.text[first.end + more :]
    elif not colon and is_title_like(title) and reads_as_title(rest, title):
        reading.title, reading.short, reading.how = title, nick, "plain"
    elif (first.link and (first.link.role in (PAPER, EMPTY) or not reading.papers)) or (
        not first.link and not is_title_like(title) and (reading.papers or reading.promised)
    ):
        reading.title, reading.how = nick, "nickname"
        tail = rest
    else:
        return False
    reading.lead = first.link
    claims_in(tail, reading.claims)
    return True


def _first_name(flat: Flat, start: int) -> Span | None:
    """The link or bold run in front; a link to no paper is passed over for one to a paper."""
    spans = [s for s in flat.spans if s.style in ("link", "bold") and s.end > start]
    if any(s.link and s.link.role == PAPER for s in spans):
        passed = start
        for span in spans:
            if flat.text[passed : span.start].strip(EDGE + GONE + "[]("):
                return None
            if span.link is None or span.link.role == PAPER:
                return span
            passed = span.end
    first = spans[0] if spans else None
    if first is None or flat.text[start : first.start].strip(EDGE + GONE + "[]("):
        return None
    return None if first.link and first.link.role == ANCHOR else first


def _plain(flat: Flat, start: int, reading: Reading) -> None:
    """The first part of the plain text that can be a title."""
    chunks = re.split(rf"[\n|｜{GONE}]+", flat.text[start:])
    first_short = ""
    for number, chunk in enumerate(chunks):
        part = chunk.strip(EDGE + "[]")
        if not part or (words.is_label(part) and not venue.is_claim(part)):
            continue
        if venue.looks_like(part) or people.are_names(BY.sub("", part)):
            claims_in(part, reading.claims)
            continue
        title, leftover = cut(chunk)
        claimed = re.search(r"[)\]）]\s*$", chunk) and leftover and len(title) > 3
        if not is_title_like(title) and not (
            claimed and venue.is_bracketed_claim(leftover.strip("() \n"))
        ):
            first_short = first_short or tidy(title)
            reading.claims.notes.append(part)
            continue
        _take_plain(flat, title, reading)
        claims_in(leftover + "\n" + "\n".join(chunks[number + 1 :]), reading.claims)
        return
    if first_short and _can_be_short_title(first_short, reading):
        reading.claims.notes = [note for note in reading.claims.notes if note != first_short]
        _take_plain(flat, first_short, reading)


def _take_plain(flat: Flat, title: str, reading: Reading) -> None:
    reading.title, reading.how = tidy(title), "plain"
    for span in flat.spans:
        label = tidy(flat.text[span.start : span.end])
        if span.link and label and reading.title.startswith(label):
            reading.lead = span.link
            return


def _can_be_short_title(text: str, reading: Reading) -> bool:
    """ "Mask R-CNN" beside its own [pdf]: short, but nothing else here is a title."""
    if not (reading.papers or reading.promised) or len(text) > 60 or ":" in text[-1:]:
        return False
    return text == reading.short or (
        text[:1].isupper() and len(text) > 2 and len(reading.claims.notes) == 1
    )
