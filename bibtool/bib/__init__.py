"""The .bib that people edit: a three-way merge that loses nothing of theirs.

base is what bibtool wrote last (the lock), mine is the file as it stands, theirs are the
fresh entries. Field by field, what only one side changed is taken; where both did, the
file wins, and a notice says so. Text that no change touches stays byte for byte.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import Struct

from bibtool.bib import edit
from bibtool.bib.edit import Patch
from bibtool.bib.file import Bibliography as Bibliography
from bibtool.bib.file import parse as parse
from bibtool.bib.identity import Found, by_identity
from bibtool.bib.scan import Block
from bibtool.bib.text import Encoding as Encoding
from bibtool.bib.text import decode as decode
from bibtool.bib.text import encode as encode
from bibtool.bib.update import Update
from bibtool.model import BibEntry, Notice
from bibtool.render.bibtex import text_of


class Merged(Struct, frozen=True):
    """What the file should hold, and what became of each entry."""

    text: str
    entries: Mapping[str, BibEntry]  # every entry of `text` that can be read, by its key there
    base: Mapping[str, BibEntry]  # for the lock: what to hand in as base the next time
    renamed: Mapping[str, str]  # keys of theirs (or base) -> the key the file has instead
    deleted: frozenset[str]  # keys of theirs that a person took out of the file
    as_written: frozenset[str]  # keys of theirs that stand in `text` once, just as we write them
    notices: tuple[Notice, ...]


def three_way(
    mine: Bibliography | None,
    base: Mapping[str, BibEntry],
    theirs: Sequence[BibEntry],
    *,
    prune: Collection[str] = (),
    macros: Mapping[str, str] | None = None,
    same: Collection[str] = (),
    shown: str = "references.bib",
) -> Merged:
    """Merge `theirs`, in list order, into the file.

    `prune` names entries to take out, `macros` the @string definitions that bare values of
    `theirs` may need, `same` the keys that a person gave to entries of theirs, so that an
    entry of the file under such a key is meant, whatever it says. A file that is missing,
    empty, or holds none of `base` is no edit: every entry is written into it.
    """
    file = mine if mine is not None else Bibliography("", shown)
    return _Merge(file, base, theirs, frozenset(prune), macros or {}, frozenset(same)).merged()


class _Merge:
    def __init__(
        self,
        file: Bibliography,
        base: Mapping[str, BibEntry],
        theirs: Sequence[BibEntry],
        prune: frozenset[str],
        macros: Mapping[str, str],
        same: frozenset[str],
    ) -> None:
        self.file = file
        self.same = same
        self.theirs = theirs
        self.prune = prune
        self.macros = macros
        self.found = Found(file, base)
        self.renamed = by_identity(self.found, base, theirs)
        self.base = {self.renamed.get(key, key): entry for key, entry in base.items()}
        self.folded = {key.casefold() for key in self.found} | {e.key.casefold() for e in theirs}
        self.entries: dict[str, BibEntry] = {}
        self.patches: list[Patch] = []
        self.notices: list[Notice] = []
        self.new: list[tuple[str, BibEntry]] = []  # key of the entry before, entry
        self.deleted: set[str] = set()

    def merged(self) -> Merged:
        known = any(key in self.found for key in self.base)
        before = ""
        wanted: dict[str, BibEntry] = {}
        for entry in self.theirs:
            key = self._key(entry)
            entry = msgspec.structs.replace(entry, key=key) if key != entry.key else entry
            wanted[key] = entry
            if key in self.found.broken:
                self._notice(self.found.broken[key], "edited", f"{key} cannot be read; left alone")
            elif key in self.found:
                self._update(entry)
            elif known and key in self.base:
                self.deleted.add(entry.key)
                continue  # no place for others to follow
            else:
                self.new.append((before, entry))
                self.entries[key] = entry
            before = key
        self._orphans(wanted)
        self._put_new()
        new = frozenset(entry.key for _, entry in self.new)
        self._define_macros()
        self.notices.extend(self.found.twins(self.entries))
        return Merged(
            text=edit.patched(self.file.text, self.patches),
            entries=self._in_order(wanted),
            base=self._next_base(wanted),
            renamed=self.renamed,
            deleted=frozenset(self.deleted),
            as_written=new.union(filter(self._stays_ours, wanted)),
            notices=tuple(self.notices),
        )

    def _key(self, entry: BibEntry) -> str:
        """The key of an entry in the file: a person's, or a free one if another work has it."""
        key = self.renamed.get(entry.key, entry.key)
        if key in self.base or key in self.same or key in self.found.broken:
            return key
        if key in self.found and self.found.is_work(key, entry):
            return key
        if key not in self.found and not self.found.holds_folded(key):
            return key
        letters = (f"{key}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
        free = next((new for new in letters if new.casefold() not in self.folded), f"{key}-bibtool")
        self.folded.add(free.casefold())
        self.renamed[entry.key] = free
        return free

    def _update(self, entry: BibEntry) -> None:
        """Bring an entry of the file up to date, field by field."""
        block = self.found[entry.key]
        base = self.base.get(entry.key)
        if self.found.is_as_written(entry.key):
            if base is not entry and base != entry:
                text = text_of(entry).replace("\n", self.file.newline)
                self.patches.append((block.start, block.end, text))
            self.entries[entry.key] = entry
            return
        if base is not None and (base.type, base.fields, base.bare) == (
            entry.type,
            entry.fields,
            entry.bare,
        ):
            self.entries[entry.key] = self.found.entry(entry.key)
            return  # nothing new from upstream: whatever the file says stays
        if self.found.is_doubtful(entry.key):
            return  # a missing comma fused two fields: the file's problems say so
        update = Update(self.file, block, self.found.entry(entry.key), base, entry)
        self.patches.extend(update.patches())
        self.entries[entry.key] = update.result()
        for field, text in update.conflicts():
            message = f"{entry.key}: {field} stays as you have it; upstream now says {text!r}"
            self._notice(block, "edited", message)

    def _stays_ours(self, key: str) -> bool:
        return self.found.is_as_written(key) and self.found.stands_once(key)

    def _orphans(self, wanted: Mapping[str, BibEntry]) -> None:
        pruned: list[Block] = []
        for key in self.base:
            if key in wanted or key not in self.found:
                continue
            if key in self.found.broken:
                continue
            if key in self.prune:
                pruned.append(self.found[key])
            else:
                message = f"{key} stands in no list any more; `--prune` takes it out"
                self._notice(self.found[key], "orphan", message)
        pruned.sort(key=lambda block: block.start)
        self.patches.extend(edit.take_out(self.file, pruned))

    def _put_new(self) -> None:
        """New entries go behind the one that precedes them in the lists."""
        groups: dict[str, list[str]] = {}
        leader: dict[str, str] = {}
        for before, entry in self.new:
            anchor = leader.get(before, before)
            leader[entry.key] = anchor
            groups.setdefault(anchor, []).append(text_of(entry).replace("\n", self.file.newline))
        for anchor, texts in groups.items():
            self.patches.append(self._put(anchor, texts))

    def _put(self, anchor: str, texts: list[str]) -> Patch:
        if anchor in self.found:
            return edit.put_after(self.file, self.found[anchor].end, texts)
        following = next(
            (e.key for e in self.theirs if self.renamed.get(e.key, e.key) in self.found), ""
        )
        following = self.renamed.get(following, following)
        if following:
            return edit.put_before(self.file, self.found[following].start, texts)
        return edit.put_last(self.file, texts)

    def _define_macros(self) -> None:
        """Bare values need their @string; a definition that the file has is the person's."""
        if not self.macros:
            return
        used = {
            value.lower()
            for entry in self.entries.values()
            for name in entry.bare
            if (value := entry.fields.get(name, "")).lower() in self.macros
        }
        missing = sorted(used - self.file.macros.keys())
        if missing:
            lines = [f"@string{{{name} = {{{self.macros[name]}}}}}" for name in missing]
            text = self.file.newline.join(lines) + self.file.newline * 2
            self.patches.insert(0, (0, 0, text))

    def _in_order(self, wanted: Mapping[str, BibEntry]) -> Mapping[str, BibEntry]:
        """Entries of the lists first, in list order, then what else the file holds."""
        out = {key: self.entries[key] for key in wanted if key in self.entries}
        for key in self.found:
            gone = key in self.prune and key not in wanted and key in self.base
            if key not in out and key not in self.found.broken and not gone:
                out[key] = self.found.entry(key)
        return out

    def _next_base(self, wanted: Mapping[str, BibEntry]) -> Mapping[str, BibEntry]:
        """Theirs; and what stays in the file, or stays deleted from it, without a row."""
        kept = {
            key: entry
            for key, entry in self.base.items()
            if key not in wanted and key in self.found and key not in self.prune
        }
        return {**wanted, **kept}

    def _notice(self, block: Block, kind: str, message: str) -> None:
        self.notices.append(Notice(self.file.place(block.start), kind, message))
