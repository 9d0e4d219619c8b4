"""Lines that hold only HTML structure are taken out; folded sections are remembered by their lines.

A parser that follows the standard hides the Markdown behind `<details>` or `<div>` up to the
next blank line; curators do not put one.
"""

import re

from msgspec import structs

from bibtool.read.outline import Fold
from bibtool.read.source import Source

STRUCTURE = re.compile(
    r"^\s*(?:</?(?:details|div|p|center|font|span|section|article|br|hr|main|body|html|small|sub|sup|big|a)(?:\s[^<>]{0,500})?/?>\s*)+$",
    re.IGNORECASE,
)
DETAILS = re.compile(r"<(/?)details\b[^<>]{0,300}>", re.IGNORECASE)
SUMMARY = re.compile(r"<summary\b[^<>]{0,300}>(.*?)(?:</summary\s*>|$)", re.IGNORECASE)
SUMMARY_END = re.compile(r"</summary\s*>", re.IGNORECASE)
TAG_WITH_TARGET = re.compile(r"<a\s[^<>]{0,500}href", re.IGNORECASE)
SUMMARY_LINES = 8  # a summary is looked for so many lines below its <details>


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
