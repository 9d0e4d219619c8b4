"""What a first run asks of the services and how long it takes at 200 ms an answer, beside peers.

The pauses are the services' real ones: 3 s between requests to arXiv, 1 s to Crossref. The floor
is what these pauses and the 200 ms leave possible; wanted is at most a fifth more, or a second
where one request is all. Look-ups and searches are counted apart by the services themselves.
Peers ask the same services by their own names, over TLS, at their own pace, all at the same time;
they take identifiers alone and do not look for published versions, so bibtool is set to
`prefer = "preprint"` where it stands beside them.
"""

import math
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import works
from benchmarks.environment import Tools, detoured, plain
from benchmarks.measured import Run, Table, middle, ms, run, times_ours
from benchmarks.services import Services, serving
from benchmarks.works import Work, by_arxiv, by_doi

LATENCY = 0.2
PAUSES = {"arxiv": 3.0, "crossref": 1.0}
SLACK = 1.2  # of the floor
OWN = 1.0  # s more for the program itself, which weighs where a single request is all
FIRST_BIB = 15.0  # s until a .bib of 300 rows stands on disk

HABANERO = """
import sys
from habanero import Crossref
for doi in sys.argv[1:]:
    print(Crossref().works(ids=doi)["message"]["title"])
"""


class Case(NamedTuple):
    name: str
    rows: list[str]
    known: list[Work]
    phases: tuple[tuple[int, int], ...]  # requests to arXiv and Crossref that wait for no other
    settings: str = ""
    first_bib: bool = False  # only until the first .bib stands


class Asked(NamedTuple):
    run: Run
    look_ups: int
    searches: int
    again: int  # requests of a second run


def measure(tools: Tools, folder: Path, times: int) -> Table:
    rows: list[tuple[str, ...]] = []
    behind: list[str] = []
    ours: dict[str, Asked] = {}
    for case in cases():
        runs = [_bibtool(tools, case, folder / f"{case.name}-{n}") for n in range(times)]
        asked = ours[case.name] = runs[0]._replace(run=middle([each.run for each in runs]))
        floor, wanted = floor_of(case.phases), sum(map(sum, case.phases))
        rows.append(_row(f"bibtool: {case.name}", asked, asked, floor))
        most = FIRST_BIB if case.first_bib else max(floor * SLACK, floor + OWN)
        if asked.run.wall > most:
            behind.append(f"{case.name}: {asked.run.wall:.1f} s, wanted at most {most:.1f} s")
        if not case.first_bib and (asked.look_ups, asked.searches, asked.again) != (wanted, 0, 0):
            behind.append(f"{case.name}: wanted {wanted} look-ups, no search, nothing the 2nd time")
    peers = _peers(tools, folder)
    with ThreadPoolExecutor(len(peers)) as pool:  # at the same time, since they mostly wait
        answers = list(pool.map(lambda peer: peer[2](), peers))
    for (name, beside, _), asked in zip(peers, answers, strict=True):
        rows.append(_row(name, asked, ours[beside], floor_of(((1, 0),))))
        if asked.run.code == 0 and asked.run.wall < ours[beside].run.wall:
            seconds = ours[beside].run.wall
            behind.append(f"{name} takes {asked.run.wall:.1f} s, bibtool {seconds:.1f} s")
    header = ("what", "look-ups", "searches", "2nd run", "wall", "floor", "of bibtool", "CPU", "MB")
    return Table("Asking", __doc__.strip().partition("\n\n")[2], header, rows, behind)


def cases() -> list[Case]:
    many = works.works(1000)
    linked = [each for each in many if each.linked]
    plain_rows = [works.row(each, by_arxiv(each)) for each in many]
    preprints = 'prefer = "preprint"\n'
    mixed = [works.row(e, by_arxiv(e) if e.linked else by_doi(e)) for e in many]
    list_300 = [works.row(e, by_arxiv(e) if e.number % 25 else "") for e in many[:300]]
    in_40 = math.ceil(len(linked) / 40)
    upgrades = math.ceil(sum(e.linked for e in many[:300] if e.number % 25) / 40)
    dois = [works.row(each, by_doi(each)) for each in many[:40]]
    return [
        Case("40 arXiv ids", plain_rows[:40], many, ((1, 0),), preprints),
        Case("400 arXiv ids", plain_rows[:400], many, ((4, 0),), preprints),
        Case("40 DOIs", dois, many, ((0, 1),)),
        Case("1,000 mixed rows", mixed, many, ((5, in_40), (0, in_40))),
        Case("first .bib of 300 rows", list_300, many, ((3, 0), (0, upgrades)), first_bib=True),
    ]


