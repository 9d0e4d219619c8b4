"""Fill the lock with what rows need to know: lookups by identifier, then searches by claim.

The lock answers first. What it does not know is asked in batches, arXiv and Crossref at the
same time; every answer goes into the lock at once. `outcomes.py` decides what follows from it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from bibtool.ask import Job, Lookup, Question, ask
from bibtool.errors import SourceUnavailable
from bibtool.lock import Answer, Lock, Search
from bibtool.model import Identifier, Outcome, Record, Row, scheme_of
from bibtool.outcomes import (
    awaiting_published,
    found_in_short,
    linked_identifiers,
    near,
    published_question,
    row_question,
)
from bibtool.refresh import Refresh
from bibtool.sources import Connect, Halfway, Source
from bibtool.standing import Standing
from bibtool.watch import Watch


class Resolver:
    """Asks the sources, in the order of trust, and remembers what they say in `lock`."""

    def __init__(
        self,
        lock: Lock,
        connect: Connect,
        *,
        searchers: Sequence[str],
        today: str,
        save: Callable[[], None],  # after each answer
        before: Callable[[], None] = lambda: None,  # anything is asked
        refresh: Refresh,
        watch: Watch,
    ) -> None:
        self.lock = lock
        self._connect = connect
        self.searchers = tuple(searchers)  # by name, also where nobody is asked in this run
        self.down: dict[str, str] = {}  # source -> why it does not answer in this run
        self.standing = Standing(lock, self.searchers, self.down)
        self._today = today
        self._save = save
        self._before = before
        self._refresh = refresh
        self._watch = watch
        self._asked: set[tuple[str, str]] = set()  # (source, identifier or question), this run

    @cached_property
    def _sources(self) -> Sequence[Source]:
        return self._connect()

    def look_up(self, identifiers: Iterable[Identifier]) -> None:
        """Learn a record, or that there is none, for each identifier; one batch a request."""
        wanted = list(dict.fromkeys(identifiers))
        while jobs := self._lookups(wanted):
            self._ask("look-ups", jobs)

    def outcomes(self, rows: Iterable[Row]) -> list[Outcome]:
        """How `rows` stand by what the lock knows now; skipped ones are left out."""
        return [self.standing.outcome(row) for row in rows if not row.skip]

    def search_rows(self, rows: Iterable[Row]) -> bool:
        """Learn candidates for rows without an identifier; one search a source and row.

        False if there was nothing to ask, here and in `search_published`.
        """
        questions = [Question(q, row.claim) for row in rows if (q := row_question(row))]
        return self._search(questions, self.searchers)

    def search_published(self, preprints: Iterable[tuple[Identifier, Record]]) -> bool:
        """Learn which published works a preprint may have become; one search a preprint."""
        questions = [
            Question(published_question(which), record, published=True)
            for which, record in preprints
        ]
        registries = tuple(name for name in self.searchers if name != "arxiv")
        return self._search(questions, registries[:1])

    def _lookups(self, wanted: Sequence[Identifier]) -> list[tuple[Source, Sequence[Job]]]:
        unknown = [which for which in wanted if not self._is_settled(which)]
        if not unknown:
            return []
        open_by_source: dict[str, list[Identifier]] = {s.name: [] for s in self._sources}
        for which in unknown:
            if source := self._next_source(which):
                open_by_source[source.name].append(which)
        return [
            (source, [Lookup(batch) for batch in _batches(open_by_source[source.name], source)])
            for source in self._sources
            if open_by_source[source.name]
        ]

    def _is_settled(self, which: Identifier) -> bool:
        """Whether nobody has to be asked about `which`, whoever there is: most often so, and then
        no source is loaded."""
        answer = self.lock.lookups.get(which)
        if answer is None or self._refresh.wants(which):
            return False
        home = scheme_of(which)
        return home in answer.asked or (answer.record is not None and home != "arxiv")

    def _next_source(self, which: Identifier) -> Source | None:
        """The first source that may know `which` and was not asked; None when that is settled."""
        answer = self.lock.lookups.get(which)
        asked = {source.name for source in self._sources if (source.name, which) in self._asked}
        if answer and not self._refresh.wants(which):
            asked |= set(answer.asked)
        home = scheme_of(which)
        if home in asked:  # what arXiv does not know, nobody knows: it hands these numbers out
            return None
        # What another one said of an arXiv number holds until arXiv itself answers again.
        has_home = any(source.name == home for source in self._sources)
        if asked and answer and answer.record and not has_home:
            return None
        fresh = (s for s in self._sources if s.knows(which) and s.name not in asked)
        return next((s for s in fresh if s.name not in self.down), None)

    def _search(self, questions: Sequence[Question], names: Sequence[str]) -> bool:
        once = {question.name: question for question in questions}.values()
        open_by_name = {
            name: [q for q in once if self._unasked(q.name, name)]
            for name in names
            if name not in self.down
        }
        if not any(open_by_name.values()):
            return False
        jobs: list[tuple[Source, Sequence[Job]]] = [
            (source, open_by_name[source.name])
            for source in self._sources
            if open_by_name.get(source.name)
        ]
        self._ask("searches", jobs)
        return bool(jobs)

    def _unasked(self, question: str, source: str) -> bool:
        if (source, question) in self._asked:
            return False
        if source not in self.lock.searches.get(question, {}):
            return True
        return self._refresh.wants_search(question)

    def _ask(self, what: str, jobs: Sequence[tuple[Source, Sequence[Job]]]) -> None:
        if jobs:
            self._before()
        for source, its_jobs in jobs:
            self._watch.expect(source.name, what, len(its_jobs))
        for source, job, answer in ask(jobs):
            self.standing.forget()
            if isinstance(answer, SourceUnavailable):
                self.down[source.name] = answer.reason
                if isinstance(answer, Halfway):
                    self._remember_lookup(source.name, Lookup(tuple(answer.found)), answer.found)
                continue
            if isinstance(job, Lookup):
                assert isinstance(answer, Mapping)
                self._remember_lookup(source.name, job, answer)
            else:
                assert not isinstance(answer, Mapping)
                self._remember_search(source.name, job, answer)
            self._watch.answered(source.name)
            self._save()

    def _remember_lookup(
        self, source: str, job: Lookup, found: Mapping[Identifier, Record]
    ) -> None:
        for which in job.identifiers:
            self._asked.add((source, which))
            old = self.lock.lookups.get(which, Answer({}))
            asked = dict(sorted({**old.asked, source: self._today}.items()))
            if which in found:
                self.lock.lookups[which] = Answer(asked, source, found[which])
            else:  # a record that we had is kept: what is gone from a service was still there
                self.lock.lookups[which] = Answer(asked, old.source, old.record)

    def _remember_search(self, source: str, job: Question, found: Sequence[Record]) -> None:
        self._asked.add((source, job.name))
        answers = self.lock.searches.get(job.name, {})
        answer = Search(self._today, near(job.claim, found, preprint=job.published))
        self.lock.searches[job.name] = {**answers, source: answer}


def asked_in_turn(resolver: Resolver, rows: Sequence[Row], *, published: bool) -> Iterator[None]:
    """Ask in the order of use; stop wherever the outputs can be brought up to date."""
    resolver.look_up(which for row in rows for which in row.claim.identifiers)
    if published:
        resolver.look_up(linked_identifiers(resolver.outcomes(rows)))
    yield
    if resolver.search_rows(rows):
        resolver.look_up(found_in_short(resolver.outcomes(rows)))
        if published:
            resolver.look_up(linked_identifiers(resolver.outcomes(rows)))
        yield
    if published and resolver.search_published(
        awaiting_published(resolver.outcomes(rows), resolver.standing.with_published)
    ):
        yield


def _batches(identifiers: Sequence[Identifier], source: Source) -> Iterable[tuple[Identifier, ...]]:
    remaining = iter(identifiers)
    while batch := tuple(islice(remaining, source.batch)):
        yield batch
