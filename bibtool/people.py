"""Whether two names are one person's: initials, particles, accents, spellings. Pure.

Strict where it counts: "J. Smith" may be "John Smith", "Wei Zhang" is not "Wenwu Zhang".
"""

from collections.abc import Sequence
from functools import lru_cache

from bibtool.model import Name
from bibtool.titles import fold

# Short forms that do not begin like the name they stand for. A plain beginning ("Alex" for
# "Alexander") needs no line here.
_SHORT_FORMS = {
    "andy": "andrew", "becky": "rebecca", "bernie": "bernard", "beth": "elizabeth",
    "betty": "elizabeth", "bill": "william", "bob": "robert", "bobby": "robert",
    "charlie": "charles", "chuck": "charles", "dave": "david", "dick": "richard",
    "don": "donald", "ed": "edward", "eddie": "edward", "frank": "francis", "fred": "frederick",
    "gene": "eugene", "geoff": "geoffrey", "hank": "henry", "harry": "harold", "jack": "john",
    "jake": "jacob", "jerry": "gerald", "jim": "james", "jimmy": "james", "joe": "joseph",
    "johnny": "john", "kate": "katherine", "kathy": "katherine", "katie": "katherine",
    "ken": "kenneth", "larry": "lawrence", "liz": "elizabeth", "maggie": "margaret",
    "mike": "michael", "molly": "mary", "nick": "nicholas", "peggy": "margaret",
    "randy": "randall", "rick": "richard", "rob": "robert", "ron": "ronald", "sasha": "alexander",
    "steve": "steven", "sue": "susan", "ted": "theodore", "terry": "terence", "tim": "timothy",
    "tom": "thomas", "tony": "anthony", "vladimir": "volodymyr", "will": "william",
    "stephen": "steven", "josh": "joshua", "phil": "philip", "jon": "john",
    "jeff": "jeffrey", "matt": "matthew", "greg": "gregory",
}  # fmt: skip
_PARTICLES = frozenset(
    "van von der den de la le du des del della di da do dos das ter ten te zu zur af av al el bin "
    "ibn st saint y e".split()
)
_NOBODY = frozenset({"et al", "others", "and others", "et alii", "anonymous", "anon", "unknown"})
_NOBODY_ENDS = frozenset(words.split()[-1] for words in _NOBODY)
_LONG_NAME = 6  # letters from which one wrong letter is a typing error and not another name


def named(people: Sequence[Name]) -> tuple[Name, ...]:
    """Those of `people` who are named: "et al." and empty names left out."""
    return tuple(filter(is_named, people))


def is_named(person: Name) -> bool:
    """Whether this is somebody, and not "et al." or nobody."""
    family = person.family
    if family.isascii() and family.isalpha() and not person.literal:  # folding takes its time
        return family.lower() not in _NOBODY_ENDS or not _is_nobody(person)
    return not _is_nobody(person)


@lru_cache(1 << 16)
def _is_nobody(person: Name) -> bool:
    words = _all_words(person)
    return not words or " ".join(words) in _NOBODY


@lru_cache(1 << 16)
def same_person(a: Name, b: Name) -> bool:
    """Whether `a` and `b` can be one person, or one organisation."""
    if a.literal or b.literal:
        return _same_words(a, b)
    if _same_family(fold(a.family), fold(b.family)) and _same_given(a.given, b.given):
        return True
    # Chinese, Hungarian and Japanese names stand in either order in registries and lists.
    return bool(a.given and b.given) and _same_words(a, b)


def _all_words(name: Name) -> list[str]:
    return fold(name.literal or f"{name.given} {name.family}").split()


def _same_words(a: Name, b: Name) -> bool:
    words = sorted(_all_words(a))
    return bool(words) and words == sorted(_all_words(b))


def _same_family(a: str, b: str) -> bool:
    if not a or not b:
        return False
    if a.replace(" ", "") == b.replace(" ", ""):  # "Le Cun", "LeCun"
        return True
    a, b = _bare(a), _bare(b)
    squeezed_a, squeezed_b = a.replace(" ", ""), b.replace(" ", "")
    if squeezed_a == squeezed_b or _spelt_out(squeezed_a) == _spelt_out(squeezed_b):
        return True
    if min(len(squeezed_a), len(squeezed_b)) >= _LONG_NAME:
        return _one_letter_off(squeezed_a, squeezed_b) or _half_of(a, b)
    return _half_of(a, b)


def _bare(family: str) -> str:
    """Without particles: "van den berg" -> "berg"; a name of particles alone stays."""
    words = [word for word in family.split() if word not in _PARTICLES]
    return " ".join(words) or family


def _spelt_out(family: str) -> str:
    """ "mueller" -> "muller": umlauts written out, where folding has only dropped the dots."""
    return family.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _half_of(a: str, b: str) -> bool:
    """A double name is written whole or by either half: "garcia marquez", "garcia"."""
    words_a, words_b = a.split(), b.split()
    if len(words_a) == len(words_b):
        return False
    short, long = sorted((words_a, words_b), key=len)
    return len(short) == 1 and len(short[0]) > 2 and short[0] in (long[0], long[-1])


def _same_given(a: str, b: str) -> bool:
    words_a, words_b = _given(a), _given(b)
    if not words_a or not words_b:
        return True
    if "".join(words_a) == "".join(words_b) or _same_first(words_a, words_b):
        return True
    # "J. Robert" is called Robert: a full name that both have.
    return any(len(word) > 2 and word in words_b for word in words_a)


def _given(text: str) -> list[str]:
    """Given names folded, initials as single letters: "J.-P." and "JP" are ["j", "p"]."""
    words: list[str] = []
    for word in text.replace("-", " ").replace(".", " ").split():
        folded = fold(word)
        together = len(word) == 2 and word.isupper()
        words.extend(folded if together else [folded] if folded else [])
    return words


def _same_first(words_a: Sequence[str], words_b: Sequence[str]) -> bool:
    short, long = sorted((words_a[0], words_b[0]), key=len)
    if len(short) == 1:
        return short == long[0] and _same_second(words_a, words_b)
    if short == long or (
        len(short) >= SHORT_FORM and len(long) - len(short) >= SHORT_FORM and long.startswith(short)
    ):
        return _same_second(words_a, words_b)
    if _SHORT_FORMS.get(short, short) == _SHORT_FORMS.get(long, long):
        return True
    return len(short) >= _LONG_NAME and _one_letter_off(short, long)


def _one_letter_off(a: str, b: str) -> bool:
    from rapidfuzz.distance import OSA  # heavy; most names are equal or have other letters

    return OSA.distance(a, b, score_cutoff=1) <= 1


# "Alex" is "Alexander" and "Sam" is "Samuel", but "Yan" is not "Yang", nor "Xi" "Xin".
SHORT_FORM = 3


def _same_second(words_a: Sequence[str], words_b: Sequence[str]) -> bool:
    """Second names that both state begin alike: "J. A." is not "J. B."."""
    if len(words_a) < 2 or len(words_b) < 2:
        return True
    return words_a[1][0] == words_b[1][0] or words_a[-1][0] == words_b[-1][0]
