"""BibTeX as a list: a .bib file, or entries that stand in another list."""

import re

from bibtool.bib.file import Bibliography, parse
from bibtool.bib.scan import Block
from bibtool.identify import identifiers_in
from bibtool.model import Identifier, PaperList, Place, Row, scheme_of
from bibtool.patterns import pattern
from bibtool.read.source import clean
from bibtool.render.bibtex_records import record_of

ENTRY = pattern(r"^\s*@[a-z]{3,20}\s*[{(]\s*[^\s,{}]{1,200}\s*,", re.IGNORECASE | re.MULTILINE)
# Their entries are records of things, or nothing that could be looked up.
NO_WORK = frozenset(["comment", "preamble", "string", "set", "xdata"])


def read(text: str, shown: str) -> PaperList:
    bibliography = parse(clean(text), shown)
    rows = tuple(rows_of(bibliography, 1, ()))
    return PaperList(shown, rows, (), (), bibliography.problems)


def holds_entries(text: str) -> bool:
    return bool(ENTRY.search(text))


def rows_in(text: str, shown: str, line: int, category: tuple[str, ...]) -> list[Row]:
    """The entries of a piece of BibTeX whose first line is `line` of the list."""
    return rows_of(parse(text, shown), line, category)


def rows_of(bibliography: Bibliography, line: int, category: tuple[str, ...]) -> list[Row]:
    return [
        row
        for block in bibliography.entry_blocks
        if (row := _row(bibliography, block, line, category)) is not None
    ]


def _row(
    bibliography: Bibliography, block: Block, line: int, category: tuple[str, ...]
) -> Row | None:
    entry = bibliography.entry(block)
    if entry.type.lower() in NO_WORK:
        return None
    claim = record_of(entry, bibliography.macros)
    if not claim.title and not claim.identifiers:
        return None
    first = bibliography.place(block.start).line + line - 1
    last = bibliography.place(max(block.start, block.end - 1)).line + line - 1
    return Row(
        place=Place(bibliography.shown, first),
        line_end=last,
        text=bibliography.text[block.start : block.end].strip(),
        category=category,
        claim=claim,
        urls=(claim.url,) if claim.url and _is_papers(claim.url, claim.identifiers) else (),
        notes=entry.fields.get("note", ""),
    )


def _is_papers(url: str, known: tuple[Identifier, ...]) -> bool:
    """Not an address of another work than the entry's identifiers name."""
    found, _ = identifiers_in(url)
    schemes = {scheme_of(which) for which in known}
    return all(which in known or scheme_of(which) not in schemes for which in found)
