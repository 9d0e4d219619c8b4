"""A small arXiv, Crossref and DataCite for tests, in every mood that a service can be in.

`Service(steps)` answers each request by the next step and well when there is none left. Steps:

  ok                      answer well
  429 403 500 502 503 ... that status; 429s:N and 503s:N with Retry-After: N (any text), 429d:N with
                          Retry-After as a date N seconds ahead
  html200 rate200 nothing 200 with an HTML page, with "Rate exceeded.", with no body at all
  cut cutnolen            half the body, with and without Content-Length;  reset: no answer
  hang drip:S slowhead:S  no answer; a byte in S seconds; a byte of the header in S seconds
  big bomb                more than 20 MB; so much when unpacked, little over the wire
  empty missing           no record; all but the last;  wrong: records of other works
  shuffle dup swap        the records reversed; twice each; with each other's identifiers
  errfeed                 arXiv's error entry about nothing in particular
  redir:URL               a redirect;  latin1: the declared encoding is a lie;  lol: nested entities
  limits:N/S              well, and announcing N requests in S seconds
  chain                   so much when unpacked three times
  endless                 a Content-Length of 100 GB
  cookie mistyped         well, with a cookie to keep, and as text/html
"""

import gzip
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from service_answers import Answered, content

MOST = 21 * 1024 * 1024  # bytes; more than a client should take


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    started: float
    connection: socket.socket
    ended: float = 0.0

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}


@dataclass
class Service:
    steps: list[str] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    most_at_once: int = 0
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)  # ends all hanging
    extra: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)  # path -> answer
    content: Callable[[str, str], Answered] = content  # path, step -> a good answer
    _in_flight: list[Request] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def gaps(self) -> list[float]:
        """Seconds from the end of one request to the start of the next."""
        ordered = sorted(self.log, key=lambda request: request.started)
        return [b.started - a.ended for a, b in pairwise(ordered)]

    def starts(self) -> list[float]:
        """Seconds from the start of one request to the start of the next."""
        return [b - a for a, b in pairwise(sorted(request.started for request in self.log))]

    def begin(self, request: Request) -> str:
        with self._guard:
            for other in list(self._in_flight):  # who hung up may ask again before we know of it
                if _hung_up(other.connection):
                    self._land(other)
            self.log.append(request)
            self._in_flight.append(request)
            self.most_at_once = max(self.most_at_once, len(self._in_flight))
            return self.steps.pop(0) if self.steps else "ok"

    def end(self, request: Request) -> None:
        with self._guard:
            if not request.ended:
                self._land(request)

    def _land(self, request: Request) -> None:
        request.ended = time.monotonic()
        self._in_flight.remove(request)


def _hung_up(connection: socket.socket) -> bool:
    """Whether the client has closed its end, though we may still be writing."""
    watch = select.poll()
    watch.register(connection, select.POLLRDHUP)
    return bool(watch.poll(0))  # POLLRDHUP, or POLLHUP and POLLERR, which are always told


@contextmanager
def serving(
    *steps: str, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[Service]:
    """A service on a port of its own, in the given mood."""
    service = Service(list(steps))
    server = _Server(("127.0.0.1", 0), _Handler)
    server.service = service
    if wrap is not None:
        server.socket = wrap(server.socket)
    service.url = f"http{'s' if wrap else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.released.set()
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    service: Service

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away in the middle are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        service = self.server.service
        request = Request(
            self.path,
            {k.lower(): v for k, v in self.headers.items()},
            time.monotonic(),
            self.connection,
        )
        step, _, argument = service.begin(request).partition(":")
        try:
            self._answer(step, argument, request)
        except OSError:
            pass
        finally:
            self.close_connection = True
            service.end(request)

    def _answer(self, step: str, argument: str, request: Request) -> None:
        service = self.server.service
        if step in ("hang", "reset"):
            if step == "hang":
                self._still_there(120)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        status, kind, body, headers = _answer(service, self.path, step, argument)
        if step == "slowhead":
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                self.wfile.write(bytes([byte]))
                if not self._still_there(float(argument)):
                    return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        if step == "endless":
            self.send_header("Content-Length", "99999999999")
        elif step != "cutnolen":
            self.send_header("Content-Length", str(len(body)))
        if not body:
            service.end(request)
        self.end_headers()
        if step == "drip":
            for byte in body:
                self.wfile.write(bytes([byte]))
                if not self._still_there(float(argument)):
                    return
        if step.startswith("cut"):
            self.wfile.write(body[: len(body) // 2])
            return
        self.wfile.write(body[:-1])
        service.end(request)  # with the last byte the client may ask again, before we are back here
        self.wfile.write(body[-1:])

    def _still_there(self, seconds: float) -> bool:
        """Wait, unless the client hangs up: from then on its request is no longer in flight."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.server.service.released.wait(0.002):
            if _hung_up(self.connection):
                return False
        return not self.server.service.released.is_set()


def _answer(service: Service, path: str, step: str, argument: str) -> Answered:
    if found := re.fullmatch(r"(\d{3})([sd]?)", step):
        value = (
            argument
            if found[2] == "s"
            else formatdate(time.time() + float(argument or 0), usegmt=True)
        )
        headers = {"Retry-After": value} if found[2] else {}
        return int(found[1]), "text/html", b"<html><h1>Not now</h1></html>", headers
    if step == "redir":
        return 302, "text/html", b"", {"Location": argument}
    if step in BODIES:
        kind, body = BODIES[step]
        return 200, kind, body(), {"Content-Encoding": CODINGS[step]} if step in CODINGS else {}
    plain = urlsplit(path).path
    if plain in service.extra:
        status, kind, body = service.extra[plain]
        return status, kind, body, {}
    status, kind, body, headers = service.content(path, step)
    if step == "limits":
        limit, _, seconds = argument.partition("/")
        headers = {**headers, "x-rate-limit-limit": limit, "x-rate-limit-interval": f"{seconds}s"}
    if step == "latin1":
        body = body.replace(b"You Only", "Ü Only".encode("latin-1"))
    if step == "cookie":
        headers = {**headers, "Set-Cookie": "x=y"}
    return status, "text/html" if step == "mistyped" else kind, body, headers


CODINGS = {"bomb": "gzip", "chain": "gzip, gzip, gzip"}
BODIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "html200": ("text/html", lambda: b"<!DOCTYPE html><html><body>Please log in</body></html>"),
    "rate200": ("text/plain", lambda: b"Rate exceeded."),
    "nothing": ("text/plain", lambda: b""),
    "big": ("application/json", lambda: b'"' + b"a" * MOST + b'"'),
    "bomb": ("application/json", lambda: _packed(1)),
    "chain": ("application/json", lambda: _packed(3)),
    "lol": (
        "application/xml",
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>&b;</title></feed>'
        ),
    ),
}


@cache
def _packed(times: int) -> bytes:
    """Far more than a client should take, in little space."""
    body = b"a" * (8 * MOST)
    for _ in range(times):
        body = gzip.compress(body)
    return body
