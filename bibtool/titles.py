"""What two spellings of one title have in common: folding, subtitles, numbers, notices. Pure.

`fold` is what everybody compares by; the rest says what folding must not hide.
"""

import re
import unicodedata
from functools import lru_cache

from bibtool.entities import unescape
from bibtool.patterns import pattern

CACHE = 1 << 16  # titles remembered; a run compares each with many others

# Tags that registries leave in titles; anything else in angle brackets is text ("x<y and y>z").
# https://www.crossref.org/documentation/schema-library/markup-guide-metadata-segments/face-markup/
_TAG_NAMES = (
    r"(?:jats:|mml:)?(?:i|b|u|em|strong|sub|sup|inf|sc|scp|tt|ovl|small|span|font|bold|italic|p|br"
    r"|underline|overline|monospace|sans-serif|roman|title|inline-formula|alternatives|math|mrow"
    r"|m[a-z]{1,13}|semantics|xref|a|ext-link|named-content|styled-content)"
)
_TAG = pattern(rf"</?{_TAG_NAMES}(?:\s[^<>]*)?/?>", re.IGNORECASE)
# The same formula once more, in TeX, beside its MathML.
_TWICE = pattern(
    r"<(?:jats:|mml:)?(annotation|tex-math)\b[^>]*>.*?</(?:jats:|mml:)?\1>", re.IGNORECASE | re.S
)

