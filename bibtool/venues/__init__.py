"""The field's venues: one name for one venue, whatever a list, a registry or an author calls it.

The table is `venues.toml` beside this file; it is read when the first venue is looked up.
"""

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct, convert

from bibtool.likeness import typing_error
from bibtool.memo import FORGETFUL, Memo
from bibtool.patterns import pattern
from bibtool.titles import fold

Style = Literal["full", "short", "macro"]


class Venue(Struct, frozen=True):
    """One line of the table; `since` to `until` and `every` say in which years it took place."""

    kind: Literal["conference", "journal", "server"]
    short: str
    full: str
    names: tuple[str, ...] = ()
    macro: str = ""
    since: int = 0
    until: int = 9999
    every: int = 1
    earlier: tuple[tuple[int, str], ...] = ()  # (last year, what it was called in full until then)

    @property
    def macro_name(self) -> str:
        return self.macro or re.sub(r"[^a-z]", "", self.short.lower())

    def full_in(self, year: int | None) -> str:
        """The full name that the proceedings of `year` have."""
        return next((name for last, name in self.earlier if year and year <= last), self.full)

    def held_in(self, year: int) -> bool:
        return self.since <= year <= self.until and (year - self.since) % self.every == 0


class Stated(Struct, frozen=True):
    """A venue by somebody's word, with the year where the words have one."""

    venue: Venue
    year: int | None


@lru_cache(1)
def table() -> tuple[Venue, ...]:
    """Every venue of venues.toml."""
    import pkgutil  # both are heavy; many a run names no venue anew
    import tomllib

    text = (pkgutil.get_data("bibtool.venues", "venues.toml") or b"").decode("utf-8")
    data = tomllib.loads(text)
    lines = [{**line, "kind": kind} for kind, lines in data.items() for line in lines]
    return convert(lines, tuple[Venue, ...])


class _Names(Struct, frozen=True):
    """The normal form of each spelling, and which line of the table it means."""

    venues: tuple[Venue, ...]
    line: dict[str, int]


_names: list[_Names] = []  # once they are known


def recall_names(memo: Memo) -> None:
    """Take the names from `memo`: to read the table and all its spellings takes a while."""
    _names[:] = [memo.recall(("venues",), _Names, _worked_out)]


def _worked_out() -> _Names:
    """A short name yields to a full one."""
    if _names:
        return _names[0]
    line: dict[str, int] = {}
    for number, venue in enumerate(table()):
        for name in (venue.full, *venue.names):
            line.setdefault(normal(name), number)
    for number, venue in enumerate(table()):
        line.setdefault(normal(venue.short), number)
    return _Names(table(), line)


def _called(name: str) -> Venue | None:
    """The venue of a name in its normal form."""
    if not _names:
        recall_names(FORGETFUL)
    [names] = _names
    return names.venues[names.line[name]] if name in names.line else None


_YEAR = pattern(r"(?<!\d)(?:19|20)\d{2}(?!\d)|(?<=[A-Za-z])\s?['’‘`´]\s?\d{2}(?!\d)")
_UNITS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|"
    "fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
)
_TENS = "(?:twent|thirt|fort|fift|sixt)(?:y|ieth)"
_ORDINAL = pattern(
    rf"\b(?:\d+(?:st|nd|rd|th)|(?:{_TENS}[- ]?)?(?:{_UNITS})|{_TENS})\b", re.IGNORECASE
)
_OPENING = pattern(
    r"^(?:the |in |proc(?:eedings)? |of |annual |conference record of |\d+ )+", re.IGNORECASE
)
_IN_BRACKETS = pattern(r"[(\[][^()\[\]]*[)\]]")
_ACRONYM = pattern(r"[(\[]\s*([A-Za-z][\w&/+ -]{1,20}?)\s*(?:['’ -]?\s*(?:19|20)?\d{2})?\s*[)\]]")
_TRAILING = pattern(r"(?: vol(?:ume)?)? \d+$|\s+(?:lecture notes in computer science|lncs).*$")


@lru_cache(1 << 14)
def normal(name: str) -> str:
    """What is left of a venue's name without years, ordinals, brackets and opening words."""
    text = _IN_BRACKETS.sub(" ", name.replace("{", "").replace("}", ""))
    text = _ORDINAL.sub(" ", _YEAR.sub(" ", text))
    folded = fold(text)
    # "Proceedings of the Nth AAAI Conference", "In: Proc. IEEE CVPR" and what not.
    opened = _OPENING.sub("", folded + " ").strip()
    return opened or folded


