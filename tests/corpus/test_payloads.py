"""Hostile inputs of the corpus that no other page of the corpus suite tries."""

import base64
import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bibtool import bib, lock
from bibtool.errors import Unreadable
from bibtool.identify import identifiers_in
from bibtool.model import Notice, Place
from bibtool.read import read_list, read_text
from bibtool.report import Report, problem_lines
from bibtool.tex import to_tex
from bibtool.tex.plain import from_tex

pytestmark = pytest.mark.corpus
LIMIT = 2.0  # s for one input of up to a megabyte


def payloads(corpus: Path, surface: str) -> Iterator[str]:
    for line in (corpus / "payloads.jsonl").read_text("utf-8").splitlines():
        each = json.loads(line)
        if each["surface"] != surface:
            continue
        if more := each.get("expand"):
            yield more["prefix"] + more["unit"] * more["times"] + more["suffix"]
        else:
            yield each["payload"]


def test_no_input_makes_reading_slow(corpus: Path) -> None:
    readers = {
        "list.md": lambda text: read_text(text, "list.md"),
        "list.html": lambda text: read_text(text, "list.html"),
        "a.bib": lambda text: bib.three_way(bib.parse(text, "a.bib"), {}, []),
        "identifiers": identifiers_in,
        "to TeX": to_tex,
        "from TeX": from_tex,
    }
    slow = []
    tried = list(payloads(corpus, "redos.input"))
    for text in tried:
        for name, read in readers.items():
            began = time.perf_counter()
            with contextlib.suppress(Unreadable):
                read(text)
            taken = time.perf_counter() - began
            if taken > LIMIT * max(1.0, len(text) / 1e6):
                slow.append((name, text[:30], len(text), round(taken, 1)))
    assert len(tried) == 20
    assert slow == []


def test_a_list_of_another_encoding_is_read_right_or_refused(corpus: Path, tmp_path: Path) -> None:
    tried = [base64.b64decode(each) for each in payloads(corpus, "encoding.input")]
    for number, data in enumerate(tried):
        for suffix in (".bib", ".md"):
            path = tmp_path / f"{number}{suffix}"
            path.write_bytes(data)
            try:
                rows = read_list(path, path.name).rows
            except Unreadable as error:
                assert str(error).startswith(f"{path.name}:"), error  # noqa: PT017
                continue
            titles = " ".join(row.claim.title for row in rows)
            assert "\ufffd" not in titles
            assert "\0" not in titles
    assert len(tried) == 7


def test_no_foreign_lock_is_taken_for_ours(corpus: Path) -> None:
    tried = list(payloads(corpus, "lock.file"))
    for text in tried:
        for read in (lock.decode, lock.sides):
            with pytest.raises(Unreadable, match=r"^refs/bibtool\.lock:\d+: "):
                read(text.encode(), "refs/bibtool.lock")
    assert len(tried) == 13


def test_no_control_sign_reaches_the_terminal(corpus: Path) -> None:
    tried = [*payloads(corpus, "terminal.log"), *payloads(corpus, "text.unicode")]
    for text in tried:
        notice = Notice(Place(f"lists/{text}.md", 3), "title", f"the title is {text}")
        lines = list(problem_lines(Report(notices=(notice,))))
        assert len(lines) == 1
        assert lines[0].isprintable()
    assert len(tried) == 25


def test_an_identifier_is_never_more_than_an_identifier(corpus: Path) -> None:
    tried = list(payloads(corpus, "id.parse"))
    for text in tried:
        for which in identifiers_in(text)[0]:
            assert which.isprintable()
            assert not set(which) & set(" \r\n\t\\{}\"'|&;`$")
    assert len(tried) == 14
