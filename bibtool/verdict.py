"""What is said of a candidate: accept, ask or reject, with reasons and remarks. Pure."""

from typing import Literal

from msgspec import Struct

from bibtool.likeness import likeness
from bibtool.model import Candidate, Record
from bibtool.penalties import claimed_title, whole_title
from bibtool.titles import fold, is_short, retracted

Decision = Literal["accept", "ask", "reject"]
NICKNAME = 3  # words before a colon that are no more than a name
RENAMED = 0.60  # of the words of the shorter title, where the authors say it is the same work


class Remark(Struct, frozen=True, gc=False):
    """What a curator should know about an accepted match: `kind` as in Notice."""

    kind: str
    message: str


class Verdict(Struct, frozen=True, gc=False):
    """`candidates`: when accepted, all of the one work, best first; else the nearest first.

    Nothing to show (`reject`) leaves them empty. `reason` says in words what stands in the way.
    """

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.decision == "accept"


def shared_words(a: str, b: str) -> float:
    words_a, words_b = set(fold(a).split()), set(fold(b).split())
    return len(words_a & words_b) / max(1, min(len(words_a), len(words_b)))


def remarks(claim: Record, record: Record) -> tuple[Remark, ...]:
    """What differs in an accepted match, for a curator to look at."""
    mine, theirs = claimed_title(claim), retracted(record.title) or whole_title(record)
    title = likeness(mine, theirs)
    if title.relation == "same" or not fold(mine) or is_short(mine):
        return ()
    # A nickname or a subtitle more or less is how people write; a whole phrase is a new title.
    lost = len(fold(title.lost).split())
    if title.relation == "subtitle" or (title.relation == "nickname" and lost <= NICKNAME):
        return ()
    return (Remark("title", f"the list says {mine!r}, the record {theirs!r}"),)
