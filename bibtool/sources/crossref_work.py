"""A work as Crossref deposits it to a record. Pure.

https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md (deprecated, still the fullest)
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtool import names
from bibtool.markup import plain
from bibtool.model import Identifier, Name, Record, Update
from bibtool.patterns import pattern
from bibtool.sources.values import page_range, work_identifier

Work = Mapping[str, Any]

TYPES = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "proceedings": "proceedings",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "book-part": "incollection",
    "book-track": "incollection",
    "reference-entry": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "phdthesis",
    "report": "techreport",
    "report-component": "techreport",
}
# Crossref's words for what happened to a work. What is no fault, a new version or edition, keeps
# its own word. https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/updating-your-metadata/
UPDATES = {
    "partial_retraction": "retraction",
    "removal": "retraction",
    "corrigendum": "correction",
    "erratum": "correction",
    "addendum": "correction",
    "clarification": "correction",
    "expression_of_concern": "concern",
}
# Of two container titles one is the series; their order has changed over the years.
SERIES = pattern(
    r"^(?:lecture notes|communications in computer|ifip advances|advances in|studies in|progress in"
    r"|springer|methods in|topics in|smart innovation|leibniz international|acm international)"
    r"|\bseries$|^(?:lncs|lipics|ccis)\b",
    re.IGNORECASE,
)
MASTER = pattern(r"\b(?:master|m\.?\s?(?:sc|a|s|phil|eng)\b\.?|diplom)", re.IGNORECASE)


def record_of(work: Work) -> Record:
    """The facts of one work; what the deposit does not say stays empty."""
    kind = _string(work.get("type"))
    year, month = _date(work)
    title, subtitle = _titles(work)
    venue, series = _containers(work, kind)
    doi = work_identifier(_string(work.get("DOI")))
    pages = page_range(_string(work.get("page")))
    article_number = _string(work.get("article-number"))
    return Record(
        type=_type(work, kind),
        kind=kind,
        title=title,
        subtitle=subtitle,
        authors=tuple(_people(work, "author")),
        editors=tuple(_people(work, "editor")),
        year=year,
        month=month,
        venue=venue,
        series=series,
        volume=_string(work.get("volume")),
        issue=page_range(_string(work.get("issue"))),
        pages=pages if pages != article_number else "",
        article_number=article_number,
        publisher=plain(_string(work.get("publisher"))),
        institution=_institution(work, kind),
        edition=_string(work.get("edition-number")),
        isbn=_number(work, "ISBN", "isbn-type"),
        issn=_number(work, "ISSN", "issn-type"),
        url=f"https://doi.org/{_string(work.get('DOI')).lower()}" if doi else "",
        language=_string(work.get("language")),
        identifiers=_identifiers(work, doi),
        published_as=_related(work, "is-preprint-of"),
        preprinted_as=_related(work, "has-preprint"),
        updates=tuple(_updates(work, doi)),
        notice_of=tuple(_noticed(work, doi)),
    )


def _string(value: object) -> str:
    """The text of a field; lists of one are as common as plain values."""
    if isinstance(value, list):
        value = next((item for item in value if item), "")
    said = isinstance(value, str | int | float) and not isinstance(value, bool)
    return " ".join(str(value).split()) if said else ""


def _strings(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if isinstance(item, str) and (text := plain(item))]


def _titles(work: Work) -> tuple[str, str]:
    """Title and subtitle. Of a title in several languages the first is the work's own; a
    subtitle that the title says already is none."""
    title = next(iter(_strings(work.get("title"))), "")
    subtitle = next(iter(_strings(work.get("subtitle"))), "")
    if subtitle and title.casefold().endswith(subtitle.casefold()):
        return title, ""
    return title, subtitle


def _type(work: Work, kind: str) -> str:
    if kind == "dissertation" and MASTER.search(_string(work.get("degree"))):
        return "mastersthesis"
    said = {_string(item.get("name")) for item in _objects(work, "assertion")}
    if kind == "book-chapter" and "conference_name" in said:
        return "inproceedings"
    return TYPES.get(kind, "misc")


def _objects(work: Work, field: str) -> list[Work]:
    items = work.get(field)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _people(work: Work, role: str) -> Iterator[Name]:
    """Authors in order. One marked as first that stands later is put first; entries without
    any name are dropped; a journal that was deposited as a person is no person."""
    people = _objects(work, role)
    first = [person for person in people if person.get("sequence") == "first" and _name(person)]
    if len(first) == 1:
        people = first + [person for person in people if person is not first[0]]
    own = {title.casefold() for title in _strings(work.get("container-title"))}
    for person in people:
        if name := _name(person):
            whole = f"{name.given} {name.family}".strip()
            yield names.organisation(whole) if whole.casefold() in own else name


def _name(person: Work) -> Name | None:
    family, given, suffix, whole = (
        plain(_string(person.get(part))) for part in ("family", "given", "suffix", "name")
    )
    if not names.is_name(family + given):
        return names.organisation(whole) if names.is_name(whole) else None
    return names.from_parts(family, given, suffix, plain(_string(person.get("prefix"))))


def _date(work: Work) -> tuple[int | None, int | None]:
    """Year and month of the issue in print where there is one: the year that goes with volume
    and pages, and that stands in everybody's references. Else of the first appearance."""
    for field in ("published-print", "published", "issued", "published-online", "posted"):
        year, month = _parts(work.get(field))
        if year:
            return year, month
    # Theses are deposited with nothing but the date of their approval, and papers of
    # a conference with that of the conference.
    event = work.get("event")
    held = event.get("start") if isinstance(event, dict) else None
    return _parts(work.get("approved") or held)


