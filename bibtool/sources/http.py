"""One polite client for all services: turns, pauses, patience, and a plain word when it fails."""

import platform
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from http.client import responses
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from msgspec import Struct

from bibtool import __version__
from bibtool.errors import SourceUnavailable
from bibtool.private import usable
from bibtool.sources.exchange import DEADLINE, MOST, Answer, Exchange, Failed
from bibtool.sources.headers import announced_pause, retry_after, span
from bibtool.sources.pace import LONGEST_REST, Turnstile

GLANCE = 0.1  # s between two looks whether the user wants to stop
TRIES = 4
BACK_OFF = 1.0  # s before the second try at least, doubled with each one
TIMEOUTS = 2  # tries that may end with no answer in time
BUDGET = 180.0  # s, pauses included, after which no new try begins
TELLING = frozenset({200, 400, 404})  # statuses that a source may read something from
# Status -> kind of failure. 406 is what arXiv's edge says to clients that it slows down.
KINDS = {
    **dict.fromkeys((406, 408, 425, 429, 502, 503, 504), "tired"),
    **dict.fromkeys((401, 403, 407, 451), "refused"),
    500: "error",
}
AGAIN = frozenset({"tired", "error", "timeout", "broken", "unusable"})
# After these nothing is to be had from the service; the others may lie in the one question.
SILENT = frozenset({"network", "tls", "timeout", "tired", "refused", "redirect"})
SPOILED = 3  # questions in a row without a usable answer, after which a service counts as silent

LATER = "run again later, what is done is kept"
NEXT_STEPS = {
    "network": "check the connection and run again, what is done is kept",
    "tls": "check the network and the clock of this machine, then run again",
    "redirect": "check the network (a login page?) and the url in settings, then run again",
    "refused": "check the url and mailto in settings, or run again later",
    "odd": "check the url in settings, then run again",
    **dict.fromkeys(("tired", "error", "timeout", "broken", "unusable", "big"), LATER),
}

T = TypeVar("T")


class Service(Struct, frozen=True):
    """Who is asked, as a source file states it."""

    name: str  # "arxiv": in settings, counters and messages
    hosts: frozenset[str]  # where its redirects may lead, over https
    pause: float  # s between requests by its own rules


class Pause(Struct, frozen=True):
    """How long to wait between two requests to a service."""

    seconds: float
    may_shorten: bool = False  # to what the service announces; it may always lengthen


class Spoiled(SourceUnavailable):
    """No answer to this question; another one, or a part of it, may be answered."""


class Unusable(Exception):
    """Raised by a reader of answers: this is not what was asked for, try again."""


def agent(mailto: str = "") -> str:
    """The User-Agent. The address goes to the services and nowhere else."""
    usable = mailto.isascii() and mailto.isprintable() and "@" in mailto
    contact = f"; mailto:{mailto}" if usable else ""
    python = platform.python_version()
    return f"bibtool/{__version__} (paper lists to BibTeX{contact}) python/{python}"


