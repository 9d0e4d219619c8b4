"""Which entries of one or more .bib files are one work."""

import unicodedata
from collections.abc import Sequence
from itertools import combinations, groupby

from msgspec.structs import replace
from rapidfuzz.distance import OSA

from bibtool import versions
from bibtool.bib.file import Bibliography
from bibtool.bib.scan import Block
from bibtool.bib.value import unwrapped
from bibtool.likeness import likeness
from bibtool.model import BibEntry, Record
from bibtool.patterns import pattern
from bibtool.penalties import whole_title
from bibtool.people import named, same_person
from bibtool.render.bibtex_records import expanded, identifiers_of, record_of
from bibtool.tex import from_tex
from bibtool.titles import key as title_key

# What tells a work, and where its identifiers may stand; nothing else is looked at twice.
_TELLING = frozenset(
    "title author editor year date doi eprint eprinttype archiveprefix url howpublished journal "
    "journaltitle note volume crossref".split()
)
_LETTERS = pattern(r"[^a-z0-9]+")
_MOST_COMPARED = 40  # works of one title and author: more are a list of errata, not duplicates
# Letters: of two titles that differ by one, the beginning or the end is the same.
_END = 12
_LETTERS_OFF = 3  # as many as a lost article has
_PARTS = frozenset({"inbook", "incollection", "book", "proceedings", "collection", "suppbook"})


class Item:
    """One entry of one file, and what is known of it so far."""

    __slots__ = ("_record", "about", "block", "crossref", "file", "marks", "number", "title")

    def __init__(self, number: int, file: Bibliography, block: Block) -> None:
        self.number = number  # over all files
        self.file = file
        self.block = block
        self._record: Record | None = None
        telling = _telling(file, block)
        self.crossref = telling.fields.get("crossref", "").strip()
        family, year = _first_family(telling), _year(telling)
        self.title = _letters(telling.fields.get("title", ""))
        self.about = f"{family} {year}" if family and year else ""
        self.marks = _marks(telling, self.title, family)

    @property
    def key(self) -> str:
        return self.block.key

    def entry(self) -> BibEntry:
        return self.file.entry(self.block)

    def record(self) -> Record:
        if self._record is None:
            self._record = record_of(self.entry(), self.file.macros)
        return self._record


def _telling(file: Bibliography, block: Block) -> BibEntry:
    fields: dict[str, str] = {}
    for name, value in block.values(file.text):
        if name in _TELLING and name not in fields:
            inner, bare = unwrapped(value)
            fields[name] = expanded(inner, file.macros) if bare else inner
    return BibEntry(block.key, block.type, fields)


def _marks(entry: BibEntry, title: str, family: str) -> tuple[str, ...]:
    """Under which names a twin of this entry would be found."""
    marks: list[str] = [f"key {entry.key.casefold()}", *identifiers_of(entry)]
    if title:
        marks.append(f"{title} {family}")
    return tuple(marks)


def _first_family(entry: BibEntry) -> str:
    author = entry.fields.get("author") or entry.fields.get("editor", "")
    first = author.partition(" and ")[0]
    return _letters(first.partition(",")[0] if "," in first else first.rpartition(" ")[2])


def _year(entry: BibEntry) -> str:
    return (entry.fields.get("year") or entry.fields.get("date", "")).strip()[:4]


def _letters(tex: str) -> str:
    if "\\" in tex or "$" in tex:
        tex = from_tex(tex)
    if not tex.isascii():
        tex = unicodedata.normalize("NFKD", tex.replace("ł", "l").replace("Ł", "L"))
    return _LETTERS.sub("", tex.lower())


def groups(items: Sequence[Item]) -> list[list[Item]]:
    """Items that are one work, in order; most stand alone."""
    found: dict[str, list[Item]] = {}
    leader: dict[int, int] = {}
    for item in items:
        for mark in item.marks:
            others = found.get(mark)
            if others is None:
                found[mark] = [item]
            else:
                _compare(item, others, leader)
    del found  # the marks of a large library weigh as much as its text
    out: dict[int, list[Item]] = {}
    for item in items:
        item.marks = ()
        out.setdefault(_leader(item.number, leader), []).append(item)
    return list(out.values())


def _compare(item: Item, others: list[Item], leader: dict[int, int]) -> None:
    for other in others[:_MOST_COMPARED]:
        mine, theirs = _leader(item.number, leader), _leader(other.number, leader)
        if mine == theirs:
            return
        if same_work(item.record(), other.record()):
            leader[max(mine, theirs)] = min(mine, theirs)
            return
    others.append(item)


def _leader(number: int, leader: dict[int, int]) -> int:
    while number in leader:
        number = leader[number]
    return number


def alike(items: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Pairs that would be one work, were it not for a few letters of their titles; in order."""
    known = [item for item in items if item.about and len(item.title) >= 2 * _END]
    found = {
        (one.number, other.number): (one, other)
        for end in (_beginning, _ending)
        for _, some in groupby(sorted(known, key=end), end)
        for one, other in combinations(list(some)[:_MOST_COMPARED], 2)
        if OSA.distance(one.title, other.title, score_cutoff=_LETTERS_OFF) <= _LETTERS_OFF
        and _misspelt(one.record(), other.record())
    }
    return [found[numbers] for numbers in sorted(found)]


def _beginning(item: Item) -> tuple[str, str]:
    return item.about, item.title[:_END]


def _ending(item: Item) -> tuple[str, str]:
    return item.about, item.title[-_END:]


def _misspelt(a: Record, b: Record) -> bool:
    if set(a.identifiers) & set(b.identifiers):
        return False  # looked at already: a chapter and its book
    title = likeness(whole_title(a), whole_title(b))
    if title.relation != "typing" or not title.same_numbers:
        return False
    return same_work(a, replace(b, title=a.title, subtitle=a.subtitle))


def same_work(a: Record, b: Record) -> bool:
    """As `versions.same_work`, but files have chapters that carry the DOI of their book."""
    if not versions.same_work(a, b):
        return False
    if not set(a.identifiers) & set(b.identifiers):
        return True
    if title_key(a.title) == title_key(b.title) or not a.title or not b.title:
        return a.edition == b.edition or not (a.edition and b.edition)
    if {a.type, b.type} & _PARTS:
        return False
    first, second = named(a.authors), named(b.authors)
    return not first or not second or any(same_person(p, q) for p in first for q in second)
