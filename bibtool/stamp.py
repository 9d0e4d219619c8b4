"""A run with nothing to do ends here: all that it would read is as the last run left it.

The stamp lies in the output folder's hidden folder and never in git; without it a run is only
slower. Nothing but the standard library's lightest modules is imported, since this is the path
of a tool that is run at every save.
"""

import contextlib
import glob
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence

from bibtool import __version__

TYPE_CHECKING = False  # typing itself costs a fifth of an idle run
if TYPE_CHECKING:
    from typing import Any

FOLDER = ".bibtool"
LENGTH = 16  # of a digest, in hexadecimal
TICK = 0.05  # s by which the times of files may lag behind the clock
UNREAD = "unread"  # instead of a digest: only its mark tells whether a file is as it was
SETTINGS = ("bibtool.toml", "pyproject.toml")


def moment() -> tuple[float, float]:
    """Now, by the clock that files are dated with (s since 1970), and by one that nobody sets."""
    return time.time(), time.monotonic()


def last_words(out: str, arguments: Sequence[str]) -> list[str] | None:
    """The summary of the last run if this one, in the current folder, would change nothing."""
    stamp = _load(_path(out, arguments))
    if stamp is None or not _stands(stamp, _path(out, arguments), "digests"):
        return None
    return [str(line) for line in stamp["summary"]]


def still_stands(out: str, arguments: Sequence[str]) -> bool:
    """Whether all files are as the last run left them, and what it left beside them too."""
    stamp = _load(_path(out, arguments))
    if stamp is None or not stamp.get("beside"):
        return False
    return _stands(stamp, _path(out, arguments), "digests", "beside")


def _stands(stamp: "dict[str, Any]", target: str, *tables: str) -> bool:
    """By marks where there are any; else by digests, and then there are marks from now on."""
    now = time.time()
    if stamp.get("version") != __version__:
        return False
    try:
        digests = {path: digest for table in tables for path, digest in stamp[table].items()}
        marks = stamp["marks"]
        read = [path for path in digests if path not in marks or _mark(path) != marks[path]]
        if _files(stamp["patterns"]) != stamp["found"] or any(
            digest_of(path) != digests[path] for path in read
        ):
            return False
    except (KeyError, TypeError, AttributeError):
        return False  # a stamp of another hand
    if fresh := {path: mark for path in read if (mark := _mark(path)) and _is_old(mark, now)}:
        _save({**stamp, "marks": {**marks, **fresh}}, target)
    return True


def leave(
    out: str,
    arguments: Sequence[str],
    *,
    patterns: Iterable[str],
    paths: Iterable[str],
    summary: Iterable[str],
    written: Mapping[str, str],
    beside: "Mapping[str, int | None]",
    began: tuple[float, float],
) -> None:
    """Remember how all files stand; `patterns` are those by which lists and templates are found.

    Not where a file was changed since the run `began` (a `moment`), unless by the run itself:
    `written` are its outputs with their digests; one without was left as a person edited it, and
    nothing is remembered. Nor is it where dates of files cannot be relied on, since the clock was
    set back meanwhile or is ahead of the file system's. `beside` them it wrote files for itself,
    and dated them (ns since 1970).
    """
    if _set_back(began) or not all(written.values()):
        return
    looked_for = sorted(patterns)
    found = _files(looked_for)
    read = {*paths, *found, *SETTINGS} - written.keys()
    if any(_changed_since(began[0], path) for path in read):
        return
    # What people change comes first: it is where the next run finds a difference.
    ordered = dict.fromkeys([*found, *SETTINGS, *sorted(paths)])
    digests = {path: written.get(path) or digest_of(path) for path in ordered}
    marks = {path: mark for path in ordered if (mark := _mark(path)) and _is_old(mark, began[0])}
    _save(
        {
            "version": __version__,
            "patterns": looked_for,
            "found": found,
            "digests": digests,
            "marks": marks | _known_by_date(beside),
            "summary": list(summary),
            "beside": {path: digest_of(path) for path in beside},
        },
        _path(out, arguments),
    )


