"""Killed at any moment: each file is the old one or the new one, and the next run heals."""

import random
import re
import time
from pathlib import Path

import pytest
from desk import Desk, Library, addresses, assert_heals, assert_old_or_new
from service import serving
from syscalls import calls_of, strace
from tally import LONG, Tally, sample

from bibtool.lock import decode

CALLS = {
    "write": "write,pwrite64,writev",
    "fsync": "fsync,fdatasync",
    "rename": "rename,renameat,renameat2,link,linkat",
    "unlink": "unlink,unlinkat,rmdir",
    "mode": "ftruncate,truncate,chmod,fchmod,fchmodat",
    "folder": "mkdir,mkdirat",
    "lock": "flock,fcntl",
}


@pytest.mark.system("strace")
@pytest.mark.promise(1)
@pytest.mark.parametrize("kind", CALLS)
def test_a_kill_at_any_system_call_leaves_old_or_new(
    kind: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    for call, number in sample(calls_of(desk, library, tmp_path, CALLS[kind]), 5):
        desk.lay(library.old)
        inject = f"error=EIO:signal=KILL:when={number}"  # dead before the call is carried out
        ran = desk.run("sync", "--offline", before=strace(call, inject))
        with tally.trial(f"killed at {call} {number}"):
            assert ran.code == -9
            assert_old_or_new(desk, library)
            assert len(desk.litter()) <= 1, desk.litter()
            assert_heals(desk, library)


@pytest.mark.promise(1)
def test_a_kill_at_a_random_moment_leaves_old_or_new(
    desk: Desk, library: Library, tally: Tally
) -> None:
    usual = desk.run("sync", "--offline").seconds
    moments = random.Random(7)
    for number in range(200 if LONG else 12):
        desk.lay(library.old)
        moment = usual * moments.uniform(0.4, 1.1)
        with desk.start("sync", "--offline") as process:
            time.sleep(moment)
            process.kill()
        with tally.trial(f"kill {number}, after {moment:.3f} s"):
            assert_old_or_new(desk, library)
            assert_heals(desk, library)


@pytest.mark.promise(4)
def test_a_killed_run_keeps_the_answers_it_had(desk: Desk, library: Library, tally: Tally) -> None:
    """With services: the lock holds whole answers or none, and the next run asks for the rest."""
    begun = {"lists/papers.md": library.new["lists/papers.md"]}
    moments = random.Random(8)
    with serving() as service:
        env = desk.env(**addresses(service.url))
        desk.lay(begun)
        whole = desk.run("sync", env=env)
        assert whole.code == 0, whole.said()
        answers, files = decode(desk.lock.read_bytes(), "lock").lookups, desk.files()
        for number in range(100 if LONG else 6):
            desk.lay(begun)
            with desk.start("sync", env=env) as process:
                time.sleep(whole.seconds * moments.uniform(0.4, 1.0))
                process.kill()
            with tally.trial(f"kill {number}"):
                if desk.lock.exists():
                    kept = decode(desk.lock.read_bytes(), "lock").lookups
                    assert kept.items() <= answers.items()
                assert desk.run("sync", env=env).code == 0
                assert desk.files() == files
                assert desk.litter() == []


@pytest.mark.promise(1)
@pytest.mark.system("strace")
def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_the_end(
    desk: Desk, tally: Tally, tmp_path: Path
) -> None:
    """Power can fail without a kill: what is not synced may be lost after a rename."""
    log = tmp_path / "calls"
    traced = "openat,fsync,rename,renameat,renameat2"
    ran = desk.run("sync", "--offline", before=[*strace(traced, log=str(log)), "-y"])
    assert ran.code == 0
    lines = log.read_text().splitlines()
    renames = [n for n, line in enumerate(lines) if re.search(r"\brename", line)]
    kept = [n for n in renames if "/stamp-" not in lines[n]]  # a stamp only saves time
    assert len(kept) >= 7
    for number in kept:
        found = re.search(r'"([^"]+)", (?:AT_FDCWD<[^>]*>, )?"([^"]+)"', lines[number])
        assert found, lines[number]
        source, target = found[1], found[2]
        with tally.trial(lines[number]):
            assert any("fsync(" in line and f"<{source}>" in line for line in lines[:number])
            after = lines[number + 1 : number + 4]
            folder = str(Path(target).parent)
            assert any("fsync(" in line and f"<{folder}>" in line for line in after)