class Client:
    """Asks services. May be used from several threads; to one service it sends one at a time.

    `requests` and `searches` count what was sent, by name of the service. `on_wait(name,
    seconds, why)` is told before each pause. After `cancel` every wait ends at once
    with SourceUnavailable. A service that gave no answer is not asked again in this run.
    """

    def __init__(
        self,
        *,
        agent: str,
        pauses: Mapping[str, Pause] | None = None,
        folder: Path | None = None,
        on_wait: Callable[[str, float, str], None] | None = None,
        deadline: float = DEADLINE,
        most: int = MOST,
        back_off: float = BACK_OFF,
    ) -> None:
        self.requests: Counter[str] = Counter()
        self.searches: Counter[str] = Counter()
        self._exchange = Exchange(agent, deadline, most)
        self._pauses = pauses or {}
        self._folder = usable(folder)
        self._on_wait = on_wait
        self._back_off = back_off
        self._stop = threading.Event()
        self._guard = threading.Lock()
        self._turnstiles: dict[str, Turnstile] = {}
        self._announced: dict[str, dict[str, float]] = {}
        self._down: dict[str, str] = {}
        self._spoiled: Counter[str] = Counter()

    def cancel(self) -> None:
        """End all waiting, in all threads, and break what is in flight."""
        self._stop.set()

    def ask(
        self,
        service: Service,
        url: str,
        params: Mapping[str, str],
        read: Callable[[Answer], T],
        *,
        accept: str,
        search: bool = False,
    ) -> T:
        """What `read` makes of the answer to GET `url`?`params`.

        `read` gets answers of status 200, 400 and 404 and raises Unusable for what cannot be the
        service's own word; those, outages and broken answers are asked again, TRIES times
        in all. Raises SourceUnavailable, naming the service and the next step.
        """
        if service.name in self._down:
            raise SourceUnavailable(service.name, self._down[service.name])
        if params:
            url = f"{url}?{urlencode(params)}"
        try:
            result = self._patiently(_Question(service, url, accept, search), read)
        except Failed as failure:
            raise self._unavailable(service.name, url, failure) from failure
        except TimeoutError as error:  # of the turnstile
            raise SourceUnavailable(service.name, f"{error}; {LATER}") from error
        self._spoiled[service.name] = 0
        return result

    def _unavailable(self, name: str, url: str, failure: Failed) -> SourceUnavailable:
        reason = f"{urlsplit(url).hostname} {failure.reason}; {NEXT_STEPS[failure.kind]}"
        self._spoiled[name] += 1
        if failure.kind in SILENT or self._spoiled[name] >= SPOILED:
            self._down[name] = reason
            return SourceUnavailable(name, reason)
        return Spoiled(name, reason)

    def _patiently(self, question: "_Question", read: Callable[[Answer], T]) -> T:
        turnstile = self._turnstile(question)
        spent = 0.0
        for attempt in range(TRIES):
            with turnstile.turn(lambda: self._pause(question.service)):
                began = time.monotonic()
                try:
                    return self._once(question, read)
                except Failed as failure:
                    delay = self._delay(question, failure, attempt)
                    spent += time.monotonic() - began + delay
                    tries = TIMEOUTS if failure.kind == "timeout" else TRIES
                    if failure.kind not in AGAIN or attempt + 1 >= tries or spent > BUDGET:
                        raise
                    turnstile.rest(delay, f"{failure.reason}, trying again")
        raise AssertionError("the last try returns or raises")

    def _once(self, question: "_Question", read: Callable[[Answer], T]) -> T:
        answer = self._exchange.get(
            question.url,
            question.accept,
            allowed=question.may_go_to,
            sent=lambda url: self._count(question, url),
            wait=lambda done, seconds: self._wait_for(question.service.name, done, seconds),
        )
        self._note(question.service, answer)
        if answer.status not in TELLING:
            raise _Status(answer)
        try:
            return read(answer)
        except Unusable as unusable:
            raise Failed("unusable", f"answers with {unusable}") from unusable

    def _count(self, question: "_Question", url: str) -> None:
        redirected = url != question.url  # which is a request as well
        pause = self._pause(question.service) if redirected else 0.0
        self._sleep(question.service.name, pause, "pause before a redirect")
        with self._guard:
            self.requests[question.service.name] += 1
            self.searches[question.service.name] += question.search

    def _turnstile(self, question: "_Question") -> Turnstile:
        """The queue for this service at this place; services at one place do not wait for each
        other, as when a stand-in plays them all."""
        name = question.service.name
        queue = f"{name}-{urlsplit(question.url).netloc}"
        with self._guard:
            if queue not in self._turnstiles:
                self._turnstiles[queue] = Turnstile(
                    self._folder, queue, lambda seconds, why: self._sleep(name, seconds, why)
                )
            return self._turnstiles[queue]

    def _pause(self, service: Service) -> float:
        """What settings say, or what the service announces for the kinds of request we made."""
        pause = self._pauses.get(service.name, Pause(service.pause))
        announced = max(self._announced.get(service.name, {}).values(), default=None)
        if announced is None or (announced < pause.seconds and not pause.may_shorten):
            return pause.seconds
        return announced

    def _note(self, service: Service, answer: Answer) -> None:
        if announced := announced_pause(answer.headers):
            pool = answer.headers.get("x-api-pool", "")  # has other limits for lists of works
            self._announced.setdefault(service.name, {})[pool] = announced

    def _delay(self, question: "_Question", failure: Failed, attempt: int) -> float:
        """Seconds until the next try: what the service asks for, else longer each time."""
        asked = retry_after(failure.headers) if isinstance(failure, _Status) else 0.0
        if asked > LONGEST_REST:
            raise Failed("tired", f"asks to be left alone for {span(asked)}") from failure
        base = max(self._pause(question.service), self._back_off)
        return asked or min(base * 2**attempt * random.uniform(1.0, 1.25), LONGEST_REST)

    def _sleep(self, name: str, seconds: float, why: str) -> None:
        if why and self._on_wait is not None and seconds > 0:
            self._on_wait(name, seconds, why)
        if self._stop.wait(max(seconds, 0.0)):
            raise SourceUnavailable(name, "stopped before an answer came")

    def _wait_for(self, name: str, done: threading.Event, seconds: float) -> bool:
        """Whether `done` comes in time, with an eye on whether the user wants to stop."""
        until = time.monotonic() + seconds
        while not done.wait(min(GLANCE, max(until - time.monotonic(), 0.0))):
            self._sleep(name, 0.0, "")
            if time.monotonic() >= until:
                return False
        return True


class _Question(Struct, frozen=True):
    service: Service
    url: str
    accept: str
    search: bool

    def may_go_to(self, url: str) -> bool:
        """Redirects lead to the same place, or over https to a host of the same service."""
        here, there = urlsplit(self.url), urlsplit(url)
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            return True
        home = here.hostname in self.service.hosts
        return there.scheme == "https" and there.netloc in self.service.hosts and home


class _Status(Failed):
    """An answer whose status says that nothing came of the question."""

    def __init__(self, answer: Answer) -> None:
        kind = KINDS.get(answer.status, "odd")
        phrase = responses.get(answer.status, "unknown")
        super().__init__(kind, f"answers with status {answer.status} ({phrase})")
        self.headers = answer.headers
