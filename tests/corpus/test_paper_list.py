"""The list that bibtool was made for, from its rows to the files, against a local arXiv and Crossref."""

import json
import os
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bibtool import bib, stamp
from bibtool.lock import Lock, decode
from bibtool.model import Record, value_of

pytestmark = pytest.mark.corpus

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "refs"
LIST = "paper-list.md"
ACRONYMS = {"MultiDiff", "LANTERN", "TIGeR"}
RENAMED = "2503.23612"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


@pytest.fixture(scope="session")
def papers(corpus: Path) -> dict[str, dict[str, Any]]:
    """Verified facts about the works of the list by arXiv id; what is unknown is null."""
    facts = json.loads((corpus / "records" / "papers.json").read_text(encoding="utf-8"))
    return {paper["arxiv_id"]: paper for paper in facts}


@pytest.fixture(scope="session")
def services(corpus: Path) -> Iterator[dict[str, str]]:
    """The addresses of the stand-in, as the environment names them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = corpus / "standin"
    command = [sys.executable, folder / "standin.py", "--port", str(port)]
    records = ["--records", folder / "paper-list.json"]
    server = subprocess.Popen([*command, *records], stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield {
            "BIBTOOL_ARXIV_URL": f"{base}/api/query",
            "BIBTOOL_CROSSREF_URL": base,
            "BIBTOOL_DATACITE_URL": f"{base}/datacite",
        }
    finally:
        server.terminate()
        server.wait()


def bibtool(folder: Path, environment: Mapping[str, str], *words: str) -> tuple[int, Any]:
    """Exit code and the object of `--json`."""
    done = subprocess.run(
        [sys.executable, "-m", "bibtool", *words, "--json"],
        cwd=folder,
        env={**os.environ, **environment, "XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


class Run:
    """One sync of the list into an empty folder, and a second one after it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.out = folder / "out"
        words = ("sync", LIST, "--out", "out")
        self.code, self.told = bibtool(folder, environment, *words)
        self.lock: Lock = decode((self.out / "bibtool.lock").read_bytes(), "bibtool.lock")
        self.files = self._files()
        self.second_code, self.second = bibtool(folder, environment, *words)
        self.files_after = self._files()

    def _files(self) -> dict[str, bytes]:
        """All that people and git see."""
        found = (path for path in self.out.rglob("*") if path.is_file())
        seen = (path.relative_to(self.out) for path in found if stamp.FOLDER not in path.parts)
        return {str(path): (self.out / path).read_bytes() for path in seen}

    @property
    def bib(self) -> bib.Bibliography:
        return bib.parse(self.files["references.bib"].decode(), "references.bib")


@pytest.fixture(scope="session")
def run(corpus: Path, services: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("paper-list")
    (folder / LIST).write_bytes((corpus / LIST).read_bytes())
    return Run(folder, services)


def test_every_row_is_settled_or_waits_for_a_person(run: Run) -> None:
    assert run.code == 0
    assert run.told["rows"] == 40
    counts = run.told["outcomes"]
    assert counts == {
        "matched": 37, "ambiguous": 3, "not-found": 0, "unavailable": 0, "skipped": 0,
    }  # fmt: skip


def test_no_entry_is_of_a_work_that_the_list_does_not_mean(
    run: Run, papers: dict[str, dict[str, Any]]
) -> None:
    wanted = {name for name, paper in papers.items() if paper["seed_title"] not in ACRONYMS}
    assert {entry.fields.get("eprint") for entry in run.bib.entries} == wanted
    assert len(run.bib.entries) == 37


def test_an_acronym_is_a_question_with_candidates(run: Run) -> None:
    asked = {p["line"]: p for p in run.told["problems"] if p["outcome"] == "ambiguous"}
    lines = (run.out.parent / LIST).read_text(encoding="utf-8").splitlines()
    assert {lines[line - 1].strip() for line in asked} == ACRONYMS
    for line, problem in asked.items():
        short = lines[line - 1].strip()
        assert problem["candidates"]
        assert problem["candidates"][0]["title"].startswith(f"{short}: ")
        assert problem["candidates"][0]["reasons"]
        assert "<!-- bibtool: id=" in problem["message"]


def test_the_identifiers_of_the_list_cost_one_request(run: Run) -> None:
    looked_up = run.told["requests"]["arxiv"] - run.told["searches"]["arxiv"]
    assert looked_up == 1


def test_a_work_that_was_renamed_is_accepted_with_a_notice(run: Run) -> None:
    lines = (run.out.parent / LIST).read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines, 1) if RENAMED in line)
    kinds = [notice["kind"] for notice in run.told["notices"] if notice["line"] == row]
    assert "title" in kinds


def test_a_second_run_asks_nobody_and_writes_nothing(run: Run) -> None:
    assert run.second_code == 0
    assert sum(run.second["requests"].values()) == 0
    assert run.second["written"] == []
    assert run.files_after == run.files


def records_of(lock: Lock) -> Iterator[Record]:
    yield from (answer.record for answer in lock.lookups.values() if answer.record)
    for by_source in lock.searches.values():
        for search in by_source.values():
            yield from search.found


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


@pytest.mark.parametrize("which", ["shipped", "fresh"])
def test_a_lock_states_nothing_that_is_not_verified(
    which: str, run: Run, papers: dict[str, dict[str, Any]]
) -> None:
    """The stand-in fills gaps with placeholders; none of them may reach a lock."""
    lock = run.lock if which == "fresh" else decode((SHIPPED / "bibtool.lock").read_bytes(), which)
    by_doi = {
        paper["published"]["doi"].lower(): paper
        for paper in papers.values()
        if (paper["published"] or {}).get("doi")
    }
    records = list(records_of(lock))
    assert len(records) >= 40
    for record in records:
        ids = [value_of(name) for name in record.identifiers]
        paper = next(papers.get(name) or by_doi.get(name) for name in ids)
        assert paper, ids
        assert stated(record, paper) == [], ids


def stated(record: Record, paper: Mapping[str, Any]) -> list[str]:
    """What `record` says and the verified facts do not."""
    published: Mapping[str, Any] = paper["published"] or {}
    preprint = record.type == "misc"
    titles = [paper["arxiv_title"], published.get("published_title")]
    authors = [paper["authors"], published.get("published_authors")]
    said = ["".join([a.given, a.family, a.literal]) for a in record.authors]
    wrong = []
    if folded(record.title + record.subtitle) not in {folded(t) for t in titles if t}:
        wrong.append(f"title {record.title}")
    if [folded(name) for name in said] not in [[folded(n) for n in a] for a in authors if a]:
        wrong.append(f"authors {said}")
    submitted = (int(paper["arxiv_id"][2:4]), 2000 + int(paper["arxiv_id"][:2]))
    month, year = submitted if preprint else (published.get("month"), published.get("year"))
    if isinstance(month, str):
        month = MONTHS.index(month) + 1
    if record.year != year:
        wrong.append(f"year {record.year}")
    if record.month and record.month != month:
        wrong.append(f"month {record.month}")
    for field, value in {
        "volume": record.volume,
        "pages": record.pages.replace("-", "--"),
        "number": record.issue,
        "publisher": record.publisher,
        "issn": record.issn,
        "isbn": record.isbn,
    }.items():
        if value and value != published.get(field):
            wrong.append(f"{field} {value}")
    return wrong
