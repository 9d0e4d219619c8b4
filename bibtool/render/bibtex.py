"""Records to .bib entries. Field order and layout never change, so that diffs stay small."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bibtool import updates, venues
from bibtool.model import BibEntry, Name, Record, scheme_of, value_of
from bibtool.patterns import pattern
from bibtool.render.bibtex_names import names_tex
from bibtool.render.bibtex_records import record_of as record_of
from bibtool.tex import to_tex

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# Entry types that only one of the dialects knows, by what the other calls them.
# Zotero discards an entry of any type that is not in its own list: @dataset, @preprint.
_BIBTEX_TYPES = {
    "conference": "inproceedings",
    "collection": "proceedings",
    "dataset": "misc",
    "electronic": "misc",
    "online": "misc",
    "patent": "misc",
    "preprint": "misc",
    "report": "techreport",
    "software": "misc",
    "thesis": "phdthesis",
}
_BIBLATEX_TYPES = {"conference": "inproceedings", "electronic": "online", "preprint": "online"}
_IN_BOOK = frozenset({"inproceedings", "incollection", "inbook", "conference"})
_THESES = frozenset({"phdthesis", "mastersthesis", "thesis"})
_REPORTS = frozenset({"techreport", "report"})


class BibOptions(Struct, frozen=True, kw_only=True):
    """How entries are written; see docs/settings.md."""

    dialect: Literal["bibtex", "biblatex"] = "bibtex"
    encoding: Literal["ascii", "unicode"] = "ascii"
    preprint_type: Literal["misc", "article"] = "misc"
    venue_style: Literal["full", "short", "macro"] = "full"
    prefer: Literal["published", "preprint"] = "published"


def entry_of(
    key: str,
    record: Record,
    *,
    keywords: Sequence[str] = (),
    note: str = "",
    options: BibOptions | None = None,
) -> BibEntry:
    """The entry for `record`; `keywords` are its categories, `note` is the curator's word on it."""
    writer = _Writer(record, options or BibOptions())
    fields = {name: value for name, value in writer.fields(keywords, note) if value}
    return BibEntry(key, writer.type, fields, tuple(name for name in writer.bare if name in fields))


def macros(options: BibOptions) -> dict[str, str]:
    """The @string definitions that entries may need: macro -> TeX."""
    if options.venue_style != "macro":
        return {}
    return {name: to_tex(full, encoding=options.encoding) for name, full in venues.macros().items()}


def text_of(entry: BibEntry) -> str:
    """The entry as it stands in a file, without a line end after the closing brace."""
    bare = entry.bare
    lines = [
        f"  {name} = {value},\n" if name in bare else f"  {name} = {{{value}}},\n"
        for name, value in entry.fields.items()
    ]
    return f"@{entry.type}{{{entry.key},\n{''.join(lines)}}}"


def arxiv_id(record: Record) -> str:
    """The record's first arXiv number, without a version; empty if there is none."""
    return next((value_of(i) for i in record.identifiers if scheme_of(i) == "arxiv"), "")


def doi(record: Record) -> str:
    return next((value_of(i) for i in record.identifiers if scheme_of(i) == "doi"), "")


def is_preprint(record: Record) -> bool:
    """Whether `record` is an arXiv preprint, and not a published work with one."""
    return bool(arxiv_id(record)) and record.type in {"misc", "preprint", "online", "unpublished"}


