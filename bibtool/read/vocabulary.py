"""Loads the words and patterns of `words.toml`, which anybody can add to without touching code."""

import re
from functools import cache


@cache
def vocabulary(table: str, name: str) -> frozenset[str]:
    """The words of one entry, as they stand."""
    return frozenset(_tables()[table][name].split())


def alternatives(table: str, name: str) -> str:
    """The alternatives of one pattern, as the inside of a group of a regular expression."""
    return "|".join(line for line in _tables()[table][name].split("\n") if line)


@cache
def worded(table: str, name: str, frame: str = "{}") -> re.Pattern[str]:
    """A pattern, letter case aside, set into `frame`."""
    return re.compile(frame.format(f"(?:{alternatives(table, name)})"), re.IGNORECASE | re.DOTALL)


def names(table: str) -> tuple[str, ...]:
    """The names in a table, in the order written."""
    return tuple(_tables()[table])


@cache
def _tables() -> dict[str, dict[str, str]]:
    import pkgutil  # both are heavy; a list that did not change is not read
    import tomllib

    return tomllib.loads((pkgutil.get_data("bibtool.read", "words.toml") or b"").decode("utf-8"))
