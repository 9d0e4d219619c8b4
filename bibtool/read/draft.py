"""A row while it is being read, and how it becomes a `Row`."""

from collections.abc import Iterable

from msgspec import Struct, field

from bibtool.identify import identifiers_in
from bibtool.model import Identifier, Place, Record, Row
from bibtool.names import person
from bibtool.read.links import CODE, PAPER, PROJECT, Link
from bibtool.read.sites import claim_of
from bibtool.read.source import Mark, Source


class Draft(Struct):
    line: int
    line_end: int
    title: str = ""
    short: str = ""
    papers: list[Link] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    extra: list[Identifier] = field(default_factory=list)  # printed without a link
    venue: str = ""
    year: int | None = None
    authors: tuple[str, ...] = ()
    dataset: str = ""
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)  # other papers' links in its text

    def take(self, links: Iterable[Link]) -> None:
        """Sort links into those of the paper and those of its code and pages."""
        for link in links:
            self.problems += [p for p in link.problems if p not in self.problems]
            if link.role == PAPER and link.url not in (paper.url for paper in self.papers):
                self.papers.append(link)
            elif link.role in (CODE, PROJECT) and link.url not in self.code:
                self.code.append(link.url)


class Skip(Struct, frozen=True):
    """Something that holds a paper-like link and is no entry."""

    line: int
    reason: str
    urls: tuple[str, ...]


def _venue(draft: Draft) -> tuple[str, int | None]:
    """The list's word for the venue; where it has none, what the paper's address states."""
    for link in draft.papers:
        venue, year = claim_of(link.url)
        if venue and draft.venue.lower() in ("", venue.lower()):
            return draft.venue or venue, year
    return draft.venue, None


def row_of(
    draft: Draft, source: Source, category: tuple[str, ...], marks: Iterable[Mark], year: int | None
) -> Row:
    """The finished row; `year` is what the headings say, for rows that name none."""
    identifiers = dict.fromkeys(i for link in draft.papers for i in link.ids)
    identifiers.update(dict.fromkeys(draft.extra))
    venue, stated = _venue(draft)
    skip, settled, key = False, False, ""
    problems = list(draft.problems)
    for mark in marks:
        if mark.word == "skip":
            skip = True
        elif mark.word == "key":
            key = mark.value
        else:
            found, wrong = identifiers_in(mark.value)
            problems += wrong or (
                [] if found else [f"id={mark.value} is no identifier; mend the mark"]
            )
            if found:
                identifiers, settled = dict.fromkeys(found), True
    claim = Record(
        title=draft.title,
        authors=tuple(map(person, draft.authors)),
        year=next((y for y in (draft.year, stated, year) if y is not None), None),
        venue=venue,
        identifiers=tuple(sorted(identifiers)),
    )
    return Row(
        place=Place(source.shown, draft.line),
        line_end=max(draft.line, min(draft.line_end, len(source.raw))),
        text=source.words(draft.line, draft.line_end),
        category=category,
        claim=claim,
        short=draft.short,
        urls=tuple(dict.fromkeys(link.url for link in draft.papers if not link.printed)),
        code=tuple(draft.code),
        dataset=draft.dataset,
        notes=" ".join(draft.notes),
        problems=tuple(problems),
        skip=skip,
        settled=settled,
        key=key,
    )
