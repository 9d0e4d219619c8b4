"""The pieces of a block as one text: label links cut out, styled spans and links remembered."""

import re
from collections.abc import Sequence
from functools import partial

from msgspec import Struct

from bibtool.patterns import pattern
from bibtool.read import venue, words
from bibtool.read.claims import GONE
from bibtool.read.inline import Piece
from bibtool.read.links import Link, link_of, printed_link

ADDRESS_OR_NUMBER = pattern(
    r"^(?:https?://|www\.|(?:doi:\s*)?0?1?0\.\d{4}|arxiv[:.]?\s*\d|\d{4}\.\d{4,5})", re.IGNORECASE
)
# An identifier in the text: "arXiv:2401.00001", "doi: 10.1000/x", "10.1000/x".
PRINTED = pattern(
    r"\barxiv\s?[:：]\s?[a-z-]{0,9}[./]?[\d/][\d./]{3,14}(?:v\d{1,2})?|\b(?:doi\s?[:：]\s?)?10\.\d{4,9}/[^\s，。；、]+",
    re.IGNORECASE,
)
LOOKED_AT = (
    10_000  # signs of a block in which a title is looked for; links are taken from all of it
)


class Span(Struct):
    start: int
    end: int
    style: str  # "bold", "italic", "link"
    link: Link | None = None


class Flat(Struct):
    """The pieces as one text, with label links and images cut out, and the styled spans in it."""

    text: str
    spans: list[Span]
    links: list[Link]


def flatten(found: Sequence[Piece]) -> Flat:
    parts: list[str] = []
    spans: list[Span] = []
    links: list[Link] = []
    printed: list[Link] = []
    size = 0
    for at, piece in enumerate(found):
        text = piece.text
        if piece.kind == "image":
            text = GONE
            printed += _on_badge(piece, at)
        elif piece.kind == "link":
            label = piece.text if piece.text and not piece.bare else _label_before(parts)
            link = link_of(piece, at, words.bare(label))
            links.append(link)
            printed += _on_badge(piece, at)
            if is_label_link(piece):
                text = GONE
            else:
                text = " ".join(text.split()) if "\n" in text else text
                spans.append(Span(size, size + len(text), "link", link))
        elif PRINTED.search(text):
            text = PRINTED.sub(partial(_cut_out, printed, at), text)
        if piece.kind == "text" and (piece.bold or piece.italic):
            spans.append(Span(size, size + len(text), "bold" if piece.bold else "italic"))
        parts.append(text)
        size += len(text)
    linked = {i.partition(":")[0] for link in links for i in link.ids}
    links += [p for p in printed if not p.ids or p.ids[0].partition(":")[0] not in linked]
    text = "".join(parts)
    if len(text) > LOOKED_AT:
        text, spans = text[:LOOKED_AT], [span for span in spans if span.end < LOOKED_AT]
    return Flat(text, spans, links)


def is_label_link(piece: Piece) -> bool:
    """Whether a link only labels what stands beside it: "[pdf]", a badge, "CVPR 2024", a DOI."""
    return piece.bare or piece.image or is_label(piece.text)


def is_label(label: str) -> bool:
    text = words.bare(label)
    if words.is_label(text) or ADDRESS_OR_NUMBER.match(text):
        return True
    return venue.looks_like(text) and words.count(text) <= 6


def _on_badge(piece: Piece, at: int) -> list[Link]:
    """The arXiv number that a badge shows: "badge/arXiv-2306.11650"."""
    badge = piece.url if piece.kind == "image" else piece.badge
    if "badge" not in badge or "arxiv" not in badge.lower():
        return []
    link = printed_link(badge, at)
    return [link] if link and link.ids else []


def _cut_out(printed: list[Link], at: int, found: re.Match[str]) -> str:
    link = printed_link(found[0], at)
    if link is None:
        return found[0]
    printed.append(link)
    return GONE


def _label_before(parts: Sequence[str]) -> str:
    """The words in front of an address that stands bare: "Paper: https://..."."""
    if not parts or not parts[-1]:
        return ""
    last = parts[-1].rpartition("\n")[2] or parts[-1]
    return re.split(r"[|,;，；]", last[-60:])[-1]
