"""Some entries of a .bib, taken out of its bytes and put back; the rest is not decoded. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bibtool.bib.file import Bibliography
from bibtool.bib.text import Encoding, decode
from bibtool.model import BibEntry
from bibtool.patterns import pattern
from bibtool.render.bibtex import text_of

_OUR_HEAD = pattern(rb"@\w+\{([^\s,{}]+),")
_LATER_HEAD = pattern(b"\n" + _OUR_HEAD.pattern)


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

    def put_back(self, entries: Mapping[str, BibEntry]) -> bytes:
        """The file with its entries as they are now."""
        return b"".join(self._pieces(entries))

    def _pieces(self, entries: Mapping[str, BibEntry]) -> Iterator[bytes | memoryview]:
        view = memoryview(self.data)
        at = 0
        for start, end, key in self.places:
            yield view[at:start]
            yield _bytes_of(entries[key], self.newline)
            at = end
        yield view[at:]


def excerpt(data: bytes, written: Mapping[str, BibEntry], shown: str) -> Excerpt | None:
    """The entries `written`; None unless each stands in `data` just as we wrote it, in UTF-8."""
    encoding = Encoding() if data.isascii() else decode(data, shown)[1]
    if encoding.codec != "utf-8" or b"\0" in data:
        return None
    newline = "\r\n" if b"\r" in data and b"\r\n" in data else "\n"
    found: dict[str, Place] = {}
    names = {key.encode("utf-8", "surrogatepass"): key for key in written}
    for start, name in _heads(data, len(encoding.mark)):
        key = names.get(name, "")
        if key and data.startswith(text := _bytes_of(written[key], newline), start):
            found[key] = Place(start, start + len(text), key)
    if found.keys() != written.keys():
        return None
    places = tuple(sorted(found.values()))
    blocks = (newline * 2).join(data[start:end].decode() for start, end, _ in places)
    alone = Bibliography(blocks + newline, shown, written)
    return Excerpt(data, newline, places, alone) if alone.newline == newline else None


def _heads(data: bytes, first: int) -> Iterator[tuple[int, bytes]]:
    """Where an entry may begin at the beginning of a line, as all of ours do, and its key; `first`
    is where the text begins."""
    if match := _OUR_HEAD.match(data, first):
        yield first, match[1]
    for match in _LATER_HEAD.finditer(data):
        yield match.start() + 1, match[1]


def _bytes_of(entry: BibEntry, newline: str) -> bytes:
    return text_of(entry).replace("\n", newline).encode("utf-8", "surrogatepass")
