"""What a merge in git left in the output folder: whose its files are, which entries are missing.

Whoever settles a conflict in references.bib by taking one side of it takes the other side's new
entries out. That is no deletion by hand, which stays; only both locks together tell them apart.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from bibtool import bib
from bibtool.errors import Unreadable
from bibtool.lock import CONFLICT, Lock
from bibtool.model import Place, Problem
from bibtool.project import Project
from bibtool.stamp import digest_of
from bibtool.works import BIB

SHOWN = 5  # keys that a message names


def outputs_after(
    project: Project, sides: Sequence[Lock]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """For the lock, the digests of outputs that are still as one of the `sides` wrote them; and
    what to do about those that are nobody's."""
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    outputs = {name for side in sides for name in side.outputs}
    shared = {BIB, *(f"{name}.new" for name in outputs)}
    for options in (project.settings.latex, project.settings.markdown):
        shared |= {os.path.relpath(project.root / file, project.out) for file in options.into}
    for name in sorted(outputs - shared):
        path = project.out / name
        digest = digest_of(str(path))
        if digest and digest in {side.outputs.get(name) for side in sides}:
            digests[name] = digest
        elif digest:
            problems.append(_nobodys(path, project.shown(path)))
    return digests, tuple(problems)


def _nobodys(path: Path, shown: str) -> Problem:
    data = path.read_bytes()
    marks = CONFLICT.search(data)
    what = "merge conflict" if marks else "merged by git, or edited by hand"
    line = data.count(b"\n", 0, marks.start()) + 1 if marks else 1
    advice = "delete it, unless an edit of yours is in it; bibtool sync writes it anew"
    return Problem(Place(shown, line), f"{what}; {advice}")


def missing_after(
    project: Project, sides: tuple[Lock, Lock]
) -> tuple[frozenset[str], tuple[Problem, ...]]:
    """Keys of entries that one side alone has and references.bib has not, so that the next sync
    has to write them; and a word on it. Unreadable while the file has a conflict itself."""
    path = project.out / BIB
    shown = project.shown(path)
    try:
        text, _ = bib.decode(path.read_bytes(), shown)
    except FileNotFoundError:
        return frozenset(), ()
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error
    keys = {block.key for block in bib.parse(text, shown).entry_blocks}
    ours, theirs = (side.entries.keys() for side in sides)
    missing = frozenset((ours ^ theirs) - keys)
    if not missing or not keys:  # a file without entries is written whole again
        return frozenset(), ()
    some = ", ".join(sorted(missing)[:SHOWN]) + (", ..." if len(missing) > SHOWN else "")
    message = (
        f"one side's entries are missing here ({some}); bibtool sync writes {len(missing)} anew,"
        " delete again what was deleted on purpose"
    )
    return missing, (Problem(Place(shown, 1), message),)
