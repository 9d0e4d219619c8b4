"""Entries for tests of the sections: the works of a real list, from facts alone."""

import json
from collections.abc import Sequence
from pathlib import Path

from bibtool.model import (
    Category,
    Entry,
    Identifier,
    NotFound,
    Outcome,
    PaperList,
    Place,
    Record,
    Row,
)
from bibtool.names import person
from bibtool.render.bibtex import BibOptions, entry_of, text_of

ROOT = Path(__file__).parent.parent
PAPERS = json.loads((ROOT / "tests/cases/sections/papers.json").read_text(encoding="utf-8"))
TEMPLATES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("templates/*.j2"))
}
LIST = "refs/lists/images.md"


def row(
    category: str | tuple[str, ...] = "Methods",
    line: int = 1,
    *,
    short: str = "",
    notes: str = "",
    code: tuple[str, ...] = (),
    claim: Record | None = None,
    dataset: str = "",
    path: str = LIST,
) -> Row:
    return Row(
        place=Place(path, line),
        line_end=line,
        text="",
        category=(category,) if isinstance(category, str) else category,
        claim=claim or Record(),
        short=short,
        notes=notes,
        code=code,
        dataset=dataset,
    )


def entry(key: str = "tian2024visual", title: str = "", *rows: Row, **facts: object) -> Entry:
    """An entry; without `rows` it stands in the category Methods."""
    record = Record(title=title or "Visual Autoregressive Modeling", **{"year": 2024, **facts})  # type: ignore[arg-type]
    return Entry(key=key, record=record, rows=rows or (row(),))


def lists(*entries: Entry, waiting: tuple[Outcome, ...] = ()) -> tuple[PaperList, ...]:
    rows = sorted(
        [*(row for entry in entries for row in entry.rows), *(o.row for o in waiting)],
        key=lambda row: row.place,
    )
    paths = dict.fromkeys(row.category for row in rows)
    categories = tuple(Category(path, Place(LIST, 1), "") for path in paths)
    return (PaperList(LIST, tuple(rows), categories),)


def not_found(title: str, category: str | tuple[str, ...] = "Methods", line: int = 99) -> NotFound:
    return NotFound(row(category, line, claim=Record(title=title)), ("arxiv",))


def papers() -> tuple[tuple[Entry, ...], tuple[PaperList, ...]]:
    """40 works in six categories, in the order of their list."""
    entries = tuple(_paper(line, facts) for line, facts in enumerate(PAPERS, start=10))
    return entries, lists(*entries)


def _paper(line: int, facts: dict[str, object]) -> Entry:
    names = tuple(person(str(name)) for name in facts["authors"])  # type: ignore[attr-defined]
    claim = Record(venue=str(facts.get("claim", "")), year=facts.get("claim_year"))  # type: ignore[arg-type]
    identifiers = [f"{scheme}:{facts[scheme]}" for scheme in ("arxiv", "doi") if scheme in facts]
    record = Record(
        type="inproceedings" if "venue" in facts else "misc",
        title=str(facts["title"]),
        authors=names,
        year=facts["year"],  # type: ignore[arg-type]
        venue=str(facts.get("venue", "")),
        identifiers=tuple(Identifier(one) for one in identifiers),
        primary_class=str(facts.get("class", "")),
    )
    where = row(
        str(facts["category"]),
        line,
        short=str(facts.get("short", "")),
        notes=str(facts.get("notes", "")),
        code=tuple(str(facts[name]) for name in ("code",) if name in facts),
        claim=claim,
        dataset=str(facts.get("dataset", "")),
    )
    return Entry(key=_key(names[0].family, str(facts["arxiv"])), record=record, rows=(where,))


def _key(family: str, number: str) -> str:
    letters = "".join(
        letter for letter in family.casefold() if letter.isascii() and letter.isalpha()
    )
    return f"{letters}{number.replace('.', '')}"


def bibliography(entries: Sequence[Entry], *, biblatex: bool = False) -> str:
    """The .bib that goes with sections of `entries`."""
    options = BibOptions(dialect="biblatex" if biblatex else "bibtex")
    made = [entry_of(e.key, e.record, keywords=(), note="", options=options) for e in entries]
    return "\n\n".join(text_of(one) for one in made)
