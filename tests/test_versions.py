"""The published version of a preprint, and when two records are one work."""

import pytest

from bibtool.model import Identifier, Name, Record
from bibtool.versions import published, same_work

TITLE = "Autoregressive Widgets for Coarse Image Generation"
PEOPLE = (Name("Li", "Tianhong"), Name("Tian", "Yonglong"), Name("He", "Kaiming"))


def preprint(**facts: object) -> Record:
    stated = {
        "title": TITLE, "authors": PEOPLE, "year": 2024,
        "identifiers": (Identifier("arxiv:2401.00001"),),
    } | facts  # fmt: skip
    return Record(**stated)  # type: ignore[arg-type]


def printed(**facts: object) -> Record:
    stated = {
        "type": "inproceedings", "kind": "proceedings-article", "title": TITLE, "authors": PEOPLE,
        "year": 2025, "venue": "Proceedings of the AAAI Conference on Artificial Intelligence",
        "identifiers": (Identifier("doi:10.1000/x"),),
    } | facts  # fmt: skip
    return Record(**stated)  # type: ignore[arg-type]


@pytest.mark.parametrize("linked", [True, False])
def test_title_authors_and_year_make_a_published_version(linked: bool) -> None:
    assert published(preprint(), printed(), linked=linked).accepted


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"title": TITLE + ", Part II"}, id="another-part"),
        pytest.param({"title": "Correction to: " + TITLE}, id="a-notice"),
        pytest.param({"notice_of": (Identifier("doi:10.1000/y"),)}, id="a-notice-by-its-links"),
        pytest.param({"authors": (Name("Else", "Somebody"),)}, id="other-authors"),
        pytest.param({"year": 2019}, id="years-before"),
        pytest.param({"year": 2029}, id="five-years-later"),
        pytest.param({"venue": "CVPR Workshops"}, id="a-workshop"),
        pytest.param({"kind": "posted-content"}, id="another-preprint"),
        pytest.param({"kind": "component"}, id="a-figure"),
        pytest.param({"title": "A Wholly Different Study of Gears"}, id="another-title"),
    ],
)
def test_what_is_found_by_search_must_agree_in_everything(facts: dict[str, object]) -> None:
    assert not published(preprint(), printed(**facts), linked=False).accepted


def test_a_wrong_doi_that_the_authors_entered_is_not_believed() -> None:
    other = printed(title="A Wholly Different Study of Gears", authors=(Name("Else", "S."),))
    assert not published(preprint(), other, linked=True).accepted


def test_a_notice_is_no_published_version_though_the_preprint_names_it() -> None:
    notice = printed(notice_of=(Identifier("doi:10.1000/y"),))
    assert not published(preprint(), notice, linked=True).accepted
    named = preprint(published_as=(Identifier("doi:10.1000/x"),))
    assert not same_work(named, notice)


def test_a_linked_version_may_be_retitled_by_the_same_authors() -> None:
    other = printed(title="Widgets for Coarse Image Generation, Autoregressive and Fast")
    assert published(preprint(), other, linked=True).accepted
    assert not published(preprint(), other, linked=False).accepted


def test_records_with_one_identifier_are_one_work() -> None:
    assert same_work(preprint(title="Old Name"), preprint(title="New Name"))


def test_a_preprint_and_the_version_that_it_names_are_one_work() -> None:
    named = preprint(published_as=(Identifier("doi:10.1000/x"),))
    assert same_work(named, printed())
    assert same_work(printed(), named)


@pytest.mark.parametrize(
    "facts",
    [
        {"authors": (Name("Else", "Somebody"),)},
        {"edition": "2"},
        {"title": TITLE + ", Part II"},
        {"year": 2021},
        {"pages": "99-101"},
        {"notice_of": (Identifier("doi:10.1000/y"),)},
    ],
)
def test_title_likeness_alone_never_makes_one_work(facts: dict[str, object]) -> None:
    one = printed(identifiers=(), edition="1", pages="1-9")
    other = printed(**{"identifiers": (), "edition": "1", "pages": "1-9"} | facts)
    assert same_work(one, printed(identifiers=(), edition="1", pages="1-9"))
    assert not same_work(one, other)
