"""Settings: from bibtool.toml, else [tool.bibtool] in pyproject.toml; the environment wins."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

from bibtool.errors import Unreadable, WrongUse
from bibtool.model import Place
from bibtool.render.bibtex import BibOptions
from bibtool.render.options import SectionOptions

ARXIV = "https://export.arxiv.org/api/query"
CROSSREF = "https://api.crossref.org"
DATACITE = "https://api.datacite.org"

# Seconds between requests that the services ask for (arXiv's terms of use; Crossref's list pool
# of 2026, announced in its headers) or that are polite (DataCite: 500 in five minutes).
PAUSES = {"arxiv": 3.0, "crossref": 1.0, "datacite": 0.6}
SEARCHERS = ("arxiv", "crossref")  # sources that are searched for rows without an identifier
HOMES = {"arxiv": ARXIV, "crossref": CROSSREF, "datacite": DATACITE}


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a source is asked and how often; seconds between requests."""

    url: str = ""
    pause: float | None = None


class Sources(Struct, frozen=True, forbid_unknown_fields=True):
    order: tuple[Literal["arxiv", "crossref", "datacite"], ...] = ("arxiv", "crossref", "datacite")
    arxiv: Service = Service()
    crossref: Service = Service()
    datacite: Service = Service()


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting with its default, so that no file is needed. See docs/settings.md."""

    lists: tuple[str, ...] = ("refs/lists/*",)
    out: str = "refs"
    mailto: str = ""
    prefer: Literal["published", "preprint"] = "published"
    dialect: Literal["bibtex", "biblatex"] = "bibtex"
    encoding: Literal["ascii", "unicode"] = "ascii"
    preprint_type: Literal["misc", "article"] = "misc"
    venues: Literal["confirmed", "trust"] = "confirmed"
    venue_style: Literal["full", "short", "macro"] = "full"
    key: str = "{family}{year}{word}"
    category_bibs: bool = False
    latex: SectionOptions = field(default_factory=SectionOptions)
    markdown: SectionOptions = field(default_factory=SectionOptions)
    sources: Sources = field(default_factory=Sources)

    @property
    def searchers(self) -> tuple[str, ...]:
        return tuple(name for name in self.sources.order if name in SEARCHERS)

    @property
    def bib(self) -> BibOptions:
        return BibOptions(
            dialect=self.dialect,
            encoding=self.encoding,
            preprint_type=self.preprint_type,
            venue_style=self.venue_style,
            prefer=self.prefer,
        )


def load_settings(root: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the project at `root`; Unreadable or WrongUse where they cannot be meant."""
    settings = _from_files(root)
    _check_key_pattern(settings.key)
    mailto = environ.get("BIBTOOL_MAILTO") or settings.mailto
    return msgspec.structs.replace(settings, mailto=mailto, sources=_sources(settings, environ))


def _from_files(root: Path) -> Settings:
    own, project = root / "bibtool.toml", root / "pyproject.toml"
    table = _toml(project).get("tool", {}).get("bibtool") if project.is_file() else None
    if own.is_file():
        if table is not None:
            raise WrongUse(
                "settings stand in bibtool.toml and in [tool.bibtool] of pyproject.toml; keep one"
            )
        return _settings(_toml(own), "bibtool.toml")
    return _settings(table or {}, "pyproject.toml [tool.bibtool]")


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # heavy; a project needs no file

    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = Place(path.name, _line_in(str(error), text))
        raise Unreadable(place, f"not valid TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(Place(path.name, 1), str(error)) from error


def _line_in(message: str, text: str) -> int:
    """tomllib says "(at line 3, column 7)" or "(at end of document)", with no attribute."""
    _, _, tail = message.partition("at line ")
    digits = tail.split(",")[0]
    return int(digits) if digits.isdigit() else text.count("\n") + 1


def _settings(table: Mapping[str, object], where: str) -> Settings:
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise WrongUse(f"{where}: {error}; docs/settings.md lists all settings") from error


def _check_key_pattern(pattern: str) -> None:
    try:
        pattern.format(family="a", year=1, word="b")
    except (KeyError, IndexError, ValueError) as error:
        reason = f"key = {pattern!r}: only {{family}}, {{year}} and {{word}} can stand in it"
        raise WrongUse(reason) from error


def _sources(settings: Settings, environ: Mapping[str, str]) -> Sources:
    """Address and pause of each source; the environment wins over the file.

    Where the environment names any address, a source without one is not asked: somebody who
    points one service at a stand-in does not want the others asked for real.
    """
    named = {name: environ.get(f"BIBTOOL_{name.upper()}_URL", "") for name in HOMES}
    asked = [n for n in settings.sources.order if not any(named.values()) or named[n]]
    services = {
        name: _service(name, getattr(settings.sources, name), named[name], environ)
        for name in HOMES
    }
    return msgspec.structs.replace(settings.sources, order=tuple(asked), **services)


def _service(name: str, given: Service, url: str, environ: Mapping[str, str]) -> Service:
    address = url or given.url or HOMES[name]
    pause = _pause_in_environment(name, environ)
    pause = given.pause if pause is None else pause
    at_home = address.startswith(HOMES[name].split("/api/")[0])
    if at_home:  # there it can only be lengthened
        return Service(address, max(PAUSES[name], pause or 0.0))
    return Service(address, max(0.0, pause or 0.0))


def _pause_in_environment(name: str, environ: Mapping[str, str]) -> float | None:
    variable = f"BIBTOOL_{name.upper()}_PAUSE"
    text = environ.get(variable, "")
    try:
        return float(text) if text else None
    except ValueError as error:
        raise WrongUse(f"{variable}={text}: a number of seconds is wanted, as in 3.5") from error
