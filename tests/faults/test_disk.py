"""A disk that is full, broken or read-only: the old files stand, it is said, and nothing is left."""

import os
import resource
import shutil
import signal
from pathlib import Path

import pytest
from desk import Desk, Library, addresses, assert_heals, assert_old_or_new
from service import serving
from syscalls import calls_of, strace
from tally import LONG, Tally, sample

FAULTS = {
    "write": ("ENOSPC", "EDQUOT", "EIO"),
    "fsync": ("EIO", "ENOSPC"),
    "rename": ("EIO", "EROFS", "EACCES"),
    "renameat2": ("EIO", "EROFS", "EACCES"),
    "unlink": ("EIO", "EROFS"),
    "fchmod": ("EIO", "EPERM"),
    "mkdir": ("ENOSPC", "EROFS"),
    "flock": ("EIO", "ENOLCK"),
}
WORDS = {
    "ENOSPC": "No space left on device",
    "EDQUOT": "Disk quota exceeded",
    "EIO": "Input/output error",
    "EROFS": "Read-only file system",
    "EACCES": "Permission denied",
    "EPERM": "Operation not permitted",
    "ENOLCK": "No locks available",
}
CASES = [(call, error) for call, errors in FAULTS.items() for error in errors]
# Root may write everywhere; without this capability it is as everybody else.
PLAIN_USER = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
)


