"""Ask several sources at the same time, each one job after another, and hand answers to one place.

Threads only ask. Whoever calls `ask` gets every answer in its own thread, so that the lock has
one writer, and Ctrl-C ends the run without waiting for an answer.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import SimpleQueue

from msgspec import Struct

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Record
from bibtool.sources import Source


class Lookup(Struct, frozen=True):
    """One batch of identifiers, asked in one request."""

    identifiers: tuple[Identifier, ...]


class Question(Struct, frozen=True):
    """One search: the claim, and the name under which the lock remembers what was found."""

    name: str
    claim: Record
    published: bool = False  # the claim is a preprint, its published version is sought


Job = Lookup | Question
Found = Mapping[Identifier, Record] | Sequence[Record]
Answered = tuple[Source, Job, Found | SourceUnavailable]


def ask(jobs: Sequence[tuple[Source, Sequence[Job]]]) -> Iterator[Answered]:
    """Yield (source, job, answer) as answers come.

    One job that failed does not end the others: whether a service as a whole is down is known to
    its client, which then refuses at once. A programming error in a source is raised here, in the
    caller's thread.
    """
    answers: SimpleQueue[Answered | BaseException | None] = SimpleQueue()
    for source, its_jobs in jobs:
        arguments = (source, its_jobs, answers.put)
        threading.Thread(target=_work, args=arguments, name=source.name, daemon=True).start()
    at_work = len(jobs)
    while at_work:
        answer = answers.get()
        if answer is None:
            at_work -= 1
        elif isinstance(answer, BaseException):
            raise answer
        else:
            yield answer


def _work(
    source: Source,
    jobs: Sequence[Job],
    put: Callable[[Answered | BaseException | None], None],
) -> None:
    try:
        for job in jobs:
            put((source, job, _answer(source, job)))
    except BaseException as error:  # handed over to the caller's thread, never swallowed
        put(error)
    finally:
        put(None)


def _answer(source: Source, job: Job) -> Found | SourceUnavailable:
    try:
        if isinstance(job, Lookup):
            return source.lookup(job.identifiers)
        return source.search(job.claim)
    except SourceUnavailable as error:
        return error
