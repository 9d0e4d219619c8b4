"""Crossref: batches that one DOI cannot spoil, DOIs of every shape, and the bridge to habanero."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from service import Service, serving
from service_answers import COMMA, RESNET, SICI, SIGNS, YOLO

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Name, Record, identifier
from bibtool.sources import bridge
from bibtool.sources.crossref import BATCH, LONGEST, Crossref, batches, bibliographic
from bibtool.sources.http import Client, Pause, agent


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def crossref(service: Service, tmp_path: Path) -> Crossref:
    client = Client(agent=agent(), pauses={"crossref": Pause(0.0)}, folder=tmp_path, back_off=0.01)
    return Crossref(client, f"{service.url}/")


def dois(*values: str) -> list[Identifier]:
    return [identifier("doi", value) for value in values]


def asked(service: Service) -> list[str]:
    """What each request was about: the filter of a list, or the path of one work."""
    return [request.query.get("filter") or request.path for request in service.log]


def test_a_batch_is_one_request_for_as_many_rows(crossref: Crossref, service: Service) -> None:
    found = crossref.lookup(dois(YOLO.doi, RESNET.doi))
    assert found[Identifier(f"doi:{RESNET.doi}")] == Record(
        type="inproceedings",
        kind="proceedings-article",
        title=RESNET.title,
        authors=tuple(Name(family=family, given=given) for given, family in RESNET.authors),
        year=2016,
        venue=RESNET.venue,
        publisher="IEEE",
        url=f"https://doi.org/{RESNET.doi}",
        identifiers=(Identifier(f"doi:{RESNET.doi}"),),
    )
    (request,) = service.log
    assert request.query["filter"] == f"doi:{YOLO.doi},doi:{RESNET.doi}"
    assert request.query["rows"] == "2"
    assert request.headers["user-agent"].startswith("bibtool/")


@pytest.mark.parametrize("paper", [SICI, SIGNS, COMMA], ids=["SICI", "signs", "comma"])
def test_a_doi_of_signs_is_its_own_record_alone_and_in_a_batch(
    paper: object, crossref: Crossref, service: Service
) -> None:
    assert isinstance(paper, type(SICI))
    (which,) = dois(paper.doi)
    assert crossref.lookup([which])[which].title == paper.title
    together = crossref.lookup([which, *dois(RESNET.doi)])
    assert together[which].title == paper.title
    assert len(together) == 2


def test_a_doi_that_is_missing_in_a_batch_is_asked_for_alone(
    crossref: Crossref, service: Service
) -> None:
    assert list(crossref.lookup(dois(RESNET.doi, "10.1/nowhere", YOLO.doi))) == dois(
        RESNET.doi, YOLO.doi
    )
    assert asked(service)[1:] == ["/works/10.1%2Fnowhere"]


def test_an_alias_is_found_alone_and_bears_both_dois(crossref: Crossref, service: Service) -> None:
    (which,) = dois("10.5555/old")
    found = crossref.lookup([which, *dois(YOLO.doi)])
    assert found[which].title == RESNET.title
    assert found[which].identifiers == (f"doi:{RESNET.doi}", "doi:10.5555/old")


def test_a_batch_that_a_doi_spoils_is_looked_at_in_halves(
    crossref: Crossref, service: Service
) -> None:
    # Crossref's filter takes no value like this one, and refuses the whole list for it.
    wanted = dois(RESNET.doi, "b", YOLO.doi)
    assert list(crossref.lookup(wanted)) == dois(RESNET.doi, YOLO.doi)
    assert len(service.log) <= 5


def test_a_batch_that_is_too_much_is_looked_at_in_halves(
    crossref: Crossref, service: Service
) -> None:
    service.steps += ["big"]
    assert len(crossref.lookup(dois(RESNET.doi, YOLO.doi))) == 2
    assert asked(service)[1:] == [
        f"/works/{doi.replace('/', '%2F')}" for doi in (RESNET.doi, YOLO.doi)
    ]


def test_works_known_by_another_name_in_the_list_are_not_lost(
    crossref: Crossref, service: Service
) -> None:
    service.steps += ["wrong"]
    found = crossref.lookup(dois(RESNET.doi, YOLO.doi))
    assert {which: record.title for which, record in found.items()} == {
        f"doi:{RESNET.doi}": RESNET.title,
        f"doi:{YOLO.doi}": YOLO.title,
    }


def test_batches_hold_forty_dois_at_most() -> None:
    many = dois(*(f"10.1/{number}" for number in range(100)))
    assert [len(batch) for batch in batches(many)] == [BATCH, BATCH, 20]
    assert [which for batch in batches(many) for which in batch] == many


def test_batches_fit_into_a_request_line() -> None:
    sici = dois(
        *(f"10.1002/(SICI)1096-9861(20010212)430:3<283::AID{n}>3.0.CO;2-V" for n in range(80))
    )
    cut = list(batches(sici))
    assert all(len(",".join(batch)) * 1.2 < LONGEST for batch in cut)
    assert sum(len(batch) for batch in cut) == 80
    long = dois("10.1/" + "x" * 4000, "10.1/y")
    assert [len(batch) for batch in batches(long)] == [1, 1]


def test_the_longest_request_stays_under_what_crossref_takes(
    crossref: Crossref, service: Service
) -> None:
    many = dois(*(f"10.1002/<{number:060}>" for number in range(45)))
    assert crossref.lookup(many) == {}
    lists = [request for request in service.log if "filter" in request.query]
    assert len(lists) > 2
    assert max(len(request.path) for request in lists) < 4000


def test_a_doi_with_a_comma_goes_alone() -> None:
    comma, *others = dois(COMMA.doi, RESNET.doi, YOLO.doi)
    assert list(batches([others[0], comma, others[1]])) == [[comma], others]


def test_a_search_asks_for_a_few_citable_works_by_title_and_people(
    crossref: Crossref, service: Service
) -> None:
    claim = Record(
        title="Deep Residual Learning",
        subtitle="for Image Recognition",
        authors=(Name(family="He", given="Kaiming"), Name(literal="A Team")),
    )
    assert [record.title for record in crossref.search(claim)] == [RESNET.title]
    (request,) = service.log
    assert request.query["query.bibliographic"] == (
        "Deep Residual Learning for Image Recognition He A Team"
    )
    assert {"DOI", "title", "author", "type"} <= set(request.query["select"].split(","))
    assert int(request.query["rows"]) <= 10
    types = request.query["filter"].split(",")
    assert "type:proceedings-article" in types
    assert "type:component" not in types
    assert "type:peer-review" not in types


def test_a_claim_without_a_title_is_not_searched_for(crossref: Crossref, service: Service) -> None:
    assert crossref.search(Record(authors=(Name(family="He"),))) == ()
    assert service.log == []


def test_a_question_is_never_longer_than_a_title() -> None:
    assert len(bibliographic(Record(title="word " * 1000))) <= 600


def test_nothing_is_asked_about_other_schemes(crossref: Crossref, service: Service) -> None:
    assert crossref.lookup([Identifier("arxiv:1706.03762")]) == {}
    assert service.log == []


def test_habanero_still_looks_up_httpx2_where_the_bridge_stands() -> None:
    """If this fails, a release of habanero has moved; mend bridge.py before raising its bound."""
    for module in bridge.modules():
        assert module.httpx2 is httpx2  # type: ignore[attr-defined]
        assert callable(module.httpx2.get)  # type: ignore[attr-defined]


def test_habanero_does_without_what_it_would_load_for_nothing() -> None:
    code = """if True:
        import sys
        from bibtool.sources import bridge
        assert "bibtexparser" not in sys.modules
        import bibtexparser
        print(bridge.habanero.Crossref.__name__, *sys.meta_path)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("Crossref "), done.stderr
    assert "bridge" not in done.stdout


def test_the_bridge_is_taken_down_after_use_and_after_failure(tmp_path: Path) -> None:
    with serving(*["html200"] * 9) as service:
        client = Client(
            agent=agent(), pauses={"crossref": Pause(0)}, folder=tmp_path, back_off=0.01
        )
        with pytest.raises(SourceUnavailable):
            Crossref(client, service.url).search(Record(title="Deep Residual Learning"))
    for module in bridge.modules():
        assert module.httpx2 is httpx2  # type: ignore[attr-defined]
