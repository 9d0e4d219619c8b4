"""The bibliography that comes with bibtool: kept true, and made again without any network."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bibtool import bib

ROOT = Path(__file__).parent.parent
WORKS = 40
CATEGORIES = 6


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a run in a fresh clone sees."""
    for name in ("refs", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("README.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    """What is committed: everything but the folder that says of itself that git ignores it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: p.read_bytes() for name, p in names.items() if not name.startswith(".bibtool/")}


def bibtool(folder: Path, *words: str, before: tuple[str, ...] = ()) -> dict[str, object]:
    done = subprocess.run(
        [*before, sys.executable, "-m", "bibtool", *words, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_list_lock_and_outputs_agree(clone: Path) -> None:
    before = files(clone / "refs")
    told = bibtool(clone, "sync", "--check")
    assert told["written"] == []
    assert told["outcomes"] == {
        "matched": WORKS, "ambiguous": 0, "not-found": 0, "unavailable": 0, "skipped": 0,
    }  # fmt: skip
    assert files(clone / "refs") == before


@pytest.mark.system("unshare")
def test_deleted_outputs_are_written_again_without_network(clone: Path) -> None:
    refs = clone / "refs"
    before = files(refs)
    for path in (*refs.glob("references.*"), *refs.glob("sections/*")):
        path.unlink()
    told = bibtool(clone, "sync", before=("unshare", "-rn"))
    assert told["requests"] == {} or set(dict(told["requests"]).values()) == {0}  # type: ignore[call-overload]
    assert files(refs) == before


def test_the_bibliography_has_every_work_and_a_pair_of_sections_for_each_category() -> None:
    text = (ROOT / "refs" / "references.bib").read_text(encoding="utf-8")
    library = bib.parse(text, "refs/references.bib")
    assert len(library.entries) == WORKS
    assert not library.problems
    sections = {path.name for path in (ROOT / "refs" / "sections").iterdir()}
    slugs = {name.partition(".")[0] for name in sections}
    assert len(slugs) == CATEGORIES
    assert {f"{slug}.{suffix}" for slug in slugs for suffix in ("tex", "md")} == sections
