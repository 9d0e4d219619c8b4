"""The output folder: what stands there, what would be written, and what a person made of it.

A generated file that a person edited is left alone; the new text goes beside it as NAME.new.
Edited means: neither what the lock says bibtool wrote last, nor what it is about to write.
"""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from bibtool.errors import BibtoolError, DiskFailure
from bibtool.model import Notice, Place
from bibtool.project import Project
from bibtool.write import HIDDEN, check_writable, write

BIB = "references.bib"
PENDING = "pending.json"


class ChangedMeanwhile(BibtoolError):
    """Somebody wrote a file between our reading and our writing: read it again."""

    exit_code = 74


class Plan(Struct, frozen=True):
    """What a run would do to the output folder; names are relative to it."""

    files: Mapping[str, bytes]  # to be written
    before: Mapping[str, bytes | None]  # what stands there now
    unchanged: tuple[str, ...]
    digests: Mapping[str, str]  # for the lock
    notices: tuple[Notice, ...]


def read_output(project: Project, name: str) -> bytes | None:
    path = project.out / name
    check_writable(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DiskFailure(f"{path}: {error.strerror}") from error


def plan(project: Project, made: Mapping[str, bytes], digests: Mapping[str, str]) -> Plan:
    """What is to be written of `made`; `digests` are the lock's, of what was written last.

    The .bib is always written: its text was merged with what people made of it.
    """
    ours = _pending(project)
    files: dict[str, bytes] = {}
    before: dict[str, bytes | None] = {}
    unchanged: list[str] = []
    remembered = dict(digests)
    notices: list[Notice] = []
    for name, data in sorted(made.items()):
        now = before[name] = read_output(project, name)
        if now == data:
            unchanged.append(name)
            remembered[name] = _digest(data)
        elif now is None or name == BIB or _digest(now) in {digests.get(name), ours.get(name)}:
            files[name] = data
            remembered[name] = _digest(data)
        else:
            beside = f"{name}.new"
            notices.append(_edited(project, name))
            before[beside] = read_output(project, beside)
            offered_before = digests.get(beside) == _digest(data)
            if before[beside] != data and not (offered_before and before[beside] is None):
                files[beside] = data
            remembered[beside] = _digest(data)
    return Plan(files, before, tuple(unchanged), remembered, tuple(notices))


def carry_out(project: Project, plan: Plan) -> None:
    """Write the files of `plan`, each whole; ChangedMeanwhile if one is not as it was read."""
    if not plan.files:
        return
    for name in plan.files:
        if read_output(project, name) != plan.before[name]:
            raise ChangedMeanwhile(f"{project.out / name}: changed while bibtool ran; run it again")
    # Should we die half-way, the next run knows by this that the new files are our own.
    pending = {name: _digest(data) for name, data in plan.files.items()}
    write(project.out / HIDDEN / PENDING, json.dumps(pending, indent=1).encode())
    for name in sorted(plan.files, key=lambda n: (n != BIB, n)):
        write(project.out / name, plan.files[name])


def settled(project: Project) -> None:
    """The lock is written as well: nothing is pending any more."""
    (project.out / HIDDEN / PENDING).unlink(missing_ok=True)


def diff(project: Project, plan: Plan) -> Iterable[str]:
    """What `plan` would change, as a unified diff."""
    for name, data in sorted(plan.files.items()):
        shown = project.shown(project.out / name)
        old = (plan.before[name] or b"").decode("utf-8", "replace").splitlines(keepends=True)
        new = data.decode("utf-8", "replace").splitlines(keepends=True)
        label = "/dev/null" if plan.before[name] is None else shown
        yield from difflib.unified_diff(old, new, label, shown)


def _edited(project: Project, name: str) -> Notice:
    place = Place(project.shown(project.out / name), 1)
    return Notice(
        place, "edited", f"edited by hand, so left alone; the new text stands in {name}.new"
    )


def _pending(project: Project) -> Mapping[str, str]:
    path = project.out / HIDDEN / PENDING
    try:
        pending = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return pending if isinstance(pending, dict) else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def own_templates(folder: Path) -> Mapping[str, str]:
    """The user's templates by file name; they win over shipped ones of the same name."""
    if not folder.is_dir():
        return {}
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name.endswith(".j2")
    }
