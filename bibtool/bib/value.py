"""One value of a .bib field: braces, quotes, and pieces that `#` joins."""

import re
from collections.abc import Iterator

from bibtool.bib.scan import VALUE, Field
from bibtool.patterns import pattern

_OUTSIDE = pattern(r"[{}\"]|[^\s{}\"#]+")
_WORD = pattern(r"[^\s{}\"#]+")


def unwrapped(value: str) -> tuple[str, bool]:
    """A value without its one pair of braces or quotes, or as it is and True: macros, `#`."""
    if value[:1] == "{" and value[-1:] == "}":
        # Most values hold no other brace; else the first must close with the last.
        inner = value[1:-1]
        if ("{" not in inner and "}" not in inner) or piece_end(value) == len(value):
            return inner, False
    elif value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        if piece_end(value) == len(value):
            return value[1:-1], False
    elif value.isdigit():
        return value, False
    return value, bool(value)


def piece_end(value: str) -> int:
    """Where the piece that begins `value` ends: behind its closing brace or quote; 0 if nowhere."""
    depth = 0
    quoted = value[0] == '"'
    for match in re.finditer(r'[{}"]', value):
        sign = match[0]
        if sign == '"':
            if quoted and depth == 0 and match.start() > 0:
                return match.end()
            continue
        # The splitter lets a backslash hide a brace.
        if value[match.start() - 1] == "\\" and match.start() > 0:
            continue
        depth += 1 if sign == "{" else -1
        if depth == 0 and not quoted:
            return match.end()
    return 0


def bare_words(field: Field) -> Iterator[tuple[int, int, str]]:
    """Macros and numbers in a value, outside of quotes and braces: from, to, word."""
    depth = 0
    quoted = False
    for match in _OUTSIDE.finditer(field.value):
        sign = match[0]
        if sign == '"' and not depth:
            quoted = not quoted
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif not depth and not quoted and sign != '"':
            yield field.start + match.start(), field.start + match.end(), sign


_JOIN = pattern(r"\s*#\s*")


def _readable(value: str) -> int:
    """How far `value` is pieces joined by `#`."""
    at = end = 0
    while at < len(value):
        rest = value[at:]
        word = _WORD.match(rest)
        length = piece_end(rest) if rest[0] in '{"' else word.end() if word else 0
        if not length:
            return end
        end = at + length
        join = _JOIN.match(value, end)
        if not join:
            return end
        at = join.end()
    return end


def suspicion(field: Field) -> tuple[int, str] | None:
    """Offset and reason if a value is not what it should be: a missing comma fuses two fields."""
    if VALUE.fullmatch(field.value):
        return None
    if not field.value:
        return 0, f"field {field.name} has no value"
    read = _readable(field.value)
    rest = field.value[read:].strip()
    if not rest:
        return None
    gap = len(field.value[read:]) - len(field.value[read:].lstrip())
    if "=" in rest:
        name = rest.partition("=")[0].strip()
        return read + gap, f"a comma is missing between field {field.name} and {name}"
    return read + gap, f"field {field.name} holds more than one value: {rest[:40]!r}"
