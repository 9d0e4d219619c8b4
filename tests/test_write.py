import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bibtool.errors import Busy, DiskFailure
from bibtool.write import only_run, write


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    assert write(path, b"one")
    before = path.stat()
    assert not write(path, b"one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


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
