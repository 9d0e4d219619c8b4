"""Where a plain title ends: before people, a venue, a year in brackets, the next sentence."""

import re

from bibtool.patterns import pattern
from bibtool.read import people, venue, words
from bibtool.read.claims import EDGE, GONE, Claims
from bibtool.read.titles import tidy

LEADING = pattern(
    rf"^\s*(?:[\[【]([^\[\]【】{GONE}]{{0,120}})[\]】]|[(（]([^()（）{GONE}]{{1,80}})[)）])(?!\()\s*"
)
TRAILING = pattern(r"^(.*\S)\s*[\[(（【]([^\[\]()（）【】]{2,90})[\])）】]\s*[.,]?$", re.DOTALL)
VENUE_STARTS = pattern(
    r"^((?:19|20)\d{2}[-/ ]?[A-Za-z]{3,12}|[A-Z][A-Za-z]{2,12}[-'’ ]{0,2}(?:19|20)\d{2})"
    r"[\s:,-]+(?=[A-Z])"
)
VENUE_ENDS = pattern(r"^(.{12,}?)[\s,]+([A-Z][A-Za-z-]{2,14}['’`]\s?\d{2,4})$", re.DOTALL)
APA = pattern(
    r"^(?P<who>[^()]{3,600}?)[\s,.]*\((?P<year>(?:19|20)\d{2})[a-z]?(?:,[^()]{1,30})?\)[\s.,:]*(?P<rest>\S.*)$",
    re.DOTALL,
)
YEAR_ENDS = pattern(
    r"^(?P<title>.{8,300}?)\s*[(（](?P<claim>[^()（）]{0,60}?(?:19|20)\d{2}[a-z]?)[)）]\s*(?P<rest>\S.*)?$",
    re.DOTALL,
)
STOP = pattern(
    r"(?<![A-Z])(?<!\b[A-Za-z]\b)(?<!\bvs)(?<!et al)(?<!\bvol)(?<!\bv\d)[.。]\s+(?=[\"“A-Z0-9*\[(])"
    r"|[?？!！]\s+(?=[A-Z][a-z'’-]+\s[A-Z]|arXiv|[A-Z]{3,})"
)
DASH = pattern(r"\s+[-–—]{1,2}\s+|\s+by\s+(?=[A-Z])|\s*——\s*")


def cut(text: str) -> tuple[str, str]:
    """A plain text to its title and what follows: year brackets, people, venue, sentences."""
    text = text.strip(EDGE.replace('"', ""))
    if (apa := APA.match(text)) and (
        people.are_names(apa["who"]) or re.search(r"^[A-Z][\w’'-]+, [A-Z]\.", apa["who"])
    ):
        title, leftover = cut(apa["rest"])
        return title, f"{leftover}\n{apa['who']}\n{apa['year']}"
    first, _, rest = _sentence(text)
    if rest and people.are_names(_sentence(rest)[0]) and not people.are_names(first):
        return first, rest
    if (found := YEAR_ENDS.match(text)) and not people.are_names(found["title"]):
        rest = found["rest"] or ""
        if rest[:1] in ",.:;，：" or people.are_names(rest) or not rest:
            return found["title"], f"({found['claim']})\n{rest}"
    sentences = STOP.split(text, maxsplit=1)
    if len(sentences) == 2:
        first, rest = sentences
        if people.are_names(first) or re.search(r"\bet al$", first):
            title, leftover = cut(rest)
            return title, f"{first}\n{leftover}"
        stop = text[len(first)] if text[len(first)] in "?？!！" else ""
        return first + stop, rest
    for dash in DASH.finditer(text):
        rest = text[dash.end() :]
        if people.are_names(rest) or venue.looks_like(rest) or "by" in dash[0]:
            return text[: dash.start()], rest
    return _cut_commas(text)


def _sentence(text: str) -> tuple[str, str, str]:
    """The first sentence, its stop and what follows, as `str.partition` gives them."""
    found = STOP.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _cut_commas(text: str) -> tuple[str, str]:
    """ "Title, A. Author, B. Author, CVPR 2018": the title ends where people or a venue begin."""
    commas = list(re.finditer(r"\s*[,，]\s+", text))
    for comma in commas[:30]:
        rest = text[comma.end() :].strip(EDGE)
        if words.count(text[: comma.start()]) < 3:
            continue
        if venue.looks_like(rest) and (
            venue.year_in(rest) is not None or len(commas) == 1 or venue.is_claim(rest)
        ):
            return text[: comma.start()], rest
        last = re.split(r",\s+", rest)
        if people.are_names(rest) or (
            len(last) > 1 and people.are_names(", ".join(last[:-1])) and venue.looks_like(last[-1])
        ):
            return text[: comma.start()], rest
    return text, ""


def without_claims(title: str, claims: Claims) -> tuple[str, Claims]:
    """A title without brackets that hold venue and year, at its front or its end."""
    for _ in range(3):
        if (end := TRAILING.match(title)) and _is_venue_of(end[1], end[2]) and len(end[1]) > 3:
            claims.take_venue(end[2])
            title = tidy(end[1])
        elif (end := TRAILING.match(title)) and re.search(r"et al\.?,? (?:19|20)\d{2}$", end[2]):
            claims.year = claims.year or venue.year_in(end[2])
            claims.authors = claims.authors or people.names_in(
                re.sub(r",? (?:19|20)\d{2}$", "", end[2])
            )
            title = tidy(end[1])
        elif (start := VENUE_STARTS.match(title)) and venue.is_claim(start[1]):
            claims.take_venue(start[1])
            title = tidy(title[start.end() :])
        elif (end := VENUE_ENDS.match(title)) and venue.looks_like(end[2]):
            claims.take_venue(end[2])
            title = tidy(end[1])
        elif (start := LEADING.match(title)) and venue.looks_like(start[1] or start[2] or "-x-"):
            claims.take_venue(start[1] or start[2] or "")
            title = tidy(title[start.end() :])
        else:
            break
    return title, claims


def _is_venue_of(title: str, inside: str) -> bool:
    """Whether the brackets behind a title name its venue, and not the acronym of its last words."""
    if venue.is_bracketed_claim(inside):
        return True
    if not venue.looks_like(inside):
        return False
    if venue.year_in(inside) is not None or venue.is_date(inside):
        return True
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", title)).lower()
    capitals = "".join(word[0] for word in re.findall(r"\b[A-Z]\w*", title)).lower()
    letters = re.sub(r"[^a-z]", "", inside.lower())
    ends = (letters, letters.removesuffix("s"))
    return not (initials.endswith(ends) or capitals.endswith(ends)) and venue.is_claim(inside)
