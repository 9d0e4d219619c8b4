"""Processor time of merging a large .bib, beside the tools that people use for it.

    python benchmarks/bib_merge.py SMALL.bib LARGE.bib [--bibtool PATH] [--tidy PATH]
                                    [--pybtex PYTHON]

Each tool reads the file, takes out duplicates, sorts by key and writes. Measured is the whole
process, interpreter start included: the best of three on SMALL, one run on LARGE. The C program
BibTool is `apt install bibtool`, bibtex-tidy is `npm install bibtex-tidy`, PYTHON is one that can
import pybtex; a tool that is not given is left out. Rules differ: BibTool knows equal keys only,
the Python peers equal keys, equal DOIs, or equal title and first author.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

LETTERS = re.compile(r"[^a-z0-9]+")
ENTRY = re.compile(rb"^\s*@(?!string|comment|preamble)\w+\s*[{(]", re.IGNORECASE | re.MULTILINE)
OURS = "bibtool merge --sort"
LONGEST = 300  # seconds that a tool may take


def run_bibtexparser(source: Path, target: Path) -> None:
    import logging

    import bibtexparser
    from bibtexparser.model import Entry

    logging.disable(logging.CRITICAL)
    library = bibtexparser.parse_file(str(source), encoding="utf-8")
    entries = [block for block in library.blocks if isinstance(block, Entry)]
    rest = [block for block in library.blocks if not isinstance(block, Entry)]
    fields = {e.key: {f.key.lower(): str(f.value) for f in e.fields} for e in entries}
    keys = without_duplicates(fields.items())
    kept = sorted((e for e in entries if e.key in keys), key=lambda e: e.key)
    merged = bibtexparser.Library([*rest, *kept])
    bibtexparser.write_file(str(target), merged, encoding="utf-8")


def run_pybtex(source: Path, target: Path) -> None:
    from pybtex.database import BibliographyData, parse_file
    from pybtex.errors import set_strict_mode

    set_strict_mode(False)
    library = parse_file(str(source), bib_format="bibtex")
    fields = {
        key: {**entry.fields, "author": str((entry.persons.get("author") or [""])[0])}
        for key, entry in library.entries.items()
    }
    kept = sorted(without_duplicates(fields.items()))
    merged = BibliographyData({key: library.entries[key] for key in kept})
    merged.to_file(str(target), bib_format="bibtex")


RUNS = {"bibtexparser": run_bibtexparser, "pybtex": run_pybtex}


def without_duplicates(entries: Iterable[tuple[str, dict[str, str]]]) -> set[str]:
    """Keys of the first of each work."""
    seen: set[str] = set()
    kept: set[str] = set()
    for key, fields in entries:
        first = fields.get("author", "").partition(" and ")[0]
        marks = {f"doi {fields['doi'].lower()}"} if fields.get("doi") else set()
        marks.add(LETTERS.sub("", fields.get("title", "").lower()) + " " + first)
        if not marks & seen:
            kept.add(key)
        seen |= marks
    return kept


def measured(command: list[str], target: Path) -> tuple[float, int, int] | None:
    """CPU seconds, peak MB, entries written; None if it failed or took too long."""
    target.unlink(missing_ok=True)
    with open(os.devnull, "wb") as nothing:
        started = subprocess.Popen(
            ["timeout", str(LONGEST), *command], stdout=nothing, stderr=nothing
        )
    _, status, usage = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if not target.exists() or started.returncode == 124:
        return None
    entries = len(ENTRY.findall(target.read_bytes()))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, entries


def commands(options: argparse.Namespace, source: str, target: str) -> dict[str, list[str]]:
    def own(python: str, name: str) -> list[str]:
        return [python, __file__, "--run", name, source, target]

    found = {
        OURS: [sys.executable, "-m", "bibtool", "merge", source, "--sort", "-o", target],
        "bibtexparser 2, default read and write": own(sys.executable, "bibtexparser"),
    }
    if options.pybtex:
        found["pybtex"] = own(options.pybtex, "pybtex")
    if options.tidy:
        rules = ["--sort=key", "--duplicates=key,doi,citation", "--merge=first"]
        found["bibtex-tidy"] = [options.tidy, *rules, source, "-o", target]
    if options.bibtool:
        found["BibTool (C) -s -d"] = [options.bibtool, "-q", "-s", "-d", source, "-o", target]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs=2, type=Path)
    parser.add_argument("--bibtool", help="the C program")
    parser.add_argument("--tidy", help="bibtex-tidy")
    parser.add_argument("--pybtex", help="a Python that has pybtex")
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        RUNS[options.run](*options.files)
        return
    table: dict[str, list[tuple[float, int, int] | None]] = {}
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out.bib")
        for source, times in zip(options.files, (3, 1), strict=True):
            for name, command in commands(options, str(source), str(target)).items():
                runs = [measured(command, target) for _ in range(times)]
                done = [run for run in runs if run]
                table.setdefault(name, []).append(min(done) if done else None)
    show(table, options.files)


def show(table: dict[str, list[tuple[float, int, int] | None]], files: list[Path]) -> None:
    ours = table[OURS]
    sizes = [f"{file.stat().st_size / 1e6:.1f} MB" for file in files]
    print(f"| tool | {' | '.join(f'{s}: CPU s, x ours, MB, entries' for s in sizes)} | growth |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name, cells in table.items():
        shown = [
            f"{cell[0]:.2f}, {cell[0] / own[0]:.1f}x, {cell[1]}, {cell[2]}"
            if cell and own
            else f"failed or over {LONGEST} s"
            for cell, own in zip(cells, ours, strict=True)
        ]
        small, large = cells
        growth = f"{large[0] / small[0]:.1f}x" if small and large else "-"
        print(f"| {name} | {' | '.join(shown)} | {growth} |")


if __name__ == "__main__":
    main()
