"""What a run leaves for a refresh to come: its register, where there can be one."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bibtool.confine import strangers
from bibtool.errors import DiskFailure
from bibtool.folder import own_templates
from bibtool.lock.text import Layout
from bibtool.memo import UNTELLABLE
from bibtool.project import Project
from bibtool.render import bibtex
from bibtool.renewal.register import Register, Totals, written_down
from bibtool.report import Report, told
from bibtool.saving import maker, stored_bytes
from bibtool.shipped import shipped_templates
from bibtool.standing import Standing
from bibtool.write import HIDDEN, write

if TYPE_CHECKING:
    from bibtool.compose import Composed

LASTING = frozenset({"orphan", "conflict"})  # notices of the .bib that every run gives


def is_plain(project: Project) -> bool:
    """Whether every output is made of the works that stand in it, and of nothing else."""
    settings = project.settings
    into = settings.latex.into or settings.markdown.into
    own = strangers(own_templates(project.root / "templates"), shipped_templates())
    return not (own or settings.category_bibs or into or bibtex.macros(settings.bib))


def leave_register(
    project: Project, report: Report, composed: "Composed", standing: Standing, layout: Layout
) -> Mapping[Path, int | None]:
    """Where it lies, see `keep_register`; nowhere if the next run would tell something else than
    this one did."""
    once = {notice.kind for notice in composed.works.merged.notices} - LASTING
    if once or not layout or not is_plain(project):
        return {}
    totals = Totals(report.counts, report.entries, sum(1 for _ in told(report)))
    try:
        rows, works = written_down(
            composed.works, composed.contents, standing, layout, totals, maker()
        )
    except UNTELLABLE:
        return {}
    return keep_register(project, works, rows)


def register_paths(project: Project) -> tuple[Path, Path]:
    """Where the two texts of the register lie."""
    folder = project.out / HIDDEN
    return folder / "register-rows", folder / "register-works"


def stored_register(project: Project) -> Register | None:
    """What the last run left, if the same bibtool did."""
    rows, works = map(stored_bytes, register_paths(project))
    try:
        register = Register(rows, works)
    except (msgspec.DecodeError, ValueError):
        return None
    return register if register.maker == maker() else None


def keep_register(
    project: Project, works: bytes, rows: bytes | None = None
) -> Mapping[Path, int | None]:
    """For the next run; without `rows` those stay. Where both lie, or nowhere without room.

    With the date (ns since 1970) of what was written now, by which `stamp` knows it.
    """
    texts = zip(register_paths(project), (rows, works), strict=True)
    left: dict[Path, int | None] = {}
    try:
        for path, text in texts:
            left[path] = date = None if text is None else time.time_ns()
            if text is not None:
                write(path, text, compare=False, date=date)
    except DiskFailure:
        return {}
    return left