def _parts(date: object) -> tuple[int | None, int | None]:
    parts = date.get("date-parts") if isinstance(date, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [part for part in first if isinstance(part, int)] if None not in first else []
    year = numbers[0] if numbers and 1000 <= numbers[0] <= 2999 else None
    month = numbers[1] if year and len(numbers) > 1 and 1 <= numbers[1] <= 12 else None
    return year, month


def _containers(work: Work, kind: str) -> tuple[str, str]:
    """(journal, proceedings or book; series)"""
    titles = _strings(work.get("container-title"))
    if TYPES.get(kind) in ("book", "proceedings"):
        return "", next(iter(titles), "")
    if len(titles) < 2:
        return next(iter(titles), ""), ""
    if kind == "journal-article":  # the same journal in two languages
        return titles[0], ""
    series = next((title for title in titles if SERIES.search(title)), titles[0])
    return next((title for title in titles if title != series), series), series


def _institution(work: Work, kind: str) -> str:
    """School of a thesis, issuer of a report, server of a preprint."""
    held = next((plain(_string(item.get("name"))) for item in _objects(work, "institution")), "")
    if not held and kind in ("dissertation", "report"):
        return plain(_string(work.get("publisher")))
    return held


def _number(work: Work, field: str, typed: str) -> str:
    """One ISBN or ISSN, that of the printed form where they are told apart."""
    for item in _objects(work, typed):
        if item.get("type") == "print":
            return _string(item.get("value"))
    return _string(work.get(field)).rpartition("/")[2]


def _identifiers(work: Work, doi: Identifier | None) -> tuple[Identifier, ...]:
    known = [work_identifier(alias) for alias in _strings(work.get("aliases"))]
    return tuple(sorted({which for which in (doi, *known) if which}))


def _related(work: Work, how: str) -> tuple[Identifier, ...]:
    relation = work.get("relation")
    items = relation.get(how) if isinstance(relation, dict) else None
    found = [
        which
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict) and (which := _relative(item))
    ]
    return tuple(dict.fromkeys(found))


def _relative(item: Work) -> Identifier | None:
    value, scheme = _string(item.get("id")), _string(item.get("id-type")).lower()
    if scheme == "arxiv":
        return work_identifier(f"10.48550/arxiv.{re.sub('^arxiv:', '', value, flags=re.I)}")
    return work_identifier(value) if scheme == "doi" else None


def _updates(work: Work, own: Identifier | None) -> Iterator[Update]:
    """Notices about this work. A work that is its own notice was corrected in place."""
    for item in _objects(work, "updated-by"):
        kind = _string(item.get("type")).lower().replace("-", "_")
        notice = work_identifier(_string(item.get("DOI")))
        yield Update(
            kind=UPDATES.get(kind, kind),
            identifier=notice if notice and notice != own else Identifier(""),
            year=_updated(item.get("updated")),
        )


def _updated(date: object) -> int | None:
    year, _ = _parts(date)
    written = _string(date.get("date-time")) if isinstance(date, dict) else ""
    return year or (int(written[:4]) if re.match(r"\d{4}-", written) else None)


def _noticed(work: Work, own: Identifier | None) -> Iterator[Identifier]:
    """Works that this one corrects or retracts, where it is no newer version of them."""
    for item in _objects(work, "update-to"):
        which = work_identifier(_string(item.get("DOI")))
        if which and which != own and not _string(item.get("type")).startswith("new_"):
            yield which
