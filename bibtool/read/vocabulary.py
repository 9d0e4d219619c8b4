"""Loads the words of `words.toml`, which anybody can add to without touching code."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def vocabulary(table: str, name: str) -> frozenset[str]:
    """The words of one entry, as they stand."""
    return frozenset(_tables()[table][name].split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = files("bibtool.read").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)
