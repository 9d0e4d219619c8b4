"""What is remembered of how rows stand must never outlive what it was worked out from."""

from fake import MAR

from bibtool.lock import SCHEMA, Answer, Lock
from bibtool.model import Matched, Place, Record, Row, Unavailable
from bibtool.outcomes import outcome_of
from bibtool.standing import Standing

ROW = Row(
    place=Place("a.md", 1),
    line_end=1,
    text="MAR",
    claim=Record(title=MAR.title, identifiers=MAR.identifiers),
)


def test_an_outcome_is_worked_out_once_until_something_is_learnt() -> None:
    lock, down = Lock(SCHEMA), {"arxiv": "it sleeps"}
    standing = Standing(lock, ("arxiv",), down)
    first = standing.outcome(ROW)
    assert first == outcome_of(ROW, lock, searchers=("arxiv",), down=down)
    assert isinstance(first, Unavailable)
    assert standing.outcome(ROW) is first
    lock.lookups[MAR.identifiers[0]] = Answer({"arxiv": "2026-11-23"}, "arxiv", MAR)
    standing.forget()
    learnt = standing.outcome(ROW)
    assert isinstance(learnt, Matched)
    assert standing.with_published(learnt) is standing.with_published(learnt)
