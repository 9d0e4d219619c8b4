"""Text as registries deposit it (HTML, JATS, MathML, entities) to Unicode with `$math$`. Pure."""

import re
from collections.abc import Iterator

from bibtool import mathml
from bibtool.entities import unescape_whole
from bibtool.patterns import pattern

# Tags that registries leave in titles and names, with their formatting dropped. What else stands in
# angle brackets is text: "<y>" is a mean value, "<10 keV" a bound.
_DROPPED = (
    "i b u em strong italic bold sc scp tt small span font a underline roman monospace sans-serif "
    "inline-formula alternatives named-content styled-content xref ext-link strike s big code bi "
    "html body fn abbr cite q mark"
)
_BLANK = "br p div title sec break list list-item li ul ol"
DROPPED = frozenset(_DROPPED.split())
BLANK = frozenset(_BLANK.split())
SHIFTED = frozenset({"sub", "sup", "inf"})
DEEPEST = 8  # of those in each other
TAG = pattern(r"<(/?)(?:jats:|mml:|m:)?([A-Za-z][A-Za-z-]*)((?:\s[^<>]*)?/?)>")
# Invisible, or meant for machines: controls, marks of direction, tags, byte order marks.
UNSEEN = pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
ENDINGS = frozenset({"st", "nd", "rd", "th", "*", "®", "™", "TM", "a", "o"})  # 19th, no mathematics
TEX_MATH = pattern(r"\$+([^$]+)\$+|\\\(([^$]+?)\\\)")


def plain(text: str) -> str:
    """`text` without markup: entities read (encoded once or twice), known tags gone,
    mathematics as `$...$`, white space collapsed. Anything else stays as it is."""
    text = unescape_whole(unescape_whole(text))
    if "<" in text and TAG.search(text):
        text = _without_tags(text)
    if not text.isprintable():
        text = UNSEEN.sub("", text.replace("\u00ad", ""))
    return " ".join(text.split())


def _without_tags(text: str) -> str:
    spans: list[tuple[str, list[str]]] = [("", [])]  # open sub and sup, innermost last
    pieces = iter(_pieces(text))
    for word, tag, closing, _ in pieces:
        here = spans[-1][1]
        if not tag:
            here.append(word)
        elif tag == "math" and not closing:
            here.append(_mathematics(pieces))
        elif tag == "tex-math" and not closing:
            here.append(_tex(pieces, "<math" in text or "<mml:math" in text))
        elif tag in SHIFTED and not closing and len(spans) < DEEPEST:
            spans.append((tag, []))
        elif tag in SHIFTED and closing and len(spans) > 1:
            kind, inner = spans.pop()
            spans[-1][1].append(_shifted(kind, "".join(inner)))
        elif tag in BLANK:
            here.append(" ")
        elif tag not in DROPPED and tag not in SHIFTED and tag not in mathml.TAGS:
            here.append(word)
    while len(spans) > 1:
        kind, inner = spans.pop()
        spans[-1][1].append(_shifted(kind, "".join(inner)))
    # Pretty-printed deposits break lines round tags, also before a comma.
    return re.sub(r"(?<=\S)\s*\n\s*([,;:.)])(?=\s|$)", r"\1", _joined(spans[0][1]))


def _pieces(text: str) -> Iterator[tuple[str, str, bool, str]]:
    """(text, "", False, "") and (tag as written, name, closing?, attributes), in order."""
    end = 0
    for found in TAG.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], "", False, ""
        yield found[0], found[2].lower(), bool(found[1]), found[3]
        end = found.end()
    yield text[end:], "", False, ""


def _mathematics(pieces: Iterator[tuple[str, str, bool, str]]) -> str:
    inside = []
    for piece in pieces:
        if piece[1] == "math" and piece[2]:
            break
        inside.append(piece)
    tex = mathml.tex(inside)
    return f"\ue000${tex}$\ue001" if tex else ""


def _tex(pieces: Iterator[tuple[str, str, bool, str]], twice: bool) -> str:
    """The formula of a JATS tex-math element; nothing if MathML says it again."""
    words = []
    for word, tag, closing, _ in pieces:
        if tag == "tex-math" and closing:
            break
        words.append(word)
    formula = TEX_MATH.search("".join(words))
    if twice or formula is None:
        return ""
    return f"\ue000${(formula[1] or formula[2]).strip()}$\ue001"


def _joined(parts: list[str]) -> str:
    """Put the blank back that deposits lose round a formula ("high spin in the$N=88$nucleus"),
    but not in "$d$-complete", "($k$)" and "$k$th"."""
    text = "".join(parts)
    text = re.sub(r"(?<=[^\W_])\ue000", " ", text)
    text = re.sub(r"\ue001(?=[^\W_])(?!(?:th|st|nd|rd|s)\b)", " ", text)
    return text.replace("\ue000", "").replace("\ue001", "")


def _shifted(kind: str, text: str) -> str:
    """A raised or lowered piece: in Unicode's own digits and signs, else as mathematics."""
    text = " ".join(text.replace("\ue000", "").replace("\ue001", "").split())
    if not text or (kind == "sup" and text in ENDINGS):
        return text
    moved = text.translate(RAISED if kind == "sup" else LOWERED)
    if all(before != after for before, after in zip(text, moved, strict=True)):
        return moved
    sign = "^" if kind == "sup" else "_"
    if text.count("$") == 2 and text.startswith("$") and text.endswith("$"):
        return f"${sign}{{{text[1:-1]}}}$"
    if text.isalnum() and text.isascii():
        return f"${sign}{{\\mathrm{{{text}}}}}$"
    return text
