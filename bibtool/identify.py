"""Text or URL to identifiers in normal form. Nothing is invented: what is malformed is a problem.

arXiv numbers: https://info.arxiv.org/help/arxiv_identifier.html
DOIs: https://www.doi.org/doi-handbook/HTML/index.html
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from bibtool.entities import unescape
from bibtool.model import Identifier, identifier
from bibtool.patterns import pattern

Found = tuple[tuple[Identifier, ...], tuple[str, ...]]

# The hosts that show arXiv papers under their numbers; the number follows one of these words.
ARXIV_URL = pattern(
    r"(?<![\w-])(?:arxiv\.org/+(?:abs|pdf|html|ps|format|src|e-print|list|a)/+"
    r"|xxx\.lanl\.gov/+(?:abs|pdf|ps)/+"
    r"|ar5iv\.(?:labs\.arxiv\.org|org)/+(?:html|abs|pdf)/+|ar5iv\.org/+"
    r"|alphaxiv\.org/+(?:abs|pdf|overview|html)/+"
    r"|arxiv-vanity\.com/papers/+"
    r"|huggingface\.co/papers/+"
    r"|hf\.co/papers/+"
    r"|scirate\.com/arxiv/+"
    r"|semanticscholar\.org/arxiv/+"
    r"|10\.48550/)"
    r"(?:arxiv[._:])?([^\s?#&,;\"'<>|\])}（），。；]{1,60})",
    re.IGNORECASE,
)
# "2010.11929" alone may be anything, hence the prefix.
ARXIV_TEXT = pattern(
    r"\barxiv(?:\s+preprint)?(?:\s+arxiv)?\s?[:：/\-_]\s{0,2}"
    r"((?:[a-z\-]{2,9}(?:\.[a-z]{2})?/)?\d{4}[\d.]{0,8}(?:v\d{1,3})?)",
    re.IGNORECASE,
)
NEW_STYLE = pattern(r"(\d{2})(\d{2})\.(\d{4,5})(?:v\d{1,3})?", re.ASCII)
OLD_STYLE = pattern(
    r"([a-z-]+)(?:\.[a-z]{2})?/(\d{2})(\d{2})\d{3}(?:v\d{1,3})?", re.IGNORECASE | re.ASCII
)
ARCHIVES = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas"
    " cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin"
    " nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con".split()
)
FIVE_DIGITS_SINCE = (15, 1)  # year and month from which the number has five digits

# A SICI-style DOI holds "<" and ">"; in any other these end it.
DOI = pattern(
    r"(?<![\d.])10\.\d{4,9}/(?:\(SICI\)[^\s\"'|]{1,200}|[^\s\"'<>|，。；、（）【】]{1,300})",
    re.IGNORECASE,
)
DOI_HOST = pattern(r"\bdoi\.org/+(?:doi\.org/+|https?://(?:dx\.)?doi\.org/+|doi:)?", re.IGNORECASE)
# Registered nowhere: the digital library's own numbers, and download paths that look like DOIs.
UNREGISTERED = ("10.5555/", "10.0000/")
PATH_ONLY = pattern(r"\bdelivery\.acm\.org/", re.IGNORECASE)
NATURE = pattern(r"\bnature\.com/articles/([a-z][a-z0-9.\-]*)", re.IGNORECASE)
NATURE_NEWS = "d41586"
# What publishers put behind a DOI to name a view of the work.
VIEW = pattern(
    r"(?:/(?:full(?:/(?:html|pdf))?|abstract|abs|pdf(?:direct|plus)?|e?pdf|epub|summary|meta|html|xml|"
    r"references|citations?|figures|tables|download|fulltext(?:\.html)?|suppl_file/.*|"
    r"supp(?:info|mat|l_file)?|article-metrics|metrics|\d{6,}(?:/.*)?)"
    r"|\.full(?:-text)?(?:\.pdf(?:\+html)?)?|\.abstract|\.short|\.long|\.e?pdf(?:\+html)?|\.html?)$",
    re.IGNORECASE,
)
VERSIONED = pattern(r"^(10\.(?:1101|64898)/.+?)v\d{1,2}$", re.IGNORECASE)  # bioRxiv, medRxiv
WORD = pattern(r"\S+")
SCHEME = pattern(r"(?=https?://)", re.IGNORECASE)
NUMBER_IN_PATH = pattern(r"/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?(?:[/?#]|$)")
LONGEST = 4000  # characters of one word that are looked at: no URL is longer


@lru_cache(2000)
def identifiers_in(text: str) -> Found:
    """Every identifier in `text`, each once in order, and what looks like one but is not."""
    found: dict[Identifier, None] = {}
    problems: dict[str, None] = {}
    for ids, complaints in _words(text):
        found.update(dict.fromkeys(ids))
        problems.update(dict.fromkeys(complaints))
    return tuple(found), tuple(problems)


def _words(text: str) -> Iterator[Found]:
    whole = text.strip()
    if len(whole) <= 30 and _is_bare_number(whole):
        yield _arxiv(whole)
        return
    for match in ARXIV_TEXT.finditer(text) if "arxiv" in text.lower() else ():
        if "//" not in text[max(0, match.start() - 8) : match.start()]:
            yield _arxiv(match[1])
    for word in WORD.finditer(text):
        if "/" not in word[0] and "%2" not in word[0]:
            continue
        for part in SCHEME.split(word[0]):
            yield from _part(part[:LONGEST])


def _is_bare_number(text: str) -> bool:
    old = OLD_STYLE.fullmatch(text)
    return bool(NEW_STYLE.fullmatch(text) or (old and old[1].lower() in ARCHIVES))


def _part(word: str) -> Iterator[Found]:
    word = unescape(word)
    lower = word.lower()
    decoded = unquote(word) if "%" in word else word
    if arxiv := ARXIV_URL.search(decoded):
        if "/list/" not in arxiv[0].lower():
            yield _arxiv(arxiv[1])
        return
    if "doi.org/" in lower:
        yield _doi_org(decoded)
        return
    if PATH_ONLY.search(word):
        return
    if nature := NATURE.search(word):
        yield _nature(nature[1])
        return
    dois = [doi for match in DOI.finditer(decoded) if (doi := _publisher_doi(match[0], lower))]
    if dois:
        yield tuple(identifier("doi", doi) for doi in dois), ()
    elif "://" in word and (number := NUMBER_IN_PATH.search(word)):
        yield (
            (),
            (f"{number[1]} looks like an arXiv number, but this is not arXiv's address: {word}",),
        )


def _arxiv(text: str) -> Found:
    """One arXiv identifier without its version, from what stands where a number belongs."""
    text = text.rstrip(".:/_-")
    text = re.sub(r"\.pdf.*$", "", text, flags=re.IGNORECASE)
    if new := NEW_STYLE.match(text):
        rest = text[new.end() :]
        year, month, digits = int(new[1]), int(new[2]), new[3]
        late = (year, month) >= FIVE_DIGITS_SINCE
        if year >= 7 and 1 <= month <= 12 and late == (len(digits) == 5) and not rest[:1].isalnum():
            return (identifier("arxiv", f"{new[1]}{new[2]}.{digits}"),), ()
    elif old := OLD_STYLE.match(text):
        archive = old[1].lower()
        if archive in ARCHIVES and 1 <= int(old[3]) <= 12 and not text[old.end() :][:1].isalnum():
            number = re.sub(r"v\d+$", "", old[0].partition("/")[2])
            return (identifier("arxiv", f"{archive}/{number}"),), ()
    if not re.search(r"\d", text):
        return (), ()
    return (), (f"{text!r} is no arXiv number; look the paper up and mend the link",)


def _doi_org(word: str) -> Found:
    start = max(match.end() for match in DOI_HOST.finditer(word))
    rest = word[start:]
    rest = rest.partition("?")[0] if "(SICI)" not in rest.upper() else rest
    rest = rest.partition("#")[0] if re.search(r"#(?:page|sec|abstract|:~:)", rest) else rest
    match = DOI.match(rest)
    doi = _trimmed(match[0]) if match else ""
    if doi and not doi.startswith(UNREGISTERED):
        return (identifier("doi", doi),), ()
    if not rest.strip("/)].,;"):
        return (), ()
    return (), (f"{rest!r} is no DOI; look the paper up and mend the link",)


def _nature(slug: str) -> Found:
    slug = re.sub(r"(?:_reference)?\.(?:pdf|epdf|html)$", "", slug.lower()).rstrip(".-")
    if slug.startswith(NATURE_NEWS) or not re.search(r"\d", slug):
        return (), ()
    return (identifier("doi", f"10.1038/{slug}"),), ()


def _publisher_doi(text: str, url: str) -> str:
    """A DOI as it stands in text or in a publisher's path, or nothing."""
    if "://" in url:
        text = re.split(r"[?#&]", text, maxsplit=1)[0]
    doi = _trimmed(text)
    if "://" in url:
        doi = _without_view(doi)
    return "" if doi.startswith(UNREGISTERED) or doi.endswith("/") else doi


def _without_view(doi: str) -> str:
    before = ""
    while doi != before:  # ".full.pdf" may stand behind "v2", "/pdf" behind "/full"
        before = doi
        shorter = VIEW.sub("", doi)
        doi = shorter if "/" in shorter else doi
        if version := VERSIONED.match(doi):
            doi = version[1]
    return doi.rstrip("/")


def _trimmed(doi: str) -> str:
    """Without the sentence's punctuation and the brackets that were opened before it.

    Nothing where a sign cannot be seen: at the end it was pasted along, elsewhere it is no DOI.
    """
    doi = doi.lower()
    while doi:
        last = doi[-1]
        if (
            last in ".,;:*_`'\"!?"
            or (last in ")]}>" and doi.count(last) > doi.count(_opening(last)))
            or not last.isprintable()
        ):
            doi = doi[:-1]
        else:
            break
    return doi if "/" in doi.rstrip("/") and doi.isprintable() else ""


def _opening(bracket: str) -> str:
    return {")": "(", "]": "[", "}": "{", ">": "<"}[bracket]
