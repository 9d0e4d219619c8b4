"""The house as docs/architecture.md draws it, kept true: its table of parts is read from the page."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "bibtool"
PAGE = ROOT / "docs" / "architecture.md"
FOUNDATION = {"__init__", "model", "errors", "patterns"}  # everybody may know these
DRAWERS = {"util", "utils", "helper", "helpers", "common", "misc", "tools", "lib", "base"}
LONGEST = 300  # lines of a file; more asks for a second look at what the file is for

# Disk, network, clock, terminal, processes and chance. `urllib.parse` only takes strings apart.
IO = {
    "asyncio", "fcntl", "glob", "habanero", "http", "httpx", "os",
    "pathlib", "random", "requests", "rich", "select", "shutil", "signal", "socket", "subprocess",
    "sys", "tempfile", "threading", "time", "urllib", "urllib3",
}  # fmt: skip
NO_IO = {"urllib.parse"}
IO_CALLS = {"open", "print", "input"}
CLOCK_CALLS = {"now", "today", "utcnow"}

# Heavy imports that a run with nothing to do, and --help, must not pay for.
LAZY = {"requests", "urllib3", "habanero", "jinja2", "markdown_it", "docutils", "rich", "yaml"}


class Part(NamedTuple):
    """One line of the page's table."""

    name: str
    patterns: tuple[str, ...]
    pure: bool
    knows: frozenset[str]


NOT_DRAWN = Part("not in docs/architecture.md", (), False, frozenset())


def parts() -> list[Part]:
    found = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 4 or cells[1] not in ("pure", "edge"):
            continue
        patterns = tuple(re.findall(r"`([^`]+)`", cells[0]))
        knows = frozenset(re.findall(r"`([^`]+)`", cells[3]))
        found.append(Part(patterns[0], patterns, cells[1] == "pure", knows))
    return found


def name_of(path: Path) -> str:
    names = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(name for name in names if name != "__init__") or "__init__"


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
PARTS = parts()


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text())


def imported(module: str) -> Iterator[str]:
    """Every import, wherever it stands: at the top, in a function, under TYPE_CHECKING."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(node)


def _imported_from(node: ast.ImportFrom) -> Iterator[str]:
    package = node.module or ""
    for alias in node.names:
        inner = f"{package}.{alias.name}".removeprefix("bibtool.")
        is_module = package.partition(".")[0] == "bibtool" and inner in MODULES
        yield f"bibtool.{inner}" if is_module else package


def own(module: str) -> set[str]:
    """Modules of bibtool that `module` imports; `from bibtool import x` of a name is the package."""
    names = {name for name in imported(module) if name.partition(".")[0] == "bibtool"}
    return {name.removeprefix("bibtool").lstrip(".") or "__init__" for name in names}


GRAPH = {module: own(module) for module in MODULES}


def part_of(module: str) -> Part:
    exact = [part for part in PARTS if module in part.patterns]
    loose = [p for p in PARTS if any(fnmatchcase(module, pattern) for pattern in p.patterns)]
    return (exact or loose or [NOT_DRAWN])[0]


def members(part: Part) -> list[str]:
    return [module for module in MODULES if part_of(module) == part]


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_place_in_the_picture(module: str) -> None:
    assert part_of(module) is not NOT_DRAWN


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_picture_shows_nothing_that_is_not_there(part: Part) -> None:
    assert members(part), "no such module"
    used = {part_of(other).name for module in members(part) for other in GRAPH[module]}
    assert part.knows <= used - {part.name} - FOUNDATION, "drawn, but not imported"


@pytest.mark.parametrize("module", MODULES)
def test_modules_import_only_what_the_picture_draws(module: str) -> None:
    part = part_of(module)
    reached = {part_of(other).name for other in GRAPH[module]}
    assert reached <= part.knows | FOUNDATION | {part.name}


def calls_itself_pure(module: str) -> bool:
    """A parser inside an edge, such as the one of arXiv's answers, says so in its docstring."""
    return re.search(r"\bPure\.", ast.get_docstring(tree(module)) or "") is not None


@pytest.mark.parametrize("module", [m for m in MODULES if part_of(m).pure or calls_itself_pure(m)])
def test_pure_modules_do_no_io(module: str) -> None:
    outside = {name for name in imported(module) if name not in NO_IO}
    assert not {name.partition(".")[0] for name in outside} & IO
    if part_of(module).pure:
        assert {part_of(other).name for other in GRAPH[module]} <= {p.name for p in PARTS if p.pure}
    for node in ast.walk(tree(module)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            assert node.func.id not in IO_CALLS, f"line {node.lineno}"
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr not in CLOCK_CALLS, f"line {node.lineno}"


def test_the_model_knows_nobody_and_errors_know_the_model() -> None:
    assert GRAPH["model"] == set()
    assert GRAPH["errors"] == {"model"}


def test_nothing_imports_in_a_circle() -> None:
    """Imports under TYPE_CHECKING and inside functions count like any other."""
    done: set[str] = set()
    while ready := {m for m in GRAPH if m not in done and GRAPH[m] <= done | {m}}:
        done |= ready
    assert set(GRAPH) - done == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_short_and_says_what_it_is_for(module: str) -> None:
    assert len(MODULES[module].read_text().splitlines()) <= LONGEST
    said = ast.get_docstring(tree(module))
    assert said, "the first line of a file says what it is for"


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_a_drawer(module: str) -> None:
    assert not DRAWERS & set(re.split(r"[._]", module))


@pytest.mark.parametrize("module", MODULES)
def test_imports_are_absolute(module: str) -> None:
    nodes = (node for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom))
    assert not any(node.level for node in nodes)


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_starts_without_what_only_a_run_needs(option: str) -> None:
    program = (
        "import sys\n"
        "from bibtool.cli import main\n"
        "try:\n    main([sys.argv[1]])\n"
        "except SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    asked = [sys.executable, "-c", program, option]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT)
    assert not set(done.stderr.split()) & LAZY
