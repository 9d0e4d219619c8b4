"""Entries of a .bib back to records: both dialects, and what people write by hand."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from bibtool.identify import identifiers_in
from bibtool.model import BibEntry, Identifier, Record, identifier, scheme_of
from bibtool.patterns import pattern
from bibtool.render.bibtex_names import names_in
from bibtool.tex import from_tex

_RESOLVER = pattern(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*", re.IGNORECASE)
_YEAR = pattern(r"(?<!\d)\d{4}(?!\d)")
_DATE = pattern(r"(\d{4})-(\d{2})")
_ARXIV_VENUE = pattern(r"^(?:arxiv\b|corr$|computing research repository)", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ARXIV = "10.48550/arxiv."


def record_of(entry: BibEntry, macros: Mapping[str, str] | None = None) -> Record:
    """What `entry` states; `macros` (names in lower case) are the file's @string definitions."""
    fields = _Fields(entry, macros or {})
    venue = fields.text("journal", "journaltitle", "booktitle")
    arxiv_only = bool(_ARXIV_VENUE.match(venue))
    identifiers = identifiers_of(entry)
    online = not venue and entry.type.lower() in {"online", "electronic", "preprint"}
    numbered = any(scheme_of(i) == "arxiv" for i in identifiers)
    preprint = numbered and (arxiv_only or online)
    return Record(
        type="misc" if preprint else entry.type.lower(),
        title=fields.text("title"),
        subtitle=fields.text("subtitle"),
        authors=names_in(fields.tex("author")),
        editors=names_in(fields.tex("editor")),
        year=fields.year(),
        month=fields.month(),
        venue="" if preprint else venue,
        volume="" if preprint else fields.text("volume"),
        issue=fields.text("number", "issue"),
        pages=re.sub(r"\s*[-–—]+\s*", "-", fields.text("pages")),
        article_number=fields.text("eid", "articleno"),
        publisher=fields.text("publisher"),
        institution=fields.text("school", "institution"),
        series=fields.text("series"),
        edition=fields.text("edition"),
        isbn=fields.text("isbn"),
        issn=fields.text("issn"),
        url=fields.url(),
        language=fields.text("langid", "language"),
        identifiers=identifiers,
        primary_class=fields.text("primaryclass", "eprintclass"),
    )


def identifiers_of(entry: BibEntry) -> tuple[Identifier, ...]:
    """DOI and arXiv number of an entry; sorted.

    Where it has a field for neither, they are looked for in the places where people write
    them: an address, `journal = {arXiv preprint arXiv:...}`, DBLP's `volume = {abs/...}`.
    """
    found: set[Identifier] = set()
    fields = entry.fields
    if which := fields.get("doi"):
        found.add(doi_identifier(which))
    if eprint := fields.get("eprint"):
        kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "arxiv").lower()
        if kind == "arxiv":
            found.update(_arxiv(eprint.strip()))
    found.discard(Identifier(""))
    return tuple(sorted(found or _elsewhere(fields)))


def _elsewhere(fields: Mapping[str, str]) -> set[Identifier]:
    found: set[Identifier] = set()
    for name in ("url", "howpublished", "journal", "journaltitle", "note"):
        text = fields.get(name, "")
        if "10." in text or "arxiv" in text.lower():
            which = identifiers_in(text.replace("\\", ""))[0]
            found.update(i for i in which if scheme_of(i) == "arxiv" or name == "url")
    if fields.get("volume", "").startswith("abs/"):
        found.update(_arxiv(fields["volume"][4:]))
    return found


def doi_identifier(tex: str) -> Identifier:
    """The DOI in a doi field, empty if it is none; arXiv's own DOIs are its numbers."""
    text = tex.strip()
    if not text.startswith("10."):
        text = _RESOLVER.sub("", text)
    text = text.replace("\\", "").lower()
    text = unquote(text) if "%" in text else text
    if text.startswith(_ARXIV):
        return identifier("arxiv", re.sub(r"v\d+$", "", text.removeprefix(_ARXIV)))
    return identifier("doi", text) if text.startswith("10.") and "/" in text else Identifier("")


_PLAIN_NUMBER = pattern(r"\d{4}\.\d{4,5}")


def _arxiv(number: str) -> Iterator[Identifier]:
    if _PLAIN_NUMBER.fullmatch(number):
        yield identifier("arxiv", number)
        return
    text = f"arXiv:{number.lower().removeprefix('arxiv:')}"
    yield from (i for i in identifiers_in(text)[0] if scheme_of(i) == "arxiv")


class _Fields:
    """The values of an entry, macros put in."""

    def __init__(self, entry: BibEntry, macros: Mapping[str, str]) -> None:
        self.fields = entry.fields
        self.bare = frozenset(entry.bare)
        self.macros = macros

    def tex(self, name: str) -> str:
        value = self.fields.get(name, "")
        return expanded(value, self.macros) if name in self.bare else value

    def text(self, *names: str) -> str:
        """The first of these fields that says something, as plain text."""
        return next((from_tex(tex) for name in names if (tex := self.tex(name))), "")

    def url(self) -> str:
        return self.tex("url").strip().removeprefix("\\url{").removesuffix("}").replace("\\", "")

    def year(self) -> int | None:
        found = _YEAR.search(from_tex(self.tex("year") or self.tex("date")))
        return int(found[0]) if found else None

    def month(self) -> int | None:
        dated = _DATE.match(self.tex("date"))
        word = self.fields.get("month", "").strip().strip('{}"').lower()
        if dated and not word:
            return int(dated[2]) if 1 <= int(dated[2]) <= 12 else None
        if word.isdigit():
            return int(word) if 1 <= int(word) <= 12 else None
        return _MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else None


_PIECE = pattern(r'\{((?:[^{}]|\{[^{}]*\})*)\}|"([^"]*)"|([^\s#"{}]+)')


def expanded(expression: str, macros: Mapping[str, str], depth: int = 0) -> str:
    """A bare value with its macros put in; a name that nobody defined stays as it is.

    Macros may stand for macros; a circle ends where it closes.
    """
    out: list[str] = []
    for braced, quoted, bare in _PIECE.findall(expression):
        inner = macros.get(bare.lower()) if bare and depth < 8 else None
        out.append(
            expanded(inner, macros, depth + 1) if inner is not None else braced or quoted or bare
        )
    return "".join(out)
