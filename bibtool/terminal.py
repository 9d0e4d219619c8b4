"""A person at a terminal: whether there is one, how wide it is, and what they answer."""

import os
import shutil
import sys
from collections.abc import Iterable

WIDEST = 100  # columns: longer lines are hard to read
CLEAR = "\x1b[2J\x1b[H"


def is_interactive() -> bool:
    """Whether somebody can be asked: both ends are terminals, and not in CI."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def width() -> int:
    return min(WIDEST, shutil.get_terminal_size((80, 24)).columns)


def tell(lines: Iterable[str] = ("",)) -> None:
    """For the person, so to stderr; stdout is for results."""
    print("\n".join(lines), file=sys.stderr, flush=True)


def clear() -> None:
    if os.environ.get("TERM", "dumb") != "dumb":
        print(CLEAR, end="", file=sys.stderr)


def ask(prompt: str) -> str | None:
    """What is answered; None at the end of input (Ctrl-D)."""
    print(prompt, end=" ", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        tell()
        return None
    return line.strip()


def choose(prompt: str, count: int) -> int | None:
    """A number from 1 to `count`, asked for until there is one; None for none of them."""
    while True:
        answer = ask(prompt)
        if not answer:
            return None
        if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= count:
            return int(answer)
        tell([f"a number from 1 to {count}, or nothing for none of them"])
