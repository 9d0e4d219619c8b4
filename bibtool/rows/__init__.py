"""Writing in a list: one new row in the list's own format, or a mark on a row. Pure.

Nothing is trusted but the reader: a row is proposed in the shape of its neighbours, and taken
only if the reader then finds it, under its category, and every other row as it was.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from bibtool import titles
from bibtool.errors import Unreadable
from bibtool.model import Name, PaperList, Place, Row
from bibtool.patterns import pattern
from bibtool.read import headings, read_text
from bibtool.read.document import Heading, blocks_of
from bibtool.read.source import marked_source
from bibtool.rows import shapes, tables
from bibtool.rows.shapes import NewRow

Path = tuple[str, ...]

LINE = pattern(r"\r\n|\n|\r")
WRITABLE = (".md", ".markdown", ".rst", ".txt")  # in which rows are lines that people write
EXAMPLES = 12  # neighbours that are tried, nearest first
FREQUENT = 3  # rows that share a word which is the list's own, not a work's
ID_MARK = pattern(r"[ \t]*<!--\s*bibtool:\s*(?:id|skip)\b[^>]*-->")


class Added(Struct, frozen=True):
    text: str  # of the whole list
    line: int  # of the new row


class Gap(Struct, frozen=True):
    """Where a new row goes: behind line `after` (0 is the top), past `blanks` empty lines."""

    after: int
    blanks: int


def with_row(text: str, paper_list: PaperList, category: Path, new: NewRow) -> Added:
    """`text` with a row for `new` at the end of `category`, every other byte as it was.

    `paper_list` is what the reader finds in `text`. Unreadable where no row that the reader
    understands can be written there.
    """
    if not paper_list.path.lower().endswith(WRITABLE):
        reason = f"rows are added to Markdown, reStructuredText and plain text only: {new.url}"
        raise Unreadable(Place(paper_list.path, 1), reason)
    lines = [*LINE.split(text)]
    mine = [row for row in paper_list.rows if row.category == category]
    gap, line = _gap(paper_list, mine, lines, category)
    for proposed in _proposals(text, lines, paper_list, mine, new):
        added = _put(text, lines, gap, proposed)
        if _is_right(added, paper_list, category, new):
            return added
    name = " / ".join(category) or "(no heading)"
    reason = f"cannot tell how rows are written under {name}; add it by hand: {new.url}"
    raise Unreadable(Place(paper_list.path, line), reason)


def with_mark(text: str, row: Row, mark: str, shown: str) -> str:
    """`text` with `<!-- bibtool: mark -->` on the line of `row`, in place of one that is there.

    Unreadable where the reader would not take it for that row's own.
    """
    before = read_text(text, shown)
    at = row.place.line - 1
    pieces = re.split(r"(\r\n|\n|\r)", text)
    line = ID_MARK.sub("", pieces[2 * at])
    body, bar = re.fullmatch(r"(.*?)(\s*(?<!\\)\|?\s*)", line, re.S).groups()  # type: ignore[union-attr]
    if "|" not in bar or not _is_table_line(text, row, shown):
        body, bar = line.rstrip(), line[len(line.rstrip()) :]
    pieces[2 * at] = f"{body} <!-- bibtool: {mark} -->{bar}"
    marked = "".join(pieces)
    after = read_text(marked, shown)
    pairs = zip(before.rows, after.rows, strict=False)
    changed = [a.place for a, b in pairs if _plain(a) != _plain(b)]
    if len(before.rows) != len(after.rows) or changed not in ([], [row.place]):
        reason = "another paper stands on the same line; give each a line of its own"
        raise Unreadable(row.place, reason)
    if not any(r.place == row.place and (r.settled or r.skip or r.key) for r in after.rows):
        raise Unreadable(
            row.place, f"marks are not read in this list; mend the row by hand: {mark}"
        )
    return marked


def _is_table_line(text: str, row: Row, shown: str) -> bool:
    return tables.grid_at(text, row.place.line, shown) is not None


def _plain(row: Row) -> tuple[object, ...]:
    """What a mark on another row must not change."""
    return (row.place, row.category, row.claim, row.skip, row.settled, row.key, row.short, row.urls)


def _gap(
    paper_list: PaperList, mine: Sequence[Row], lines: Sequence[str], category: Path
) -> tuple[Gap, int]:
    if mine:
        last = max(mine, key=lambda row: row.line_end)
        return Gap(
            last.line_end, _blanks(mine) or _blanks(_alike(paper_list, last, lines))
        ), last.place.line
    at = _heading_line(lines, category, paper_list.path)
    end = _section_end(lines, at, paper_list.path)
    return Gap(end, int(bool(lines[end - 1].strip()) and end == at)), max(at, 1)


def _blanks(rows: Sequence[Row]) -> int:
    """Empty lines that the list leaves between its two last rows here."""
    ordered = sorted(rows, key=lambda row: row.place.line)[-2:]
    if len(ordered) < 2:
        return 0
    between = ordered[1].place.line - ordered[0].line_end - 1
    return between if 0 < between <= 2 else 0


def _alike(paper_list: PaperList, last: Row, lines: Sequence[str]) -> list[Row]:
    """Rows of the first category with two; where `last` is alone, they show the spacing."""
    for row in paper_list.rows:
        same = [r for r in paper_list.rows if r.category == row.category]
        if len(same) > 1 and _kind(lines, same[-1]) == _kind(lines, last):
            return same
    return [] if _kind(lines, last) else [last, replace(last, place=Place("", last.line_end + 2))]


def _kind(lines: Sequence[str], row: Row) -> str:
    line = lines[row.place.line - 1]
    marker = shapes.MARKER.match(line)
    return "item" if marker else "table" if "|" in line else ""


def _heading_line(lines: Sequence[str], category: Path, shown: str) -> int:
    """The last line of the heading of an empty category; Unreadable if there is none."""
    blocks = blocks_of(marked_source("\n".join(lines), shown)).blocks
    for block in blocks:
        if isinstance(block, Heading) and category and headings.name_of(block.text) == category[-1]:
            return block.line_end
    if not category:
        return len(lines) - (not lines[-1]) or 1
    reason = f'no heading "{category[-1]}" in this list; bibtool read {shown} shows its headings'
    raise Unreadable(Place(shown, 1), reason)


def _section_end(lines: Sequence[str], at: int, shown: str) -> int:
    blocks = blocks_of(marked_source("\n".join(lines), shown)).blocks
    following = (b.line for b in blocks if isinstance(b, Heading) and b.line > at)
    end = next(following, len(lines) + 1) - 1
    while end > at and not lines[end - 1].strip():
        end -= 1
    return end


def _proposals(
    text: str, lines: Sequence[str], paper_list: PaperList, mine: Sequence[Row], new: NewRow
) -> Iterator[list[str]]:
    """Lines of a new row, in the shapes of the nearest rows, then in plain ones."""
    near = sorted(mine, key=lambda row: -row.place.line)
    own = _own_words(paper_list, lines)
    for row in [*near[:EXAMPLES], *_far(paper_list, near)]:
        for made in _like(text, lines, row, new, own):
            yield _numbered(made, lines, near)
    if near and _kind(lines, near[0]) == "table":
        return
    first = lines[near[0].place.line - 1] if near else "- "
    for shape in shapes.plain_shapes(first):
        yield _numbered(shapes.filled(shape, new, "").split("\n"), lines, near)


def _far(paper_list: PaperList, near: Sequence[Row]) -> list[Row]:
    """Rows of other categories, those that say most of their work first, then the nearest."""
    here = near[0].place.line if near else 0
    others = [row for row in paper_list.rows if row not in near]
    said = {r.place: bool(r.claim.year) + bool(r.claim.venue or r.claim.authors) for r in others}
    others.sort(key=lambda row: (-said[row.place], abs(row.place.line - here)))
    return others[:EXAMPLES]


def _like(
    text: str, lines: Sequence[str], row: Row, new: NewRow, own: frozenset[str]
) -> Iterator[list[str]]:
    line = lines[row.place.line - 1]
    grid = tables.grid_at(text, row.place.line, row.place.path) if "|" in line else None
    if grid is not None:
        yield from ([made] for made in tables.table_rows(grid, line, row, new))
        return
    body = "\n".join(lines[row.place.line - 1 : row.line_end])
    shape = shapes.skeleton(body, row)
    if shape and shapes.is_list_own(shape, own):
        like = next((url for url in row.urls if url in body), "")
        if made := shapes.filled(shape, new, like):
            yield made.split("\n")


def _numbered(made: list[str], lines: Sequence[str], near: Sequence[Row]) -> list[str]:
    if not near:
        return made
    last = lines[near[0].place.line - 1]
    before = lines[near[1].place.line - 1] if len(near) > 1 else ""
    return [shapes.renumbered(made[0], last, before), *made[1:]]


def _own_words(paper_list: PaperList, lines: Sequence[str]) -> frozenset[str]:
    """Words that stand in the shapes of several rows: the list's own, such as "Link" or "Venue"."""
    counts: dict[str, int] = {}
    for row in islice(paper_list.rows, 200):
        body = "\n".join(lines[row.place.line - 1 : row.line_end])
        for word in shapes.words_left(shapes.skeleton(body, row)):
            counts[word] = counts.get(word, 0) + 1
    enough = max(FREQUENT, len(paper_list.rows[:200]) // 3)
    return frozenset(word for word, count in counts.items() if count >= enough)


def _put(text: str, lines: Sequence[str], gap: Gap, proposed: Sequence[str]) -> Added:
    """The bytes before and after stay; the new lines end as the line before them does."""
    ends = list(LINE.finditer(text))
    newline = ends[min(gap.after, len(ends)) - 1][0] if ends else "\n"
    new = newline.join(["" for _ in range(gap.blanks)] + list(proposed))
    line = gap.after + gap.blanks + 1
    if gap.after > len(ends):  # the last line is not ended, and stays so
        return Added(text + newline + new, line)
    at = ends[gap.after - 1].end() if gap.after else 0
    return Added(text[:at] + new + newline + text[at:], line)


def _is_right(added: Added, before: PaperList, category: Path, new: NewRow) -> bool:
    """Whether the reader finds the new row as it is meant, and all others as they were."""
    try:
        found = read_text(added.text, before.path)
    except Unreadable:
        return False
    fresh = [row for row in found.rows if row.place.line == added.line]
    if len(fresh) != 1 or len(found.rows) != len(before.rows) + 1:
        return False
    row = fresh[0]
    others = [r for r in found.rows if r is not row]
    return (
        row.category == category
        and row.claim.identifiers == (new.identifier,)
        and titles.fold(row.claim.title) == titles.fold(new.title)
        and row.claim.year in (None, new.year)
        and _people(row.claim.authors) in ((), tuple(map(titles.fold, new.authors)))
        and not row.skip
        and not row.problems
        and all(_same(a, b) for a, b in zip(before.rows, others, strict=True))
    )


def _people(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(titles.fold(name.literal or f"{name.given} {name.family}") for name in names)


def _same(a: Row, b: Row) -> bool:
    """The same row, wherever it stands now."""
    plain = Place("", 1)
    return replace(a, place=plain, line_end=1) == replace(b, place=plain, line_end=1)
