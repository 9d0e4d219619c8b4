"""The benchmarks' own arithmetic and inputs: figures are only as good as these."""

from pathlib import Path

import pytest

from benchmarks import works
from benchmarks.asking import cases, floor_of
from benchmarks.measured import Run, Table, middle
from benchmarks.run import shown
from bibtool.identify import identifiers_in
from bibtool.read import read_text


@pytest.mark.parametrize(
    ("phases", "seconds"),
    [
        (((1, 0),), 0.2),  # one answer
        (((4, 0),), 3 * 3.0 + 0.2),  # three pauses of arXiv
        (((0, 3),), 2 * 1.0 + 0.2),
        (((2, 3),), 3.0 + 0.2),  # both services at once
        (((1, 0), (0, 2)), 0.2 + 1.0 + 0.2),  # the second waits for the first's answer
        (((0, 1), (0, 1)), 1.0 + 0.2),  # and for its own pause
    ],
)
def test_the_floor_is_what_pauses_and_latency_leave(
    phases: tuple[tuple[int, int], ...], seconds: float
) -> None:
    assert floor_of(phases) == pytest.approx(seconds)


def test_works_are_the_same_in_every_run_and_all_different() -> None:
    some = works.works(500)
    assert works.work.__wrapped__(7) == some[7]
    assert len({w.title for w in some}) == len({w.doi for w in some}) == 500
    assert len({w.arxiv for w in works.works(20_000)}) == 20_000


def test_lists_are_read_as_they_are_meant() -> None:
    for case in cases():
        found = read_text(works.paper_list(case.rows), "papers.md")
        assert len(found.rows) == len(case.rows)
        assert not [row for row in found.rows if row.problems]
        linked = sum("](http" in line for line in case.rows)
        assert sum(bool(row.claim.identifiers) for row in found.rows) == linked


def test_the_list_of_300_has_288_identifiers() -> None:
    (case,) = (case for case in cases() if case.first_bib)
    assert len(case.rows) == 300
    assert sum(bool(identifiers_in(row)[0]) for row in case.rows) == 288


def test_a_large_bib_has_the_entries_that_it_should(tmp_path: Path) -> None:
    works.large_bib(tmp_path / "large.bib", 330)
    assert (tmp_path / "large.bib").read_text(encoding="utf-8").count("\n@article{") == 330


def test_medians_are_taken_figure_by_figure_and_a_failure_is_not_hidden() -> None:
    runs = [Run(1.0, 9.0, 10.0, 0), Run(3.0, 1.0, 30.0, 0), Run(2.0, 5.0, 20.0, 1)]
    assert middle(runs) == Run(2.0, 5.0, 20.0, 1)


def test_what_is_not_ahead_is_named() -> None:
    table = Table("T", "What.", ("a", "b"), [("1", "2")], ["slow"])
    assert "- slow" in shown(table)
    assert not any("head of all" in line for line in shown(table))
