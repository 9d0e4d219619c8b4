"""System calls of a run, logged or tampered with by strace(1)."""

import re
from pathlib import Path

from desk import Desk, Library


def strace(calls: str, inject: str = "", log: str = "/dev/null") -> list[str]:
    """The words before a command that log such calls, or tamper with them (strace(1))."""
    # With its filter strace is faster, but sends no signals.
    how = ["-e", f"inject={calls}:{inject}"] if inject else ["--seccomp-bpf"]
    return ["strace", "-f", "-qq", "-o", log, "-e", f"trace={calls}", *how]


def calls_of(desk: Desk, library: Library, tmp_path: Path, calls: str) -> list[tuple[str, int]]:
    """Each such call of an undisturbed run, as `logged` numbers them."""
    desk.lay(library.old)
    desk.run("sync", "--offline")  # what is compiled but once is compiled here
    desk.lay(library.old)
    log = tmp_path / "calls"
    ran = desk.run("sync", "--offline", before=strace(calls, log=str(log)))
    assert ran.code == 0, ran.said()
    assert desk.files() == library.new
    return logged(log)


def logged(log: Path) -> list[tuple[str, int]]:
    """(name, 1), (name, 2), ... for each call in a log, in order."""
    names = re.findall(r"^\d+ +(\w+)\(", log.read_text(errors="replace"), re.M)
    return [(name, names[: n + 1].count(name)) for n, name in enumerate(names)]
