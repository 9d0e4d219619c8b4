"""The text of a list before any format is read: clean characters, comments out, marks kept.

Every change keeps the lines where they are, so that a line number is always the file's own.
"""

import re
import unicodedata

from msgspec import Struct

from bibtool.model import Place, Problem
from bibtool.patterns import pattern

# Copied along from PDFs and web pages, or meant to deceive: soft hyphens, zero-width signs,
# direction marks (https://trojansource.codes/) and invisible tag characters.
INVISIBLE = pattern("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
BLANKS = pattern("[\t\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\x0b\x0c\x85]")
CONTROL = pattern(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
FENCE = pattern(r"^ {0,12}(?:(?:[-*+]|\d{1,3}[.)]) {1,4})?(`{3,}|~{3,})([^\n]*)$")
COMMENT_START = "<!--"
COMMENT_END = pattern(r"--+!?>")
MARK = pattern(r"^\s*bibtool:\s*(begin|end|skip|id|key)\b\s*[=:]?\s*(.*?)\s*-*$", re.DOTALL)


class Mark(Struct, frozen=True):
    """A `<!-- bibtool: word=value -->` on a row's line."""

    word: str  # "skip", "id", "key"
    value: str
    line: int


class Source(Struct, frozen=True):
    shown: str  # the path as messages name it
    raw: tuple[str, ...]  # lines as they stand, for messages
    lines: tuple[str, ...]  # clean, with comments blanked out
    fenced: frozenset[int] = frozenset()  # lines inside of code fences, and the fences
    marks: tuple[Mark, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def words(self, line: int, line_end: int) -> str:
        """What stands in the list from `line` to `line_end`, both from 1."""
        return "\n".join(self.raw[line - 1 : line_end]).strip()


def clean(text: str) -> str:
    """Unicode in one form, without invisible signs; line ends are \\n, lines stay in place."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return CONTROL.sub("\ufffd", BLANKS.sub(_blank, text))


def _blank(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else " "


def plain_source(text: str, shown: str) -> Source:
    lines = tuple(clean(text).split("\n"))
    return Source(shown, lines, lines)


def marked_source(text: str, shown: str) -> Source:
    """A source of Markdown or HTML: comments blanked, bibtool's own marks and regions honoured."""
    raw = tuple(clean(text).split("\n"))
    return _Comments(shown, raw).source()


class _Comments:
    """One pass over the lines that knows fences from comments."""

    def __init__(self, shown: str, raw: tuple[str, ...]) -> None:
        self.shown = shown
        self.raw = raw
        self.lines = list(raw)
        self.marks: list[Mark] = []
        self.problems: list[Problem] = []
        self.begun = 0  # line of an open bibtool:begin
        self.fence = ""
        self.fenced: list[int] = []
        self.last_end = self._last_end()

    def source(self) -> Source:
        at = 0
        while at < len(self.lines):
            at = self._line(at)
        if self.begun:
            self._complain(self.begun, "bibtool:begin without bibtool:end; add the end mark")
        return Source(
            self.shown,
            self.raw,
            tuple(self.lines),
            frozenset(self.fenced),
            tuple(self.marks),
            tuple(self.problems),
        )

    def _last_end(self) -> tuple[int, int]:
        """Where the last comment of the file ends, so that an open one is known at once."""
        for number in range(len(self.raw) - 1, -1, -1):
            if (column := self.raw[number].rfind("->")) >= 0:
                return number, column
        return -1, -1

    def _line(self, at: int) -> int:
        """Handle line `at` (from 0); give the next line to look at."""
        line = self.lines[at]
        if self._in_fence(line):
            self.fenced.append(at + 1)
            return at + 1
        start = line.find(COMMENT_START)
        if start < 0:
            return at + 1
        return self._comment(at, start)

    def _in_fence(self, line: str) -> bool:
        found = FENCE.match(line)
        if not self.fence:
            if found and "`" not in found[2]:
                self.fence = found[1]
                return True
            return False
        if found and found[1].startswith(self.fence) and not found[2].strip():
            self.fence = ""
        return True

    def _comment(self, at: int, start: int) -> int:
        """Blank the comment that starts in line `at` at column `start`."""
        if (at, start) > self.last_end:
            self._complain(at + 1, "a comment is opened and never closed; close it with -->")
            self.lines[at] = self.lines[at][:start] + "    " + self.lines[at][start + 4 :]
            return at
        body: list[str] = []
        row, column = at, start + len(COMMENT_START)
        while row < len(self.lines):
            if end := COMMENT_END.search(self.lines[row], column):
                body.append(self.lines[row][column : end.start()])
                self._blank(at, start, row, end.end())
                self._mark("\n".join(body), at)
                return row if row > at else at
            body.append(self.lines[row][column:])
            row, column = row + 1, 0
        self.last_end = (-1, -1)  # "->" stood there, but no "-->"
        return at

    def _blank(self, first: int, start: int, last: int, end: int) -> None:
        if first == last:
            line = self.lines[first]
            self.lines[first] = line[:start] + line[end:]
            return
        self.lines[first] = self.lines[first][:start]
        for row in range(first + 1, last):
            self.lines[row] = ""
        self.lines[last] = self.lines[last][end:]

    def _mark(self, body: str, at: int) -> None:
        if not (found := MARK.match(body)):
            return
        word, value = found[1], found[2]
        if word == "begin":
            self._region(at)
        elif word != "end":
            self.marks.append(Mark(word, value, at + 1))

    def _region(self, at: int) -> None:
        """Blank what bibtool itself wrote, up to and with the end mark."""
        for row in range(at, len(self.lines)):
            if re.search(r"<!--\s*bibtool:\s*end\b", self.lines[row]):
                for own in range(at, row):
                    self.lines[own] = ""
                self.lines[row] = re.sub(r"^.*?<!--\s*bibtool:\s*end[^>]*>", "", self.lines[row])
                return
        self.begun = self.begun or at + 1

    def _complain(self, line: int, message: str) -> None:
        self.problems.append(Problem(Place(self.shown, line), message))
