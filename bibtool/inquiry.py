"""One question to the services: which work does a text mean? The lock is asked first."""

from collections.abc import Callable

from bibtool.identify import identifiers_in
from bibtool.lock import Lock
from bibtool.model import Matched, Outcome, Place, Record, Row
from bibtool.outcomes import published_question, with_published
from bibtool.project import Project
from bibtool.read import read_text
from bibtool.refresh import Refresh
from bibtool.resolve import Resolver, asked_in_turn
from bibtool.sources import Connect, nobody
from bibtool.watch import Watch

QUERY = "query.md"  # the name under which the reader sees the text; nobody else does


def row_of(text: str) -> Row:
    """`text` as the reader understands it where it stands in a list; else all of it is a title.

    An identifier or an address alone says all, and needs no title.
    """
    found, _ = identifiers_in(text) if len(text.split()) == 1 else ((), ())
    if found:
        claim = Record(identifiers=tuple(sorted(found)))
        return Row(place=Place(QUERY, 1), line_end=1, text=text, claim=claim)
    rows = read_text(f"- {text}\n", QUERY).rows
    if len(rows) == 1:
        return rows[0]
    return Row(place=Place(QUERY, 1), line_end=1, text=text, claim=Record(title=text))


def inquire(
    row: Row,
    lock: Lock,
    project: Project,
    connect: Connect,
    *,
    today: str,
    watch: Watch,
) -> Outcome:
    """The outcome of `row`, the published version included; what was learnt is in `lock`."""
    published = project.settings.prefer == "published"
    resolver = resolver_for(lock, project, connect, today=today, watch=watch)
    for _ in asked_in_turn(resolver, (row,), published=published):
        pass
    (outcome,) = resolver.outcomes([row])
    return with_published(outcome, lock) if isinstance(outcome, Matched) else outcome


def resolver_for(
    lock: Lock,
    project: Project,
    connect: Connect = nobody,
    *,
    today: str,
    watch: Watch,
    refresh: Refresh | None = None,
    save: Callable[[], None] = lambda: None,
) -> Resolver:
    """A resolver whose answers stay in memory: wanting to know once settles nothing."""
    return Resolver(
        lock,
        connect,
        searchers=project.settings.searchers,
        today=today,
        save=save,
        refresh=refresh or Refresh(),
        watch=watch,
    )


def learnt(lock: Lock, from_: Lock, outcome: Matched) -> None:
    """Put into `lock` what `from_` was told of the matched work, so that nobody is asked twice."""
    of_work = {which for c in outcome.candidates for which in c.record.identifiers}
    for which in sorted(of_work):
        if which in from_.lookups:
            lock.lookups.setdefault(which, from_.lookups[which])
        question = published_question(which)
        if question in from_.searches:
            lock.searches.setdefault(question, from_.searches[question])
