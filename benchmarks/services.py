"""arXiv, Crossref, DataCite and doi.org on this machine, for as many works as wanted.

Each answer comes after `latency`. The same answers stand behind TLS under the services' own
names, for peers that can be pointed nowhere else (see detour/sitecustomize.py).
"""

import json
import re
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from benchmarks.works import Work

Answer = tuple[int, str, bytes, dict[str, str]]
HITS = 10
WORDS = 3  # that a search and a title have in common at least


class Services:
    """What is known, what was asked, and when."""

    def __init__(self, works: Sequence[Work], latency: float) -> None:
        self.latency = latency
        self.asked: Counter[str] = Counter()
        self.began: list[float] = []
        self.url = ""
        self.port = 0
        self.tls_port = 0
        self._guard = threading.Lock()
        self.know(works)

    def know(self, works: Sequence[Work]) -> None:
        """Tell of these from now on."""
        self._works = works
        self._by_arxiv = {each.arxiv: each for each in works}
        self._by_doi = {each.doi: each for each in works}
        self._by_word: dict[str, list[Work]] = defaultdict(list)
        for each in works:
            for word in set(each.title.lower().split()):
                self._by_word[word].append(each)

    def forget(self) -> None:
        """Count anew."""
        self.asked.clear()
        self.began.clear()

    def counts(self) -> tuple[int, int]:
        """Look-ups and searches so far."""
        return self.asked["look-ups"], self.asked["searches"]

    def answer(self, path: str, accept: str, host: str) -> Answer:
        place, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        if host == "github.com":  # where manubot gets the schema of its output from, at each run
            return _json({"type": "array", "items": {}})
        with self._guard:
            self.began.append(time.monotonic())
            self.asked[_kind(place, query)] += 1
        time.sleep(self.latency)
        if place == "/api/query":
            return self._arxiv(query)
        if place == "/oai2":
            return self._oai(query.get("identifier", [""])[0].rpartition(":")[2])
        if place.startswith("/api/handles/"):
            return _json({"responseCode": 1, "values": [{"data": {"value": "https://h.invalid"}}]})
        if place == "/works":
            return self._many(query)
        place = place.removeprefix("/v1")
        if place.startswith("/works/"):
            return self._one(unquote(place.removeprefix("/works/")))
        if host == "doi.org" or place.startswith("/doi/"):
            target = quote(unquote(place.removeprefix("/doi/").lstrip("/")))
            location = f"https://api.crossref.org/v1/works/{target}/transform"
            return 302, "text/html", b"", {"Location": location}
        return 404, "text/plain", b"Resource not found.", {}

    def _arxiv(self, query: dict[str, list[str]]) -> Answer:
        ids = [text for text in query.get("id_list", [""])[0].split(",") if text]
        most = int(query.get("max_results", ["10"])[0])
        if ids:
            plain = (re.sub(r"v\d+$", "", text) for text in ids)
            found = [self._by_arxiv[text] for text in plain if text in self._by_arxiv]
        else:
            found = self._search(query.get("search_query", [""])[0])
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
            ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">\n<title>answer</title>\n'
            f"<opensearch:totalResults>{len(found)}</opensearch:totalResults>\n"
            "<opensearch:startIndex>0</opensearch:startIndex>\n"
            f"<opensearch:itemsPerPage>{most}</opensearch:itemsPerPage>\n"
        )
        body = head + "\n".join(map(_atom, found[:most])) + "</feed>\n"
        return 200, "application/atom+xml", body.encode(), {}

    def _oai(self, name: str) -> Answer:
        if name not in self._by_arxiv:
            return 404, "text/plain", b"", {}
        w = self._by_arxiv[name]
        authors = "".join(
            f"<author><keyname>{f}</keyname><forenames>{g}</forenames></author>"
            for g, f in w.authors
        )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH '
            'xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header>'
            f"<datestamp>{w.year}-06-12</datestamp></header><metadata>"
            f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{w.arxiv}</id>'
            f"<created>{w.year}-06-12</created><authors>{authors}</authors>"
            f"<title>{w.title}</title><categories>cs.CV</categories>"
            f"<abstract>We study {w.title}.</abstract></arXiv></metadata></record></GetRecord>"
            "</OAI-PMH>"
        )
        return 200, "text/xml", body.encode(), {}

    def _search(self, text: str) -> list[Work]:
        words = set(re.findall(r"[a-z]+", text.lower()))
        common = Counter(each.number for word in words for each in self._by_word.get(word, ()))
        by_number = {each.number: each for word in words for each in self._by_word.get(word, ())}
        return [by_number[n] for n, shared in common.most_common(HITS) if shared >= WORDS]

    def _many(self, query: dict[str, list[str]]) -> Answer:
        filters = query.get("filter", [""])[0].split(",")
        dois = [text.removeprefix("doi:").lower() for text in filters if text.startswith("doi:")]
        if dois:
            found = [self._by_doi[doi] for doi in dois if doi in self._by_doi]
        else:
            names = ("query.bibliographic", "query.title", "query")
            text = next((query[name][0] for name in names if name in query), "")
            # Every other work is a preprint and no more: Crossref has not heard of it.
            found = [each for each in self._search(text) if each.linked]
        found = found[: int(query.get("rows", ["20"])[0])]
        items = [_work(each) for each in found]
        return _json({"status": "ok", "message-type": "work-list",
                      "message": {"total-results": len(items), "items": items}})  # fmt: skip

    def _one(self, rest: str) -> Answer:
        doi, transform, _ = rest.partition("/transform")
        found = self._by_doi.get(doi.lower())
        if found is None:
            return 404, "text/plain", b"Resource not found.", {}
        if not transform:
            return _json({"status": "ok", "message-type": "work", "message": _work(found)})
        csl = {**_work(found), "title": found.title, "container-title": found.venue}
        return _json(csl, "application/vnd.citationstyles.csl+json")


