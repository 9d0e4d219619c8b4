"""Which entry of the file is which entry of ours, when a person has changed its key."""

from collections.abc import Iterator, Mapping, Sequence

from bibtool.bib.file import Bibliography
from bibtool.bib.scan import Block
from bibtool.bib.value import suspicion
from bibtool.model import BibEntry, Identifier, Notice, scheme_of
from bibtool.render.bibtex_records import identifiers_of
from bibtool.tex import from_tex


class Found:
    """The entries of the file by key; read only where they differ from what was written last."""

    def __init__(self, file: Bibliography, base: Mapping[str, BibEntry]) -> None:
        self.file = file
        self.base = base
        self.broken: dict[str, Block] = {}
        self._blocks: dict[str, Block] = {}
        self._twice: set[str] = set()
        self._as_written: set[str] = set()
        self._entries: dict[str, BibEntry] = {}
        for block in file.blocks:
            self._keep(block)
        self._folded = {key.casefold() for key in self._blocks}

    def _keep(self, block: Block) -> None:
        if block.kind == "broken" and block.key:
            self.broken.setdefault(block.key, block)
            self._blocks.setdefault(block.key, block)
        elif block.kind == "entry" and block.key:
            if block.key in self._blocks:
                self._twice.add(block.key)
            else:
                self._blocks[block.key] = block
                if self._stands(block):
                    self._as_written.add(block.key)

    def _stands(self, block: Block) -> bool:
        """Whether the block is just what base would be written as."""
        base = self.base.get(block.key)
        if base is None:
            return False
        if block.written:
            written = self.file.written.get(block.key)
            return written is base or written == base
        return self.file.ends_as_written(base, block.start) == block.end

    def __contains__(self, key: str) -> bool:
        return key in self._blocks

    def __getitem__(self, key: str) -> Block:
        return self._blocks[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def holds_folded(self, key: str) -> bool:
        """Whether BibTeX would take `key` for one of the file: it does not tell capitals."""
        return key.casefold() in self._folded

    def is_work(self, key: str, entry: BibEntry) -> bool:
        """Whether the file's entry under `key` is the work of `entry`."""
        mine = self.entry(key)
        ours, theirs = set(identifiers_of(mine)), set(identifiers_of(entry))
        if ours & theirs:
            return True
        schemes = {scheme_of(i) for i in ours} & {scheme_of(i) for i in theirs}
        return not schemes and _folded_title(mine) == _folded_title(entry) != ""

    def is_as_written(self, key: str) -> bool:
        """Whether the entry stands in the file exactly as it was written last."""
        return key in self._as_written

    def stands_once(self, key: str) -> bool:
        """Whether no entry behind it has the same key."""
        return key not in self._twice

    def is_doubtful(self, key: str) -> bool:
        """Whether a value of the entry cannot be trusted to be one value."""
        return any(suspicion(field) for field in self[key].fields(self.file.text))

    def entry(self, key: str) -> BibEntry:
        if key in self._as_written:
            return self.base[key]
        if key not in self._entries:
            self._entries[key] = self.file.entry(self._blocks[key])
        return self._entries[key]

    def twins(self, now: Mapping[str, BibEntry]) -> Iterator[Notice]:
        """Entries that name one work under two keys; `now` are those that were brought up to
        date."""
        seen: dict[Identifier, str] = {}
        told: set[tuple[str, str]] = set()
        for key, block in self._blocks.items():
            if block.kind != "entry":
                continue
            for which in identifiers_of(now.get(key) or self.entry(key)):
                first = seen.setdefault(which, key)
                if first != key and (first, key) not in told:
                    told.add((first, key))
                    message = f"{first} and {key} are one work ({which}); keep one and cite that"
                    yield Notice(self.file.place(block.start), "conflict", message)


def by_identity(
    found: Found, base: Mapping[str, BibEntry], theirs: Sequence[BibEntry]
) -> dict[str, str]:
    """Keys of base and theirs that stand in the file under another key: ours -> the file's.

    Identifiers tell; where an entry has none, title, first author and year.
    """
    ours = {entry.key: entry for entry in theirs}
    lost = [entry for key, entry in ({**base, **ours}).items() if key not in found]
    if not lost:
        return {}
    free = [key for key in found if key not in ours and key not in base and key not in found.broken]
    by_mark: dict[str, str] = {}
    for key in free:
        for mark in _marks(found.entry(key)):
            by_mark.setdefault(mark, key)
    renamed: dict[str, str] = {}
    taken: set[str] = set()
    for entry in lost:
        candidates = [by_mark[mark] for mark in _marks(entry) if mark in by_mark]
        new = next((key for key in candidates if key not in taken), "")
        if new:
            renamed[entry.key] = new
            taken.add(new)
    return renamed


def _folded_title(entry: BibEntry) -> str:
    return "".join(filter(str.isalnum, from_tex(entry.fields.get("title", "")).casefold()))


def _marks(entry: BibEntry) -> list[str]:
    """What tells a work, the surest first."""
    identifiers: list[str] = [*identifiers_of(entry)]
    title = _folded_title(entry)
    author = from_tex(entry.fields.get("author", "")).partition(" and ")[0].casefold()
    year = (entry.fields.get("year") or entry.fields.get("date", ""))[:4]
    return identifiers if identifiers or not title else [f"{title} {author} {year}"]
