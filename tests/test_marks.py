"""Writing between marks of a file: only there, and only where one pair of marks says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from everyday import ENCODINGS, Desk
from service import serving

from bibtool.errors import Unreadable
from bibtool.render.marks import insert

PAGE = "# Mine\n\n<!-- bibtool:begin papers -->\n\nold\n\n<!-- bibtool:end -->\n\ntail  \n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving() as service:
        desk = Desk(tmp_path, service)
        desk.write("bibtool.toml", '[markdown]\ninto = { "README.md" = { papers = "awesome" } }\n')
        yield desk


def test_what_stands_between_the_marks_is_replaced() -> None:
    new = insert(PAGE, "papers", "new\n\nlines\n", "README.md")
    assert new == PAGE.replace("old\n", "new\n\nlines\n")


def test_the_same_block_changes_nothing() -> None:
    assert insert(PAGE, "papers", "old\n", "README.md") == PAGE


def test_line_ends_stay_what_they_are() -> None:
    windows = PAGE.replace("\n", "\r\n")
    assert insert(windows, "papers", "a\nb\n", "README.md") == windows.replace("old", "a\r\nb")


def test_a_file_without_a_last_line_end_keeps_so() -> None:
    page = "<!-- bibtool:begin p -->\n<!-- bibtool:end -->"
    assert insert(page, "p", "x", "f.md") == "<!-- bibtool:begin p -->\n\nx\n\n<!-- bibtool:end -->"


def test_other_marks_are_left() -> None:
    page = PAGE + PAGE.replace("papers", "others")
    assert insert(page, "others", "new", "f.md") == PAGE + PAGE.replace("papers", "others").replace(
        "old", "new"
    )


def test_marks_in_a_block_of_code_are_only_talk() -> None:
    page = f"```md\n{PAGE}```\n~~~~\n~~~\n<!-- bibtool:begin papers -->\n~~~~\n{PAGE}"
    assert insert(page, "papers", "new", "f.md").endswith(PAGE.replace("old", "new"))
    assert insert(page, "papers", "new", "f.md").startswith(page.removesuffix(PAGE))


@pytest.mark.parametrize(
    ("page", "line", "problem"),
    [
        ("# Mine\n", 1, "is missing"),
        (PAGE + PAGE, 12, "stands twice"),
        ("x\n<!-- bibtool:begin papers -->\n", 2, "not closed"),
        (
            "<!-- bibtool:begin papers -->\n<!-- bibtool:begin b -->\n<!-- bibtool:end -->",
            1,
            "not closed",
        ),
        ("text <!-- bibtool:begin papers -->\n<!-- bibtool:end -->\n", 1, "is missing"),
    ],
)
def test_marks_that_leave_doubt_are_refused(page: str, line: int, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem) as refused:
        insert(page, "papers", "new", "README.md")
    assert (refused.value.place.path, refused.value.place.line) == ("README.md", line)


def test_in_a_file_of_tex_the_marks_are_its_comments() -> None:
    page = "\\section{Mine}\n% bibtool:begin papers\nold\n  %% bibtool:end\ntail"
    assert insert(page, "papers", "new", "paper.tex") == page.replace("old", "new")
    with pytest.raises(Unreadable, match="the mark % bibtool:begin others is missing"):
        insert(page, "others", "new", "paper.tex")


@pytest.mark.parametrize(("codec", "mark"), [pytest.param("utf-8", b"", id="UTF-8"), *ENCODINGS])
def test_a_page_keeps_its_encoding_its_line_ends_and_every_other_byte(
    desk: Desk, codec: str, mark: bytes
) -> None:
    text = PAGE.removeprefix("# Mine\n\n") + "Für 論文,\n\tohne Ende"
    page = desk.write("README.md", text)
    assert desk.run("sync").code == 0
    written = page.read_text(encoding="utf-8")
    assert "Attention Is All You Need" in written

    page.write_bytes(mark + text.replace("\n", "\r\n").encode(codec))
    for _ in range(2):
        said = desk.run("sync")
        assert said.code == 0, said.err
        assert page.read_bytes() == mark + written.replace("\n", "\r\n").encode(codec)


@pytest.mark.parametrize(("codec", "mark"), ENCODINGS)
def test_a_dry_run_shows_a_page_as_it_is_read(desk: Desk, codec: str, mark: bytes) -> None:
    page = desk.write("README.md", PAGE.replace("# Mine\n\n", "Für 論文\n"))
    shown = desk.run("sync", "--dry-run").out
    assert "@@\n Für 論文\n" in shown
    page.write_bytes(mark + page.read_bytes().decode().encode(codec))
    assert desk.run("sync", "--dry-run").out == shown


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{PAGE}Für".encode("cp1252"), "10: byte 74 is not UTF-8; save the file as UTF-8"),
        (PAGE.encode("utf-16-le"), "1: holds a NUL byte; save it as UTF-8"),
        (
            f"\ufeff{PAGE}".encode("utf-16-le") + b"x",
            "10: byte 148 is not UTF-16-LE; save the file as UTF-8",
        ),
    ],
    ids=["Windows-1252", "UTF-16 without its mark", "UTF-16 cut short"],
)
def test_a_page_that_is_no_text_is_refused_with_its_line(
    desk: Desk, data: bytes, said: str
) -> None:
    page = desk.root / "README.md"
    page.write_bytes(data)
    refused = desk.run("sync", "-q")
    assert refused.code == 2
    assert refused.err.startswith(f"bibtool: README.md:{said}")
    assert page.read_bytes() == data
