"""A .bib cut into blocks with their spans: fast where it is regular, else by bibtexparser.

bibtexparser's splitter begins a new block at every `@word{` that stands first on its line,
whatever was open before. So the pieces between such places can be read one by one, each by
one regular expression where it holds a plain entry.
docs/decisions/0006-our-own-scanner-beside-bibtexparser.md
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bibtool.patterns import pattern

if TYPE_CHECKING:
    import bibtexparser.model

_OPENING = pattern(r"@(\w*)[ \t]*[{(]")
_DEEP = r"\{[^{}]*+\}"
for _ in range(4):
    _DEEP = rf"\{{[^{{}}]*+(?:{_DEEP}[^{{}}]*+)*+\}}"
_QUOTED = r'"(?:[^"{}\\]++|\\[^"{}]|\{[^"{}]*+\})*+"'
_BARE = r"[^\s{}\"(),=@\\#%]++"
_ONE = rf"(?:{_DEEP}|{_BARE}|{_QUOTED})"
_NAME = r"[^\s{}\",=@\\#%]++"
_VALUE = rf"{_ONE}(?:\s*+#\s*+{_ONE})*+"

HEAD = pattern(r"@(\w++)[ \t]*+\{\s*+([^\s{}\",=@\\]++)\s*+(?=[,}])")
_FIELDS = pattern(rf"(?:,\s*+{_NAME}\s*+=\s*+{_VALUE}\s*+)*+,?\s*+\}}")
FIELD = pattern(rf",\s*+({_NAME})\s*+=\s*+({_VALUE})")
VALUE = pattern(_VALUE)
_NO_ENTRY = ("comment", "preamble", "string")


def piece_starts(text: str) -> Iterator[int]:
    """Where a `@word{` stands first on its line."""
    before = 0
    for match in _OPENING.finditer(text):
        at = match.start()
        line = text.rfind("\n", before, at) + 1
        if (line or not before) and (line == at or text[line:at].isspace()):
            yield at
        before = at


class Field:
    """One field and where it stands; `value` is as written, with its braces or quotes."""

    __slots__ = ("end", "name", "name_end", "name_start", "start", "value")

    def __init__(self, name_start: int, name_end: int, start: int, end: int, text: str) -> None:
        self.name_start = name_start
        self.name_end = name_end
        self.start = start
        self.end = end
        self.name = text[name_start:name_end].lower()
        self.value = text[start:end]


class Block:
    """One block and where it stands.

    `kind` is entry, string, preamble, comment, or broken; text between blocks is in none.
    """

    __slots__ = ("_fields", "end", "key", "key_end", "kind", "reason", "start", "type", "written")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        *,
        type: str = "",
        key: str = "",
        key_end: int = 0,
        fields: list[Field] | None = None,
        reason: str = "",
        written: bool = False,
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.type = type  # in lower case
        self.key = key
        self.key_end = key_end
        self.reason = reason  # what is wrong with a broken block
        self.written = written  # exactly as we wrote it last: nobody touched it
        self._fields = fields

    @property
    def is_plain(self) -> bool:
        """Whether FIELD finds its fields; those of others are known."""
        return self._fields is None

    def values(self, text: str) -> list[tuple[str, str]]:
        """Names in lower case and values as written: `fields` without the spans, and faster."""
        if self._fields is not None:
            return [(field.name, field.value) for field in self._fields]
        found = FIELD.findall(text, self.key_end, self.end)
        return [(name.lower(), value) for name, value in found]

    def fields(self, text: str) -> list[Field]:
        """The fields of an entry or the one definition of a string, in order."""
        if self._fields is not None:
            return self._fields
        return [
            Field(*match.span(1), *match.span(2), text)
            for match in FIELD.finditer(text, self.key_end, self.end)
        ]


def entry_at(text: str, start: int, end: int) -> Block | None:
    """The plain entry that begins at `start`, with nothing else up to `end`; None if in doubt."""
    head = HEAD.match(text, start, end)
    if head is None or head[1].lower().startswith(_NO_ENTRY):
        return None
    tail = _FIELDS.match(text, head.end(), end)
    if tail is None:
        return None
    stop = tail.end()
    # A backslash hides a brace from the splitter; another block may follow on the same line.
    if text.find("@", stop, end) >= 0 or _hides_brace(text, start, stop):
        return None
    return Block(
        "entry", start, stop, type=head[1].lower(), key=head[2], key_end=head.end(2), fields=None
    )


def _hides_brace(text: str, start: int, end: int) -> bool:
    return text.find("\\{", start, end) >= 0 or text.find("\\}", start, end) >= 0


def blocks_in(text: str, start: int, end: int) -> Iterator[Block]:
    """The blocks of one piece of `text`, by bibtexparser."""
    if text.find("@", start, end) < 0:
        return
    import logging

    from bibtexparser import model
    from bibtexparser.splitter import Splitter  # heavy; regular files never need it

    # Every block that fails is reported by us, with its line.
    logging.getLogger("bibtexparser.splitter").disabled = True
    piece = text[start:end]
    found = [
        block
        for block in Splitter(piece).split().blocks
        if block.raw and not isinstance(block, model.ImplicitComment)
    ]
    lefts: list[int] = []
    at = 0
    for block in found:
        lefts.append(piece.index(block.raw or "", at))
        # A block that failed may hold the start of the next.
        overlap = _NEXT_START.search(block.raw or "", 1)
        at = lefts[-1] + (overlap.start() if overlap else len(block.raw or ""))
    line_start = percent = at = 0
    for block, left, following in zip(found, lefts, [*lefts, len(piece)][1:], strict=True):
        # What the splitter leaves between a block that failed and the next belongs to the former.
        whole = (start + left, start + left + len(piece[left:following].rstrip()))
        span = (start + left, start + min(left + len(block.raw or ""), following))
        line_start = max(line_start, piece.rfind("\n", at, left) + 1)
        percent = max(percent, piece.rfind("%", at, left) + 1)
        commented = percent > line_start
        at = left
        yield Block("comment", *span) if commented else _block(block, text, span, whole)


def _block(
    block: "bibtexparser.model.Block", text: str, span: tuple[int, int], whole: tuple[int, int]
) -> Block:
    from bibtexparser import model

    if isinstance(block, model.ParsingFailedBlock) and block.ignore_error_block is not None:
        block = block.ignore_error_block  # a field or a key that stands twice
    match block:
        case model.Entry() if block.entry_type:
            return _entry(text, span, [(field.key, field.value) for field in block.fields])
        case model.String():
            return _string(text, span, block.key, block.value)
        case model.Preamble():
            return Block("preamble", *span)
        case model.ParsingFailedBlock():
            reason = getattr(block.error, "abort_reason", str(block.error))
            head = _LIKELY_KEY.match(text, *whole)
            key = head[1] if head else ""
            return Block("broken", *whole, key=key, reason=" ".join(reason.split()))
        case _:
            return Block("comment", *span)


_LIKELY_KEY = pattern(r"@\w+[ \t]*[{(]\s*([^\s,{}()=\"]+)(?!\s*=)")
_NEXT_START = pattern(r"@\w*[ \t]*\Z")
_SPACE = pattern(r"\s*")


def _entry(text: str, span: tuple[int, int], found: list[tuple[str, str]]) -> Block:
    opening = _OPENING.match(text, *span)
    assert opening is not None  # the splitter found it there
    start = _skip(text, opening.end())
    stop = min(at for at in (text.find(",", start), span[1] - 1) if at >= 0)
    key = text[start:stop].rstrip()
    fields: list[Field] = []
    at = stop
    for name, value in found:
        field = _field(text, at + 1, name, value)
        fields.append(field)
        at = _skip(text, field.end)
    return Block(
        "entry",
        *span,
        type=opening[1].lower(),
        key=key,
        key_end=start + len(key),
        fields=fields,
    )


def _string(text: str, span: tuple[int, int], name: str, value: str) -> Block:
    opening = _OPENING.match(text, *span)
    assert opening is not None  # the splitter found it there
    field = _field(text, opening.end(), name, value)
    return Block("string", *span, key=field.name, fields=[field])


def _field(text: str, at: int, name: str, value: str) -> Field:
    """Where the splitter found `name` = `value`, next after `at`."""
    name_start = _skip(text, at)
    name_end = name_start + len(name)
    start = _skip(text, text.index("=", name_end) + 1)
    # The splitter takes a comment line within an entry for a part of the name behind it.
    name_start = max(name_start, text.rfind("\n", name_start, name_end) + 1)
    return Field(_skip(text, name_start), name_end, start, start + len(value), text)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
