"""The last look at a list: no identifier in a link goes without a word."""

import re
from collections.abc import Iterable, Sequence

from bibtool.identify import identifiers_in
from bibtool.model import Identifier, Row
from bibtool.patterns import pattern
from bibtool.read.draft import Skip
from bibtool.read.inline import without_tail
from bibtool.read.source import Source

ADDRESS = pattern(r"https?://[^\s<>\"'`|\\^{}\[\]，。；：、（）【】「」《》｜]+", re.IGNORECASE)
PAPER_LIKE = pattern(r"arxiv|/10\.\d|=10\.\d|%2f|doi\.org|nature\.com|huggingface\.co/papers", re.I)
REASON = "a paper's link outside of every entry"


def overlooked(source: Source, rows: Sequence[Row], skipped: Iterable[Skip]) -> list[Skip]:
    """Links with identifiers, outside of fences and comments, that neither rows nor skips name."""
    told = {url for row in rows for url in (*row.urls, *row.code)}
    told.update(url for skip in skipped for url in skip.urls)
    untold = {
        number: urls
        for number, line in enumerate(source.lines, start=1)
        if "://" in line and number not in source.fenced
        if (urls := [u for u in map(without_tail, ADDRESS.findall(line)) if u not in told])
    }
    if not untold:
        return []
    known = {which for row in rows for which in row.claim.identifiers}
    known.update(which for url in told for which in _identifiers(url))
    found: list[Skip] = []
    for number, urls in untold.items():
        lost = tuple(url for url in urls if known.isdisjoint(ids := _identifiers(url)) and ids)
        if lost:
            found.append(Skip(number, REASON, lost))
    return found


def _identifiers(url: str) -> tuple[Identifier, ...]:
    return identifiers_in(url)[0] if PAPER_LIKE.search(url) else ()
