"""What templates can call, for each kind of output: names, cites, links, headings. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from markupsafe import Markup

from bibtool.patterns import pattern
from bibtool.render import latex, markdown
from bibtool.render.options import SectionOptions
from bibtool.render.works import Plain
from bibtool.tex import to_tex

Kind = Literal["tex", "md", "html", "text"]
Filter = Callable[..., Any]

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("tex", "ltx", "sty", "bib", "bbl"), "tex"),
    **dict.fromkeys(("md", "markdown", "qmd", "rmd"), "md"),
    **dict.fromkeys(("html", "htm", "xhtml", "xml", "svg", "rss", "atom"), "html"),
}


def _to_html(text: str) -> str:
    import html  # only templates of people's own are of this kind

    return html.escape(markdown.one_line(text))


ESCAPES: Mapping[Kind, Callable[[str], str]] = {
    "tex": to_tex,
    "md": markdown.to_md,
    "html": _to_html,
    "text": lambda text: text.encode("utf-8", "replace").decode(),
}
# What the two archives and GitHub use themselves; shields.io takes names and hexadecimal digits.
COLOURS = {"arXiv": "b31b1b", "DOI": "fab70c", "code": "181717"}
OTHER_COLOUR = "4c71b4"
# https://pandoc.org/MANUAL.html#citation-syntax: other keys stand in braces.
PANDOC_KEY = pattern(r"[A-Za-z0-9_]+(?:[:.#$%&+?<>~/-][A-Za-z0-9_]+)*\Z")


def kind_of(name: str) -> Kind:
    """The kind of output of the template `name`, by what stands before `.j2`."""
    return KINDS.get(name.removesuffix(".j2").rpartition(".")[2].lower(), "text")


def filters(kind: Kind, options: SectionOptions) -> dict[str, Filter]:
    """All filters of bibtool's own; docs/templates.md lists them."""
    spelled: Mapping[Kind, Callable[[SectionOptions], dict[str, Filter]]] = {
        "tex": _in_latex,
        "md": _in_markdown,
        "html": _in_html,
        "text": _in_text,
    }
    return {
        **{name: _escape(name, kind) for name in ("tex", "md", "html")},
        "authors": lambda work, most=None: authors(work["authors"], most or options.authors),
        "surnames": lambda work: surnames(work["authors"]),
        "where": where,
        "stop": lambda text: "" if str(text)[-1:] in "?!." else ".",
        "note": lambda work, default: note(work, default, kind, options),
        **spelled[kind](options),
    }


def _escape(name: Any, kind: Kind) -> Filter:
    """In its own kind of output the result is finished; elsewhere it is text like any other."""
    finish: Callable[[str], str] = Markup if name == kind else str
    escape: Callable[[str], str] = ESCAPES[name]
    return lambda value: value if isinstance(value, Markup) else finish(escape(str(value)))


def authors(people: Sequence[Plain], most: int) -> str:
    """ "K. Tian, Y. Jiang, Z. Yuan, et al." : at most `most` names, then "et al."."""
    names = [person["initials"] for person in people]
    if len(names) > most:
        return f"{', '.join(names[:most])}{',' if most > 1 else ''} et al."
    return _listed(names)


def surnames(people: Sequence[Plain]) -> str:
    """ "Li and He", "Tian et al.", as author-year styles have it."""
    names = [person["family"] for person in people]
    return f"{names[0]} et al." if len(names) > 2 else _listed(names)


def _listed(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def where(work: Plain) -> str:
    """ "NeurIPS 2024"; of a preprint "arXiv 2025"; only what is known."""
    venue = work["venue"] or ("arXiv" if work["arxiv"] else "")
    year = str(work["venue_year"] or "")
    return venue if year in venue else f"{venue} {year}".strip()


def note(work: Plain, default: str, kind: Kind, options: SectionOptions) -> Plain:
    """The curator's note as `text`, or as `comment`, as the settings want it.

    Where they leave it to the template (`default`), a note that pdflatex cannot set is a comment.
    """
    wanted = default if options.notes == "auto" else options.notes
    unsettable = kind == "tex" and latex.needs_unicode_engine(work["notes"])
    if wanted == "text" and options.notes == "auto" and unsettable:
        wanted = "comments"
    return {
        "text": work["notes"] if wanted == "text" else "",
        "comment": work["notes"] if wanted == "comments" else "",
    }


def _in_latex(options: SectionOptions) -> dict[str, Filter]:
    return {
        "cite": lambda work, command=None: Markup(latex.cite(work["key"], command or options.cite)),
        "link": lambda url, label: Markup(latex.href(url, label)),
        "heading": lambda node: Markup(
            latex.heading(node["name"], node["level"], node["label"])
            if node["name"] and node["level"]
            else ""
        ),
        "comment": lambda text: Markup(latex.comment(str(text))),
    }


def _in_markdown(options: SectionOptions) -> dict[str, Filter]:
    return {
        "cite": lambda work: Markup(_pandoc_cite(work["key"])),
        "link": lambda url, label: Markup(_md_link(url, label)),
        "heading": lambda node: Markup(_md_heading(node)),
        "comment": lambda text: Markup(markdown.comment(str(text))),
        "badge": lambda text, label, url="": Markup(badge(label, str(text), url)),
    }


def _in_html(options: SectionOptions) -> dict[str, Filter]:
    escape = ESCAPES["html"]

    def link(url: str, label: str) -> Markup:
        target = escape(markdown.address(url))
        return Markup(f'<a href="{target}">{escape(label)}</a>' if target else escape(label))

    def heading(node: Plain) -> Markup:
        name, tag = escape(node["name"]), f"h{min(node['level'], 6)}"
        return Markup(f"<{tag}>{name}</{tag}>" if name and node["level"] else "")

    return {
        "cite": lambda work: work["key"],
        "link": link,
        "heading": heading,
        "comment": lambda text: Markup(markdown.comment(str(text))),
    }


def _in_text(options: SectionOptions) -> dict[str, Filter]:
    return {
        "cite": lambda work: work["key"],
        "link": lambda url, label: f"{label}: {markdown.address(url)}",
        "heading": lambda node: node["name"],
        "comment": lambda text: markdown.one_line(str(text)),
    }


def _pandoc_cite(key: str) -> str:
    if PANDOC_KEY.match(key):
        return f"[@{key}]"
    return f"[@{{{key}}}]" if latex.KEY.match(key) else ""


def _md_link(url: str, label: str) -> str:
    target = markdown.address(url)
    return f"[{markdown.to_md(label)}]({target})" if target else markdown.to_md(label)


def _md_heading(node: Plain) -> str:
    if not (node["name"] and node["level"]):
        return ""
    label = f" {{#{node['label']}}}" if latex.KEY.match(node["label"]) else ""  # as pandoc has it
    return f"{'#' * min(node['level'], 6)} {markdown.to_md(node['name'])}{label}"


def badge(label: str, message: str, url: str) -> str:
    """A picture that says both words, from https://shields.io, with a link if there is an `url`."""
    words = "-".join(quote(_shield(word), safe="") for word in (label, message) if word)
    colour = COLOURS.get(label, OTHER_COLOUR)
    said = markdown.to_md(f"{label} {message}".strip())
    picture = f"![{said}](https://img.shields.io/badge/{words}-{colour})"
    target = markdown.address(url)
    return f"[{picture}]({target})" if target else picture


def _shield(word: str) -> str:
    """https://shields.io/badges: a hyphen and an underscore are doubled."""
    return markdown.one_line(word).replace("-", "--").replace("_", "__")
