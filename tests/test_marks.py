"""Writing between marks of a file: only there, and only where one pair of marks says so."""

import pytest

from bibtool.errors import Unreadable
from bibtool.render.marks import insert

PAGE = "# Mine\n\n<!-- bibtool:begin papers -->\n\nold\n\n<!-- bibtool:end -->\n\ntail  \n"


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
