"""One record of all that is known about one work: whose word each field is, and what is said."""

import pytest

from bibtool.merge import Merged, Work, group, merge
from bibtool.model import (
    Candidate,
    Identifier,
    Matched,
    Name,
    Place,
    Record,
    Row,
    Update,
)

ARXIV, DOI = Identifier("arxiv:2401.00001"), Identifier("doi:10.1000/x")
PEOPLE = (Name("Müller", "Jörg"), Name("Li", "Wei"))
TITLE = "Widgets at Scale with BERT"

PREPRINT = Record(
    title=TITLE, authors=PEOPLE, year=2024, month=3, identifiers=(ARXIV,), primary_class="cs.CV",
    url="https://arxiv.org/abs/2401.00001",
)  # fmt: skip
PRINTED = Record(
    type="article", kind="journal-article", title="WIDGETS AT SCALE WITH BERT",
    authors=(Name("Muller", "J."), Name("Li", "Wei")), year=2025, volume="39", pages="1-9",
    venue="Proceedings of the AAAI Conference on Artificial Intelligence", identifiers=(DOI,),
)  # fmt: skip


def row(line: int = 1, **claim: object) -> Row:
    stated = {"title": TITLE} | claim
    return Row(place=Place("a.md", line), line_end=line, text="", claim=Record(**stated))  # type: ignore[arg-type]


def matched(*candidates: tuple[str, Record], line: int = 1, **claim: object) -> Matched:
    return Matched(row(line, **claim), tuple(Candidate(s, r) for s, r in candidates))


def merged(*candidates: tuple[str, Record], trust: bool = False, **claim: object) -> Merged:
    return merge(Work((matched(*candidates, **claim),)), trust_venue=trust)


def test_the_published_version_is_cited_and_the_preprint_stays_on_it() -> None:
    made = merged(("arxiv", PREPRINT), ("crossref", PRINTED))
    record = made.record
    assert (record.year, record.volume, record.pages) == (2025, "39", "1-9")
    assert record.identifiers == (ARXIV, DOI)
    assert record.primary_class == "cs.CV"
    assert (made.provenance["year"], made.provenance["title"]) == ("crossref", "arxiv")


def test_capitals_and_lost_accents_yield_to_the_better_spelling() -> None:
    record = merged(("arxiv", PREPRINT), ("crossref", PRINTED)).record
    assert record.title == TITLE
    assert record.authors == PEOPLE


def test_who_prefers_the_preprint_gets_nothing_of_the_other_version() -> None:
    work = Work((matched(("arxiv", PREPRINT), ("crossref", PRINTED)),))
    record = merge(work, prefer="preprint").record
    assert (record.year, record.venue, record.pages) == (2024, "", "")


def test_a_conferences_paper_is_one_whatever_is_deposited() -> None:
    assert merged(("crossref", PRINTED)).record.type == "inproceedings"


def test_a_list_of_authors_that_was_cut_short_is_completed() -> None:
    cut = Record(title=TITLE, authors=PEOPLE[:1], year=2025, type="article", identifiers=(DOI,))
    assert merged(("crossref", cut), ("arxiv", PREPRINT)).record.authors == PEOPLE


def test_a_name_is_spelt_out_though_its_list_was_cut_short() -> None:
    cut = PRINTED.authors[:1], PREPRINT.authors
    for some, others in (cut, cut[::-1]):
        one = Record(title=TITLE, authors=some, year=2025, type="article", identifiers=(DOI,))
        two = Record(title=TITLE, authors=others, year=2024, identifiers=(ARXIV,))
        assert merged(("crossref", one), ("arxiv", two)).record.authors == PEOPLE


@pytest.mark.parametrize(
    ("comment", "venue", "year"),
    [
        ("Accepted to ICLR 2025", "International Conference on Learning Representations", 2025),
        ("Submitted to ICLR 2025", "", 2024),
        ("Accepted to ICLR 1994", "", 2024),  # thirty years before its preprint
        ("", "", 2024),
    ],
)
def test_the_authors_word_names_a_venue_that_has_no_registry(
    comment: str, venue: str, year: int
) -> None:
    stated = Record(
        **{f: getattr(PREPRINT, f) for f in PREPRINT.__struct_fields__} | {"comment": comment}
    )
    record = merged(("arxiv", stated)).record
    assert (record.venue, record.year) == (venue, year)


def test_the_lists_word_alone_names_a_venue_only_where_it_is_trusted() -> None:
    assert merged(("arxiv", PREPRINT), venue="ICLR", year=2025).record.venue == ""
    made = merged(("arxiv", PREPRINT), venue="ICLR", year=2025, trust=True)
    assert (made.record.type, made.record.year) == ("inproceedings", 2025)
    assert made.provenance["venue"] == "list"


@pytest.mark.parametrize(
    ("claim", "kinds"),
    [
        ({"venue": "CVPR", "year": 2025}, ["venue"]),
        ({"venue": "AAAI", "year": 2024}, ["year"]),
        ({"venue": "AAAI", "year": 2025}, []),
        ({"year": 2024}, ["year"]),
        ({}, []),
    ],
)
def test_a_contradiction_between_list_and_registry_is_told(
    claim: dict[str, object], kinds: list[str]
) -> None:
    made = merged(("arxiv", PREPRINT), ("crossref", PRINTED), **claim)
    assert [notice.kind for notice in made.notices] == kinds


@pytest.mark.parametrize(
    ("update", "kind"), [("retraction", "retracted"), ("withdrawal", "withdrawn")]
)
def test_a_retraction_is_told_with_its_row(update: str, kind: str) -> None:
    fields = {f: getattr(PRINTED, f) for f in PRINTED.__struct_fields__}
    made = merged(("crossref", Record(**fields | {"updates": (Update(update),)})))
    assert [notice.kind for notice in made.notices] == [kind]
    assert made.record.updates


def test_rows_with_one_identifier_are_one_work_and_so_are_linked_versions() -> None:
    one, again = matched(("arxiv", PREPRINT), line=1), matched(("arxiv", PREPRINT), line=5)
    linked = Record(
        **{f: getattr(PREPRINT, f) for f in PREPRINT.__struct_fields__} | {"published_as": (DOI,)}
    )
    printed = matched(("crossref", PRINTED), line=3)
    assert [len(w.matches) for w in group([one, printed, again])] == [2, 1]
    assert [len(w.matches) for w in group([matched(("arxiv", linked)), printed])] == [2]


def test_a_link_to_another_work_joins_nothing() -> None:
    wrong = Record(title="A Study of Gears", authors=(Name("Else", "S."),), identifiers=(DOI,))
    linked = Record(
        **{f: getattr(PREPRINT, f) for f in PREPRINT.__struct_fields__} | {"published_as": (DOI,)}
    )
    assert len(group([matched(("arxiv", linked)), matched(("crossref", wrong))])) == 2
