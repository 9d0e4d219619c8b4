"""Which venue arXiv's comment or journal reference names, where the authors say so plainly. Pure.

"Accepted to CVPR 2025 (Oral)" does; "submitted to", a workshop, a challenge, or the extended
version of what was there do not. What cannot be told for certain is not told.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from bibtool.patterns import pattern
from bibtool.titles import clean, fold
from bibtool.venues import Stated, Venue, find, is_workshop, table

_SENTENCE = pattern(r"(?<=[a-z0-9)\]])[.;]\s+|\n|;|\s{2,}")
# Said of a venue, these words mean that this text is not what was published there.
_NOT_THIS = pattern(
    r"\bsubmi(?:tted|ssion)|\bunder (?:peer )?review|\bin review|\brejected|\bwithdrawn|"
    r"\bworkshops?\b|"
    r"\bchallenges?\b|\bcompetition|\btutorial|\bextend(?:s|ed|ing)|\bextension|\bjournal version|"
    r"\b(?:preliminary|earlier|previous|prior|short(?:er)?|abridged|conference|initial|older|longer|"
    r"full) version|\bsupplement\w* to|\bdoctoral|\bkeynote|\b1st place|\bfirst place|\bwinner|"
    r"\bwinning|\bruns? at|\bdemos?\b|\bdemonstration|\boverview of|"
    r"\bstudent (?:abstract|research)|"
    r"\bextended abstract|\bplanned|\bto be submitted|\btarget|\btemplate|\bstyle\b|\bformat|"
    r"\bpart of this|\bportions? of|\ba subset|\bbased on|\bfollow[- ]?up|\bcompanion|\bcomment on|"
    r"\btext overlap|\bsatellite|\bposter session|\bindustry track|\bgrand challenge|"
    r"\b(?:appeared|presented|published|accepted) (?:in part|partially)|\bposition paper for"
)
_SAID = pattern(
    r"\baccept|\bappear|\bpublish|\bpresent|\bcamera|\bproceedings|\bproc\b|\bin press|\boral\b|"
    r"\bspotlight|\bposter\b|\bhighlight|\baward|\bforthcoming|\bbest paper|\bfinal version"
)
# What may stand behind venue and year; another word may be the name of a workshop ("CVPR 2024
# AI4CC"), so it makes the comment unclear.
_AFTER = frozenset(
    "oral orals spotlight spotlights poster posters highlight highlights paper papers main "
    "findings conference camera accepted as and with in at on code project website webpage "
    "page pages github https http supplementary supplemental appendix best outstanding "
    "award long short full regular research track proceedings version final the to datasets "
    "journal talk presentation see this includes including our we for notable top honorable "
    "candidate acceptance rate volume vol doi url link available figures tables also video "
    "first authors equal contribution extended revised updated minor corrected added source "
    "homepage demo published d b arxiv hybrid technical".split()
)


@lru_cache(1 << 14)
def in_comment(text: str) -> Stated | None:
    """Where arXiv's comment says that this paper has appeared or will; None unless it is plain.

    The year is None where an accepting journal or conference is named without one.
    """
    found: dict[Venue, int | None] = {}
    for sentence in _SENTENCE.split(text):
        if _NOT_THIS.search(clean(sentence)) or is_workshop(sentence):
            continue
        for venue, year in _named(sentence):
            found[venue] = found.get(venue) or year
    if len(found) != 1:  # two of them: nobody knows which
        return None
    venue, year = found.popitem()
    return Stated(venue, year)


def in_journal_reference(text: str) -> Stated | None:
    """The venue that begins arXiv's journal_ref: it has appeared, so no word has to say so.

    A name counts only whole: "Quantum Information Processing 12" is not in Quantum.
    """
    if not text or is_workshop(text):
        return None
    year = _year_of_reference(text)
    for cut in (len(text), *(m.start() for m in reversed(list(re.finditer(r"[\s,(:.\d]", text))))):
        head, rest = text[:cut].strip(" ,.(:;"), text[cut:]
        venue = find(head) if len(head) >= 3 else None
        if venue and venue.kind != "server" and _REST.match(rest):
            return Stated(venue, year) if year is None or venue.held_in(year) else None
    return None


# Behind a venue's name come its volume, pages, year or the publisher's series, not more words.
_REST = pattern(
    r"[\s,.(:;]*(?:$|(?:(?:v|vol|volume|no|pages?|pp|p|pmlr|series|ser)\b\.?\s*)?[(\['’]*[A-Z]?\d)",
    re.IGNORECASE,
)
_YEAR = pattern(r"(?<![\d.])((?:19|20)\d\d)(?!\d|\s*[-–]\s*\d)")


def _year_of_reference(text: str) -> int | None:
    """The year in brackets, else the only number that can be one: "D 98, 1998 (2018)"."""
    bracketed = set(re.findall(r"\(\s*(?:\w+\.?\s+)?((?:19|20)\d\d)\s*\)", text))
    years = bracketed or set(_YEAR.findall(text))
    return int(years.pop()) if len(years) == 1 else None


@cache
def _spellings() -> dict[str, Venue]:
    """What may stand in running text, folded."""
    return {
        fold(name): venue
        for venue in table()
        for name in (
            *venue.names,
            venue.full,
            venue.full.removeprefix("Proceedings of the "),
            venue.short,
        )
        if venue.kind != "server" and len(fold(name)) >= 2
    }


@cache
def _by_first_word() -> dict[str, list[str]]:
    """Spellings by the word that they begin with, the longest first."""
    found: dict[str, list[str]] = {}
    for spelling in sorted(_spellings(), key=len, reverse=True):
        found.setdefault(spelling.split(" ")[0], []).append(spelling)
    return found


def _names_in(folded: str) -> Iterator[tuple[int, int]]:
    """Where the name of a venue stands in whole words; of two that begin there, the longer one.

    One pattern of all names does the same, but takes 30 ms to compile.
    """
    end = 0
    for word in _WORD.finditer(folded):
        at = word.start()
        if at < end:
            continue
        for name in _by_first_word().get(word[0], ()):
            stop = at + len(name)
            if folded.startswith(name, at) and not folded[stop : stop + 1].isalnum():
                yield at, (end := stop)
                break


_WORD = pattern(r"\w+")
_BEHIND = pattern(r"(?P<between>(?: \w+){0,3}?) (?P<year>(?:19|20)\d\d)(?: (?P<next>\w+))?(?= |$)")


def _named(sentence: str) -> Iterator[tuple[Venue, int | None]]:
    """Venues in one sentence that says nothing against them, with the year beside them."""
    folded = _year_apart(sentence)
    said = bool(_SAID.search(folded))
    for start, end in _names_in(folded):
        name, rest = folded[start:end], folded[end:]
        venue = _spellings()[name]
        behind = _BEHIND.match(rest)
        if behind and not _only_repeats(behind["between"], venue):
            behind = None
        year = int(behind["year"]) if behind else _year_before(folded[:start])
        after = (behind["next"] or "") if behind else _next_word(rest, venue)
        if after and after not in _AFTER and not after.isdigit():
            continue
        if "findings" in folded and "findings" not in fold(venue.full):
            findings = find(f"Findings of {venue.short}")
            if findings is None:
                continue
            venue = findings
        if year is not None and not venue.held_in(year):
            continue
        if _telling(name, venue, sentence) and (said or (year and venue.kind == "conference")):
            yield venue, year


def _year_apart(sentence: str) -> str:
    """Folded, short years written out: "CVPR'25", "AAAI-25" and "NeurIPS2025" with "2025"."""
    text = re.sub(r"(?<=[A-Za-z])\s?['’‘`-]\s?(\d\d)\b(?!\d)", r" 20\1", sentence)
    return fold(re.sub(r"(?<=[A-Za-z])((?:19|20)\d\d)\b", r" \1", text))


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _only_repeats(between: str, venue: Venue) -> bool:
    """Whether between name and year stands nothing but the short name once more, or a date."""
    words = [w for w in between.split() if w[:3] not in _MONTHS and not w.isdigit()]
    return not words or " ".join(words) in (fold(venue.short), "conference", "nips", "in")


def _year_before(before: str) -> int | None:
    """ "the 2024 IEEE/CVF Conference on ..." """
    found = re.search(
        r"\b((?:19|20)\d\d)(?: ieee| acm| cvf| annual| the| findings| of)*\s*$", before
    )
    return int(found[1]) if found else None


def _next_word(text: str, venue: Venue) -> str:
    words = text.removeprefix(f" {fold(venue.short)}").split()
    return words[0] if words else ""


def _telling(name: str, venue: Venue, sentence: str) -> bool:
    """Whether a short name stands with its capitals: "nature" and "science" are words, too."""
    if len(name.split()) > 1:  # "a machine learning journal" is not the journal of that name
        return not re.search(rf"(?<![A-Za-z]){name}(?![A-Za-z])", sentence)
    written = re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![a-z])", sentence, re.IGNORECASE)
    if written is None:
        return False
    word = written[0]
    return word[:1].isupper() and (len(word) > 3 or word.isupper() or word == venue.short)
