"""DataCite's REST interface: DOIs of data, software and theses, and arXiv's own DOIs.

https://support.datacite.org/docs/api
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bibtool import names
from bibtool.markup import plain
from bibtool.model import Identifier, Name, Record, scheme_of, value_of
from bibtool.patterns import pattern
from bibtool.sources import kept
from bibtool.sources.content import json_in
from bibtool.sources.exchange import Answer
from bibtool.sources.http import Client, Service, Unusable
from bibtool.sources.values import ARXIV_DOI, page_range, work_identifier, year_and_month

API = "https://api.datacite.org"
# 500 requests in five minutes: https://support.datacite.org/docs/rate-limit
SERVICE = Service("datacite", frozenset({"api.datacite.org"}), 0.6)
ACCEPT = "application/vnd.api+json, application/json"

Attributes = Mapping[str, Any]

# By resourceTypeGeneral; "Text" and what is not here go by DataCite's own word for BibTeX.
TYPES = {
    "JournalArticle": "article",
    "DataPaper": "article",
    "ConferencePaper": "inproceedings",
    "ConferenceProceeding": "proceedings",
    "Book": "book",
    "BookChapter": "incollection",
    "Dissertation": "phdthesis",
    "Report": "techreport",
}
HAVE_VENUES = frozenset(["article", "inproceedings", "incollection"])
SUBJECT = pattern(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)$")  # "Digital Libraries (cs.DL)"
BIBTEX = frozenset(
    ["article", "inproceedings", "book", "incollection", "phdthesis", "mastersthesis", "techreport"]
)


class Datacite:
    """One request for each DOI: a list request of DataCite's may answer with other DOIs' records,
    and few lists have more than a handful."""

    name = SERVICE.name
    batch = 1
    searches = False

    def __init__(self, client: Client, url: str = API) -> None:
        self._client = client
        self._url = url.rstrip("/")

    def knows(self, which: Identifier) -> bool:
        """Any DOI may be DataCite's, and each arXiv paper has one there: ask Crossref and arXiv
        first."""
        return scheme_of(which) in ("doi", "arxiv")

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        found: dict[Identifier, Record] = {}
        with kept(found):
            for which in filter(self.knows, identifiers):
                if record := self._single(which):
                    found[which] = record
        return found

    def search(self, claim: Record) -> Sequence[Record]:
        return ()

    def _single(self, which: Identifier) -> Record | None:
        value = value_of(which)
        doi = f"{ARXIV_DOI}{value}" if scheme_of(which) == "arxiv" else value
        url = f"{self._url}/dois/{quote(doi, safe='/')}"
        return self._client.ask(
            SERVICE, url, {}, lambda answer: _read(answer, which), accept=ACCEPT
        )


def record_of(attributes: Attributes) -> Record:
    """The facts of one DOI's `attributes`."""
    container = _mapping(attributes.get("container"))
    kind = _string(_mapping(attributes.get("types")).get("resourceTypeGeneral"))
    title, subtitle = _titles(attributes)
    which = work_identifier(_string(attributes.get("doi")))
    year, month = _date(attributes)
    type_ = _type(attributes, kind)
    publisher = attributes.get("publisher")
    publisher = plain(_string(_mapping(publisher).get("name") or publisher))
    return Record(
        type=type_,
        kind=kind,
        title=title,
        subtitle=subtitle,
        authors=tuple(_people(attributes.get("creators"))),
        editors=tuple(_people(attributes.get("contributors"), "Editor")),
        year=year,
        month=month,
        venue=plain(_string(container.get("title"))) if type_ in HAVE_VENUES else "",
        volume=_string(container.get("volume")),
        issue=_string(container.get("issue") or container.get("number")),
        pages=_pages(container),
        isbn=_part_of(attributes, "ISBN"),
        issn=_part_of(attributes, "ISSN"),
        publisher=publisher,
        institution=publisher if type_ in ("phdthesis", "mastersthesis", "techreport") else "",
        url=_url(which),
        language=_string(attributes.get("language")),
        identifiers=(which,) if which else (),
        published_as=tuple(_published(attributes, kind, which)),
        primary_class=_primary_class(attributes),
    )


