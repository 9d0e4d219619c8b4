"""Killed while a few works are refreshed on their own: old or new, and the next run heals."""

import shutil
import time
from pathlib import Path

import pytest
from desk import Desk, addresses
from renewal_projects import registries
from service import serving
from syscalls import logged, strace
from tally import Tally, sample
from test_renewal_news import LIST, M, S, article, preprint

from bibtool import stamp

CALLS = "write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
REFRESH = ("sync", f"--refresh={S},{M}")


@pytest.mark.system("strace")
@pytest.mark.promise(1)
def test_a_kill_while_works_are_refreshed_leaves_old_or_new(tally: Tally, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "project")
    desk.papers.parent.mkdir(parents=True)
    desk.papers.write_text(LIST, encoding="utf-8")
    known = registries()
    with serving() as service:
        service.content = known.content
        env = desk.env(**addresses(service.url))
        for _ in range(2):
            time.sleep(3 * stamp.TICK)  # a file of this very moment leaves no stamp
            assert desk.run("sync", env=env).code == 0
        old = desk.files()
        article(S, volume="8", pages="1-9")(known)
        preprint(M, comment="Accepted to NeurIPS 2024")(known)
        rest = shutil.copytree(desk.root, tmp_path / "rest")
        log = tmp_path / "calls"
        ran = desk.run(*REFRESH, before=strace(CALLS, log=str(log)), env=env)
        assert ran.code == 0, ran.said()
        new = desk.files()
        assert was_done_on_its_own(desk)
        for call, number in sample(logged(log), 12):
            shutil.rmtree(desk.root)
            shutil.copytree(rest, desk.root)
            time.sleep(3 * stamp.TICK)  # so that as much is written as in the run that was logged
            kill = strace(call, f"error=EIO:signal=KILL:when={number}")
            ran = desk.run(*REFRESH, before=kill, env=env)
            with tally.trial(f"killed at {call} {number}"):
                # A run may have less to write than the one that was logged, and come to its end.
                assert ran.code == -9 or desk.files() == new
                for name, data in desk.files().items():
                    assert name.endswith(".tmp") or data in (old[name], new[name]), name
                ran = desk.run(*REFRESH, env=env)
                assert ran.code == 0, ran.said()
                assert desk.files() == new
                assert desk.litter() == []


def was_done_on_its_own(desk: Desk) -> bool:
    """Only then the lock is known by its date."""
    stamps = (desk.refs / ".bibtool").glob("stamp-*.json")
    return any(stamp.UNREAD in path.read_text(encoding="utf-8") for path in stamps)
