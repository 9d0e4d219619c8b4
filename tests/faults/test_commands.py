"""The other commands that write, killed and on broken disks: old or new, and saying it again heals.

What one of them writes are a list, the lock, the bibliography, or a file that a person named.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

import pexpect
import pytest
from desk import BEFORE, BIBTOOL, Desk, Library, Ran, put
from msgspec.structs import replace
from syscalls import logged, strace
from tally import Tally, sample

from bibtool.lock import Answer, decode
from bibtool.lock.text import encode
from bibtool.model import Identifier

CALLS = "write,fsync,rename,renameat2,unlink"
ERRORS = {"write": ("ENOSPC", "EIO"), "fsync": ("EIO",), "rename": ("EIO", "ENOSPC"),
          "renameat2": ("EIO", "ENOSPC"), "unlink": ("EIO",)}  # fmt: skip
UNKNOWN = "- [A Paper that Nobody Ever Wrote Down](https://arxiv.org/abs/2001.99999)\n"
OTHER = "@misc{other,\n  title = {Another},\n  year = {2001},\n}\n"


class Case(NamedTuple):
    words: tuple[str, ...]
    lay: Callable[[Desk, Library], Mapping[str, bytes]]  # what stands in the project before
    typed: tuple[str, ...] = ()  # by a person at a terminal


def refs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"refs/{name}": data for name, data in files.items()}


def without_the_row(desk: Desk, library: Library) -> Mapping[str, bytes]:
    return refs({**library.old, "lists/papers.md": BEFORE.encode()})


def with_a_row_that_waits(desk: Desk, library: Library) -> Mapping[str, bytes]:
    lock = decode(library.new["bibtool.lock"], "lock")
    lock.lookups[Identifier("arxiv:2001.99999")] = Answer({"arxiv": "2026-11-23"})
    text = library.new["lists/papers.md"] + UNKNOWN.encode()
    return refs({**library.new, "bibtool.lock": encode(lock), "lists/papers.md": text})


def with_a_copy(desk: Desk, library: Library) -> Mapping[str, bytes]:
    text = library.new["references.bib"]
    return {**refs(library.new), "copy.bib": text.replace(b"Attention Is", b"Attention Was")}


def with_another(desk: Desk, library: Library) -> Mapping[str, bytes]:
    old = {"all.bib": b"% mine\n", "keys.json": b"{}\n", "other.bib": OTHER.encode()}
    return {**refs(library.new), **old}


def in_conflict(desk: Desk, library: Library) -> Mapping[str, bytes]:
    whole = decode(library.new["bibtool.lock"], "lock")
    lines = json.dumps(json.loads(encode(replace(whole, slugs={}))), indent=1).splitlines()
    middle = ["<<<<<<< HEAD", ' "told": {},', "=======", ' "lists": [],', ">>>>>>> theirs"]
    text = "\n".join([lines[0], *middle, *lines[1:]]) + "\n"
    return refs({**library.new, "bibtool.lock": text.encode()})


CASES = {
    "add": Case(("add", "arXiv:1512.03385", "--to", "Vision"), without_the_row),
    "review": Case(("review",), with_a_row_that_waits, ("s",)),
    "pull": Case(("pull", "copy.bib"), with_a_copy),
    "export": Case(("export", "-o", "all.bib"), with_another),
    "merge": Case(
        ("merge", "refs/references.bib", "other.bib", "-o", "all.bib", "--keys", "keys.json"),
        with_another,
    ),
    "lock": Case(("lock", "--repair"), in_conflict),
}


def stands(desk: Desk) -> dict[str, bytes]:
    """The whole project but what belongs to this machine, temporary files included."""
    return {
        path.relative_to(desk.root).as_posix(): path.read_bytes()
        for path in sorted(desk.root.rglob("*"))
        if path.is_file() and ".bibtool" not in path.parts
    }


def lay(desk: Desk, files: Mapping[str, bytes]) -> None:
    desk.lay({})
    for path in desk.root.iterdir():
        if path.is_file():
            path.unlink()
    put(desk.root, files)


def said(desk: Desk, case: Case, before: list[str]) -> Ran:
    """The command, with a person at a terminal if it asks one."""
    if not case.typed:
        return desk.run(*case.words, before=before)
    program, *words = [*before, *BIBTOOL, *case.words]
    child = pexpect.spawn(
        program, words, cwd=desk.root, env=desk.env(TERM="dumb"), encoding="utf-8", timeout=60
    )
    shown = ""
    for line in case.typed:
        if child.expect_exact(["\n>", pexpect.EOF]):
            break
        shown += child.before
        child.sendline(line)
    child.expect(pexpect.EOF)
    child.close()
    code = -child.signalstatus if child.signalstatus else child.exitstatus
    return Ran(int(code or 0), "", shown + child.before, 0.0)


class Tried:
    """One command, undisturbed and then disturbed again and again."""

    def __init__(self, name: str, desk: Desk, library: Library) -> None:
        self.name, self.case, self.desk = name, CASES[name], desk
        self.old = dict(self.case.lay(desk, library))
        lay(desk, self.old)
        said(desk, self.case, [])  # what is compiled but once is compiled here
        lay(desk, self.old)
        log = desk.root.parent / "calls"
        ran = said(desk, self.case, strace(CALLS, log=str(log)))
        assert ran.code == 0, ran.said()
        self.new = stands(desk)
        assert self.new != self.old
        self.calls = logged(log)
        assert desk.run("sync", "--offline").code == 0
        self.healed = stands(desk)

    def disturbed(self, call: str, inject: str) -> Ran:
        lay(self.desk, self.old)
        return said(self.desk, self.case, strace(call, inject))

    def assert_old_or_new(self) -> None:
        for name, data in stands(self.desk).items():
            if name.endswith("bibtool.lock") and data != self.old[name]:
                assert encode(decode(data, name)) == data  # it is saved more than once
            elif not name.endswith(".tmp"):
                states = {files.get(name) for files in (self.old, self.new, self.healed)}
                assert data in states, f"{name} is neither old nor new: {data[-300:]!r}"
        assert self.old.keys() <= stands(self.desk).keys()

    def litter(self) -> list[str]:
        return sorted(str(path) for path in self.desk.root.rglob("*.tmp"))

    def assert_heals(self) -> None:
        ran = said(self.desk, self.case, [])
        assert ran.code == 0, ran.said()
        assert self.desk.run("sync", "--offline").code == 0
        assert stands(self.desk) == self.healed
        assert self.litter() == []


@pytest.fixture(params=CASES)
def tried(request: pytest.FixtureRequest, desk: Desk, library: Library) -> Tried:
    return Tried(request.param, desk, library)


@pytest.mark.system("strace")
@pytest.mark.promise(1)
def test_a_kill_in_any_command_leaves_old_or_new(tried: Tried, tally: Tally) -> None:
    for call, number in sample(tried.calls, 3):
        ran = tried.disturbed(call, f"error=EIO:signal=KILL:when={number}")
        with tally.trial(f"{tried.name} killed at {call} {number}"):
            assert ran.code == -9
            tried.assert_old_or_new()
            assert len(tried.litter()) <= 1
            tried.assert_heals()


@pytest.mark.system("strace")
@pytest.mark.promise(1)
def test_a_disk_that_fails_any_command_is_said_and_leaves_old_or_new(
    tried: Tried, tally: Tally
) -> None:
    faults = [(*each, error) for each in tried.calls for error in ERRORS[each[0]]]
    for call, number, error in sample(faults, 3):
        ran = tried.disturbed(call, f"error={error}:when={number}")
        with tally.trial(f"{tried.name}, {call} {number}: {error}"):
            ran.said()
            assert ran.code in (0, 74), ran
            tried.assert_old_or_new()
            if ran.code == 0:
                assert stands(tried.desk) == tried.new
            assert tried.litter() == []
            tried.assert_heals()
