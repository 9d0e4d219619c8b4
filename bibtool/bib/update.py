"""One entry of the file against base and theirs: which fields are taken, and how."""

from collections.abc import Iterator

from bibtool.bib import edit
from bibtool.bib.edit import Patch
from bibtool.bib.file import Bibliography
from bibtool.bib.scan import Block
from bibtool.model import BibEntry
from bibtool.tex import from_tex

# Who writes a date has no use for a year, and so on.
_OTHERWISE = {
    "year": ("date",),
    "month": ("date",),
    "date": ("year",),
    "journal": ("journaltitle",),
    "journaltitle": ("journal",),
    "school": ("institution",),
    "institution": ("school",),
    "primaryclass": ("eprintclass",),
    "eprintclass": ("primaryclass",),
    "annote": ("annotation",),
}
_OF_ANY_TYPE = frozenset(
    "author editor title year month date doi isbn issn eprint archiveprefix primaryclass "
    "eprinttype eprintclass url keywords annote".split()
)


class Update:
    """One entry of the file against base and theirs."""

    def __init__(
        self,
        file: Bibliography,
        block: Block,
        mine: BibEntry,
        base: BibEntry | None,
        theirs: BibEntry,
    ) -> None:
        self.file = file
        self.block = block
        self.mine = mine
        self.base = base
        self.theirs = theirs
        names = dict.fromkeys([*theirs.fields, *(base.fields if base else ()), *mine.fields])
        self.taken = [name for name in names if self._takes_theirs(name)]
        self.retyped = base is not None and mine.type == base.type.lower() != theirs.type.lower()

    def _takes_theirs(self, name: str) -> bool:
        if name not in self.mine.fields and self._is_said_otherwise(name):
            return False
        mine, theirs = said(self.mine, name), said(self.theirs, name)
        # Without a base nobody knows who said what first: only what the file lacks is taken.
        base = said(self.base, name) if self.base is not None else ""
        return mine == base != theirs

    def _is_said_otherwise(self, name: str) -> bool:
        """Whether the file has it in the other dialect, or an entry that it does not suit."""
        if any(other in self.mine.fields for other in _OTHERWISE.get(name, ())):
            return True
        return (
            self.base is None
            and self.mine.type != self.theirs.type.lower()
            and name not in _OF_ANY_TYPE
        )

    def patches(self) -> Iterator[Patch]:
        gone = {name for name in self.taken if name not in self.theirs.fields}
        present = {field.name: field for field in reversed(self.block.fields(self.file.text))}
        if self.retyped:
            yield edit.set_type(self.file, self.block, self.theirs.type)
        for name in self.taken:
            if name in present and name not in gone:
                bare = name in self.theirs.bare
                yield edit.change(present[name], self.theirs.fields[name], bare=bare)
        yield from edit.remove(self.file, self.block, gone)
        new = [
            (name, self.theirs.fields[name], name in self.theirs.bare)
            for name in self.taken
            if name not in present and name not in gone
        ]
        yield from edit.insert(self.file, self.block, new)

    def result(self) -> BibEntry:
        fields = dict(self.mine.fields)
        bare = set(self.mine.bare)
        for name in self.taken:
            fields.pop(name, None) if name not in self.theirs.fields else fields.update(
                {name: self.theirs.fields[name]}
            )
            bare = bare | {name} if name in self.theirs.bare else bare - {name}
        type_ = self.theirs.type if self.retyped else self.mine.type
        return BibEntry(self.mine.key, type_, fields, tuple(n for n in fields if n in bare))

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """What upstream changed too, and to what; told once, since theirs is the next base."""
        if self.base is not None:
            base, mine, theirs = (e.type.lower() for e in (self.base, self.mine, self.theirs))
            if len({base, mine, theirs}) == 3:
                yield "type", theirs
        for name in dict.fromkeys([*self.theirs.fields, *(self.base.fields if self.base else ())]):
            mine, theirs = said(self.mine, name), said(self.theirs, name)
            base = said(self.base, name) if self.base is not None else ""
            # Other TeX for the same text is no contradiction.
            if theirs not in (mine, base) and mine != base and from_tex(mine) != from_tex(theirs):
                yield name, self.theirs.fields.get(name, "(nothing)")


def said(entry: BibEntry, name: str) -> str:
    """What a field says, whatever its layout: neither blanks nor a number's braces count."""
    value = " ".join(entry.fields.get(name, "").split())
    if name in entry.bare and not (name == "month" and "#" not in value):
        return f"# {value}"  # a macro is more than the text it stands for
    return value.lower() if name == "month" else value
