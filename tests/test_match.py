"""Decisions: a wrong reference is worse than a missing one."""

import pytest

from bibtool.match import judge
from bibtool.model import Candidate, Identifier, Name, Record
from bibtool.people import named
from bibtool.verdict import Verdict

AUTHORS = (Name("Vaswani", "Ashish"), Name("Shazeer", "Noam"))
STRANGER = (Name("Somebody", "Else"),)
TITLE = "Autoregressive Widgets for Coarse Image Generation"


def work(title: str = TITLE, n: int = 1, **facts: object) -> Record:
    stated = {"authors": AUTHORS, "year": 2017, "type": "article"} | facts
    return Record(title=title, identifiers=(Identifier(f"doi:10.1000/{n}"),), **stated)  # type: ignore[arg-type]


def judged(claim: Record, *found: Record, linked: bool = False) -> Verdict:
    return judge(claim, [Candidate("crossref", record) for record in found], linked=linked)


def claim(title: str = TITLE, *, author: bool = True, **facts: object) -> Record:
    people = {"authors": AUTHORS[:1], "year": 2017} if author else {}
    return Record(title=title, **people | facts)  # type: ignore[arg-type]


FORGIVEN = [
    pytest.param("autoregressive widgets for coarse image generation", TITLE, id="case"),
    pytest.param("Autorégressive Widgets for Coarse Image Generation", TITLE, id="accents"),
    pytest.param(r"Autoregressive {W}idgets for {\"C}oarse Image Generation", TITLE, id="tex"),
    pytest.param("Autoregressive <i>Widgets</i> for Coarse Image Generation", TITLE, id="html"),
    pytest.param("Auto-regressive Widgets for Coarse-Image Generation", TITLE, id="hyphens"),
    pytest.param(
        "Cats &amp; Dogs in Large Widget Models",
        "Cats and Dogs in Large Widget Models",
        id="entity",
    ),
    pytest.param(TITLE + " (CVPR 2017)", TITLE, id="a-venue-behind"),
]


@pytest.mark.parametrize(("listed", "title"), FORGIVEN)
@pytest.mark.parametrize("author", [True, False])
def test_another_spelling_is_forgiven(listed: str, title: str, author: bool) -> None:
    assert judged(claim(listed, author=author), work(title)).accepted


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        pytest.param(TITLE, TITLE + ": A Survey", id="lost-subtitle"),
        pytest.param("WIDGETRON: " + TITLE, TITLE, id="nickname-before"),
        pytest.param("The " + TITLE, TITLE, id="moved-article"),
        pytest.param("Autoregresive Widgets for Coarse Image Generation", TITLE, id="typing-error"),
    ],
)
def test_what_an_author_bears_out_is_accepted_and_a_bare_title_asked_about(
    listed: str, title: str
) -> None:
    assert judged(claim(listed), work(title)).accepted
    assert judged(claim(listed, author=False), work(title)).decision == "ask"


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        pytest.param(
            "Foundations of Sparse Widgets, Part I",
            "Foundations of Sparse Widgets, Part II",
            id="parts",
        ),
        pytest.param(
            "WidgetNet v2 for Large Image Models",
            "WidgetNet v3 for Large Image Models",
            id="versions",
        ),
        pytest.param(
            "Foundations of Sparse Widgets",
            "Foundations of Sparse Widgets, Part II: Theory",
            id="a-part",
        ),
        pytest.param(
            "Denoising Diffusion Widget Models",
            "Improved Denoising Diffusion Widget Models",
            id="improved",
        ),
        pytest.param(TITLE, "Correction to: " + TITLE, id="correction"),
        pytest.param(TITLE, "Comment on: " + TITLE, id="comment"),
    ],
)
@pytest.mark.parametrize("author", [True, False])
def test_another_work_is_never_accepted(listed: str, title: str, author: bool) -> None:
    assert not judged(claim(listed, author=author), work(title)).accepted


NOTICE = work(n=2, notice_of=(Identifier("doi:10.1000/1"),))  # under the title of its work


def test_a_notice_is_never_taken_for_the_work_that_it_is_about() -> None:
    verdict = judged(claim(), NOTICE)
    assert verdict.decision == "ask"
    assert verdict.reason == "a notice about doi:10.1000/1, not the work"


def test_a_work_is_found_beside_a_notice_of_its_title() -> None:
    verdict = judged(claim(), NOTICE, work())
    assert verdict.accepted
    assert [c.record for c in verdict.candidates] == [work()]


