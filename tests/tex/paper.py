"""A small paper around a section, compiled as people do, and what a reader of its PDF sees."""

import re
import subprocess
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from section_cases import bibliography

from bibtool.model import Entry

FONTS = "\\usepackage{lmodern}\\usepackage[T1]{fontenc}"
TABLES = "\\usepackage{array,booktabs,longtable}"
LINKS = "\\usepackage[hidelinks]{hyperref}"
# IEEEtran asks for Times before any package can say otherwise; where that is not installed the
# letters of the kernel stand in.
TIMES = "\\DeclareFontFamily{OT1}{ptm}{}" + "".join(
    f"\\DeclareFontShape{{OT1}}{{ptm}}{{{series}}}{{{shape}}}{{<->ssub*cmr/{like}/{shape}}}{{}}"
    for series, like in (("m", "m"), ("b", "bx"), ("bx", "bx"))
    for shape in ("n", "it", "sc", "sl")
)


class Kind(NamedTuple):
    """How a kind of paper begins and how its bibliography is made."""

    before: str
    style: str  # of BibTeX; empty for biblatex
    start: str = ""  # what stands before the section


KINDS = {
    "article": Kind(
        f"\\documentclass{{article}}{FONTS}\\usepackage{{natbib}}{TABLES}{LINKS}", "plainnat"
    ),
    "IEEEtran": Kind(
        f"{TIMES}\\documentclass[conference]{{IEEEtran}}{FONTS}{TABLES}{LINKS}", "IEEEtran"
    ),
    "acmart": Kind(
        f"\\documentclass[sigconf,nonacm]{{acmart}}{TABLES}",
        "ACM-Reference-Format",
        "\\author{A. Uthor}\\affiliation{\\institution{U}\\country{Y}}\\maketitle",
    ),
    "llncs": Kind(f"\\documentclass{{llncs}}{FONTS}{TABLES}{LINKS}", "splncs04"),
    "biblatex": Kind(
        f"\\documentclass{{article}}{FONTS}\\usepackage{{csquotes}}"
        f"\\usepackage[backend=biber]{{biblatex}}\\addbibresource{{refs.bib}}{TABLES}{LINKS}",
        "",
    ),
    # Without hyperref, which asks for a font that a small TeX lacks: the words of links stay.
    "CJK": Kind(
        "\\documentclass{article}\\usepackage{fontspec}\\setmainfont{WenQuanYi Micro Hei}"
        f'\\XeTeXlinebreaklocale "zh"\\usepackage{{natbib,url}}{TABLES}',
        "plainnat",
    ),
}


class Printed(NamedTuple):
    """What came of a compilation: the page's letters, and what TeX said on the way."""

    text: str  # of the PDF, as pdftotext has it
    log: str  # of the last run
    logs: str  # of every program in order

    @property
    def overfull(self) -> list[float]:
        """By how many points lines of the section stick out; the bibliography is the style's."""
        section, _, _ = self.log.partition("(./paper.bbl")
        return [float(pt) for pt in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", section)]

    def holds(self, words: str) -> bool:
        """Whether `words` stand in the PDF, whatever the case, hyphenation and punctuation."""
        return letters(words) in letters(self.text)


def letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def paper(kind: Kind, section: str) -> str:
    end = (
        f"\\bibliographystyle{{{kind.style}}}\\bibliography{{refs}}"
        if kind.style
        else "\\printbibliography"
    )
    return (
        f"{kind.before}\n\\title{{A Paper}}\n\\begin{{document}}\n{kind.start}\n\\pagestyle{{empty}}"
        f"\n\\section{{Related work}}\n{section}\n\\clearpage\n{end}\n\\end{{document}}\n"
    )


def compiled(folder: Path, name: str, section: str, entries: Sequence[Entry]) -> Printed:
    """Run LaTeX and what makes the bibliography; a program that fails fails the test."""
    kind = KINDS[name]
    (folder / "refs.bib").write_text(bibliography(entries, biblatex=not kind.style), "utf-8")
    (folder / "paper.tex").write_text(paper(kind, section), "utf-8")
    engine = "xelatex" if name == "CJK" else "pdflatex"
    latex = [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper"]
    made = ["bibtex", "paper"] if kind.style else ["biber", "--quiet", "paper"]
    logs = "".join(_run(folder, command) for command in (latex, made, latex, latex))
    text = _run(folder, ["pdftotext", "-raw", "-nopgbrk", "paper.pdf", "-"])
    log = (folder / "paper.log").read_text("utf-8", "replace").replace("\n", " ")
    return Printed(text, log, logs)


def _run(folder: Path, command: Sequence[str]) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=180)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, f"{command[0]}: {said[-2000:]}"
    return said
