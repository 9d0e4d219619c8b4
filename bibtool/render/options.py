"""Settings of the sections: the tables [latex] and [markdown]. Every one has a default."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

Link = Literal["doi", "arxiv", "url", "code"]


class SectionOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both tables may say. A category is named by its heading, or by its path "A > B"."""

    template: str = ""  # none: related-work in LaTeX, references in Markdown
    files: Literal["both", "all", "categories"] = "both"  # references.*, sections/*, or both
    include: tuple[str, ...] = ()  # categories; none: all
    exclude: tuple[str, ...] = ()
    rename: Mapping[str, str] = {}  # category -> heading in the section
    order: tuple[str, ...] = ()  # categories that come first; the others follow in list order
    depth: Annotated[int, Meta(ge=0)] = 0  # levels of headings; deeper ones are folded; 0: all
    level: Annotated[int, Meta(ge=0, le=6)] | None = None  # of the outermost heading; 0: none
    label_prefix: str = ""  # "sec:" labels each heading, as in sec:tokenizers
    sort: Literal["list", "year", "key", "venue"] = "list"
    authors: Annotated[int, Meta(ge=1)] = 3  # named before "et al."
    venue: Literal["short", "long"] = "short"
    links: tuple[Link, ...] = ("doi", "arxiv", "code")
    notes: Literal["auto", "off", "comments", "text"] = "auto"
    description: bool = False  # the list's words under a heading
    unresolved: Literal["omit", "comment", "appendix"] = "comment"
    cite: Literal["cite", "citep", "citet", "autocite", "parencite", "textcite"] = "cite"
    style: Literal["numbered", "author-year"] = "numbered"  # of Markdown's references
    layout: Literal["bullets", "table"] = "bullets"  # of Markdown's awesome
    badges: bool = True  # pictures from img.shields.io, in Markdown's awesome
    into: Mapping[str, Mapping[str, str]] = {}  # file -> name of the mark -> template
