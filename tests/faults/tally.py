"""What the fault tests try: counted, sampled or whole, and handed to docs/reliability.md."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

LONG = bool(os.environ.get("BIBTOOL_LONG"))  # every fault, instead of a sample
T = TypeVar("T")


class Tally:
    """What one test tried and what did not hold."""

    def __init__(self) -> None:
        self.tried = 0
        self.violations: list[str] = []

    @contextmanager
    def trial(self, what: str) -> Iterator[None]:
        self.tried += 1
        try:
            yield
        except AssertionError as error:
            self.violations.append(f"{what}: {error}")


def sample(of: Sequence[T], most: int) -> Sequence[T]:
    """All in the long form, else `most` of them, the first and the last among them."""
    if LONG or len(of) <= most:
        return of
    if most == 1:
        return of[-1:]
    return [of[round(i * (len(of) - 1) / (most - 1))] for i in range(most)]


class Figures:
    """Writes what each test tried as JSON; `table.py` reads it."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._tests: dict[str, dict[str, object]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        told = dict(report.user_properties)
        self._tests[report.nodeid] = {
            "outcome": report.outcome,
            "promise": told.get("promise", 0),
            "tried": told.get("tried", 1),
            "violations": told.get("violations", int(report.failed)),
            "seconds": round(report.duration, 1),
        }

    def pytest_sessionfinish(self) -> None:
        self._target.write_text(json.dumps(self._tests, indent=1), encoding="utf-8")
