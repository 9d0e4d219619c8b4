"""From lists and answers to the text of every output. Pure: the middle of the journey.

rows -> works and the .bib with them (`works.py`) -> sections. `sync.py` reads before and writes
after.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from bibtool import bib, confine
from bibtool.category_bibs import category_bibs
from bibtool.model import Entry, Notice, Outcome, Unavailable
from bibtool.render import sections
from bibtool.render.outline import Contents, contents_of
from bibtool.works import Compiled, Known, compile_works


class Material(Known, frozen=True, kw_only=True):
    """All that the outputs are made of, read before."""

    shipped: Mapping[str, str]  # templates by file name
    own: Mapping[str, str]


class Composed(Struct, frozen=True, kw_only=True):
    """What a run would write, and what it has to say."""

    works: Compiled
    contents: Contents
    sections: sections.Rendered

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self.works.outcomes

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.works.entries

    @property
    def bib(self) -> str:
        return self.works.merged.text

    @property
    def notices(self) -> tuple[Notice, ...]:
        return (*self.works.notices, *self.works.merged.notices, *self.sections.notices)

    @property
    def without_entry(self) -> int:
        """How many rows nobody answered for that have no entry."""
        return sum(isinstance(o, Unavailable) for o in self.works.waiting)


def compose(material: Material) -> Composed:
    """Every output of `material`; the same material gives the same bytes."""
    settings = material.settings
    works = compile_works(material)
    contents = contents_of(works.entries, material.lists, works.waiting, material.memo)
    rendered = confine.render(
        works.entries,
        material.lists,
        works.waiting,
        settings.latex,
        settings.markdown,
        material.shipped,
        material.lock.slugs,
        own=material.own,
        stood=material.lock.stood,
        memo=material.memo,
        contents=contents,
    )
    if settings.category_bibs:
        macros = bib.parse(works.merged.text, material.bib_name).macros
        made = category_bibs(works.entries, works.merged.entries, macros, rendered.slugs)
        rendered = replace(rendered, files={**rendered.files, **made})
    return Composed(works=works, contents=contents, sections=rendered)
