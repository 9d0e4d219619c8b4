"""What lists do to a title: documented damage, each with its kind; seeded, so that it repeats."""

import random
import re
import string
import unicodedata
from collections.abc import Callable, Mapping

from bibtool.titles import split

ACCENTS = {"a": "á", "e": "é", "o": "ö", "u": "ü", "i": "í", "n": "ñ", "c": "ç"}
TEX = {"á": r"\'{a}", "é": r"\'{e}", "ö": r"\"{o}", "ü": r"\"{u}", "í": r"\'{\i}", "ñ": r"\~{n}"}
NICKNAMES = ("PRISM", "Atlas", "FlowNet", "DeepMix", "GRACE", "TinyBERT", "Sparrow", "X-Former")
VENUES = ("CVPR 2024", "NeurIPS'23", "ACL 2022", "ICLR 2021 Oral", "KDD'20", "AAAI 2019")

Damage = Callable[[str, random.Random], str]


def exact(title: str, chance: random.Random) -> str:
    return title


def case(title: str, chance: random.Random) -> str:
    return chance.choice([str.lower, str.upper, str.title])(title)


def accents(title: str, chance: random.Random) -> str:
    """Accents lost, or written in TeX."""
    if not title.isascii():
        return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    at = [i for i, c in enumerate(title) if c in ACCENTS]
    if not at:
        return title
    i = chance.choice(at)
    letter = ACCENTS[title[i]]
    return title[:i] + chance.choice([letter, TEX.get(letter, letter)]) + title[i + 1 :]


def typography(title: str, chance: random.Random) -> str:
    """Hyphens, dashes, quotes, a final full stop, entities."""
    turned = title.replace("-", chance.choice(["‐", "–", " ", "-"])).replace("'", "’")
    turned = turned.replace(" and ", chance.choice([" and ", " &amp; ", " & "]))
    return turned + chance.choice(["", "."])


def typo(title: str, chance: random.Random) -> str:
    """One letter wrong, lost, doubled or changed with its neighbour, in a word of five or more."""
    words = title.split(" ")
    long = [i for i, w in enumerate(words) if len(w) >= 5 and w.isalpha()]
    if not long:
        return title
    i = chance.choice(long)
    word, at = words[i], chance.randrange(1, len(words[i]) - 1)
    swapped = word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    wrong = word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :]
    lost, doubled = word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]
    words[i] = chance.choice([swapped, wrong, lost, doubled])
    return " ".join(words)


def lost_subtitle(title: str, chance: random.Random) -> str:
    return split(title)[0] or title


def truncated(title: str, chance: random.Random) -> str:
    words = title.split()
    kept = max(3, int(len(words) * 0.6))
    return " ".join(words[:kept]) + "..."


def nickname(title: str, chance: random.Random) -> str:
    return f"{chance.choice(NICKNAMES)}: {title}"


def swapped_words(title: str, chance: random.Random) -> str:
    words = title.split()
    if len(words) < 5:
        return title
    i = chance.randrange(1, len(words) - 2)
    words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def added_venue(title: str, chance: random.Random) -> str:
    return f"{title} ({chance.choice(VENUES)})"


def other_part(title: str, chance: random.Random) -> str:
    """Another part, version or number of the work: a work of its own, and not in the universe."""
    number = re.search(r"(?<![\w.])(\d{1,2})(?![\w.])", title)
    if number:
        return f"{title[: number.start()]}{int(number[1]) + 37}{title[number.end() :]}"
    return title + chance.choice([", Part 7", " Part VII", " v7", ": Part II", " (Version 3)"])


def notice(title: str, chance: random.Random) -> str:
    return chance.choice(["Correction to: ", "Comment on: ", "Erratum: ", "Reply to: "]) + title


# Forgiven: the same title in another spelling, to be accepted.
FORGIVEN: Mapping[str, Damage] = {
    "exact": exact, "case": case, "accents": accents, "typography": typography,
    "added venue": added_venue,
}  # fmt: skip
# Hurt: it may be the work, and an author beside it decides; a bare one is at most a question.
HURT: Mapping[str, Damage] = {
    "typo": typo, "lost subtitle": lost_subtitle, "truncated": truncated, "nickname": nickname,
    "swapped words": swapped_words,
}  # fmt: skip
# Traps: no work of the universe is meant.
TRAPS: Mapping[str, Damage] = {"other part": other_part, "notice": notice}