def test_a_notice_is_found_by_its_own_title_and_by_its_identifier() -> None:
    titled = work("Correction to: " + TITLE, notice_of=NOTICE.notice_of)
    assert judged(claim("Correction to: " + TITLE), titled).accepted
    assert judged(claim(), NOTICE, linked=True).accepted


def test_another_first_author_is_another_work() -> None:
    verdict = judged(claim(), work(authors=STRANGER))
    assert not verdict.accepted
    assert "first author" in " ".join(verdict.candidates[0].reasons)


@pytest.mark.parametrize("title", ["LANTERN", "Deep Learning", "A Big New Cat"])
def test_a_short_title_without_an_author_is_a_question_at_most(title: str) -> None:
    assert judged(claim(title, author=False), work(title)).decision == "ask"
    assert (
        judged(claim(title, author=False), work(f"{title}: With a Long Subtitle")).decision == "ask"
    )


def test_equal_candidates_are_a_question_not_a_choice() -> None:
    verdict = judged(claim(author=False), work(n=1), work(n=2, authors=STRANGER))
    assert verdict.decision == "ask"
    assert len(verdict.candidates) == 2


def test_a_bare_title_that_was_cut_short_is_a_question() -> None:
    assert judged(claim(TITLE + "...", author=False), work()).decision == "ask"


def test_a_bare_title_that_another_work_continues_is_a_question() -> None:
    other = work(TITLE + ": The Journal Version", n=2)
    assert judged(claim(author=False), work(), other).decision == "ask"


@pytest.mark.parametrize("kind", ["component", "peer-review", "journal-issue"])
def test_what_is_no_work_is_not_even_shown(kind: str) -> None:
    verdict = judged(claim(author=False), work(kind=kind))
    assert (verdict.decision, verdict.candidates) == ("reject", ())


def test_known_copies_of_famous_papers_are_refused() -> None:
    copy = Record(
        title=TITLE, authors=AUTHORS, year=2025, kind="posted-content",
        identifiers=(Identifier("doi:10.65215/abc"),),
    )  # fmt: skip
    assert judged(claim(), copy).decision == "reject"


def test_a_preprint_and_its_published_version_are_one_answer() -> None:
    preprint = Record(
        title=TITLE, authors=AUTHORS, year=2016, identifiers=(Identifier("arxiv:1601.00001"),)
    )
    verdict = judged(claim(author=False), preprint, work())
    assert verdict.accepted
    assert len(verdict.candidates) == 2


class TestALinkInTheRow:
    """The identifier stands in the row, so only the title has to agree."""

    def test_a_title_far_off_is_a_question(self) -> None:
        verdict = judged(claim("You Only Look Once"), work(), linked=True)
        assert verdict.decision == "ask"
        assert TITLE in verdict.reason

    def test_a_renamed_preprint_is_accepted_with_a_remark(self) -> None:
        listed = "Make Widgets Great Again: " + TITLE
        verdict = judged(Record(title=listed), work(), linked=True)
        assert verdict.accepted
        assert [remark.kind for remark in verdict.remarks] == ["title"]

    @pytest.mark.parametrize("listed", ["Widgets", "AWCIG", "Autoregressive Widgets", ""])
    def test_a_nickname_and_no_title_are_enough(self, listed: str) -> None:
        record = work("AWCIG: " + TITLE) if listed == "AWCIG" else work()
        assert judged(Record(title=listed), record, linked=True).accepted

    def test_a_different_part_is_a_question(self) -> None:
        verdict = judged(Record(title=TITLE + ", Part I"), work(TITLE + ", Part II"), linked=True)
        assert verdict.decision == "ask"

    def test_two_identifiers_of_two_works_are_a_question(self) -> None:
        other = work("A Wholly Different Study of Gears", n=2)
        assert judged(Record(), work(), other, linked=True).decision == "ask"


@pytest.mark.parametrize(
    ("person", "is_somebody"),
    [
        (Name("Li", "Tianhong"), True),
        (Name("Others", "Mary"), True),
        (Name("others", "and"), False),
        (Name("al", "et"), False),
        (Name("al.", "et"), False),
        (Name("Anonymous"), False),
        (Name("Li", literal="et al."), False),
        (Name("", "Plato"), True),
        (Name("", " . "), False),
        (Name("李", "天鸿"), True),
    ],
)
def test_nobody_is_left_out_of_authors(person: Name, is_somebody: bool) -> None:
    assert named([person]) == ((person,) if is_somebody else ())
