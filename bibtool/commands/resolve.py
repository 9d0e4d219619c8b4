"""`bibtool resolve TEXT...`: which work a title, identifier, URL or free reference means."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bibtool.config import load_settings
from bibtool.connect import Connection
from bibtool.inquiry import inquire, row_of
from bibtool.model import (
    Ambiguous,
    Candidate,
    Matched,
    Outcome,
    Record,
    Unavailable,
)
from bibtool.project import open_project
from bibtool.report import candidate_json, kind_of, message_of
from bibtool.saving import stored_lock
from bibtool.watch import Silent


def run(options: argparse.Namespace) -> int:
    text = " ".join(options.text)
    row = row_of(text)
    root = Path.cwd()
    project = open_project(root, load_settings(root))
    lock = stored_lock(project)
    with Connection(project.settings, Silent()) as connection:
        today = datetime.now(UTC).date().isoformat()
        outcome = inquire(row, lock, project, connection, today=today, watch=Silent())
    (_show_json if options.json else _show)(text, outcome)
    if isinstance(outcome, Unavailable):
        return 69
    return 0 if isinstance(outcome, Matched) else 1


def _show_json(text: str, outcome: Outcome) -> None:
    candidates = _candidates(outcome)
    best = candidates[0].record if isinstance(outcome, Matched) else None
    data = {
        "query": text,
        "outcome": kind_of(outcome),
        "record": record_json(best, candidates[0].source) if best else None,
        "candidates": [candidate_json(candidate) for candidate in candidates],
    }
    print(json.dumps(data, ensure_ascii=False))


def record_json(record: Record, source: str) -> dict[str, object]:
    """INTERFACE's record: what is not known is null, and each known field names its source."""
    stated = msgspec.to_builtins(record)
    names = ("venue", "volume", "issue", "pages", "publisher", "url")
    data: dict[str, object] = {
        "type": record.type,
        "title": record.title,
        "authors": [_name(name) for name in stated.get("authors", ())],
        "year": record.year,
        "month": record.month,
        **{name: stated.get(name) or None for name in names},
        "identifiers": list(record.identifiers),
    }
    known = [name for name, value in data.items() if value]
    return data | {"provenance": dict.fromkeys(known, source)}


def _name(name: dict[str, str]) -> dict[str, str]:
    if literal := name.get("literal"):
        return {"name": literal}
    return {"family": name.get("family", ""), "given": name.get("given", "")}


def _candidates(outcome: Outcome) -> tuple[Candidate, ...]:
    return outcome.candidates if isinstance(outcome, Matched | Ambiguous) else ()


def _show(text: str, outcome: Outcome) -> None:
    print(f"{kind_of(outcome)}: {text}")
    for candidate in _candidates(outcome):
        record = candidate.record
        people = ", ".join(name.literal or name.family for name in record.authors[:3])
        more = " et al." if len(record.authors) > 3 else ""
        facts = ", ".join(str(x) for x in (people + more, record.venue, record.year) if x)
        print(f"  {record.title}")
        print(f"    {facts}; {', '.join(record.identifiers)} ({candidate.source})")
        why = "; ".join(candidate.reasons)
        print(f"    distance {candidate.distance:.2f}" + (f": {why}" if why else ""))
    if message := message_of(outcome):
        print(message, file=sys.stderr)
