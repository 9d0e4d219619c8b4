"""The first lines of a section: what made it, and what it needs to be set. Pure."""

from typing import Literal

from bibtool.patterns import pattern

# From a percent sign that is not escaped to the end of its line.
TEX_COMMENT = pattern(r"(?<!\\)((?:\\\\)*)%.*")

ENGINE = (
    "% Needs xelatex or lualatex, with a font that has these signs (packages fontspec, xeCJK):\n"
    "% pdflatex cannot set all that is printed here.\n"
)


def header(text: str, template: str, kind: Literal["tex", "md"]) -> str:
    """What stands above `text`, which `template` gave."""
    made = f"Made by bibtool with {template}. Once edited by hand it is left as it is."
    if kind == "md":
        return f"<!-- {made} -->\n\n"
    plain = text.isascii() or TEX_COMMENT.sub(r"\1", text).isascii()
    return f"% {made}\n" + ("" if plain else ENGINE)
