"""Processes measured from outside: processor time, wall time and memory, in turn, several times."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

LAUNCH = Path(__file__).with_name("launch.py")
LONGEST = 300.0  # s that one run may take


class Run(NamedTuple):
    cpu: float  # s, user and system, with children that were waited for
    wall: float  # s
    mb: float  # at its highest
    code: int


class Table(NamedTuple):
    """What RESULTS.md shows of one benchmark."""

    title: str
    says: str  # what is measured, against what
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    behind: Sequence[str] = ()  # where bibtool is not ahead, or a target is missed


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    seconds: float = LONGEST,
    until: Callable[[], bool] | None = None,
) -> Run:
    """Run `command` to its end; or interrupt it once `until` says so."""
    until = until or (lambda: False)
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "r+b") as nothing:
        report = Path(folder, "report")
        launched = [sys.executable, "-S", str(LAUNCH), str(report), *map(str, command)]
        latest = time.monotonic() + seconds
        child = subprocess.Popen(
            launched, cwd=cwd, env=dict(env), stdin=nothing, stdout=nothing, stderr=nothing
        )
        while child.poll() is None:
            if until() or time.monotonic() > latest:
                child.terminate()
                child.wait()
            time.sleep(0.002)
        cpu, wall, mb, code = report.read_text("ascii").split()
    return Run(float(cpu), float(wall), float(mb), int(code))


def in_turn(makes: Mapping[str, Callable[[], Run]], times: int) -> dict[str, Run]:
    """Each of `makes` once, then each again: the median run of each, by what it cost the CPU."""
    runs: dict[str, list[Run]] = {name: [] for name in makes}
    for _ in range(times):
        for name, make in makes.items():
            runs[name].append(make())
    return {name: middle(some) for name, some in runs.items()}


def middle(runs: Sequence[Run]) -> Run:
    """The medians; the exit code is the worst one."""
    return Run(
        statistics.median(r.cpu for r in runs),
        statistics.median(r.wall for r in runs),
        statistics.median(r.mb for r in runs),
        max((r.code for r in runs), key=abs),
    )


def ms(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def times_ours(value: float, ours: float) -> str:
    return f"{value / ours:.1f}x" if ours else "-"
