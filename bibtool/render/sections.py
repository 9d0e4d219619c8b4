"""Entries to the sections that people paste, from shipped and own templates. Pure."""

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec
from msgspec import Struct

from bibtool.errors import WrongUse
from bibtool.memo import Digest, Memo, digest
from bibtool.model import Entry, Notice, Outcome, PaperList, Place
from bibtool.render.headers import headed
from bibtool.render.late import Late
from bibtool.render.options import SectionOptions
from bibtool.render.outline import (
    Branch,
    Contents,
    contents_of,
    folded,
    numbered,
    outline,
    unknown_categories,
)
from bibtool.render.slugs import Path, slugs_for
from bibtool.render.works import Work, refused_links

if TYPE_CHECKING:
    from bibtool.render.stencil import Stencil

Format = Literal["tex", "md"]
SUFFIX = ".j2"
DEFAULTS: Mapping[Format, str] = {"tex": "related-work", "md": "references"}
LEVELS: Mapping[Format, int] = {"tex": 4, "md": 2}  # \paragraph, ##
ALL = "references"  # name of the file that holds all categories
FOLDER = "sections"
# What bibtool writes itself: no template of one's own can take their place.
TAKEN = {"references.bib", "references.tex", "references.md", "bibtool.lock", FOLDER}


class Rendered(Struct, frozen=True, kw_only=True):
    """Text of every section, and what the lock has to remember of them."""

    files: Mapping[str, str]  # path in the output folder -> text
    slugs: Mapping[str, str]  # path of headings, "A > B" -> file name without suffix
    inserts: Mapping[str, Mapping[str, str]] = {}  # file -> name of the mark -> text between
    notices: tuple[Notice, ...] = ()


class _Job(Struct, frozen=True):
    """One kind of output with all that its templates need."""

    format: Format
    options: SectionOptions
    contents: Contents
    slugs: Mapping[str, str]
    templates: Mapping[str, str]  # shipped ones and own ones; own ones win
    own: Collection[str]
    memo: Memo
    told: Digest  # of all of this that a section depends on, beside its works
    stencils: dict[str, Any] = {}  # kind of output -> Stencil, since templates are compiled once


def render(
    entries: Sequence[Entry],
    lists: Sequence[PaperList],
    waiting: Sequence[Outcome],
    latex: SectionOptions,
    markdown: SectionOptions,
    templates: Mapping[str, str],
    slugs: Mapping[str, str],
    *,
    own: Mapping[str, str] | None = None,
    stood: Mapping[str, Collection[str]] | None = None,
    memo: Memo | None = None,
    contents: Contents | None = None,
) -> Rendered:
    """Every section. The same values give the same text: no clock, no chance, no order of sets.

    `templates` are the shipped ones and `own` those of the project, both by file name
    ("table.tex.j2"); `waiting` are the outcomes of rows without an entry; `slugs` are those of
    the lock and `stood` the keys that stood under each of its headings; `contents` are those of
    the entries, where they are at hand. WrongUse for settings
    that name no template, Unreadable with its place for a template that cannot be filled.
    """
    own = own or {}
    memo = memo or Memo()
    contents = contents or contents_of(entries, lists, waiting, memo)
    named = slugs_for(contents.paths, slugs, members=contents.keys(), stood=stood or {})
    jobs = _jobs(contents, named, latex, markdown, templates, own, memo)
    files = {path: "".join(pieces) for job in jobs for path, pieces in _sections(job)}
    inserts = {
        file: {n: "".join(_filled(job, template, _whole(job))) for n, template in marks.items()}
        for job in jobs
        for file, marks in job.options.into.items()
    }
    files.update(_own_files(jobs, templates, own))
    return Rendered(
        files=files,
        slugs=named,
        inserts=inserts,
        notices=(*refused_links(entries), *_about_settings(jobs)),
    )


def render_again(
    contents: Contents,
    changed: Collection[Path],
    latex: SectionOptions,
    markdown: SectionOptions,
    templates: Mapping[str, str],
    slugs: Mapping[str, str],
    memo: Memo,
) -> dict[str, bytes]:
    """The files in which works under the headings `changed` stand, by path in the output folder.

    `contents` may have glimpses of all other works. OutOfSight where a template looks at those.
    """
    jobs = _jobs(contents, slugs, latex, markdown, templates, {}, memo)
    return {path: _encoded(pieces) for job in jobs for path, pieces in _sections(job, changed)}


def _encoded(pieces: Iterable[str]) -> bytes:
    """One after the other: `join` would have them all at once, and then their sum."""
    text = io.BytesIO()
    text.writelines(map(str.encode, pieces))
    return text.getvalue()


def _jobs(
    contents: Contents,
    slugs: Mapping[str, str],
    latex: SectionOptions,
    markdown: SectionOptions,
    templates: Mapping[str, str],
    own: Mapping[str, str],
    memo: Memo,
) -> list[_Job]:
    both: tuple[tuple[Format, SectionOptions], ...] = (("tex", latex), ("md", markdown))
    sources = {**templates, **own}
    return [
        _Job(f, o, contents, slugs, sources, own, memo, digest(f, o, sources, sorted(own)))
        for f, o in both
    ]


def chosen_template(options: SectionOptions, kind: Format) -> str:
    return options.template or DEFAULTS[kind]


