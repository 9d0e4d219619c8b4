"""From the web address of a list to where its text can be had, and what to call the copy. Pure."""

import re
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from bibtool.errors import WrongUse
from bibtool.patterns import pattern

# How curators name the page that GitHub shows of a repository.
READMES = ("README.md", "readme.md", "Readme.md", "README.rst", "README.markdown", "README")
RAW = "https://raw.githubusercontent.com"
NEWEST = "HEAD"  # of the default branch, whatever its name
PART = r"([A-Za-z0-9_.-]{1,100})"
REPOSITORY = pattern(rf"/{PART}/{PART}/?")
FOLDER = pattern(rf"/{PART}/{PART}/tree/([^/]+)/?")
FILE = pattern(rf"/{PART}/{PART}/(?:blob|raw)/([^/]+)/(.+)")
LONGEST = 100  # characters of a file's name


class WebList(Struct, frozen=True):
    addresses: tuple[str, ...]  # tried in turn
    name: str  # of the copy


def is_address(text: str) -> bool:
    return "://" in text


def web_list(url: str) -> WebList:
    """Where the list behind `url` can be had: a GitHub page's raw text, else the address itself.

    WrongUse for what is no plain https address.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise WrongUse(f"{url}: only an https address without a password can be read")
    host = parts.hostname.lower()
    if host not in ("github.com", "www.github.com"):
        return WebList((url,), _name(host, unquote(parts.path)))
    if page := FILE.fullmatch(parts.path):
        owner, repository, revision, path = page.groups()
        raw = f"{RAW}/{owner}/{repository}/{revision}/{path}"
        return WebList((raw,), _name(owner, repository, unquote(path)))
    if page := FOLDER.fullmatch(parts.path) or REPOSITORY.fullmatch(parts.path):
        owner, repository, *revision = page.groups()
        repository = repository.removesuffix(".git")
        base = f"{RAW}/{owner}/{repository}/{quote(*revision) if revision else NEWEST}"
        addresses = tuple(f"{base}/{name}" for name in READMES)
        return WebList(addresses, _name(owner, repository))
    raise WrongUse(f"{url}: give a repository's page, or a file in it")


def _name(*parts: str) -> str:
    """A plain file name: `owner-repository.md`, `example.org-lists-papers.md`."""
    steps = (step for part in parts for step in part.split("/") if step.strip("."))
    whole = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(steps)).strip("-.") or "list"
    stem, dot, suffix = whole.rpartition(".")
    known = suffix.lower() in ("md", "markdown", "rst", "txt", "bib", "html", "csv", "yaml", "yml")
    if not (dot and known and len(parts) > 1):
        stem, suffix = whole, "md"
    return f"{stem[:LONGEST]}.{suffix}"
