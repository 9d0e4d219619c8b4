"""Writing between `<!-- bibtool:begin NAME -->` and `<!-- bibtool:end -->` of a file. Pure.

In a file of TeX the marks are comments as TeX has them: `% bibtool:begin NAME`.
"""

import re

from bibtool.errors import Unreadable
from bibtool.model import Place
from bibtool.patterns import pattern

MARKS = {
    "html": (
        pattern(r" {0,3}<!--\s*bibtool:\s*begin\s+(\S+)\s*-->\s*\Z"),
        pattern(r" {0,3}<!--\s*bibtool:\s*end\b[^>]*-->\s*\Z"),
        "<!-- bibtool:{} -->",
    ),
    "tex": (
        pattern(r"\s*%+\s*bibtool:\s*begin\s+(\S+)\s*\Z"),
        pattern(r"\s*%+\s*bibtool:\s*end\b.*\Z", re.S),
        "% bibtool:{}",
    ),
}
FENCE = pattern(r" {0,3}(`{3,}|~{3,})")


def insert(text: str, name: str, block: str, shown: str) -> str:
    """`text` with `block` between the marks of `name`; all else, line ends too, as it was.

    `shown` is the file's path for messages. Unreadable where the marks are missing, twice
    there, or not closed: nothing is written at a place that nobody named. In Markdown a blank
    line parts the marks from the block: without it some readers take its first line for HTML.
    """
    lines = text.splitlines(keepends=True)
    begin, end = _marks(lines, name, shown)
    newline = "\r\n" if lines[begin].endswith("\r\n") else "\n"
    around = [] if shown.endswith(".tex") else [""]
    inside = [line + newline for line in [*around, *block.strip("\n").split("\n"), *around]]
    return "".join([*lines[: begin + 1], *inside, *lines[end:]])


def _marks(lines: list[str], name: str, shown: str) -> tuple[int, int]:
    """Numbers, from 0, of the lines that hold the two marks."""
    begin, end, spelled = MARKS["tex" if shown.endswith(".tex") else "html"]
    bare = _outside_fences(lines)
    begins = [at for at in bare if (found := begin.match(lines[at])) and found[1] == name]
    if len(begins) != 1:
        place = Place(shown, begins[1] + 1 if begins else 1)
        problem = (
            "stands twice; keep one" if begins else "is missing; put it where the text belongs"
        )
        raise Unreadable(place, f"the mark {spelled.format(f'begin {name}')} {problem}")
    after = [
        at for at in bare if at > begins[0] and (begin.match(lines[at]) or end.match(lines[at]))
    ]
    if not after or begin.match(lines[after[0]]):
        wanted = spelled.format("end")
        reason = f"this mark is not closed; put {wanted} on a line of its own after it"
        raise Unreadable(Place(shown, begins[0] + 1), reason)
    return begins[0], after[0]


def _outside_fences(lines: list[str]) -> list[int]:
    """Lines that are not in a fenced block of code, where a mark is only talked about."""
    outside: list[int] = []
    fence = ""
    for at, line in enumerate(lines):
        found = FENCE.match(line)
        if not fence and not found:
            outside.append(at)
        elif found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return outside