def floor_of(phases: Sequence[tuple[int, int]]) -> float:
    """Seconds that no client can better: both services at once, each with its pauses."""
    now, free = 0.0, [0.0, 0.0]
    for phase in phases:
        ends = [now]
        for service, (count, pause) in enumerate(zip(phase, PAUSES.values(), strict=True)):
            for _ in range(count):
                start = max(now, free[service])
                free[service] = start + pause
                ends.append(start + LATENCY)
        now = max(ends)
    return now


def ours_at(services: Services, home: Path, *, pauses: bool) -> dict[str, str]:
    """The environment in which bibtool asks `services`."""
    home.mkdir(parents=True, exist_ok=True)
    waits = PAUSES if pauses else dict.fromkeys(PAUSES, 0.0)
    return plain(
        home,
        BIBTOOL_ARXIV_URL=f"{services.url}/api/query",
        BIBTOOL_CROSSREF_URL=services.url,
        BIBTOOL_DATACITE_URL=f"{services.url}/datacite",
        BIBTOOL_DATACITE_PAUSE="0",
        **{f"BIBTOOL_{name.upper()}_PAUSE": str(seconds) for name, seconds in waits.items()},
    )


def _bibtool(tools: Tools, case: Case, project: Path) -> Asked:
    (project / "refs/lists").mkdir(parents=True)
    paper_list = works.paper_list(case.rows)
    (project / "refs/lists/papers.md").write_text(paper_list, encoding="utf-8")
    (project / "bibtool.toml").write_text(case.settings, encoding="utf-8")
    stands = (project / "refs/references.bib").exists if case.first_bib else None
    with serving(case.known, LATENCY) as services:
        env = ours_at(services, project / "home", pauses=True)
        done = run([tools.ours, "sync"], cwd=project, env=env, until=stands)
        asked = services.counts()
        services.forget()
        if not case.first_bib:
            assert done.code == 0, case.name
            (project / "refs/.bibtool").rename(project / "without-a-stamp")
            run([tools.ours, "sync"], cwd=project, env=env)
        again = sum(services.counts())
    shutil.rmtree(project)
    if case.first_bib:  # that it was stopped there is no failure
        done = done._replace(code=0)
    return Asked(done, *asked, again)


def _row(name: str, asked: Asked, ours: Asked, floor: float) -> tuple[str, ...]:
    own = name.startswith("bibtool")
    return (
        name + (f" (failed: {asked.run.code})" if asked.run.code > 0 else ""),
        str(asked.look_ups),
        str(asked.searches),
        str(asked.again) if own else "-",
        f"{asked.run.wall:.1f} s",
        f"{floor:.1f} s ({asked.run.wall / floor:.2f}x)" if own else "-",
        times_ours(asked.run.wall, ours.run.wall),
        ms(asked.run.cpu),
        f"{asked.run.mb:.0f}",
    )


def _peers(tools: Tools, folder: Path) -> list[tuple[str, str, Callable[[], Asked]]]:
    """Name, the case that it stands beside, and how to run it once."""
    some = works.works(40)
    ids, dois = [each.arxiv for each in some], [each.doi for each in some]
    preprints, articles = folder / "preprints.bib", folder / "articles.bib"
    preprints.write_text(works.preprint_bib(some), encoding="utf-8")
    articles.write_text(works.doi_bib(some), encoding="utf-8")
    cite: list[str | Path] = [tools.peers / "manubot", "cite", "--output", folder / "cited.json"]
    fill: list[str | Path] = [tools.alone / "btac", "-q", "crossref", "-q", "arxiv", "-f"]
    commands: list[tuple[str, str, list[str | Path]]] = [
        ("arxiv2bib: 40 arXiv ids", "40 arXiv ids", [tools.peers / "arxiv2bib", *ids]),
        ("manubot cite: 40 arXiv ids", "40 arXiv ids", [*cite, *(f"arxiv:{i}" for i in ids)]),
        ("manubot cite: 40 DOIs", "40 DOIs", [*cite, *(f"doi:{doi}" for doi in dois)]),
        ("habanero, a loop: 40 DOIs", "40 DOIs", [tools.peers / "python", "-c", HABANERO, *dois]),
        ("bibtexautocomplete: 40 arXiv ids", "40 arXiv ids",
         [*fill, preprints, "-o", folder / "filled.bib"]),
        ("bibtexautocomplete: 40 DOIs", "40 DOIs", [*fill, articles, "-o", folder / "filled.bib"]),
    ]  # fmt: skip
    return [(name, beside, partial(_peer, tools, folder, c)) for name, beside, c in commands]


def _peer(tools: Tools, folder: Path, command: Sequence[str | Path]) -> Asked:
    with serving(works.works(1000), LATENCY, tools.certificate) as services:
        env = detoured(folder, tools, services.port, services.tls_port)
        done = run(command, cwd=folder, env=env)
        return Asked(done, *services.counts(), 0)