class _Writer:
    """One record on its way to fields."""

    def __init__(self, record: Record, options: BibOptions) -> None:
        self.record = record
        self.options = options
        self.biblatex = options.dialect == "biblatex"
        self.preprint = is_preprint(record)
        self.arxiv = arxiv_id(record)
        self.type = self._type()
        self.bare: list[str] = []

    def _type(self) -> str:
        if self.preprint and self.options.preprint_type == "article":
            return "article"
        if self.biblatex:
            return (
                "online"
                if self.preprint
                else _BIBLATEX_TYPES.get(self.record.type, self.record.type)
            )
        return _BIBTEX_TYPES.get(self.record.type, self.record.type)

    def fields(self, keywords: Sequence[str], note: str) -> Iterator[tuple[str, str]]:
        """Names and values in the order in which they are written; empty where nothing is known."""
        record = self.record
        yield "author", self._names(record.authors)
        yield "editor", self._names(record.editors) if record.type not in _REPORTS else ""
        yield from self._title()
        yield from self._where()
        yield from self._when()
        if self.preprint and not self.biblatex and self.type == "misc":
            yield "howpublished", self._arxiv_words()
        yield "doi", verbatim(self._doi())
        yield "isbn", self._tex(record.isbn)
        yield "issn", self._tex(record.issn) if self.type == "article" else ""
        yield from self._eprint()
        yield "url", verbatim(self._url())
        yield "note", self._tex(_warning(record))
        yield "keywords", self._keywords(keywords)
        yield "annote", self._tex(note)

    def _tex(self, text: str) -> str:
        return to_tex(text, encoding=self.options.encoding) if text else ""

    def _keywords(self, keywords: Sequence[str]) -> str:
        """`&` and `_` stay bare: no style prints keywords; Better BibTeX reads them verbatim."""
        return re.sub(r"\\([&_])", r"\1", self._tex(", ".join(_tags(keywords))))

    def _names(self, names: Sequence[Name]) -> str:
        return names_tex(names, self.options.encoding)

    def _title(self) -> Iterator[tuple[str, str]]:
        title, subtitle = self.record.title, self.record.subtitle
        if subtitle and (self.biblatex or subtitle.casefold() in title.casefold()):
            parts = [("title", title)]
            if subtitle.casefold() not in title.casefold():
                parts.append(("subtitle", subtitle))
        else:
            parts = [("title", f"{title}: {subtitle}" if subtitle else title)]
        for name, text in parts:
            yield name, self._title_tex(text)

    def _title_tex(self, text: str) -> str:
        language = self.record.language.lower()
        if language and not language.startswith("en"):
            # Which capitals a style may lower is a rule of English.
            return f"{{{to_tex(text, encoding=self.options.encoding)}}}" if text else ""
        return to_tex(text, encoding=self.options.encoding, title=not _shouts(text))

    def _where(self) -> Iterator[tuple[str, str]]:
        record = self.record
        if self.preprint:
            if self.type == "article":
                yield self._journal, f"arXiv preprint arXiv:{verbatim(self.arxiv)}"
            return
        venue = self._venue()
        in_book, article = record.type in _IN_BOOK, record.type == "article"
        thesis = record.type in _THESES
        if article:
            yield self._journal, venue
        elif in_book:
            yield "booktitle", venue
        elif not thesis:
            issuer = record.institution or record.publisher if self.type == "misc" else ""
            yield "howpublished", self._tex(record.venue or issuer)
        yield "volume", self._tex(record.volume)
        # BibTeX's styles print one of the two for proceedings, and warn of the other.
        clash = in_book and record.volume and not self.biblatex
        yield "number", "" if clash else self._tex(record.issue)
        yield "pages", self._tex(record.pages).replace("-", "--") if record.pages else ""
        yield "eid", self._tex(record.article_number) if not record.pages else ""
        yield "series", self._tex(record.series)
        yield "edition", self._tex(record.edition)
        yield from self._issuer()

    def _issuer(self) -> Iterator[tuple[str, str]]:
        """Who prints books, awards theses and issues reports; articles and preprints name none."""
        record = self.record
        if record.type in _THESES or record.type in _REPORTS:
            school = record.type in _THESES and not self.biblatex
            name = "school" if school else "institution"
            yield name, self._tex(record.institution or record.publisher)
        elif self.type not in {"article", "misc", "online"}:
            yield "publisher", self._tex(record.publisher)

    def _venue(self) -> str:
        """The venue in the style that settings ask for; a macro stands bare in its field."""
        style, known = self.options.venue_style, venues.find(self.record.venue)
        if known and style == "macro":
            self.bare += [self._journal, "booktitle"]
            return known.macro_name
        return self._tex(venues.spelled(self.record.venue, style, self.record.year))

    @property
    def _journal(self) -> str:
        return "journaltitle" if self.biblatex else "journal"

    def _when(self) -> Iterator[tuple[str, str]]:
        year, month = self.record.year, self.record.month
        named = MONTHS[month - 1] if month and 1 <= month <= 12 else ""
        if self.biblatex:
            yield "date", (f"{year:04d}-{month:02d}" if named else f"{year:04d}") if year else ""
            return
        yield "year", str(year) if year else ""
        self.bare.append("month")
        yield "month", named

    def _arxiv_words(self) -> str:
        # Numbers of before 2007 name the archive themselves: arXiv:hep-th/9901001.
        kind = self.record.primary_class if "/" not in self.arxiv else ""
        return f"arXiv:{verbatim(self.arxiv)}" + (f" [{self._tex(kind)}]" if kind else "")

    def _eprint(self) -> Iterator[tuple[str, str]]:
        """The arXiv number, under BibTeX's names and under biblatex's: Zotero reads the latter."""
        if not self.arxiv:
            return
        kind = self._tex(self.record.primary_class)
        yield "eprint", verbatim(self.arxiv)
        if not self.biblatex:
            yield "archiveprefix", "arXiv"
            yield "primaryclass", kind
        yield "eprinttype", "arxiv"
        if self.biblatex:
            yield "eprintclass", kind

    def _doi(self) -> str:
        """The DOI; not the one that arXiv gives to each preprint: it only repeats the number."""
        if self.preprint and self.options.prefer == "preprint":
            return ""  # it names the published version, and this entry does not
        return doi(self.record)

    def _url(self) -> str:
        if self.preprint:
            return f"https://arxiv.org/abs/{self.arxiv}"
        # A resolver's address says nothing beyond the doi field, and styles would print both.
        return "" if self._doi() and "doi.org/" in self.record.url.lower() else self.record.url


def _shouts(title: str) -> bool:
    """A title deposited in capitals: a style may lower them, for they say nothing of names."""
    letters = [c for c in title if c.isalpha()]
    return len(title.split()) > 2 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _warning(record: Record) -> str:
    """ "Retracted, see 10.1000/x": what happened to the work, each once."""
    told = []
    for update in record.updates:
        if words := updates.WORDS.get(update.kind):
            word, notice = words.word.capitalize(), value_of(update.identifier)
            told.append(f"{word}, see {notice}" if notice else word)
    return "; ".join(dict.fromkeys(told))


_ENCODED = pattern(r"[\s{}\\\"<>^`|]|[^\x21-\x7e]")
_ENCODED_IN_DOI = frozenset('<>"^`|')


def verbatim(text: str) -> str:
    """An address or identifier as verbatim fields hold it: what would break a file is %-encoded."""
    return _ENCODED.sub(lambda match: _encoded(match[0], text), "".join(text.split()))


def _encoded(sign: str, text: str) -> str:
    # DOIs may hold angle brackets (SICI), and who compares DOIs compares them as they are.
    if text.startswith("10.") and sign in _ENCODED_IN_DOI:
        return sign
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))


def _tags(keywords: Sequence[str]) -> list[str]:
    """Keywords, each once; a comma or semicolon within one would split it in Zotero."""
    return list(
        dict.fromkeys(
            re.sub(r" ?[,;] ?", " / ", " ".join(word.split())).strip() for word in keywords if word
        )
    )