@pytest.mark.system("strace")
@pytest.mark.promise(1)
@pytest.mark.parametrize(("call", "error"), CASES)
def test_a_call_that_fails_is_said_and_leaves_old_or_new(
    call: str, error: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    calls = calls_of(desk, library, tmp_path, call)
    for _, number in sample(calls, 2):
        for lasting in ("", "+") if LONG or number == 1 else ("",):
            desk.lay(library.old)
            inject = f"error={error}:when={number}{lasting}"
            ran = desk.run("sync", "--offline", before=strace(call, inject))
            with tally.trial(f"{call} {number}{lasting}: {error}"):
                ran.said()
                assert_old_or_new(desk, library)
                if ran.code == 0:
                    assert desk.files() == library.new
                else:
                    assert ran.code == 74, ran.code
                    # where nothing can be written any more, nothing can be said
                    assert WORDS[error] in ran.err or (call, lasting) == ("write", "+"), ran.err
                if (call, lasting) != ("unlink", "+"):
                    assert desk.litter() == []
                assert_heals(desk, library)


@pytest.mark.promise(1)
def test_a_limit_on_the_size_of_files_leaves_old_or_new(
    desk: Desk, library: Library, tally: Tally
) -> None:
    sizes = sorted({0, 1, 50, *(len(d) - 1 for d in library.new.values())})
    for size in sizes if LONG else sample(sizes, 6):
        desk.lay(library.old)

        def limited(size: int = size) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        ran = desk.run("sync", "--offline", preexec_fn=limited)
        with tally.trial(f"files of {size} bytes at most"):
            ran.said()
            assert ran.code == (74 if size < len(library.new["bibtool.lock"]) else 0), ran
            assert ran.code == 0 or "File too large" in ran.err
            assert_old_or_new(desk, library)
            assert desk.litter() == []
            assert_heals(desk, library)


@pytest.mark.system("unshare")
@pytest.mark.promise(1)
def test_a_full_disk_leaves_old_or_new(desk: Desk, library: Library, tally: Tally) -> None:
    """A small tmpfs, filled up to so many kilobytes; what stands there is copied out after."""
    after = desk.root.parent / "after"
    script = """
        mount -t tmpfs -o size=512k tmpfs refs && cp -r "$1/." refs/
        head -c 600000 /dev/zero > refs/filler 2>/dev/null; truncate -s "-$2" refs/filler
        shift 2; "$@"; code=$?; rm refs/filler; mkdir "$AFTER"; cp -r refs/. "$AFTER"; exit $code
    """
    kept = desk.root.parent / "kept"
    shutil.copytree(desk.refs, kept)
    for kilobytes in range(0, 64, 4) if LONG else (0, 8, 24, 40):
        shutil.rmtree(after, ignore_errors=True)
        words = ["unshare", "-rm", "sh", "-c", script, "sh", str(kept), f"{kilobytes}K"]
        ran = desk.run("sync", "--offline", before=words, env=desk.env(AFTER=str(after)))
        copy = Desk(desk.root.parent / "copy")
        copy.lay(
            {
                p.relative_to(after).as_posix(): p.read_bytes()
                for p in after.rglob("*")
                if p.is_file()
            }
        )
        with tally.trial(f"{kilobytes} kB left"):
            ran.said()
            assert ran.code in (0, 74), ran
            assert ran.code == 0 or "No space left on device" in ran.err
            assert copy.litter() == []
            hidden = {name for name in copy.files() if name.startswith(".bibtool/")}
            assert not hidden
            assert_old_or_new(copy, library)
            assert_heals(copy, library)


@pytest.mark.promise(1)
@pytest.mark.parametrize("what", ["the folder", "the hidden folder", "the .bib", "the lock"])
def test_what_must_not_be_written_is_said_before_anybody_is_asked(
    what: str, desk: Desk, tally: Tally
) -> None:
    hidden = desk.refs / ".bibtool"
    desk.run("sync", "--offline")
    desk.papers.write_text(
        desk.papers.read_text()
        + "\n- [Attention](https://arxiv.org/abs/1706.03762)\n- [SICI](https://doi.org/10.5555/a)\n"
    )
    path = {
        "the folder": desk.refs,
        "the hidden folder": hidden,
        "the .bib": desk.bib,
        "the lock": desk.lock,
    }[what]
    mode = path.stat().st_mode
    before = desk.files()
    with serving() as service:
        path.chmod(mode & ~0o222)
        try:
            ran = desk.run("sync", before=PLAIN_USER, env=desk.env(**addresses(service.url)))
        finally:
            path.chmod(mode)
        with tally.trial(what):
            ran.said()
            assert ran.code == 74
            assert str(path.relative_to(desk.root)) in ran.err
            assert service.log == []
            assert desk.files() == before


@pytest.mark.promise(1)
@pytest.mark.system("unshare")
def test_a_read_only_file_system_is_said_before_anybody_is_asked(desk: Desk, tally: Tally) -> None:
    before = desk.files()
    script = 'mount --bind refs refs && mount -o remount,bind,ro refs && exec "$@"'
    with serving() as service, tally.trial("mounted read-only"):
        words = ["unshare", "-rm", "sh", "-c", script, "sh"]
        ran = desk.run("sync", before=words, env=desk.env(**addresses(service.url)))
        ran.said()
        assert ran.code == 74
        assert WORDS["EROFS"] in ran.err
        assert service.log == []
        assert desk.files() == before


@pytest.mark.promise(1)
def test_results_that_cannot_be_written_are_no_success(desk: Desk, tally: Tally) -> None:
    for words in (["sync", "--offline"], ["sync", "--check"], ["read", "refs/lists/papers.md"]):
        with tally.trial(" ".join(words)), open("/dev/full", "w") as full:
            ran = desk.run(*words, stdout=full)
            ran.said()
            assert ran.code == 74, ran
            assert WORDS["ENOSPC"] in ran.err


@pytest.mark.promise(4)
@pytest.mark.parametrize("cache", ["/dev/null", "/proc/none", "full"])
def test_where_no_turns_can_be_kept_the_run_goes_on(
    cache: str, desk: Desk, library: Library, tally: Tally, tmp_path: Path
) -> None:
    if cache == "full":
        cache = str(tmp_path / "cache")
        Path(cache).mkdir()
        (Path(cache) / "bibtool").symlink_to("/dev/full")
    desk.lock.unlink()
    with serving() as service, tally.trial(cache):
        env = desk.env(**addresses(service.url), XDG_CACHE_HOME=cache)
        ran = desk.run("sync", env=env)
        ran.said()
        assert ran.code == 0, ran
        assert desk.bib.read_bytes() == library.new["references.bib"]
