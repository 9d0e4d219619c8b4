"""Records to CSL-JSON, which says what a .bib cannot: that a preprint is a preprint.

Schema: https://github.com/citation-style-language/schema/blob/v1.0.2/schemas/input/csl-data.json
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bibtool.model import Name, Record
from bibtool.render.bibtex import arxiv_id, doi, is_preprint

# BibTeX's and biblatex's entry types -> CSL's. "article" is CSL's word for a preprint.
_TYPES: Mapping[str, str] = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "online": "webpage",
    "patent": "patent",
    "phdthesis": "thesis",
    "preprint": "article",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}


def csl_of(
    key: str, record: Record, *, keywords: Sequence[str] = (), note: str = ""
) -> dict[str, Any]:
    """One CSL item, fields in a fixed order, nothing where the record does not say.

    A preprint is of type "article" with its archive and number, from which Zotero makes an item
    of type Preprint; its DOI is the one that arXiv registers for each paper.
    """
    item = {
        "id": key,
        "type": "article" if is_preprint(record) else _TYPES.get(record.type, "document"),
        "title": _title(record),
        "author": [_name(name) for name in record.authors],
        "editor": [_name(name) for name in record.editors],
        "issued": _issued(record),
        **(_archive(record) if is_preprint(record) else _publication(record)),
        "ISBN": record.isbn,
        "ISSN": record.issn,
        "URL": record.url or _url(record),
        "language": record.language,
        "keyword": ", ".join(dict.fromkeys(keywords)),
        "note": note,
    }
    return {name: value for name, value in item.items() if value}


def _title(record: Record) -> str:
    subtitle = record.subtitle
    if not subtitle or subtitle.casefold() in record.title.casefold():
        return record.title
    return f"{record.title}: {subtitle}"


def _name(name: Name) -> dict[str, str]:
    if name.literal or not (name.family and name.given):
        return {"literal": name.literal or name.family or name.given}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _issued(record: Record) -> dict[str, Any]:
    if record.year is None:
        return {}
    return {"date-parts": [[record.year, record.month] if record.month else [record.year]]}


def _archive(record: Record) -> dict[str, Any]:
    number = arxiv_id(record)
    kind = f" [{record.primary_class}]" if record.primary_class and "/" not in number else ""
    return {
        "genre": "Preprint",
        "publisher": "arXiv",
        "number": f"arXiv:{number}{kind}",
        "DOI": doi(record) or f"10.48550/arXiv.{number}",
    }


def _publication(record: Record) -> dict[str, Any]:
    thesis = record.type in _GENRES or record.type == "thesis"
    journal = record.type == "article"
    number = arxiv_id(record)
    return {
        "container-title": record.venue,
        "collection-title": record.series,
        "volume": record.volume,
        "issue": record.issue if journal else "",
        "number": record.article_number if journal else record.issue,
        "page": record.pages,
        "edition": record.edition,
        "genre": _GENRES.get(record.type, ""),
        "publisher": record.institution if thesis else record.publisher or record.institution,
        "DOI": doi(record),
        # Where a published work can be had as a preprint, too.
        "archive": "arXiv" if number else "",
        "archive_location": f"arXiv:{number}" if number else "",
    }


def _url(record: Record) -> str:
    number = arxiv_id(record)
    return f"https://arxiv.org/abs/{number}" if number else ""
