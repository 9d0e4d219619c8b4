"""Whatever a file holds, reading it does not raise, and no identifier in a link goes silently."""

import contextlib
import json
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bibtool.errors import Unreadable
from bibtool.identify import identifiers_in
from bibtool.model import PaperList
from bibtool.read import as_json, read_list, read_text

CASES = sorted((Path(__file__).parent / "cases" / "lists").glob("*.md"))
EXAMPLES = int(os.environ.get("BIBTOOL_EXAMPLES", "150"))  # a long run sets 10000 and more
common = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)

PIECES = st.sampled_from(
    ["# ", "## ", "- ", "  - ", "1. ", "* ", "> ", "| ", "|", "|---|---|\n", "\n", "\n\n", "**", "*", "_"]
    + ["[", "]", "](", ")", "![", "<", ">", "<td>", "<table>", "</table>", "<ul><li>", "</li>", "<a href="]
    + ['"', "“", "<details>", "<summary>", "</summary>", "</details>", "\\", ":", "：", "  ", "\t", "~~~"]
    + ["Paper", "Code: ", "A Longer Title of a Paper", "Jane Doe, Ann Roe", "CVPR 2024", "(2019)", "论文"]
    + [f"https://arxiv.org/abs/2401.{n:05d} " for n in range(1, 9)]
    + [f"[pdf](https://doi.org/10.1000/x{n})" for n in range(1, 9)]
    + ["@article{a, title={B}}", "&amp;", "&#x", "===", "---", "<br>", "\u202e", "\u00ad", "\x00"]
)  # fmt: skip
MARKDOWN = st.lists(PIECES, max_size=60).map("".join)
LINK = st.integers(1, 99999).map(lambda n: f"https://arxiv.org/abs/2401.{n:05d}")


def told(read: PaperList) -> set[str]:
    """Every identifier that the reader speaks of, in rows or among what it left out."""
    found = {which for row in read.rows for which in row.claim.identifiers}
    for row in read.rows:
        for url in (*row.urls, *row.code):
            found.update(identifiers_in(url)[0])
    for problem in read.skipped:
        found.update(identifiers_in(problem.message)[0])
    return found


@pytest.mark.parametrize("text", ["\\\\[]0 0 AA"])
def test_what_once_broke_the_reader_is_read(text: str) -> None:
    assert read_text(text, "list.md").skipped == ()


@common
@given(st.text(max_size=400))
def test_no_text_is_refused(text: str) -> None:
    for row in read_text(text, "list.md").rows:
        assert 1 <= row.place.line <= row.line_end <= text.count("\n") + text.count("\r") + 1


@common
@given(MARKDOWN)
def test_no_markdown_is_refused(text: str) -> None:
    read = read_text(text, "list.md")
    for row in read.rows:
        json.dumps(as_json(row))
    lines = text.count("\n") + 1
    assert all(1 <= row.place.line <= row.line_end <= lines for row in read.rows)


@common
@given(st.binary(max_size=300), st.sampled_from([".md", ".txt", ".html", ".csv", ".yaml", ".rst"]))
def test_bytes_are_read_or_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"random{suffix}"
    path.write_bytes(data)
    with contextlib.suppress(Unreadable):
        read_list(path, path.name)


@common
@given(st.lists(st.tuples(MARKDOWN, LINK), min_size=1, max_size=6))
def test_no_identifier_in_a_link_is_lost(parts: Sequence[tuple[str, str]]) -> None:
    text = "".join(f"{part} [words]({link}) " for part, link in parts)
    if any(sign in text for sign in ("```", "~~~", "@article")):
        return  # fences hide what is in them
    read = read_text(text, "list.md")
    for _, link in parts:
        assert set(identifiers_in(link)[0]) <= told(read)


@common
@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
def test_a_mutated_list_loses_no_identifier(path: Path, chance: random.Random) -> None:
    text = path.read_text("utf-8").partition("=== rows")[0]
    lines = text.split("\n")
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(lines))
        change = chance.randrange(4)
        if change == 0:
            del lines[at]
        elif change == 1:
            lines.insert(at, chance.choice(lines))
        elif change == 2:
            where = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:where] + chance.choice('[]()*|"<>`#- ') + lines[at][where:]
        else:
            lines[at], lines[-1] = lines[-1], lines[at]
        lines = lines or [""]
    link = f"https://arxiv.org/abs/2402.{chance.randint(1, 99999):05d}"
    lines.insert(chance.randrange(len(lines) + 1), f"* [A Line That Was Put In]({link})")
    mutated = "\n".join(lines)
    read = read_text(mutated, path.name)
    hidden = any(sign in mutated for sign in ("```", "~~~", "<!--"))
    assert hidden or set(identifiers_in(link)[0]) <= told(read)


HOSTILE = ["[", "![", "](", "*", "`", " ", "{", "}", "@a{b,", '"', "<", "&#x", "| ", "> ", "- ", "[a](",
           "(", "<a href=", "\n", "\n- ", "\n> ", "\n| a |", "**a", "_a ", "[[a](b)", "<td>", "<table>\n",
           "<!--", "<details>\n", "10.1234/", "https://a", "A, ", "🔥", "🔥 a ", "# a\n", "\u2028", "a. ", "1. **a**\n"]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_repetition_is_read_in_linear_time(unit: str) -> None:
    times = []
    for size in (20_000, 80_000):
        text = unit * (size // len(unit))
        tried = []
        for _ in range(3):  # the best of three: what a busy machine adds is not the reader's
            start = time.process_time()
            read_text(text, "list.md")
            tried.append(time.process_time() - start)
        times.append(min(tried))
    assert times[1] < 12 * max(times[0], 0.05)  # four times the text; quadratic would be sixteen
