"""Outcomes to lines that a curator can act on, and to JSON that a script can. Pure.

A problem is one line: place, problem, next step. It is told in full when it is new and counted
afterwards; `told` is the memory of it, kept in the lock.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

import msgspec
from msgspec import Struct

from bibtool.model import (
    Ambiguous,
    Candidate,
    Matched,
    NotFound,
    Notice,
    Outcome,
    Problem,
    Unavailable,
    scheme_of,
    value_of,
)

KINDS = ("matched", "ambiguous", "not-found", "unavailable", "skipped")


class Report(Struct, kw_only=True):
    """What one run did and found."""

    outcomes: tuple[Outcome, ...] = ()  # of the rows that the run looked at
    counts: Mapping[str, int] = {}  # of all rows, by kind
    entries: int = 0
    problems: tuple[Problem, ...] = ()  # of lists and of the .bib
    notices: tuple[Notice, ...] = ()
    down: Mapping[str, str] = {}  # source -> why it did not answer
    requests: Mapping[str, int] = {}
    searches: Mapping[str, int] = {}
    written: tuple[str, ...] = ()  # or what would be written
    unchanged: tuple[str, ...] = ()
    digests: Mapping[str, str] = {}  # of these files and the lock, as far as they stand so
    lock_date: int | None = None  # ns since 1970: by it the lock is known that has no digest
    without_entry: int = 0  # rows that nobody answered for and that have no entry
    lock_changed: bool = False
    told_before: frozenset[str] = frozenset()
    told_as_before: int = 0  # lines about what the run did not look at
    lists: tuple[str, ...] = ()
    diff: tuple[str, ...] = ()
    # What the run left for the next one: path -> its date, or None as it lay there before.
    beside: Mapping[str, int | None] = {}
    made_of: object = None  # all that the run knew, for who does not want to take it apart

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """Rows that wait for a person."""
        return self.counts["ambiguous"] + self.counts["not-found"]

    @property
    def behind(self) -> bool:
        """Whether a plain run would have something to do."""
        return bool(self.written or self.lock_changed or self.without_entry)


def counted(outcomes: Iterable[Outcome], skipped: int) -> dict[str, int]:
    """How many rows have which outcome; `skipped` ones have none."""
    kinds = Counter(map(kind_of, outcomes))
    return {kind: kinds[kind] for kind in KINDS[:4]} | {"skipped": skipped}


def kind_of(outcome: Outcome) -> str:
    match outcome:
        case Matched():
            return "matched"
        case Ambiguous():
            return "ambiguous"
        case NotFound():
            return "not-found"
        case Unavailable():
            return "unavailable"
        case _:
            assert_never(outcome)


def message_of(outcome: Outcome) -> str:
    """What is wrong with a row and what to do about it; empty for a matched one."""
    match outcome:
        case Matched():
            return ""
        case Ambiguous(row, candidates, reason):
            best = candidates[0]
            why = f" ({reason})" if reason else ""
            others = f" or {len(candidates) - 1} more" if len(candidates) > 1 else ""
            return (
                f'not sure which work "{_title(outcome)}" is{why}: found {_work(best)}{others}; '
                f"if that is it, add <!-- bibtool: id={_written_id(best)} --> to the row"
            )
        case NotFound(row, asked):
            which = ", ".join(_spelled(i) for i in row.claim.identifiers) or f'"{_title(outcome)}"'
            return (
                f"{which} is not known to {_and(asked)}; mend the row's link or give it one, "
                "or mark it <!-- bibtool: skip -->"
            )
        case Unavailable(row, down):
            return (
                f'no answer about "{_title(outcome)}" ({"; ".join(down)}); run bibtool sync again'
            )
        case _:
            assert_never(outcome)


def problem_lines(report: Report, *, verbose: bool = False) -> Iterator[str]:
    """New problems and notices in full, then one line that counts those told before."""
    again = report.told_as_before
    for place, message in told(report, verbose=verbose):
        if digest(message) in report.told_before and not verbose:
            again += 1
        else:
            yield printable(f"{place}: {message}")
    yield from _down(report)
    if again:
        yield f"{again} {_plural(again, 'more line')} as before; bibtool sync -v shows them"


def digest(message: str) -> str:
    """The name under which the lock remembers that a problem was told; lines may move."""
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def remembered(report: Report, before: Mapping[str, str]) -> dict[str, str]:
    """For the lock: what was told. Without news it stays as it was, so that nothing is written."""
    now = {digest(message): message[:40] for _, message in told(report)}
    return now if now.keys() - before.keys() else dict(before)


def told(report: Report, *, verbose: bool = False) -> Iterator[tuple[str, str]]:
    """Place and message of all that a person should know."""
    for problem in report.problems:
        yield str(problem.place), problem.message
    for outcome in report.outcomes:
        if isinstance(outcome, Matched) or (isinstance(outcome, Unavailable) and not verbose):
            continue  # one line a service is enough
        if message := message_of(outcome):
            yield str(outcome.row.place), message
    for notice in report.notices:
        yield str(notice.place), notice.message


def _down(report: Report) -> Iterator[str]:
    waiting = report.counts.get("unavailable", 0)
    for name, reason in sorted(report.down.items()):
        yield f"{name}: {reason}"
    if waiting:
        yield (
            f"{waiting} {_plural(waiting, 'row')} without an answer yet; what was there is kept; "
            "run bibtool sync again later"
        )


def summary_lines(report: Report, out: str, *, would: bool = False) -> Iterator[str]:
    """What stands where now, in a few short lines; `would`: nothing was written in earnest."""
    counts = report.counts
    parts = [f"{counts['matched']} matched"]
    parts += [f"{counts[k]} {k.replace('-', ' ')}" for k in KINDS[1:] if counts[k]]
    yield f"{report.rows} {_plural(report.rows, 'row')}: {', '.join(parts)}"
    if asked := [(n, name) for name, n in sorted(report.requests.items()) if n]:
        yield ", ".join(f"{n} {_plural(n, 'request')} to {name}" for n, name in asked)
    entries = f"{report.entries} {_plural(report.entries, 'entry')}"
    if report.written:
        yield f"{'would write' if would else 'wrote'} {_files(report.written, out)}: {entries}"
    else:
        yield f"nothing to do: {entries} in {out}/references.bib"


def at_rest(report: Report, out: str) -> Iterator[str]:
    """The summary of a run that finds all of this done."""
    quiet = msgspec.structs.replace(report, written=(), requests={})
    yield from summary_lines(quiet, out)
    if report.waiting:
        rows = _plural(report.waiting, "row")
        yield f"{report.waiting} {rows} for you to decide: bibtool sync -v"


def _files(names: Sequence[str], out: str) -> str:
    """The files, so that a line has eighty columns: `refs/references.bib, .md, 4 files in ...`."""
    sections = [name for name in names if name.startswith("sections/")]
    others = sorted(name for name in names if name not in sections)
    stem = f"{others[0].partition('.')[0]}." if others else ""
    alike = [name for name in others[1:] if name.startswith(stem) and name.count(".") == 1]
    shown = [f"{out}/{name}" for name in others[:1]]
    shown += [f".{name.partition('.')[2]}" for name in alike]
    shown += [f"{out}/{name}" for name in others[1:] if name not in alike]
    if len(sections) == 1:
        shown += [f"{out}/{sections[0]}"]
    elif sections:
        shown += [f"{len(sections)} files in {out}/sections"]
    return ", ".join(shown)


def as_json(report: Report) -> str:
    """The object of `sync --json`, on one line."""
    waiting = (o for o in report.outcomes if not isinstance(o, Matched))
    listed = (_problem(p.place.path, p.place.line, None, p.message) for p in report.problems)
    data = {
        "rows": report.rows,
        "outcomes": dict(report.counts),
        "entries": report.entries,
        "requests": dict(sorted(report.requests.items())),
        "searches": dict(sorted(report.searches.items())),
        "written": sorted(report.written),
        "unchanged": sorted(report.unchanged),
        "problems": [*listed, *map(_row_problem, waiting)],
        "notices": [
            {"file": n.place.path, "line": n.place.line, "kind": n.kind, "message": n.message}
            for n in report.notices
        ],
    }
    return json.dumps(data, ensure_ascii=False)


def _row_problem(outcome: Outcome) -> dict[str, object]:
    candidates: Iterable[Candidate] = getattr(outcome, "candidates", ())
    place = outcome.row.place
    problem = _problem(place.path, place.line, kind_of(outcome), message_of(outcome))
    return problem | {"candidates": [candidate_json(c) for c in candidates]}


def _problem(file: str, line: int, outcome: str | None, message: str) -> dict[str, object]:
    return {
        "file": file,
        "line": line,
        "outcome": outcome,
        "message": printable(message),
        "candidates": [],
    }


def candidate_json(candidate: Candidate) -> dict[str, object]:
    record = candidate.record
    return {
        "source": candidate.source,
        "identifier": record.identifiers[0] if record.identifiers else None,
        "title": record.title,
        "authors": [
            name.literal or f"{name.given} {name.family}".strip() for name in record.authors
        ],
        "year": record.year,
        "venue": record.venue or None,
        "distance": round(candidate.distance, 4),
        "reasons": list(candidate.reasons),
    }


def _title(outcome: Outcome) -> str:
    row = outcome.row
    return row.claim.title or row.short or row.text[:60]


def _work(candidate: Candidate) -> str:
    record = candidate.record
    first = record.authors[0] if record.authors else None
    author = (first.literal or first.family) if first else ""
    facts = ", ".join(str(fact) for fact in (author, record.year, _written_id(candidate)) if fact)
    return f'"{record.title}" ({facts})'


def _written_id(candidate: Candidate) -> str:
    identifiers = candidate.record.identifiers
    return _spelled(identifiers[0]) if identifiers else "..."


def _spelled(which: str) -> str:
    """As a curator writes it: arXiv:2406.05814, a DOI bare."""
    scheme, value = scheme_of(which), value_of(which)  # type: ignore[arg-type]
    return {"arxiv": f"arXiv:{value}", "doi": value}.get(scheme, which)


def printable(message: str) -> str:
    """Control characters of foreign text must not reach a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _plural(count: int, word: str) -> str:
    if count == 1:
        return word
    return word[:-1] + "ies" if word.endswith("y") else word + "s"
