"""How two titles differ: which words, and whether the difference is one that lists make. Pure.

Never by one figure alone: "Part I" and "Part II" are 98 % alike, "Denoising Diffusion" and
"Improved Denoising Diffusion" 90 %. So the words that differ are looked at one by one.
rapidfuzz is loaded where letters have to be compared: most titles are equal when folded.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from bibtool.titles import counts_parts, fold, is_short, key, numbers, split

Relation = Literal[
    "same",  # every word, when folded
    "nickname",  # the same behind a nickname: "VAR: Visual ..."
    "subtitle",  # the other has a subtitle that this one lacks
    "typing",  # a few typing errors, endings, articles, prepositions
    "order",  # two neighbouring words changed places
    "cut",  # the one begins like the other and stops
    "part",  # the one stands whole within the other
    "words",  # some words differ
    "far",
]


class Likeness(Struct, frozen=True, gc=False):
    """`distance` is 0 (same) to 1; `differing` the words that only one of the two has."""

    relation: Relation
    distance: float
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    same_numbers: bool = True
    lost: str = ""  # the nickname or subtitle that one of the two lacks
    lost_by_record: bool = False  # the candidate lacks it; else the claim does


# Shares of 1.0, set on the development half of benchmarks/matching.
NICKNAME = 0.03
SUBTITLE = 0.05
TYPING_ERROR = 0.03  # each
SMALL_WORD = 0.02  # each article, preposition
ORDER = 0.06
CUT = 0.08
WORDS = 0.30  # at least, where words with a meaning differ

FAR = 0.55  # of 1.0 alike in letters; below, no word is compared
MOST_ERRORS = 3
_ARTICLES = frozenset({"a", "an", "the"})
_SMALL = _ARTICLES | frozenset("of for in on with via by using through and at".split())
_ENDINGS = frozenset({"s", "es", "d", "ed", "ing", "al", "ly", "er"})
_ERROR_FROM = 5  # letters of a word in which one wrong letter is a typing error
_TWO_ERRORS_FROM = 9


def likeness(mine: str, theirs: str) -> Likeness:
    """Compare the claimed title `mine` with a candidate's whole title `theirs`."""
    if mine == theirs:
        return Likeness("same", 0.0)
    same_numbers = numbers(mine) == numbers(theirs)
    if key(mine) == key(theirs):
        return Likeness("same", 0.0, same_numbers=same_numbers)
    boundary = _at_boundary(mine, theirs)
    if boundary is not None:
        return boundary
    words_a, words_b = fold(mine).split(), fold(theirs).split()
    if not words_a or not words_b:  # a bare link, most often
        return Likeness("far", 1.0, same_numbers=False)
    if cut := _cut(mine, words_a, words_b, theirs):
        return cut
    from rapidfuzz.distance import Indel

    alike = Indel.normalized_similarity(key(mine), key(theirs), score_cutoff=FAR)
    if alike == 0.0:
        return _within(words_a, words_b, same_numbers) or Likeness("far", 1.0, same_numbers=False)
    if _swapped(words_a, words_b):
        return Likeness("order", ORDER, same_numbers=same_numbers)
    found = _word_by_word(words_a, words_b, 1 - alike, same_numbers)
    if found.relation == "words":
        return _within(words_a, words_b, same_numbers) or found
    return found


def _at_boundary(mine: str, theirs: str) -> Likeness | None:
    """The same but for a nickname or subtitle that one of them lacks."""
    for whole, other, sign in ((mine, theirs, 1), (theirs, mine, -1)):
        main, sub = split(whole)
        if not sub:
            continue
        if _same(sub, other) and _is_nickname(main):
            return replace(
                _lacking("nickname", NICKNAME, main, sub, other), lost_by_record=sign > 0
            )
        if _same(main, other):
            # Who cites a short form drops the subtitle; a list seldom invents one.
            cost = SUBTITLE if sign < 0 else 1.5 * SUBTITLE
            return replace(_lacking("subtitle", cost, sub, main, other), lost_by_record=sign > 0)
    return None


def _lacking(relation: Relation, cost: float, lost: str, rest: str, other: str) -> Likeness:
    same_numbers = numbers(rest) == numbers(other) and not counts_parts(lost)
    if relation == "nickname":
        same_numbers = numbers(rest) == numbers(other)
    return Likeness(relation, cost, same_numbers=same_numbers, lost=lost)


def _same(a: str, b: str) -> bool:
    return key(a) == key(b)


def _is_nickname(text: str) -> bool:
    """ "VAR", "FastVAR", "VARGPT-v1.1": what a paper calls its method before the colon."""
    words = text.split()
    return len(words) <= 2 and not text.islower() and len(fold(text).split()) <= 4


