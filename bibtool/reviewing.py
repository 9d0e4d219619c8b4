"""`bibtool review` as far as it is thinking: one screen a row, and what an answer means. Pure."""

import re
from collections.abc import Iterator

from msgspec import Struct

from bibtool import cards
from bibtool.identify import identifiers_in
from bibtool.model import Ambiguous, Candidate, Identifier, NotFound, Outcome
from bibtool.report import printable

ROW_LINES = 6  # of the row's own text that are shown
CANDIDATES = 9  # one key each


class Take(Struct, frozen=True):
    candidate: Candidate


class Enter(Struct, frozen=True):
    identifier: Identifier


class Skip(Struct, frozen=True):
    """For good: a mark in the row."""


class Later(Struct, frozen=True):
    """Nothing is written."""


class Quit(Struct, frozen=True):
    """Nothing more is asked."""


class Unclear(Struct, frozen=True):
    why: str


Answer = Take | Enter | Skip | Later | Quit | Unclear


def candidates_of(outcome: Outcome) -> tuple[Candidate, ...]:
    """Those that can be taken: a mark needs an identifier."""
    found = outcome.candidates if isinstance(outcome, Ambiguous) else ()
    return tuple(candidate for candidate in found if candidate.record.identifiers)[:CANDIDATES]


def screen(outcome: Outcome, number: int, of: int, width: int) -> Iterator[str]:
    """The row, what is known of it, the candidates, and what can be answered."""
    row = outcome.row
    yield f"{number} of {of}  {row.place}"
    if row.category:
        yield from cards.wrapped(" / ".join(row.category), width, "", "  ")
    yield "-" * width
    yield from _row_text(row.text, width)
    yield ""
    yield from cards.wrapped(_problem(outcome), width, "", "")
    for at, candidate in enumerate(candidates_of(outcome), start=1):
        yield ""
        yield from cards.candidate_lines(at, candidate, width)
    for url in row.urls[:3]:
        yield f"    the row's link: {printable(url)}"
    yield ""
    yield from cards.wrapped(_choices(outcome), width, "", "")


def answer_to(outcome: Outcome, said: str | None) -> Answer:
    """What `said` means: a number, an identifier or URL, s, Enter, q; None is the end of input."""
    if said is None or said.lower() in ("q", "quit"):
        return Quit()
    if said.lower() in ("", "l", "later"):
        return Later()
    if said.lower() in ("s", "skip"):
        return Skip()
    candidates = candidates_of(outcome)
    if re.fullmatch(r"[0-9]{1,3}", said):
        number = int(said)
        if 1 <= number <= len(candidates):
            return Take(candidates[number - 1])
        return Unclear(f"there is no candidate {number}")
    found, problems = identifiers_in(re.sub(r"^(?:i|id)\b[\s=:]*", "", said, flags=re.I))
    if len(found) == 1:
        return Enter(found[0])
    if found:
        return Unclear("that is more than one identifier")
    return Unclear(problems[0] if problems else f"{said[:40]!r} is no answer")


def _problem(outcome: Outcome) -> str:
    match outcome:
        case Ambiguous(_, _, reason):
            return f"Not sure which work this is: {reason}." if reason else "Not sure which work."
        case NotFound(_, asked):
            return f"Not known to {' and '.join(asked)}."
        case _:
            return ""


def _choices(outcome: Outcome) -> str:
    count = len(candidates_of(outcome))
    take = f"{'1' if count == 1 else f'1-{count}'} takes it; " if count else ""
    return (
        f"[{take}an identifier or URL is looked up and taken; s skips the row for good; "
        "Enter leaves it for later; q ends]"
    )


def _row_text(text: str, width: int) -> Iterator[str]:
    lines = [line for part in text.splitlines() for line in cards.wrapped(part, width, "  ", "  ")]
    yield from lines[:ROW_LINES]
    if len(lines) > ROW_LINES:
        yield "  ..."
