"""Tests that need a tool say so by a marker; where the tool is missing they are named as not run."""

import signal
from collections import Counter

import pytest
from needs import NEEDS, REQUIRED, demand


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write anew the parts of the docs that are made by tests",
    )


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether a test that guards a made page is to write the page."""
    return bool(request.config.getoption("--update"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        if marker.name in NEEDS:
            demand(marker.name, *marker.args)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test is a failed run: what was not run was not shown to hold."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRED and reporter and reporter.stats.get("skipped") and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not run, and what would make it run."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if not reasons:
        return
    terminalreporter.section("not run")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} not run: {reason}")
    if REQUIRED:
        terminalreporter.line("CI=true: the run fails, since every test has to be run", red=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    where = report.longrepr  # (file, line, reason), as a list when it comes from a worker
    text = where[2] if isinstance(where, tuple | list) else str(where)
    return text.removeprefix("Skipped: ")


# A shell without job control starts what it puts into the background deaf to Ctrl-C, and its
# children inherit that; runs under test have to hear it however the tests were started.
for deaf in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(deaf) is signal.SIG_IGN:
        signal.signal(deaf, signal.default_int_handler)
