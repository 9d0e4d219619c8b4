"""Labels of links and cells: what they say, in the languages that lists are written in."""

import re
from functools import lru_cache

from bibtool.patterns import pattern
from bibtool.read.vocabulary import vocabulary

REMEMBERED = 2000  # texts, of each function that many places ask about the same text
EMOJI = pattern(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff]+"
)
SHORTCODE = pattern(r":[a-z][a-z0-9_+-]{1,40}:")  # :star:
EDGES = "[](){}<>【】（）「」《》 \t\n.,;:：，。、|｜*_`'\"“”‘’/\\-–—~#+=!?…·•"
SPLIT = pattern(r"[\s/&+,_|:：、，()\[\]（）【】<>.'\"“”‘’–—-]+")

NO_VALUE = frozenset(
    [
        "-",
        "--",
        "---",
        "–",
        "—",
        "n/a",
        "na",
        "none",
        "null",
        "nan",
        "tba",
        "tbd",
        "x",
        "✗",
        "✘",
        "❌",
        "/",
        "\\",
        "无",
        "暂无",
        "なし",
        "없음",
    ]
) | {""}
CJK = pattern(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(REMEMBERED)
def bare(text: str) -> str:
    """A label or cell without emoji, short codes, brackets and punctuation around it."""
    text = SHORTCODE.sub(" ", EMOJI.sub(" ", text))
    return " ".join(text.strip(EDGES).split())


@lru_cache(REMEMBERED)
def label_role(label: str) -> str:
    """ "paper", "code", "project" or "other" if `label` is made of label words alone, else ""."""
    words = [word for word in SPLIT.split(bare(label).lower()) if word]
    if not words or len(words) > 6:
        return ""
    role = ""
    for word in words:
        found = _word_role(word)
        if not found:
            return ""
        if found != "filler" and (not role or role == "paper"):
            role = found if not (role == "paper" and found == "project") else role
    return role or ("paper" if words in (["link"], ["links"], ["url"], ["here"]) else "")


def is_label(text: str) -> bool:
    return bool(label_role(text)) or not bare(text)


def _word_role(word: str) -> str:
    for role in ("paper", "code", "project", "other", "filler"):
        if word in vocabulary("labels", role):
            return role
    return "filler" if re.fullmatch(r"(?:19|20)?\d{2}|\d", word) else ""


def says_nothing(text: str) -> bool:
    return bare(text).lower() in NO_VALUE or text.strip().lower() in NO_VALUE


@lru_cache(REMEMBERED)
def count(text: str) -> int:
    """Words of a text; two signs of Chinese, Japanese or Korean count as one word."""
    if text.isascii():
        return len(text.split())
    cjk = len(CJK.findall(text))
    return len(CJK.sub(" ", text).split()) + (cjk + 1) // 2
