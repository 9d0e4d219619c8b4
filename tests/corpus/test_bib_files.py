"""Tricky, large and hostile .bib files: nothing is lost, and each is written back as it was."""

import json
import random
import re
import runpy
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from needs import corpus_folder

from bibtool import bib
from bibtool.bib.merge import merge
from bibtool.errors import Unreadable
from bibtool.model import BibEntry, Identifier, Name, Record
from bibtool.render.bibtex import entry_of, record_of, text_of
from bibtool.tex import from_tex, to_tex

pytestmark = pytest.mark.corpus
NEW = entry_of(
    "new2024entry",
    Record(
        title="A New Entry",
        authors=(Name("Doe", "J"),),
        year=2024,
        identifiers=(Identifier("arxiv:2401.99999"),),
    ),
)


@cache
def snippets() -> dict[str, Any]:
    path = corpus_folder() / "bib" / "snippets.py"
    return runpy.run_path(str(path))["SNIPPETS"] if path.is_file() else {}


@pytest.fixture(params=sorted(snippets()) or [""])
def snippet(request: pytest.FixtureRequest, corpus: Path) -> tuple[bytes, list[str]]:
    text, marks, _, _ = snippets()[request.param]
    return text if isinstance(text, bytes) else text.encode(), marks


def written(data: bytes, *theirs: BibEntry) -> bytes:
    text, encoding = bib.decode(data, "x.bib")
    return bib.encode(bib.three_way(bib.parse(text, "x.bib"), {}, theirs).text, encoding, "x.bib")


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_snippet_is_written_back_identical(snippet: tuple[bytes, list[str]]) -> None:
    data, _ = snippet
    assert written(data) == data


def test_an_entry_beside_it_touches_nothing_and_a_second_write_neither(
    snippet: tuple[bytes, list[str]],
) -> None:
    data, marks = snippet
    once = written(data, NEW)
    assert once != data
    assert written(once, NEW) == once
    text = bib.decode(once, "x.bib")[0]
    assert bib.decode(data, "x.bib")[0].strip() in text
    assert text_of(NEW) in text.replace("\r\n", "\n")
    for mark in marks:
        assert any(squeezed(one) in squeezed(text) for one in mark.split("|")), mark


def test_merging_a_snippet_keeps_its_marks(snippet: tuple[bytes, list[str]]) -> None:
    data, marks = snippet
    text = bib.decode(data, "x.bib")[0]
    result = merge([bib.parse(text, "x.bib")])
    for mark in marks:
        assert any(squeezed(one) in squeezed(result.text) for one in mark.split("|")), mark


def test_there_are_as_many_snippets_as_were_collected(corpus: Path) -> None:
    assert len(snippets()) == 48


@cache
def payloads(surface: str) -> list[str]:
    path = corpus_folder() / "payloads.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = [p for p in map(json.loads, lines) if p["surface"].startswith(surface)]
    return [p["payload"] if "expand" not in p else expanded(**p["expand"]) for p in found]


def expanded(prefix: str, unit: str, times: int, suffix: str) -> str:
    return prefix + unit * times + suffix


@pytest.mark.parametrize("payload", payloads("bibtex.file") or [""])
def test_a_hostile_file_is_kept_and_a_new_entry_is_whole(payload: str, corpus: Path) -> None:
    text = written(payload.encode(), NEW).decode()
    assert payload.rstrip() in text
    assert [e for e in bib.parse(text, "x").entries if e.key == NEW.key] == [NEW]
    merged = merge([bib.parse(payload, "a"), bib.parse(text_of(NEW), "b")])
    assert NEW.key in merged.text
    assert "hidden" not in payload or "hidden" in merged.text


@pytest.mark.parametrize("surface", ["bibtex.field", "latex"])
def test_hostile_values_never_leave_their_field(surface: str, corpus: Path) -> None:
    for text in payloads(surface):
        record = Record(
            title=text, authors=(Name(literal=text), Name("Doe", text)), venue=text, type="article"
        )
        entry = entry_of("key", record, keywords=[text], note=text)
        library = bib.parse(f"{text_of(entry)}\n\n{text_of(NEW)}\n", "x")
        assert library.entries == (entry, NEW), text
        assert not library.problems, text


def test_hand_edits_of_the_example_survive(corpus: Path) -> None:
    data = (corpus / "standin" / "handedit.bib").read_bytes()
    text = bib.decode(data, "x.bib")[0]
    theirs = [
        BibEntry(entry.key, entry.type, {**entry.fields, "year": "1900"})
        for entry in bib.parse(text, "x.bib").entries
    ]
    merged = bib.three_way(bib.parse(text, "x.bib"), {}, theirs)
    assert merged.text == text


@pytest.fixture(scope="session")
def large(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("bib") / "large.bib"
    command = [sys.executable, corpus / "bib" / "gen_bib.py", "10000", path]
    subprocess.run(command, check=True, timeout=120)
    return path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_ten_thousand_entries_lose_their_duplicates_and_nothing_else(large: str) -> None:
    """The generator names two kinds of duplicates by their keys; the third kind repeats a key."""
    library = bib.parse(large, "large.bib")
    all_keys = [entry.key for entry in library.entries]
    originals = [key for key in all_keys if not re.search(r"dup\d+$|^other\d+$", key)]
    result = merge([library])
    left = [entry.key for entry in bib.parse(result.text, "x").entries]
    assert len(all_keys) == 10_000
    assert left == list(dict.fromkeys(originals))
    assert result.keys.keys() == set(all_keys) - set(originals)
    assert not [notice for notice in result.notices if notice.kind != "merged"]


@pytest.mark.slow
def test_ten_changes_in_ten_thousand_change_ten_lines(large: str) -> None:
    library = bib.parse(large, "large.bib")
    unique = {entry.key: entry for entry in library.entries}
    picked = random.Random(1).sample(sorted(k for k, e in unique.items() if "year" in e.fields), 10)
    again = bib.three_way(library, unique, list(unique.values()))
    assert again.text == large
    theirs = [
        BibEntry(e.key, e.type, {**e.fields, "year": "1900"}, e.bare) if e.key in picked else e
        for e in unique.values()
    ]
    merged = bib.three_way(bib.parse(large, "large.bib"), unique, theirs)
    before, after = large.splitlines(), merged.text.splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 10


@pytest.mark.slow
@pytest.mark.parametrize("payload", payloads("redos") or [""], ids=lambda text: text[:6])
def test_four_times_the_input_takes_no_more_than_ten_times_as_long(
    payload: str, corpus: Path
) -> None:
    quarter, whole = payload[:10_000], payload[:40_000]
    assert seconds(whole) < 10 * seconds(quarter) + 0.5


def seconds(payload: str) -> float:
    began = time.process_time()
    for text in (payload, f"@misc{{a, author = {{{payload}}}, title = {{{payload}}}}}"):
        library = bib.parse(text.replace("<<<<<<<", ""), "x")
        assert library.problems is not None
        for entry in library.entries:
            record_of(entry)
        assert from_tex(to_tex(text, title=True)) is not None
        merge([library])
    return time.process_time() - began


def test_bytes_that_are_no_bib_are_refused(corpus: Path) -> None:
    with pytest.raises(Unreadable):
        bib.decode(b"\x00\x01\x02", "x.bib")
