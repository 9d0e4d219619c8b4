"""Which files of a folder look like paper lists."""

import re
from pathlib import Path

from bibtool.patterns import pattern

SUFFIXES = (
    ".md",
    ".markdown",
    ".rst",
    ".txt",
    ".html",
    ".htm",
    ".bib",
    ".csv",
    ".tsv",
    ".yaml",
    ".yml",
)
NEVER = pattern(
    r"^(?:license|licence|changelog|contributing|code_of_conduct|security|requirements.*|authors)\.",
    re.I,
)
PAPER_LIKE = pattern(
    rb"arxiv\.org/(?:abs|pdf)/|doi\.org/10\.|openreview\.net/|aclanthology\.org/|openaccess\.thecvf\.com"
    rb"|proceedings\.mlr\.press|\b10\.\d{4,9}/\S|^@\w+\s*\{|\bdoi\s*[=:,]|\barxiv\s*[=:,]",
    re.IGNORECASE | re.MULTILINE,
)
ENOUGH = 3  # paper-like links that make a file look like a list
LOOKED_AT = 4_000_000  # bytes of a file


def list_like_files(folder: Path) -> list[Path]:
    """Files directly in `folder` that look like paper lists, sorted by name."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or NEVER.match(path.name) or not path.is_file():
            continue
        with path.open("rb") as opened:
            data = opened.read(LOOKED_AT)
        if len(PAPER_LIKE.findall(data)) >= ENOUGH:
            found.append(path)
    return found
