"""Text to TeX that prints it literally, and TeX to text. The one escape for all TeX output."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bibtool.names import in_cjk
from bibtool.patterns import pattern
from bibtool.tex import math
from bibtool.tex.plain import from_tex as from_tex
from bibtool.tex.tables import ACCENTS, LETTERS, MATHS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS

# As BibTeX counts braces without regard to backslashes, `\{` may not stand in a field.
_SPECIALS = {
    "\\": "{\\textbackslash}",
    "{": "{\\textbraceleft}",
    "}": "{\\textbraceright}",
    "$": "\\$",
    "&": "\\&",
    "#": "\\#",
    "%": "\\%",
    "_": "\\_",
    "^": "{\\textasciicircum}",
    "~": "{\\textasciitilde}",
    "<": "{\\textless}",
    ">": "{\\textgreater}",
    "|": "{\\textbar}",
    "`": "{\\textasciigrave}",
    # With an empty group behind it no babel shorthand; every font has this sign.
    '"': '"{}',
}
_QUOTES = {
    "–": "--",
    "—": "---",
    "―": "---",
    "‘": "`",
    "’": "'",
    "ʼ": "'",
    "“": "``",
    "”": "''",
    "‐": "-",
    "‑": "-",
    "‒": "--",
    "−": "\\ensuremath{-}",
}
# Two of these in a row would join to one sign; styles put a comma behind a title.
_JOINS = pattern(r"-(?=-)|'(?=')|,(?=,|\Z)")
_SPECIAL = pattern(r"[\\{}$&#%_^~<>|`\"]")
# Text without any of these, in ASCII, prints as it stands: most names, words and numbers.
_TO_ESCAPE = pattern(rf"[^ -~]|{_SPECIAL.pattern}|{_JOINS.pattern}|^ |  | \Z")
_BEYOND_ASCII = pattern(r"[^\x00-\x7f]")
# Chinese, Japanese and Korean need a Unicode engine anyway, and it has their own punctuation.
_BEYOND_ASCII_IN_CJK = pattern(r"[^\x00-\x7f！-／：-＠［-｀｛-～]")
_BLANKS = pattern(r" {2,}")

# Besides zero width and direction marks (Cf): nothing to see, and an error in pdflatex.
_UNSEEN = {*range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080)}


def clean(text: str) -> str:
    """One line of `text` in NFC, without control and invisible signs."""
    if text.isascii() and text.isprintable():
        return (_BLANKS.sub(" ", text) if "  " in text else text).strip()
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join("".join(map(_seen, text)).split())


@lru_cache(4096)
def _seen(sign: str) -> str:
    if ord(sign) in _UNSEEN:
        return ""
    kind = unicodedata.category(sign)
    if kind == "Zs":
        return " "
    return "" if kind in {"Cc", "Cf", "Cs", "Co", "Cn"} else sign


def to_tex(text: str, *, encoding: str = "ascii", title: bool = False) -> str:
    """`text` so that TeX prints it as it stands; `$...$` passes if it is on the allow-list.

    `encoding` is "ascii" (signs beyond ASCII become braced commands; those that TeX has no
    name for, such as Chinese, stay) or "unicode". A `title` is protected from styles that
    lower its capitals.
    """
    if not title and not _TO_ESCAPE.search(text):
        return text
    text = clean(text)
    foreign = _foreign(text, encoding)
    sentence = title and _is_sentence_case(text)
    out: list[str] = []
    at = 0
    for match in math.FORMULA.finditer(text):
        formula = math.formula(match[1])
        if formula is None:
            continue
        capitals = _capitals(text, at, match.start(), sentence) if title else []
        out += _protected(text, at, match.start(), capitals, foreign)
        out.append(f"{{${formula}$}}" if title else f"${formula}$")
        at = match.end()
    capitals = _capitals(text, at, len(text), sentence) if title else []
    out += _protected(text, at, len(text), capitals, foreign)
    return "".join(out)


def _foreign(text: str, encoding: str) -> re.Pattern[str] | None:
    """The signs of `text` to look up the commands of; none where TeX reads Unicode."""
    if encoding != "ascii" or text.isascii():
        return None
    return _BEYOND_ASCII_IN_CJK if in_cjk(text) else _BEYOND_ASCII


def _protected(
    text: str,
    start: int,
    end: int,
    capitals: list[tuple[int, int]],
    foreign: re.Pattern[str] | None,
) -> Iterator[str]:
    for left, right in capitals:
        yield _escaped(text[start:left], foreign)
        yield f"{{{_escaped(text[left:right], foreign)}}}"
        start = right
    yield _escaped(text[start:end], foreign)


def _escaped(text: str, foreign: re.Pattern[str] | None) -> str:
    if _SPECIAL.search(text):
        # One pass: what an escape brings in must not be escaped again.
        text = _SPECIAL.sub(lambda match: _SPECIALS[match[0]], text)
    text = _JOINS.sub(lambda match: f"{match[0]}{{}}", text)
    if foreign and not text.isascii():
        text = foreign.sub(lambda match: _command(match[0]), text)
    return text


@lru_cache(4096)
def _command(sign: str) -> str:
    """The TeX of one sign beyond ASCII; the sign itself where TeX has no name for it."""
    if sign in _QUOTES:
        return _QUOTES[sign]
    if sign in LETTERS:
        return f"{{\\{LETTERS[sign]}}}"
    if sign in SYMBOLS:
        return f"{{\\{SYMBOLS[sign]}}}"
    if sign in MATHS:
        return f"{{\\ensuremath{{\\{MATHS[sign]}}}}}"
    for signs, command in ((SUPERSCRIPTS, "textsuperscript"), (SUBSCRIPTS, "textsubscript")):
        if sign in signs:
            return f"{{\\{command}{{{signs[sign]}}}}}"
    accented = _accented(sign)
    if accented:
        return f"{{{accented}}}"
    plain = unicodedata.normalize("NFKC", sign)  # ligatures, full width, letters of formulas
    return _escaped(plain, None) if plain != sign and plain.isascii() else sign


def _accented(sign: str) -> str:
    base, *marks = list(unicodedata.normalize("NFD", sign))
    if not marks or not (base.isascii() and base.isalpha()) or not set(marks) <= ACCENTS.keys():
        return ""
    out = base
    for mark in marks:
        out = f"\\{ACCENTS[mark]}{{{out}}}"
    return out


# Words that title case leaves small.
_SMALL = frozenset(
    "a an and as at but by for from in into is nor of on onto or over per so than that the to "
    "towards under up upon via vs with within without yet".split()
)
_WORD = pattern(r"[^\W_]+(?:['’][^\W_]+)*(?:[-‐‑–][^\W_]+)*")
_BREAK = pattern(r"[:.?!–—]\W*$")  # BibTeX keeps the capital after a colon, readers after these


def _capitals(text: str, start: int, end: int, sentence: bool) -> list[tuple[int, int]]:
    """Spans of `text` whose capitals carry meaning: VAR, ImageNet, 3D, and names in sentences."""
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text, start, end):
        left, right = match.span()
        name = sentence and text[left].isupper() and not _starts_sentence(text, left)
        span = (left, right) if name else _meant(text, left, right)
        if span:
            spans.append(span)
    return spans


def _starts_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 8) : at]  # a few signs tell, and long texts stay linear
    if at <= 8 and not any(sign.isalnum() for sign in before):
        return True
    return bool(_BREAK.search(before))


def _is_sentence_case(text: str) -> bool:
    """Whether capitals stand at names only, as in "Learning in Markov games"."""
    small = large = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word.lower() not in _SMALL and not _starts_sentence(text, match.start()):
            small += word[0].islower()
            large += word[0].isupper()
    return small > 0 and small >= large


def _meant(text: str, left: int, right: int) -> tuple[int, int] | None:
    """The part of a word, from its first capital that is more than the start of a word."""
    at = left
    found: int | None = None
    stop = left
    for part in re.split(r"[-‐‑–]", text[left:right]):
        until = at + len(part)
        alone = len(part) == 1 and part.isupper() and (part != "A" or until < right or at > left)
        if any(sign.isupper() for sign in part[1:]) or alone:
            found = at if found is None else found
            stop = until
        elif found is not None and part[:1].isupper() and stop == at - 1:
            stop = until  # GPT-Neo, U-Net: who drops this capital misspells a name
        at = until + 1
    return None if found is None else (found, stop)
