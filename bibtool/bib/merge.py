"""Several .bib files to one: duplicates united, everything a person wrote kept.

The text of an entry that needs no change is copied as it stands.
docs/decisions/0007-which-entries-are-one-work.md
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bibtool.bib import duplicates, edit, unite
from bibtool.bib.duplicates import Item
from bibtool.bib.edit import Patch
from bibtool.bib.file import Bibliography, no_garbage_collection
from bibtool.bib.scan import Block
from bibtool.bib.value import bare_words, unwrapped
from bibtool.model import Notice


class MergedFiles(Struct, frozen=True):
    """The one file, and what became of the entries of the many."""

    text: str
    entries: int
    keys: dict[str, str]  # key that is gone -> key to cite instead
    notices: tuple[Notice, ...]


def merge(
    files: Sequence[Bibliography],
    *,
    sort: bool = False,
    preamble: bool = False,
    dialect: str = "bibtex",
) -> MergedFiles:
    """All entries of `files`, each work once, the first file's text first.

    `sort` orders entries by key. A @preamble is TeX code: of any file but the first it is
    taken over only with `preamble`. Under "biblatex" an entry names the keys it replaces (`ids`).
    """
    with no_garbage_collection():
        return _Merge(files, sort, preamble, ids=dialect == "biblatex").merged()


class _Merge:
    def __init__(
        self, files: Sequence[Bibliography], sort: bool, preamble: bool, *, ids: bool
    ) -> None:
        self.files = files
        self.sort = sort
        self.preamble = preamble
        self.ids = ids
        blocks = ((file, block) for file in files for block in file.entry_blocks)
        self.items = [Item(n, file, block) for n, (file, block) in enumerate(blocks)]
        self.patches: dict[int, list[Patch]] = {}  # item number -> patches on its text
        self.gone: set[int] = set()
        self.keys: dict[str, str] = {}
        self.renamed: list[dict[str, str]] = [{} for _ in files]  # per file: key -> its new key
        self.notices: list[Notice] = []

    def merged(self) -> MergedFiles:
        groups = duplicates.groups(self.items)
        for group in groups:
            if len(group) > 1:
                self._unite(group)
        self._tell_likely([group[0] for group in groups])
        self._tell_keys_apart()
        self._follow_references()
        text = _Layout(self).text()
        count = len(self.items) - len(self.gone)
        return MergedFiles(text, count, self.keys, tuple(self.notices))

    def _unite(self, group: list[Item]) -> None:
        best, *others = unite.best_first(group)
        patches = unite.united(best, others, ids=self.ids)
        if patches:
            self.patches[best.number] = patches
        self.gone.update(other.number for other in others)
        replaced = sorted({other.key for other in others} - {best.key})
        for key in replaced:
            self.keys[key] = best.key
        places = ", ".join(str(other.file.place(other.block.start)) for other in others)
        message = f"{best.key}: the same work stood at {places}"
        if replaced:
            message += f"; cite {best.key} instead of {', '.join(replaced)}"
        self._notice(best, "merged", message)

    def _tell_likely(self, items: Sequence[Item]) -> None:
        """What may be one work is for a person to say: nothing is united on likeness."""
        for one, other in duplicates.alike(items):
            place = one.file.place(one.block.start)
            message = (
                f"{other.key}: may be one work with {one.key} at {place}: "
                f"{other.record().title!r}, {one.record().title!r}; "
                "if so, spell the titles alike and merge again"
            )
            self._notice(other, "alike", message)

    def _tell_keys_apart(self) -> None:
        """Two works may not share a key, and BibTeX does not tell capitals."""
        taken: set[str] = set()
        used = {item.key.casefold() for item in self.items}
        for item in self.items:
            if item.number in self.gone or not item.key:
                continue
            if item.key.casefold() not in taken:
                taken.add(item.key.casefold())
                continue
            new = next(key for key in _with_numbers(item.key) if key.casefold() not in used)
            used.add(new.casefold())
            end = item.block.key_end
            self.patches.setdefault(item.number, []).append((end - len(item.key), end, new))
            self.renamed[self.files.index(item.file)][item.key] = new
            message = f"{item.key} names another work, too; this one is {new} now"
            self._notice(item, "conflict", message)

    def _follow_references(self) -> None:
        for item in self.items:
            if not item.crossref or item.number in self.gone:
                continue
            keys = {**self.keys, **self.renamed[self.files.index(item.file)]}
            self.patches.setdefault(item.number, []).extend(unite.retargeted(item, keys))

    def _notice(self, item: Item, kind: str, message: str) -> None:
        self.notices.append(Notice(item.file.place(item.block.start), kind, message))


def _with_numbers(key: str) -> Iterator[str]:
    yield from (f"{key}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")
    yield from (f"{key}-{number}" for number in range(2, 1_000_000))


class _Layout:
    """The text of the one file, piece by piece."""

    def __init__(self, merge: _Merge) -> None:
        self.merge = merge
        self.newline = merge.files[0].newline if merge.files else "\n"
        self.items = {(id(item.file), item.block.start): item for item in merge.items}
        self.macros: dict[str, str] = {}
        # A parent must stand behind the children that refer to it.
        self.parents = Counter(item.crossref for item in merge.items if item.crossref)

    def text(self) -> str:
        files = [self._pieces(n, file) for n, file in enumerate(self.merge.files)]
        if self.merge.sort:
            return self._sorted([piece for pieces in files for piece in pieces])
        texts = ["".join(lead + body for lead, body, _ in pieces) for pieces in files]
        if len(texts) == 1:
            return texts[0]
        kept = [text.strip("\r\n") for text in texts if text.strip()]
        return (self.newline * 2).join(kept) + self.newline if kept else ""

    def _pieces(
        self, number: int, file: Bibliography
    ) -> list[tuple[str, str, Item | Block | None]]:
        """Text before a block, the block as it shall be, and what it is; the tail has no block."""
        out: list[tuple[str, str, Item | Block | None]] = []
        at = 0
        macros = self._macros(number, file)
        lead = ""
        for block in file.blocks:
            before = file.text[at : block.start]
            # The blank line before a block that went goes with it.
            lead = lead + before if before.strip() or not lead.strip() else lead
            at = block.end
            body = self._body(number, file, block, macros)
            if body is None:
                lead = lead if lead.strip() else ""
                at = _past_line_end(file.text, at) if lead or not out else at
                continue
            out.append((lead, body, self.items.get((id(file), block.start), block)))
            lead = ""
        out.append((lead + file.text[at:], "", None))
        return out

    def _body(
        self, number: int, file: Bibliography, block: Block, macros: dict[str, str]
    ) -> str | None:
        """The block's text; None if it is left out."""
        item = self.items.get((id(file), block.start)) if block.kind == "entry" else None
        if item is not None:
            if item.number in self.merge.gone:
                return None
            patches = self.merge.patches.get(item.number, [])
            if macros:
                patches = [*patches, *_macro_patches(file, block, macros)]
            return _patched(file.text, block, patches)
        if block.kind == "preamble" and number and not self.merge.preamble:
            message = "@preamble is TeX code; it is taken over with `--preamble` only"
            self.merge.notices.append(Notice(file.place(block.start), "preamble", message))
            return None
        if block.kind == "string" and number:
            value = _macro_value(file, block)
            name = macros.get(block.key, block.key)
            if self.macros.get(name) == value and not macros.get(block.key):
                return None
            self.macros[name] = value
            field = block.fields(file.text)[0]
            patch = (field.name_start, field.name_end, name)
            return _patched(file.text, block, [patch] if name != block.key else [])
        if block.kind == "string":
            self.macros[block.key] = _macro_value(file, block)
        return file.text[block.start : block.end]

    def _macros(self, number: int, file: Bibliography) -> dict[str, str]:
        """Macros of `file` that mean something else in a file before it -> their new names."""
        if not number:
            return {}
        clash = {
            block.key
            for block in file.blocks
            if block.kind == "string"
            and self.macros.get(block.key, _macro_value(file, block)) != _macro_value(file, block)
        }
        taken = self.macros.keys() | file.macros.keys()
        return {
            name: next(new for new in _with_numbers(name) if new not in taken) for name in clash
        }

    def _sorted(self, pieces: list[tuple[str, str, Item | Block | None]]) -> str:
        head: list[str] = []
        entries: list[tuple[tuple[bool, str], str]] = []
        tail = pending = ""
        for lead, body, what in pieces:
            lead = pending + lead
            pending = ""
            if isinstance(what, Item):
                header, lead = self._header(lead) if not entries else ("", lead)
                head += [header] if header else []
                key = (what.key in self.parents, what.key.casefold())
                entries.append((key, self._blank_lines(lead) + body))
            elif isinstance(what, Block) and what.kind in {"string", "preamble"}:
                one_line = head and not lead.strip() and lead.count("\n") < 2
                text = self._blank_lines(lead) + body
                head[-1:] = [head[-1] + self.newline + text] if one_line else [*head[-1:], text]
            elif isinstance(what, Block):
                pending = lead + body
            else:
                tail += lead
        entries.sort(key=lambda pair: pair[0])
        blocks = [*head, *(text for _, text in entries), tail.strip("\r\n")]
        return (self.newline * 2).join(block for block in blocks if block.strip()) + self.newline

    def _header(self, lead: str) -> tuple[str, str]:
        """Text at the top of a file stays there, unless it stands right above the entry."""
        header, blank, comment = lead.rpartition(self.newline * 2)
        return (header.strip("\r\n"), comment) if blank else ("", lead)

    def _blank_lines(self, lead: str) -> str:
        """No blank line before, and at most one behind."""
        text = lead.strip("\r\n")
        if not text.strip():
            return ""
        behind = lead[len(lead.rstrip("\r\n")) :].count("\n")
        return text + self.newline * min(behind, 2)


def _patched(text: str, block: Block, patches: Sequence[Patch]) -> str:
    body = text[block.start : block.end]
    if not patches:
        return body
    moved = [(start - block.start, end - block.start, new) for start, end, new in patches]
    return edit.patched(body, moved)


def _past_line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end + 1 if end >= 0 and not text[at:end].strip() else at


def _macro_value(file: Bibliography, block: Block) -> str:
    value, bare = unwrapped(block.fields(file.text)[0].value)
    return ("# " if bare else "") + " ".join(value.split())


def _macro_patches(file: Bibliography, block: Block, macros: dict[str, str]) -> Iterator[Patch]:
    """New names for macros where an entry uses them; strings and braces are left alone."""
    for field in block.fields(file.text):
        if field.value[:1] == "{" and "#" not in field.value:
            continue
        for start, end, name in bare_words(field):
            if name.lower() in macros:
                yield (start, end, macros[name.lower()])
