"""The table of docs/reliability.md is what the figures say, and the figures are of these tests."""

import json
import re

from table import FIGURES, HERE, PAGE, ROOT, page_with


def test_the_page_shows_the_figures_and_no_violation() -> None:
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    assert page_with(text, figures) == text
    assert all(row[2] == 0 for forms in figures.values() for row in forms.values())


def test_each_test_that_holds_a_promise_is_in_the_table() -> None:
    marked = re.compile(r"@pytest\.mark\.promise\(\d+\)\n(?:@.*\n|    .*\n|\)\n)*def (test_\w+)")
    found = {
        f"{path.relative_to(ROOT).as_posix()}::{name}"
        for path in HERE.glob("test_*.py")
        for name in marked.findall(path.read_text(encoding="utf-8"))
    }
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    assert found == figures.keys()
    assert all(forms.get("ci", [0, 0])[1] for forms in figures.values())
