"""One HTTP request and its answer, bounded: whole time, size, and where redirects may lead.

What requests alone does not give: its timeout is per read (a server that drips a byte a
second is never done), it unpacks a gzip bomb whole, and it follows redirects anywhere.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

DEADLINE = 60.0  # s for one answer, name look-up and redirects included
MOST = 20 * 1024 * 1024  # bytes of one answer, unpacked
CONNECT = 15.0  # s to reach the host
CHUNK = 64 * 1024  # bytes
HOPS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Answer(Struct, frozen=True):
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    url: str  # that gave it, after redirects


class Failed(Exception):
    """No answer, or none that can be used. `kind` decides whether asking again makes sense.

    "network"   nobody there: no name, no route, connection refused
    "tls"       the certificate is not good
    "timeout"   no whole answer within the deadline
    "broken"    the connection ended in the middle
    "redirect"  sent to a place that is not the service's
    "big"       more than MOST bytes
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Exchange:
    """A place to send requests from. One at a time; `get` may be called from any thread."""

    def __init__(self, agent: str, deadline: float = DEADLINE, most: int = MOST) -> None:
        self.deadline = deadline
        self._agent = agent
        self._most = most

    def get(
        self,
        url: str,
        accept: str,
        allowed: Callable[[str], bool],
        sent: Callable[[str], None],
        wait: Callable[[threading.Event, float], bool],
    ) -> Answer:
        """The answer to GET `url`, redirects followed where `allowed`.

        `sent` hears of each request before it goes out (and may pause). `wait(done, seconds)` is
        how the caller waits: it returns whether `done` came in time, and may raise
        to give up; either way the connection is closed, so that nothing is left in flight.
        """
        for _ in range(HOPS + 1):
            sent(url)
            answer = self._bounded(url, accept, wait)
            if answer.status not in REDIRECTS:
                return answer
            url = _target(url, answer)
            if not allowed(url):
                raise Failed("redirect", f"redirects to {_shown(url)}, which is not its own place")
        raise Failed("redirect", f"redirects more than {HOPS} times")

    def _bounded(
        self, url: str, accept: str, wait: Callable[[threading.Event, float], bool]
    ) -> Answer:
        """Run the request in a thread of its own: only so can name look-up and a slow
        header line be given up on time, and Ctrl-C be answered at once."""
        headers = {"User-Agent": self._agent, "Accept": accept}
        task = _Task(url, headers, self._most, abandoned_after=self.deadline + 5.0)
        thread = threading.Thread(target=task.run, name=f"GET {urlsplit(url).netloc}", daemon=True)
        thread.start()
        try:
            in_time = wait(task.done, self.deadline)
        except BaseException:
            task.abandon()
            raise
        if not in_time:
            task.abandon()
            raise Failed("timeout", f"gives no whole answer in {self.deadline:g} s")
        if task.failure is not None:
            raise task.failure
        assert task.answer is not None
        return task.answer


class _Task:
    """One request on its way."""

    def __init__(
        self, url: str, headers: Mapping[str, str], most: int, abandoned_after: float
    ) -> None:
        self._url = url
        self._headers = {**headers, "Accept-Encoding": "gzip", "Connection": "close"}
        self._most = most
        self._sockets: list[socket.socket] = []
        self._abandoned_after = abandoned_after  # s; ends the thread if `abandon` could not
        self.done = threading.Event()
        self.answer: Answer | None = None
        self.failure: BaseException | None = None

    def run(self) -> None:
        _mine.sockets = self._sockets
        try:
            self.answer = self._get()
        except Failed as failure:
            self.failure = failure
        except (requests.RequestException, HTTPError, OSError) as error:
            self.failure = _failed(error)
        except BaseException as error:  # a bug: to be raised where somebody sees it
            self.failure = error
        finally:
            self.done.set()

    def abandon(self) -> None:
        """Break the connection, whatever the thread is waiting for."""
        for connection in list(self._sockets):
            try:  # through a copy: a TLS socket does not like to be shut by another thread
                with socket.fromfd(connection.fileno(), socket.AF_INET, 0) as same:
                    same.shutdown(socket.SHUT_RDWR)
            except (OSError, ValueError):
                continue  # closed already

    def _get(self) -> Answer:
        with requests.Session() as session:
            session.auth = _no_password  # else requests looks for one in ~/.netrc
            session.mount("http://", _Adapter())
            session.mount("https://", _Adapter())
            host = urlsplit(self._url).hostname or ""
            # A proxy cannot reach what this machine calls its own.
            own = {"no_proxy": host} if host in {"127.0.0.1", "localhost", "::1"} else None
            with session.get(
                self._url,
                headers=self._headers,
                timeout=(CONNECT, self._abandoned_after),
                stream=True,
                allow_redirects=False,
                proxies=own,
            ) as response:
                return Answer(
                    response.status_code,
                    {name.lower(): value for name, value in response.headers.items()},
                    self._body(response),
                    self._url,
                )

    def _body(self, response: requests.Response) -> bytes:
        chunks: list[bytes] = []
        size = 0
        announced = response.headers.get("Content-Length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:20]) > self._most:
            raise self._too_big()
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            size += len(chunk)
            if size > self._most:
                raise self._too_big()
            chunks.append(chunk)
        return b"".join(chunks)

    def _too_big(self) -> Failed:
        return Failed("big", f"sends an answer of more than {self._most // 2**20} MB")


class _Mine(threading.local):
    def __init__(self) -> None:
        self.sockets: list[socket.socket] = []


_mine = _Mine()  # the connections that a task's thread has opened


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _mine.sockets.append(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _mine.sockets.append(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager


def _no_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _failed(error: BaseException) -> Failed:
    """What the many errors of requests and urllib3 come to, as the end of "HOST ..."."""
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return Failed("tls", "shows a certificate that is not valid, and may be somebody else")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Failed("network", f"cannot be reached in {CONNECT:g} s")
    if isinstance(error, requests.Timeout | TimeoutError) or "timed out" in text:
        return Failed("timeout", "gives no whole answer in time")
    if "IncompleteRead" in text:
        return Failed("broken", "cut its answer off")
    if "NameResolutionError" in text:
        return Failed("network", "cannot be found: its name is not known here")
    if isinstance(error, requests.exceptions.ProxyError):
        return Failed("network", "cannot be reached through the proxy of this machine")
    if "NewConnectionError" in text:
        return Failed("network", "cannot be reached")
    return Failed("broken", "broke the connection")


def _target(url: str, answer: Answer) -> str:
    where = answer.headers.get("location", "")
    if not where:
        raise Failed("redirect", "redirects without saying where to")
    return urljoin(url, where)


def _shown(url: str) -> str:
    """A URL for a message: without its query, which may hold a mail address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"[:120]
