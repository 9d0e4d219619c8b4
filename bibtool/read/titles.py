"""Which text can be the title of a work, and how it is written without the list's decoration."""

import re
from functools import lru_cache

from bibtool.patterns import pattern
from bibtool.read import people, venue, words

LONG = 25  # signs from which a link's text is a title rather than a nickname
LEADING = pattern(
    r"^(?:\[(?:new|hot|paper|oral|survey|review|dataset|benchmark|tutorial|code)\]|\(?new\)?[!:]|NEW\b!?)\s*",
    re.IGNORECASE,
)


@lru_cache(words.REMEMBERED)
def tidy(text: str) -> str:
    """A title as printed, without markup, quotes around it, emoji in front and a final stop."""
    text = words.SHORTCODE.sub(" ", text)
    text = " ".join(text.replace("**", " ").replace("`", "").split())
    text = _without_emoji_ends(text)
    text = LEADING.sub("", text)
    text = text.strip(" \t|*_:,;~–—·•").rstrip("\\([（【").strip()
    text = _unwrapped(text)
    if text.endswith(".") and not text.endswith(("..", "etc.", "al.")):
        text = text[:-1]
    return text.strip(" |*,;:").strip()


def _without_emoji_ends(text: str) -> str:
    while found := words.EMOJI.match(text):
        text = text[found.end() :].lstrip()
    while text and (text[-1].isspace() or words.EMOJI.match(text[-1])):
        text = text[:-1]
    return text


def _unwrapped(text: str) -> str:
    for opening, closing in (
        ("“", "”"),
        ('"', '"'),
        ("«", "»"),
        ("「", "」"),
        ("『", "』"),
        ("《", "》"),
        ("[", "]"),
        ("【", "】"),
        ("‘", "’"),
    ):
        body = text.rstrip(".,")
        if body.startswith(opening) and body.endswith(closing) and len(body) > 2:
            inner = body[1:-1]
            if opening not in inner and closing not in inner:
                return inner.strip(" ,.")
    return text


@lru_cache(words.REMEMBERED)
def is_title_like(text: str) -> bool:
    """Whether a text may be a title: long enough, no label, no venue, no date, no people."""
    plain = words.bare(text)
    if len(plain) < 4 or len(plain) > 400 or words.is_label(plain):
        return False
    if words.count(plain) < 3 and len(plain) < LONG and not _is_cjk_title(plain):
        return False
    if venue.looks_like(plain) or re.match(r"^(?:https?://|www\.)", plain):
        return False
    return not people.are_names(plain) and bool(re.search(r"[^\W\d_]{2}", plain))


def _is_cjk_title(plain: str) -> bool:
    return not plain.isascii() and len(words.CJK.findall(plain)) >= 6
