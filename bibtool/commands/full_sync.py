"""`bibtool sync` when there may be something to do: the run, and what is said about it."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from bibtool import stamp, web_list
from bibtool.commands.live import today, watching
from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.project import Project, open_project
from bibtool.refresh import WHOLE
from bibtool.renewal.echo import echoing
from bibtool.report import Report, as_json, at_rest, problem_lines, summary_lines
from bibtool.sources import Connect
from bibtool.watch import Watch

_last: list[Report] = []  # held until the program ends: to take 10,000 rows apart takes a while


def run(options: argparse.Namespace, stamped: Sequence[str]) -> int:
    began = stamp.moment()
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    lists = _lists(options, project)
    with _watch(options) as watch, Connection(project.settings, watch) as connection:
        connect = echoing(connection) if options.refresh else connection
        renewed = _renewed(project, options, stamped, connect, watch)
        report = renewed or _whole(project, lists, options, connect, watch)
        report.requests, report.searches = connection.requests, connection.searches
    _last[:] = [report]
    _show(report, project, options)
    code = _exit_code(report, options)
    if renewed:
        _leave_stamp_again(renewed, project, stamped, began)
    elif code == 0 and _writes(options) and not options.refresh and not report.down:
        _leave_stamp(report, project, stamped, began)
    return code


def _writes(options: argparse.Namespace) -> bool:
    return not (options.check or options.dry_run)


def _whole(
    project: Project,
    lists: tuple[str, ...],
    options: argparse.Namespace,
    connect: Connect,
    watch: Watch,
) -> Report:
    from bibtool.sync import Options, sync  # only here: a refresh of a few works needs less

    wishes = Options(
        lists=lists,
        ask=not (options.check or options.offline),
        write=_writes(options),
        refresh=options.refresh,
        prune=options.prune,
        provisional=options.provisional,
    )
    return sync(
        project,
        wishes,
        connect,
        today=today(),
        watch=watch,
        say=lambda lines: _say_first(lines, options),
    )


def _renewed(
    project: Project,
    options: argparse.Namespace,
    stamped: Sequence[str],
    connect: Connect,
    watch: Watch,
) -> Report | None:
    """A refresh of a few works, where it can be done on these alone."""
    of_all = options.lists or options.prune or options.provisional or options.offline
    tells_all = options.json or options.verbose or options.strict or not _writes(options)
    if of_all or tells_all or options.refresh in ("", *WHOLE):
        return None
    from bibtool.renewal.run import renew  # only here: it takes other modules than most runs

    out = project.shown(project.out)
    return renew(
        project,
        options.refresh,
        connect,
        stands=lambda: stamp.still_stands(out, stamped),
        today=today(),
        watch=watch,
    )


def _lists(options: argparse.Namespace, project: Project) -> tuple[str, ...]:
    """The lists that were named; those on the web as their copies in the output folder."""
    return tuple(
        _copy(name, options, project) if web_list.is_address(name) else name
        for name in options.lists
    )


def _copy(url: str, options: argparse.Namespace, project: Project) -> str:
    from bibtool import fetch

    if options.check or options.offline or options.dry_run:
        return fetch.copy_of(project, url)
    tell = partial(print, file=sys.stderr)
    with _watch(options) as watch:
        path = fetch.take(project, url, watch, tell)
    if not (options.quiet or options.json):
        print(f"{path} is the list at {url}")
    return path


def _say_first(lines: Sequence[str], options: argparse.Namespace) -> None:
    if lines and not (options.quiet or options.json):
        print("\n".join(lines), file=sys.stderr if options.dry_run else sys.stdout, flush=True)


def _leave_stamp(
    report: Report, project: Project, stamped: Sequence[str], began: tuple[float, float]
) -> None:
    out = project.shown(project.out)
    names = (*report.written, *report.unchanged, project.lock_path.name)
    outputs = {project.shown(project.out / name): report.digests.get(name, "") for name in names}
    stamp.leave(
        out,
        stamped,
        patterns=[*project.settings.lists, "templates/*.j2"],
        paths=[*report.lists, *outputs],
        written=outputs,
        beside=report.beside,
        began=began,
        summary=at_rest(report, out),
    )


def _leave_stamp_again(
    report: Report, project: Project, stamped: Sequence[str], began: tuple[float, float]
) -> None:
    lock = project.shown(project.lock_path)
    stamp.leave_again(
        project.shown(project.out),
        stamped,
        written={project.shown(project.out / n): report.digests[n] for n in report.written},
        dated={} if report.lock_date is None else {lock: report.lock_date},
        beside=report.beside,
        began=began,
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
        lines = summary_lines(report, project.shown(project.out), would=would)
        print("\n".join(lines), file=sys.stderr if options.dry_run else sys.stdout)


def _exit_code(report: Report, options: argparse.Namespace) -> int:
    """Several causes: 69 before 1. `--check` fails on what a plain run would do."""
    if options.check:
        return 1 if report.behind else 0
    if report.without_entry:
        return 69
    return 1 if options.strict and report.waiting else 0
