"""`bibtool lock --repair`: one lock out of both sides of a git merge conflict."""

import argparse
import sys
from pathlib import Path

from bibtool import lock
from bibtool.after_merge import missing_after, outputs_after
from bibtool.config import load_settings
from bibtool.errors import Unreadable
from bibtool.lock.text import encode
from bibtool.model import Place
from bibtool.project import open_project
from bibtool.write import only_run, write


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    shown = project.shown(project.lock_path)
    with only_run(project.out):
        try:
            data = project.lock_path.read_bytes()
        except OSError as error:
            raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error
        if not lock.CONFLICT.search(data):
            lock.decode(data, shown)
            print(f"{shown}: no merge conflict in it, nothing to mend")
            return 0
        sides = lock.sides(data, shown)
        mended = lock.repair(*sides)
        mended.outputs, problems = outputs_after(project, sides)
        missing, more = missing_after(project, sides)
        for key in missing:
            del mended.entries[key]
        write(project.lock_path, encode(mended))
    for problem in (*problems, *more):
        print(f"{problem.place}: {problem.message}", file=sys.stderr)
    print(f"{shown}: both sides merged; run bibtool sync")
    return 0
