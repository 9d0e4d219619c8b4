"""Venue and year that the address of a conference's own site states."""

import re

from bibtool.patterns import pattern

# https://www.jmlr.org/papers and https://proceedings.mlr.press: volumes of the yearly conferences.
VOLUMES = {
    "ICML": {28: 2013, 32: 2014, 37: 2015, 48: 2016, 70: 2017, 80: 2018, 97: 2019, 119: 2020}
    | {139: 2021, 162: 2022, 202: 2023, 235: 2024},
    "AISTATS": {38: 2015, 51: 2016, 54: 2017, 84: 2018, 89: 2019, 108: 2020, 130: 2021}
    | {151: 2022, 206: 2023, 238: 2024},
    "CoRL": {78: 2017, 87: 2018, 100: 2019, 155: 2020, 164: 2021, 205: 2022, 229: 2023},
    "COLT": {65: 2017, 75: 2018, 99: 2019, 125: 2020, 134: 2021, 178: 2022, 195: 2023},
    "UAI": {115: 2019, 124: 2020, 161: 2021, 180: 2022, 216: 2023},
}
BY_VOLUME = {number: (venue, year) for venue, of in VOLUMES.items() for number, year in of.items()}
# https://aclanthology.org/info/ids/: the letter of ids before 2020.
LETTERS = {
    "P": "ACL", "N": "NAACL", "D": "EMNLP", "E": "EACL", "C": "COLING", "Q": "TACL", "K": "CoNLL",
    "S": "SemEval", "J": "Computational Linguistics", "I": "IJCNLP", "L": "LREC",
}  # fmt: skip
PRINTED = {"usenixsecurity": "USENIX Security", "atc": "USENIX ATC", "conll": "CoNLL"}
FIRST_RSS = 2004  # rss01 is of 2005
FIRST_JMLR = 1999  # volume 1 is of 2000

CVF = pattern(
    r"(?:thecvf\.com|cv-foundation\.org/+openaccess)/+content[_/]([a-z]+)_?((?:19|20)\d{2})", re.I
)
ECVA = pattern(r"ecva\.net/+papers/eccv_((?:19|20)\d{2})", re.I)
ACL = pattern(
    r"(?:aclanthology\.org|aclweb\.org/anthology)/+(?:\w/\w\d\d/)?"
    r"((?:19|20)\d{2})\.([a-z0-9]+)(?:-([a-z]+))?[.-]",
    re.I,
)
ACL_OLD = pattern(
    r"(?:aclanthology\.org|aclweb\.org/anthology)/+(?:\w/\w\d\d/)?([A-Z])(\d{2})-\d{4}"
)
PMLR = pattern(r"proceedings\.mlr\.press/+v(\d+)/", re.I)
NEURIPS = pattern(
    r"(?:papers\.nips\.cc|(?:papers|proceedings)\.neurips\.cc)/+paper(?:_files)?/+(?:paper/)?"
    r"((?:19|20)\d{2})?",
    re.I,
)
USENIX = pattern(
    r"usenix\.org/+(?:conference|system/files(?:/conference)?)/+([a-z]+)(\d{2})\b", re.I
)
USENIX_FILE = pattern(r"usenix\.org/+system/files/+(sec|[a-z]+?)(\d{2})(?:[a-z]+)?[-_]", re.I)
AAAI = pattern(r"aaai\.org/+ocs/index\.php/\w+/([A-Z]+?)(\d{2})/", re.I)
IJCAI = pattern(r"ijcai\.org/+proceedings/+((?:19|20)\d{2})/", re.I)
RSS = pattern(r"roboticsproceedings\.org/+rss(\d{2})/", re.I)
ISCA = pattern(
    r"isca-(?:speech|archive)\.org/+(?:archive/)?(?:[\w/]*/)?interspeech_((?:19|20)\d{2})", re.I
)
MLSYS = pattern(r"mlsys\.org/+paper(?:_files)?/+(?:paper/)?((?:19|20)\d{2})", re.I)
JMLR = pattern(r"jmlr\.org/+papers/+(?:v|volume)(\d+)/", re.I)


def claim_of(url: str) -> tuple[str, int | None]:
    """The venue and year in an address; "" and None where it states none."""
    if found := CVF.search(url):
        return found[1].upper(), int(found[2])
    if found := ECVA.search(url):
        return "ECCV", int(found[1])
    if found := ACL.search(url):
        return _anthology(found[2].lower(), (found[3] or "").lower()), int(found[1])
    if (found := ACL_OLD.search(url)) and found[1] in LETTERS:
        return LETTERS[found[1]], _full(found[2])
    if found := PMLR.search(url):
        return BY_VOLUME.get(int(found[1]), ("", None))
    if found := NEURIPS.search(url):
        return "NeurIPS", int(found[1]) if found[1] else None
    return _others(url)


def _others(url: str) -> tuple[str, int | None]:
    if found := USENIX.search(url) or USENIX_FILE.search(url):
        name = "usenixsecurity" if found[1].lower() == "sec" else found[1].lower()
        return _printed(name), _full(found[2])
    if found := AAAI.search(url):
        return found[1].upper(), _full(found[2])
    if found := RSS.search(url):
        return "RSS", FIRST_RSS + int(found[1])
    if found := JMLR.search(url):
        return "JMLR", FIRST_JMLR + int(found[1])
    for venue, place in (("IJCAI", IJCAI), ("Interspeech", ISCA), ("MLSys", MLSYS)):
        if found := place.search(url):
            return venue, int(found[1])
    return "", None


def _anthology(event: str, part: str) -> str:
    if event == "findings":
        return f"Findings of {_printed(part)}" if part else "Findings"
    return _printed(event)


def _printed(name: str) -> str:
    return PRINTED.get(name, name.upper())


def _full(two_digits: str) -> int:
    year = int(two_digits)
    return 1900 + year if year >= 60 else 2000 + year
