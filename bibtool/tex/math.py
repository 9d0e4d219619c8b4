"""Which formulas may pass into a TeX file: an allow-list, and a grammar that cannot fail."""

import re

from bibtool.patterns import pattern
from bibtool.tex.tables import (
    MATH_ARGUMENTS,
    MATH_COMMANDS,
    MATH_DROPPED,
    MATH_STAND_INS,
    MATHS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)

# As pandoc has it: no blank inside the dollars, no digit behind them, so that prices are prices.
# https://pandoc.org/MANUAL.html#extension-tex_math_dollars
FORMULA = pattern(r"(?<![\\$])\$(?=[^\s$])((?:[^$\\]|\\.)*?)(?<!\s)\$(?![\d$])")

_TOKEN = pattern(r"\\[A-Za-z]+|\\.|\s+|.", re.S)
_ROMAN = pattern(r"\{\\rm\s+([A-Za-z0-9 ]+)\}")  # {\rm max}, common in older titles
_PLAIN = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-*/=<>()[]|.,:;!?@"
)
_SPACING = frozenset(f"\\{sign}" for sign in ",;!:> %&#$_")
_NAMED = {"\\{": "\\lbrace ", "\\}": "\\rbrace ", "\\|": "\\Vert "}
_DEEPEST = 12  # groups within groups; titles have three


class _Refused(Exception):
    """Something that is not on the list."""


def formula(text: str) -> str | None:
    """`text`, the inside of `$...$`, as TeX that compiles anywhere; None if it may not pass.

    Commands of amsmath and amssymb are replaced by their nearest kin in the kernel, since the
    document that cites may not load them.
    """
    tokens = _TOKEN.findall(_ROMAN.sub(r"\\mathrm{\1}", text))
    try:
        out, rest = _list(tokens, 0, 0)
    except _Refused:
        return None
    return out.strip() if rest == len(tokens) and out.strip() else None


def _list(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    """Atoms with their scripts, up to the end or the brace that closes the group."""
    if depth > _DEEPEST:
        raise _Refused
    out: list[str] = []
    scripts = ""  # those that the last atom already has: a second one is an error in TeX
    while at < len(tokens) and tokens[at] != "}":
        token = tokens[at]
        if token in "_^":
            if token in scripts:
                raise _Refused
            scripts += token
            argument, at = _argument(tokens, at + 1, depth)
            out.append(token + argument)
        elif token == "'":
            if "^" in scripts:
                raise _Refused
            out.append(token)
            at += 1
            if at >= len(tokens) or tokens[at] != "'":
                scripts += "" if at < len(tokens) and tokens[at] == "^" else "^"
        else:
            atom, at = _atom(tokens, at, depth)
            out.append(atom)
            scripts = scripts if token.isspace() else ""
    return "".join(out), at


def _atom(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    token = tokens[at]
    if token == "{":
        return _group(tokens, at, depth)
    if token in _PLAIN or token in _SPACING:
        return token, at + 1
    if token.isspace() or token == "~":
        return " ", at + 1
    if token in _NAMED:
        return _NAMED[token], at + 1
    if token in MATHS:
        return f"\\{MATHS[token]} ", at + 1
    for signs, script in ((SUPERSCRIPTS, "^"), (SUBSCRIPTS, "_")):
        if token in signs:
            return f"{{}}{script}{{{signs[token]}}}", at + 1
    if len(token) > 1 and token[1].isalpha():
        return _command(tokens, at, depth)
    raise _Refused


def _group(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    inside, at = _list(tokens, at + 1, depth + 1)
    if at >= len(tokens):
        raise _Refused
    return f"{{{inside}}}", at + 1


def _argument(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    """What follows `^`, `_` or a command, always in braces."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at >= len(tokens) or tokens[at] in {"}", "_", "^", "'"}:
        raise _Refused
    atom, at = _atom(tokens, at, depth)
    return (atom if atom.startswith("{") and atom.endswith("}") else f"{{{atom}}}"), at


def _command(tokens: list[str], at: int, depth: int) -> tuple[str, int]:
    name = tokens[at][1:]
    if name in MATH_DROPPED:
        # "\left." is a delimiter that is not there.
        return "", at + (2 if tokens[at + 1 : at + 2] == ["."] else 1)
    stand_in = MATH_STAND_INS.get(name, name)
    if stand_in not in MATH_COMMANDS:
        raise _Refused
    out = f"\\{stand_in}"
    at += 1
    count = MATH_ARGUMENTS.get(stand_in, 0)
    for _ in range(count):
        argument, at = _argument(tokens, at, depth)
        words = name in {"text", "mbox", "textrm", "textbf", "textit"}
        out += argument.replace(" ", "\\ ") if words else argument
    follows = tokens[at : at + 1]
    needs_blank = not count and bool(follows) and follows[0][:1].isalnum()
    return out + (" " if needs_blank else ""), at
