"""Several entries of one work to one: no field is lost, and each has its best value."""

from collections.abc import Iterator, Sequence

from bibtool.better import better_names, better_title
from bibtool.bib import edit
from bibtool.bib.duplicates import Item
from bibtool.bib.edit import Patch
from bibtool.model import BibEntry, Candidate, Name, scheme_of
from bibtool.patterns import pattern
from bibtool.render.bibtex import is_preprint
from bibtool.render.bibtex_names import persons

_LISTS = {"keywords": ", ", "groups": ", ", "ids": ",", "keyword": ", "}
_WORDS = {"note": "; ", "annote": "; ", "annotation": "; ", "comment": "; "}
_SEPARATORS = pattern(r" ?[,;] ?")
# Where a preprint stands says nothing about where the work appeared.
_OF_PREPRINTS = frozenset({"howpublished", "journal", "journaltitle", "number", "volume", "pages"})
# A name for the same thing in the other dialect.
_SAME = {"journaltitle": "journal", "date": "year", "location": "address", "annotation": "annote"}

Stated = tuple[Item, BibEntry]  # an entry, and what it says


def best_first(group: Sequence[Item]) -> list[Item]:
    """In the order of trust: the published version before its preprint, an entry with a DOI,
    as it comes from a registry, before one without, else in order."""
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
    stated = [(other, other.entry()) for other in others]
    fields = _additions(mine, stated) | _better_spelt([(best, mine), *stated])
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


def _additions(mine: BibEntry, others: Sequence[Stated]) -> dict[str, tuple[str, bool]]:
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


def _better_spelt(entries: Sequence[Stated]) -> dict[str, tuple[str, bool]]:
    """Title and authors where another entry has the better form of what the first one says,
    by the rule that holds between registries; as TeX, in that entry's own words."""
    titled, authored = _spelt_out("title", entries), _spelt_out("author", entries)
    found = {
        "title": _title(titled) if titled else "",
        "author": _author(authored) if authored else "",
    }
    return {name: (value, False) for name, value in found.items() if value}


def _spelt_out(name: str, entries: Sequence[Stated]) -> list[Stated]:
    """Those that spell the field out; nobody if the first one does not, or if all say the same."""
    (_, mine), *others = entries
    if not mine.fields.get(name, "").strip() or name in mine.bare:
        return []
    differ = [
        (item, entry)
        for item, entry in others
        if name in entry.fields and name not in entry.bare and entry.fields[name].strip()
        if entry.fields[name] != mine.fields[name]
    ]
    return [entries[0], *differ] if differ else []


def _title(entries: Sequence[Stated]) -> str:
    # A subtitle may stand in its own field: only what is divided alike can be exchanged.
    subtitle = entries[0][0].record().subtitle
    alike = [(item, entry) for item, entry in entries if item.record().subtitle == subtitle]
    candidates = [Candidate("bib", item.record()) for item, _ in alike]
    chosen = candidates.index(better_title(candidates))
    return alike[chosen][1].fields["title"] if chosen else ""


def _author(entries: Sequence[Stated]) -> str:
    candidates = [Candidate(str(n), item.record()) for n, (item, _) in enumerate(entries)]
    names, source = better_names(candidates)
    if names == candidates[0].record.authors:
        return ""
    words: dict[Name, str] = {}
    for item, entry in entries:
        stated = (person for person in persons(entry.fields["author"]) if person != "others")
        for name, person in zip(item.record().authors, stated, strict=True):
            words.setdefault(name, person)
    more = ["others"] if "others" in persons(entries[int(source)][1].fields["author"]) else []
    return " and ".join([*(words[name] for name in names), *more])


def retargeted(item: Item, keys: dict[str, str]) -> Iterator[Patch]:
    """A cross-reference follows the entry that it names."""
    if item.crossref and item.crossref in keys:
        for field in item.block.fields(item.file.text):
            if field.name == "crossref":
                yield edit.change(field, keys[item.crossref], bare=False)
                return
