"""Twenty thousand rows, all in the lock: time in proportion, memory bounded, Ctrl-C answered."""

import random
import signal
import time
from pathlib import Path

import pytest
from desk import Desk, Ran, measured
from tally import LONG, Tally

from bibtool.lock import Answer, Lock, Search
from bibtool.lock.text import encode
from bibtool.model import Identifier, Name, Record
from bibtool.outcomes import published_question

SIZES = (5_000, 10_000, 20_000) if LONG else (500, 1_000, 2_000)
MEMORY = 500 * 1024  # kB
PROMPT = 1.0  # s
WORDS = "deep sparse robust causal neural latent graph diffusion kernel policy token vision".split()
DAY = "2026-11-23"


def large(desk: Desk, count: int) -> None:
    """A list of `count` preprints in 50 categories, and a lock that knows each of them."""
    chance = random.Random(count)
    lines, lock = ["# Papers"], Lock(1)
    for number in range(count):
        if number % (count // 50) == 0:
            lines.append(f"\n## Topic {number}\n")
        name = Identifier(f"arxiv:{1501 + number // 9000}.{number % 9000 + 1:05d}")
        title = " ".join(chance.choices(WORDS, k=7)).capitalize() + f" {number}"
        record = Record(
            title=title,
            authors=tuple(Name(f"Author{chance.randrange(9000)}", "A. B.") for _ in range(4)),
            year=2000 + number % 24,
            identifiers=(name,),
            primary_class="cs.LG",
            url=f"https://arxiv.org/abs/{name[6:]}",
        )
        lock.lookups[name] = Answer({"arxiv": DAY}, "arxiv", record)
        lock.searches[published_question(name)] = {"crossref": Search(DAY)}
        lines.append(f"- [{title}](https://arxiv.org/abs/{name[6:]})")
    desk.lay({"lists/papers.md": "\n".join(lines).encode() + b"\n", "bibtool.lock": encode(lock)})


def synced(desk: Desk) -> tuple[Ran, int]:
    return measured(desk, "sync", "--offline", "-q", timeout=600)


@pytest.mark.slow
@pytest.mark.promise(10)
def test_time_grows_with_the_rows_and_memory_is_bounded(tmp_path: Path, tally: Tally) -> None:
    desk = Desk(tmp_path / "project")
    seconds = []
    for count in SIZES:
        large(desk, count)
        with tally.trial(f"{count} rows"):
            ran, memory = synced(desk)
            print(f"{count} rows: {ran.seconds:.1f} s, {memory // 1024} MB")
            seconds.append(ran.seconds / count)
            assert ran.code == 0, ran.said()
            assert memory < MEMORY
        with tally.trial(f"{count} rows, again"):
            assert synced(desk)[0].code == 0
    with tally.trial("seconds a row"):
        assert seconds[-1] < 2 * seconds[0], seconds


@pytest.mark.slow
@pytest.mark.promise(11)
def test_a_signal_is_answered_in_a_large_run(tmp_path: Path, tally: Tally) -> None:
    desk = Desk(tmp_path / "project")
    count = SIZES[-1]
    large(desk, count)
    files = desk.files()
    usual = synced(desk)[0].seconds
    for number in range(1, 21 if LONG else 5):
        desk.lay(files)
        with desk.start("sync", "--offline", "-q") as process:
            time.sleep(max(0.15, usual * number / (21 if LONG else 5)))
            process.send_signal(signal.SIGINT)
            began = time.monotonic()
            process.wait(timeout=60)
            taken = time.monotonic() - began
        with tally.trial(f"Ctrl-C at {number}, answered after {taken:.2f} s"):
            assert process.returncode in (130, 0)
            assert taken < PROMPT
