"""Names of authors as lists print them."""

import re
from functools import lru_cache

from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.vocabulary import vocabulary

AND = pattern(r"\s+(?:and|&|et|und|y|e)\s+|\s*[、；;]\s*|，", re.IGNORECASE)
ET_AL = pattern(r",?\s*(?:et\.?\s?al\.?|and others|等人?|ら|외)\s*\.?$|\s*\.\.\.$", re.IGNORECASE)
INITIALS = pattern(r"^(?:[A-Z]\.?[\s-]?){1,4}$")
NAME = pattern(
    r"^(?:[A-ZÀ-ÞŁŚŽČÖÜ][\w’'´`.-]*\.?|[a-z]{1,3}\.|de|da|di|van|von|der|den|del|la|le|el|al|bin|ibn|dos|ter|zu)"
    r"(?:[\s~-]+(?:[A-ZÀ-Þ][\w’'´`.-]*|[A-Z]\.|de|da|di|van|von|der|den|del|la|le|el|al|bin|ibn|dos|ter|zu|Jr\.?|I{1,3})){0,4}[*†‡§∗\d]*$"
)


def names_in(text: str) -> tuple[str, ...]:
    """Names in the order written; "et al." and marks of affiliation left out."""
    text = ET_AL.sub("", " ".join(text.split()).strip(" .,;:*_"))
    if words.says_nothing(text):
        return ()
    if re.search(r"[A-Z][\w’'-]+, (?:[A-Z]\.?[ -]?)+(?:,|;| and|$)", text) or re.search(
        r"\w+, \w[^,]* and \w+, \w", text
    ):
        return _inverted(text)
    parts = [part for chunk in AND.split(text) for part in chunk.split(",")]
    names = [re.sub(r"[*†‡§∗¹²³\d]+$", "", part.strip()).strip() for part in parts]
    return tuple(name for name in names if name and not re.fullmatch(r"(?:and|&|et al\.?)", name))


def _inverted(text: str) -> tuple[str, ...]:
    """ "Doe, J. A., Roe, R. and Poe, E." family name first."""
    if re.search(r"\w+, \w[^,]* and \w+, \w", text) and ";" not in text:
        return tuple(
            " ".join(reversed([p.strip() for p in name.split(",", 1)]))
            for name in re.split(r"\s+and\s+", text)
            if name.strip()
        )
    pieces = [p.strip() for p in re.split(r",|;|\s+(?:and|&)\s+", text) if p.strip()]
    names: list[str] = []
    for piece in pieces:
        if INITIALS.match(piece) and names and not re.match(r"^(?:[A-Z]\.)", names[-1]):
            names[-1] = f"{piece} {names[-1]}"
        else:
            names.append(piece)
    return tuple(names)


@lru_cache(words.REMEMBERED)
def are_names(text: str) -> bool:
    """Whether a text is a row of people rather than a title."""
    plain = ET_AL.sub("", words.bare(text))
    if not plain or len(plain) > 1500 or re.search(r"[?!:]", plain):
        return False
    if plain != words.bare(text) and NAME.match(plain):
        return True  # "Doe et al."
    parts = [
        re.sub(r"^(?:and|&)\s+", "", part.strip())
        for chunk in AND.split(plain)
        for part in chunk.split(",")
    ]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return False
    likely = sum(bool(NAME.match(part)) or bool(INITIALS.match(part)) for part in parts)
    if any(re.search(r"\d{2}", part) for part in parts):
        return False
    whole = sum(len(part.split()) > 1 for part in parts)
    if likely < 0.8 * len(parts) or whole < 0.6 * len(parts):
        return False
    return not any(
        word in vocabulary("people", "no_names") for word in re.findall(r"[a-z]+", plain.lower())
    )
