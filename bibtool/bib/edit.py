"""Patches on the text of a .bib, each in the hand of the entry that it changes."""

import re
from collections.abc import Sequence

from bibtool.bib.file import Bibliography
from bibtool.bib.scan import Block, Field
from bibtool.patterns import pattern

Patch = tuple[int, int, str]  # from, to, the text that stands there afterwards
_NUMBER = pattern(r"\d+")


def patched(text: str, patches: Sequence[Patch]) -> str:
    """`text` with all patches made; those at one place in the order in which they are given."""
    out: list[str] = []
    at = 0
    for start, end, new in sorted(patches, key=lambda patch: patch[:2]):
        assert start >= at, "patches overlap"
        out += [text[at:start], new]
        at = end
    out.append(text[at:])
    return "".join(out)


def set_type(bib: Bibliography, block: Block, new: str) -> Patch:
    start = bib.text.index("@", block.start) + 1
    return (start, start + len(block.type), new)


def change(field: Field, value: str, *, bare: bool) -> Patch:
    """Give `field` a new value, quoted as the old one was."""
    old = field.value
    if bare or (old.isdigit() and _NUMBER.fullmatch(value)):
        new = value
    elif old.startswith('"') and old.endswith('"') and '"' not in value:
        new = f'"{value}"'
    else:
        new = f"{{{value}}}"
    return (field.start, field.end, new)


def remove(bib: Bibliography, block: Block, names: set[str]) -> list[Patch]:
    """Take out all fields of these names, each with the comma and the space before it."""
    fields = block.fields(bib.text)
    patches: list[Patch] = []
    for n, field in enumerate(fields):
        if field.name not in names:
            continue
        before = fields[n - 1].end if n else block.key_end
        between = bib.text[before : field.name_start]
        # A comment between two fields is a person's: only the field itself goes then.
        plain = not between.replace(",", "").strip()
        patches.append((before if plain else field.name_start, field.end, ""))
    return patches


def insert(bib: Bibliography, block: Block, new: Sequence[tuple[str, str, bool]]) -> list[Patch]:
    """Put fields (name, value, bare) behind the last one, laid out as that one is."""
    if not new:
        return []
    fields = block.fields(bib.text)
    separator = _separator(bib, block, fields)
    width = _width(fields, bib.text)
    out = []
    for name, value, bare in new:
        gap = " " * max(0, width - len(name)) if width else _gap(fields, bib.text)
        after = _after_equals(fields, bib.text)
        out.append(f"{separator}{name}{gap}={after}{value if bare else f'{{{value}}}'}")
    at = fields[-1].end if fields else block.key_end
    return [(at, at, "".join(out))]


def _separator(bib: Bibliography, block: Block, fields: Sequence[Field]) -> str:
    """What stands between two fields of this entry: comma, line end, indent, in any order."""
    text = bib.text
    ends = [block.key_end, *(field.end for field in fields)]
    for n in range(len(fields) - 1, -1, -1):
        between = text[ends[n] : fields[n].name_start]
        if not between.replace(",", "", 1).strip() and between.count("\n") < 2:
            return between
    return f",{bib.newline}  "


def _width(fields: Sequence[Field], text: str) -> int:
    """Columns from a name's start to its `=` where these stand below each other, else 0."""
    columns = {text.index("=", field.name_end) - field.name_start for field in fields}
    lengths = {field.name_end - field.name_start for field in fields}
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else 0


def _gap(fields: Sequence[Field], text: str) -> str:
    if not fields:
        return " "
    last = fields[-1]
    gap = text[last.name_end : text.index("=", last.name_end)]
    return gap if not gap.strip() and "\n" not in gap else " "


def _after_equals(fields: Sequence[Field], text: str) -> str:
    if not fields:
        return " "
    last = fields[-1]
    gap = text[text.index("=", last.name_end) + 1 : last.start]
    return gap if not gap.strip() and "\n" not in gap else " "


def take_out(bib: Bibliography, blocks: Sequence[Block]) -> list[Patch]:
    """Remove entries, in file order, and the blank lines that set them off."""
    runs: list[tuple[int, int]] = []  # entries with nothing between them go as one
    for block in blocks:
        if runs and not bib.text[runs[-1][1] : block.start].strip():
            runs[-1] = (runs[-1][0], block.end)
        else:
            runs.append((block.start, block.end))
    return [_without(bib.text, *run) for run in runs]


def _without(text: str, start: int, end: int) -> Patch:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    if text[line_start:start].strip() or text[end:line_end].strip():
        return (start, end, "")
    start, end = line_start, line_end
    blank = re.compile(r"[^\S\n]*\n").match(text, end)
    before = text[:start].endswith(("\n\n", "\n\r\n")) or start == 0
    if before and blank:
        end = blank.end()
    elif before and end == len(text) and start:
        start -= (
            2 if text[:start].endswith("\r\n") else 1
        )  # the last entry: its blank line is before
    return (start, end, "")


def put_after(bib: Bibliography, end: int, entries: Sequence[str]) -> Patch:
    """New entries behind the one that ends at `end`, set off by blank lines."""
    text, newline = bib.text, bib.newline
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    rest = text[end:line_end].rstrip("\r")
    inside = "".join(f"{newline}{newline}{entry}" for entry in entries)
    if not rest.strip():
        return (end, end, inside)
    if "@" in rest:  # the next entry stands on the same line
        return (end, end, f"{inside}{newline}{newline}")
    behind = end + len(rest)  # a comment behind the brace stays there
    return (behind, behind, inside)


def put_before(bib: Bibliography, start: int, entries: Sequence[str]) -> Patch:
    newline = bib.newline
    line_start = bib.text.rfind("\n", 0, start) + 1
    at = line_start if not bib.text[line_start:start].strip() else start
    lead = newline if at != line_start else ""
    comment = at
    while comment and at == line_start:  # a comment that stands right above belongs to its entry
        above = bib.text.rfind("\n", 0, comment - 1) + 1
        if not bib.text.startswith("%", above):
            at = comment
            break
        comment = above  # but one that begins the file belongs to the file
    return (at, at, lead + "".join(f"{entry}{newline}{newline}" for entry in entries))


def put_last(bib: Bibliography, entries: Sequence[str]) -> Patch:
    text, newline = bib.text, bib.newline
    body = f"{newline}{newline}".join(entries) + newline
    if not text.strip():
        return (0, len(text), body)
    kept = len(text.rstrip("\r\n"))
    return (kept, len(text), f"{newline}{newline}{body}")
