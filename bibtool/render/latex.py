"""Text, addresses and keys as they stand in a LaTeX section. Pure; `tex.to_tex` is the escape."""

import re

from bibtool.patterns import pattern
from bibtool.render.markdown import address, unmarked
from bibtool.tex import to_tex

# What may stand in \cite{...} of any package without ending it, and in \label{...}.
KEY = pattern(r"[A-Za-z0-9:._/+@!?*=;'()-]+\Z")
HEADINGS = ("section", "subsection", "subsubsection", "paragraph")


def href(url: str, label: str) -> str:
    """A link as hyperref has it; the signs that TeX reads are escaped, as inside an argument."""
    target = address(url).replace("~", "%7E").replace("$", "%24")
    escaped = re.sub(r"[%#&_]", lambda found: f"\\{found[0]}", target)
    return f"\\href{{{escaped}}}{{{to_tex(label)}}}" if target else to_tex(label)


def cite(key: str, command: str) -> str:
    """`\\cite{key}`; empty for a key that no command could hold."""
    return f"\\{command}{{{key}}}" if KEY.match(key) else ""


def heading(text: str, level: int, label: str) -> str:
    """A heading of `level` 1 (section) to 4 (paragraph); deeper ones are words in italics.

    `\\subparagraph` is not there in IEEEtran and never ends in llncs.
    """
    marked = f"\\label{{{label}}}" if label and KEY.match(label) else ""
    if level > len(HEADINGS):
        return f"\\par\\smallskip\\noindent\\textit{{{to_tex(text)}}}{marked}\\enspace"
    return f"\\{HEADINGS[level - 1]}{{{to_tex(text)}}}{marked}"


def comment(text: str) -> str:
    """`text` behind a `%`: one line. TeX reads nothing of it, whatever it holds."""
    return unmarked(text)


def needs_unicode_engine(text: str) -> bool:
    """Whether `text` has signs, such as Chinese, that pdflatex cannot set."""
    return not to_tex(text).isascii()
