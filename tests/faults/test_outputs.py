"""Outputs that are no plain files, and files that change while bibtool runs."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import BEFORE, LIST, Desk, Library, add_a_row, addresses, asking
from service import serving
from tally import LONG, Tally

MISC = "@misc{{{},\n  title = {{Mine}},\n}}\n"
NAMES = ("references.bib", "bibtool.lock", "references.tex", "sections/vision.md")


def outside(path: Path, name: str) -> Path:
    """A file beside the project that `path` stands in."""
    return next(p for p in path.parents if p.name == "project").with_name(name)


def folder(path: Path) -> None:
    path.mkdir()
    (path / "kept").write_text("kept")


def link(path: Path) -> None:
    outside(path, "kept").write_text("kept")
    path.symlink_to(outside(path, "kept"))


def hanging_link(path: Path) -> None:
    path.symlink_to(outside(path, "nothing"))


def loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: dict[str, Callable[[Path], None]] = {
    "folder": folder,
    "link": link,
    "hanging link": hanging_link,
    "loop": loop,
    "pipe": os.mkfifo,
}


@pytest.mark.promise(9)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_refused_and_kept(
    kind: str, desk: Desk, library: Library, tally: Tally
) -> None:
    for name in NAMES:
        desk.lay(library.old)
        path = desk.refs / name
        path.unlink()
        KINDS[kind](path)
        before = {k: v for k, v in desk.files().items() if not k.startswith(name)}
        with serving() as service, tally.trial(f"{name} is a {kind}"):
            ran = desk.run("sync", env=desk.env(**addresses(service.url)), timeout=20)
            assert ran.code in (74, 2), ran.said()
            assert name in ran.said()
            assert service.log == []
            after = {k: v for k, v in desk.files().items() if not k.startswith(name)}
            assert after == before
            assert not outside(path, "nothing").exists()
            assert kind != "link" or outside(path, "kept").read_text() == "kept"


@pytest.mark.promise(9)
@pytest.mark.parametrize("name", ["sections", ".bibtool", ".", "lists"])
def test_a_folder_that_leads_elsewhere_is_not_followed(
    name: str, desk: Desk, tally: Tally, tmp_path: Path
) -> None:
    """A clone can bring links; what bibtool writes stays in the output folder."""
    elsewhere = tmp_path / "elsewhere"
    path = desk.refs / name
    if path.is_dir():
        path.resolve().rename(elsewhere)
    else:
        elsewhere.mkdir()
    os.symlink(elsewhere, os.path.normpath(path))
    before = sorted(elsewhere.rglob("*"))
    with tally.trial(name):
        ran = desk.run("sync", "--offline")
        assert ran.code == (0 if name == "lists" else 74), ran.said()
        assert sorted(elsewhere.rglob("*")) == before


@pytest.mark.promise(4)
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "hanging link"])
def test_a_list_that_is_no_file_is_said_at_once(kind: str, desk: Desk, tally: Tally) -> None:
    desk.papers.unlink()
    if kind == "device":
        desk.papers.symlink_to("/dev/zero")
    else:
        KINDS[kind](desk.papers)
    with tally.trial(kind):
        ran = desk.run("sync", "--offline", LIST, timeout=20)
        assert ran.code == 2, ran
        assert LIST in ran.said()


@pytest.mark.promise(2)
def test_an_edit_made_while_bibtool_runs_is_never_lost(
    desk: Desk, library: Library, tally: Tally
) -> None:
    """Somebody saves the .bib again and again, each time with one entry more."""
    for number in range(20 if LONG else 3):
        desk.lay(library.old)
        with serving() as service, Editor(desk.bib, MISC) as editor:
            ran = desk.run("sync", "--refresh", env=desk.env(**addresses(service.url)))
        text = desk.bib.read_text(encoding="utf-8")
        with tally.trial(f"run {number}, {len(editor.added)} edits"):
            assert ran.code in (0, 74), ran.said()
            assert ran.code == 0 or "keeps changing" in ran.err
            assert editor.added
            assert [key for key in editor.added if f"{{{key}," not in text] == []


@pytest.mark.promise(2)
@pytest.mark.parametrize(
    ("words", "name", "line", "done"),
    [
        ("add arXiv:1512.03385 --to Vision", "lists/papers.md", "{}\n", "1512.03385"),
        ("pull copy.bib", "references.bib", MISC, "Attention Was"),
    ],
    ids=["add", "pull"],
)
def test_an_edit_made_while_another_command_writes_is_never_lost(
    words: str, name: str, line: str, done: str, desk: Desk, library: Library, tally: Tally
) -> None:
    """The file is long, so that to read it takes a while; somebody saves it again and again."""
    bib = library.new["references.bib"]
    (desk.root / "copy.bib").write_bytes(bib.replace(b"Attention Is", b"Attention Was"))
    long = BEFORE + "\n" + "Words that are no row.\n\n" * 3000
    for number in range(20 if LONG else 2):
        desk.lay({**library.new, "lists/papers.md": long.encode()})
        path = desk.refs / name
        with Editor(path, line, every=0.1) as editor:
            ran = desk.run(*words.split())
        text = path.read_text(encoding="utf-8")
        with tally.trial(f"run {number}, {len(editor.added)} edits"):
            assert ran.code in (0, 74), ran.said()
            assert ran.code == 0 or "keeps changing" in ran.err
            assert editor.added
            assert [key for key in editor.added if key not in text] == []
            assert ran.code == 74 or done in text


class Editor(threading.Thread):
    """Adds a line to a file every few hundredths of a second and saves as editors do."""

    def __init__(self, path: Path, line: str, every: float = 0.03) -> None:
        super().__init__()
        self._path = path
        self._line = line
        self._every = every
        self._done = threading.Event()
        self.added: list[str] = []

    def __enter__(self) -> "Editor":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self.join()

    def run(self) -> None:
        beside = self._path.with_suffix(".editor")
        while not self._done.wait(self._every):
            key = f"mine{len(self.added)}x"  # none of them begins another
            text = self._path.read_text(encoding="utf-8")
            beside.write_text(text + self._line.format(key), encoding="utf-8")
            os.replace(beside, self._path)
            self.added.append(key)


@pytest.mark.promise(2)
def test_a_list_that_changes_in_the_run_is_followed_by_the_next(
    desk: Desk, library: Library, tally: Tally
) -> None:
    desk.papers.write_bytes(library.old["lists/papers.md"])
    desk.lock.unlink()
    with serving("drip:0.0005") as service, tally.trial("edited in a request"):
        with asking(desk, service) as env:
            add_a_row(desk)
            text = desk.papers.read_text()
        assert desk.papers.read_text() == text
        ran = desk.run("sync", env=env)
        assert "5 rows" in ran.out, ran
