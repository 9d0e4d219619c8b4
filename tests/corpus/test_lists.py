"""Six real lists against what a careful reader finds in them, and hostile repetitions at length."""

import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bibtool import memo
from bibtool.memo import Memo
from bibtool.read import as_json, read_list, read_text

pytestmark = pytest.mark.corpus
OVERALL, EACH = 0.98, 0.95  # of each of the five measures


def scorer(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", corpus / "lists" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tallies(corpus: Path) -> dict[str, dict[str, int]]:
    score = scorer(corpus)
    found = {}
    for gold in sorted((corpus / "lists" / "gold").glob("*.jsonl")):
        path = next((corpus / "lists").glob(gold.stem + ".*"))
        rows = [as_json(row) for row in read_list(path, path.name).rows]
        wanted = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
        found[gold.stem] = score.score(gold.stem, wanted, rows, 0, score.FREE)
    return found


def test_lists_that_were_read_before_give_the_same(corpus: Path) -> None:
    for path in sorted((corpus / "lists").glob("*.md")):
        text = path.read_text("utf-8")
        first = Memo()
        read = read_text(text, path.name, first)
        again = memo.parse(b"", first.text(b""))
        assert read_text(text, path.name, again) == read, path.name


def measures(tally: dict[str, int]) -> dict[str, float]:
    return {
        "entry recall": tally["found"] / tally["gold"],
        "entry precision": tally["found"] / (tally["found"] + tally["false"]),
        "identifier recall": tally["id_hit"] / tally["id_gold"],
        "identifier precision": tally["id_hit"] / tally["id_said"],
        "titles": tally["title"] / tally["found"],
    }


def test_six_lists_are_read_as_a_careful_reader_would(corpus: Path) -> None:
    found = tallies(corpus)
    for name, tally in found.items():
        for measure, share in measures(tally).items():
            assert share >= EACH, f"{measure} of {name}"
    total = {key: sum(tally[key] for tally in found.values()) for key in next(iter(found.values()))}
    for measure, share in measures(total).items():
        assert share >= OVERALL, f"{measure} over all"


def test_the_paper_list_is_read_whole(corpus: Path) -> None:
    records = json.loads((corpus / "records" / "papers.json").read_text("utf-8"))
    rows = [as_json(row) for row in read_list(corpus / "paper-list.md", "paper-list.md").rows]
    assert [row["title"] for row in rows] == [record["seed_title"] for record in records]
    for row, record in zip(rows, records, strict=True):
        wanted: dict[str, Any] = {
            "line": record["seed_line"],
            "category": [record["category"]] if record["paper_url"] else ["Others"],
            "code": [record["code_url"]] if record["code_url"] else [],
            "dataset": record["dataset"],
            "arxiv": [record["arxiv_id"]] if record["paper_url"] else [],
            "urls": [record["paper_url"]] if record["paper_url"] else [],
        }
        hint = record["venue_hint"]
        wanted["year"] = int(hint[-4:]) if hint else None
        wanted["venue"] = hint[:-5] or None if hint else None
        assert {key: row[key] for key in wanted} == wanted


def payloads(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "payloads.jsonl").read_text("utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["surface"] == "redos.input"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html"])
def test_hostile_repetitions_take_seconds_and_grow_with_their_length(
    corpus: Path, suffix: str
) -> None:
    for payload in payloads(corpus):
        expand = payload["expand"]
        times = {}
        for size in (None, 250_000, 1_000_000):
            count = expand["times"] if size is None else size // len(expand["unit"])
            text = expand["prefix"] + expand["unit"] * count + expand["suffix"]
            start = time.process_time()
            read_text(text, f"list{suffix}")
            times[size] = time.process_time() - start
        assert times[None] < 3.0, payload["id"]
        # Four times the text; quadratic time would be sixteen times as long.
        assert times[1_000_000] < 10 * max(times[250_000], 0.1), payload["id"]
