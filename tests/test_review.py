"""`bibtool review` in a terminal: every answer, and leaving in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import ENCODINGS, Desk
from screen import Session
from service import serving

from bibtool.model import Ambiguous, Candidate, Identifier, NotFound, Place, Record, Row
from bibtool.reviewing import Enter, Later, Quit, Skip, Take, Unclear, answer_to, screen

LIST = """\
# Reading list

## Vision

- [Unified Detection of Objects at Once](https://arxiv.org/abs/1512.03385)
- [A Paper that Nobody Ever Wrote Down](https://arxiv.org/abs/2001.99999)
- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One row whose link leads elsewhere, one that nobody knows, one that is settled."""
    with serving() as service:
        desk = Desk(tmp_path, service)
        desk.list.write_text(LIST, encoding="utf-8")
        assert "1 matched, 1 ambiguous, 1 not found" in desk.run("sync").out
        yield desk


def test_taking_a_candidate_and_skipping_a_row_settle_the_list(desk: Desk) -> None:
    session = Session(desk, ["review"])
    shown = session.until("\n>")
    assert "1 of 2  refs/lists/papers.md:5" in shown
    assert "Deep Residual Learning for Image Recognition" in shown
    assert "https://arxiv.org/abs/1512.03385" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    session.type("1")
    assert "Not known to arxiv." in session.until("\n>")
    session.type("s")
    assert session.end() == 0
    marked = LIST.replace(
        "1512.03385)", "1512.03385) <!-- bibtool: id=arXiv:1512.03385 -->"
    ).replace("99999)", "99999) <!-- bibtool: skip -->")
    assert desk.list.read_text() == marked
    assert "2 of 2 rows settled" in session.text
    assert "he2016deep" in desk.bib.read_text()
    assert desk.run("sync", "--strict").code == 0


@pytest.mark.parametrize(("codec", "mark"), ENCODINGS)
def test_a_list_keeps_its_encoding_and_every_other_byte(
    desk: Desk, codec: str, mark: bytes
) -> None:
    text = LIST.replace("# Reading list", "# Leseliste für 論文").replace("\n", "\r\n")
    desk.list.write_bytes(mark + text.encode(codec))
    session = Session(desk, ["review"])
    session.until("\n>")
    session.type("1")
    session.until("\n>")
    session.type("q")
    assert session.end() == 0
    marked = text.replace("1512.03385)", "1512.03385) <!-- bibtool: id=arXiv:1512.03385 -->")
    assert desk.list.read_bytes() == mark + marked.encode(codec)


def test_a_bib_in_an_encoding_of_old_is_left_as_it_is_and_says_so(desk: Desk) -> None:
    entry = "@misc{a,\n author = {Müller, A},\n title = {Unified Detection of Objects at Once},\n"
    data = f"{entry} eprint = {{1512.03385}}, archiveprefix = {{arXiv}}\n}}\n".encode("cp1252")
    path = desk.root / "refs/lists/papers.bib"
    path.write_bytes(data)
    desk.run("sync", "refs/lists/papers.bib")
    session = Session(desk, ["review", "refs/lists/papers.bib"])
    session.until("\n>")
    session.type("1")
    assert "marks are not read in this list" in session.until("Enter goes on")
    session.type("")
    assert session.end() == 0
    assert path.read_bytes() == data


def test_an_identifier_is_shown_before_it_is_taken(desk: Desk) -> None:
    session = Session(desk, ["review"])
    session.until("\n>")
    session.type("nonsense")
    assert "'nonsense' is no answer" in session.until("\n>")
    session.type("arXiv:2001.99999")
    assert "arXiv:2001.99999 is not known" in session.until("\n>")
    session.type("https://arxiv.org/abs/1506.02640")
    assert "You Only Look Once" in session.until("Is this it? [y/N]")
    session.type("n")
    session.until("\n>")
    session.type("i 1506.02640")
    session.until("Is this it? [y/N]")
    session.type("y")
    session.until("\n>")
    session.type("q")
    assert session.end() == 0
    assert desk.list.read_text() == LIST.replace(
        "1512.03385)", "1512.03385) <!-- bibtool: id=arXiv:1506.02640 -->"
    )
    assert "redmon2016you" in desk.bib.read_text()


@pytest.mark.parametrize("way", ["q", "ctrl-d", "ctrl-c", "hang up"])
def test_leaving_in_the_middle_loses_nothing(desk: Desk, way: str) -> None:
    session = Session(desk, ["review"])
    session.until("\n>")
    session.type("1")
    session.until("\n>")
    match way:
        case "q":
            session.type("q")
        case "hang up":
            session.hang_up()
        case _:
            session.press(way[-1])
    if way != "hang up":
        assert session.end() == (130 if way == "ctrl-c" else 0)
    assert desk.list.read_text() == LIST.replace(
        "1512.03385)", "1512.03385) <!-- bibtool: id=arXiv:1512.03385 -->"
    )
    assert "2 matched, 1 not found" in desk.run("sync").out


def test_a_row_that_was_edited_meanwhile_is_found_or_left(desk: Desk) -> None:
    session = Session(desk, ["review"])
    session.until("\n>")
    desk.edit(desk.list, "## Vision\n", "## Vision\n\nMoved down.\n")
    desk.edit(desk.list, "A Paper that Nobody", "A Paper that Somebody")
    session.type("1")
    session.until("\n>")
    session.type("s")
    assert session.end() == 0
    assert "the row was changed meanwhile" in session.text
    text = desk.list.read_text()
    assert "1512.03385) <!-- bibtool: id=arXiv:1512.03385 -->\n" in text
    assert "skip" not in text


def test_in_a_pipe_nobody_can_be_asked(desk: Desk) -> None:
    said = desk.run("review")
    assert said.code == 2
    assert "bibtool sync -v tells what waits" in said.err


def test_where_nothing_waits_nothing_is_asked(desk: Desk) -> None:
    desk.list.write_text(LIST.partition("- [A")[0].partition("- [U")[0] + LIST.splitlines()[-1])
    said = desk.run("review")
    assert (said.code, said.out) == (0, "no row waits for you\n")


CANDIDATE = Candidate("arxiv", Record(title="A Work", identifiers=(Identifier("arxiv:1706.03762"),)), 0.3, ("the year is 2017",))  # fmt: skip
ROW = Row(
    place=Place("a.md", 3),
    line_end=3,
    text="- [A Work](https://example.org)" + " of words" * 200,
    category=("A", "B"),
)
WAITING = Ambiguous(ROW, (CANDIDATE, CANDIDATE), "two works fit")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1", Take(CANDIDATE)),
        ("2", Take(CANDIDATE)),
        ("3", Unclear("there is no candidate 3")),
        ("0", Unclear("there is no candidate 0")),
        ("", Later()),
        ("l", Later()),
        ("S", Skip()),
        ("q", Quit()),
        (None, Quit()),
        ("arXiv:1706.03762", Enter(Identifier("arxiv:1706.03762"))),
        ("1706.03762v3", Enter(Identifier("arxiv:1706.03762"))),
        ("i 10.1109/CVPR.2016.90", Enter(Identifier("doi:10.1109/cvpr.2016.90"))),
        ("id=https://doi.org/10.1109/CVPR.2016.90", Enter(Identifier("doi:10.1109/cvpr.2016.90"))),
        ("arXiv:1706.03762 arXiv:1512.03385", Unclear("that is more than one identifier")),
        ("yes", Unclear("'yes' is no answer")),
    ],
)  # fmt: skip
def test_what_an_answer_means(said: str | None, meant: object) -> None:
    assert answer_to(WAITING, said) == meant


@pytest.mark.parametrize("outcome", [WAITING, NotFound(ROW, ("arxiv", "crossref"))])
@pytest.mark.parametrize("width", [40, 80])
def test_a_screen_fits_and_holds_no_control_signs(
    outcome: Ambiguous | NotFound, width: int
) -> None:
    lines = list(screen(outcome, 1, 3, width))
    assert len(lines) < 32
    assert all(len(line) <= width or "https://" in line for line in lines)
    assert "  ..." in lines


def test_foreign_control_signs_are_shown_and_not_obeyed() -> None:
    evil = Candidate(
        "arxiv", Record(title="A \x1b[2J\u202eWork", identifiers=(Identifier("arxiv:1706.03762"),))
    )
    assert "\x1b" not in "".join(screen(Ambiguous(ROW, (evil,), ""), 1, 1, 80))
