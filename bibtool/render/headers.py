"""The first lines of a section: what made it, and what it needs to be set. Pure."""

from collections.abc import Iterable, Sequence
from itertools import dropwhile
from typing import Literal

from bibtool.patterns import pattern

# From a percent sign that is not escaped to the end of its line.
TEX_COMMENT = pattern(r"(?<!\\)((?:\\\\)*)%.*")

ENGINE = (
    "% Needs xelatex or lualatex, with a font that has these signs (packages fontspec, xeCJK):\n"
    "% pdflatex cannot set all that is printed here.\n"
)


def headed(text: Iterable[str], template: str, kind: Literal["tex", "md"]) -> list[str]:
    """`text`, which `template` gave, under its first lines and without empty ones at both ends.

    In pieces: of 10,000 works it has megabytes, and each copy of it has its cost.
    """
    pieces = [*dropwhile(_is_empty, text)]
    while pieces and _is_empty(pieces[-1]):
        pieces.pop()
    if pieces:
        pieces[0] = pieces[0].lstrip("\n")
        pieces[-1] = pieces[-1].rstrip("\n")
    return [_header(pieces, template, kind), *pieces, "\n"]


def _is_empty(piece: str) -> bool:
    return not piece.strip("\n")


def _header(pieces: Sequence[str], template: str, kind: Literal["tex", "md"]) -> str:
    made = f"Made by bibtool with {template}. Once edited by hand it is left as it is."
    if kind == "md":
        return f"<!-- {made} -->\n\n"
    plain = all(map(str.isascii, pieces)) or TEX_COMMENT.sub(r"\1", "".join(pieces)).isascii()
    return f"% {made}\n" + ("" if plain else ENGINE)
