"""Lists to rows. One reader a file suffix; each gives rows with their places and categories."""

from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath

from bibtool.bib.text import Encoding, decode, decode_unicode
from bibtool.errors import Unreadable
from bibtool.memo import FORGETFUL, Memo
from bibtool.model import PaperList, Place, Row, scheme_of, value_of
from bibtool.read.conflicts import conflicts
from bibtool.read.folder import list_like_files

__all__ = ["as_json", "conflicts", "decoded", "list_like_files", "read_list", "read_text"]


def read_list(path: Path, shown: str, memo: Memo = FORGETFUL) -> PaperList:
    """The rows of the list at `path`; `shown` is what messages call it. Raises Unreadable.

    `memo` knows what the lists said when they were read before.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(Place(shown, 1), error.strerror or str(error)) from error
    given = ("list", shown, data)
    return memo.recall(given, PaperList, lambda: read_text(decoded(data, shown)[0], shown, memo))


def decoded(data: bytes, shown: str) -> tuple[str, Encoding]:
    """The text of a list, and what `bib.encode` needs to give the same bytes again.

    Raises Unreadable, with the line, where the bytes are no text; only a .bib may be in an
    encoding that has to be guessed.
    """
    is_bib = shown.lower().endswith((".bib", ".bibtex"))
    return decode(data, shown) if is_bib else decode_unicode(data, shown)


def read_text(text: str, shown: str, memo: Memo = FORGETFUL) -> PaperList:
    """The rows of a list given as text; the suffix of `shown` chooses the reader."""
    return _reader(PurePosixPath(shown).suffix.lower(), memo)(text, shown)


def _reader(suffix: str, memo: Memo) -> Callable[[str, str], PaperList]:
    """The one registry of formats; what a format needs is loaded when a list needs it."""
    match suffix:
        case ".rst":
            from bibtool.read import rst

            return rst.read
        case ".csv" | ".tsv":
            from bibtool.read import records

            return records.read_csv
        case ".yaml" | ".yml" | ".json":
            from bibtool.read import records

            return records.read_yaml
        case ".html" | ".htm":
            from bibtool.read import page

            return page.read
        case ".bib" | ".bibtex":
            from bibtool.read import bibtex

            return bibtex.read
        case ".txt" | ".text" | "":
            from bibtool.read import plain

            return plain.read
        case _:
            from bibtool.read import markdown

            return partial(markdown.read, memo=memo)


def as_json(row: Row) -> dict[str, object]:
    """One row as `bibtool read --json` prints it."""
    claim = row.claim
    return {
        "file": row.place.path,
        "line": row.place.line,
        "line_end": row.line_end,
        "category": list(row.category),
        "title": claim.title or None,
        "short": row.short or None,
        "arxiv": [value_of(i) for i in claim.identifiers if scheme_of(i) == "arxiv"],
        "doi": [value_of(i) for i in claim.identifiers if scheme_of(i) == "doi"],
        "urls": list(row.urls),
        "code": list(row.code),
        "venue": claim.venue or None,
        "year": claim.year,
        "authors": [
            name.literal or f"{name.given} {name.family}".strip() for name in claim.authors
        ],
        "dataset": row.dataset or None,
        "notes": row.notes or None,
        "problems": list(row.problems),
    }
