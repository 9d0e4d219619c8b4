"""Merging one .bib of 1,000, 10,000 and 100,000 entries: duplicates out, sorted by key, written.

Measured is the processor time of the whole process, and its growth when the file grows tenfold.
Rules differ: BibTool knows equal keys only, the others equal keys, equal DOIs, or equal title and
first author. The right number of entries of the largest file is shown beside what each leaves.
"""

from itertools import pairwise
from pathlib import Path

from benchmarks import bib_merge, works
from benchmarks.environment import Tools, plain
from benchmarks.measured import Run, Table, middle, ms, run, times_ours

SIZES = (1_000, 10_000, 100_000)
LONGEST = 90.0  # s that one run may take
GROWTH = 12.0  # times, for ten times the entries
OURS = "bibtool merge --sort"


def measure(tools: Tools, folder: Path, times: int) -> Table:
    env = plain(folder)
    cells: dict[str, list[Run | None]] = {}
    entries: dict[str, int] = {}
    for size in SIZES:
        source, target = folder / f"{size}.bib", folder / "merged.bib"
        works.large_bib(source, size)
        for name, command in _commands(tools, source, target).items():
            before = cells.setdefault(name, [])
            if before and (before[-1] is None or before[-1].wall * 10 > LONGEST):
                before.append(None)  # it did not manage a tenth of this in a tenth of the time
                continue
            target.unlink(missing_ok=True)
            often = times if size < SIZES[-1] else 1
            done = middle(
                [run(command, cwd=folder, env=env, seconds=LONGEST) for _ in range(often)]
            )
            whole = done.code == 0 and target.exists()
            before.append(done if whole else None)
            if whole:
                entries[name] = len(bib_merge.ENTRY.findall(target.read_bytes()))
        source.unlink()
    ours = cells[OURS]
    rows = [
        (name, *(_cell(cell, own) for cell, own in zip(some, ours, strict=True)), _growth(some),
         str(entries.get(name, "-")))
        for name, some in cells.items()
    ]  # fmt: skip
    header = ("tool", *(f"{size:,}: CPU (of ours), MB" for size in SIZES), "growth", "entries left")
    return Table("Merging a .bib", __doc__.strip(), header, rows, _behind(cells))


def _commands(tools: Tools, source: Path, target: Path) -> dict[str, list[str | Path]]:
    rules = ["--sort=key", "--duplicates=key,doi,citation", "--merge=first"]
    script: list[str | Path] = [tools.peers / "python", bib_merge.__file__, "--run"]
    found: dict[str, list[str | Path]] = {
        OURS: [tools.ours, "merge", source, "--sort", "-o", target],
        "bibtexparser 2, default": [*script, "bibtexparser", source, target],
        "pybtex": [*script, "pybtex", source, target],
    }
    if tools.tidy:
        found["bibtex-tidy"] = [tools.tidy, *rules, source, "-o", target]
    if tools.c_bibtool:
        found["BibTool (C) -s -d"] = [tools.c_bibtool, "-q", "-s", "-d", source, "-o", target]
    return found


def _cell(cell: Run | None, ours: Run | None) -> str:
    if cell is None or ours is None:
        return f"failed, or slower than {LONGEST:.0f} s"
    return f"{ms(cell.cpu)} ({times_ours(cell.cpu, ours.cpu)}), {cell.mb:.0f}"


def _growth(cells: list[Run | None]) -> str:
    pairs = pairwise(cells)
    return ", ".join(f"{b.cpu / a.cpu:.1f}x" if a and b else "-" for a, b in pairs)


def _behind(cells: dict[str, list[Run | None]]) -> list[str]:
    found = []
    for number, size in enumerate(SIZES):
        ours = cells[OURS][number]
        for name, some in cells.items():
            cell = some[number]
            if ours and cell and cell.cpu < ours.cpu:
                found.append(f"{size:,} entries: {name} {ms(cell.cpu)}, bibtool {ms(ours.cpu)}")
            if ours and cell and cell.mb < ours.mb:
                found.append(f"{size:,} entries: {name} {cell.mb:.0f} MB, bibtool {ours.mb:.0f} MB")
    some = cells[OURS]
    for a, b in pairwise(some):
        if a and b and b.cpu > GROWTH * a.cpu:
            found.append(f"grows {b.cpu / a.cpu:.1f}x for ten times the entries")
    return found
