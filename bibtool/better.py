"""The better form of a title and of names, where several versions of one work state them. Pure.

Registries hold titles in capitals and names without their accents; preprint servers hold the
authors' own spelling. The words are the most trusted candidate's, the form may be another's.
"""

import re
from collections.abc import Sequence

from bibtool.model import Candidate, Name
from bibtool.patterns import pattern
from bibtool.people import same_person
from bibtool.titles import fold

_ACRONYM = pattern(r"\b\w*[A-Z]\w*[A-Z]\w*\b")
_MARKUP = pattern(r"</?[a-zA-Z][^<>]*>|&(?:amp;)?(?:lt|gt|amp|quot|#\d+);")


def better_title(candidates: Sequence[Candidate]) -> Candidate:
    """The candidate whose title to print: the most trusted one's words in their best spelling."""
    titled = [c for c in candidates if c.record.title]
    if not titled:
        return candidates[0]
    first = titled[0]
    same = [c for c in titled if _whole(c) == _whole(first)]
    return min(same, key=lambda c: (_blemishes(c), -_merits(c)))


def _whole(candidate: Candidate) -> str:
    return fold(f"{candidate.record.title} {candidate.record.subtitle}")


def _blemishes(candidate: Candidate) -> int:
    title = candidate.record.title
    return (title.isupper() and len(title.split()) > 1) + bool(_MARKUP.search(title))


def _merits(candidate: Candidate) -> int:
    """Acronyms, formulas and letters with accents: what a careless deposit loses."""
    text = f"{candidate.record.title} {candidate.record.subtitle}"
    letters = sum(not c.isascii() and c.isalpha() for c in text)
    return len(_ACRONYM.findall(text)) + text.count("$") + letters


def better_names(candidates: Sequence[Candidate]) -> tuple[tuple[Name, ...], str]:
    """The authors, and whose list it is: the most trusted list, each name in its best spelling."""
    listed = [c for c in candidates if c.record.authors]
    if not listed:
        return (), candidates[0].source
    chosen = listed[0]
    for other in listed[1:]:
        others = other.record.authors
        if len(others) > len(chosen.record.authors) and _begins(chosen.record.authors, others):
            chosen = other
    names = chosen.record.authors
    for other in listed:
        others = other.record.authors
        if others != names and _begins(others, names):
            pairs = zip(names, others, strict=False)
            names = (*(max(pair, key=_wealth) for pair in pairs), *names[len(others) :])
    return names, chosen.source


def _begins(names: Sequence[Name], others: Sequence[Name]) -> bool:
    """Whether `names` are the people with whom `others` begins, all of them perhaps."""
    return len(names) <= len(others) and all(map(same_person, names, others))


def _wealth(name: Name) -> tuple[bool, int, int]:
    """Not in capitals, with its accents, with given names and not their initials."""
    text = name.literal or f"{name.given} {name.family}"
    accents = sum(not c.isascii() for c in text)
    spelled_out = len(re.sub(r"\b\w\.?(?=[\s.-]|$)", "", name.given).strip())
    family_in_capitals = len(name.family) > 3 and name.family.isupper()
    return not family_in_capitals, accents, spelled_out
