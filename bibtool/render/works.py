"""What a template sees of one work: a plain dict of text, numbers and lists. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import quote

from bibtool import updates, venues
from bibtool.memo import FORGETFUL, Digest, Memo, digest
from bibtool.model import Entry, Identifier, Name, Notice, Record, Row, scheme_of, value_of
from bibtool.names import in_cjk
from bibtool.render.markdown import address, one_line
from bibtool.render.options import SectionOptions

Plain = dict[str, Any]  # of str, int, bool, None, and lists and dicts of these

# A title of this many words or letters names a work without what follows its colon.
SHORT_WORDS = 6
SHORT_LETTERS = 48


class Sighting:
    """One entry in one category, with the rows that name it there, in list order.

    `memo` may know what its record follows from.
    """

    def __init__(self, entry: Entry, rows: tuple[Row, ...], memo: Memo = FORGETFUL) -> None:
        self.entry = entry
        self.rows = rows
        self._memo = memo

    @property
    def key(self) -> str:
        return self.entry.key

    @cached_property
    def digest(self) -> Digest:
        """Of all that `work_of` looks at: not of the places of rows, which move."""
        entry = self.entry
        said = [(r.claim, r.short, r.urls, r.code, r.dataset, r.notes) for r in self.rows]
        record = self._memo.digest_of(entry.record)
        return digest("work", entry.key, record, entry.categories, said)


class Glimpse(NamedTuple):
    """What is kept of a sighting from run to run: enough for a template that remembers the rest."""

    key: str
    digest: Digest


class OutOfSight(Exception):
    """Raised where a template looks at a work of which there is no more than a glimpse."""


class Work(Mapping[str, Any]):
    """What a template sees of one work, worked out when it looks: often all is remembered."""

    def __init__(self, sighting: Sighting | Glimpse, options: SectionOptions) -> None:
        self.key = sighting.key
        self._sighting = sighting
        self._options = options

    @cached_property
    def _fields(self) -> Plain:
        if isinstance(self._sighting, Glimpse):
            raise OutOfSight(self.key)
        return work_of(self._sighting, self._options)

    def forget(self) -> None:
        """Let the fields go; who looks again has them worked out again."""
        self.__dict__.pop("_fields", None)

    @property
    def digest(self) -> Digest:
        """Equal for works of which all fields are equal under the same options."""
        return self._sighting.digest

    def __getitem__(self, name: str) -> Any:
        return self.key if name == "key" else self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        return repr(self._fields)


def work_of(sighting: Sighting, options: SectionOptions) -> Plain:
    """The fields that docs/templates.md lists; what a row says comes from this category's rows."""
    record, rows = sighting.entry.record, sighting.rows
    title = title_of(record)
    return {
        "key": sighting.entry.key,
        "type": record.type,
        "title": title,
        "short": _first(row.short for row in rows) or short_title(title),
        "authors": [_person(name) for name in record.authors],
        "editors": [_person(name) for name in record.editors],
        "year": record.year,
        "month": record.month,
        **_venue(record, rows, options),
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "publisher": record.publisher,
        "institution": record.institution,
        "doi": _value(record, "doi"),
        "arxiv": _value(record, "arxiv"),
        "primary_class": record.primary_class,
        "warning": _warning(record),
        "categories": [list(path) for path in sighting.entry.categories],
        "code": [url for row in rows for url in row.code if address(url)],
        "dataset": _first(row.dataset for row in rows),
        "notes": " ".join(dict.fromkeys(one_line(row.notes) for row in rows if row.notes)),
        "links": _links(record, rows, options),
        "url": _best_url(record, rows),
    }


def title_of(record: Record) -> str:
    parts = [one_line(part) for part in (record.title, record.subtitle) if part.strip()]
    return ": ".join(parts)


def short_title(title: str) -> str:
    """What stands before a colon, if that names the work as people do; else the whole title."""
    head, colon, _ = title.partition(": ")
    short = len(head.split()) <= SHORT_WORDS and len(head) <= SHORT_LETTERS
    return head if colon and short else title


def _first(texts: Iterable[str]) -> str:
    return next((one_line(text) for text in texts if text.strip()), "")


