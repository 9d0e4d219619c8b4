"""A test whose tool is missing is named as not run; in CI it fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NO_TOOLS = {"PATH": "/nonexistent", "PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"}
PANDOC = "import pytest\n\n@pytest.mark.pandoc\ndef test_it() -> None: pass\n"
BY_HAND = "import pytest\n\ndef test_it() -> None: pytest.skip('not today')\n"
FINE = "def test_it() -> None: pass\n"


def run(folder: Path, text: str, *options: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of pytest on `text` under this suite's conftest."""
    (folder / "test_sample.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  pandoc: needs pandoc\n")
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*asked, *options, "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env={**NO_TOOLS, "HOME": os.environ.get("HOME", "/"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_missing_tool_is_named_and_the_run_passes(tmp_path: Path, workers: str) -> None:
    code, shown = run(tmp_path, PANDOC, "-n", workers)
    assert code == 0
    assert "1 not run: needs pandoc (Debian: pandoc)" in shown


def test_in_ci_a_missing_tool_is_a_failure(tmp_path: Path) -> None:
    code, shown = run(tmp_path, PANDOC, CI="true")
    assert code == 1
    assert "1 error" in shown
    assert "needs pandoc" in shown


@pytest.mark.parametrize("workers", ["0", "1"])
def test_in_ci_any_skipped_test_fails_the_run(tmp_path: Path, workers: str) -> None:
    code, shown = run(tmp_path, BY_HAND, "-n", workers, CI="true")
    assert code == 1
    assert "1 not run: not today" in shown


def test_a_run_with_nothing_left_out_says_nothing_of_it(tmp_path: Path) -> None:
    code, shown = run(tmp_path, FINE, CI="true")
    assert code == 0
    assert "not run" not in shown


def test_a_corpus_that_is_not_there_is_no_failure_outside_ci(tmp_path: Path) -> None:
    sample = "from needs import demand\n\ndef test_it() -> None: demand('corpus')\n"
    absent = str(tmp_path / "absent")
    assert run(tmp_path, sample, BIBTOOL_CORPUS=absent)[0] == 0
    assert run(tmp_path, sample, BIBTOOL_CORPUS=absent, CI="true")[0] == 1
    assert run(tmp_path, sample, BIBTOOL_CORPUS=str(TESTS), CI="true")[0] == 0
