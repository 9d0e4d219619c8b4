"""arXiv, Crossref and DataCite as they change their minds: what each knows can be changed between
two runs, and each can be down by itself. `Registries.content` is what a `Service` answers."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from service_answers import Answered

Authors = tuple[tuple[str, str], ...]  # (given, family)
ALIKE = 2  # words that a search and a title have in common at least
T = TypeVar("T", "Preprint", "Article")
REFUSED: Answered = (403, "text/html", b"<html><h1>Not now</h1></html>", {})  # is not asked again


@dataclass(frozen=True, kw_only=True)
class Preprint:
    """What arXiv says of a paper."""

    number: str
    title: str
    authors: Authors
    year: int = 2024
    month: int = 6
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""  # of the published version
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Article:
    """What Crossref, or DataCite, says of a DOI."""

    doi: str
    title: str
    authors: Authors
    subtitle: str = ""
    year: int = 2024
    month: int | None = None
    kind: str = "proceedings-article"
    venue: str = "Proceedings of Things & More"
    volume: str = ""
    pages: str = ""
    publisher: str = "Nobody's Press"
    preprint: str = ""  # arXiv number of its preprint
    retracted: str = ""  # DOI of the notice


@dataclass
class Registries:
    preprints: dict[str, Preprint] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    deposits: dict[str, Article] = field(default_factory=dict)  # DataCite's
    aliases: dict[str, str] = field(default_factory=dict)  # of Crossref's: DOI -> DOI
    down: set[str] = field(default_factory=set)

    def know(self, *works: Preprint | Article) -> None:
        """From now on these are said; whatever was said under their names before is forgotten."""
        for work in works:
            if isinstance(work, Preprint):
                self.preprints[work.number] = work
            else:
                self.articles[work.doi] = work

    def content(self, path: str, step: str) -> Answered:
        place, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        if place == "/api/query":
            return REFUSED if "arxiv" in self.down else self._arxiv(query)
        if place.startswith("/dois/"):
            doi = unquote(place.removeprefix("/dois/")).lower()
            return REFUSED if "datacite" in self.down else self._datacite(doi)
        if "crossref" in self.down:
            return REFUSED
        if place.startswith("/works/"):
            return self._crossref_one(unquote(place.removeprefix("/works/")).lower())
        return self._crossref_many(query)

    def _arxiv(self, query: dict[str, list[str]]) -> Answered:
        numbers = [text for text in query.get("id_list", [""])[0].split(",") if text]
        if numbers:
            plain = [re.sub(r"v\d+$", "", text) for text in numbers]
            found = [self.preprints[text] for text in plain if text in self.preprints]
        else:
            found = [*_alike(query["search_query"][0], self.preprints.values())]
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:arxiv="http://arxiv.org/schemas/atom">\n'
        )
        feed = head + "\n".join(map(_entry, found)) + "</feed>\n"
        return 200, "application/atom+xml", feed.encode(), {}

    def _crossref_one(self, doi: str) -> Answered:
        if doi in self.aliases:
            return 301, "text/plain", b"", {"Location": f"/works/{self.aliases[doi]}"}
        if doi not in self.articles:
            return 404, "text/plain", b"Resource not found.", {}
        return _json({"status": "ok", "message": _work(self.articles[doi])})

    def _crossref_many(self, query: dict[str, list[str]]) -> Answered:
        filters = query.get("filter", [""])[0].split(",")
        dois = [text.removeprefix("doi:").lower() for text in filters if text.startswith("doi:")]
        if dois:
            found = [self.articles[doi] for doi in dois if doi in self.articles]
        else:
            found = [*_alike(query["query.bibliographic"][0], self.articles.values())]
        items = [_work(each) for each in found]
        return _json({"status": "ok", "message": {"total-results": len(items), "items": items}})

    def _datacite(self, doi: str) -> Answered:
        number = doi.removeprefix("10.48550/arxiv.")
        found = self.preprints.get(number) or self.deposits.get(doi)
        if found is None:
            return _json({"errors": [{"status": "404", "title": "It does not exist."}]}, 404)
        preprint = isinstance(found, Preprint)
        attributes = {
            "doi": doi,
            "titles": [{"title": found.title}],
            "creators": [
                {"name": f"{f}, {g}", "nameType": "Personal", "givenName": g, "familyName": f}
                for g, f in found.authors
            ],
            "publicationYear": found.year,
            "publisher": "arXiv" if preprint else "Zenodo",
            "types": {"resourceTypeGeneral": "Preprint" if preprint else "Software"},
        }
        return _json({"data": {"id": doi, "attributes": attributes}})


def _alike(question: str, works: Iterable[T]) -> Iterable[T]:
    words = set(re.findall(r"\w+", question.lower()))
    return (
        each for each in works if len(words & set(re.findall(r"\w+", each.title.lower()))) > ALIKE
    )


def _entry(paper: Preprint) -> str:
    authors = "".join(
        f"<author><name>{escape(f'{g} {f}')}</name></author>" for g, f in paper.authors
    )
    said = {"comment": paper.comment, "journal_ref": paper.journal_ref, "doi": paper.doi}
    more = "".join(f"<arxiv:{k}>{escape(v)}</arxiv:{k}>" for k, v in said.items() if v)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.number}v{paper.version}</id>"
        f"<title>{escape(paper.title)}</title>"
        f"<published>{paper.year}-{paper.month:02}-12T17:57:34Z</published>{authors}{more}"
        f'<arxiv:primary_category term="cs.CV"/></entry>'
    )


def _work(article: Article) -> dict[str, object]:
    work: dict[str, object] = {
        "DOI": article.doi,
        "type": article.kind,
        "title": [article.title],
        "author": [{"given": g, "family": f, "sequence": "additional"} for g, f in article.authors],
        "issued": {"date-parts": [[n for n in (article.year, article.month) if n]]},
        "publisher": article.publisher,
        "subtitle": [article.subtitle] if article.subtitle else [],
        "container-title": [article.venue] if article.venue else [],
    }
    work |= {k: v for k, v in (("volume", article.volume), ("page", article.pages)) if v}
    if article.preprint:
        held = {"id-type": "arxiv", "id": article.preprint, "asserted-by": "subject"}
        work["relation"] = {"has-preprint": [held]}
    if article.retracted:
        work["updated-by"] = [{"type": "retraction", "DOI": article.retracted}]
    return work


def _json(content: object, status: int = 200) -> Answered:
    return status, "application/json", json.dumps(content).encode(), {}
