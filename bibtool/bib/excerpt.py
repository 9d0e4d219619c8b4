"""Some entries of a .bib, taken out of its bytes and put back; the rest is not decoded. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bibtool.bib.file import Bibliography
from bibtool.bib.text import Encoding, decode
from bibtool.model import BibEntry
from bibtool.render.bibtex import text_of


class Place(NamedTuple):
    """Where the text of an entry stands."""

    start: int
    end: int
    key: str


class Excerpt(NamedTuple):
    data: bytes
    newline: str
    places: tuple[Place, ...]  # in the order of the file
    alone: Bibliography

    def put_back(self, entries: Mapping[str, BibEntry]) -> bytes | tuple[bytes | memoryview, ...]:
        """The file with its entries as they are now; in pieces, unless they are what they were."""
        new = {place: _bytes_of(entries[place.key], self.newline) for place in self.places}
        if all(text == self.data[place.start : place.end] for place, text in new.items()):
            return self.data
        pieces: list[bytes | memoryview] = []
        view = memoryview(self.data)
        at = 0
        for place, text in new.items():
            pieces += view[at : place.start], text
            at = place.end
        return (*pieces, view[at:])


def excerpt(data: bytes, written: Mapping[str, BibEntry], shown: str) -> Excerpt | None:
    """The entries `written`; None unless each stands in `data` just as we wrote it, in UTF-8."""
    encoding = Encoding() if data.isascii() else decode(data, shown)[1]
    if encoding.codec != "utf-8" or b"\0" in data:
        return None
    newline = "\r\n" if b"\r" in data and b"\r\n" in data else "\n"
    found: dict[str, Place] = {}
    for start, key in _heads(data, len(encoding.mark), written):
        if data.startswith(text := _bytes_of(written[key], newline), start):
            found[key] = Place(start, start + len(text), key)
    if found.keys() != written.keys():
        return None
    places = tuple(sorted(found.values()))
    blocks = (newline * 2).join(data[start:end].decode() for start, end, _ in places)
    alone = Bibliography(blocks + newline, shown, written)
    return Excerpt(data, newline, places, alone) if alone.newline == newline else None


def _heads(data: bytes, first: int, keys: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where an entry with one of `keys` may begin, each at the beginning of a line, as all of ours
    do; `first` is where the text begins."""
    names = {key.encode("utf-8", "surrogatepass"): key for key in keys}
    head = rb"@\w+\{(" + b"|".join(map(re.escape, names)) + rb"),"
    if match := re.compile(head).match(data, first):
        yield first, names[match[1]]
    for match in re.finditer(b"\n" + head, data):
        yield match.start() + 1, names[match[1]]


def _bytes_of(entry: BibEntry, newline: str) -> bytes:
    return text_of(entry).replace("\n", newline).encode("utf-8", "surrogatepass")
