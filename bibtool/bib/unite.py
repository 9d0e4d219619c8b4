"""Several entries of one work to one: no field is lost, and each has its best value."""

import re
from collections.abc import Iterator, Sequence

from bibtool.bib import edit
from bibtool.bib.duplicates import Item
from bibtool.bib.edit import Patch
from bibtool.model import BibEntry, scheme_of
from bibtool.render.bibtex import is_preprint

_LISTS = {"keywords": ", ", "groups": ", ", "ids": ",", "keyword": ", "}
_WORDS = {"note": "; ", "annote": "; ", "annotation": "; ", "comment": "; "}
_SEPARATORS = re.compile(r" ?[,;] ?")
# Where a preprint stands says nothing about where the work appeared.
_OF_PREPRINTS = frozenset({"howpublished", "journal", "journaltitle", "number", "volume", "pages"})
# A name for the same thing in the other dialect.
_SAME = {"journaltitle": "journal", "date": "year", "location": "address", "annotation": "annote"}


def best_first(group: Sequence[Item]) -> list[Item]:
    """The published version before its preprint, a DOI before none, else in order."""
    return sorted(group, key=lambda item: (_rank(item), item.number))


def _rank(item: Item) -> int:
    record = item.record()
    bare = is_preprint(record) or record.type in {"misc", "unpublished"}
    return 2 * bare + (not any(scheme_of(i) == "doi" for i in record.identifiers))


def united(best: Item, others: Sequence[Item], *, ids: bool) -> list[Patch]:
    """Patches on `best` that bring in what only `others` say.

    `ids` asks for biblatex's field of the keys that the entry replaces.
    """
    file, block = best.file, best.block
    mine = best.entry()
    fields = _additions(mine, [(other, other.entry()) for other in others])
    if ids:
        replaced = [other.key for other in others if other.key != mine.key]
        known = [key for key in _words(mine.fields.get("ids", "")) if key]
        joined = ",".join(dict.fromkeys([*known, *replaced]))
        if joined and joined != mine.fields.get("ids"):
            fields["ids"] = (joined, False)
    present = {field.name: field for field in reversed(block.fields(file.text))}
    patches = [
        edit.change(present[name], value, bare=bare)
        for name, (value, bare) in fields.items()
        if name in present
    ]
    new = [(name, *value) for name, value in fields.items() if name not in present]
    return [*patches, *edit.insert(file, block, new)]


def _additions(
    mine: BibEntry, others: Sequence[tuple[Item, BibEntry]]
) -> dict[str, tuple[str, bool]]:
    """Name -> value and whether it is bare, where an entry says more than `mine`."""
    out: dict[str, tuple[str, bool]] = {}
    said = {_SAME.get(name, name) for name, value in mine.fields.items() if value.strip()}
    for item, other in others:
        skipped = _OF_PREPRINTS if is_preprint(item.record()) else frozenset()
        for name, value in other.fields.items():
            if not value.strip():
                continue
            if name in _LISTS or name in _WORDS:
                before = out[name][0] if name in out else mine.fields.get(name, "")
                joined = _joined(name, before, value)
                if joined != before and name not in {*mine.bare, *other.bare}:
                    out[name] = (joined, False)
            elif name == "author" and _is_cut_short(mine.fields.get(name, ""), value):
                out[name] = (value, name in other.bare)
            elif _SAME.get(name, name) not in said and name not in skipped and name != "crossref":
                out[name] = (value, name in other.bare)
                said.add(_SAME.get(name, name))
    return out


def _joined(name: str, before: str, after: str) -> str:
    if name in _LISTS:
        separator = _LISTS[name]
        have = [word for word in _words(before) if word]
        new = [word for word in _words(after) if word and word not in have]
        return separator.join([before, *dict.fromkeys(new)]) if before and new else before or after
    if " ".join(after.split()) in " ".join(before.split()):
        return before
    return _WORDS[name].join(filter(None, [before, after]))


def _words(value: str) -> list[str]:
    return _SEPARATORS.split(" ".join(value.split()))


def _is_cut_short(mine: str, other: str) -> bool:
    return mine.rstrip().endswith("and others") and not other.rstrip().endswith("and others")


def retargeted(item: Item, keys: dict[str, str]) -> Iterator[Patch]:
    """A cross-reference follows the entry that it names."""
    if item.crossref and item.crossref in keys:
        for field in item.block.fields(item.file.text):
            if field.name == "crossref":
                yield edit.change(field, keys[item.crossref], bare=False)
                return
