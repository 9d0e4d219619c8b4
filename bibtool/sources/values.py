"""Identifiers, dates and pages, from the values that services give for them. Pure."""

import re

from bibtool.model import Identifier, identifier
from bibtool.patterns import pattern

ARXIV_DOI = "10.48550/arxiv."  # registered at DataCite by arXiv for each of its papers
DOI = pattern(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
VERSION = pattern(r"v\d+$")
# arXiv takes "math/0309136" and answers with nothing to "math.GT/0309136".
SUBJECT = pattern(r"(?<=[a-z])\.[A-Za-z]{2}(?=/\d{7})")
DASHES = pattern(r"\s*[-\u2010-\u2015\u2212]+\s*")


def work_identifier(doi: str) -> Identifier | None:
    """A DOI as an identifier, an arXiv paper's as its arXiv identifier; None if it is no DOI."""
    found = DOI.fullmatch(doi.strip())
    if not found:
        return None
    value = found[1].lower()
    if value.startswith(ARXIV_DOI):
        return identifier("arxiv", arxiv_number(value.removeprefix(ARXIV_DOI)))
    return identifier("doi", value)


def arxiv_number(text: str) -> str:
    """An arXiv number in normal form: without version and subject class."""
    return SUBJECT.sub("", VERSION.sub("", text.strip()))


def year_and_month(text: str) -> tuple[int | None, int | None]:
    """The beginning of an ISO date, as far as it goes."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?", text)
    if not found:
        return None, None
    month = int(found[2] or 0)
    return int(found[1]), month if 1 <= month <= 12 else None


def page_range(text: str) -> str:
    """Pages with one hyphen between them; "12-12" is one page."""
    pages = ", ".join(DASHES.sub("-", part.strip()) for part in text.split(",") if part.strip())
    first, _, last = pages.partition("-")
    return first if first == last else pages.strip("-")
