"""Titles that are marked as such: quoted, bold, a link's label, italic; and what goes on behind."""

import re

from bibtool.patterns import pattern
from bibtool.read import people, venue, words
from bibtool.read.claims import EDGE, GONE, claims_in
from bibtool.read.cut import cut
from bibtool.read.flat import Flat, Span
from bibtool.read.links import ANCHOR, PAPER, Link
from bibtool.read.said import Reading
from bibtool.read.titles import LONG, is_title_like, tidy

QUOTED = pattern(
    r"[“\"«「『《]([^“”\"«»「」『』《》\n]{3,400}(?:\"[^\"\n,.]{1,60}\"[^\"\n]{0,200})?)[”\"»」』》]"
)
UNOPENED = pattern(r"^[\s:：,.-]*([A-Z][^\"“”\n]{14,300})[\"”]\s*[,.]")
CONTINUED = pattern(
    r"^\s*[:：]\s+(?=[A-Z0-9])|^\s+(?=(?:with|for|of|in|on|via|using|from|and|by|through|to|under|as)\s+\S+\s)"
)
NICK_WORDS = 4


def marked_title(flat: Flat, start: int, reading: Reading) -> bool:
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
        end = linked.end + continued(flat.text[linked.end : linked.end + 300])
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


def continued(rest: str) -> int:
    """How much behind a link's label still belongs to the title: ": A Subtitle", " with Words"."""
    found = CONTINUED.match(rest)
    if not found:
        return 0
    part = re.split(rf"[\n|｜{GONE}(\[（]", rest[found.end() :], maxsplit=1)[0]
    title, _ = cut(part)
    if not is_title_like(title) or words.count(title) > 15 or not reads_as_title(title, title):
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


def reads_as_title(rest: str, title: str) -> bool:
    """Whether text right behind a nickname is written like a title: words begin with capitals."""
    if not rest[:1].isalnum() or words.count(title) < 3:
        return False
    long = [w for w in re.findall(r"[^\W\d_][\w-]*", title) if len(w) > 3]
    return bool(long) and sum(w[0].isupper() for w in long) >= 0.6 * len(long)
