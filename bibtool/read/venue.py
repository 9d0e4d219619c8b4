"""What a list says about venue and year: "CVPR' 14", "NeurIPS-2024", "arXiv, May 2023"."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.vocabulary import vocabulary, worded

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|fall|winter)\.?"
)
YEAR = pattern(r"(?<![\d.:/])((?:19|20)\d{2})(?![\d]|\.\d{4})")
SHORT_YEAR = pattern(r"(?:(?<=[A-Za-z])\s?['’‘`]\s?|(?<=[A-Z]{2})[ -]?)(\d{2})(?!\d)")
DATE = pattern(
    rf"^(?:(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?[\s.,-]+)?(?:{MONTH})[\s.,-]*(?:\d{{1,2}}(?:st|nd|rd|th)?[\s,]+)?(?:['’]?\d{{2,4}})?$"
    r"|^(?:19|20)\d{2}(?:[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?|月)?|年)?$"
    r"|^\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}$|^\d{1,2}[-/.](?:19|20)\d{2}$",
    re.IGNORECASE,
)
MARKS = pattern(
    r"\b(?:oral|spotlight|highlight(?:ed)?|best\s+(?:student\s+)?paper(?:\s+(?:award|candidate|finalist|runner-up))?"
    r"|outstanding\s+paper(?:\s+award)?|honou?rable\s+mention|poster|notable(?:\s+top\s+\d+%)?)\b",
    re.IGNORECASE,
)
# Four words and more with a year in brackets behind them: a title with its venue.
BEHIND_A_TITLE = pattern(r"^(?:\S+\s+){3,}\S*[(\[（][^()\[\]]*(?:19|20)\d{2}[^()\[\]]*[)\]）]?$")
PARTS = pattern(r"[\s,/:()&@'’]+|(?<=[a-z])-(?=[A-Z])|(?<=[A-Z])-(?=[A-Z])")
NAME_YEAR = pattern(r"^[A-Z][A-Za-z&@/+-]{1,14}\s?(?:[-'’‘`_ ,]\s?)*(?:(?:19|20)\d{2}|\d{2})$")
NOISE = pattern(
    r"\b\d+\s+citations?\b|\bcited by \d+\b|\bto appear\b|\bunder review\b"
    r"|\baccepted(?: (?:by|at|to))?\b",
    re.I,
)


def year_in(text: str) -> int | None:
    """The last year a text names; the two digits of "CVPR'14" too."""
    years = [int(found) for found in YEAR.findall(text)]
    if years:
        return years[-1]
    if short := SHORT_YEAR.search(text):
        value = int(short[1])
        return 1900 + value if value >= 60 else 2000 + value
    return None


def is_date(text: str) -> bool:
    return bool(DATE.match(words.bare(text)))


@lru_cache(words.REMEMBERED)
def split(text: str) -> tuple[str, int | None]:
    """The list's words for the venue without year, month and marks; and the year."""
    text = words.SHORTCODE.sub(" ", words.EMOJI.sub(" ", text))
    year = year_in(text)
    if is_date(text):
        return "", year
    name = NOISE.sub(" ", text)
    name = re.sub(r"\(?(?<![\d.])(?:19|20)\d{2}(?:[-/.]\d{1,2}){0,2}(?!\d)\)?", " ", name)
    if year is not None and not YEAR.search(text):
        name = SHORT_YEAR.sub(" ", name)
    name = re.sub(
        rf"[,\s(]+{MONTH}(?=[\s,.)]|$)(?:\s?\d{{1,2}}(?:st|nd|rd|th)?)?",
        " ",
        name,
        flags=re.IGNORECASE,
    )
    name = MARKS.sub(" ", name)
    name = re.sub(r"\(\s*\)|\[\s*\]", " ", name)
    name = " ".join(name.split()).strip(words.EDGES.replace(")", "").replace("(", ""))
    if name.count("(") != name.count(")"):
        name = name.strip("() ")
    return ("" if words.says_nothing(name) or name.isdigit() else name), year


@lru_cache(words.REMEMBERED)
def looks_like(text: str) -> bool:
    """Whether a short text names a venue or a date rather than a work."""
    plain = words.bare(NOISE.sub(" ", text))
    if not plain or is_date(plain):
        return True
    if len(plain) > 120:
        return False
    if BEHIND_A_TITLE.match(plain):
        return False
    name, year = split(plain)
    if not name:
        return True
    if NAME_YEAR.match(plain) and (name.isupper() or _is_acronym(name, year)):
        return True
    parts = [part for part in PARTS.split(name) if part]
    known = sum(_is_acronym(part, year) for part in parts)
    if known and len(parts) <= 5 and all(_is_venue_word(part, year) for part in parts):
        return True
    if (
        year is not None
        and len(parts) <= 4
        and all(_is_venue_word(p, year) or p.isupper() for p in parts)
    ):
        return True
    return _is_named_like_one(name) or _is_of_a_family(parts, year)


def _is_named_like_one(name: str) -> bool:
    """ "Journal of Waves", "6th Conference on Robot Learning", "Physical Review Letters"."""
    if len(name.split()) > 14 or ":" in name:
        return False
    strong = worded(
        "venues", "strong", r"^((?:\S+\s+){{0,7}}){}(?:\s+(?:of|on|in|for)\s+.+|\s*\([^()]+\))?$"
    )
    found = strong.match(name)
    before = found[1].split() if found else ["the"]
    return all(
        not word[0].islower() or word.lower() in ("of", "and", "on", "for") for word in before
    )


def _is_of_a_family(parts: Sequence[str], year: int | None) -> bool:
    """ "Nature Materials", "ACS Nano", "IEEE Access"."""
    if not 1 < len(parts) <= 4 or parts[0].lower() not in vocabulary("venues", "families"):
        return False
    return year is not None or all(part[0].isupper() for part in parts)


def is_bracketed_claim(text: str) -> bool:
    """Whether what stands in brackets names a venue with a year, whatever the venue is called."""
    if looks_like(text):
        return year_in(text) is not None
    if words.count(text) > 8 or year_in(text) is None:
        return False
    return bool(YEAR.search(text)) or any(
        _is_acronym(part, 1) for part in PARTS.split(text) if part
    )


@lru_cache(words.REMEMBERED)
def is_claim(label: str) -> bool:
    """Whether a link's label says where or when the work appeared: "CVPR-2024", "ICML", "2025"."""
    plain = words.bare(label)
    return (
        bool(plain) and plain.lower() not in vocabulary("venues", "no_claim") and looks_like(plain)
    )


def _is_acronym(part: str, year: int | None) -> bool:
    part = part.strip(".-'’")
    lower = part.lower()
    if part in vocabulary("venues", "names") or lower in vocabulary("venues", "acronyms"):
        return True
    return lower in vocabulary("venues", "capitals") and (
        part.isupper() or (year is not None and part != lower)
    )


def _is_venue_word(part: str, year: int | None) -> bool:
    lower = part.strip(".-").lower()
    return (
        lower in vocabulary("venues", "words")
        or _is_acronym(part, year)
        or part.isdigit()
        or (len(part) <= 3 and part.isupper())
        or lower in ("of", "on", "and", "the", "in", "for", "at", "by")
    )
