"""Names that a clone brings: in the lock, as hard links, as links beside what bibtool keeps."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from desk import Desk, Library
from tally import Tally, sample

NAMES = (
    "../kept",
    "../../kept",
    "sections/../../../kept",
    "{outside}",
    "a\0b",
    "\0",
    "..",
    ".",
    "",
    "/",
    "~/kept",
    "a/b",
    "a\\..\\..\\kept",
    "a\nb",
    "con",
    ".bashrc",
    "-rf",
    "x" * 5000,
    "\ud7ff\u202e",
    "$HOME",
)
# Where the lock holds names, and what stands beside one: a lock that makes a name of it.
FIELDS = {
    "slugs": lambda lock, name: {"slugs": dict.fromkeys(lock["slugs"], name)},
    "outputs": lambda lock, name: {"outputs": lock["outputs"] | {name: "0" * 16}},
    "lists": lambda lock, name: {"lists": [name]},
    "told": lambda lock, name: {"told": {name: name}},
    "entries": lambda lock, name: {"entries": named(lock["entries"], name)},
}


def named(entries: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The first entry under another key."""
    first, *rest = entries.items()
    return {name: first[1], **dict(rest)}


def outside(desk: Desk) -> dict[str, bytes]:
    """All that stands beside the output folder, and beside the project."""
    top = desk.root.parent
    return {
        str(path): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and desk.refs not in path.parents and ".cache" not in path.parts
    }


@pytest.mark.promise(9)
@pytest.mark.parametrize("field", FIELDS)
def test_a_name_in_the_lock_leads_nowhere_else(
    field: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    for kept in (tmp_path / "kept", tmp_path / "kept.md", desk.root / "kept"):
        kept.write_text("kept")
    lock = json.loads(library.new["bibtool.lock"])
    for name in sample(NAMES, 4):
        name = name.replace("{outside}", str(tmp_path / "kept"))
        data = json.dumps(lock | FIELDS[field](lock, name), indent=1).encode()
        desk.lay({**library.new, "bibtool.lock": data})
        before = outside(desk)
        for words in (["sync", "--offline"], ["sync", "--offline", "--prune"]):
            with tally.trial(f"{field}: {name[:40]!r}, {' '.join(words)}"):
                ran = desk.run(*words)
                ran.said()
                assert ran.code in (0, 2, 74), ran
                assert outside(desk) == before
                assert desk.litter() == []
                if field == "slugs":
                    assert ran.code == 0
                    assert set(desk.files()) == set(library.new)
                if ran.code:
                    assert desk.lock.read_bytes() == data
                    assert ran.err.startswith("bibtool: ")


@pytest.mark.promise(9)
def test_a_hard_link_keeps_what_its_other_name_holds(
    desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    """As `cp -al` makes them for a backup: nothing that bibtool does reaches the copy."""
    for words in (["sync", "--offline"], ["sync", "--offline", "--prune"], ["lock", "--repair"]):
        desk.lay(library.old)
        desk.run("sync", "--dry-run")
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(desk.refs, copy, copy_function=os.link)
        before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
        with tally.trial(" ".join(words)):
            assert desk.run(*words).code == 0
            assert {path: path.read_bytes() for path in before} == before
            assert words[0] == "lock" or desk.files() == library.new


@pytest.mark.promise(9)
@pytest.mark.parametrize("how", ["link", "hanging link", "hard link", "pipe", "folder"])
def test_what_bibtool_keeps_for_itself_is_not_written_through(
    how: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    assert desk.run("sync", "--offline").code == 0
    hidden = desk.refs / ".bibtool"
    own = sorted(path.name for path in hidden.iterdir())
    assert {".gitignore", "run.lock"} < set(own)
    stamps = [name for name in own if name.startswith("stamp-")]
    for name in (*own, "pending.json", *(f"{stamp}.tmp" for stamp in stamps)):
        kept = tmp_path / "kept"
        kept.write_text("kept")
        desk.lay(library.old)
        hidden.mkdir()
        path = hidden / name
        match how:
            case "link":
                path.symlink_to(kept)
            case "hanging link":
                path.symlink_to(tmp_path / "nothing")
            case "hard link":
                os.link(kept, path)
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
        with tally.trial(f"{name} is a {how}"):
            ran = desk.run("sync", "--offline", timeout=20)
            ran.said()
            assert ran.code in (0, 74), ran
            assert ran.code == 0 or name in ran.err
            assert kept.read_text() == "kept"
            assert not (tmp_path / "nothing").exists()
            if ran.code == 0:
                assert desk.files() == library.new