@lru_cache(1 << 14)
def find(name: str) -> Venue | None:
    """The venue that `name` means, in any of its spellings; None if the table has none."""
    if not name or is_workshop(name):
        return None
    plain = normal(name)
    if known := _called(plain) or _called(_TRAILING.sub("", plain)):
        return known
    if bracketed := _ACRONYM.search(name):
        acronym = _called(normal(bracketed[1]))
        before = normal(name[: bracketed.start()])
        if acronym and _is_called(before or plain, acronym):
            return acronym
    return None


WHOLE = 4  # words of a name that means one venue, whatever stands before it
# Words that tell no conference from another.
_SAY_NOTHING = frozenset(
    "conference conferences international joint annual meeting symposium proceedings association "
    "ieee volume papers long short main research track".split()
)


def _is_called(name: str, venue: Venue) -> bool:
    """Whether what stands before an acronym can be the venue's name, misspelt perhaps.

    "(ACL)" may mean anything behind other words, and of "Machine Learning, Optimization, and
    Data Science (ICML)" half the words are ICML's own: no word may be another's.
    """
    spellings = [normal(spelling) for spelling in (venue.full, *venue.names)]
    whole = (f" {spelling}" for spelling in spellings if spelling.count(" ") >= WHOLE - 1)
    if any(f" {name}".endswith(spelling) for spelling in whole):
        return True
    words, own = _telling(name), [_telling(spelling) for spelling in spellings]
    known = set[str]().union(*own)
    if any(not any(typing_error(word, other) for other in known) for word in words - known):
        return False
    return bool(words) and any(len(words) >= len(some) / 2 for some in own)


def _telling(name: str) -> set[str]:
    return {word for word in name.split() if len(word) > 3} - _SAY_NOTHING


_WORKSHOP = pattern(
    r"(?i:\b(?:workshops?|wksh?ps?|companion|extended abstracts?|tutorials?|doctoral consortium"
    r"|student abstract|system demonstrations?|industry track|student research)\b)"
    r"|(?<=[A-Z])W\b|@\s?(?:NeurIPS|ICML|ICLR|CVPR|ICCV|ECCV|ACL|EMNLP)"
    r"|\b(?:CVPR|ICCV|WACV|ECCV)\s?Ws?\b"
)


@lru_cache(1 << 14)
def is_workshop(name: str) -> bool:
    """Whether `name` is an event beside a conference: what appears there has its own version."""
    return _WORKSHOP.search(name) is not None


def claim(text: str) -> tuple[str, int | None]:
    """A list's words for venue and year apart: "NeurIPS-2024", "CVPR' 14", "ICLR 2025 Oral"."""
    found = _YEAR.search(text)
    year = _four_digits(found[0]) if found else None
    words = _YEAR.sub(" ", text)
    words = re.sub(r"\b(?:oral|spotlight|highlight|poster|best paper)\b", " ", words, flags=re.I)
    return " ".join(re.sub(r"[-–,'’()\[\]]+(?=\s|$)|^[-–,\s]+", " ", words).split()), year


def _four_digits(text: str) -> int:
    digits = int(re.sub(r"\D", "", text))
    if digits > 99:
        return digits
    return 1900 + digits if digits >= 60 else 2000 + digits


_BEHIND = pattern(r"\s*[(\[【]([^()\[\]【】]{2,40})[)\]】]\s*$")
_BEFORE = pattern(r"^\s*[(\[【]([^()\[\]【】]{2,40})[)\]】]\s*")


@lru_cache(1 << 14)
def without_venue(title: str) -> str:
    """`title` without a venue in brackets behind or before it: "A Title (CVPR 2024)"."""
    if not any(bracket in title for bracket in "([【"):
        return title
    for place in (_BEHIND, _BEFORE):
        found = place.search(title)
        if (
            found
            and _YEAR.search(found[1])
            and (find(claim(found[1])[0]) or not claim(found[1])[0])
        ):
            return place.sub("", title) or title
    return title


def spelled(name: str, style: Style, year: int | None = None) -> str:
    """`name` as the bibliography has it: the table's name in that style, else as it is.

    In the style "macro" the answer is the name of a macro where the table knows the venue.
    """
    venue = find(name)
    if venue is None or venue.kind == "server":
        return name
    return {"full": venue.full_in(year), "short": venue.short, "macro": venue.macro_name}[style]


def macros() -> dict[str, str]:
    """The @string definitions of every venue: macro -> full name."""
    return {v.macro_name: v.full for v in table() if v.kind != "server"}
