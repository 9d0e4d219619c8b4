"""Services in every mood: nothing wrong comes of it, rules are kept, and the message helps."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from service import Service, serving
from service_answers import RESNET, YOLO

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Record, identifier
from bibtool.sources import Halfway, Source
from bibtool.sources.arxiv import Arxiv
from bibtool.sources.crossref import Crossref
from bibtool.sources.datacite import Datacite
from bibtool.sources.http import Client, Pause, agent

NAMES = ("arxiv", "crossref", "datacite")


def client_for(
    folder: Path, *, pause: float = 0.0, back_off: float = 0.01, **more: float
) -> Client:
    pauses = {name: Pause(pause) for name in NAMES}
    options = {"deadline": 5.0, **more}
    return Client(agent=agent(), pauses=pauses, folder=folder, back_off=back_off, **options)  # type: ignore[arg-type]


def source_at(name: str, service: Service, client: Client) -> Source:
    if name == "arxiv":
        return Arxiv(client, f"{service.url}/api/query")
    return Crossref(client, service.url) if name == "crossref" else Datacite(client, service.url)


def wanted(name: str) -> list[Identifier]:
    if name == "datacite":
        return [identifier("arxiv", RESNET.arxiv)]
    return [
        identifier(*(("arxiv", p.arxiv) if name == "arxiv" else ("doi", p.doi)))
        for p in (RESNET, YOLO)
    ]


def titles(found: Mapping[Identifier, Record]) -> dict[str, str]:
    return {str(which): record.title for which, record in found.items()}


def right(name: str) -> dict[str, str]:
    return dict(zip(wanted(name), (RESNET.title, YOLO.title), strict=False))


PASSING = [
    ["429"],
    ["429s:0"],
    ["429s:-5"],
    ["429s:abc"],
    ["503", "503"],
    ["500"],
    ["502"],
    ["html200"],
    ["rate200"],
    ["nothing"],
    ["cut"],
    ["cutnolen"],
    ["reset"],
    ["406"],
    ["lol"],
    ["errfeed"],
    ["shuffle"],
    ["dup"],
    ["503", "reset", "cutnolen"],
    ["empty"],
    ["missing"],
    ["wrong"],
    ["latin1"],
    ["cookie"],
    ["mistyped"],
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("steps", PASSING, ids="+".join)
def test_a_passing_mood_delays_the_right_answer(
    name: str, steps: list[str], tmp_path: Path
) -> None:
    if steps == ["errfeed"] and name != "arxiv":
        steps = ["ok"]  # only arXiv has feeds
    if steps in (["empty"], ["missing"]) and name == "datacite":
        steps = ["ok"]  # its "no such DOI" is a plain word, and final
    with serving(*steps) as service:
        source = source_at(name, service, client_for(tmp_path))
        found = source.lookup(wanted(name))
        assert titles(found) == right(name)
        assert service.most_at_once == 1
        assert not service.steps  # every step was met


@pytest.mark.parametrize("step", ["429s:1", "429d:2", "503s:1"])
def test_a_service_is_left_alone_as_long_as_it_asks(step: str, tmp_path: Path) -> None:
    with serving(step) as service:
        source = source_at("arxiv", service, client_for(tmp_path))
        assert titles(source.lookup(wanted("arxiv"))) == right("arxiv")
        assert service.gaps()[0] > (0.9 if step != "429d:2" else 0.5)  # dates have whole seconds


LASTING = {
    "429": r"429.*run again later",
    "503": r"503.*run again later",
    "500": r"500.*run again later",
    "403": r"403.*(?:url|mailto)",
    "418": r"418.*url",
    "html200": r"HTML page.*run again later",
    "rate200": r"Rate exceeded.*run again later",
    "nothing": r"nothing.*run again later",
    "cut": r"cut its answer off.*run again later",
    "cutnolen": r"(?:no feed|half an answer).*run again later",
    "reset": r"broke the connection.*run again later",
    "lol": r"(?:declares entities|HTML page).*run again later",
    "big": r"more than 20 MB.*run again later",
    "bomb": r"more than 20 MB.*run again later",
    "chain": r"more than 20 MB.*run again later",
    "endless": r"more than 20 MB.*run again later",
    "redir:http://example.org/": r"redirects to http://example.org/.*url in settings",
    "redir:https://example.org/": r"redirects to https://example.org/.*url in settings",
    "redir:file:///etc/passwd": r"redirects to file:///etc/passwd.*url in settings",
    "redir:/": r"redirects more than 3 times.*url in settings",
    "429s:99999999": r"left alone for 1157 days.*run again later",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", LASTING)
def test_a_lasting_mood_is_an_outage_and_never_an_answer(
    name: str, step: str, tmp_path: Path
) -> None:
    with serving(*[step] * 60) as service:
        source = source_at(name, service, client_for(tmp_path))
        with pytest.raises(SourceUnavailable, match=LASTING[step]) as caught:
            source.lookup(wanted(name))
        assert caught.value.source == name
        assert "127.0.0.1" in caught.value.reason
        assert service.most_at_once == 1
        # Four for one question; a spoiled batch is looked at in parts, three questions at most.
        assert len(service.log) <= 12
        for _ in range(3):  # once down, not asked again in this run
            with pytest.raises(SourceUnavailable):
                source.lookup(wanted(name))
        assert len(service.log) <= 12


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", ["hang", "drip:.3", "slowhead:.05"])
def test_an_answer_has_a_deadline_for_all_of_it(name: str, step: str, tmp_path: Path) -> None:
    with serving(*[step] * 60) as service:
        source = source_at(name, service, client_for(tmp_path, deadline=0.5, back_off=0.1))
        with pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"):
            source.lookup(wanted(name))
        assert service.most_at_once == 1
        assert len(service.log) <= 4


def test_entries_of_other_papers_are_never_taken(tmp_path: Path) -> None:
    with serving(*["wrong"] * 60) as service:
        source = source_at("arxiv", service, client_for(tmp_path))
        assert source.lookup([identifier("arxiv", YOLO.arxiv)]) == {}


def test_records_of_other_works_are_never_taken(tmp_path: Path) -> None:
    with serving(*["wrong"] * 60) as service:
        source = source_at("crossref", service, client_for(tmp_path))
        with pytest.raises(SourceUnavailable, match="the record of another DOI"):
            source.lookup([identifier("doi", YOLO.doi)])


def test_swapped_identifiers_show_by_the_links_beside_them(tmp_path: Path) -> None:
    with serving("swap") as service:
        source = source_at("arxiv", service, client_for(tmp_path))
        assert titles(source.lookup(wanted("arxiv"))) == right("arxiv")
        assert len(service.log) == 2


@pytest.mark.parametrize("name", ["arxiv", "crossref"])
def test_an_empty_page_is_asked_for_again_before_anything_is_missing(
    name: str, tmp_path: Path
) -> None:
    with serving("empty") as service:
        source = source_at(name, service, client_for(tmp_path))
        assert titles(source.lookup(wanted(name))) == right(name)
        assert len(service.log) == 2


def test_many_papers_that_are_all_missing_are_an_outage(tmp_path: Path) -> None:
    many = [identifier("arxiv", f"2001.{number:05}") for number in range(1, 31)]
    with serving() as service:
        source = source_at("arxiv", service, client_for(tmp_path))
        with pytest.raises(SourceUnavailable, match="none of 30"):
            source.lookup(many)
        assert source.lookup(many[:2]) == {}


@pytest.mark.parametrize("name", ["arxiv", "crossref"])
def test_an_outage_in_the_middle_keeps_what_was_answered(name: str, tmp_path: Path) -> None:
    with serving("missing", *["503"] * 9) as service:
        source = source_at(name, service, client_for(tmp_path))
        with pytest.raises(Halfway, match="503") as caught:
            source.lookup(wanted(name))
    assert titles(caught.value.found) == {wanted(name)[0]: RESNET.title}


def test_an_outage_after_a_whole_batch_keeps_the_batch(tmp_path: Path) -> None:
    first = [identifier("doi", RESNET.doi), identifier("doi", YOLO.doi)]
    long = [identifier("doi", "10.1/" + "x" * 3400), identifier("doi", "10.1/y")]
    with serving("ok", *["hang"] * 9) as service:
        source = source_at("crossref", service, client_for(tmp_path, deadline=0.3))
        with pytest.raises(Halfway) as caught:
            source.lookup(first + long)
    assert list(caught.value.found) == first


def test_no_cookie_is_kept(tmp_path: Path) -> None:
    with serving("cookie") as service:
        source = source_at("crossref", service, client_for(tmp_path))
        for _ in range(2):
            source.lookup(wanted("crossref"))
        assert all("cookie" not in request.headers for request in service.log)