_TEX_LETTERS = {
    "ss": "ss", "o": "o", "O": "O", "l": "l", "L": "L", "ae": "ae", "AE": "AE", "oe": "oe",
    "OE": "OE", "aa": "a", "AA": "A", "i": "i", "j": "j", "dh": "d", "th": "th", "ell": "l",
    "LaTeX": "latex", "TeX": "tex", "times": "x", "textendash": "-", "textemdash": "-",
}  # fmt: skip
_TEX_SILENT = frozenset(
    "text textbf textit textsl textsc texttt textrm textsf textup textmd textnormal emph bf it rm "
    "sc tt sf sl em mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldmath "
    "boldsymbol bm operatorname ensuremath mbox hbox left right big Big displaystyle textstyle "
    "hspace vspace thinspace hskip kern protect relax nobreak noindent uppercase lowercase "
    "MakeUppercase hat tilde bar vec dot ddot acute grave breve check overline underline quad "
    "textsuperscript textsubscript nocase enquote textquoteright textquoteleft textquotedblleft "
    "textquotedblright xspace limits nolimits".split()
)
_TEX_ACCENT = pattern(
    r"""\\(?:["'`^~=.]\s*|[cvuHkrdbt](?=[\s{])\s*)(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))"""
)
_TEX_COMMAND = pattern(r"\\([A-Za-z]+)\*?(?:\s+(?=[A-Za-z])|\{\})?")
_TEX_SIGN = pattern(r"\\([&%#$_{}])")
_TEX_SPACE = pattern(r"\\[\s,;:!\\-]|~")

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "×": "x",
     "ħ": "h", "ŋ": "n", "ʻ": "", "ʼ": "", "’": "", "‘": "", "'": "", "`": "", "´": "", "＇": "",
     "&": " and ", "–": "-", "—": " - ", "−": "-", "‐": "-", "‑": "-", "\u00ad": "",
     "\u200b": "", "\u2060": "", "\ufeff": ""}
)  # fmt: skip
_GREEK_NAMES = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
        "sigma tau upsilon phi chi psi omega".split(),
        strict=True,
    )
)
# A letter or two standing for a formula; a longer run is a Greek word and stays one.
_GREEK = pattern(r"(?<![α-ωά-ώ])[α-ω]{1,2}(?![α-ωά-ώ])")
_COMBINING = pattern("[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]")
_NOT_WORD = pattern(r"[^a-z0-9]+")
_THOUSANDS = pattern(r"(?<=\d),(?=\d{3}(?!\d))")
_CJK = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(CACHE)
def clean(text: str) -> str:
    """Lower case without markup and accents; punctuation still stands."""
    text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", _TWICE.sub("", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "\\" in text or "$" in text or "{" in text or "~" in text:
        text = _without_tex(text)
    text = text.casefold()
    if not text.isascii():
        text = _GREEK.sub(lambda m: " ".join(_GREEK_NAMES.get(c, c) for c in m[0]), text)
        text = _COMBINING.sub("", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", text)
    return text.translate(_LETTERS)


def _without_tex(text: str) -> str:
    text = _TEX_ACCENT.sub(lambda m: m[1] or m[2], text)
    text = _TEX_SIGN.sub(lambda m: "&" if m[1] == "&" else " ", text)
    text = _TEX_COMMAND.sub(_command, _TEX_SPACE.sub(" ", text))
    return re.sub(r"[{}$^_]", "", text)


def _command(found: re.Match[str]) -> str:
    name = found[1]
    if name in _TEX_SILENT:
        return ""
    return _TEX_LETTERS.get(name) or f"{name.removeprefix('var')} "


@lru_cache(CACHE)
def fold(text: str) -> str:
    """`text` for comparison: words in lower case joined by one blank.

    Accents, TeX, HTML, MathML, entities, hyphens and punctuation are gone. "" stays "".
    """
    plain = clean(text)
    if plain.isascii():
        return _NOT_WORD.sub(" ", plain).strip()
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)
    return " ".join("".join(kept).split())


_MOVED = pattern(r"^(.{3,}), (the|an?|der|die|das|le|la|les|el|il)$", re.IGNORECASE)


@lru_cache(CACHE)
def key(text: str) -> str:
    """Equal for spellings of one title: blanks do not count ("pre-training", "pretraining"),
    nor a moved article ("Art of War, The") or how a part is numbered ("Part II", "Part 2")."""
    if moved := _MOVED.match(text.strip()):
        text = f"{moved[2]} {moved[1]}"
    return "".join(_ROMAN.get(word, word) for word in _number_parts(fold(text)).split())


def is_short(text: str) -> bool:
    """Whether a title says too little to be told from others without an author."""
    folded = fold(text)
    # One sign says about as much as two letters.
    asian = 0 if folded.isascii() else len(_CJK.findall(folded))
    words = len(folded.split()) + asian // 2
    letters = len(folded.replace(" ", "")) + asian
    return words < SHORT_WORDS or letters < SHORT_LETTERS


SHORT_WORDS = 4  # "Deep Learning", "Attention Is All" name many works
SHORT_LETTERS = 20

_SUBTITLE = pattern(
    r"\s*(?:[:：]\s+|(?<=\w{3})[:：](?=[^\W\d])|\s[-–—]+\s|—|[?!？！]\s+|(?<=[^\W\d]{3})\.\s+)\s*"
)


def split(text: str) -> tuple[str, str]:
    """Main title and subtitle; the subtitle is empty where there is none."""
    if "<" in text:
        text = _TAG.sub("", _TWICE.sub("", text))
    parts = _SUBTITLE.split(text.strip(), maxsplit=1)
    if len(parts) == 2 and fold(parts[0]) and fold(parts[1]):
        return parts[0], parts[1]
    return text, ""


# Numbers.

_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11",
    "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18",
    "xix": "19", "xx": "20",
}  # fmt: skip
_ROMAN_LETTER = {"i": "1", "v": "5", "x": "10"}  # numerals only where a part is counted
_NUMBER_WORDS = {
    word: str(number)
    for number, words in enumerate(
        "one first|two second|three third|four fourth|five fifth|six sixth|seven seventh|"
        "eight eighth|nine ninth|ten tenth|eleven eleventh|twelve twelfth".split("|"),
        start=1,
    )
    for word in words.split()
}
_PART_WORDS = (
    "part|parts|pt|volume|vol|chapter|section|paper|book|number|no|phase|version|edition|series|"
    "appendix|supplement|lecture|episode|study|experiment|report|teil|band|partie|tome|parte"
)
_PART = pattern(rf"\b({_PART_WORDS}) (\w+)\b")
_LAST = pattern(r"\b([ivx])(?=\s*(?:[:.(,-]|$))")
_DIGITS = pattern(r"\d+(?:\.\d+)*")
_MARK = pattern(r"(?<=[a-z0-9])(\+{1,2}|#)(?=\W|$)")
_TOKEN = pattern(r"\d+(?:\.\d+)*|[^\W\d_]+|(?<=[a-z0-9])(?:\+{1,2}|#)(?=\W|$)")


def _number_parts(folded: str) -> str:
    """Write the number after "part", "volume" and the like in digits: "part one" -> "part 1"."""
    return _PART.sub(lambda m: f"{m[1]} {_as_digits(m[2])}", folded)


def _as_digits(word: str) -> str:
    return _ROMAN.get(word) or _ROMAN_LETTER.get(word) or _NUMBER_WORDS.get(word) or word


