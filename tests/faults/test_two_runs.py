"""Two runs at once, and runs whose neighbours die."""

import pytest
from desk import Desk, Library, addresses, assert_heals, wait_until_asked
from service import serving
from tally import LONG, Tally

AT_ONCE = 2.0  # s within which the second of two runs is to give up


@pytest.mark.promise(1)
def test_the_second_of_two_runs_gives_up_at_once_and_writes_nothing(
    desk: Desk, tally: Tally
) -> None:
    desk.lock.unlink()
    for second in (["sync"], ["sync", "--offline"], ["sync", "--prune"], ["lock", "--repair"]):
        with serving("hang") as service:
            env = desk.env(**addresses(service.url))
            with desk.start("sync", env=env) as holder:
                wait_until_asked(service.log)
                before = desk.files()
                ran = desk.run(*second, env=env)
                with tally.trial(" ".join(second)):
                    assert ran.code == 75, ran.said()
                    assert ran.seconds < AT_ONCE
                    assert "another bibtool is at work" in ran.err
                    assert desk.files() == before
                    assert len(service.log) == 1
                holder.kill()
        with tally.trial("its holder killed, the lock is free"):
            assert desk.run("sync", "--offline", env=env).code != 75


@pytest.mark.promise(1)
def test_who_only_looks_needs_no_lock(desk: Desk, tally: Tally) -> None:
    desk.lock.unlink()
    with serving("hang") as service:
        env = desk.env(**addresses(service.url))
        with desk.start("sync", env=env) as holder:
            wait_until_asked(service.log)
            for words in (
                ["sync", "--check"],
                ["sync", "--dry-run", "--offline"],
                ["read", "refs/lists/papers.md"],
            ):
                with tally.trial(" ".join(words)):
                    assert desk.run(*words, env=env).code in (0, 1, 69)
            holder.kill()


@pytest.mark.promise(1)
def test_of_many_runs_each_works_whole_or_not_at_all(
    desk: Desk, library: Library, tally: Tally
) -> None:
    for _ in range(10 if LONG else 1):
        desk.lay(library.old)
        runs = [desk.start("sync", "--offline") for _ in range(20 if LONG else 8)]
        codes = []
        for run in runs:
            _, said = run.communicate(timeout=120)
            codes.append(run.returncode)
            with tally.trial("one of many"):
                assert run.returncode in (0, 75), said
        with tally.trial("the outcome"):
            assert 0 in codes
            assert desk.files() == library.new
            assert_heals(desk, library)
