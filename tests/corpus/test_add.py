"""A row added to a real list: the diff is the new row, in every category of every list."""

from pathlib import Path

import pytest
from test_rows import RESNET, without_some_lines

from bibtool.read import read_text
from bibtool.rows import with_row

pytestmark = pytest.mark.corpus


def lists(corpus: Path) -> list[Path]:
    return [*sorted((corpus / "lists").glob("*.md")), corpus / "paper-list.md"]


@pytest.mark.parametrize("number", range(7))
def test_every_category_of_a_real_list_takes_a_row(corpus: Path, number: int) -> None:
    path = lists(corpus)[number]
    text = path.read_bytes().decode("utf-8")
    before = read_text(text.removeprefix("\ufeff"), path.name)
    categories = dict.fromkeys(row.category for row in before.rows)
    assert categories
    for category in categories:
        made = with_row(text, before, category, RESNET)
        assert without_some_lines(text, made.text)
        found = read_text(made.text.removeprefix("\ufeff"), path.name)
        fresh = [row for row in found.rows if row.place.line == made.line]
        assert [(row.category, row.claim.title) for row in fresh] == [(category, RESNET.title)]
        others = [row.claim for row in found.rows if row not in fresh]
        assert others == [row.claim for row in before.rows]
