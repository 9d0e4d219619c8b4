"""A list of 10,000 rows: the first run, one with nothing to do, and runs with little to do.

Measured is processor time without pauses or latency, so that nothing but bibtool's own work
counts. Beside it: what bibtex-tidy needs for a .bib of that size in which nothing is to be done,
and bibtexparser's default stack to read it. The run in which records change asks for ten of them
by DOI, in a project whose last run had nothing to do; each time they have another venue. Its
floor: to load the libraries that a run needs that asks Crossref and fills templates, and to copy
the files that change. To load them is measured by itself, too.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from benchmarks import works
from benchmarks.asking import ours_at
from benchmarks.environment import Tools, plain
from benchmarks.measured import Run, Table, in_turn, middle, ms, run, times_ours
from benchmarks.services import Services, serving
from benchmarks.works import Work, by_arxiv, by_doi

ROWS = 10_000
CHANGED = 100
RENEWED = 10
OFTEN = 5  # times at least where two figures are compared that are close to each other
WHOLE = "bibtexparser 2: reading the .bib"
READ = "import sys, bibtexparser; bibtexparser.parse_file(sys.argv[1], encoding='utf-8')"
# habanero can do without bibtexparser, and so does bibtool as it loads habanero.
LOAD = """import gc, os, sys
gc.disable()
sys.modules["bibtexparser"] = None
import habanero, jinja2, msgspec, requests"""
FLOOR = f"""{LOAD}
for name in sys.argv[2:]:
    with open(name, "rb") as old, open(sys.argv[1], "wb") as new:
        new.write(old.read())
        new.flush()
        os.fsync(new.fileno())
os._exit(0)
"""
IDLE = 0.5  # s of CPU
SHARE = 0.1  # of the first run


def measure(tools: Tools, folder: Path, times: int) -> Table:
    project = folder / "idle"
    (project / "refs/lists").mkdir(parents=True)
    some = works.works(ROWS)
    rows = [works.row(e, by_arxiv(e) if e.linked else by_doi(e)) for e in some]
    paper_list = project / "refs/lists/papers.md"
    paper_list.write_text(works.paper_list(rows), encoding="utf-8")
    changed = list(rows)
    changed[:: ROWS // CHANGED] = [r.replace("a note", "a word") for r in rows[:: ROWS // CHANGED]]
    with serving(some) as services:
        env = ours_at(services, project / "home", pauses=False)
        medians = {"bibtool: first run": run([tools.ours, "sync"], cwd=project, env=env)}
        idle = [run([tools.ours, "sync"], cwd=project, env=env) for _ in range(times)]
        medians["bibtool: nothing to do"] = middle(idle)
        read = [run([tools.ours, "read", paper_list], cwd=project, env=env) for _ in range(times)]
        medians["bibtool read: the list alone"] = middle(read)
        paper_list.write_text(works.paper_list(changed), encoding="utf-8")
        medians[f"bibtool: {CHANGED} rows changed"] = _in_copies(
            [tools.ours, "sync"], project, env, times
        )
        numbers = count()
        bib = project / "refs/references.bib"
        read_whole: list[str | Path] = [tools.peers / "python", "-c", READ, bib]
        medians |= in_turn(
            {
                f"bibtool: {RENEWED} records changed": lambda: _renewed(
                    tools.ours, project, env, services, some, next(numbers)
                ),
                WHOLE: lambda: run(read_whole, cwd=folder, env=plain(folder)),
            },
            max(times, OFTEN),
        )
    load: list[str | Path] = [tools.python, "-c", f"{LOAD}\nos._exit(0)"]
    changes = [project / "refs" / name for name in ("bibtool.lock", bib.name, "references.md")]
    floor: list[str | Path] = [tools.python, "-c", FLOOR, folder / "new", *changes]
    for name, command in (("to load its libraries", load), ("the floor of it", floor)):
        medians[name] = middle([run(command, cwd=folder, env=plain(folder)) for _ in range(times)])
    if tools.tidy:
        tidied = folder / "tidied.bib"
        run([tools.tidy, bib, "-o", tidied], cwd=folder, env=plain(folder))
        tidy: list[str | Path] = [tools.tidy, tidied, "-o", folder / "again.bib"]
        again = [run(tidy, cwd=folder, env=plain(folder)) for _ in range(times)]
        medians["bibtex-tidy: nothing to do"] = middle(again)
    size = bib.stat().st_size / 1e6
    says = f"{__doc__.strip().partition(chr(10) * 2)[2]} The .bib has {size:.1f} MB."
    first = medians["bibtool: first run"]
    table = [
        (name, ms(m.cpu), times_ours(m.cpu, first.cpu), f"{m.mb:.0f}")
        for name, m in medians.items()
    ]
    header = ("run", "CPU", "of the first run", "MB")
    return Table("Nothing to do, and little to do", says, header, table, _missed(medians))


def _renewed(
    ours: Path,
    project: Path,
    env: Mapping[str, str],
    services: Services,
    some: Sequence[Work],
    number: int,
) -> Run:
    """Ten records change, in a way that no run has seen."""
    told_anew = some[1 :: ROWS // RENEWED]
    services.know([e._replace(venue=f"{e.venue} {number}") if e in told_anew else e for e in some])
    bib = project / "refs/references.bib"
    before = bib.read_text(encoding="utf-8").splitlines()
    sync: list[str | Path] = [ours, "sync"]
    run(sync, cwd=project, env=env)
    refresh = f"--refresh={','.join(each.doi for each in told_anew)}"
    done = run([*sync, refresh], cwd=project, env=env)
    after = bib.read_text(encoding="utf-8").splitlines()
    lines = sum(old != new for old, new in zip(before, after, strict=True))
    assert lines == RENEWED, f"{lines} lines of the .bib changed"
    return done


def _in_copies(
    command: Sequence[str | Path], project: Path, env: Mapping[str, str], times: int
) -> Run:
    """What changes a project can be run once in it, so it is run in copies first."""
    runs: list[Run] = []
    for number in range(times):
        last = number == times - 1
        folder = project if last else shutil.copytree(project, project.with_name("copy"))
        os.sync()  # what is still being written is not ours
        runs.append(run(command, cwd=folder, env=env))
        if not last:
            shutil.rmtree(folder)
    return middle(runs)


def _missed(medians: dict[str, Run]) -> list[str]:
    first, idle = medians["bibtool: first run"], medians["bibtool: nothing to do"]
    read = medians["bibtool read: the list alone"]
    little = medians[f"bibtool: {CHANGED} rows changed"]
    missed = []
    if idle.cpu > min(IDLE, SHARE * first.cpu):
        missed.append(f"nothing to do: {ms(idle.cpu)}, wanted at most {ms(IDLE)} and a tenth")
    renewed, whole = medians[f"bibtool: {RENEWED} records changed"], medians[WHOLE]
    if renewed.cpu > whole.cpu / 4:
        load, floor = medians["to load its libraries"], medians["the floor of it"]
        missed.append(
            f"{RENEWED} records changed: {ms(renewed.cpu)}, of which {ms(load.cpu)} to load "
            f"libraries; wanted at most a quarter of reading the .bib with bibtexparser, "
            f"{ms(whole.cpu / 4)}, with a floor of {ms(floor.cpu)}"
        )
    share = read.cpu + first.cpu * CHANGED / ROWS
    if little.cpu > share:
        missed.append(
            f"{CHANGED} rows changed: {ms(little.cpu)}, wanted at most one reading of the list "
            f"and a cost in proportion, {ms(share)}"
        )
    return missed
