"""What a link is there for: the paper, its code, its project page, or something else.

The address decides before the label, because labels lie ("Project:" on an arXiv link).
"""

import re
from functools import cache
from urllib.parse import urlsplit

from msgspec import Struct

from bibtool.identify import identifiers_in
from bibtool.model import Identifier
from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.inline import Piece
from bibtool.read.vocabulary import vocabulary

PAPER, CODE, PROJECT, OTHER, ANCHOR, EMPTY, UNSURE = (
    "paper", "code", "project", "other", "anchor", "empty", "unsure",
)  # fmt: skip


class Link(Struct, frozen=True):
    """A link with its role. UNSURE: an unknown host; the place in the block has to decide."""

    url: str
    label: str  # as printed, without brackets
    role: str
    ids: tuple[Identifier, ...] = ()
    problems: tuple[str, ...] = ()
    at: int = 0  # index of its piece
    printed: bool = False  # an identifier in the text or on a badge; `url` is what is printed


BLOG = pattern(
    r"//(?:[\w.-]+\.)?blog[s]?\.|/blogs?(?:/|\?|$)|/posts?/|/news/|/press/|medium\.com",
    re.IGNORECASE,
)
TALK_OF_CODE = pattern(
    r"/(?:issues|pulls?|discussions|wiki|releases|commits?|stargazers|graphs|actions)(?:/|$)"
)
# Pages of paper hosts that show no paper: volumes, journals, groups, people, searches.
NO_PAPER = pattern(
    r"/(?:journals?|loi|toc|conferences?|conf|events?|series|search|authors?|profiles?|users?|about|home|groups?|topics?|browse"
    r"|listing|proceedings|issues?|volumes?|collections?|xpl/\w+)(?:/[\w.&-]*)?/?$|^[^/]*/?$|/book/|^proceedings\.mlr\.press/v\d+/?$"
    r"|^openreview\.net/(?:group|profile)|^jmlr\.org/papers/?(?:v\d+/?)?$",
)
DOCUMENT = pattern(r"\.(?:pdf|ps|ps\.gz|djvu)(?:[?#].*)?$", re.IGNORECASE)
# A folder of papers on anybody's site.
PAPERS_OF_A_SITE = pattern(
    r"://[^/]+/(?:[^?#]*/)?(?:papers?|pubs?|publications?)/[^/?#]", re.IGNORECASE
)
# DOIs of things that are deposited beside papers; a label can make them one.
DEPOSITS = (
    "doi:10.5281/",
    "doi:10.6084/",
    "doi:10.5061/",
    "doi:10.17632/",
    "doi:10.7910/",
    "doi:10.24433/",
)


LONGEST = 2000  # signs of an address that are looked at


def link_of(piece: Piece, at: int, label: str) -> Link:
    """The link of a piece; `label` is its text, or the words before it where it stands bare."""
    url = piece.url.strip()[:LONGEST]
    ids, problems = identifiers_in(url) if "/" in url or "10." in url else ((), ())
    role = _role(url, label, ids)
    return Link(url, label, role, ids if role == PAPER else (), problems, at)


def printed_link(text: str, at: int) -> Link | None:
    """An identifier that stands in text or on a badge without a link of its own."""
    ids, problems = identifiers_in(text)
    if not ids and not problems:
        return None
    return Link(text, "", PAPER if ids else OTHER, ids, problems, at, printed=True)


def _role(url: str, label: str, ids: tuple[Identifier, ...]) -> str:
    if not url:
        return EMPTY
    if url.startswith("#"):
        return ANCHOR
    said = words.label_role(label)
    if ids and not (ids[0].startswith(DEPOSITS) and said != PAPER):
        return PAPER
    if "://" not in url and not url.startswith(
        ("www.", "//", "arxiv.org", "doi.org", "github.com")
    ):
        return _relative(url, said)
    place = _host_and_path(url)
    if _is_at(place, "other") or BLOG.search(url):
        return OTHER
    if DOCUMENT.search(url) or "/pdf/" in url or "/pdf?" in url:
        return OTHER if said in (OTHER, CODE) else PAPER
    if _is_at(place, "code"):
        return ANCHOR if TALK_OF_CODE.search(place) else CODE
    if _is_at(place, "site"):
        return PROJECT if said != PAPER else PAPER
    if _is_at(place, "paper"):
        return OTHER if said == OTHER or NO_PAPER.search(place) else PAPER
    if PAPERS_OF_A_SITE.search(url) and said in ("", PAPER):
        return PAPER
    return said or UNSURE


def _relative(url: str, said: str) -> str:
    if url.lower().startswith(("mailto:", "javascript:", "data:", "file:")):
        return OTHER
    if DOCUMENT.search(url):
        return OTHER if said in (OTHER, CODE) else PAPER
    return EMPTY if said == PAPER and not re.search(r"[./]", url) else ANCHOR


def _host_and_path(url: str) -> str:
    try:
        parts = urlsplit(url if "://" in url else "https://" + url.lstrip("/"))
    except ValueError:
        return ""
    return parts.netloc.lower().rpartition("@")[2].partition(":")[0] + parts.path.lower()


def _is_at(place: str, kind: str) -> bool:
    """Whether a host-and-path is at one of the hosts of a kind, or at a part of one."""
    plain, deep = _hosts(kind)
    host, _, path = place.partition("/")
    labels = host.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if name in plain or any(path.startswith(prefix) for prefix in deep.get(name, ())):
            return True
    return False


@cache
def _hosts(kind: str) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """Whole hosts, and for others the paths that count."""
    known = vocabulary("hosts", kind)
    deep: dict[str, tuple[str, ...]] = {}
    for each in sorted(known):
        host, slash, path = each.partition("/")
        if slash:
            deep[host] = (*deep.get(host, ()), path)
    return frozenset(each for each in known if "/" not in each), deep