def _read(answer: Answer, which: Identifier) -> Record | None:
    """The record in an answer, None where DataCite says that it has none."""
    if answer.status == 404 and not answer.body.lstrip().startswith(b"<"):
        return None
    data = _mapping(json_in(answer).get("data"))
    if answer.status != 200 or not data:
        raise Unusable(f"status {answer.status} and no record")
    record = record_of(_mapping(data.get("attributes")))
    if which not in record.identifiers:
        raise Unusable("the record of another DOI")
    return record


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _string(value: object) -> str:
    said = isinstance(value, str | int) and not isinstance(value, bool)
    return " ".join(str(value).split()) if said else ""


def _titles(attributes: Attributes) -> tuple[str, str]:
    """The work's own title, which has no type, and its subtitle."""
    titles = [
        (_string(item.get("titleType")), plain(_string(item.get("title"))))
        for item in _objects(attributes.get("titles"))
    ]
    title = next((text for kind, text in titles if text and not kind), "")
    return title, next((text for kind, text in titles if text and kind == "Subtitle"), "")


def _people(people: object, role: str = "") -> Iterator[Name]:
    for person in _objects(people):
        if role and person.get("contributorType") != role:
            continue
        whole = plain(_string(person.get("name")))
        family = plain(_string(person.get("familyName")))
        given = plain(_string(person.get("givenName")))
        if person.get("nameType") == "Organizational" and names.is_name(whole):
            yield names.organisation(whole)
        elif names.is_name(family + given):
            yield names.from_parts(family, given)
        elif names.is_name(whole):
            yield names.person(whole)


def _type(attributes: Attributes, kind: str) -> str:
    if kind in TYPES:
        return TYPES[kind]
    said = _string(_mapping(attributes.get("types")).get("bibtex"))
    return said if kind in ("Text", "") and said in BIBTEX else "misc"


def _date(attributes: Attributes) -> tuple[int | None, int | None]:
    """Of a preprint that of its first version, else of the publication."""
    dates = list(_objects(attributes.get("dates")))
    first = [
        _string(date.get("date"))
        for date in dates
        if (date.get("dateType"), date.get("dateInformation")) == ("Submitted", "v1")
    ]
    if first:
        return year_and_month(min(first))
    year, _ = year_and_month(_string(attributes.get("publicationYear")))
    for date in dates:
        issued = year_and_month(_string(date.get("date")))
        if date.get("dateType") == "Issued" and issued[0] == year:
            return issued
    return year, None


def _pages(container: Mapping[str, Any]) -> str:
    first, last = _string(container.get("firstPage")), _string(container.get("lastPage"))
    return page_range(f"{first}-{last}" if last else first)


def _url(which: Identifier | None) -> str:
    if not which:
        return ""
    place = "https://arxiv.org/abs/" if scheme_of(which) == "arxiv" else "https://doi.org/"
    return place + value_of(which)


def _published(attributes: Attributes, kind: str, own: Identifier | None) -> Iterator[Identifier]:
    """The published version of a preprint, where arXiv has told DataCite of one."""
    for item in _objects(attributes.get("relatedIdentifiers")):
        if kind == "Preprint" and item.get("relationType") in ("IsVersionOf", "IsPreprintOf"):
            which = work_identifier(_string(item.get("relatedIdentifier")))
            if which and which != own:
                yield which


def _part_of(attributes: Attributes, scheme: str) -> str:
    """ISBN or ISSN of the volume or series that this is a part of."""
    for item in _objects(attributes.get("relatedIdentifiers")):
        if (item.get("relationType"), item.get("relatedIdentifierType")) == ("IsPartOf", scheme):
            return _string(item.get("relatedIdentifier"))
    return ""


def _primary_class(attributes: Attributes) -> str:
    """arXiv's class, where a paper has one only: which of several is the first is not said."""
    classes = [
        found[1]
        for item in _objects(attributes.get("subjects"))
        if item.get("subjectScheme") == "arXiv"
        and (found := SUBJECT.search(_string(item.get("subject"))))
    ]
    return classes[0] if len(classes) == 1 else ""
