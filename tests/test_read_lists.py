"""Lists as people write them: each file of cases/lists is a list with the rows it should give.

Below `=== rows` stands one JSON object a row with the fields that matter, as `bibtool read --json`
names them (`problems` as a count). Below `=== skipped` stand the places that were left out.
"""

import json
from pathlib import Path

import pytest

from bibtool import memo
from bibtool.memo import Memo
from bibtool.model import PaperList
from bibtool.read import as_json, read_text

CASES = sorted((Path(__file__).parent / "cases" / "lists").iterdir())


def read_case(path: Path) -> tuple[PaperList, list[dict[str, object]], list[dict[str, object]]]:
    text, _, below = path.read_text("utf-8").partition("=== rows\n")
    rows, _, skipped = below.partition("=== skipped\n")
    read = read_text(text, path.name)
    return read, _objects(rows), _objects(skipped)


def _objects(lines: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.splitlines() if line.strip()]


@pytest.mark.parametrize("path", CASES, ids=[path.name for path in CASES])
def test_a_list_gives_the_rows_that_a_careful_reader_finds(path: Path) -> None:
    read, expected, _ = read_case(path)
    found = [as_json(row) for row in read.rows]
    assert [(row["line"], row["title"]) for row in found] == [
        (row["line"], row["title"]) for row in expected
    ]
    for want, row in zip(expected, found, strict=True):
        told = {**row, "problems": len(row["problems"])}  # type: ignore[arg-type]
        assert {key: told[key] for key in want} == want


@pytest.mark.parametrize("path", CASES, ids=[path.name for path in CASES])
def test_what_is_left_out_is_listed_with_its_reason(path: Path) -> None:
    read, _, expected = read_case(path)
    assert [problem.place.line for problem in read.skipped] == [each["line"] for each in expected]
    for problem, each in zip(read.skipped, expected, strict=True):
        assert str(each["says"]) in problem.message


@pytest.mark.parametrize("path", CASES, ids=[path.name for path in CASES])
def test_a_list_that_was_read_before_gives_the_same(path: Path) -> None:
    text = path.read_text("utf-8").partition("=== rows\n")[0]
    first = Memo()
    read = read_text(text, path.name, first)
    again = memo.parse(b"", first.text(b""))
    assert read_text(text, path.name, again) == read == read_text(text, path.name)
    assert not again.changed
