"""arXiv's Atom feeds to records, in the format until 2025 and the one since. Pure."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bibtool import names
from bibtool.markup import plain
from bibtool.model import Identifier, Name, Record, Update, identifier
from bibtool.patterns import pattern
from bibtool.sources.values import arxiv_number, work_identifier, year_and_month
from bibtool.tex import from_tex

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMES = {"a": "http://www.w3.org/2005/Atom", "x": "http://arxiv.org/schemas/atom"}
FEED = "{http://www.w3.org/2005/Atom}feed"
# http until 2025, https since: https://info.arxiv.org/help/api/user-manual.html#34-errors
ERROR = pattern(r"^https?://arxiv\.org/api/errors#?(.*)", re.DOTALL)
ABSTRACT = pattern(r"^https?://(?:export\.)?arxiv\.org/abs/([^?#\s]+)$")
REFUSED = "incorrect_id_format_for_"
EARLY = pattern(r"arxiv:[a-z-]+/9[1-5]\d{5}")
DOCTYPE = pattern(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# The only sign of a withdrawal is the authors' or the administrators' word in the comment. Not
# meant are papers that others withdrew, or that were withdrawn from a conference.
WITHDRAWN = pattern(
    r"(?:^|[.;:!(]\s*)(?:note:?\s+|update:?\s+)?"
    r"(?:(?:this|the|our|present|arxiv|entire|paper|article|manuscript|submission|work|preprint"
    r"|version|e-?print|document|report|note|current)\s+)*"
    r"(?:(?:has|have|had|is|was|been|being|now|temporarily|hereby)\s+)*"
    r"(?:withdrawn|retracted)\b(?!\s+(?:from\s+(?!(?:the\s+)?arxiv)|submission))",
    re.IGNORECASE,
)


class Broken(Exception):
    """Not a feed of arXiv's, or half of one."""


class BadQuestion(Exception):
    """arXiv's own error entry. `refused` is the identifier whose form it does not accept."""

    def __init__(self, message: str, refused: str = "") -> None:
        super().__init__(message)
        self.refused = refused


def records_in(feed: bytes) -> tuple[Record, ...]:
    """One record an entry, in the feed's order, each with its arXiv identifier.

    Raises Broken for what is no feed, and BadQuestion for an error entry.
    """
    root = _parsed(feed)
    return tuple(_record(entry) for entry in root.iterfind("a:entry", NAMES))


def _parsed(feed: bytes) -> "Element":
    from xml.etree import ElementTree  # heavy; most runs that ask ask other services

    if DOCTYPE.search(feed):  # a feed has none; entities in one can be made to fill the memory
        html = b"<html" in feed[:500].lower()
        raise Broken("an HTML page" if html else "a document that declares entities")
    try:
        root = ElementTree.fromstring(feed)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        start = " ".join(plain(feed[:200].decode("utf-8", "replace")).split())[:60]
        raise Broken(f"no feed but {start!r}" if start else "nothing") from error
    if root.tag != FEED:
        page = root.tag.rpartition("}")[2].lower() == "html"
        raise Broken("an HTML page" if page else "something else than a feed")
    return root


def _record(entry: "Element") -> Record:
    which = _identifier(entry)
    year, month = year_and_month(_text(entry, "a:published"))
    comment = _words(_text(entry, "x:comment"))
    primary = entry.find("x:primary_category", NAMES)
    title = _words(_text(entry, "a:title"))
    if not title or year is None or not _is_of_arxiv(year, which):
        raise Broken("an entry without title or date")
    return Record(
        type="misc",
        kind="preprint",
        title=title,
        authors=tuple(_authors(entry)),
        year=year,
        month=month,
        url=f"https://arxiv.org/abs/{which.partition(':')[2]}",
        identifiers=(which,),
        published_as=tuple(_dois(entry)),
        updates=(Update(kind="withdrawal"),) if WITHDRAWN.search(comment) else (),
        primary_class=(primary.get("term") or "") if primary is not None else "",
        comment=comment,
        journal_ref=_words(_text(entry, "x:journal_ref")),
        version=_version(entry),
    )


def _is_of_arxiv(year: int, which: Identifier) -> bool:
    """arXiv began in 1991; in its first years it took in papers under older dates."""
    return 1990 < year < 2100 or (year > 1980 and bool(EARLY.fullmatch(which)))


def _version(entry: "Element") -> int | None:
    """The number behind the identifier: asked without one, arXiv answers with the newest."""
    found = re.search(r"v(\d{1,3})/?$", _text(entry, "a:id").strip())
    return int(found[1]) if found else None


def _identifier(entry: "Element") -> Identifier:
    address = _text(entry, "a:id").strip()
    if error := ERROR.match(address):
        message = _words(_text(entry, "a:summary")) or _words(_text(entry, "a:title"))
        _, found, refused = error[1].partition(REFUSED)
        raise BadQuestion(message, refused if found else "")
    found_id = ABSTRACT.match(address)
    if not found_id:
        raise Broken("an entry without an identifier")
    number = arxiv_number(found_id[1])
    for link in entry.iterfind("a:link[@rel='alternate']", NAMES):
        page = ABSTRACT.match(link.get("href") or "")
        if page and arxiv_number(page[1]) != number:
            raise Broken(f"an entry that is {number} and links to {page[1]}")
    return identifier("arxiv", number)


def _authors(entry: "Element") -> Iterator[Name]:
    for author in entry.iterfind("a:author/a:name", NAMES):
        name = _words(author.text or "")
        if names.is_name(name):
            yield names.person(name)


def _dois(entry: "Element") -> Iterator[Identifier]:
    """The published version's DOI; authors give several, with commas or blanks between them."""
    for doi in re.split(r"[\s,;]+(?=10\.|doi|http)", _text(entry, "x:doi").strip()):
        which = work_identifier(doi)
        if which and which.startswith("doi:"):
            yield which


def _text(entry: "Element", path: str) -> str:
    return entry.findtext(path, "", NAMES) or ""


def _words(text: str) -> str:
    """arXiv's text: its authors write TeX accents and commands into it, never TeX comments."""
    text = plain(text)
    if "\\" in text:
        text = from_tex(re.sub(r"(?<!\\)%", r"\\%", text))
    return " ".join(text.split())
