"""Lines of the form `Label: value` that belong to an entry: "Paper: URL", "Authors：..."."""

import re

from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.vocabulary import names, worded

LINE = pattern(
    r"^\s*[-*+•]?\s*[*_`]{0,3}([^:：\n]{1,30}?)\s*[*_`]{0,3}\s*[:：]\s*[*_`]{0,3}\s*(.*)$",
    re.DOTALL,
)


def label_and_value(text: str) -> tuple[str, str] | None:
    """The kind of a labelled line and its value as written; None if the line has no known label."""
    found = LINE.match(text)
    if not found or (found[2].startswith("//") and "http" in found[1].lower()):
        return None
    label = words.bare(found[1])
    for kind in names("lines"):
        if worded("lines", kind).fullmatch(label):
            return kind, found[2].strip()
    return None
