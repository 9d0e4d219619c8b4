"""The nouns of bibtool. Plain frozen data; imports nothing else from this package.

None can hold itself, so none is watched by the collector of garbage (`gc=False`).
"""

from collections.abc import Mapping
from typing import NewType

from msgspec import Struct

# "scheme:value" in normal form: "arxiv:2406.11838" (never a version), "doi:10.1/x" (lower case).
Identifier = NewType("Identifier", str)


def identifier(scheme: str, value: str) -> Identifier:
    return Identifier(f"{scheme}:{value}")


def scheme_of(which: Identifier) -> str:
    return which.partition(":")[0]


def value_of(which: Identifier) -> str:
    return which.partition(":")[2]


class Name(Struct, frozen=True, omit_defaults=True, gc=False):
    """A person (`family` with its particles, `given`, `suffix`) or an organisation (`literal`)."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


class Update(Struct, frozen=True, omit_defaults=True, gc=False):
    """What happened to a work after it appeared, by a registry's or its authors' word."""

    kind: str  # "retraction", "correction", "withdrawal", "concern", ...
    identifier: Identifier = Identifier("")  # of the notice, where it has one
    year: int | None = None


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Bibliographic facts about one work, as somebody states them.

    Text is Unicode without markup; mathematics stands as `$...$`. Empty means
    that whoever states the record does not say.
    """

    type: str = "misc"  # a BibTeX entry type
    kind: str = ""  # the source's own word for the type: "component", "peer-review", ...
    title: str = ""
    subtitle: str = ""
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    year: int | None = None  # of a preprint: the year of its first version
    month: int | None = None
    venue: str = ""  # journal or proceedings, without the year where it is a claim
    volume: str = ""
    issue: str = ""
    pages: str = ""  # "12-34", one hyphen
    article_number: str = ""
    publisher: str = ""
    institution: str = ""  # school of a thesis, issuer of a report
    series: str = ""
    edition: str = ""
    isbn: str = ""
    issn: str = ""
    url: str = ""
    language: str = ""
    identifiers: tuple[Identifier, ...] = ()  # sorted
    published_as: tuple[Identifier, ...] = ()  # of the published version, by this source's word
    preprinted_as: tuple[Identifier, ...] = ()  # of preprints of this work, by this source's word
    updates: tuple[Update, ...] = ()
    notice_of: tuple[Identifier, ...] = ()  # works that this one corrects or retracts
    primary_class: str = ""  # arXiv's "cs.CV"
    comment: str = ""  # arXiv's author comment, in the authors' words
    journal_ref: str = ""  # arXiv's, in the authors' words
    version: int | None = None  # of a preprint: the newest one that the source knows


class Place(Struct, frozen=True, order=True, gc=False):
    """Where in the user's files something was written."""

    path: str  # relative to the project root, with forward slashes
    line: int  # from 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One item of a list: what the curator wrote, and where."""

    place: Place
    line_end: int
    text: str  # as it stands in the list, for messages
    category: tuple[str, ...] = ()  # path of headings, without the document's title
    claim: Record = Record()  # title, authors, year, venue, identifiers; unverified
    short: str = ""  # nickname
    urls: tuple[str, ...] = ()
    code: tuple[str, ...] = ()  # repositories and project pages, never the paper's own link
    dataset: str = ""
    notes: str = ""
    problems: tuple[str, ...] = ()
    skip: bool = False  # marked <!-- bibtool: skip -->
    settled: bool = False  # marked <!-- bibtool: id=... -->: the curator's word, whatever the title
    key: str = ""  # marked <!-- bibtool: key=... -->


class Category(Struct, frozen=True, gc=False):
    """A heading that rows stand under, with the curator's word on it."""

    path: tuple[str, ...]
    place: Place
    description: str = ""


class Problem(Struct, frozen=True, gc=False):
    """Something wrong at a place: what it is and what to do next, in one line."""

    place: Place
    message: str


class PaperList(Struct, frozen=True, gc=False):
    """What a reader found in one list."""

    path: str
    rows: tuple[Row, ...] = ()
    categories: tuple[Category, ...] = ()  # in order of appearance, each once
    skipped: tuple[Problem, ...] = ()  # held a paper-like link, is no entry; why
    problems: tuple[Problem, ...] = ()


class Notice(Struct, frozen=True, gc=False):
    """Something a curator should know; no outcome hangs on it."""

    place: Place
    kind: str  # title, venue, year, retracted, withdrawn, conflict, orphan, edited
    message: str


class Candidate(Struct, frozen=True, omit_defaults=True, gc=False):
    """One source's answer, and how far it is from the claim."""

    source: str
    record: Record
    distance: float = 0.0  # 0 same to 1 unrelated
    reasons: tuple[str, ...] = ()  # what disagrees, in words a curator understands


class Matched(Struct, frozen=True, tag="matched", gc=False):
    row: Row
    candidates: tuple[Candidate, ...]  # all of one work, best first
    notices: tuple[Notice, ...] = ()  # what differs between the row and its work


class Ambiguous(Struct, frozen=True, tag="ambiguous", gc=False):
    row: Row
    candidates: tuple[Candidate, ...]  # nearest first
    reason: str = ""


class NotFound(Struct, frozen=True, tag="not-found", gc=False):
    row: Row
    asked: tuple[str, ...]


class Unavailable(Struct, frozen=True, tag="unavailable", gc=False):
    row: Row
    down: tuple[str, ...]  # "arxiv: no answer in 60 s"


Outcome = Matched | Ambiguous | NotFound | Unavailable


class Entry(Struct, frozen=True, kw_only=True, gc=False):
    """One keyed work in the finished bibliography."""

    key: str
    record: Record  # hand edits in the .bib included
    rows: tuple[Row, ...] = ()  # that name this work, in list order; none for an orphan
    provenance: Mapping[str, str] = {}  # field -> source

    @property
    def categories(self) -> tuple[tuple[str, ...], ...]:
        return tuple(dict.fromkeys(row.category for row in self.rows))


class BibEntry(Struct, frozen=True, omit_defaults=True, gc=False):
    """An entry as it stands in a .bib: values are TeX, without their outer braces or quotes."""

    key: str
    type: str
    fields: Mapping[str, str]  # names in lower case, in the order written
    bare: tuple[str, ...] = ()  # fields written without braces: a macro, or pieces joined by `#`
