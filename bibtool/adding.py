"""What `bibtool add` finds out: which list, which category, is the work there already. Pure."""

from collections.abc import Collection, Iterable, Sequence

from bibtool import merge, titles, venues
from bibtool.errors import WrongUse
from bibtool.likeness import likeness
from bibtool.model import Identifier, Matched, Outcome, PaperList, Record, Row, scheme_of
from bibtool.penalties import is_preprint
from bibtool.rows.shapes import NewRow

Path = tuple[str, ...]

LONGEST_VENUE = 40  # characters of a venue's name that a row takes


def categories(paper_list: PaperList) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(row.category for row in paper_list.rows))


def shown_path(path: Path) -> str:
    return " / ".join(path) or "(no heading)"


def homes(lists: Sequence[PaperList], wanted: str) -> list[tuple[PaperList, Path]]:
    """Where a new row may go: lists and their categories that `wanted` names; all if it is ""."""
    every = [(each, path) for each in lists for path in categories(each)]
    if not wanted:
        return every
    for test in (_is_whole, _is_last, _is_part):
        if found := [(each, path) for each, path in every if test(path, wanted)]:
            return found
    return []


def no_such_category(lists: Sequence[PaperList], wanted: str) -> WrongUse:
    every = {path for _, path in homes(lists, "") if path}
    near = sorted(every, key=lambda path: (likeness(path[-1], wanted).distance, path))
    names = ", ".join(f'"{shown_path(path)}"' for path in near[:3])
    return WrongUse(f'no heading "{wanted}" in the lists; the nearest are {names}')


def which_of(found: Sequence[tuple[PaperList, Path]]) -> WrongUse:
    """Several places are meant, and nobody can be asked."""
    names = "; ".join(f'{each.path}: "{shown_path(path)}"' for each, path in found[:6])
    more = f" and {len(found) - 6} more" if len(found) > 6 else ""
    return WrongUse(f"say where with --to CATEGORY (and --list FILE): {names}{more}")


def standing(outcomes: Iterable[Outcome], wanted: Collection[Identifier]) -> Row | None:
    """The row that names one of these identifiers already, itself or by what it was matched to."""
    for outcome in outcomes:
        known = set(outcome.row.claim.identifiers)
        if isinstance(outcome, Matched):
            known.update(i for c in outcome.candidates for i in c.record.identifiers)
        if known.intersection(wanted):
            return outcome.row
    return None


def record_of(matched: Matched, prefer: merge.Version) -> Record:
    """The work as it will be cited: the published version where that is certain and wanted."""
    (work,) = merge.group([matched])
    return merge.merge(work, prefer=prefer).record


def new_row(record: Record, matched: Matched, given: Sequence[Identifier]) -> NewRow:
    """The work as a row states it: by the identifier that was given, else by arXiv's."""
    known = [which for which in given if which in record.identifiers]
    by_scheme = sorted(record.identifiers, key=lambda which: scheme_of(which) != "arxiv")
    return NewRow(
        identifier=(known or by_scheme)[0],
        title=matched.candidates[0].record.title,
        authors=tuple(n.literal or f"{n.given} {n.family}".strip() for n in record.authors),
        venue=_venue(record),
        year=record.year,
        month=record.month,
    )


def _venue(record: Record) -> str:
    if is_preprint(record) and not record.venue:
        return "arXiv"
    if known := venues.find(record.venue):
        return known.short
    return record.venue if len(record.venue) <= LONGEST_VENUE else ""


def _is_whole(path: Path, wanted: str) -> bool:
    return wanted in (" / ".join(path), " > ".join(path), path[-1] if path else "")


def _is_last(path: Path, wanted: str) -> bool:
    names = (path[-1] if path else "", " ".join(path))
    return any(titles.fold(name) == titles.fold(wanted) for name in names)


def _is_part(path: Path, wanted: str) -> bool:
    return titles.fold(wanted) in titles.fold(path[-1] if path else "")
