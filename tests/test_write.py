import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bibtool import write as write_module
from bibtool.errors import Busy, DiskFailure
from bibtool.pieces import COMPARED, COPIED, Stretch
from bibtool.swap import swap
from bibtool.write import Changed, holds, only_run, write

Swap = Callable[[Path, Path], bool]


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    assert write(path, b"one")
    before = path.stat()
    assert not write(path, b"one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    "length", [0, 1, COMPARED - 1, COMPARED, COMPARED + 1, 2 * COMPARED, 3 * COMPARED + 5]
)
def test_a_large_file_is_compared_to_its_last_byte(tmp_path: Path, length: int) -> None:
    path = tmp_path / "a.bib"
    data = os.urandom(length)
    assert not holds(path, (data,))
    path.write_bytes(data)
    assert holds(path, (data,))
    assert holds(path, (data[: COMPARED + 3], memoryview(data)[COMPARED + 3 :]))
    assert not holds(path, (data, b"x"))
    if data:
        assert not holds(path, (data[:-1],))
        assert not holds(path, (data[:-1] + bytes([data[-1] ^ 1]),))


def test_pieces_are_written_one_behind_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    pieces = (b"one", memoryview(b"two three")[3:], b"")
    assert write(path, pieces)
    assert path.read_bytes() == b"one three"
    assert not write(path, pieces)


def test_a_stretch_of_another_file_is_copied(tmp_path: Path) -> None:
    other, target = tmp_path / "other", tmp_path / "target"
    other.write_bytes(bytes(range(256)) * (COPIED // 100))
    with other.open("rb") as file:
        middle = Stretch(file, 7, 2 * COPIED + 7)
        assert write(target, (b"<", middle, b">"))
        assert target.read_bytes() == b"<" + other.read_bytes()[7 : 2 * COPIED + 7] + b">"
        assert not write(target, (b"<", middle, b">"))


def test_a_file_that_is_cut_off_while_it_is_copied_cuts_off_nothing_else(tmp_path: Path) -> None:
    other, target = tmp_path / "other", tmp_path / "target"
    other.write_bytes(b"x" * 100)
    target.write_bytes(b"as it was")
    with other.open("rb") as file:
        other.write_bytes(b"x" * 99)
        with pytest.raises(DiskFailure, match="target: was cut off while it was copied"):
            write(target, (Stretch(file, 0, 100),))
    assert target.read_bytes() == b"as it was"


def test_what_somebody_saved_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"theirs")
    for over in (b"seen", None):
        with pytest.raises(Changed):
            write(path, b"ours", over)
    with pytest.raises(Changed):  # what we made of it is what we saw: by now it may be another
        write(path, b"seen", b"seen")
    assert path.read_bytes() == b"theirs"
    assert write(path, b"ours", b"theirs")
    path.unlink()
    assert write(path, b"ours", None)


def save(path: Path, data: bytes) -> None:
    """As editors do it."""
    beside = path.with_suffix(".editor")
    beside.write_bytes(data)
    os.replace(beside, path)


@pytest.mark.parametrize("over", [b"old", None])
def test_who_saves_between_the_look_and_the_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, over: bytes | None
) -> None:
    path = tmp_path / "a.bib"
    if over is not None:
        path.write_bytes(over)
    for name in ("swap", "move_to_free"):
        real = getattr(write_module, name)

        def once(one: Path, other: Path, name: str = name, real: Swap = real) -> bool:
            monkeypatch.setattr(write_module, name, real)
            save(path, b"theirs")
            return real(one, other)

        monkeypatch.setattr(write_module, name, once)
    with pytest.raises(Changed):
        write(path, b"ours", over)
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a.bib"]


def test_who_saves_while_it_is_given_back_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"old")
    edits = [b"first", b"second", b"third"]

    def busy(one: Path, other: Path) -> bool:
        if edits:
            save(path, edits.pop(0))
        return swap(one, other)

    monkeypatch.setattr(write_module, "swap", busy)
    with pytest.raises(Changed):
        write(path, b"ours", b"old")
    assert (path.read_bytes(), edits) == (b"third", [])
    assert os.listdir(tmp_path) == ["a.bib"]


def test_a_file_that_is_taken_away_at_the_last_moment_is_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"old")

    def gone(one: Path, other: Path) -> bool:
        path.unlink(missing_ok=True)
        return swap(one, other)

    monkeypatch.setattr(write_module, "swap", gone)
    with pytest.raises(Changed):
        write(path, b"ours", b"old")
    assert os.listdir(tmp_path) == []


def test_where_files_cannot_change_places_they_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bibtool.swap._call", lambda: lambda old, new, how: errno.EINVAL)
    path = tmp_path / "a.bib"
    assert write(path, b"one", None)
    assert write(path, b"two", b"one")
    with pytest.raises(Changed):
        write(path, b"three", b"one")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.bib"]


def test_the_mode_is_kept_and_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    old = os.umask(0o027)
    try:
        write(path, b"one")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    write(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_only_plain_files_are_written(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.bib"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    else:
        os.mkfifo(path)
    with pytest.raises(DiskFailure, match=r"a\.bib: is "):
        write(path, b"one")
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    write(path, b"old")
    script = (
        "import resource, signal, sys; from pathlib import Path; from bibtool.write import write\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5, 5))\n"
        "try: write(Path(sys.argv[1]), b'new and longer')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(f"DiskFailure {path}: File too large")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bib"]


def test_a_second_run_is_told_at_once_that_another_is_at_work(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bibtool.write import only_run\n"
        "with only_run(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="another bibtool"), only_run(tmp_path):
            pass
        holder.kill()
    with only_run(tmp_path):  # freed when its holder died
        pass


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    for name in (".bibtool-abc.tmp", "sections/.bibtool-def.tmp", "notes.tmp"):
        (tmp_path / name).touch()
    with only_run(tmp_path):
        pass
    left = sorted(p.name for p in tmp_path.rglob("*.tmp"))
    assert left == ["notes.tmp"]
