"""Writes the table of docs/reliability.md by running the tests of this folder.

    python tests/faults/table.py [PYTEST ARGUMENTS]        the form that CI runs
    python tests/faults/table.py --long [PYTEST ARGUMENTS] every fault, minutes of fuzzing

Only the rows of tests that were run are changed, so that the long form can be run in parts.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reliability.md"
FIGURES = HERE / "figures.json"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
FORMS = ("ci", "long")
Figures = dict[str, dict[str, list[int]]]  # test -> form -> promise, tried, violations


def run(form: str, arguments: list[str]) -> dict[str, list[int]]:
    """test -> [promise, tried, violations], parameters of a test added up."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "figures.json"
        environment = {**os.environ, "BIBTOOL_FIGURES": str(target)}
        if form == "long":
            environment["BIBTOOL_LONG"] = "1"
        words = [sys.executable, "-m", "pytest", "-q", *(arguments or [str(HERE)])]
        subprocess.run(words, cwd=ROOT, env=environment, check=False)
        told = json.loads(target.read_text(encoding="utf-8"))
    added: dict[str, list[int]] = {}
    for name, each in told.items():
        if each["outcome"] == "skipped" or not each["promise"]:
            continue
        test = name.split("[")[0]
        row = added.setdefault(test, [each["promise"], 0, 0])
        row[1] += each["tried"]
        row[2] += each["violations"]
    return added


def table(figures: Mapping[str, Mapping[str, list[int]]]) -> str:
    lines = ["| promise | test | tried in CI | tried in the long form | violations |"]
    lines.append("| ---: | --- | ---: | ---: | ---: |")
    for test, forms in sorted(figures.items(), key=lambda pair: (promise(pair[1]), pair[0])):
        file, _, name = test.partition("::")
        said = name.removeprefix("test_").replace("_", " ")
        ci, long = (forms.get(form, [0, 0, 0]) for form in FORMS)
        cells = [
            promise(forms),
            f"[{said}](../{file})",
            ci[1] or "",
            long[1] or "",
            ci[2] + long[2],
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    sums = [sum(forms.get(form, [0, 0, 0])[n] for forms in figures.values()) for form, n in
            (("ci", 1), ("long", 1))]  # fmt: skip
    wrong = sum(row[2] for forms in figures.values() for row in forms.values())
    return "\n".join([*lines, f"| | all | {sums[0]} | {sums[1]} | {wrong} |"])


def promise(forms: Mapping[str, list[int]]) -> int:
    return next(iter(forms.values()))[0]


def page_with(text: str, figures: Mapping[str, Mapping[str, list[int]]]) -> str:
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table(figures)}\n{END}{tail}"


def main() -> None:
    arguments = sys.argv[1:]
    form = "long" if "--long" in arguments else "ci"
    figures: Figures = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    for test, row in run(form, [word for word in arguments if word != "--long"]).items():
        figures.setdefault(test, {})[form] = row
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page_with(PAGE.read_text("utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    main()
