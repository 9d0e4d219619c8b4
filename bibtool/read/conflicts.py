"""Rows that contradict each other: one identifier with two titles, or the other way round."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bibtool.model import Identifier, PaperList, Problem, Row, scheme_of
from bibtool.read import words

SAME = 85.0  # of 100: titles that differ less are one title with a slip
ENOUGH_WORDS = 4  # fewer are a nickname, under which several works may go
# Registrants of preprints: the same title under such a DOI and another is one work, not two.
REGISTRANTS = (
    "10.1101 10.64898 10.21203 10.26434 10.31234 10.31219 10.2139 10.20944 10.36227 10.2172"
)
PREPRINTS = tuple(f"doi:{prefix}/" for prefix in REGISTRANTS.split())


def conflicts(lists: Sequence[PaperList]) -> tuple[Problem, ...]:
    """Contradictions within and between lists; each names the place of the other row."""
    rows = [row for each in lists for row in each.rows if not row.skip and row.claim.title]
    return tuple(dict.fromkeys([*_two_titles(rows), *_two_identifiers(rows)]))


def _two_titles(rows: Iterable[Row]) -> Iterator[Problem]:
    """Rows with one identifier; a row that names several works is left out."""
    first: dict[Identifier, Row] = {}
    for row in rows:
        for which in row.claim.identifiers:
            other = first.setdefault(which, row)
            if other is row or _several(row) or _several(other) or _same_title(row, other):
                continue
            yield Problem(
                row.place,
                f"{which} stands here under {row.claim.title!r} and at {other.place} under"
                f" {other.claim.title!r}; mend the wrong row",
            )


def _two_identifiers(rows: Iterable[Row]) -> Iterator[Problem]:
    by_title: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if words.count(row.claim.title) >= ENOUGH_WORDS and row.claim.identifiers:
            by_title[_folded(row.claim.title)].append(row)
    for same in by_title.values():
        for row in same[1:]:
            mine, other = _contradiction(row, same[0])
            if mine:
                yield Problem(
                    row.place,
                    f"{row.claim.title!r} is {mine} here and {other} at {same[0].place};"
                    " mend the wrong row",
                )


def _contradiction(row: Row, other: Row) -> tuple[str, str]:
    """Two identifiers of one scheme that cannot both be this title's, or nothing."""
    for scheme in ("arxiv", "doi"):
        mine = {i for i in row.claim.identifiers if _counts(i, scheme)}
        theirs = {i for i in other.claim.identifiers if _counts(i, scheme)}
        if mine and theirs and not mine & theirs:
            return min(mine), min(theirs)
    return "", ""


def _counts(which: Identifier, scheme: str) -> bool:
    return scheme_of(which) == scheme and not which.startswith(PREPRINTS)


def _several(row: Row) -> bool:
    return sum(scheme_of(which) == "arxiv" for which in row.claim.identifiers) > 1


def _same_title(row: Row, other: Row) -> bool:
    one, two = _folded(row.claim.title), _folded(other.claim.title)
    if not one or not two or one in two or two in one:
        return True
    if min(words.count(row.claim.title), words.count(other.claim.title)) < ENOUGH_WORDS:
        return True
    from rapidfuzz import fuzz  # heavy; few lists name a work twice, and otherwise

    return fuzz.token_sort_ratio(one, two) >= SAME


def _folded(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).casefold()
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())
