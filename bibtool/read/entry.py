"""One text to what it says of a paper: the title, the nickname, the links, the claims.

Title candidates by rank: quoted, bold, a link's long text, italic, plain text up to the first
separator. Labels, venues, dates, nicknames and people are barred.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from msgspec import Struct, field

from bibtool.read import people, venue, words
from bibtool.read.claims import BY, EDGE, GONE, Claims, claims_in
from bibtool.read.cut import LEADING, cut, without_claims
from bibtool.read.flat import Flat, Span, flatten
from bibtool.read.inline import Piece, pieces
from bibtool.read.links import ANCHOR, EMPTY, PAPER, Link
from bibtool.read.titles import LONG, is_title_like, tidy

QUOTED = re.compile(
    r"[“\"«「『《]([^“”\"«»「」『』《》\n]{3,400}(?:\"[^\"\n,.]{1,60}\"[^\"\n]{0,200})?)[”\"»」』》]"
)
UNOPENED = re.compile(r"^[\s:：,.-]*([A-Z][^\"“”\n]{14,300})[\"”]\s*[,.]")
LISTING = re.compile(r"^\s*(?:(?:\(?\d{1,4}[.):]|[-*+•·▪◦–]|#\d+:?|No\.\s?\d+|Q\d+:)\s+)+")
CONTINUED = re.compile(
    r"^\s*[:：]\s+(?=[A-Z0-9])|^\s+(?=(?:with|for|of|in|on|via|using|from|and|by|through|to|under|as)\s+\S+\s)"
)
YEAR_FIRST = re.compile(r"^[\s,]*[(\[]((?:19|20)\d{2})[a-z]?[)\]]")
COLON = re.compile(r"^\s*(?:[:：]|->|→|=>)\s*")
NICK_WORDS = 4
T = TypeVar("T")


class Reading(Struct):
    """What one text says; `how`: quoted, bold, link, italic, nickname or plain."""

    title: str = ""
    how: str = ""
    short: str = ""
    lead: Link | None = None  # the link that carries the title
    links: list[Link] = field(default_factory=list)
    claims: Claims = field(default_factory=Claims)
    before: str = ""  # what stands in front of the title

    @property
    def papers(self) -> list[Link]:
        return [link for link in self.links if link.role == PAPER]

    @property
    def promised(self) -> bool:
        """Whether a label says "paper" and its address is missing."""
        return any(
            link.role == EMPTY and words.label_role(link.label) == "paper" for link in self.links
        )


class Texts:
    """Reads the texts of one document; remembers the latest, which several families ask about."""

    def __init__(self, references: Mapping[str, str]) -> None:
        self.references = references
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
            self._readings[text] = read_pieces(self.pieces(text))
        return self._readings[text]


REMEMBERED = 1000  # texts


def _make_room(memory: dict[str, T]) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()


def read_pieces(found: Sequence[Piece]) -> Reading:
    flat = flatten(found)
    reading = Reading(links=flat.links)
    start = _leading(flat.text, reading)
    if not (_strong(flat, start, reading) or _nickname(flat, start, reading)):
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
        skipped = re.match(
            rf"[\s{GONE}\]|,:：—–-]*(?:{words.EMOJI.pattern}\s*)*(?:{words.SHORTCODE.pattern}\s*)*",
            text[at : at + 200],
        )
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
        elif inside and not words.is_label(inside):
            if (
                words.count(inside) > NICK_WORDS
                or len(inside) > 40
                or (glued and inside[:1].islower())
            ):
                return at
            reading.short = reading.short or ("" if inside.lower() in ("x", "✓") else inside)
        at += found.end()


def _strong(flat: Flat, start: int, reading: Reading) -> bool:
    """A quoted, bold, linked or italic title; False if there is none."""
    linked = _linked(flat, start)
    quoted = _quoted(flat, start)
    if quoted and not (linked and linked.start <= quoted[0]):
        return _choose(flat, quoted[0], quoted[1], "quoted", None, start, reading)
    bold = next(
        (
            s
            for s in flat.spans
            if s.style == "bold" and s.end > start and _is_styled_title(flat, s)
        ),
        None,
    )
    if bold and not (linked and linked.start < bold.start):
        return _choose(flat, bold.start, bold.end, "bold", None, start, reading)
    if linked:
        end = linked.end + _continued(flat.text[linked.end : linked.end + 300])
        return _choose(flat, linked.start, end, "link", linked.link, start, reading)
    italic = next(
        (
            s
            for s in flat.spans
            if s.style == "italic" and s.end > start and _is_styled_title(flat, s)
        ),
        None,
    )
    if italic and not _plain_first(flat, start, italic.start):
        return _choose(flat, italic.start, italic.end, "italic", None, start, reading)
    return False


def _continued(rest: str) -> int:
    """How much behind a link's label still belongs to the title: ": A Subtitle", " with Words"."""
    found = CONTINUED.match(rest)
    if not found:
        return 0
    part = re.split(rf"[\n|｜{GONE}(\[（]", rest[found.end() :], maxsplit=1)[0]
    title, _ = cut(part)
    if not is_title_like(title) or words.count(title) > 15 or not _reads_as_title(title, title):
        return 0
    return found.end() + rest[found.end() :].find(title) + len(title)


