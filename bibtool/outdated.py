"""Works that are still preprints: what a fresh look says that the bibliography does not. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bibtool import merge, titles, updates
from bibtool.cards import spelled
from bibtool.model import Ambiguous, Identifier, Matched, Outcome, Place, Record, scheme_of
from bibtool.penalties import is_preprint
from bibtool.report import printable


class News(Struct, frozen=True):
    """One thing that changed: published, renamed, version, retracted, withdrawn, updated."""

    place: Place
    identifier: Identifier
    kind: str
    message: str
    published_as: tuple[Identifier, ...] = ()


def preprints(outcomes: Sequence[Outcome], prefer: merge.Version) -> Mapping[Identifier, Matched]:
    """Works that are cited as preprints, by arXiv number; of several rows the first."""
    found: dict[Identifier, Matched] = {}
    for outcome in outcomes:
        if isinstance(outcome, Matched) and is_preprint(_record(outcome, prefer)):
            for which in _numbers(outcome):
                found.setdefault(which, outcome)
    return found


def news(
    before: Mapping[Identifier, Matched],
    after: Sequence[Outcome],
    prefer: merge.Version,
) -> tuple[News, ...]:
    """What `after` says of the works of `before`, in the order of the lists."""
    fresh = {outcome.row: outcome for outcome in after}  # several may stand on one line
    told: list[News] = []
    for which, old in before.items():
        new = fresh.get(old.row)
        if isinstance(new, Matched):
            told += _compared(which, old, new, prefer)
        elif isinstance(new, Ambiguous):
            title = new.candidates[0].record.title
            message = f'renamed: "{title}"; the row does not fit it any more'
            told.append(News(old.row.place, which, "renamed", message))
    return tuple(dict.fromkeys(told))


def line_of(one: News, key: str) -> str:
    return printable(f"{one.place}: {key or spelled(one.identifier)}: {one.message}")


def as_json(told: Sequence[News], keys: Mapping[Identifier, str], looked_at: int) -> str:
    """`{"preprints": 12, "outdated": [...]}`, on one line."""
    found = [
        {
            "file": one.place.path,
            "line": one.place.line,
            "key": keys.get(one.identifier),
            "identifier": one.identifier,
            "kind": one.kind,
            "message": printable(one.message),
            "published_as": list(one.published_as),
        }
        for one in told
    ]
    return json.dumps({"preprints": looked_at, "outdated": found}, ensure_ascii=False)


def _compared(
    which: Identifier, old: Matched, new: Matched, prefer: merge.Version
) -> Iterator[News]:
    place = old.row.place
    before, after = _record(old, prefer), _record(new, prefer)
    if is_preprint(before) and not is_preprint(after):
        others = tuple(i for i in after.identifiers if i not in before.identifiers)
        where = " ".join(str(x) for x in (after.venue, after.year) if x)
        known = f" ({', '.join(map(spelled, others))})" if others else ""
        yield News(place, which, "published", f"published: {where or after.title}{known}", others)
    elif after.venue and after.venue != before.venue:
        where = " ".join(str(x) for x in (after.venue, after.year) if x)
        yield News(place, which, "published", f"published, by its authors' word: {where}")
    one, other = _preprint(old), _preprint(new)
    if titles.fold(one.title) != titles.fold(other.title):
        yield News(place, which, "renamed", f'renamed: "{other.title}"')
    if one.version and other.version and other.version > one.version:
        yield News(place, which, "version", f"version {other.version} (known: {one.version})")
    for update in other.updates:
        if update not in one.updates:
            words = updates.WORDS.get(update.kind)
            kind = words.notice if words and words.left == "nothing" else "updated"
            notice = f" ({spelled(update.identifier)})" if update.identifier else ""
            yield News(place, which, kind, f"{words.word if words else update.kind}{notice}")


def _record(matched: Matched, prefer: merge.Version) -> Record:
    (work,) = merge.group([matched])
    return merge.merge(work, prefer=prefer).record


def _preprint(matched: Matched) -> Record:
    return next(c.record for c in matched.candidates if is_preprint(c.record))


def _numbers(matched: Matched) -> Iterator[Identifier]:
    for candidate in matched.candidates:
        if is_preprint(candidate.record):
            yield from (i for i in candidate.record.identifiers if scheme_of(i) == "arxiv")
