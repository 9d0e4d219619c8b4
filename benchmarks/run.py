"""All benchmarks, and the page that shows them.

    python -m benchmarks.run [--times N] [NAME ...]

Installs what it needs into benchmarks/.cache, plays the services on this machine, runs bibtool
and its peers on the same inputs in turn, prints a table for each benchmark and writes RESULTS.md
after each. With names, only those are run; the page keeps the last table of the others.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import asking, idle, merging, start
from benchmarks.environment import CACHE, Tools, tools
from benchmarks.measured import Table

BENCHMARKS = {
    "start": start.measure,
    "idle": idle.measure,
    "asking": asking.measure,
    "merging": merging.measure,
}
LAST = CACHE / "tables"
PAGE = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--times", type=int, default=3, help="runs of each, for the median")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}")
    installed = tools()
    LAST.mkdir(exist_ok=True)
    for name, measure in BENCHMARKS.items():
        if options.names and name not in options.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            text = "\n".join(shown(measure(installed, Path(folder), options.times)))
        print(text, flush=True)
        made = f"Measured on {datetime.now(UTC).date()}, load {os.getloadavg()[0]:.1f} at the end."
        (LAST / f"{name}.md").write_text(f"{text}\n{made}\n", encoding="utf-8")
        PAGE.write_text(page(installed, options.times), encoding="utf-8")


def shown(table: Table) -> list[str]:
    """One table in Markdown, with what is not ahead beneath it."""
    lines = [f"## {table.title}", "", table.says, ""]
    lines += [_row(table.header), "|" + " --- |" * len(table.header), *map(_row, table.rows), ""]
    if table.behind:
        lines += ["Not ahead, or short of what was wanted:", "", *(f"- {b}" for b in table.behind)]
    else:
        lines.append("Ahead of all of them, and everything as wanted.")
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page(installed: Tools, times: int) -> str:
    """RESULTS.md: the machine, the versions and the last table of each benchmark."""
    versions = ", ".join(f"{name} {version}" for name, version in installed.versions.items())
    lines = [
        "# Results",
        "",
        "<!-- Made by `python -m benchmarks.run`; do not edit. -->",
        "",
        f"Made by `python -m benchmarks.run`: medians of {times} runs of each tool in turn (of one,"
        f" where a run takes minutes), on a machine with {os.cpu_count()} processors"
        f" ({platform.machine()}, {platform.system()} {platform.release().partition('-')[0]}).",
        "",
        f"Versions: {versions}.",
        "",
    ]
    pages = [LAST / f"{name}.md" for name in BENCHMARKS]
    lines += [each.read_text(encoding="utf-8") for each in pages if each.exists()]
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    main()
