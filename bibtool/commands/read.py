"""`bibtool read`: what the reader finds in lists; asks nobody and writes nothing."""

import argparse
import json
import sys
from pathlib import Path

from bibtool.config import load_settings
from bibtool.model import PaperList, Row
from bibtool.project import list_paths, open_project
from bibtool.read import as_json, conflicts, list_like_files, read_list


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root))
    paths, _ = list_paths(project, options.lists, ())
    lists = [read_list(path, project.shown(path)) for path in paths]
    for paper_list in lists:
        _show(paper_list, options)
    for problem in conflicts(lists):
        print(f"{problem.place}: {problem.message}", file=sys.stderr)
    return 0


def _show(paper_list: PaperList, options: argparse.Namespace) -> None:
    if options.json:
        for row in paper_list.rows:
            print(json.dumps(as_json(row), ensure_ascii=False))
    elif not options.quiet:
        _show_rows(paper_list)
    for problem in paper_list.problems:
        print(f"{problem.place}: {problem.message}", file=sys.stderr)
    if options.verbose:
        for skipped in paper_list.skipped:
            print(f"{skipped.place}: left out: {skipped.message}", file=sys.stderr)
    if not paper_list.rows:
        print(f"{paper_list.path}: no papers found{_elsewhere(paper_list)}", file=sys.stderr)


def _show_rows(paper_list: PaperList) -> None:
    category: tuple[str, ...] | None = None
    for row in paper_list.rows:
        if row.category != category:
            category = row.category
            print(" / ".join(category) or "(no heading)")
        print(f"  {row.place.line}: {_line(row)}")
    count = len(paper_list.rows)
    print(f"{paper_list.path}: {count} {'paper' if count == 1 else 'papers'}")


def _line(row: Row) -> str:
    facts = [row.claim.title or row.short, row.claim.venue, str(row.claim.year or "")]
    identifiers = ", ".join(row.claim.identifiers) or "no identifier"
    told = ", ".join(fact for fact in facts if fact)
    return f"{told} [{identifiers}]" + (" (skipped by its mark)" if row.skip else "")


def _elsewhere(paper_list: PaperList) -> str:
    path = Path(paper_list.path)
    others = [p for p in list_like_files(path.parent) if p.resolve() != path.resolve()]
    if not others:
        return ""
    return "; these files beside it look like lists: " + ", ".join(str(p) for p in others)
