"""One .bib for each category, since each import into Zotero makes one collection. Pure."""

from collections.abc import Iterable, Mapping

from bibtool.model import BibEntry, Entry
from bibtool.render.bibtex import text_of
from bibtool.render.slugs import path_name


def category_bibs(
    entries: Iterable[Entry],
    written: Mapping[str, BibEntry],
    macros: Mapping[str, str],
    slugs: Mapping[str, str],
) -> dict[str, str]:
    """`sections/<slug>.bib` -> its text: the works of a category and of those below it.

    `written` and `macros` are those of the merged .bib, hand edits included.
    """
    members: dict[str, dict[str, BibEntry]] = {}
    for entry in entries:
        if entry.key not in written:
            continue
        for path in entry.categories:
            for depth in range(1, len(path) + 1):
                under = members.setdefault(path_name(path[:depth]), {})
                under[entry.key] = written[entry.key]
    return {
        f"sections/{slugs[name]}.bib": _text(held.values(), macros)
        for name, held in members.items()
        if name in slugs
    }


def _text(entries: Iterable[BibEntry], macros: Mapping[str, str]) -> str:
    held = list(entries)
    used = {e.fields[name].lower() for e in held for name in e.bare if name in e.fields}
    strings = [f"@string{{{name} = {macros[name]}}}\n" for name in sorted(used & macros.keys())]
    head = "".join(strings) + "\n" if strings else ""
    return head + "\n\n".join(map(text_of, held)) + "\n"
