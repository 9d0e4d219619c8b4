"""The everyday commands on real lists, in a terminal, against the corpus's own stand-in.

What the terminal shows quotes the lists, which have owners, so it is not kept; figures and shapes are.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from everyday import Desk
from screen import Session
from service import Service

from bibtool.model import Identifier, Place, Record, Row
from bibtool.read import read_list

pytestmark = [pytest.mark.corpus, pytest.mark.slow]
LISTS = (
    "paper-list.md",
    "lists/GT-RIPL__Awesome-LLM-Robotics.md",
    "lists/jungwoo-ha__WeeklyArxivTalk.md",
    "lists/zwang4__awesome-machine-learning-in-compilers.md",
)
NEW = Row(
    place=Place("new.md", 1),
    line_end=1,
    text="",
    claim=Record(
        title="A Work that No List Has so Far", identifiers=(Identifier("arxiv:2401.99999"),)
    ),
)


def record(row: Row, number: str) -> dict[str, object]:
    """A work as the stand-in keeps it, with the row's own title; the rest is made up."""
    return {
        "id": number, "arxiv": number, "doi": None, "arxiv_doi": False,
        "title": row.claim.title, "pub_title": None, "subtitle": "",
        "authors": [["Ada", "Lovelace"]], "year": row.claim.year or 2024, "pub_year": None,
        "venue": "", "volume": "", "issue": "", "page": "", "publisher": "", "type": "article",
        "category": "cs.CV", "categories": ["cs.CV"], "comment": "", "date": "2024-05-17",
    }  # fmt: skip


@contextmanager
def standing_in(corpus: Path, rows: Sequence[Row], folder: Path) -> Iterator[str]:
    """The corpus's stand-in for the services, which knows the works of `rows`; its address."""
    by_number = {
        which.partition(":")[2]: row
        for row in rows
        for which in row.claim.identifiers
        if which.startswith("arxiv:")
    }
    records = folder / "records.json"
    records.write_text(json.dumps([record(row, number) for number, row in by_number.items()]))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = corpus / "standin/standin.py"
    child = subprocess.Popen(
        [sys.executable, str(program), "--port", str(port), "--records", str(records)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait()


def shown(desk: Desk, *words: str) -> tuple[int, str]:
    session = Session(desk, words)
    code = session.end()
    assert "Traceback" not in session.text
    return code, session.text


@pytest.mark.parametrize("name", LISTS)
def test_an_ordinary_week_with_a_real_list(name: str, corpus: Path, tmp_path: Path) -> None:
    paper_list = read_list(corpus / name, "README.md")
    with standing_in(corpus, [*paper_list.rows, NEW], tmp_path) as address:
        desk = Desk(tmp_path / "project", Service(url=address))
        desk.list.unlink()
        readme = desk.root / "README.md"
        shutil.copy(corpus / name, readme)

        code, text = shown(desk, "sync")  # the first run in a folder that knows nothing of bibtool
        assert code == 0, text
        lines = text.splitlines()
        papers, categories = len(paper_list.rows), len({row.category for row in paper_list.rows})
        plural = "category" if categories == 1 else "categories"
        assert lines[1] == f"README.md holds {papers} papers in {categories} {plural}; using it"
        assert lines[2].startswith("will write refs/bibtool.lock, ")
        assert "nothing to do" in shown(desk, "sync")[1]

        before = readme.read_bytes()
        heading = " / ".join(paper_list.rows[0].category)
        code, text = shown(desk, "add", "2401.99999", "--to", heading)
        assert code == 0, text
        assert text.endswith("lovelace2024work\n")
        added = readme.read_bytes()
        assert added.count(b"\n") - before.count(b"\n") in (1, 2, 3, 4)
        assert "is there already" in shown(desk, "add", "2401.99999", "--to", heading)[1]
        assert readme.read_bytes() == added

        marked = _review(desk)
        mark = b" <!-- bibtool: skip -->"
        assert len(readme.read_bytes()) == len(added) + len(mark) * marked

        code, text = shown(desk, "outdated")
        assert (code, "looked at: nothing new" in text) == (0, True), text
        desk.run("export", "-o", "main.bib")
        assert "nothing in main.bib" in shown(desk, "pull", "main.bib")[1]
        assert shown(desk, "sync", "--check")[0] == 0


def _review(desk: Desk) -> int:
    """Skip the first row that waits, then stop; how many rows were marked.

    A row that shares its line with another paper cannot be marked, and that is said.
    """
    session = Session(desk, ["review"])
    if session.either("\n>", "no row waits for you") == 1:
        session.end()
        return 0
    assert re.search(r"1 of \d+ ", session.text)
    assert all(len(line) <= 80 or "://" in line for line in session.text.splitlines())
    session.type("s")
    came = session.either("Enter goes on", "\n>", "rows settled")
    if came == 0:
        assert "another paper stands on the same line" in session.text
        session.type("")
    if came == 1 or (came == 0 and session.either("\n>", "rows settled") == 0):
        session.type("q")
    assert session.end() == 0
    return 0 if came == 0 else 1
