"""What a run loads: a tool that is run at every save must be there at once."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from service import serving

from bibtool import stamp

ROOT = Path(__file__).parent.parent
HEAVY = {
    "bibtexparser", "docutils", "habanero", "httpx2", "jinja2", "markdown_it",
    "msgspec", "pylatexenc", "rapidfuzz", "requests", "rich", "tomllib", "typing", "yaml",
}  # fmt: skip
NETWORK = {"habanero", "httpx2", "requests", "urllib3"}
LOADED = """
import sys
from bibtool.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


def loaded(folder: Path, *arguments: str, **addresses: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=folder,
        env={**os.environ, **addresses, "XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.splitlines()[-1].split())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    lists = tmp_path / "refs/lists"
    lists.mkdir(parents=True)
    (lists / "papers.md").write_text("# Papers\n\n- no paper here\n", encoding="utf-8")
    time.sleep(2 * stamp.TICK)  # what is saved as a run begins leaves no stamp
    return tmp_path


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_loads_nothing_heavy(tmp_path: Path, option: str) -> None:
    assert not loaded(tmp_path, option) & HEAVY


def test_a_run_with_nothing_to_do_loads_nothing_heavy(project: Path) -> None:
    loaded(project, "sync", "--offline")
    assert not loaded(project, "sync", "--offline") & HEAVY


def test_a_run_that_asks_nobody_loads_no_network(project: Path) -> None:
    assert not loaded(project, "sync", "--offline") & NETWORK
    (project / "refs/.bibtool").rename(project / "refs/.elsewhere")  # the stamp with it
    assert not loaded(project, "sync", "--check") & NETWORK


def test_a_run_that_knows_all_its_rows_loads_no_network(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "refs", tmp_path / "refs", ignore=shutil.ignore_patterns(".bibtool"))
    [paper_list] = (tmp_path / "refs/lists").iterdir()
    paper_list.write_text(paper_list.read_text(encoding="utf-8") + "\n## A new heading\n")
    assert not loaded(tmp_path, "sync") & NETWORK


def test_a_stamp_says_nothing_once_anything_is_changed(project: Path) -> None:
    loaded(project, "sync", "--offline")
    (project / "refs/references.bib").write_text("% a word of mine\n", encoding="utf-8")
    assert loaded(project, "sync", "--offline") & {"msgspec"}


def test_no_stamp_hides_what_a_file_lacks_that_was_put_back(tmp_path: Path) -> None:
    """The lock knows the text that was put back, but by now another one belongs there."""
    shutil.copytree(ROOT / "refs", tmp_path / "refs", ignore=shutil.ignore_patterns(".bibtool"))
    section, [paper_list] = tmp_path / "refs/references.tex", (tmp_path / "refs/lists").iterdir()
    before = section.read_text(encoding="utf-8")
    section.write_text(f"% mine\n{before}", encoding="utf-8")
    words = paper_list.read_text(encoding="utf-8").replace("## Beyond images", "## Beyond")
    paper_list.write_text(words, encoding="utf-8")
    for _ in range(2):
        loaded(tmp_path, "sync", "--offline")
        assert section.read_text(encoding="utf-8") == f"% mine\n{before}"
    section.write_text(before, encoding="utf-8")
    loaded(tmp_path, "sync", "--offline")
    assert "\\paragraph{Beyond}" in section.read_text(encoding="utf-8")


def test_only_what_asks_the_service_that_is_asked_is_loaded(tmp_path: Path) -> None:
    """Crossref takes habanero, which brings much along; arXiv's answers take a parser of XML."""
    paper_list = tmp_path / "refs/lists/papers.md"
    paper_list.parent.mkdir(parents=True)
    paper_list.write_text("- https://arxiv.org/abs/1706.03762\n", encoding="utf-8")
    with serving() as service:
        arxiv = {"BIBTOOL_ARXIV_URL": f"{service.url}/api/query", "BIBTOOL_CROSSREF_URL": ""}
        names = loaded(tmp_path, "sync", **arxiv)
        assert {"requests", "pyexpat"} <= names
        assert not names & {"habanero", "httpx2", "bibtexparser", "rapidfuzz"}
        paper_list.write_text("- https://doi.org/10.1109/cvpr.2016.90\n", encoding="utf-8")
        both = {**arxiv, "BIBTOOL_CROSSREF_URL": service.url}
        for words in (["sync"], ["sync", "--refresh=10.1109/cvpr.2016.90"]):
            names = loaded(tmp_path, *words, **both)
            assert {"requests", "habanero"} <= names
            assert not names & {"pyexpat", "rapidfuzz"}
