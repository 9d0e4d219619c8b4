"""`bibtool pull FILE.bib`: what others changed in a copy of the bibliography comes home."""

import argparse
import contextlib
import difflib
import sys
from functools import lru_cache
from pathlib import Path

from bibtool import bib
from bibtool.bib import Bibliography, Encoding
from bibtool.commands.live import sync_now
from bibtool.config import load_settings
from bibtool.errors import Unreadable, WrongUse
from bibtool.model import Place
from bibtool.project import Project, open_project
from bibtool.pulling import Pulled, pulled
from bibtool.report import printable
from bibtool.saving import stored_lock
from bibtool.works import BIB
from bibtool.write import only_run, rewrite


def run(options: argparse.Namespace) -> int:
    root = Path.cwd()
    project = open_project(root, load_settings(root), options.out)
    home = project.out / BIB
    if (root / options.bib).resolve() == home.resolve():
        raise WrongUse(f"{options.bib}: is the bibliography itself; name the copy of it")
    changed = _merge(project, options)
    if changed and not options.dry_run:
        sync_now(project, ask=False)  # sections follow; what rows wait for is for sync
    return 0


def _merge(project: Project, options: argparse.Namespace) -> bool:
    """Merge the copy into the .bib; whether anything changed."""
    path, shown = project.out / BIB, project.shown(project.out / BIB)
    with contextlib.nullcontext() if options.dry_run else only_run(project.out):
        base = {key: settled.entry for key, settled in stored_lock(project).entries.items()}
        copy_text, _ = bib.decode(_bytes(project.root / options.bib, options.bib), options.bib)
        copy = bib.parse(copy_text, options.bib)

        @lru_cache(1)  # what was looked at is not worked out again to be written
        def taken(data: bytes) -> tuple[str, Encoding, Pulled]:
            text, encoding = bib.decode(data, shown)
            return text, encoding, pulled(bib.parse(text, shown), base, copy)

        text, _, result = taken(_bytes(path, shown))

        def merged(data: bytes) -> bytes:
            nonlocal text, result
            text, encoding, result = taken(data)
            return bib.encode(result.text, encoding, shown)

        if result.text != text and not options.dry_run:
            rewrite(path, merged)
        _tell(copy, result)
        if result.text == text:
            print(f"nothing in {options.bib} that {shown} does not have", file=sys.stderr)
        elif options.dry_run:
            old, new = (t.splitlines(keepends=True) for t in (text, result.text))
            sys.stdout.writelines(difflib.unified_diff(old, new, shown, shown))
    return result.text != text


def _tell(copy: Bibliography, result: Pulled) -> None:
    for problem in copy.problems:
        print(f"{problem.place}: {problem.message}", file=sys.stderr)
    for line in result.told:
        print(printable(line), file=sys.stderr)


def _bytes(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error