def _linked(flat: Flat, start: int) -> Span | None:
    """The first link with a title for a label; links to papers come before other links."""
    links = [s for s in flat.spans if s.style == "link" and s.end > start and s.link]
    if any(s.link and s.link.role == PAPER for s in links):
        links = [s for s in links if s.link and s.link.role == PAPER]
        title = next((s for s in links if _is_linked_title(flat, s)), None)
        opening = not flat.text[start : links[0].start].strip(EDGE + GONE + "[](")
        if (
            title
            and title is not links[0]
            and opening
            and _is_talk(flat.text[links[0].end : title.start])
        ):
            return None  # the name in front is the entry, this one is spoken of
        return title
    return next((s for s in links if _is_linked_title(flat, s)), None)


def _is_talk(between: str) -> bool:
    return (
        words.count(re.sub(r"[(\[][^()\[\]]{0,40}[)\]]", " ", between).strip(EDGE)) > NICK_WORDS - 1
    )


def _is_linked_title(flat: Flat, span: Span) -> bool:
    if span.link and span.link.role == ANCHOR:
        return False
    text = tidy(flat.text[span.start : span.end])
    return (len(text) >= LONG or words.count(text) > NICK_WORDS) and is_title_like(text)


def _is_styled_title(flat: Flat, span: Span) -> bool:
    text = tidy(flat.text[span.start : span.end])
    return (
        len(text) >= LONG
        or words.count(text) > NICK_WORDS
        or (words.count(text) > 2 and span.style == "bold")
    ) and is_title_like(text)


def _plain_first(flat: Flat, start: int, end: int) -> bool:
    """Whether plain text in front of an italic run is itself a title."""
    before = flat.text[start:end].strip(EDGE + GONE)
    return is_title_like(before) and words.count(before) > NICK_WORDS


def _quoted(flat: Flat, start: int) -> tuple[int, int] | None:
    text = flat.text
    for found in QUOTED.finditer(text, start):
        if not (is_title_like(found[1]) and words.count(found[1]) >= 3):
            continue
        before = text[start : found.start()].strip(EDGE + GONE + "[]()")
        spoken = words.count(before) > (NICK_WORDS - 1 if found[1][0].islower() else 8)
        if spoken and not people.are_names(before) and not venue.looks_like(before):
            continue  # somebody's words about the paper
        return found.start(1), found.end(1)
    bold = next((s for s in flat.spans if s.style == "bold" and s.end > start), None)
    if bold and not text[start : bold.start].strip(EDGE) and bold.end - bold.start < LONG:
        start = bold.end  # a nickname
    unopened = UNOPENED.match(text[start : start + 400])
    if unopened and text.count('"') % 2 and is_title_like(unopened[1]):
        return start + unopened.start(1), start + unopened.end(1)
    return None


def _choose(
    flat: Flat, start: int, end: int, how: str, lead: Link | None, body: int, reading: Reading
) -> bool:
    reading.title = tidy(flat.text[start:end])
    reading.how = how
    reading.lead = lead or next(
        (s.link for s in flat.spans if s.link and s.start < end and s.end > start), None
    )
    reading.before = flat.text[body:start].strip(EDGE + GONE + "[]()")
    _before(reading)
    claims_in(flat.text[end:], reading.claims)
    return bool(reading.title)


def _before(reading: Reading) -> None:
    """What stands in front of a title is a nickname, people, a venue or a date."""
    text = tidy(words.bare(reading.before))
    if not text:
        return
    if venue.looks_like(text):
        reading.claims.take_venue(text)
    elif people.are_names(text) or re.search(r"\bet al\b", text):
        reading.claims.authors = people.names_in(re.sub(r"\(?(?:19|20)\d{2}[a-z]?\)?", "", text))
        reading.claims.year = venue.year_in(text)
    elif apa := re.match(r"^(.{3,500}?)[\s,.]*\(((?:19|20)\d{2})[a-z]?\)?$", text):
        reading.claims.authors, reading.claims.year = people.names_in(apa[1]), int(apa[2])
    elif words.count(text) <= NICK_WORDS and len(text) <= 50 and not words.is_label(text):
        reading.short = reading.short or text


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
    elif first.link and (more := _continued(flat.text[first.end : first.end + 300])):
        reading.title = tidy(flat.text[first.start : first.end + more])
        reading.how = "nickname"
        tail = flat.text[first.end + more :]
    elif not colon and is_title_like(title) and _reads_as_title(rest, title):
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


def _reads_as_title(rest: str, title: str) -> bool:
    """Whether text right behind a nickname is written like a title: words begin with capitals."""
    if not rest[:1].isalnum() or words.count(title) < 3:
        return False
    long = [w for w in re.findall(r"[^\W\d_][\w-]*", title) if len(w) > 3]
    return bool(long) and sum(w[0].isupper() for w in long) >= 0.6 * len(long)


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
            claimed and venue.is_bracketed_claim(leftover.strip())
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
