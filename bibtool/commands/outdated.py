"""`bibtool outdated`: a fresh look at works that are still preprints; writes nothing."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bibtool import outdated
from bibtool.commands.live import today, watching
from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.given import Given
from bibtool.inquiry import resolver_for
from bibtool.lock import Lock
from bibtool.model import Matched, Outcome, Row
from bibtool.outcomes import with_published
from bibtool.outdated import News
from bibtool.project import open_project
from bibtool.reading import read_project
from bibtool.refresh import refresh_for
from bibtool.resolve import Resolver, asked_in_turn
from bibtool.saving import stored_lock

SOMETHING = 1


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    prefer = project.settings.prefer
    lock = stored_lock(project)
    rows = read_project(project, options.lists, lock.lists).asked_rows
    with (
        watching(quiet=options.json) as watch,
        Connection(project.settings, watch) as connection,
    ):
        refresh = refresh_for("preprints", rows, lock)
        resolver = resolver_for(
            lock, project, connection, today=today(), watch=watch, refresh=refresh
        )
        before = outdated.preprints(_outcomes(resolver, rows), prefer)
        known = [matched.row for matched in before.values()]
        for _ in asked_in_turn(resolver, known, published=prefer == "published"):
            pass
    told = outdated.news(before, _outcomes(resolver, known), prefer)
    _show(told, len(before), lock, options)
    for name, reason in sorted(resolver.down.items()):
        print(f"{name}: {reason}", file=sys.stderr)
    if resolver.down:
        return 69
    return SOMETHING if told else 0


def _outcomes(resolver: Resolver, rows: Iterable[Row]) -> list[Outcome]:
    return [
        with_published(outcome, resolver.lock) if isinstance(outcome, Matched) else outcome
        for outcome in resolver.outcomes(rows)
    ]


def _show(told: tuple[News, ...], looked_at: int, lock: Lock, options: argparse.Namespace) -> None:
    given = Given(lock, None)
    keys = {one.identifier: given.key([one.identifier]) for one in told}
    if options.json:
        print(outdated.as_json(told, keys, looked_at))
        return
    for one in told:
        print(outdated.line_of(one, keys[one.identifier]))
    counts = Counter("new version" if one.kind == "version" else one.kind for one in told)
    found = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    works = "1 preprint" if looked_at == 1 else f"{looked_at} preprints"
    print(f"{works} looked at: {found or 'nothing new'}")
    if told:
        print("bibtool sync --refresh=preprints takes it over")
