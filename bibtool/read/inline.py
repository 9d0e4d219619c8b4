"""The text of one block to pieces: links, images and styled text, broken brackets included.

CommonMark decides what a link is only where the curator kept to it; real lists do not
(`[[Paper](u) [Code](u)]`, `[Site] (u)`, `[[https://...)]`). So this scanner is its own: one
pass, linear time, no input is refused.
"""

import re
from collections import deque
from collections.abc import Mapping

from msgspec import Struct

from bibtool.entities import unescape
from bibtool.patterns import pattern

TOKEN = pattern(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<auto><(?:https?://|ftp://|doi:)[^\s<>]{1,3000}>{1,3})"
    r"|(?P<tag></?[a-zA-Z][^<>]{0,3000}>)"
    r"|(?P<url>(?:https?://|(?<![\w/.@-])(?:www\.|arxiv\.org/|doi\.org/|github\.com/))"
    r"[^\s<>\"`|\\^{}\[\]，。；：、（）【】「」《》｜]+)"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<ticks>`+)"
    r"|(?P<style>\*+|_+|~~)"
    r"|(?P<line>\n\s*)",
    re.IGNORECASE,
)
# What stands in round brackets behind a label: an address, perhaps in <>, perhaps with a title.
INNER = r"[^\s()<>]*(?:\((?:[^\s()]|\([^\s()]*\))*\)[^\s()<>]*)*"
ADDRESS = pattern(
    rf"\(\s{{0,9}}(?:<(?P<angled>[^<>\n]{{0,3000}})>+|(?P<plain>{INNER}))"
    r"(?:\s{1,9}(?:\"[^\"]{0,500}\"|'[^']{0,500}'|“[^”]{0,500}”))?\s{0,9}\)"
)
SPACED_ADDRESS = pattern(
    r"\((?P<plain>(?:https?://|\.{0,2}/|\w)[^()\n<>\[\]]{0,500}\.pdf)\s{0,9}\)", re.I
)
FAR_ADDRESS = pattern(r"\s{1,3}(?=\(\s?(?:https?://|www\.))")  # `[Site] (u)`
REFERENCE = pattern(r"\s?\[([^\[\]\n]{0,200})\]")
ATTRIBUTE = pattern(r"([a-zA-Z-]+)\s{0,3}=\s{0,3}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
BLANKS = pattern(r"[ \t]{3,}")  # long runs make patterns slow that look for blanks
DEEPEST = 32  # brackets in brackets; keeps hostile text linear
BOLD_TAGS = ("b", "strong", "u")
ITALIC_TAGS = ("i", "em", "cite")
BREAK_TAGS = ("br", "p", "div", "li", "dd", "dt", "hr")


class Piece(Struct):
    """A run of text, a link or an image, in reading order.

    `text` is plain: of a link its label, of an image its alternative text. `bare` marks an
    address that stands without a label.
    """

    kind: str  # "text", "link", "image"
    text: str = ""
    url: str = ""
    bold: bool = False
    italic: bool = False
    image: bool = False  # a link around an image
    bare: bool = False
    badge: str = ""  # address of the image that a link stands around


class _Opening(Struct):
    at: int  # index into the pieces
    image: bool = False
    url: str = ""  # of an <a href>


def pieces(text: str, references: Mapping[str, str] | None = None) -> list[Piece]:
    """Cut `text` into pieces; `references`: folded label -> address of `[label]: url` lines."""
    return _Scanner(BLANKS.sub("  ", text), references or {}).scan()


class _Scanner:
    def __init__(self, text: str, references: Mapping[str, str]) -> None:
        self.text = text
        self.references = references
        self.out: list[Piece] = []
        self.brackets: deque[_Opening] = deque(maxlen=DEEPEST)
        self.anchors: deque[_Opening] = deque(maxlen=DEEPEST)
        self.styles: dict[str, int] = {}  # open mark -> index of its piece

    def scan(self) -> list[Piece]:
        at = 0
        while match := TOKEN.search(self.text, at):
            if match.start() > at:
                self._text(self.text[at : match.start()])
            at = match.end()
            match match.lastgroup:
                case "escape":
                    self._text(match[0][1])
                case "auto":
                    self._bare(match[0].strip("<>"))
                case "url":
                    at = match.start() + self._bare(match[0])
                case "tag":
                    self._tag(match[0])
                case "open":
                    self.brackets.append(_Opening(len(self.out), image=match[0] == "!["))
                    self._text(match[0])
                case "close":
                    at = self._close(at)
                case "style":
                    self._style(match[0], match.start(), match.end())
                case "line":
                    self._text("\n")
        self._text(self.text[at:])
        return _merged(self.out)

    def _text(self, text: str) -> None:
        if text:
            self.out.append(Piece("text", unescape(text)))

    def _bare(self, url: str) -> int:
        """Take an address without a label; give back how much of it was one."""
        kept = without_tail(url)
        self.out.append(Piece("link", url=unescape(kept), bare=True))
        return len(kept)

    def _close(self, at: int) -> int:
        """A closing bracket that ends before `at`: a link, an image, or only a bracket."""
        opening = self.brackets.pop() if self.brackets else None
        if opening is None:
            self._text("]")
            return at
        url, after = self._address(at, self.out[opening.at + 1 :])
        if url is None:
            self._text("]")
            return at
        self._link(opening, url)
        return after

    def _address(self, at: int, inside: list[Piece]) -> tuple[str | None, int]:
        gap = FAR_ADDRESS.match(self.text, at)
        start = gap.end() if gap else at
        if found := ADDRESS.match(self.text, start) or SPACED_ADDRESS.match(self.text, start):
            groups = found.groupdict()
            return unescape((groups.get("angled") or groups["plain"] or "").strip()), found.end()
        if self.references:
            label = "".join(piece.text for piece in inside)
            named = REFERENCE.match(self.text, at)
            if named and (url := self.references.get(folded(named[1] or label))):
                return url, named.end()
            if url := self.references.get(folded(label)):
                return url, at
        return None, at

    def _link(self, opening: _Opening, url: str) -> None:
        """Turn what stands since `opening` into one link; links inside it stay as they are."""
        inside = self.out[opening.at + 1 :]
        self.styles = {mark: at for mark, at in self.styles.items() if at < opening.at}
        if any(piece.kind == "link" for piece in inside):
            self.out[opening.at].text = ""
            self.out.append(Piece("link", url=url, bare=True))
            return
        del self.out[opening.at :]
        label = "".join(piece.text for piece in inside)
        self.out.append(
            Piece(
                "image" if opening.image else "link",
                label,
                url,
                bold=any(piece.bold for piece in inside),
                italic=any(piece.italic for piece in inside),
                image=any(piece.kind == "image" for piece in inside),
                badge=next((piece.url for piece in inside if piece.kind == "image"), ""),
            )
        )

    def _style(self, mark: str, start: int, end: int) -> None:
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else " "
        if mark[0] == "_" and before.isalnum() and after.isalnum():
            self._text(mark)  # snake_case
            return
        if len(mark) > 3:
            self._text(mark)
            return
        names = {1: ("italic",), 2: ("bold",), 3: ("bold", "italic")}[len(mark)]
        if mark == "~~":
            return
        for name in names:
            self._toggle(name, mark[0], before, after)

    def _toggle(self, name: str, sign: str, before: str, after: str) -> None:
        length = 2 if name == "bold" else 1
        key = sign * length
        if key in self.styles and not before.isspace():
            opened = self.styles.pop(key)
            self.out[opened].text = ""
            for piece in self.out[opened:]:
                setattr(piece, name, True)
        elif not after.isspace():
            self.styles[key] = len(self.out)
            self.out.append(Piece("text", key))
        else:
            self._text(key)

    def _tag(self, tag: str) -> None:
        name = re.match(r"</?([a-zA-Z][a-zA-Z0-9]*)", tag)
        word = name[1].lower() if name else ""
        closing = tag.startswith("</")
        if word == "a":
            self._anchor(tag, closing)
        elif word == "img":
            values = attributes(tag)
            self.out.append(Piece("image", values.get("alt", ""), values.get("src", "")))
        elif word in BREAK_TAGS:
            self._text("\n")
        elif word in BOLD_TAGS or word in ITALIC_TAGS:
            self._styled_tag("bold" if word in BOLD_TAGS else "italic", closing)
        elif word in ("td", "th"):
            self._text(" ")

    def _anchor(self, tag: str, closing: bool) -> None:
        if closing:
            if self.anchors:
                opening = self.anchors.pop()
                self._link(opening, opening.url)
            return
        if "href" in (values := attributes(tag)):
            self.anchors.append(_Opening(len(self.out), url=values["href"].strip()))
            self.out.append(Piece("text", ""))

    def _styled_tag(self, name: str, closing: bool) -> None:
        key = f"<{name}>"
        if not closing:
            self.styles[key] = len(self.out)
            self.out.append(Piece("text", ""))
        elif key in self.styles:
            for piece in self.out[self.styles.pop(key) :]:
                setattr(piece, name, True)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of one HTML tag, names in lower case, values unescaped."""
    return {
        name.lower(): unescape(double or single or plain)
        for name, double, single, plain in ATTRIBUTE.findall(tag)
    }


def folded(label: str) -> str:
    return " ".join(label.casefold().split())


def without_tail(url: str) -> str:
    """An address without the punctuation and the closing brackets of the text around it."""
    while url:
        last = url[-1]
        if (
            last in ".,;:!?*'\"~"
            or (last == "_" and url.endswith("__"))
            or (last == ")" and url.count(")") > url.count("("))
        ):
            url = url[:-1]
        else:
            break
    return url


def _merged(found: list[Piece]) -> list[Piece]:
    """Neighbouring text of one style as one piece; empty text left out."""
    merged: list[Piece] = []
    run: list[str] = []
    for piece in found:
        if piece.kind == "text" and not piece.text:
            continue
        last = merged[-1] if merged else None
        if piece.kind == "text" and last and last.kind == "text" and _same_style(last, piece):
            run.append(piece.text)
            continue
        _flush(merged, run)
        run = [piece.text] if piece.kind == "text" else []
        merged.append(piece)
    _flush(merged, run)
    return merged


def _flush(merged: list[Piece], run: list[str]) -> None:
    if run:
        merged[-1].text = "".join(run)


def _same_style(one: Piece, other: Piece) -> bool:
    return one.bold == other.bold and one.italic == other.italic
