"""A Markdown text in pieces that are parsed alone: no block goes on from one to the next. Pure.

A heading behind an empty line ends every block but a fence and the kinds of HTML that end with a
sign of their own (https://spec.commonmark.org/0.31.2/#html-blocks, 1 to 5).
"""

import re
from collections.abc import Iterator, Sequence

from bibtool.patterns import pattern

RULED = frozenset("|:- \t")  # all that the line under a header consists of
HEADING = pattern(r"#{1,6}[ \t]")
GOES_ON = pattern(r"[\s>*+\d.)-]*(?:`{3}|~{3}|<(?:script|pre|style|textarea|[!?]))", re.IGNORECASE)


def pieces_of(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Lines that belong together, with the number of those before them; from where a block may
    go on over headings, all the rest is one piece."""
    start, before = 0, ""
    for at, line in enumerate(lines):
        if GOES_ON.match(line):
            break
        if at > start and not before.strip() and HEADING.match(line):
            yield start, lines[start:at]
            start = at
        before = line
    yield start, lines[start:]


def without_cells(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """The lines, and of those that seem to be rows of a table nothing but the bars; and which
    ones these are, from 1.

    A line under a table's ruler that begins with a bar is a row of it, whatever its cells say: no
    other block begins so (https://github.github.com/gfm/#tables-extension-).
    """
    bare: list[str] = []
    rows: list[int] = []
    in_table = False
    for number, line in enumerate(lines, 1):
        if not line.startswith("|"):
            in_table = False
        elif in_table:
            rows.append(number)
            line = "|" * (line.count("|") - line.count("\\|"))
        else:
            in_table = "-" in line and RULED.issuperset(line)
        bare.append(line)
    return bare, rows
