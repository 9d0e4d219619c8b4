"""What BibTeX or a person would stumble over in a .bib. Nothing of it is ever changed by us."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bibtool.bib.scan import Block, Field
from bibtool.bib.value import bare_words, suspicion
from bibtool.model import Place, Problem
from bibtool.patterns import pattern

_MONTHS = frozenset(
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)
_NO_KEY = pattern(r"[\s=]")


def problems(
    text: str,
    blocks: Sequence[Block],
    macros: Mapping[str, str],
    place: Callable[[int], Place],
) -> Iterator[Problem]:
    """Each with its line and what is wrong; `place` finds the line of an offset in `text`."""
    yield from _Reader(text, blocks, macros, place).all()


class _Reader:
    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        macros: Mapping[str, str],
        place: Callable[[int], Place],
    ) -> None:
        self.text = text
        self.blocks = blocks
        self.macros = macros
        self.place = place
        self.references: list[tuple[Block, Field]] = []

    def all(self) -> Iterator[Problem]:
        yield from self._macros_defined_twice()
        keys: dict[str, Block] = {}
        undefined: set[str] = set()
        for block in self.blocks:
            if block.kind == "broken":
                message = f"cannot be read ({block.reason}); it stays as it is: mend it by hand"
                yield self._at(block.start, message)
            elif block.kind == "entry":
                yield from self._key(block, keys)
                yield from self._layout(block)
                if not block.written and not self._is_unremarkable(block):
                    yield from self._fields(block, undefined)
        known = {block.key.casefold() for block in self.blocks if block.kind == "entry"}
        for block, field in self.references:
            yield from self._reference(block, field, known)

    def _at(self, offset: int, message: str) -> Problem:
        return Problem(self.place(offset), message)

    def _macros_defined_twice(self) -> Iterator[Problem]:
        seen: dict[str, str] = {}
        for block in self.blocks:
            if block.kind != "string":
                continue
            value = block.fields(self.text)[0].value
            if seen.setdefault(block.key, value) != value:
                yield self._at(
                    block.start, f"@string {block.key} is defined twice; the last one counts"
                )

    def _key(self, block: Block, keys: dict[str, Block]) -> Iterator[Problem]:
        if not block.key or _NO_KEY.search(block.key):
            yield self._at(block.start, "has no citation key that can be cited; give it one")
            return
        first = keys.setdefault(block.key.casefold(), block)
        if first is not block:
            where = self.place(first.start)
            message = f"key {block.key} is taken by {where}; BibTeX keeps one: rename one of them"
            yield self._at(block.start, message)

    def _layout(self, block: Block) -> Iterator[Problem]:
        rest = self.text[block.end : block.end + 200].partition("\n")[0].strip()
        if rest.startswith("@"):
            message = "BibTeX does not see an entry that begins on the line where another ends"
            yield self._at(block.end, f"{block.key}: {message}")
        elif rest[:1] in {",", "}", ")"}:
            message = f"{block.key}: what follows the closing brace is lost: {rest[:40]!r}"
            yield self._at(block.end, message)
        if not block.is_plain:
            body = self.text[block.start : block.end]
            if body.count("{") != body.count("}"):
                message = (
                    f"{block.key}: BibTeX counts \\{{ and \\}}, too, and finds them unbalanced"
                )
                yield self._at(block.start, message)

    def _is_unremarkable(self, block: Block) -> bool:
        """A quick look that spares most entries the thorough one."""
        if not block.is_plain:
            return False
        fields = block.values(self.text)
        names = {name for name, _ in fields}
        return (
            len(names) == len(fields)
            and "crossref" not in names
            and all(value[0] in '{"' and "#" not in value for _, value in fields)
        )

    def _fields(self, block: Block, undefined: set[str]) -> Iterator[Problem]:
        names: set[str] = set()
        before = block.key_end
        for field in block.fields(self.text):
            if "%" in self.text[before : field.name_start]:
                yield self._at(
                    field.name_start,
                    f"{block.key}: a comment within an entry is an error in BibTeX",
                )
            if field.name in names:
                message = f"{block.key}: field {field.name} stands twice; BibTeX takes the first"
                yield self._at(field.name_start, message)
            names.add(field.name)
            before = field.end
            if field.name == "crossref":
                self.references.append((block, field))
            fault = suspicion(field)
            if fault:
                yield self._at(field.start + fault[0], f"{block.key}: {fault[1]}")
            elif field.value[:1] not in {"{", '"'} or "#" in field.value:
                yield from self._undefined(block, field, undefined)

    def _undefined(self, block: Block, field: Field, undefined: set[str]) -> Iterator[Problem]:
        for start, _, word in bare_words(field):
            name = word.lower()
            if name.isdigit() or name in _MONTHS or name in self.macros or name in undefined:
                continue
            undefined.add(name)
            yield self._at(start, f"{block.key}: macro {word} is not defined in this file")

    def _reference(self, block: Block, field: Field, known: set[str]) -> Iterator[Problem]:
        parent = field.value.strip('{}"').strip()
        if parent.casefold() == block.key.casefold():
            yield self._at(field.start, f"{block.key}: crossref names the entry itself")
        elif parent.casefold() not in known:
            yield self._at(field.start, f"{block.key}: crossref {parent} is not in this file")
