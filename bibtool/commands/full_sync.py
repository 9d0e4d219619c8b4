"""`bibtool sync` when there may be something to do: the run, and what is said about it."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bibtool import stamp
from bibtool.commands.live import today, watching
from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.project import Project, open_project
from bibtool.report import Report, as_json, at_rest, problem_lines, summary_lines
from bibtool.sync import Options, sync
from bibtool.watch import Watch


def run(options: argparse.Namespace, stamped: Sequence[str]) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    wishes = Options(
        lists=tuple(options.lists),
        ask=not (options.check or options.offline),
        write=not (options.check or options.dry_run),
        refresh=options.refresh,
        prune=options.prune,
        provisional=options.provisional,
    )
    with _watch(options) as watch, Connection(project.settings, watch) as connection:
        report = sync(project, wishes, connection, today=today(), watch=watch)
        report.requests, report.searches = connection.requests, connection.searches
    _show(report, project, options)
    code = _exit_code(report, options)
    if code == 0 and wishes.write and not options.refresh:
        _leave_stamp(report, project, stamped)
    return code


def _leave_stamp(report: Report, project: Project, stamped: Sequence[str]) -> None:
    out = project.shown(project.out)
    outputs = [project.shown(project.out / name) for name in (*report.written, *report.unchanged)]
    stamp.leave(
        out,
        stamped,
        patterns=[*project.settings.lists, "templates/*.j2"],
        paths=[
            *report.lists,
            *outputs,
            project.shown(project.lock_path),
        ],
        summary=at_rest(report, out),
    )


def _watch(options: argparse.Namespace) -> AbstractContextManager[Watch]:
    return watching(quiet=options.quiet or options.json or options.check or options.offline)


def _show(report: Report, project: Project, options: argparse.Namespace) -> None:
    would = options.check or options.dry_run
    for line in problem_lines(report, verbose=options.verbose):
        print(line, file=sys.stderr)
    if options.dry_run:
        sys.stdout.writelines(report.diff)
    if options.json:
        print(as_json(report))
    elif not options.quiet:
        lines = (
            *report.first_words,
            *summary_lines(report, project.shown(project.out), would=would),
        )
        print("\n".join(lines), file=sys.stderr if options.dry_run else sys.stdout)


def _exit_code(report: Report, options: argparse.Namespace) -> int:
    """Several causes: 69 before 1. `--check` fails on what a plain run would do."""
    if options.check:
        return 1 if report.behind else 0
    if report.without_entry:
        return 69
    return 1 if options.strict and report.waiting else 0
