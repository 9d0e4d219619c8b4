"""Whoever reads the output may go away: the run goes on to its end, and its exit code is its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

UNKNOWN = "- [A paper](https://arxiv.org/abs/{:04}.{:05})\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    lists = tmp_path / "refs/lists"
    lists.mkdir(parents=True)
    rows = [UNKNOWN.format(1901 + n % 12, n) for n in range(3000)]  # told: more than a pipe holds
    (lists / "papers.md").write_text("# L\n\n" + "".join(rows))
    return tmp_path


def code_of(folder: Path, words: str, reader: str) -> tuple[int, str]:
    script = f'"$0" -m bibtool {words} {reader}; exit "${{PIPESTATUS[0]}}"'
    ran = subprocess.run(
        ["bash", "-c", script, sys.executable], cwd=folder, capture_output=True, text=True
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("read refs/lists/papers.md", 0),
        ("sync --check -v", 1),
        ("sync --offline -v", 69),
        ("sync --nonsense", 2),
        ("read nowhere.md", 2),
    ],
)
@pytest.mark.parametrize("reader", ["2>&1 | cat", "| head -n 1", "2>&1 | head -n 1", "2>&1 | true"])
def test_the_exit_code_is_the_runs_own(project: Path, words: str, code: int, reader: str) -> None:
    ended, said = code_of(project, words, reader)
    assert ended == code
    assert "BrokenPipe" not in said
    assert "Exception ignored" not in said


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_is_said_is_there_at_once(unbuffered: str) -> None:
    said = "sys.argv[1:] = ['nonsense']\ntry:\n    main()\nexcept SystemExit:\n    os._exit(0)"
    ran = subprocess.run(
        [sys.executable, "-c", f"import os, sys\nfrom bibtool.cli import main\n{said}"],
        env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
    )
    assert "invalid choice: 'nonsense'" in ran.stderr


def test_a_run_is_done_though_nobody_listens(project: Path) -> None:
    written = project / "refs/references.bib"
    code_of(project, "sync --offline -v", "2>&1 | true")
    assert written.exists()
