"""`bibtool add`: one work into a list, in the list's own format, and into the bibliography."""

import argparse
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bibtool import adding, bib, cards, terminal
from bibtool.commands.live import sync_now, today, watching
from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.given import Given
from bibtool.inquiry import inquire, learnt, resolver_for, row_of
from bibtool.lock import Lock
from bibtool.lock.text import encode
from bibtool.model import Ambiguous, Matched, NotFound, Outcome, PaperList, Row, Unavailable
from bibtool.outcomes import with_published
from bibtool.project import Project, open_project
from bibtool.read import decoded, read_text
from bibtool.reading import Reading, read_project
from bibtool.report import message_of
from bibtool.rows import with_row
from bibtool.rows.shapes import NewRow
from bibtool.saving import stored_lock
from bibtool.watch import Silent
from bibtool.write import only_run, rewrite, write

NOT_CERTAIN = 1


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    lock = stored_lock(project)
    reading = read_project(project, [options.list] if options.list else (), lock.lists)
    homes = _homes(reading, options)
    row = row_of(" ".join(options.text))
    with watching() as watch, Connection(project.settings, watch) as connection:
        outcome = inquire(row, lock, project, connection, today=today(), watch=watch)
    matched = _settled(outcome, lock)
    if matched is None:
        return 69 if isinstance(outcome, Unavailable) else NOT_CERTAIN
    record = adding.record_of(matched, project.settings.prefer)
    terminal.tell(cards.work_lines(record, width=terminal.width()))
    if there := _standing(matched, reading, lock, project):
        terminal.tell([f"{there.place}: is there already"])
    else:
        paper_list, category = _chosen(homes)
        new = adding.new_row(record, matched, row.claim.identifiers)
        line = _write(project, paper_list, category, new, matched, lock)
        terminal.tell([f"{paper_list.path}:{line}: added under {adding.shown_path(category)}"])
    report = sync_now(project)
    print(_key(project, matched))
    return 69 if report.without_entry else 0


Home = tuple[PaperList, adding.Path]


def _homes(reading: Reading, options: argparse.Namespace) -> Sequence[Home]:
    """Where the row may go, as far as the command line says; a wrong word is said at once."""
    lists = [each for each in reading.lists if each.path in reading.asked]
    found = adding.homes(lists, options.to)
    if found:
        return found
    if len(lists) == 1:  # an empty heading, or an empty list: the writing finds out
        return [(lists[0], (options.to,) if options.to else ())]
    raise adding.no_such_category(lists, options.to)


def _chosen(homes: Sequence[Home]) -> Home:
    """The one place for the new row; a person is asked where several are meant."""
    if len(homes) == 1:
        return homes[0]
    if not terminal.is_interactive():
        raise adding.which_of(homes)
    terminal.tell(
        f"{number:>3}  {adding.shown_path(path)}  ({each.path})"
        for number, (each, path) in enumerate(homes, start=1)
    )
    number = terminal.choose("Under which heading?", len(homes))
    if number is None:
        raise adding.which_of(homes)
    return homes[number - 1]


def _settled(outcome: Outcome, lock: Lock) -> Matched | None:
    """The one work that is meant: by the rules, else by a person; None if it is not certain."""
    if isinstance(outcome, Matched):
        return outcome
    if not isinstance(outcome, Ambiguous) or not terminal.is_interactive():
        terminal.tell([_refusal(outcome)])
        return None
    for number, candidate in enumerate(outcome.candidates, start=1):
        terminal.tell(cards.candidate_lines(number, candidate, terminal.width()))
    chosen = terminal.choose("Which one is it? (Enter: none of them)", len(outcome.candidates))
    if chosen is None:
        return None
    return with_published(Matched(outcome.row, (outcome.candidates[chosen - 1],)), lock)


def _refusal(outcome: Outcome) -> str:
    name = outcome.row.claim.title or outcome.row.text
    match outcome:
        case Ambiguous(_, candidates, reason):
            best = candidates[0].record
            which = ", ".join(map(cards.spelled, best.identifiers[:1]))
            why = f" ({reason})" if reason else ""
            return (
                f'bibtool: not sure which work "{name}" is{why}: found "{best.title}" ({which}); '
                "give its identifier, if that is it"
            )
        case NotFound(_, asked):
            return f'bibtool: "{name}" is not known to {" and ".join(asked)}; nothing was added'
        case _:
            return f"bibtool: {message_of(outcome).rpartition(';')[0]}; nothing was added"


def _standing(matched: Matched, reading: Reading, lock: Lock, project: Project) -> Row | None:
    resolver = resolver_for(lock, project, today=today(), watch=Silent())
    outcomes = (
        with_published(outcome, lock) if isinstance(outcome, Matched) else outcome
        for outcome in resolver.outcomes(reading.rows)
    )
    wanted = {which for c in matched.candidates for which in c.record.identifiers}
    return adding.standing(outcomes, wanted)


def _write(
    project: Project,
    paper_list: PaperList,
    category: adding.Path,
    new: NewRow,
    matched: Matched,
    told: Lock,
) -> int:
    """Write the row and what was learnt; the line on which it stands."""
    path, shown = project.root / paper_list.path, paper_list.path
    line = 0

    @lru_cache(1)  # what was tried is not worked out again to be written
    def added(data: bytes) -> tuple[bytes, int]:
        text, encoding = decoded(data, shown)
        made = with_row(text, read_text(text, shown), category, new)
        return bib.encode(made.text, encoding, shown), made.line

    def with_it(data: bytes) -> bytes:
        nonlocal line
        changed, line = added(data)
        return changed

    with only_run(project.out):
        added(path.read_bytes())  # what cannot be done is said before anything is written
        lock = stored_lock(project)
        learnt(lock, told, matched)
        write(project.lock_path, encode(lock))
        rewrite(path, with_it)
    return line


def _key(project: Project, matched: Matched) -> str:
    lock = stored_lock(project)
    return Given(lock, None).key(i for c in matched.candidates for i in c.record.identifiers)
