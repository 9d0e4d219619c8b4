"""Which entries of one or more .bib files are one work."""

import re
import unicodedata
from collections.abc import Sequence

from bibtool import versions
from bibtool.bib.file import Bibliography
from bibtool.bib.scan import Block
from bibtool.bib.value import unwrapped
from bibtool.model import BibEntry, Record
from bibtool.people import named, same_person
from bibtool.render.bibtex_records import expanded, identifiers_of, record_of
from bibtool.tex import from_tex
from bibtool.titles import key as title_key

# What tells a work, and where its identifiers may stand; nothing else is looked at twice.
_TELLING = frozenset(
    "title author editor year date doi eprint eprinttype archiveprefix url howpublished journal "
    "journaltitle note volume crossref".split()
)
_LETTERS = re.compile(r"[^a-z0-9]+")
_MOST_COMPARED = 40  # works of one title and author: more are a list of errata, not duplicates
_PARTS = frozenset({"inbook", "incollection", "book", "proceedings", "collection", "suppbook"})


class Item:
    """One entry of one file, and what is known of it so far."""

    __slots__ = ("_record", "block", "crossref", "file", "marks", "number")

    def __init__(self, number: int, file: Bibliography, block: Block) -> None:
        self.number = number  # over all files
        self.file = file
        self.block = block
        self._record: Record | None = None
        telling = _telling(file, block)
        self.crossref = telling.fields.get("crossref", "").strip()
        self.marks = _marks(telling)

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


def _marks(entry: BibEntry) -> tuple[str, ...]:
    """Under which names a twin of this entry would be found."""
    marks: list[str] = [f"key {entry.key.casefold()}", *identifiers_of(entry)]
    title = _letters(entry.fields.get("title", ""))
    if title:
        author = entry.fields.get("author") or entry.fields.get("editor", "")
        first = author.partition(" and ")[0]
        family = first.partition(",")[0] if "," in first else first.rpartition(" ")[2]
        marks.append(f"{title} {_letters(family)}")
    return tuple(marks)


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
