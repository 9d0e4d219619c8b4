"""DataCite: data, software, papers of publishers that register there, and arXiv's own DOIs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service import Service, serving
from service_answers import RESNET

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Name, Record
from bibtool.sources.datacite import Datacite, record_of
from bibtool.sources.http import Client, Pause, agent

DATASET = {
    "doi": "10.5061/DRYAD.1",
    "titles": [
        {"title": "Daten", "titleType": "TranslatedTitle"},
        {"title": "Data of a <i>trial</i>"},
        {"title": "Second part", "titleType": "Subtitle"},
    ],
    "creators": [
        {
            "name": "Durand, Patrick",
            "nameType": "Personal",
            "givenName": "Patrick",
            "familyName": "Durand",
        },
        {"name": "Dryad Team", "nameType": "Organizational"},
        {"name": "Müller, Jörg"},
        {"name": ""},
    ],
    "contributors": [{"name": "Ed, A.", "contributorType": "Editor"}, {"name": "No, B."}],
    "publisher": {"name": "Dryad"},
    "publicationYear": 2011,
    "dates": [{"date": "2011-02-01T17:22:41Z", "dateType": "Issued"}],
    "types": {"resourceTypeGeneral": "Dataset", "bibtex": "misc"},
    "language": "en",
}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def datacite(service: Service, tmp_path: Path) -> Datacite:
    client = Client(agent=agent(), pauses={"datacite": Pause(0.0)}, folder=tmp_path, back_off=0.01)
    return Datacite(client, service.url)


def test_a_dataset_gives_every_field() -> None:
    assert record_of(DATASET) == Record(
        type="misc",
        kind="Dataset",
        title="Data of a trial",
        subtitle="Second part",
        authors=(
            Name(family="Durand", given="Patrick"),
            Name(literal="Dryad Team"),
            Name(family="Müller", given="Jörg"),
        ),
        editors=(Name(family="Ed", given="A."),),
        year=2011,
        month=2,
        publisher="Dryad",
        url="https://doi.org/10.5061/dryad.1",
        language="en",
        identifiers=(Identifier("doi:10.5061/dryad.1"),),
    )


@pytest.mark.parametrize(
    ("general", "bibtex", "type_"),
    [
        ("JournalArticle", "article", "article"),
        ("ConferencePaper", "inproceedings", "inproceedings"),
        ("Dissertation", "phdthesis", "phdthesis"),
        ("Report", "techreport", "techreport"),
        ("BookChapter", "inbook", "incollection"),
        ("Preprint", "misc", "misc"),
        ("Software", "misc", "misc"),
        ("Text", "article", "article"),
        ("Text", "phdthesis", "phdthesis"),
        ("Text", "electronic", "misc"),
        ("", "", "misc"),
    ],
)
def test_each_kind_of_resource_has_its_entry_type(general: str, bibtex: str, type_: str) -> None:
    types = {"resourceTypeGeneral": general, "bibtex": bibtex}
    assert record_of(DATASET | {"types": types}).type == type_


def test_a_paper_has_the_venue_pages_and_numbers_of_its_container() -> None:
    paper = DATASET | {
        "types": {"resourceTypeGeneral": "ConferencePaper"},
        "container": {"title": "LIPIcs, Volume 22, TQC 2013", "volume": "22", "firstPage": "93", "lastPage": "105"},
        "relatedIdentifiers": [
            {"relationType": "IsPartOf", "relatedIdentifier": "978-3-939897-55-2", "relatedIdentifierType": "ISBN"},
            {"relationType": "Cites", "relatedIdentifier": "1111-1111", "relatedIdentifierType": "ISSN"},
        ],
    }  # fmt: skip
    record = record_of(paper)
    assert (record.venue, record.volume, record.pages) == (
        "LIPIcs, Volume 22, TQC 2013",
        "22",
        "93-105",
    )
    assert (record.isbn, record.issn) == ("978-3-939897-55-2", "")


def test_an_arxiv_doi_is_an_arxiv_paper_of_the_year_of_its_first_version() -> None:
    record = record_of(
        {
            "doi": "10.48550/ARXIV.1902.02534",
            "titles": [{"title": "Crowdsourcing open citations"}],
            "publicationYear": 2021,
            "dates": [
                {"date": "2019-06-21T06:21:52Z", "dateType": "Submitted", "dateInformation": "v2"},
                {"date": "2018-12-31T09:22:51Z", "dateType": "Submitted", "dateInformation": "v1"},
                {"date": "2021", "dateType": "Issued"},
            ],
            "types": {"resourceTypeGeneral": "Preprint"},
            "subjects": [{"subject": "Digital Libraries (cs.DL)", "subjectScheme": "arXiv"}],
            "relatedIdentifiers": [
                {"relationType": "IsVersionOf", "relatedIdentifier": "10.1162/QSS", "relatedIdentifierType": "DOI"},
                {"relationType": "Cites", "relatedIdentifier": "10.1/other", "relatedIdentifierType": "DOI"},
            ],
        }
    )  # fmt: skip
    assert record.identifiers == ("arxiv:1902.02534",)
    assert (record.year, record.month) == (2018, 12)
    assert record.url == "https://arxiv.org/abs/1902.02534"
    assert record.primary_class == "cs.DL"
    assert record.published_as == ("doi:10.1162/qss",)


def test_of_several_classes_none_is_called_the_first() -> None:
    subjects = [{"subject": f"A ({name})", "subjectScheme": "arXiv"} for name in ("cs.DL", "cs.AI")]
    assert record_of(DATASET | {"subjects": subjects}).primary_class == ""


def test_an_arxiv_paper_is_asked_for_by_its_doi(datacite: Datacite, service: Service) -> None:
    which = Identifier(f"arxiv:{RESNET.arxiv}")
    assert datacite.lookup([which])[which].title == RESNET.title
    assert service.log[0].path == f"/dois/10.48550/arxiv.{RESNET.arxiv}"


def test_an_unknown_doi_is_left_out(datacite: Datacite, service: Service) -> None:
    assert datacite.lookup([Identifier("doi:10.1/x?y#z")]) == {}
    assert service.log[0].path == "/dois/10.1/x%3Fy%23z"


def test_the_record_of_another_doi_is_never_taken(datacite: Datacite, service: Service) -> None:
    service.steps += ["wrong"] * 9
    with pytest.raises(SourceUnavailable, match="the record of another DOI"):
        datacite.lookup([Identifier(f"arxiv:{RESNET.arxiv}")])


def test_datacite_is_not_searched(datacite: Datacite, service: Service) -> None:
    assert not datacite.searches
    assert datacite.search(Record(title="Deep Residual Learning")) == ()
    assert service.log == []


FIELDS = ("doi", "titles", "creators", "contributors", "publisher", "publicationYear", "dates",
          "types", "container", "relatedIdentifiers", "subjects", "language")  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [None], [[]], [{}], {"x": 1}, True])
def test_no_shape_of_a_field_breaks_the_reading(field: str, value: Any) -> None:
    assert isinstance(record_of(DATASET | {field: value}), Record)
