"""Regular expressions that are compiled when they are first used. Pure.

`re` compiles where a pattern is defined. For all of ours that takes longer than to load their
modules, and a run with little to do needs a third of them.
"""

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, later: a mistake in `text` shows when the pattern is first used."""
    return cast("re.Pattern[AnyStr]", _Later(text, flags))


class _Later(Generic[AnyStr]):
    """Has what the compiled pattern has, and keeps what was asked for."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = text  # which other patterns are made of
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled, name)
        setattr(self, name, found)  # so that the next use is as quick as the pattern's own
        return found
