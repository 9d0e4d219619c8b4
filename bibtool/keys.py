"""Citation keys: readable, unique, and kept once given. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import count
from string import ascii_lowercase

from bibtool.model import Record

# Words that a title may begin with and that say nothing of the work.
ARTICLES_AND_PREPOSITIONS = frozenset(
    "a an the about above across after against along among around as at before behind below "
    "beneath beside between beyond by despite down during except for from in inside into like near "
    "of off on onto out outside over past per since through throughout to toward towards under "
    "until up upon via with within without "
    "der die das ein eine le la les un une el los las il lo".split()
)
PATTERN = "{family}{year}{word}"

# Letters that have no decomposition into a base letter and an accent.
LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"}
)


def citation_key(record: Record, taken: Collection[str], pattern: str = PATTERN) -> str:
    """A key for `record` that is not in `taken`: `li2024autoregressive`, else `...a`, `...b`.

    `taken` holds keys in lower case, since BibTeX does not tell `Li2024` from `li2024`.
    """
    base = pattern.format(family=_family(record), year=record.year or "", word=_word(record))
    base = _ascii(base, keep=":._/+-") or "untitled"
    return next(key for key in _with_letters(base) if key.lower() not in taken)


def _with_letters(base: str) -> Iterator[str]:
    """base, basea, baseb, ..., basez, base27, base28, ..."""
    yield base
    yield from (base + letter for letter in ascii_lowercase)
    yield from (f"{base}{number}" for number in count(len(ascii_lowercase) + 1))


def _family(record: Record) -> str:
    people = record.authors or record.editors
    if not people:
        return "anonymous"
    first = people[0]
    if first.literal:
        return _words(first.literal)[0] if _words(first.literal) else "anonymous"
    return _ascii(first.family or first.given) or "anonymous"


def _word(record: Record) -> str:
    words = _words(record.title)
    telling = (w for w in words if w not in ARTICLES_AND_PREPOSITIONS)
    return next(telling, words[0] if words else "untitled")


def _words(text: str) -> list[str]:
    # A possessive, an elision and a short prefix are part of their word: "Erdős's" -> "erdoss",
    # "Don't" -> "dont", "E-CAR" -> "ecar", "3D-Consistent" -> "3dconsistent".
    joined = re.sub(r"(?<=\w)['’](?=\w)|(?<![\w-])(\w{1,2})[-‐‑](?=\w)", r"\1", text)
    return [w for w in (_ascii(part) for part in re.split(r"[\W_]+", joined)) if w]


def _ascii(text: str, keep: str = "") -> str:
    folded = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return "".join(c for c in folded if c.isascii() and (c.isalnum() or c in keep))
