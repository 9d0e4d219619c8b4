"""A clock that is years wrong, or set in a run; files, stamps and turns from the future."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import Desk, Library, add_a_row, addresses, asking
from service import Service, serving
from tally import Tally, sample

YEAR = 365.25 * 86400  # s
PROMPT = 20.0  # s; a turn that waits for a time in the future would take 120
# Python runs such a file at its start: all clocks that a date is taken from go wrong by what
# stands in a file, which can be changed while a run goes on.
WRONG = """\
import datetime, os, time
real = time.time
def wrong():
    with open(os.environ["WRONG_BY"]) as file:
        return real() + float(file.read() or 0)
class Date(datetime.datetime):
    @classmethod
    def now(cls, zone=None):
        return cls.fromtimestamp(wrong(), zone)
time.time, datetime.datetime = wrong, Date
"""


class Clock:
    """The clock of the runs of one desk."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(WRONG)
        self._by = folder / "by"
        self.set(0.0)
        path = os.pathsep.join([str(folder), desk.env()["PYTHONPATH"]])
        desk.environment |= {"PYTHONPATH": path, "WRONG_BY": str(self._by)}

    def set(self, seconds: float) -> None:
        """At one stroke: a run may look at the clock meanwhile."""
        fresh = self._by.with_suffix(".new")
        fresh.write_text(repr(seconds))
        fresh.replace(self._by)


@pytest.fixture
def clock(desk: Desk, tmp_path: Path) -> Clock:
    return Clock(desk, tmp_path / "clock")


def days(desk: Desk) -> set[str]:
    lock = json.loads(desk.lock.read_bytes())
    return {day for answer in lock["lookups"].values() for day in answer["asked"].values()}


@pytest.mark.promise(5)
@pytest.mark.parametrize("years", sample([-60, -3, 3, 40], 2))
def test_a_wrong_clock_changes_no_output(
    years: int, desk: Desk, library: Library, clock: Clock, tally: Tally
) -> None:
    """Asked with a wrong clock, and then with a right one; and the other way round."""
    for first, second in ((years, 0), (0, years)):
        desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
        with serving() as service, tally.trial(f"wrong by {first}, then by {second} years"):
            env = desk.env(**addresses(service.url))
            clock.set(first * YEAR)
            ran = desk.run("sync", env=env)
            assert ran.code == 0, ran.said()
            wrong = {str(round(datetime.now(UTC).year + first + n)) for n in (-1, 0, 1)}
            assert {day[:4] for day in days(desk)} <= wrong
            asked, stood = len(service.log), desk.files()
            outputs = {k: v for k, v in stood.items() if k != "bibtool.lock"}
            expected = {k: v for k, v in library.new.items() if k != "bibtool.lock"}
            assert outputs == expected
            clock.set(second * YEAR)
            for words in (["sync"], ["sync", "--check"]):
                assert desk.run(*words, env=env).code == 0
            assert (len(service.log), desk.files()) == (asked, stood)
            add_a_row(desk)
            ran = desk.run("sync", env=env)
            assert ran.code == 0, ran.said()
            assert desk.files()["sections/geometry.md"] != stood["sections/geometry.md"]


@pytest.mark.promise(2)
@pytest.mark.parametrize("seconds", sample([-3600.0, -1.0, -5 * YEAR, 3600.0, 5 * YEAR], 2))
def test_an_edit_is_followed_though_the_clock_is_set_in_the_run(
    seconds: float, desk: Desk, clock: Clock, tally: Tally
) -> None:
    """What was edited in the run would be overlooked if times of files were believed."""
    desk.run("sync", "--offline")
    desk.lock.unlink()
    clock.set(-seconds)  # so that times of files, which are right, are those after the change
    with serving("drip:0.0005") as service, tally.trial(f"set by {seconds:.0f} s"):
        with asking(desk, service) as env:
            clock.set(0.0)
            add_a_row(desk)
        ran = desk.run("sync", env=env)
        assert "5 rows" in ran.out, ran


def everything(desk: Desk) -> Iterator[Path]:
    yield from desk.root.rglob("*")
    yield from (desk.root.parent / ".cache").rglob("*")


