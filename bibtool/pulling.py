"""A copy of the .bib that was edited elsewhere, merged back into ours. Pure.

base is what bibtool wrote last, mine is the .bib as it stands, theirs is the copy. A copy may
hold a part of the entries only, so nothing is taken out for not being in it.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from bibtool import bib
from bibtool.bib import Bibliography, edit
from bibtool.bib.edit import Patch
from bibtool.bib.update import said
from bibtool.bib.value import unwrapped
from bibtool.model import BibEntry, Identifier
from bibtool.render.bibtex_records import identifiers_of
from bibtool.tex import from_tex
from bibtool.titles import fold

REFERRING = ("crossref", "xref", "xdata")


class Pulled(Struct, frozen=True):
    text: str
    told: tuple[str, ...]  # what was taken, what was not, in lines


def pulled(mine: Bibliography, base: Mapping[str, BibEntry], theirs: Bibliography) -> Pulled:
    """`mine` with what `theirs` changed since `base`; where both changed, ours stays."""
    renamed = dict(_renamed(mine, theirs))
    own = _with_keys(mine, renamed)
    entries = _first_of_each_key(theirs)
    keys = {entry.key for entry in entries}
    named = {renamed.get(key, key): entry for key, entry in base.items()}
    merged = bib.three_way(
        own,
        {key: replace(entry, key=key) for key, entry in named.items() if key in keys},
        entries,
        macros={name: unwrapped(value)[0] for name, value in theirs.macros.items()},
        same=keys,
        shown=mine.shown,
    )
    told = [
        *(f"{old} is {new} now" for old, new in sorted(renamed.items())),
        *_differences(own, bib.parse(merged.text, mine.shown)),
        *(f"{key} was deleted here and stays so" for key in sorted(merged.deleted)),
        *(
            notice.message.replace("upstream now says", f"{theirs.shown} says")
            for notice in merged.notices
            if notice.kind == "edited"
        ),
    ]
    return Pulled(merged.text, tuple(told))


def _first_of_each_key(file: Bibliography) -> list[BibEntry]:
    """BibTeX, too, takes the first of several entries with one key."""
    return list({entry.key: entry for entry in reversed(file.entries) if entry.key}.values())[::-1]


def _renamed(mine: Bibliography, theirs: Bibliography) -> Iterator[tuple[str, str]]:
    """Keys of ours -> the keys that the copy has instead: the same work, and neither knows both."""
    ours = {entry.key for entry in mine.entries}
    copied = {entry.key for entry in theirs.entries}
    by_mark: dict[str, str] = {}
    for entry in mine.entries:
        if entry.key not in copied:
            for mark in _marks(entry):
                by_mark.setdefault(mark, entry.key)
    used: set[str] = set()
    for entry in theirs.entries:
        if entry.key in ours or not entry.key:
            continue
        old = next((by_mark[mark] for mark in _marks(entry) if mark in by_mark), "")
        if old and old not in used:
            used.add(old)
            yield old, entry.key


def _marks(entry: BibEntry) -> list[str]:
    """What tells a work: its identifiers, else title, author and year together."""
    identifiers: tuple[Identifier, ...] = identifiers_of(entry)
    if identifiers:
        return list(identifiers)
    title, author = (fold(from_tex(entry.fields.get(name, ""))) for name in ("title", "author"))
    year = (entry.fields.get("year") or entry.fields.get("date", ""))[:4]
    return [f"{title}/{author}/{year}"] if title and author else []


def _with_keys(mine: Bibliography, renamed: Mapping[str, str]) -> Bibliography:
    """`mine` with the copy's keys, also where entries refer to each other."""
    if not renamed:
        return mine
    patches: list[Patch] = []
    for block in mine.entry_blocks:
        if block.key in renamed:
            patches.append((block.key_end - len(block.key), block.key_end, renamed[block.key]))
        for field in block.fields(mine.text):
            value, bare = unwrapped(field.value)
            if field.name in REFERRING and not bare and value.strip() in renamed:
                patches.append((field.start, field.end, f"{{{renamed[value.strip()]}}}"))
    return bib.parse(edit.patched(mine.text, patches), mine.shown)


def _differences(before: Bibliography, after: Bibliography) -> Iterator[str]:
    """`KEY: title, year changed` and `KEY added`."""
    old = {entry.key: entry for entry in before.entries}
    added = [entry.key for entry in after.entries if entry.key not in old]
    for entry in after.entries:
        if mine := old.get(entry.key):
            names = dict.fromkeys([*mine.fields, *entry.fields])
            fields = [name for name in names if said(mine, name) != said(entry, name)]
            fields += ["type"] if mine.type.lower() != entry.type.lower() else []
            if fields:
                yield f"{entry.key}: {', '.join(fields)} changed"
    yield from (f"{key} added" for key in added)