def _cut(mine: str, words_a: list[str], words_b: list[str], theirs: str) -> Likeness | None:
    """Whether `mine` is the beginning of `theirs`, the last word perhaps broken off."""
    n = len(words_a)
    if not n or n > len(words_b) or is_short(mine):
        return None
    if words_a[:-1] != words_b[: n - 1] or not words_b[n - 1].startswith(words_a[-1]):
        return None
    rest = " ".join(words_b[n:])
    mine_numbers = numbers(mine)
    same = mine_numbers == numbers(theirs)[: len(mine_numbers)] and not counts_parts(rest)
    return Likeness("cut", CUT, theirs=tuple(words_b[n:]), same_numbers=same)


def has_ellipsis(title: str) -> bool:
    return title.rstrip(" \"'”’)").endswith(("...", "…"))


def _swapped(words_a: Sequence[str], words_b: Sequence[str]) -> bool:
    if len(words_a) != len(words_b) or len(words_a) < 4:
        return False
    at = [i for i, (a, b) in enumerate(zip(words_a, words_b, strict=True)) if a != b]
    if len(at) != 2 or at[1] != at[0] + 1:
        return False
    i = at[0]
    return words_a[i] == words_b[i + 1] and words_a[i + 1] == words_b[i]


def _within(words_a: list[str], words_b: list[str], same_numbers: bool) -> Likeness | None:
    """Whether the shorter title stands whole within the longer one."""
    short, long = sorted((words_a, words_b), key=len)
    text = " ".join(short)
    if is_short(text) or f" {text} " not in f" {' '.join(long)} ":
        return None
    lost = f" {' '.join(long)} ".replace(f" {text} ", " ", 1).split()
    mine, theirs = ((), tuple(lost)) if short is words_a else (tuple(lost), ())
    return Likeness(
        "part", WORDS, mine, theirs, same_numbers=same_numbers or not counts_parts(" ".join(lost))
    )


def _word_by_word(
    words_a: list[str], words_b: list[str], unlike: float, same_numbers: bool
) -> Likeness:
    from rapidfuzz.distance import Levenshtein

    cost, errors = 0.0, 0
    mine: list[str] = []
    theirs: list[str] = []
    for change in Levenshtein.opcodes(words_a, words_b):
        if change.tag == "equal":
            continue
        a = words_a[change.src_start : change.src_end]
        b = words_b[change.dest_start : change.dest_end]
        small = _small_change(a, b)
        if small is None:
            mine += a
            theirs += b
        else:
            cost += small
            errors += small > 0
    if mine or theirs:
        distance = max(WORDS, min(1.0, 2 * unlike) + cost)
        return Likeness("words", distance, tuple(mine), tuple(theirs), same_numbers)
    if errors > MOST_ERRORS or errors > max(1, len(words_b) // 3):
        return Likeness("words", WORDS + cost, tuple(words_a), tuple(words_b), same_numbers)
    return Likeness("typing", cost, same_numbers=same_numbers)


def _small_change(a: Sequence[str], b: Sequence[str]) -> float | None:
    """What it costs to forgive `a` for `b`; None where it cannot be forgiven."""
    if "".join(a) == "".join(b):
        return 0.0
    if all(word in _SMALL for word in (*a, *b)) and max(len(a), len(b)) <= 2:
        both = set(a) | set(b)
        return SMALL_WORD if both <= _ARTICLES else TYPING_ERROR
    if len(a) == len(b):
        if all(x == y or typing_error(x, y) for x, y in zip(a, b, strict=True)):
            return TYPING_ERROR * len(a)
        return None
    # A blank lost or won together with a wrong letter: "pretraning" for "pre training".
    joined_a, joined_b = "".join(a), "".join(b)
    if max(len(a), len(b)) == 2 and min(len(a), len(b)) == 1 and typing_error(joined_a, joined_b):
        return 2 * TYPING_ERROR
    return None


def typing_error(a: str, b: str) -> bool:
    """Whether `a` is `b` mistyped or with another ending, not another word.

    "supervised" is not "unsupervised" mistyped, nor "symmetric" "asymmetric": what stands
    before a word turns its meaning.
    """
    short, long = sorted((a, b), key=len)
    if any(c.isdigit() for c in short + long) or long.endswith(short):
        return False
    if long.startswith(short):
        return len(short) >= 3 and long[len(short) :] in _ENDINGS
    if len(short) < _ERROR_FROM - 1 or len(long) < _ERROR_FROM:
        return False
    from rapidfuzz.distance import OSA

    allowed = 2 if len(long) >= _TWO_ERRORS_FROM else 1
    return OSA.distance(short, long, score_cutoff=allowed) <= allowed and not _turned(short, long)


_TURNING = (
    "un",
    "in",
    "im",
    "non",
    "dis",
    "anti",
    "multi",
    "bi",
    "under",
    "over",
    "homo",
    "hetero",
)


def _turned(a: str, b: str) -> bool:
    """Whether a prefix that turns the meaning stands before one of the words only."""
    for prefix in _TURNING:
        if a.startswith(prefix) != b.startswith(prefix) and abs(len(a) - len(b)) >= len(prefix) - 1:
            return True
    return False
