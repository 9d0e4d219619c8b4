"""What commands that ask have in common: who watches, what day it is, and the sync at their end."""

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from bibtool.connect import Connection
from bibtool.project import Project
from bibtool.report import Report, summary_lines
from bibtool.watch import Silent, Watch


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def watching(*, quiet: bool = False) -> AbstractContextManager[Watch]:
    """Bars on a live terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        return nullcontext(Silent())
    from rich.console import Console  # only a live terminal pays for it

    from bibtool.progress import Live

    return Live(Console(stderr=True))


def sync_now(project: Project, *, ask: bool = True) -> Report:
    """Bring the outputs up to date after a change; its summary goes to stderr."""
    from bibtool.sync import Options, sync  # only here: who asks who watches needs less

    with watching(quiet=not ask) as watch, Connection(project.settings, watch) as connection:
        report = sync(project, Options(ask=ask), connection, today=today(), watch=watch)
        report.requests, report.searches = connection.requests, connection.searches
    for line in summary_lines(report, project.shown(project.out)):
        print(line, file=sys.stderr)
    return report
