"""How long lists take to read: seconds a megabyte for each family, and how time grows with length.

    python benchmarks/reading.py [--entries 10000]

Growth is the time for the whole list over the time for a quarter of it, divided by four: 1.0 is
linear, 4.0 quadratic. Times are of the processor, the best of three.
"""

import argparse
import time
from collections.abc import Callable

from bibtool.read import read_text

Family = Callable[[int], str]
TITLE = "A Title Number {} on Learning to Read Lists of Papers"
ARXIV = "https://arxiv.org/abs/24{:02d}.{:05d}"


def link(number: int) -> str:
    return ARXIV.format(number % 12 + 1, number % 100_000)


def table(n: int) -> str:
    paper = f"[CVPR-2024]({link(n)})"
    return f"| {TITLE.format(n)} | {paper} | [code](https://github.com/a/b{n}) | a note |\n"


def title_link(n: int) -> str:
    code = f"[[code](https://github.com/a/b{n})]"
    return f"* [{TITLE.format(n)}]({link(n)}), Jane Doe and Ann Roe, ICML 2024 {code}\n"


def quoted(n: int) -> str:
    return f'* **Nick{n}**: "{TITLE.format(n)}", *arXiv, May 2024*. [[Paper]({link(n)})]\n'


def numbered(n: int) -> str:
    authors = "    *Jane Doe, Ann Roe.*"
    return f"1. **{TITLE.format(n)}.** ICML 2024. [paper]({link(n)})\n\n{authors}\n\n"


def labels(n: int) -> str:
    return f"**{TITLE.format(n)}**\n\n- Paper: {link(n)}\n- Code: https://github.com/a/b{n}\n\n"


def markup(n: int) -> str:
    return f'<ul><li><b>{TITLE.format(n)}</b> <a href="{link(n)}">pdf</a></li></ul>\n'


HEAD = "# List\n\n## All\n"
FAMILIES: dict[str, tuple[str, Family]] = {
    "table": (f"{HEAD}| title | paper | code | note |\n|---|---|---|---|\n", table),
    "title link": (HEAD, title_link),
    "quoted title": (HEAD, quoted),
    "numbered": (HEAD, numbered),
    "label lines": (HEAD, labels),
    "HTML": (HEAD, markup),
}


def seconds(text: str, entries: int) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        found = len(read_text(text, "list.md").rows)
        best = min(best, time.process_time() - start)
        assert found == entries, f"{found} of {entries} entries read"
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    entries = parser.parse_args().entries
    print(f"{'family':14} {'entries':>8} {'MB':>6} {'s':>7} {'s/MB':>7} {'growth':>7}")
    for name, (head, entry) in FAMILIES.items():
        text = head + "".join(map(entry, range(entries)))
        quarter = head + "".join(map(entry, range(entries // 4)))
        whole, part = seconds(text, entries), seconds(quarter, entries // 4)
        size = len(text.encode()) / 1e6
        growth = whole / part / 4
        print(f"{name:14} {entries:8} {size:6.2f} {whole:7.2f} {whole / size:7.2f} {growth:7.2f}")


if __name__ == "__main__":
    main()
