"""Turns at a service, seen from inside one process."""

import os
import threading
import time
from pathlib import Path

import pytest

from bibtool.sources.pace import LONGEST_REST, Turnstile


class Waiter:
    """Remembers what it was told to wait for, and waits only in name."""

    def __init__(self) -> None:
        self.waits: list[tuple[float, str]] = []

    def __call__(self, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))


@pytest.fixture
def waiter() -> Waiter:
    return Waiter()


def pass_through(turnstile: Turnstile, pause: float = 0.0) -> None:
    with turnstile.turn(lambda: pause):
        pass


def test_the_first_does_not_wait(waiter: Waiter, tmp_path: Path) -> None:
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert waiter.waits == []


def test_the_pause_outlives_the_run_that_began_it(waiter: Waiter, tmp_path: Path) -> None:
    pass_through(Turnstile(tmp_path, "host", waiter), 30.0)
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert waiter.waits[0][0] == pytest.approx(30.0, abs=1.0)


def test_the_pause_counts_from_the_start_of_a_request(waiter: Waiter, tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path, "host", waiter)
    with turnstile.turn(lambda: 30.0):
        time.sleep(0.5)
    pass_through(turnstile)
    assert waiter.waits[0][0] < 29.6


def test_hosts_do_not_wait_for_each_other(waiter: Waiter, tmp_path: Path) -> None:
    pass_through(Turnstile(tmp_path, "one.org", waiter), 30.0)
    pass_through(Turnstile(tmp_path, "other.org", waiter))
    assert waiter.waits == []


def test_an_answer_may_lengthen_the_pause_after_itself(waiter: Waiter, tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path, "host", waiter)
    pause = 1.0
    with turnstile.turn(lambda: pause):
        pause = 20.0
    pass_through(turnstile)
    assert waiter.waits[0][0] == pytest.approx(20.0, abs=1.0)


def test_a_rest_is_longer_than_the_pause_and_never_for_ever(waiter: Waiter, tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path, "host", waiter)
    turnstile.rest(60.0, "it is tired")
    turnstile.rest(1.0, "it is tired")
    pass_through(turnstile)
    turnstile.rest(1e9, "it is tired")
    pass_through(turnstile)
    assert waiter.waits[0][0] == pytest.approx(60.0, abs=1.0)
    assert waiter.waits[1][0] <= LONGEST_REST


@pytest.mark.parametrize(
    "stamp",
    ["", "soon", "nan", "-1", "\udcff", "1e300", "inf", "{} 1e300", "{} nan", "{} inf", "{} -1"],
)
def test_a_damaged_stamp_holds_nobody_for_long(stamp: str, waiter: Waiter, tmp_path: Path) -> None:
    pass_through(Turnstile(tmp_path, "host", waiter))
    start = (tmp_path / "host.next").read_text().split()[0]
    stamp = stamp.replace("{}", start)
    (tmp_path / "host.next").write_bytes(stamp.encode("utf-8", "surrogateescape"))
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert sum(seconds for seconds, _ in waiter.waits) <= LONGEST_REST


def test_a_stamp_of_an_earlier_start_of_the_machine_is_not_heeded(
    waiter: Waiter, tmp_path: Path
) -> None:
    (tmp_path / "host.next").write_text(f"another-start {time.monotonic() + 1e6!r}")
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert waiter.waits == []


def test_the_date_of_the_machine_does_not_matter(
    waiter: Waiter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_through(Turnstile(tmp_path, "host", waiter), 30.0)
    os.utime(tmp_path / "host.next", (0, 0))
    monkeypatch.setattr(time, "time", lambda: 0.0)
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert waiter.waits[0][0] == pytest.approx(30.0, abs=1.0)


def test_one_thread_waits_for_the_other(tmp_path: Path) -> None:
    inside = 0
    most = 0
    turnstile = Turnstile(tmp_path, "host", lambda seconds, why: time.sleep(seconds))

    def work() -> None:
        nonlocal inside, most
        for _ in range(3):
            with turnstile.turn(lambda: 0.0):
                inside += 1
                most = max(most, inside)
                time.sleep(0.01)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 1


def test_whoever_gives_up_waiting_lets_the_next_one_in(waiter: Waiter, tmp_path: Path) -> None:
    def give_up(seconds: float, why: str) -> None:
        raise InterruptedError

    turnstile = Turnstile(tmp_path, "host", give_up)
    turnstile.rest(50.0, "it is tired")
    with pytest.raises(InterruptedError):
        pass_through(turnstile)
    pass_through(Turnstile(tmp_path, "host", waiter))
    assert waiter.waits[0][0] == pytest.approx(50.0, abs=1.0)


def test_the_folder_may_vanish_under_us(waiter: Waiter, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    turnstile = Turnstile(folder, "host", waiter)
    pass_through(turnstile, 40.0)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    pass_through(turnstile)
    assert waiter.waits[0][0] == pytest.approx(40.0, abs=1.0)
