"""`bibtool review`: the rows that wait for a person, one screen each; answers go into the list."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bibtool import bib, cards, reviewing, terminal
from bibtool.commands.live import sync_now, today, watching
from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.errors import Unreadable, WrongUse
from bibtool.inquiry import inquire, resolver_for
from bibtool.lock import Lock
from bibtool.model import (
    Ambiguous,
    Identifier,
    Matched,
    NotFound,
    Outcome,
    Place,
    Record,
    Row,
    Unavailable,
)
from bibtool.project import Project, open_project
from bibtool.read import decoded, read_text
from bibtool.reading import read_project
from bibtool.reviewing import Enter, Later, Quit, Skip, Take, Unclear
from bibtool.rows import with_mark
from bibtool.saving import stored_lock
from bibtool.watch import Silent
from bibtool.write import only_run, rewrite


class _Gone(Exception):
    """The row that was to be marked stands in its list no more."""


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    lock = stored_lock(project)
    reading = read_project(project, options.lists, lock.lists)
    resolver = resolver_for(lock, project, today=today(), watch=Silent())
    outcomes = resolver.outcomes(row for row in reading.asked_rows if not row.key)
    unasked = sum(isinstance(outcome, Unavailable) for outcome in outcomes)
    if unasked:
        rows = "1 row has" if unasked == 1 else f"{unasked} rows have"
        terminal.tell([f"{rows} no answer yet; bibtool sync asks"])
    waiting = [outcome for outcome in outcomes if isinstance(outcome, Ambiguous | NotFound)]
    if not waiting:
        print("no row waits for you")
        return 0
    if not terminal.is_interactive():
        raise WrongUse("review asks a person at a terminal; bibtool sync -v tells what waits")
    marked = _walk(waiting, project, lock)
    print(f"{marked} of {len(waiting)} rows settled")
    return 69 if marked and sync_now(project).without_entry else 0


def _walk(waiting: Sequence[Outcome], project: Project, lock: Lock) -> int:
    """Ask about each row; each answer is written at once. How many rows were marked."""
    marked = 0
    for number, outcome in enumerate(waiting, start=1):
        terminal.clear()
        lines = reviewing.screen(outcome, number, len(waiting), min(80, terminal.width()))
        terminal.tell(lines)
        mark = _asked(outcome, project, lock)
        if mark is None:
            break
        marked += bool(mark) and _write(project, outcome.row, mark)
    return marked


def _asked(outcome: Outcome, project: Project, lock: Lock) -> str | None:
    """The mark that the answer asks for, "" for none; None to end."""
    while True:
        answer = reviewing.answer_to(outcome, terminal.ask(">"))
        match answer:
            case Take(candidate):
                return f"id={cards.spelled(candidate.record.identifiers[0])}"
            case Enter(identifier):
                if _is_meant(identifier, project, lock):
                    return f"id={cards.spelled(identifier)}"
            case Skip():
                return "skip"
            case Later():
                return ""
            case Quit():
                return None
            case Unclear(why):
                terminal.tell([why])


def _is_meant(identifier: Identifier, project: Project, lock: Lock) -> bool:
    """Show the work behind an identifier that was typed, and ask whether it is the right one."""
    claim = Record(identifiers=(identifier,))
    row = Row(place=Place("", 1), line_end=1, text="", claim=claim, settled=True)
    with watching() as watch, Connection(project.settings, watch) as connection:
        outcome = inquire(row, lock, project, connection, today=today(), watch=watch)
    if isinstance(outcome, Matched):
        terminal.tell(cards.work_lines(outcome.candidates[0].record))
        question = "Is this it? [y/N]"
    elif isinstance(outcome, Unavailable):
        question = f"No answer about {cards.spelled(identifier)}; take it all the same? [y/N]"
    else:
        terminal.tell([f"{cards.spelled(identifier)} is not known"])
        return False
    return (terminal.ask(question) or "").lower() in ("y", "yes")


def _write(project: Project, row: Row, mark: str) -> bool:
    """Mark the row in the list as it stands now, wherever the row has moved since."""
    path, shown = project.root / row.place.path, row.place.path

    def marked(data: bytes) -> bytes:
        text, encoding = decoded(data, shown)
        same = [r for r in read_text(text, shown).rows if r.text == row.text]
        if not same:
            raise _Gone
        now = min(same, key=lambda r: abs(r.place.line - row.place.line))
        return bib.encode(with_mark(text, now, mark, shown), encoding, shown)

    with only_run(project.out):
        try:
            rewrite(path, marked)
        except _Gone:
            terminal.tell([f"{row.place}: the row was changed meanwhile; it is left as it is"])
            return False
        except Unreadable as error:
            terminal.tell([str(error)])
            terminal.ask("Enter goes on")
            return False
    return True
