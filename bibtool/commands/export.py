"""`bibtool export`: entries of the bibliography, hand edits included, for another program."""

import argparse
import sys
from collections.abc import Collection, Set
from pathlib import Path

from bibtool import bib, selection, terminal
from bibtool.bib import Bibliography, Encoding
from bibtool.cards import wrapped
from bibtool.config import load_settings
from bibtool.earlier import earlier
from bibtool.errors import Unreadable, WrongUse
from bibtool.lock import Lock
from bibtool.model import Place
from bibtool.papers import Cited, read_papers
from bibtool.project import Project, open_project
from bibtool.saving import stored_lock
from bibtool.works import BIB
from bibtool.write import write_anywhere

HEADER = "% Entries of {path}, by bibtool export; bibtool pull brings changes home."


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    lock = stored_lock(project)
    mine, encoding = _bibliography(project)
    keys = _chosen(mine, lock, project, options)
    papers = read_papers(options.cited, root) if options.cited else None
    missing = False
    if papers is not None:
        missing = _tell_of(papers, mine, keys, project)
        keys &= _cited(papers, mine)
    blocks = selection.blocks_of(mine, keys)
    if options.to == "csljson":
        _put(selection.csl_text(mine, blocks).encode(), options, project)
    else:
        header = HEADER.format(path=project.shown(project.out / BIB))
        text = selection.bib_text(mine, blocks, header)
        _put(bib.encode(text, encoding, options.output or BIB), options, project)
    return 1 if missing else 0


def _bibliography(project: Project) -> tuple[Bibliography, Encoding]:
    path = project.out / BIB
    shown = project.shown(path)
    try:
        text, encoding = bib.decode(path.read_bytes(), shown)
    except OSError as error:
        reason = f"{error.strerror or error}; bibtool sync writes it"
        raise Unreadable(Place(shown, 1), reason) from error
    return bib.parse(text, shown), encoding


def _chosen(
    mine: Bibliography, lock: Lock, project: Project, options: argparse.Namespace
) -> set[str]:
    """Keys that the options leave, before papers are asked."""
    keys = {entry.key for entry in mine.entries}
    if options.category:
        under = selection.under_category(lock, options.category)
        if under is None:
            names = ", ".join(f'"{path}"' for path in selection.categories(lock))
            raise WrongUse(f'no category "{options.category}"; there are {names or "none"}')
        keys &= under
    if options.since:
        before = earlier(project, options.since)
        keys &= selection.new_since(mine, lock, before.lock, before.keys)
    return keys


def _cited(papers: Cited, mine: Bibliography) -> Set[str]:
    known = selection.aliases(mine)
    if papers.everything:
        return set(known.values())
    return {known[key] for key in papers.keys if key in known}


def _tell_of(papers: Cited, mine: Bibliography, keys: Collection[str], project: Project) -> bool:
    """Say what is cited and missing, and what is never cited; whether a key is missing."""
    known = selection.aliases(mine)
    path = project.shown(project.out / BIB)
    for problem in papers.problems:
        terminal.tell([f"{problem.place}: {problem.message}"])
    missing = [key for key in papers.keys if key not in known and key != "*"]
    for key in missing:
        near = selection.near(key, known)
        hint = f"; is {near} meant?" if near else ""
        terminal.tell([f"{papers.keys[key]}: {key} is cited and not in {path}{hint}"])
    never = sorted(set(keys) - set(_cited(papers, mine)))
    if never:
        count = f"{len(never)} {'entry is' if len(never) == 1 else 'entries are'} never cited: "
        terminal.tell(wrapped(count + ", ".join(never), 80, "", "  "))
    return bool(missing)


def _put(data: bytes, options: argparse.Namespace, project: Project) -> None:
    if not options.output:
        sys.stdout.buffer.write(data)
        return
    target = project.root / options.output
    if target.resolve() in {(project.out / BIB).resolve(), project.lock_path.resolve()}:
        raise WrongUse(f"-o {options.output}: would overwrite what it is made from")
    write_anywhere(target, data)
