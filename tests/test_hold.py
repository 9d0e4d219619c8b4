"""A file that one process holds at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from bibtool.hold import hold, let_go

HOLDER = """
import sys
from pathlib import Path
from bibtool.hold import hold
assert hold(Path(sys.argv[1])) is not None
print("held", flush=True)
sys.stdin.read()
"""


def held(path: Path) -> bool:
    handle = hold(path)
    if handle is not None:
        let_go(handle)
    return handle is None


def test_it_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    handle = hold(path)
    assert handle is not None
    assert held(path)
    let_go(handle)
    assert not held(path)


def test_the_death_of_its_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline()
        assert held(path)
        holder.kill()
    assert not held(path)


def test_a_child_does_not_hold_on(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    handle = hold(path)
    assert handle is not None
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[handle]
    ) as child:
        let_go(handle)
        assert not held(path)
        child.kill()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "run.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        hold(tmp_path / "run.lock")
    assert not (tmp_path / "elsewhere").exists()
