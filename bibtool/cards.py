"""Works as a person sees them on a terminal: few lines, 80 columns, nothing but text. Pure."""

import textwrap
from collections.abc import Iterator, Sequence

from bibtool.model import Candidate, Identifier, Name, Record, scheme_of, value_of
from bibtool.report import printable
from bibtool.rows.shapes import url_of

WIDTH = 80
PEOPLE = 3  # authors named before "et al."


def work_lines(record: Record, *, width: int = WIDTH, indent: str = "  ") -> Iterator[str]:
    """Title; then people, venue, year; then where to look at it."""
    yield from wrapped(record.title or "(no title)", width, "", indent)
    facts = [
        _people(record.authors),
        " ".join(filter(None, (record.venue, str(record.year or "")))),
    ]
    yield from wrapped("; ".join(filter(None, facts)), width, indent, indent)
    if record.identifiers:
        yield from wrapped(", ".join(map(spelled, record.identifiers)), width, indent, indent)


def candidate_lines(number: int, candidate: Candidate, width: int = WIDTH) -> Iterator[str]:
    """One of several candidates: its work, how far off it is and why, a link."""
    head, *rest = work_lines(candidate.record, width=width - 4)
    yield f"{number:>2}  {head}"
    yield from (f"    {line}" for line in rest)
    why = f": {'; '.join(candidate.reasons)}" if candidate.reasons else ""
    told = f"distance {candidate.distance:.2f} by {candidate.source}{why}"
    yield from wrapped(told, width, "      ", "      ")
    if candidate.record.identifiers:
        yield f"      {url_of(candidate.record.identifiers[0])}"


def wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """`text` in lines of `width` columns; an address is never broken."""
    return textwrap.wrap(
        printable(" ".join(text.split())),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def spelled(which: Identifier) -> str:
    """As a curator writes it: arXiv:2406.05814, a DOI bare."""
    return f"arXiv:{value_of(which)}" if scheme_of(which) == "arxiv" else value_of(which)


def _people(names: Sequence[Name]) -> str:
    families = [name.literal or name.family for name in names]
    if len(families) > PEOPLE:
        return f"{', '.join(families[:PEOPLE])} et al."
    return " and ".join(filter(None, [", ".join(families[:-1]), *families[-1:]]))
