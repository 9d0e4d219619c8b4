"""What a heading says: a category, a year, upkeep of the list, or things that are no papers."""

import re
from functools import cache

from bibtool.patterns import pattern
from bibtool.read import inline, words
from bibtool.read.vocabulary import alternatives, worded

NUMBERING = pattern(
    r"^(?:\(?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)、:：]|[ivxIVX]{1,5}[.)]|[A-Z][.)]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"第[一二三四五六七八九十\d]{1,3}[章节部]|§\s?\d+[.\d]*)\)?)\s*"
)
UPKEEP = r"^(?:how to )?{}(?:\s*[&/+,].*)?$"
NO_CATEGORY = r"^{}$"
YEAR = pattern(
    r"^(?:papers?\s+(?:of|in|from)\s+)?((?:19|20)\d{2})\s*(?:年|년)?(?:\s*papers?)?(?:\s*[-/.年]\s*\d{1,2}月?)?$",
    re.IGNORECASE,
)


def name_of(text: str) -> str:
    """A heading as a category: without links, emoji, numbering, anchors and counts."""
    plain = "".join(
        piece.text
        for piece in inline.pieces(text)
        if piece.kind != "image" and not piece.image and not piece.bare
    )
    plain = words.SHORTCODE.sub(" ", words.EMOJI.sub(" ", plain))
    plain = " ".join(plain.split()).strip()
    plain = NUMBERING.sub("", plain, count=1) or plain
    plain = re.sub(
        r"\s*\[?(?:🔝|\bback to top\b|\btop\b\])\]?\s*$|\s#+$", "", plain, flags=re.IGNORECASE
    )
    return plain.strip(" \t:：-–—|*_#•·↑").strip()


def is_upkeep(name: str) -> bool:
    return bool(worded("headings", "upkeep", UPKEEP).match(name.strip(words.EDGES)))


def holds_no_papers(name: str) -> bool:
    return bool(_no_papers().match(name.strip(words.EDGES)))


@cache
def _no_papers() -> re.Pattern[str]:
    """ "Useful tools", "Talks and tutorials", "Software & datasets"."""
    things, kinds = alternatives("headings", "things"), alternatives("headings", "kinds")
    beside = alternatives("headings", "beside")
    behind = rf"(?:(?:,| and| &|/| or)+ (?:\w+ )?(?:{things}|{beside}))*"
    return re.compile(rf"^(?:(?:{kinds}) )*(?:{things}){behind}$", re.IGNORECASE)


def names_no_category(name: str) -> bool:
    plain = name.strip(words.EDGES)
    return not plain or bool(worded("headings", "no_category", NO_CATEGORY).match(plain))


def year_of(name: str) -> int | None:
    found = YEAR.match(name.strip(words.EDGES))
    return int(found[1]) if found else None