def _kind(place: str, query: dict[str, list[str]]) -> str:
    searched = any(name.startswith(("query", "search_query")) for name in query)
    return "searches" if searched else "look-ups"


def _atom(w: Work) -> str:
    authors = "".join(f"<author><name>{escape(f'{g} {f}')}</name></author>" for g, f in w.authors)
    doi = f"<arxiv:doi>{escape(w.doi)}</arxiv:doi>" if w.linked else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{w.arxiv}v1</id><title>{w.title}</title>"
        f"<updated>{w.year}-06-12T17:57:34Z</updated>"
        f'<link href="https://arxiv.org/abs/{w.arxiv}v1" rel="alternate" type="text/html"/>'
        f"<published>{w.year}-06-12T17:57:34Z</published><summary>We study {w.title}.</summary>"
        f'{authors}{doi}<arxiv:primary_category term="cs.CV"/><category term="cs.CV"/></entry>'
    )


def _work(w: Work) -> dict[str, Any]:
    return {
        "DOI": w.doi,
        "type": "journal-article",
        "title": [w.title],
        "author": [{"given": g, "family": f, "sequence": "additional"} for g, f in w.authors],
        "container-title": [w.venue],
        "issued": {"date-parts": [[w.year, 9]]},
        "volume": str(w.number % 40 + 1),
        "issue": "2",
        "page": f"{w.number}-{w.number + 9}",
        "publisher": "Nobody's Press",
        "URL": f"https://doi.org/{w.doi}",
    }


def _json(content: object, kind: str = "application/json") -> Answer:
    return 200, kind, json.dumps(content).encode(), {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    services: Services

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that goes away in the middle is none of our business."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        accept = self.headers.get("Accept", "")
        status, kind, body, further = self.server.services.answer(self.path, accept, host)
        self.send_response(status)
        for name, value in {"Content-Type": kind, **further}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET


@contextmanager
def serving(
    works: Sequence[Work], latency: float = 0.0, certificate: Path | None = None
) -> Iterator[Services]:
    """The services on ports of their own; with `certificate` (a PEM with its key) by TLS too."""
    services = Services(works, latency)
    servers = [_Server(("127.0.0.1", 0), _Handler)]
    services.port = int(servers[0].server_address[1])
    services.url = f"http://127.0.0.1:{services.port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        secure = _Server(("127.0.0.1", 0), _Handler)
        secure.socket = context.wrap_socket(
            secure.socket, server_side=True, do_handshake_on_connect=False
        )
        services.tls_port = int(secure.server_address[1])
        servers.append(secure)
    for server in servers:
        server.services = services
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield services
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