@lru_cache(CACHE)
def numbers(text: str) -> tuple[str, ...]:
    """What is counted in a title, in order: digits, Roman numerals, number words, "+" and "#".

    "VARGPT-v1.1" is ("1.1",), "Widgets, Part II" and "Widgets 2" are ("2",), "PointNet++" is
    ("++",). Two titles of one work have the same numbers.
    """
    plain = _THOUSANDS.sub("", clean(text)).strip()
    plain = _LAST.sub(lambda m: _ROMAN_LETTER[m[1]], plain)
    plain = _PART.sub(lambda m: f"{m[1]} {_part_mark(m[2])}", plain)
    found = (_counted(token) for token in _TOKEN.findall(plain))
    return tuple(number for number in found if number)


def _part_mark(word: str) -> str:
    """The number of a part in digits; "Part A" is the first part, too."""
    digits = _as_digits(word)
    lettered = len(word) == 1 and digits == word and "a" <= word <= "z"
    return str(ord(word) - ord("a") + 1) if lettered else digits


def _counted(token: str) -> str:
    if token[0].isdigit():
        return token.lstrip("0") or "0"
    if token[0] in "+#":
        return token
    return _ROMAN.get(token) or _NUMBER_WORDS.get(token, "")


_COUNTS_PARTS = pattern(
    rf"\b(?:{_PART_WORDS})\.? (?:\d|[ivx]+\b|[a-d]\b|one\b|two\b|three\b)"
    r"|^\W*(?:[ivx]+|\d+)\W|\b[ivx]{2,}\b|\b[ivx]\s*$|\bv(?:ersion )?\d"
)


def counts_parts(text: str) -> bool:
    """Whether `text` says which part or version something is: "Part II: Theory", "II. Theory"."""
    return bool(_COUNTS_PARTS.search(clean(text).strip()))


# Notices: what is written about a work and carries its title.

_NOTICE = pattern(
    r"(?:(?:publisher|author|editorial|authors)s? )?"
    r"(correction|corrections|erratum|errata|corrigendum|corrigenda|addendum|retraction|withdrawal|"
    r"expression of concern|removal|comment|comments|commentary|reply|response|rejoinder|"
    r"discussion|author response|decision letter|peer review|review|book review|referee report|"
    r"editors note|editorial|supplementary materials?|supplemental materials?|supplement|"
    r"supporting information|additional file \w+|data from|dataset for|figures? \w+|table \w+|"
    r"code for|replication data|faculty opinions recommendation|preface|foreword|"
    r"table of contents|front matter|cover)"
    r"(?: notice| note| report \w+| letter)?(?: to(?: the)?| on| of| for| from| concerning| in|"
    r" regarding)?(?: the)?(?: article| paper)?(?: |$)"
)
_NOTICE_ALONE = frozenset({"discussion", "supplement", "cover", "response", "comment", "reply"})
_NOTICE_LEAD = pattern(
    r"^\W*(?:[\w’' ]{0,40}?)(?:[:：.\]]|\bto\b|\bon\b|\bof\b|\bfor\b|\bfrom\b|$)"
)
_NOTICE_TAIL = pattern(
    r"(?:\s*[:–—(\[]\s*|\s-+\s)(correction|erratum|errata|corrigendum|corrigenda|retraction|retracted|comment|"
    r"reply|rejoinder|discussion|addendum|supplementary material|supporting information)"
    r"(?: notice| note)?\s*[)\]]?\.?$"
)
_RETRACTED = pattern(r"^\W*(?:retracted|withdrawn|removed)(?: article| paper| chapter)?\s*[:\]]\s*")


@lru_cache(CACHE)
def notice(text: str) -> str:
    """What kind of notice a title announces ("correction", "comment", "reply"), or "".

    Genuine titles may begin alike ("Response to ..."): compare it between two titles only.
    """
    plain = clean(text)
    found = _NOTICE.match(fold(text))
    if not found or not _NOTICE_LEAD.match(plain):
        tail = _NOTICE_TAIL.search(plain)
        return tail[1] if tail else ""
    bare = found[0].strip() == found[1]  # no "to", "on" or "of" behind it
    if bare and found[1] in _NOTICE_ALONE and not re.match(r"\W*\w+\s*[:：]", plain):
        return ""
    return found[1]


def retracted(text: str) -> str:
    """The title behind "RETRACTED:" or "WITHDRAWN:", which publishers put before the work's own;
    "" where nothing of the kind stands."""
    lowered = text.casefold()
    found = _RETRACTED.match(lowered)
    return text[found.end() :] if found and len(lowered) == len(text) else ""
