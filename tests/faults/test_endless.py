"""Answers that do not end, drip, or are too large, over whole runs: bounded, said, and healed."""

from pathlib import Path

import pytest
from desk import Desk, Library, Ran, addresses, hasten, measured, records
from service import serving
from tally import LONG, Tally

from bibtool import bib

MOODS = ("hang", "drip:0.2", "slowhead:0.2", "big", "bomb", "chain", "endless")
SOME = ("hang", "drip:0.2", "big", "bomb")
NEXT_STEP = "run again later, what is done is kept"
MEMORY = 300 * 1024  # kB
# In so many seconds a service that says nothing was given up twice, and those after it too.
BOUND = 45.0
each_mood = pytest.mark.parametrize("mood", MOODS if LONG else SOME)


@pytest.fixture
def haste(desk: Desk, tmp_path: Path) -> None:
    hasten(desk, tmp_path)


def synced(desk: Desk, *words: str, env: dict[str, str], timeout: float = 60) -> Ran:
    """A run, once it has shown that it takes no more memory than it may."""
    ran, memory = measured(desk, "sync", *words, env=env, timeout=timeout)
    assert memory < MEMORY
    return ran


def assert_said(ran: Ran) -> None:
    """Each service, what is wrong with it, and the next step."""
    assert "127.0.0.1" in ran.said()
    assert "arxiv" in ran.said()
    assert NEXT_STEP in ran.said(), ran


@pytest.mark.promise(4)
@pytest.mark.usefixtures("haste")
@each_mood
def test_an_answer_without_end_takes_nothing_away(
    mood: str, desk: Desk, library: Library, tally: Tally
) -> None:
    desk.lay(library.new)
    assert desk.run("sync", "--offline").code == 0
    stood = desk.files()
    with serving(*[mood] * 60) as service:
        env = desk.env(**addresses(service.url))
        with tally.trial(f"{mood}, all asked again"):
            ran = synced(desk, "--refresh", env=env)
            assert ran.code == 0, ran.said()
            assert ran.seconds < BOUND
            assert service.most_at_once <= 3  # one a service
            assert_said(ran)
            now = desk.files()
            assert now.keys() == stood.keys()
            assert {k for k in now if now[k] != stood[k]} <= {"bibtool.lock"}
            assert records(now["bibtool.lock"]) == records(stood["bibtool.lock"])
        desk.papers.write_text(desk.papers.read_text() + "- https://arxiv.org/abs/2406.11838\n")
        with tally.trial(f"{mood}, one row is new"):
            ran = synced(desk, env=env)
            assert ran.code == 69, ran.said()
            assert_said(ran)
            assert desk.bib.read_bytes() == stood["references.bib"]


@pytest.mark.promise(4)
@pytest.mark.usefixtures("haste")
@each_mood
def test_what_was_answered_before_is_kept_and_the_next_run_heals(
    mood: str, desk: Desk, library: Library, tally: Tally
) -> None:
    desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
    right = records(library.new["bibtool.lock"])
    with serving("ok", *[mood] * 60) as service, tally.trial(mood):
        env = desk.env(**addresses(service.url))
        ran = synced(desk, env=env)
        assert ran.code in (0, 69), ran.said()
        assert NEXT_STEP in ran.said(), ran
        known = {k: record for k, record in records(desk.lock.read_bytes()).items() if record}
        assert known
        assert known == {k: right[k] for k in known}
        first = service.log[0].path
        asked = len(service.log)
        service.steps.clear()
        ran = desk.run("sync", env=env)
        assert ran.code == 0, ran.said()
        assert first not in [request.path for request in service.log[asked:]]
        assert entries(desk.bib.read_bytes()) == entries(library.new["references.bib"])


def entries(data: bytes) -> list[tuple[str, list[tuple[str, str]]]]:
    """Without the keys: one that was given to a preprint is kept."""
    found = bib.parse(data.decode(), "a.bib").entries
    return sorted((entry.type, sorted(entry.fields.items())) for entry in found)


@pytest.mark.promise(4)
@pytest.mark.parametrize("mood", ["big", "hang", "drip:0.2"] if LONG else ["big"])
def test_the_bounds_that_users_have_hold_over_a_whole_run(
    mood: str, desk: Desk, tally: Tally
) -> None:
    """Without haste: a service that says nothing is given up after two minutes."""
    desk.lock.unlink()
    with serving(*[mood] * 60) as service, tally.trial(mood):
        ran = synced(desk, env=desk.env(**addresses(service.url)), timeout=400)
        assert ran.code == 69, ran.said()
        assert ran.seconds < 300
        assert_said(ran)
