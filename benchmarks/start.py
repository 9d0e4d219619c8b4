"""How long `--version`, `--help` and an idle `sync` of forty rows take, beside peers' `--help`.

Measured is processor time, as a multiple of `python -c pass`: on a busy machine the only figure
that holds. Peers are the tools that people start as often: bibtex-tidy, papis, manubot, ...
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import works
from benchmarks.asking import ours_at
from benchmarks.environment import Tools, plain
from benchmarks.measured import Run, Table, in_turn, ms, run, times_ours
from benchmarks.services import serving

TARGETS = {"bibtool --version": 3.0, "bibtool --help": 3.0, "bibtool sync, nothing to do": 6.0}
FLOOR = "python -c pass"


def measure(tools: Tools, folder: Path, times: int) -> Table:
    env = plain(folder)
    project = folder / "start"
    (project / "refs/lists").mkdir(parents=True)
    some = works.works(40)
    rows = [works.row(each, works.by_arxiv(each)) for each in some]
    (project / "refs/lists/papers.md").write_text(works.paper_list(rows), encoding="utf-8")
    with serving(some) as services:
        first = ours_at(services, project / "home", pauses=False)
        assert run([tools.ours, "sync"], cwd=project, env=first).code == 0
        commands: dict[str, list[str | Path]] = {
            FLOOR: [tools.python, "-c", "pass"],
            "bibtool --version": [tools.ours, "--version"],
            "bibtool --help": [tools.ours, "--help"],
            "manubot --help": [tools.peers / "manubot", "--help"],
            "arxiv2bib --help": [tools.peers / "arxiv2bib", "--help"],
            "papis --help": [tools.peers / "papis", "--help"],
            "btac --help": [tools.alone / "btac", "--help"],
        }
        if tools.tidy:
            commands["bibtex-tidy --help"] = [tools.tidy, "--help"]
        makes: dict[str, Callable[[], Run]] = {
            name: partial(run, command, cwd=project, env=env) for name, command in commands.items()
        }
        idle = "bibtool sync, nothing to do"
        makes[idle] = partial(run, [tools.ours, "sync"], cwd=project, env=first)
        medians = in_turn(makes, max(times, 11))
    floor, ours = medians[FLOOR].cpu, medians["bibtool --help"].cpu
    table = [
        (
            name,
            ms(m.cpu),
            f"{m.cpu / floor:.1f}x"
            + (f" (at most {TARGETS[name]:.0f}x)" if name in TARGETS else ""),
            times_ours(m.cpu, ours),
            f"{m.mb:.0f}",
        )
        for name, m in medians.items()
    ]
    missed = [
        f"{name}: {medians[name].cpu / floor:.2f}x of `{FLOOR}`, wanted at most {most:.0f}x"
        for name, most in TARGETS.items()
        if medians[name].cpu / floor > most
    ]
    faster = [
        f"{name} starts in {ms(m.cpu)}, bibtool --help in {ms(ours)}"
        for name, m in medians.items()
        if not name.startswith(("bibtool", FLOOR)) and m.cpu < ours
    ]
    return Table(
        "Start",
        __doc__.strip().partition("\n\n")[2],
        ("command", "CPU", "of `python -c pass`", "of `bibtool --help`", "MB"),
        table,
        missed + faster,
    )
