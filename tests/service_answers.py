"""What the scripted service of the tests knows, and how it puts that into feeds and JSON."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

Answered = tuple[int, str, bytes, dict[str, str]]  # status, type, body, further headers
GOOD_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?")


@dataclass(frozen=True)
class Paper:
    arxiv: str
    doi: str
    title: str
    authors: tuple[tuple[str, str], ...]  # (given, family)
    year: int
    venue: str
    published: int


ATTENTION = Paper(
    "1706.03762", "", "Attention Is All You Need", (("Ashish", "Vaswani"),), 2017, "", 0
)
RESNET = Paper(
    "1512.03385",
    "10.1109/cvpr.2016.90",
    "Deep Residual Learning for Image Recognition",
    (("Kaiming", "He"), ("Xiangyu", "Zhang"), ("Shaoqing", "Ren"), ("Jian", "Sun")),
    2015,
    "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
    2016,
)
YOLO = Paper(
    "1506.02640",
    "10.1109/cvpr.2016.91",
    "You Only Look Once: Unified, Real-Time Object Detection",
    (("Joseph", "Redmon"), ("Santosh", "Divvala"), ("Ross", "Girshick"), ("Ali", "Farhadi")),
    2015,
    "2016 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
    2016,
)
RICCI = Paper(
    "math/0211159",
    "",
    "The entropy formula for the Ricci flow and its geometric applications",
    (("Grisha", "Perelman"),),
    2002,
    "",
    0,
)
# DOIs that are hard to ask for: a SICI one, and invented ones with the signs that URLs give meaning.
SICI = Paper(
    "",
    "10.1002/1096-9861(20010212)430:3<283::aid-cne1031>3.0.co;2-v",
    "Substance P receptor expression by inhibitory interneurons of the rat hippocampus",
    (("Robert S.", "Sloviter"),),
    2001,
    "The Journal of Comparative Neurology",
    2001,
)
COMMA = Paper("", "10.5555/a,b", "A DOI with a comma", (("A.", "Comma"),), 2001, "Signs", 2001)
SIGNS = Paper("", "10.5555/a#b?c%20d+e&f", "A DOI of signs", (("A.", "Sign"),), 2001, "Signs", 2001)
SHORT = Paper("", "10.5555/a", "The wrong record", (("N.", "Obody"),), 1999, "Signs", 1999)
PAPERS = (ATTENTION, RESNET, YOLO, RICCI, SICI, COMMA, SIGNS, SHORT)
ALIASES = {"10.5555/old": "10.1109/cvpr.2016.90"}


def content(path: str, step: str) -> Answered:
    place, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
    if place == "/api/query":
        return _arxiv(query, step)
    if place.startswith("/dois/"):
        return _datacite(unquote(place.removeprefix("/dois/")), step)
    if place.startswith("/works/"):
        return _crossref_one(unquote(place.removeprefix("/works/")), step)
    if place == "/works":
        return _crossref_many(query, step)
    return 404, "text/plain", b"Resource not found.", {}


def _changed(papers: Sequence[Paper], step: str) -> list[Paper]:
    """What a service in this mood takes for the papers that were asked for."""
    papers = list(papers)
    match step:
        case "empty":
            return []
        case "missing":
            return papers[:-1]
        case "shuffle":
            return papers[::-1]
        case "dup":
            return papers * 2
        case "wrong":
            return [next(p for p in PAPERS if p.arxiv and p.doi and p != paper) for paper in papers]
    return papers


def _arxiv(query: dict[str, list[str]], step: str) -> Answered:
    ids = [text for text in query.get("id_list", [""])[0].split(",") if text]
    bad = next((text for text in ids if not GOOD_ID.fullmatch(text)), "")
    if bad or step == "errfeed":
        what = f"incorrect_id_format_for_{bad}" if bad else "internal_error"
        entry = (
            f"<entry><id>https://arxiv.org/api/errors#{what}</id><title>Error</title>"
            f"<summary>{what.replace('_', ' ')}</summary><author><name>arXiv api core</name></author></entry>"
        )
        return 400 if bad else 200, "application/atom+xml", _feed([entry]), {}
    if ids:
        plain = [re.sub(r"v\d+$", "", text) for text in ids]
        papers = [paper for text in plain for paper in PAPERS if paper.arxiv == text]
    else:
        words = set(re.findall(r"\w+", query.get("search_query", [""])[0].lower()))
        papers = [p for p in PAPERS if p.arxiv and len(words & set(p.title.lower().split())) > 2]
    papers = _changed(papers, step)[: int(query.get("max_results", ["10"])[0])]
    names = [paper.arxiv for paper in papers]
    if step == "swap":
        names = names[::-1]
    entries = [_entry(paper, name) for paper, name in zip(papers, names, strict=True)]
    return 200, "application/atom+xml", _feed(entries), {}


def _entry(paper: Paper, name: str) -> str:
    authors = "".join(
        f"<author><name>{escape(f'{g} {f}')}</name></author>" for g, f in paper.authors
    )
    doi = f"<arxiv:doi>{escape(paper.doi)}</arxiv:doi>" if paper.doi else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{name}v1</id><title>{escape(paper.title)}</title>"
        f'<link href="https://arxiv.org/abs/{paper.arxiv}v1" rel="alternate" type="text/html"/>'
        f"<published>{paper.year}-06-12T17:57:34Z</published>{authors}{doi}"
        f'<arxiv:primary_category term="cs.CV"/></entry>'
    )


def _feed(entries: Sequence[str]) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<opensearch:totalResults>{len(entries)}</opensearch:totalResults>\n"
    )
    return (head + "\n".join(entries) + "</feed>\n").encode()


def _work(paper: Paper, doi: str) -> dict[str, object]:
    return {
        "DOI": doi,
        "type": "proceedings-article" if paper.arxiv else "journal-article",
        "title": [paper.title],
        "author": [{"given": g, "family": f, "sequence": "additional"} for g, f in paper.authors],
        "container-title": [paper.venue],
        "issued": {"date-parts": [[paper.published]]},
        "publisher": "IEEE",
    }


def _crossref_one(doi: str, step: str) -> Answered:
    doi = doi.lower()
    if doi in ALIASES:
        return 301, "text/plain", b"", {"Location": f"/works/{ALIASES[doi]}"}
    papers = _changed([paper for paper in PAPERS if paper.doi == doi], step)
    if not papers:
        return 404, "text/plain", b"Resource not found.", {}
    return _json(
        {"status": "ok", "message-type": "work", "message": _work(papers[0], papers[0].doi)}
    )


def _crossref_many(query: dict[str, list[str]], step: str) -> Answered:
    filters = query.get("filter", [""])[0].split(",")
    dois = [text.removeprefix("doi:").lower() for text in filters if text.startswith("doi:")]
    if any(not text.startswith(("doi:10.", "type:")) for text in filters if text):
        problem = {
            "type": "filter-not-available",
            "value": "b",
            "message": "Filter is not available",
        }
        return _json(
            {"status": "failed", "message-type": "validation-failure", "message": [problem]}, 400
        )
    if dois:
        papers = [paper for doi in dois for paper in PAPERS if paper.doi == doi]
    else:
        words = set(re.findall(r"\w+", query.get("query.bibliographic", [""])[0].lower()))
        papers = [p for p in PAPERS if p.doi and len(words & set(p.title.lower().split())) > 2]
    papers = _changed(papers, step)[: int(query.get("rows", ["20"])[0])]
    names = [paper.doi for paper in papers]
    works = [
        _work(p, name)
        for p, name in zip(papers, names[::-1] if step == "swap" else names, strict=True)
    ]
    return _json({"status": "ok", "message": {"total-results": len(works), "items": works}})


def _datacite(doi: str, step: str) -> Answered:
    number = doi.lower().removeprefix("10.48550/arxiv.")
    papers = _changed([paper for paper in PAPERS if paper.arxiv and paper.arxiv == number], step)
    if not papers:
        return _json(
            {
                "errors": [
                    {"status": "404", "title": "The resource you are looking for doesn't exist."}
                ]
            },
            404,
        )
    paper = papers[0]
    attributes = {
        "doi": f"10.48550/arxiv.{paper.arxiv}",
        "titles": [{"title": paper.title}],
        "creators": [
            {"name": f"{f}, {g}", "nameType": "Personal", "givenName": g, "familyName": f}
            for g, f in paper.authors
        ],
        "publicationYear": paper.year,
        "publisher": "arXiv",
        "types": {"resourceTypeGeneral": "Preprint", "bibtex": "misc"},
    }
    return _json({"data": {"id": attributes["doi"], "attributes": attributes}})


def _json(content: object, status: int = 200) -> Answered:
    return status, "application/json", json.dumps(content).encode(), {}
