"""Many entries set by TeX at once: what it complained about, and what stands on the page."""

import re
import subprocess
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bibtool.model import BibEntry
from bibtool.render.bibtex import text_of

PREAMBLE = (
    "\\documentclass{article}\\usepackage{lmodern}\\usepackage[T1]{fontenc}\\usepackage{url}"
    "\\hyphenpenalty=10000"
)
WAYS = ("bibtex", "biber")
COMPLAINT = re.compile(
    r"^(?:! .*|.*Missing character.*|.*(?:Error|WARN|Warning--).*)$", re.MULTILINE
)
# What TeX prints as one sign, or breaks a line at, is the same text to a reader.
ALIKE = {
    "“": '"',
    "”": '"',
    "’": "'",
    "‘": "'",
    "`": "'",
    "–": "-",
    "—": "-",
    "-": "-",
    "ﬁ": "fi",
    "ﬂ": "fl",
}
ALIKE |= {"ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ˆ": "^", "˜": "~", "∼": "~", "\u00ad": ""}


class Page(NamedTuple):
    complaints: list[str]
    text: str
    files: set[str]  # in the folder afterwards


def printed(folder: Path, entries: Sequence[BibEntry], way: str) -> Page:
    """`entries` set in the order given, under plain (bibtex) or biblatex (biber)."""
    (folder / "secret.txt").write_text("THE-SECRET-LEAKED")
    (folder / "refs.bib").write_text("\n\n".join(map(text_of, entries)), encoding="utf-8")
    if way == "bibtex":
        body = "\\begin{document}\\nocite{*}\\bibliographystyle{unsrt}\\bibliography{refs}"
        head = PREAMBLE
    else:
        head = PREAMBLE + "\\usepackage[backend=biber,sorting=none,maxbibnames=99]{biblatex}"
        head += "\\addbibresource{refs.bib}"
        body = "\\begin{document}\\nocite{*}\\printbibliography"
    (folder / "paper.tex").write_text(f"{head}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    logs = [_run(folder, "pdflatex"), _run(folder, way), _run(folder, "pdflatex")]
    logs.append(_run(folder, "pdflatex"))
    subprocess.run(["pdftotext", "-raw", "paper.pdf"], cwd=folder, check=True, timeout=60)
    text = (folder / "paper.txt").read_text(encoding="utf-8")
    complaints = [line for log in logs[1:] for line in COMPLAINT.findall(log)]
    return Page(complaints, text, {path.name for path in folder.iterdir()})


def _run(folder: Path, program: str) -> str:
    command = [program, "-interaction=nonstopmode", "paper"]
    if program != "pdflatex":
        command = [program, "paper"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    return done.stdout.decode("utf-8", "replace")


def seen(text: str) -> str:
    """`text` as a reader compares it: no blanks, no case, ligatures and quotes as on a keyboard."""
    text = unicodedata.normalize("NFC", text)
    return "".join(ALIKE.get(sign, sign) for sign in text if not sign.isspace()).lower()
