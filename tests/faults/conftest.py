"""Counts what the fault tests try, and takes the table of docs/reliability.md from it.

A test names the promise that it holds bibtool to by `@pytest.mark.promise(number)` and counts
each fault in `with tally.trial("what was done"):`. One violation fails the test, but only after
all faults were tried. BIBTOOL_LONG=1 asks for the long form: every fault instead of a sample.
"""

import os
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest
from desk import Desk, Library, build_library, copy_of
from tally import Figures, Tally


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A project as it stood and as it is to stand, with all answers in the lock."""
    return build_library(tmp_path_factory.mktemp("library"))


@pytest.fixture
def desk(tmp_path: Path, library: Library) -> Desk:
    """A project whose list was edited since the last run; nothing has to be asked."""
    return copy_of(library, tmp_path / "project")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promise(number): which promise of docs/reliability.md")
    if target := os.environ.get("BIBTOOL_FIGURES"):
        config.pluginmanager.register(Figures(Path(target)), "figures")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Judge the tally when the test is done, so that no test can forget to."""
    result = yield
    tally = pyfuncitem.funcargs.get("tally")
    if isinstance(tally, Tally):
        pyfuncitem.user_properties.append(("tried", tally.tried))
        pyfuncitem.user_properties.append(("violations", len(tally.violations)))
        assert tally.tried, "no fault was tried"
        if tally.violations:
            shown = "\n".join(tally.violations[:20])
            pytest.fail(f"{len(tally.violations)} of {tally.tried}:\n{shown}", pytrace=False)
    return result


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    for item in items:
        for marker in item.iter_markers("promise"):
            item.user_properties.append(("promise", marker.args[0]))
