"""HTML between Markdown: structure lines are taken out, folded sections and regions remembered.

A parser that follows the standard hides the Markdown behind `<details>` or `<div>` up to the
next blank line, and ends a `<table>` at a blank line inside it; curators mind neither.
"""

import re

from msgspec import Struct, structs

from bibtool.patterns import pattern
from bibtool.read.outline import Fold
from bibtool.read.source import Source

STRUCTURE = pattern(
    r"^\s*(?:</?(?:details|div|p|center|font|span|section|article|br|hr|main|body|html|small|sub|sup|big|a)(?:\s[^<>]{0,500})?/?>\s*)+$",
    re.IGNORECASE,
)
DETAILS = pattern(r"<(/?)details\b[^<>]{0,300}>", re.IGNORECASE)
SUMMARY = pattern(r"<summary\b[^<>]{0,300}>(.*?)(?:</summary\s*>|$)", re.IGNORECASE)
SUMMARY_END = pattern(r"</summary\s*>", re.IGNORECASE)
TAG_WITH_TARGET = pattern(r"<a\s[^<>]{0,500}href", re.IGNORECASE)
SUMMARY_LINES = 8  # a summary is looked for so many lines below its <details>


REGION = pattern(r"^ {0,8}<(table|ul|ol|dl|h[1-6])\b", re.IGNORECASE)


class Region(Struct, frozen=True):
    """A list, table or heading in HTML that begins at `line`."""

    text: str
    line: int
    line_end: int


def regions_in(source: Source) -> tuple[Source, tuple[Region, ...]]:
    """The source without its HTML lists, tables and headings, and these."""
    lines = list(source.lines)
    ends = _ends(lines)
    found: list[Region] = []
    at, fence = 0, ""
    while at < len(lines):
        mark = re.match(r"^\s{0,12}(`{3,}|~{3,})", lines[at])
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        start = None if fence else REGION.match(lines[at])
        end = _end_of(lines, at, start[1].lower(), ends) if start else None
        if end is None:
            at += 1
            continue
        found.append(Region("\n".join(lines[at : end + 1]), at + 1, end + 1))
        lines[at : end + 1] = [""] * (end + 1 - at)
        at = end + 1
    return structs.replace(source, lines=tuple(lines)), tuple(found)


def _ends(lines: list[str]) -> dict[str, int]:
    """The last line that closes each kind of region, so that an open one is known at once."""
    ends: dict[str, int] = {}
    for number, line in enumerate(lines):
        if "</" in line:
            for name in re.findall(r"</(table|ul|ol|dl|h[1-6])\s*>", line, re.IGNORECASE):
                ends[name.lower()] = number
    return ends


def _end_of(lines: list[str], at: int, name: str, ends: dict[str, int]) -> int | None:
    """The line on which the region that opens on line `at` is closed."""
    depth = 0
    for number in range(at, ends.get(name, -1) + 1):
        line = lines[number].lower()
        if "<" in line:
            depth += len(re.findall(rf"<{name}\b", line)) - line.count(f"</{name}")
            if depth <= 0:
                return number
    ends[name] = -1  # nothing that opens from here on is ever closed
    return None


def unfolded(source: Source) -> tuple[Source, tuple[Fold, ...]]:
    """The source without structure lines, and where folded sections open and close."""
    lines = list(source.lines)
    folds: list[Fold] = []
    fence = ""
    for number, line in enumerate(lines):
        mark = re.match(r"^\s{0,12}(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if fence or "<" not in line:
            continue
        if "details" in line.lower() or "summary" in line.lower():
            lines[number] = _fold(lines, number, folds)
        elif STRUCTURE.match(line) and not TAG_WITH_TARGET.search(line):
            lines[number] = ""
    return structs.replace(source, lines=tuple(lines)), tuple(folds)


def _fold(lines: list[str], number: int, folds: list[Fold]) -> str:
    line = lines[number]
    for found in DETAILS.finditer(line):
        if found[1]:
            folds.append(Fold(number + 1, None))
        else:
            folds.append(Fold(number + 1, _summary(lines, number, found.end())))
    rest = DETAILS.sub(" ", line)
    rest = SUMMARY.sub(" ", rest)
    rest = SUMMARY_END.sub(" ", rest)
    return "" if not rest.strip() or STRUCTURE.match(rest) else rest


def _summary(lines: list[str], number: int, column: int) -> str:
    """The text of the summary that belongs to a <details>; taken out of its own lines."""
    if found := SUMMARY.search(lines[number], column):
        if SUMMARY_END.search(lines[number], found.start()):
            return found[1]
        return _long_summary(lines, number, found[1])
    for below in range(number + 1, min(number + 1 + SUMMARY_LINES, len(lines))):
        if DETAILS.search(lines[below]):
            return ""
        if found := SUMMARY.search(lines[below]):
            if SUMMARY_END.search(lines[below], found.start()):
                return found[1]
            return _long_summary(lines, below, found[1])
    return ""


def _long_summary(lines: list[str], start: int, text: str) -> str:
    parts = [text]
    for below in range(start + 1, min(start + 1 + SUMMARY_LINES, len(lines))):
        end = SUMMARY_END.search(lines[below])
        parts.append(lines[below][: end.start()] if end else lines[below])
        lines[below] = lines[below][end.end() :] if end else ""
        if end:
            break
    return " ".join(parts)
