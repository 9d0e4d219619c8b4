"""Ctrl-C, SIGTERM, SIGHUP and readers that go away: a prompt end, in order, with the true code."""

import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desk import Desk, Library, addresses, assert_heals, assert_old_or_new, wait_until_asked
from service import serving
from syscalls import calls_of, strace
from tally import LONG, Tally, sample

PROMPT = 2.0  # s
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 143}
MOODS = ("hang", "drip:0.2", "429s:100", "slowhead:0.2", "503")
SIGNALS = [(number, times) for number in CODES for times in (1, 2, 5)]
SOME = [(signal.SIGINT, 1), (signal.SIGINT, 2), (signal.SIGTERM, 1)]
WORDS = re.compile(r"bibtool: (interrupted|terminated); what was settled is kept")


def end(process: "subprocess.Popen[str]") -> tuple[int, str, float]:
    """Exit code, standard error and the seconds until then."""
    began = time.monotonic()
    _, said = process.communicate(timeout=30)
    return process.returncode, said, time.monotonic() - began


@pytest.mark.promise(11)
@pytest.mark.parametrize("mood", MOODS)
def test_a_signal_ends_a_run_that_waits(mood: str, desk: Desk, tally: Tally) -> None:
    desk.lock.unlink()
    before = desk.files()
    for number, times in SIGNALS if LONG else SOME:
        with serving(*[mood] * 8) as service, tally.trial(f"{number.name} x {times}"):
            with desk.start("sync", env=desk.env(**addresses(service.url))) as process:
                wait_until_asked(service.log)
                time.sleep(0.3)
                for _ in range(times):
                    process.send_signal(number)
                    time.sleep(0.02)
                code, said, seconds = end(process)
            assert code == CODES[number], said
            assert seconds < PROMPT
            assert "Traceback" not in said
            assert WORDS.search(said)
            assert desk.files() == before


NAMING = """
import os, signal, time
from bibtool.cli import _Stop

class Named:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, _Stop())
try:
    class Owner:
        field = Named()
    time.sleep(9)
except KeyboardInterrupt:
    print("in order")
"""


def test_a_signal_while_a_class_is_made_is_heard_as_one() -> None:
    """Python 3.11 turns what is raised there into a RuntimeError."""
    done = subprocess.run([sys.executable, "-c", NAMING], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("in order\n", "")


@pytest.mark.system("strace")
@pytest.mark.promise(11)
@pytest.mark.parametrize("call", ["openat", "write", "fsync", "rename", "renameat2", "unlink"])
def test_a_signal_in_a_write_ends_the_run_and_leaves_old_or_new(
    call: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    calls = calls_of(desk, library, tmp_path, call)
    if call == "openat":  # most of them load modules; the last two hundred are bibtool's own work
        calls = calls[-200:]
    for _, number in sample(calls, 4):
        desk.lay(library.old)
        inject = f"signal=INT:when={number}"
        ran = desk.run("sync", "--offline", before=strace(call, inject))
        with tally.trial(f"{call} {number}"):
            ran.said()
            assert ran.code in (130, 0), ran
            assert ran.code == 0 or WORDS.search(ran.err), ran
            assert_old_or_new(desk, library)
            assert len(desk.litter()) <= 1
            assert_heals(desk, library)


def wait_until_it_listens(process: int) -> None:
    """Until then it is Python that starts, and not yet bibtool: only we catch SIGTERM."""
    status = Path(f"/proc/{process}/status")
    until = time.monotonic() + 20
    while True:
        found = re.search(r"^SigCgt:\s*(\w+)", status.read_text(), re.M)
        if not found or int(found[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        assert time.monotonic() < until, "it never listened"
        time.sleep(0.002)


@pytest.mark.promise(11)
def test_a_signal_at_a_random_moment_ends_the_run_in_order(
    desk: Desk, library: Library, tally: Tally
) -> None:
    usual = desk.run("sync", "--offline").seconds
    moments = random.Random(9)
    for number in range(100 if LONG else 10):
        desk.lay(library.old)
        moment = moments.uniform(0.0, max(0.2, usual))
        with desk.start("sync", "--offline") as process:
            wait_until_it_listens(process.pid)
            time.sleep(moment)
            for _ in range(1 + number % 2):
                process.send_signal(signal.SIGINT)
            code, said, seconds = end(process)
        with tally.trial(f"signal {number} after {moment:.3f} s"):
            assert code in (0, 130), (code, said)
            assert seconds < PROMPT
            assert "Traceback" not in said, said
            assert_old_or_new(desk, library)
            assert_heals(desk, library)


@pytest.mark.promise(11)
def test_done_work_is_kept_and_only_the_rest_is_asked_again(desk: Desk, tally: Tally) -> None:
    desk.lock.unlink()
    with serving("ok", "hang") as service, tally.trial("Ctrl-C at the second request"):
        env = desk.env(**addresses(service.url))
        with desk.start("sync", env=env) as process:
            until = time.monotonic() + 20
            while len(service.log) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            code, said, _ = end(process)
        assert code == 130, said
        asked = [request.path for request in service.log]
        assert desk.run("sync", env=env).code == 0
        again = [request.path for request in service.log[len(asked) :]]
        assert asked[0] not in again
        assert asked[1] in again


@pytest.mark.promise(11)
@pytest.mark.parametrize(
    "words",
    [
        ["sync", "--dry-run", "--offline"],
        ["read", "refs/lists/papers.md"],
        ["sync", "--offline"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_error(words: list[str], desk: Desk, tally: Tally) -> None:
    if words[0] == "read":  # more than a pipe holds
        desk.papers.write_text("# L\n" + "- [A paper](https://arxiv.org/abs/1706.03762)\n" * 5000)
    for how in ("| head -n 1", "| true", ">&-", "2>&-", ">&- 2>&- <&-"):
        script = f'"$@" {how}; exit "${{PIPESTATUS[0]}}"'
        ran = desk.run(*words, before=["bash", "-c", script, "bash"])
        with tally.trial(how):
            ran.said()
            assert "Exception ignored" not in ran.err
            assert ran.code == 0, ran