@pytest.mark.promise(2)
@pytest.mark.parametrize("years", sample([-1, 3], 1))
def test_an_edit_is_followed_where_the_file_system_has_another_clock(
    years: int, desk: Desk, clock: Clock, tally: Tally
) -> None:
    clock.set(years * YEAR)
    desk.lock.unlink()
    with serving("drip:0.0005") as service, tally.trial(f"{years} years ahead"):
        with asking(desk, service) as env:
            add_a_row(desk)
        ran = desk.run("sync", env=env)
        assert "5 rows" in ran.out, ran


@pytest.fixture
def service(desk: Desk) -> Iterator[Service]:
    """Services that told the desk all it asks for; its runs go on asking them."""
    with serving() as service:
        desk.environment |= addresses(service.url)
        desk.lock.unlink()
        assert desk.run("sync").code == 0
        yield service


@pytest.mark.promise(4)
@pytest.mark.parametrize("years", sample([-50, -1, 1, 50], 2))
def test_times_of_files_hold_nobody_up_and_hide_no_edit(
    years: int, desk: Desk, service: Service, tally: Tally
) -> None:
    moment = time.time() + years * YEAR
    (desk.refs / ".bibtool-left.tmp").write_text("left by a killed run")
    for path in everything(desk):
        os.utime(path, (moment, moment))
    with tally.trial("nothing to do"):
        asked = len(service.log)
        assert desk.run("sync").code == 0
        assert len(service.log) == asked
    add_a_row(desk)
    os.utime(desk.papers, (moment, moment))
    with tally.trial("an edit under an old time"):
        ran = desk.run("sync")
        assert "5 rows" in ran.out, ran
        assert desk.litter() == []
    with tally.trial("asked again"):
        ran = desk.run("sync", "--refresh")
        assert ran.code == 0, ran.said()
        assert ran.seconds < PROMPT


@pytest.mark.promise(4)
@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("start", sample(["another-start", "unknown", ""], 1))
def test_a_turn_from_the_future_is_not_waited_for(start: str, desk: Desk, tally: Tally) -> None:
    """A home that several machines share, or that was copied: their clocks count from elsewhere."""
    turns = list((desk.root.parent / ".cache" / "bibtool").glob("*.next"))
    assert turns
    for ahead in (3600.0, 10 * YEAR):
        for turn in turns:
            turn.write_text(f"{start} {time.monotonic() + ahead!r}")
        with tally.trial(f"{ahead:.0f} s ahead"):
            ran = desk.run("sync", "--refresh", timeout=PROMPT)
            assert ran.code == 0, ran.said()


@pytest.mark.promise(4)
@pytest.mark.parametrize("day", sample(["9999-12-31", "1970-01-01", "0000-00-00", ""], 2))
def test_a_day_in_the_lock_decides_nothing(
    day: str, desk: Desk, service: Service, tally: Tally
) -> None:
    (today,) = days(desk)
    desk.lock.write_bytes(desk.lock.read_bytes().replace(today.encode(), day.encode()))
    asked, stood = len(service.log), desk.files()
    with tally.trial("nothing to do"):
        assert desk.run("sync").code == 0
        assert (len(service.log), desk.files()) == (asked, stood)
    with tally.trial("asked again"):
        assert desk.run("sync", "--refresh").code == 0
        assert len(service.log) > asked
        assert days(desk) == {today}


@pytest.mark.promise(4)
@pytest.mark.parametrize("years", sample([-3, 3], 1))
def test_a_date_in_an_answer_is_read_by_the_clock_of_who_sent_it(
    years: int, desk: Desk, library: Library, clock: Clock, tally: Tally
) -> None:
    clock.set(years * YEAR)
    desk.lock.unlink()
    with serving("429d:2", "503d:2") as service, tally.trial("Retry-After as a date"):
        ran = desk.run("sync", env=desk.env(**addresses(service.url)))
        assert ran.code == 0, ran.said()
        assert max(service.starts()) >= 1.0
        assert desk.bib.read_bytes() == library.new["references.bib"]
