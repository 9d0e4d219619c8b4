"""Patterns that are compiled when they are first used, and what that must not hide."""

import importlib
import pkgutil
import re

import pytest

import bibtool
from bibtool.patterns import _Later, pattern

ALL = [
    (f"{module}.{name}", value)
    for _, module, _ in pkgutil.walk_packages(bibtool.__path__, "bibtool.")
    if not module.endswith("__main__")
    for name, value in vars(importlib.import_module(module)).items()
    if isinstance(value, _Later)
]


@pytest.mark.parametrize(("name", "value"), ALL, ids=[name for name, _ in ALL])
def test_every_pattern_can_be_compiled(name: str, value: _Later[str]) -> None:
    assert value.compiled.pattern == value.pattern


def test_nothing_is_compiled_before_its_use() -> None:
    assert pattern("(").pattern == "("
    with pytest.raises(re.error):
        pattern("(").search("")


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    word, compiled = pattern(r"(\w)\w*", re.IGNORECASE), re.compile(r"(\w)\w*", re.IGNORECASE)
    for _ in range(2):
        assert word.sub(r"\1", "two words") == compiled.sub(r"\1", "two words")
        assert [m[0] for m in word.finditer("a b")] == ["a", "b"]
        assert word.groups == compiled.groups
        assert word.flags == compiled.flags
    assert pattern(rb"\d").findall(b"1 2") == [b"1", b"2"]
