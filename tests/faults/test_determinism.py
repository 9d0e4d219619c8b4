"""The same lists and answers give the same bytes, whatever else differs."""

import pytest
from desk import Desk, Library, addresses
from service import serving
from tally import LONG, Tally

LOCALES = ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"})
ORDERS = ((), ("shuffle",) * 6, ("dup",) * 6, ("drip:0.0002", "shuffle"), ("503", "ok"))


@pytest.mark.promise(5)
def test_every_seed_locale_order_and_state_gives_one_output(
    desk: Desk, library: Library, tally: Tally
) -> None:
    outputs = {}
    for seed in range(10 if LONG else 3):
        for number, locale in enumerate(LOCALES if LONG else LOCALES[seed : seed + 1]):
            orders = ORDERS if LONG else [ORDERS[(seed * 2 + number) % len(ORDERS)]]
            for steps in orders:
                desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
                with serving(*steps) as service:
                    env = desk.env(**addresses(service.url), **locale, PYTHONHASHSEED=str(seed))
                    ran = desk.run("sync", env=env)
                    cold = desk.files()
                    warm = desk.run("sync", "--check", env=env)
                with tally.trial(f"seed {seed}, {locale}, {steps}"):
                    assert (ran.code, warm.code) == (0, 0), ran.said()
                    outputs[tuple(sorted(cold.items()))] = (seed, locale, steps)
                    assert len(outputs) == 1, list(outputs.values())


@pytest.mark.promise(5)
def test_a_second_run_asks_nobody_and_writes_nothing(
    desk: Desk, library: Library, tally: Tally
) -> None:
    with serving() as service:
        env = desk.env(**addresses(service.url))
        for words in (["sync"], ["sync", "-v"], ["sync", "--offline", "--json"]):
            desk.lay({"lists/papers.md": library.new["lists/papers.md"]})
            desk.run("sync", env=env)
            asked = len(service.log)
            stood = {
                p: (p.stat().st_ino, p.stat().st_mtime_ns)
                for p in desk.refs.rglob("*.*")
                if p.is_file() and ".bibtool" not in p.parts
            }
            with tally.trial(" ".join(words)):
                ran = desk.run(*words, env=env)
                assert ran.code == 0, ran.said()
                assert len(service.log) == asked
                now = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in stood}
                assert now == stood


@pytest.mark.promise(5)
def test_what_was_synced_once_is_what_check_expects(desk: Desk, tally: Tally) -> None:
    """A lock that is fresh and then found behind by --check would break every CI."""
    desk.run("sync", "--offline")
    for words in (["--check"], ["--check", "--prune"], ["--check", "--offline", "--strict"]):
        with tally.trial(" ".join(words)):
            ran = desk.run("sync", *words)
            assert ran.code == 0, ran.said()
    desk.papers.write_text(desk.papers.read_text().replace("## Geometry", "## Topology"))
    with tally.trial("behind"):
        assert desk.run("sync", "--check").code == 1
