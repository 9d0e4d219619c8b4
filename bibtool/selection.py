"""Some entries of a .bib, as another .bib or as CSL-JSON. Pure.

The text of an entry is the file's own, so that hand edits are in it; @string definitions that it
needs and entries that it refers to come along.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bibtool import titles
from bibtool.bib import Bibliography
from bibtool.bib.scan import Block
from bibtool.bib.value import bare_words
from bibtool.lock import Lock
from bibtool.model import BibEntry
from bibtool.render.bibtex import record_of
from bibtool.render.bibtex_records import identifiers_of
from bibtool.render.csl import csl_of
from bibtool.tex import from_tex

LONG_ENOUGH = 6  # signs of a key that others may begin with
PARENTS = ("crossref", "xref", "xdata")


def under_category(lock: Lock, wanted: str) -> frozenset[str] | None:
    """Keys of works under a heading, named whole or by its last part; None if there is no such."""
    paths = {path for settled in lock.entries.values() for path in settled.categories}
    for test in (_is_path, _is_heading):
        if named := {path for path in paths if test(path, wanted)}:
            below = tuple(f"{path} > " for path in named)
            return frozenset(
                key
                for key, settled in lock.entries.items()
                if any(path in named or path.startswith(below) for path in settled.categories)
            )
    return None


def categories(lock: Lock) -> list[str]:
    return sorted({path for settled in lock.entries.values() for path in settled.categories})


def new_since(bib: Bibliography, lock: Lock, older: Lock, known: Collection[str]) -> frozenset[str]:
    """Keys of works that the older lock, and the older .bib's keys in `known`, did not have."""
    had = {which for settled in older.entries.values() for which in settled.identifiers}
    keys = {*older.entries, *known}
    return frozenset(
        entry.key
        for entry in bib.entries
        if entry.key not in keys
        and not had.intersection(identifiers_of(entry))
        and not (
            entry.key in lock.entries and had.intersection(lock.entries[entry.key].identifiers)
        )
    )


def aliases(bib: Bibliography) -> Mapping[str, str]:
    """Every key that can be cited -> the key of its entry; biblatex's `ids` are keys, too."""
    found = {entry.key: entry.key for entry in bib.entries}
    for entry in bib.entries:
        for alias in entry.fields.get("ids", "").split(","):
            if alias.strip():
                found.setdefault(alias.strip(), entry.key)
    return found


def blocks_of(bib: Bibliography, keys: Collection[str]) -> list[Block]:
    """The entries with these keys, and those that they refer to, in the order of the file."""
    by_key = {block.key: block for block in reversed(bib.entry_blocks)}
    wanted: set[str] = set()
    open_ones = [key for key in keys if key in by_key]
    while open_ones:
        key = open_ones.pop()
        if key not in wanted:
            wanted.add(key)
            open_ones += [parent for parent in _parents(bib.entry(by_key[key])) if parent in by_key]
    return [
        block
        for block in bib.entry_blocks
        if block is by_key.get(block.key) and block.key in wanted
    ]


def bib_text(bib: Bibliography, blocks: Sequence[Block], header: str) -> str:
    """A .bib of these entries alone, as they stand in the file."""
    needed = _macros(bib, blocks)
    kept = [
        block
        for block in bib.blocks
        if block.kind == "preamble" or (block.kind == "string" and block.key in needed)
    ]
    texts = [bib.text[block.start : block.end] for block in [*kept, *blocks]]
    return (bib.newline * 2).join([header, *texts]) + bib.newline


def csl_text(bib: Bibliography, blocks: Iterable[Block]) -> str:
    """CSL-JSON of these entries."""
    items = [_csl(bib, bib.entry(block)) for block in blocks]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def near(key: str, keys: Collection[str]) -> str:
    """The key that was probably meant: other capitals, another or a longer end; else ""."""
    folded = key.casefold()
    longer = [k for k in keys if len(key) >= LONG_ENOUGH and k.casefold().startswith(folded)]
    same = [other for other in keys if other.casefold() == folded]
    close = [other for other in keys if other.casefold().rstrip("abc") == folded.rstrip("abc")]
    return next(iter([*same, *sorted(close), *sorted(longer)]), "")


def _is_path(path: str, wanted: str) -> bool:
    return wanted in (path, path.replace(" > ", " / "))


def _is_heading(path: str, wanted: str) -> bool:
    return titles.fold(path.rpartition(" > ")[2]) == titles.fold(wanted)


def _parents(entry: BibEntry) -> Iterator[str]:
    for name in PARENTS:
        yield from (key.strip() for key in entry.fields.get(name, "").split(",") if key.strip())


def _macros(bib: Bibliography, blocks: Sequence[Block]) -> frozenset[str]:
    """Names of the macros that the entries use, and those that these use in turn."""
    strings = {block.key: block for block in bib.blocks if block.kind == "string"}
    needed: set[str] = set()
    open_ones = list(blocks)
    while open_ones:
        block = open_ones.pop()
        for field in block.fields(bib.text):
            for _, _, name in bare_words(field):
                if (macro := name.lower()) in strings and macro not in needed:
                    needed.add(macro)
                    open_ones.append(strings[macro])
    return frozenset(needed)


def _csl(bib: Bibliography, entry: BibEntry) -> Mapping[str, object]:
    words = (from_tex(word).strip() for word in entry.fields.get("keywords", "").split(","))
    return csl_of(
        entry.key,
        record_of(entry, bib.macros),
        keywords=[word for word in words if word],
        note=from_tex(entry.fields.get("annote", "")),
    )