def leave_again(
    out: str,
    arguments: Sequence[str],
    *,
    written: Mapping[str, str],
    dated: Mapping[str, int],
    beside: "Mapping[str, int | None]",
    began: tuple[float, float],
) -> None:
    """As `leave`, after a run that found all as it was left and changed `written` alone, and files
    that it `dated` (ns since 1970) and that are too large to be looked through for a digest. What
    stands `beside` without a date it left alone."""
    stamp = _load(_path(out, arguments))
    if stamp is None or _set_back(began) or not all(written.values()):
        return
    fresh = {path: date for path, date in beside.items() if date is not None}
    known = _known_by_date({**dated, **fresh})
    by_date = {path: UNREAD if path in known else digest_of(path) for path in dated}
    digests = {**stamp["digests"], **written, **by_date}
    ours = {*written, *dated, *fresh}
    marks = {path: mark for path, mark in stamp["marks"].items() if path not in ours} | known
    # Who changes a file that has a mark gives it another one.
    if any(_changed_since(began[0], path) for path in digests.keys() - ours - marks.keys()):
        return
    kept = {path: digest_of(path) if path in fresh else stamp["beside"][path] for path in beside}
    again = {"digests": digests, "marks": marks, "beside": kept}
    _save({**stamp, **again}, _path(out, arguments))


def _known_by_date(dated: Mapping[str, "int | None"]) -> "dict[str, list[int]]":
    """Marks of files to which the run gave a date that no other change gives them."""
    return {path: mark for path, date in dated.items() if (mark := _mark(path)) and mark[2] == date}


def _save(stamp: "dict[str, Any]", target: str) -> None:
    try:
        now = time.time()
        with open(target + ".tmp", "w", encoding="utf-8", opener=_fresh) as file:
            file.write(json.dumps(stamp))  # by parts it takes four times as long
        if _changed_since(now, target + ".tmp"):
            os.replace(target + ".tmp", target)
        else:
            os.unlink(target + ".tmp")
    except OSError:  # a stamp saves time and nothing else
        with contextlib.suppress(OSError):
            os.unlink(target + ".tmp")


def _mark(path: str) -> "list[int] | None":
    """By which a file is known to be as it was, without a look into it, as git knows it.

    None where there is no file. Who changes a file also changes the time of its status, which
    nobody can set.
    """
    try:
        status = os.stat(path)
    except OSError:
        return None
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _is_old(mark: "list[int]", now: float) -> bool:
    """Whether a later change gets another mark: within a tick it may get the same times. By `_save`
    the clock of the files is no more than a tick behind."""
    return max(mark[2:]) / 1e9 < now - 2 * TICK


def _set_back(began: tuple[float, float]) -> bool:
    date, ticks = moment()
    return date - began[0] < ticks - began[1] - TICK


def _changed_since(moment: float, path: str) -> bool:
    """Whether somebody wrote or moved a file in the meantime, as far as its times tell."""
    try:
        status = os.stat(path)
    except OSError:
        return False
    return max(status.st_mtime, status.st_ctime) > moment - TICK


def _fresh(path: str, flags: int) -> int:
    """Not over a link, soft or hard, that somebody put there."""
    return os.open(path, flags | os.O_EXCL, 0o666)


def digest_of(path: str) -> str:
    """Of the bytes of a plain file, as the lock knows outputs by it; empty if there is none."""
    try:
        if not os.path.isfile(path):  # a pipe would keep us waiting
            return ""
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:LENGTH]
    except OSError:
        return ""


def digest_of_text(text: "bytes | Iterable[bytes | memoryview]") -> str:
    """As `digest_of`, of what is to be written, whole or in pieces."""
    found = hashlib.sha256()
    for piece in (text,) if isinstance(text, bytes) else text:
        found.update(piece)
    return found.hexdigest()[:LENGTH]


def output_folder(given: str) -> str:
    """`--out`, else the setting, else refs; settings are read only where there are any."""
    if given:
        return given
    table: Mapping[str, Any] = {}
    if os.path.exists("bibtool.toml"):
        table = _toml("bibtool.toml")
    elif os.path.exists("pyproject.toml"):
        table = _toml("pyproject.toml").get("tool", {}).get("bibtool", {})
    return str(table.get("out", "refs"))


def _toml(path: str) -> "Mapping[str, Any]":
    with open(path, "rb") as file:
        data = file.read()
    if path == "pyproject.toml" and b"tool.bibtool" not in data:
        return {}
    import tomllib  # only here: it costs as much as all the rest of an idle run

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except ValueError:
        return {}  # the full run says what is wrong with it


def _files(patterns: Iterable[str]) -> list[str]:
    return sorted({path for pattern in patterns for path in glob.glob(pattern, recursive=True)})


def _path(out: str, arguments: Sequence[str]) -> str:
    name = hashlib.sha256("\0".join(arguments).encode("utf-8", "surrogateescape")).hexdigest()
    return os.path.join(out, FOLDER, f"stamp-{name[:16]}.json")


def _load(path: str) -> "dict[str, Any] | None":
    if not os.path.isfile(path):  # a pipe would keep us waiting
        return None
    try:
        with open(path, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None