def _person(name: Name) -> Plain:
    whole = name.literal or (
        f"{name.family}{name.given}"
        if in_cjk(name.family)
        else " ".join(part for part in (name.given, name.family, name.suffix) if part)
    )
    return {
        "family": name.literal or name.family,
        "given": name.given,
        "suffix": name.suffix,
        "literal": name.literal,
        "full": one_line(whole),
        "initials": _with_initials(name) if name.given and not in_cjk(whole) else whole,
    }


def _with_initials(name: Name) -> str:
    """ "J.-P. van der Berg Jr." : of each word of the given name its first letter."""
    words = [
        "-".join(f"{part[0]}." for part in word.split("-") if part) for word in name.given.split()
    ]
    return " ".join(part for part in (*words, name.family, name.suffix) if part)


def _venue(record: Record, rows: Sequence[Row], options: SectionOptions) -> Plain:
    """The record's venue; where it has none, the list's word, and `venue_claimed` says so."""
    claims = [row.claim for row in rows if row.claim.venue]
    claimed = not record.venue and bool(claims)
    source = claims[0] if claimed else record
    known = venues.find(source.venue) if source.venue else None
    long = known.full_in(source.year or record.year) if known else source.venue
    short = known.short if known else source.venue
    return {
        "venue": one_line(short if options.venue == "short" else long),
        "venue_short": one_line(short),
        "venue_long": one_line(long),
        "venue_year": (source.year or record.year) if source.venue else record.year,
        "venue_claimed": claimed,
    }


def _value(record: Record, scheme: str) -> str:
    return next((value_of(which) for which in _of(record, scheme)), "")


def _warning(record: Record) -> str:
    """What has befallen the work, the gravest; "" also where it was only mended."""
    kinds = {update.kind for update in record.updates}
    told = (words for kind, words in updates.WORDS.items() if kind in kinds)
    return next((words.word for words in told if words.left != "mended"), "")


def identifier_url(which: Identifier) -> str:
    """Where a DOI or an arXiv identifier is resolved; empty for other schemes."""
    homes = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}
    home = homes.get(scheme_of(which), "")
    return home + quote(value_of(which), safe="/:;.-_") if home else ""


def _links(record: Record, rows: Sequence[Row], options: SectionOptions) -> list[Plain]:
    found: dict[str, list[tuple[str, str]]] = {
        "doi": [("DOI", identifier_url(which)) for which in _of(record, "doi")],
        "arxiv": [("arXiv", identifier_url(which)) for which in _of(record, "arxiv")],
        "url": [("link", address(record.url))],
        "code": [("code", address(url)) for row in rows for url in row.code],
    }
    links: dict[str, Plain] = {}  # by address: none stands twice
    for kind in options.links:
        for label, url in found[kind]:
            links.setdefault(url, {"kind": kind, "label": label, "url": url})
    return [link for url, link in links.items() if url]


def _best_url(record: Record, rows: Sequence[Row]) -> str:
    """Where a reader finds the work: its DOI, arXiv, the record's address, the row's."""
    known = (identifier_url(i) for scheme in ("doi", "arxiv") for i in _of(record, scheme))
    stated = (address(url) for url in (record.url, *(url for row in rows for url in row.urls)))
    return next((url for url in chain(known, stated) if url), "")


def _of(record: Record, scheme: str) -> list[Identifier]:
    return [which for which in record.identifiers if scheme_of(which) == scheme]


def refused_links(entries: Iterable[Entry]) -> list[Notice]:
    """A notice for each address in a row that is no web address and so becomes no link."""
    return [
        Notice(row.place, "conflict", f"{one_line(url)[:60]!r} is no web address; not linked")
        for entry in entries
        for row in entry.rows
        for url in row.code
        if not address(url)
    ]


def in_order(works: Sequence[Work], sort: str) -> list[Work]:
    """`works` by what the setting says; equals and unknowns keep the order of the list."""
    if sort == "list":
        return list(works)
    keys: Mapping[str, Any] = {
        "key": lambda work: work["key"],
        "year": lambda work: (work["year"] is None, work["year"] or 0),
        "venue": lambda work: (not work["venue"], work["venue"].casefold()),
    }
    return sorted(works, key=keys[sort])