def _sections(
    job: _Job, changed: Collection[Path] | None = None
) -> Iterator[tuple[str, Sequence[str]]]:
    """Path of each section and its text in pieces; of those with works under `changed`, if any."""
    template = chosen_template(job.options, job.format)
    nodes = _whole(job)
    touched = None if changed is None else _with_those_above(changed, job.options)
    if job.options.files != "categories":
        yield f"{ALL}.{job.format}", _headed(job, template, nodes, whole=True)
    if job.options.files != "all":
        for node in _each(nodes):
            if touched is not None and tuple(node["path"]) not in touched:
                continue
            alone = _raised(node, _level(job))
            fill = partial(_alone, job, template, alone)
            text = job.memo.recall(("section", job.told, alone.digest), str, fill)
            yield f"{FOLDER}/{node['slug']}.{job.format}", (text,)


def _with_those_above(paths: Iterable[Path], options: SectionOptions) -> set[Path]:
    """The headings of whose files works under `paths` are a part."""
    under = [folded(path, options) for path in paths]
    return {path[:length] for path in under for length in range(len(path) + 1)}


def _whole(job: _Job) -> list[Branch]:
    return outline(job.contents, job.slugs, job.options, _level(job))


def _level(job: _Job) -> int:
    return LEVELS[job.format] if job.options.level is None else job.options.level


def _each(nodes: Iterable[Branch]) -> Iterator[Branch]:
    for node in nodes:
        yield node
        yield from _each(node["children"])


def _raised(node: Branch, level: int) -> Branch:
    """The same category with its heading at `level`: in a file of its own it is outermost."""
    below = [_raised(child, level and level + 1) for child in node["children"]]
    return Branch(node, level=level if node["name"] else 0, children=below)


def _alone(job: _Job, template: str, node: Branch) -> str:
    return "".join(_headed(job, template, [node], whole=False))


def _headed(job: _Job, template: str, nodes: list[Branch], *, whole: bool) -> list[str]:
    """The filled template under a first line that says what made it."""
    pieces = _filled(job, template, nodes, whole=whole)
    return headed(pieces, f"{template}.{job.format}{SUFFIX}", job.format)


def _filled(job: _Job, template: str, nodes: list[Branch], *, whole: bool = True) -> list[str]:
    name = f"{template}.{job.format}{SUFFIX}"
    if name not in job.templates or template.startswith("_"):
        kind = f".{job.format}{SUFFIX}"
        known = sorted(n.removesuffix(kind) for n in job.templates if n.endswith(kind))
        raise WrongUse(
            f"no template {name}; there are {', '.join(n for n in known if n[0] != '_')}"
        )
    return _fill(job, name, nodes, whole=whole)


def _fill(job: _Job, name: str, nodes: list[Branch], *, whole: bool) -> list[str]:
    return _stencil(job, name).fill(name, _values(job, nodes, whole), strict=bool(job.own))


def _values(job: _Job, nodes: list[Branch], whole: bool) -> dict[str, Any]:
    """What docs/templates.md lists: plain values only."""
    nodes = numbered(nodes)
    held = list(_each(nodes))

    def works() -> list[Work]:
        once: dict[str, Work] = {}
        for work in (work for node in held for work in node["works"]):
            once.setdefault(work.key, work)
        return list(once.values())

    return {
        "categories": nodes,
        "works": Late(works),
        "waiting": [row for node in held for row in node["waiting"]],
        "whole": whole,
        "options": msgspec.to_builtins(job.options),
    }


def _stencil(job: _Job, name: str) -> "Stencil":
    """Jinja2 is loaded only by a run that fills a template."""
    from bibtool.render.spelling import ESCAPES, filters, kind_of
    from bibtool.render.stencil import TEX_SIGNS, Stencil

    kind = kind_of(name)
    if kind in job.stencils:
        return cast(Stencil, job.stencils[kind])
    stencil = job.stencils[kind] = Stencil(
        ESCAPES[kind],
        job.templates,
        {own: f"templates/{own}" for own in job.own},
        signs=TEX_SIGNS if kind == "tex" else {},
        html=kind == "html",
        memo=job.memo,
        settings=(kind, job.options),
    )
    stencil.filters |= filters(kind, job.options)
    return stencil


def _own_files(
    jobs: Sequence[_Job], shipped: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, str]:
    """Templates of one's own under names that bibtool does not ship: file name -> text."""
    from bibtool.render.spelling import kind_of

    used = {f"{name}.{job.format}{SUFFIX}" for job in jobs for name in _used(job)}
    files: dict[str, str] = {}
    for name in sorted(own):
        if name in shipped or name in used or name.startswith("_") or not name.endswith(SUFFIX):
            continue
        target = name.removesuffix(SUFFIX)
        _check_target(name, target)
        job = jobs[0] if kind_of(name) == "tex" else jobs[1]
        files[target] = "".join(_fill(job, name, _whole(job), whole=True))
    return files


def _used(job: _Job) -> set[str]:
    inserted = {template for marks in job.options.into.values() for template in marks.values()}
    return {chosen_template(job.options, job.format), *inserted}


def _check_target(name: str, target: str) -> None:
    if target in TAKEN or not target.strip(".") or "/" in target or "\\" in target:
        raise WrongUse(
            f"templates/{name} would be written as {target!r}, which is bibtool's own; "
            "give it another name"
        )


def _about_settings(jobs: Sequence[_Job]) -> Iterator[Notice]:
    tables: Mapping[Format, str] = {"tex": "latex", "md": "markdown"}
    for job in jobs:
        for name in unknown_categories(job.contents, job.options):
            message = f"[{tables[job.format]}] names the category {name!r}, which no list has"
            yield Notice(Place("bibtool.toml", 1), "conflict", message)
