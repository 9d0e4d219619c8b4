"""Names of people and organisations, from full names and from deposited parts. Pure."""

import re
import unicodedata

from bibtool.model import Name
from bibtool.patterns import pattern

# Words that open a family name when a given name stands before them. Only these: a word in lower
# case may as well be part of a given name ("Kyoo il Kim"). Two-word forms follow word by word.
_PARTICLES = (
    "van von der den dem de del della dello degli dei di da das dos do du des la las le les los lo "
    "el al bin ibn ben ter ten te zu zum zur af av op auf vom 't"
)
# Capital ones count before the last word and after a given name only. Of 60,154 names whose parts
# are known from the ACL Anthology, these began a family name 7 times as often as they ended
# a given name, and most of the latter were the same people, deposited otherwise.
_CAPITALS = "De Del Della Dello Degli Dei Di Dos Von Van Der Den El Al Le La Ben Abu Mc"
_VIETNAMESE = (  # families whose members have Van or Le for a middle name
    "nguyen tran le pham phan vu vo dang bui do ho ngo duong ly huynh hoang truong dinh lam mai "
    "cao ha luong trinh dao doan thai tang quach luu ngoc tien canh cuong linh"
)
_SUFFIXES = "jr sr ii iii iv junior senior filho neto"
PARTICLES = frozenset(_PARTICLES.split())
CAPITALS = frozenset(_CAPITALS.split())
VIETNAMESE = frozenset(_VIETNAMESE.split())
SUFFIXES = frozenset(_SUFFIXES.split())
# The same, where a surname could be meant ("Filho" alone is one in Brazil): never split off.
NEVER_ALONE = frozenset({"junior", "senior", "filho", "neto"})

ORGANISED = pattern(
    r"\b(?:collaborations?|consortium|consortia|teams?|working group|study group|research group"
    r"|group|committee|initiative|network|project|foundation|institute|university|laborator(?:y|ies)"
    r"|association|society|organi[sz]ation|agency|ministry|department|task force"
    r"|investigators|authors|inc\.?|ltd\.?|gmbh|corporation)(?![\w-])",
    re.IGNORECASE,
)
_CJK = pattern(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def in_cjk(text: str) -> bool:
    """Whether any sign of `text` is Chinese, Japanese or Korean."""
    return not text.isascii() and _CJK.search(text) is not None


def organisation(text: str) -> Name:
    """A name that is never split."""
    return Name(literal=" ".join(text.split()))


def is_name(text: str) -> bool:
    """Whether anybody can be called so: arXiv lists ":" among the authors of collaborations."""
    return any(unicodedata.category(letter)[0] in "LN" for letter in text)


def person(full: str) -> Name:
    """Split a full name, "Given van der Family Jr." or "van der Family, Jr., Given".

    A collaboration stays whole. So does a name in Chinese, Japanese or Korean script with
    a blank in it: which part is the family name cannot be known.
    """
    text = " ".join(full.split())
    if ORGANISED.search(text) or (" " in text and in_cjk(text)):
        return organisation(text)
    if "," in text:
        return _with_commas([part.strip() for part in text.split(",")])
    words = text.split(" ")
    words, suffix = _without_suffix(words)
    start = _family_start(words)
    return Name(family=" ".join(words[start:]), given=" ".join(words[:start]), suffix=suffix)


def from_parts(family: str, given: str, suffix: str = "", prefix: str = "") -> Name:
    """A name deposited in parts, mended where a part holds what belongs to another.

    "Raimundo, Jr." as a family name is a family name and a suffix; a name that has only a
    given part is known by one name.
    """
    family, given, suffix = (" ".join(part.split()) for part in (family, given, suffix))
    if "," in family:
        before, _, after = family.rpartition(",")
        if is_suffix(after.strip()) and not suffix:
            family, suffix = before.strip(), after.strip()
    words, found = _without_suffix(given.split(" ")) if family and not suffix else ([], "")
    if found and not is_suffix(given):
        given, suffix = " ".join(words).rstrip(","), found
    if not family:
        family, given = given, ""
    if prefix.strip() and is_particle(prefix):
        family = f"{' '.join(prefix.split())} {family}"
    return Name(family=family, given=given, suffix=suffix)


def is_suffix(word: str) -> bool:
    return word.rstrip(".").lower() in SUFFIXES


def is_particle(words: str) -> bool:
    return all(word.lower() in PARTICLES for word in words.split())


def _with_commas(parts: list[str]) -> Name:
    if len(parts) == 2 and is_suffix(parts[1]):  # "Martin Luther King, Jr."
        name = person(parts[0])
        return Name(family=name.family, given=name.given, suffix=parts[1])
    if len(parts) >= 3 and is_suffix(parts[1]):
        return Name(family=parts[0], given=" ".join(parts[2:]), suffix=parts[1])
    if len(parts) == 3 and is_suffix(parts[2]):
        return Name(family=parts[0], given=parts[1], suffix=parts[2])
    return Name(family=parts[0], given=", ".join(part for part in parts[1:] if part))


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    """Take "Jr.", "III" and their like off the end; a name keeps at least two words."""
    last = words[-1] if words else ""
    if len(words) < 3 or not is_suffix(last) or last.rstrip(".").lower() in NEVER_ALONE:
        return words, ""
    return words[:-1], last


def _family_start(words: list[str]) -> int:
    """Where the family name begins: at the first particle, or at the last word, and then at
    the capital particles right before that ("Luc Van Gool", "Ann Van der Berg")."""
    last = max(len(words) - 1, 0)
    start = next((n for n, word in enumerate(words[:-1]) if word in PARTICLES), last)
    if start == last and last and _folded(words[last]) in VIETNAMESE:
        return start  # "Kiet Van Nguyen": a middle name
    while start > 1 and words[start - 1] in CAPITALS:
        start -= 1
    return start


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
