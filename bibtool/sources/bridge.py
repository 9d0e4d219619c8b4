"""habanero's requests sent through our client: with its pauses, deadline, size cap and patience.

habanero 2.9 calls `httpx2.get` in three modules, which can be given nothing of the kind. While a
bridge is open those modules see a namespace whose `get` is ours; the exceptions stay its own.
This leans on private structure, hence the bound on its version and a test that looks.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2

from bibtool.sources.exchange import Answer


class _Without:
    """While it stands in sys.meta_path, its thread finds no module of that name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread = threading.get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name == self._name and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(name=name)

    def __enter__(self) -> None:
        sys.meta_path.insert(0, self)

    def __exit__(self, *_: object) -> None:
        sys.meta_path.remove(self)


# It can do without, and would load it for a service that nobody asks here: 5 ms of each run.
with _Without("bibtexparser"):
    import habanero

MODULES = ("habanero.request", "habanero.request_class", "habanero.cnrequest")
# Of the answer as it came over the wire, no longer true of the body that we hand on.
FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding"})

Get = Callable[[str, Mapping[str, str]], Answer]  # (url, parameters)

_one_at_a_time = threading.Lock()


class Refused(Exception):
    """Crossref does not take the question; `status` where it says so by one."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(f"refuses the question{reason}")
        self.status = status


def works(get: Get, base_url: str, **question: Any) -> Any:
    """What Crossref's /works tells, asked by habanero and fetched by `get`.

    The errors are those of `get`, Refused, and RuntimeError, TypeError and ValueError for what
    habanero cannot read.
    """
    with _bridged(get):
        try:
            return habanero.Crossref(base_url=base_url).works(**question)
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            raise Refused(f" with status {status}", status) from error
        except habanero.RequestError as error:
            raise Refused(f": {error}") from error


def modules() -> tuple[ModuleType, ...]:
    return tuple(sys.modules[name] for name in MODULES)


@contextmanager
def _bridged(get: Get) -> Iterator[None]:
    def fetch(url: str, *, params: Mapping[str, str] | None = None, **_: Any) -> httpx2.Response:
        answer = get(url, params or {})
        return httpx2.Response(
            answer.status,
            headers=[(n, v) for n, v in answer.headers.items() if n not in FRAMING],
            content=answer.body,
            request=httpx2.Request("GET", answer.url),
        )

    ours = SimpleNamespace(
        get=fetch,
        HTTPError=httpx2.HTTPError,
        HTTPStatusError=httpx2.HTTPStatusError,
        ConnectTimeout=httpx2.ConnectTimeout,
    )
    with _one_at_a_time:
        for module in modules():
            module.httpx2 = ours  # type: ignore[attr-defined]
        try:
            yield
        finally:
            for module in modules():
                module.httpx2 = httpx2  # type: ignore[attr-defined]
