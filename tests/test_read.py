"""What the reader tells beside rows: conflicts, categories, marks, files that cannot be read."""

import codecs
from pathlib import Path

import pytest

from bibtool.errors import Unreadable
from bibtool.read import as_json, conflicts, list_like_files, read_list, read_text

LIST = """# Papers

## First
* [A Title of More Than Four Words](https://arxiv.org/abs/2401.00001)
* [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03385)

## Second
* [A Quite Different Name for the Same Number](https://arxiv.org/abs/2401.00001)
* [Deep Residual Learning for Image Recognition](https://arxiv.org/abs/1512.03386)
* [A Title of More than Four Words](https://arxiv.org/abs/2401.00001)
"""


def test_one_identifier_under_two_titles_is_a_conflict_with_both_lines() -> None:
    first, _ = conflicts([read_text(LIST, "list.md")])
    assert first.place.line == 8
    assert "arxiv:2401.00001" in first.message
    assert "list.md:4" in first.message


def test_one_title_under_two_identifiers_is_a_conflict_with_both_lines() -> None:
    _, second = conflicts([read_text(LIST, "list.md")])
    assert second.place.line == 9
    assert "list.md:5" in second.message
    assert "arxiv:1512.03385" in second.message
    assert "arxiv:1512.03386" in second.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[BERT](https://arxiv.org/abs/1810.04805)", "[Pre-training of Deep Things for Language](https://arxiv.org/abs/1810.04805)"),
        ("[A Title of Seven Words to Compare](https://arxiv.org/abs/2401.00001)", "[A Title of Seven Words, to Compare](https://arxiv.org/abs/2401.00001)"),
        ("[A Title of Seven Words to Compare](https://arxiv.org/abs/2401.00001)", "[A Title of Seven Words to Compare](https://doi.org/10.1000/x)"),
        ("[A Title of Seven Words to Compare](https://doi.org/10.1101/2020.01.01.1)", "[A Title of Seven Words to Compare](https://doi.org/10.1000/x)"),
    ],
)  # fmt: skip
def test_nicknames_slips_and_preprints_are_no_conflicts(one: str, other: str) -> None:
    assert conflicts([read_text(f"# L\n\n## A\n* {one}\n* {other}\n", "list.md")]) == ()


def test_conflicts_are_found_between_lists() -> None:
    lists = [read_text(LIST.replace("## Second", "## Second"), name) for name in ("a.md", "b.md")]
    assert any(
        "a.md" in problem.message and problem.place.path == "b.md" for problem in conflicts(lists)
    )


def test_a_category_keeps_the_curators_word_on_it() -> None:
    text = "# L\n\n## First\n> What it is about.\n\n* [A Title of Many Words](https://arxiv.org/abs/2401.00001)\n"
    (category,) = read_text(text, "list.md").categories
    assert (category.path, category.place.line, category.description) == (("First",), 3, "What it is about.")  # fmt: skip


def test_a_table_right_under_a_quote_is_read() -> None:
    text = "# L\n## First\n> About.\n| title | paper |\n|---|---|\n|A Title of Words|[2024](https://arxiv.org/abs/2401.00001)|\n"
    (row,) = read_text(text, "list.md").rows
    assert (row.claim.title, row.claim.year, row.place.line) == ("A Title of Words", 2024, 6)


def test_marks_say_what_a_row_is() -> None:
    text = (
        "# L\n\n## P\n"
        "* [Something on a Page](https://example.org/a.pdf) <!-- bibtool: skip -->\n"
        "* TIGeR <!-- bibtool: id=arXiv:2406.05814 -->\n"
        "* [A Row with a Key](https://arxiv.org/abs/2401.00001) <!-- bibtool: key=smith2023 -->\n"
    )
    skipped, settled, keyed = read_text(text, "list.md").rows
    assert skipped.skip
    assert settled.settled
    assert settled.claim.identifiers == ("arxiv:2406.05814",)
    assert keyed.key == "smith2023"


def test_an_open_region_of_bibtools_own_is_a_problem() -> None:
    read = read_text(
        "# L\n<!-- bibtool:begin refs -->\n* [A](https://arxiv.org/abs/2401.00001)\n", "l.md"
    )
    assert [problem.place.line for problem in read.problems] == [2]


def test_as_json_has_every_field_of_the_interface() -> None:
    (row,) = read_text(
        "## P\n* [A Title of Words](https://arxiv.org/abs/2401.00001v3)\n", "l.md"
    ).rows
    assert as_json(row) == {
        "file": "l.md", "line": 2, "line_end": 2, "category": ["P"], "title": "A Title of Words",
        "short": None, "arxiv": ["2401.00001"], "doi": [], "urls": ["https://arxiv.org/abs/2401.00001v3"],
        "code": [], "venue": None, "year": None, "authors": [], "dataset": None, "notes": None, "problems": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"# L\n\n* M\xfcller\n", 3),
        (b"\x00\x01binary", 1),
        (b"# L\nnul\x00byte", 2),
        # The first byte of this sign is that of a line end.
        (codecs.BOM_UTF16_LE + "# Ċ\n".encode("utf-16-le") + b"x", 2),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path, data: bytes, line: int) -> None:
    path = tmp_path / "list.md"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=f"^list.md:{line}: "):
        read_list(path, "list.md")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(
    tmp_path: Path, codec: str, newline: str
) -> None:
    path = tmp_path / "list.md"
    path.write_bytes(LIST.replace("\n", newline).encode(codec))
    rows = read_list(path, "list.md").rows
    assert [row.place.line for row in rows] == [4, 5, 8, 9, 10]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"^gone\.md:1: "):
        read_list(tmp_path / "gone.md", "gone.md")


def test_files_that_look_like_lists_are_found_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "papers.md").write_text(LIST)
    (tmp_path / "refs.bib").write_text(
        "@article{a, doi={10.1000/a}}\n@article{b, doi={10.1000/b}}\n"
    )
    (tmp_path / "README.md").write_text("# A program\n\nIt does things.\n")
    (tmp_path / "CHANGELOG.md").write_text(LIST)
    (tmp_path / "papers.png").write_text(LIST)
    (tmp_path / "folder.md").mkdir()
    assert [path.name for path in list_like_files(tmp_path)] == ["papers.md", "refs.bib"]
