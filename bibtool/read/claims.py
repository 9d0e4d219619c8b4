"""What a text beside a title claims: authors, venue, year; the rest is a note."""

import re

from msgspec import Struct, field

from bibtool.patterns import pattern
from bibtool.read import people, venue, words

GONE = "\x1f"  # stands where a label link or an image stood
CHUNK = pattern(rf"[\n|｜{GONE}]+")
SENTENCE = pattern(
    r"(?<![A-Z])(?<!\b[A-Za-z]\b)(?<!et al)(?<!\bvol)(?<!\bno)(?<!\bpp)(?<!\bProc)(?<!\bTrans)"
    r"(?<!\bConf)[.。](?:\s+|$)|(?<=[?!？！])\s+(?=[A-Z])"
)
BRACKETED = pattern(r"[\[(（【]([^\[\]()（）【】]{2,100})[\])）】]")
EDGE = ' \t\n,.;:：，。；|-–—*_~·•>→\\"“”'
BY = pattern(r"^by\s+", re.IGNORECASE)


class Claims(Struct):
    venue: str = ""
    year: int | None = None
    authors: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def take_venue(self, text: str) -> None:
        name, year = venue.split(text)
        if name and not self.venue and len(name) <= 200:
            self.venue = name
        if self.year is None:
            self.year = year


def claims_in(text: str, claims: Claims | None = None) -> Claims:
    """Sort every part of `text`; what is already claimed in `claims` stands."""
    claims = claims or Claims()
    for chunk in CHUNK.split(words.SHORTCODE.sub(" ", text)):
        _chunk(chunk.strip(EDGE), claims)
    return claims


def _chunk(text: str, claims: Claims) -> None:
    year = re.match(r"^\(?((?:19|20)\d{2})[a-z]?\)", text)
    if year and claims.year is None:
        claims.year = int(year[1])
    if not text or _only_labels(text) or not text.strip("[]() "):
        return
    rest = text
    for found in BRACKETED.finditer(text):
        if venue.is_bracketed_claim(found[1]):
            claims.take_venue(found[1])
            rest = rest.replace(found[0], " ")
    rest = re.sub(r"^\(?(?:19|20)\d{2}\)", " ", rest) if claims.year is not None else rest
    sentences = SENTENCE.split(rest)
    people_first = len(sentences) > 1 and people.are_names(sentences[0].strip(EDGE))
    if not people_first and _whole(rest.strip(EDGE), claims):
        return
    for sentence in sentences:
        part = sentence.strip(EDGE)
        if part and not _whole(part, claims) and not _run(part, claims):
            claims.notes.append(part)


def _only_labels(text: str) -> bool:
    return words.is_label(text) and not venue.is_claim(text)


def _whole(text: str, claims: Claims) -> bool:
    """The text as a whole is a date, a venue or a row of people."""
    plain = BY.sub("", text.strip("()[]（）【】 ")).strip(EDGE)
    if not plain or _only_labels(plain):
        return True
    if venue.looks_like(plain):
        claims.take_venue(plain)
        return True
    if people.are_names(plain) or (plain != text and BY.match(text) and len(plain.split()) <= 4):
        claims.authors = claims.authors or people.names_in(plain)
        return True
    return False


def _run(text: str, claims: Claims) -> bool:
    """People first, then a venue and a year: "Jane Doe and Ann Roe, Proceedings of X, 2018"."""
    parts = re.split(r"\s*[,，;；]\s*|\s[-–—]\s", text)
    if len(parts) < 2:
        return False
    people_end = 0
    for end in range(len(parts), 0, -1):
        if end <= 60 and _are_people(parts[:end]):
            people_end = end
            break
    rest = ", ".join(parts[people_end:])
    if not rest or (people_end and (venue.looks_like(rest) or _ends_with_year(rest))):
        claims.authors = claims.authors or people.names_in(", ".join(parts[:people_end]))
        if rest:
            claims.take_venue(rest)
        return True
    if not people_end and venue.looks_like(parts[0]) and _ends_with_year(text):
        claims.take_venue(text)
        return True
    if claims.year is None and _ends_with_year(text):
        claims.year = venue.year_in(text)
    return False


def _are_people(parts: list[str]) -> bool:
    text = ", ".join(parts)
    if len(parts) > 1 or re.search(r"\s(?:and|&)\s|et\.? al", text):
        return people.are_names(text)
    return (
        bool(people.NAME.match(text)) and 2 <= len(text.split()) <= 4 and not venue.looks_like(text)
    )


def _ends_with_year(text: str) -> bool:
    return bool(re.search(r"(?:19|20)\d{2}\)?$|['’]\s?\d{2}\)?$", text.strip(EDGE)))
