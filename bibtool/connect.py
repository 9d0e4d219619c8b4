"""Build the sources that settings name, each with its address and its pause."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from urllib.parse import urlsplit

from bibtool.config import HOMES, Settings
from bibtool.private import shared_folder
from bibtool.sources import Source
from bibtool.watch import Watch

LARGEST = 5 * 1024 * 1024  # bytes of a list from the web; the longest known ones have 1 MB


# How many new objects let the collector of garbage look for circles: answers hold some, and a long
# run has many answers. At every 700 it takes a fifth of a run; in all objects of 20,000 rows it
# looks for a third of a second, in which no signal is heard. So never at the oldest.
COLLECTED = (100_000, 100, 1_000_000)


class Connection:
    """Sources on demand: nothing of the network is imported before somebody has to be asked."""

    def __init__(self, settings: Settings, watch: Watch) -> None:
        self._settings = settings
        self._watch = watch
        self._client: "Client | None" = None  # type: ignore[name-defined]  # noqa: F821, UP037

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            self._client.cancel()

    def __call__(self) -> Sequence[Source]:
        """The sources, in the order of settings."""
        from bibtool.sources.arxiv import Arxiv
        from bibtool.sources.crossref import Crossref
        from bibtool.sources.datacite import Datacite
        from bibtool.sources.http import Client, Pause, agent

        settings = self._settings.sources
        mailto = self._settings.mailto
        services = {name: getattr(settings, name) for name in HOMES}
        gc.enable()
        gc.set_threshold(*COLLECTED)
        self._client = client = Client(
            agent=agent(mailto),
            pauses={
                name: Pause(service.pause, may_shorten=bool(mailto))
                for name, service in services.items()
            },
            folder=shared_folder(),
            on_wait=self._watch.waits,
        )
        made: dict[str, Source] = {
            "arxiv": Arxiv(client, services["arxiv"].url),
            "crossref": Crossref(client, services["crossref"].url, mailto),
            "datacite": Datacite(client, services["datacite"].url),
        }
        return [made[name] for name in settings.order]

    @property
    def requests(self) -> dict[str, int]:
        return dict(self._client.requests) if self._client else {}

    @property
    def searches(self) -> dict[str, int]:
        return dict(self._client.searches) if self._client else {}


@contextmanager
def web_client(settings: Settings, watch: Watch) -> Iterator[Callable[[str], bytes | None]]:
    """Gives the bytes at an https address, None where there is nothing; SourceUnavailable else.

    By the rules of any source: one deadline, a size cap, redirects only within the same host.
    """
    from bibtool.sources.exchange import Answer
    from bibtool.sources.http import Client, Service, Unusable, agent

    client = Client(
        agent=agent(settings.mailto), folder=shared_folder(), on_wait=watch.waits, most=LARGEST
    )

    def read(answer: Answer) -> bytes | None:
        if answer.status == 400:
            raise Unusable("status 400")
        return answer.body if answer.status == 200 else None

    def ask(url: str) -> bytes | None:
        host = urlsplit(url).hostname or ""
        service = Service(host, frozenset({host}), 0.0)
        return client.ask(service, url, {}, read, accept="text/plain, text/*;q=0.9, */*;q=0.1")

    try:
        yield ask
    finally:
        client.cancel()
