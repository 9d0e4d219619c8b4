"""The one escape for Markdown: text comes out as text on GitHub, in pandoc and in CommonMark.

Signs that could begin something are escaped by a backslash or stand as an entity
(https://spec.commonmark.org/0.31.2/#backslash-escapes). What GitHub finds in plain text all the
same (addresses, mentions, issues, emoji) is taken apart by an empty comment.
"""

import re
from urllib.parse import quote, urlsplit

from bibtool.patterns import pattern
from bibtool.tex.math import FORMULA, formula

# At any place of a line. "^", "~", "$", "@" and braces mean something to pandoc or GitHub.
SIGNS = pattern(r"[\\`*_\[\]{}|~^$#@]|--+|\.\.\.|[&<>]")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
IN_COMMENT = {ord(sign): entity for sign, entity in ENTITIES.items()}
# At the beginning of a line: lists, headings, fences, definitions, pandoc's title block. An initial
# ("T. Li") begins no list: https://pandoc.org/MANUAL.html#extension-fancy_lists wants two blanks.
NUMBERS = r"[0-9]+|[a-z]|[ivxlcdm]+|[IVXLCDM]{2,}"
BEGIN = pattern(rf"[-+=:%!'\"]|(?:(?:{NUMBERS})(?=[.)](?:\s|\Z))|[A-Z](?=\)(?:\s|\Z))|\((?=\w+\)))")
# https://github.github.com/gfm/#autolinks-extension- and
# https://docs.github.com/en/get-started/writing-on-github (mentions, issues, emoji)
LIVE = pattern(
    r"\b(?:https?|ftp|mailto|xmpp):(?=\S)|\bwww(?=\.)|@(?=\w)|#(?=\d)|\bGH-(?=\d)"
    r"|:[a-z0-9_+-]+(?=:)",
    re.IGNORECASE,
)
APART = "<!-- -->"
# Formulas in which nothing can begin Markdown; GitHub and pandoc set them.
CALM = pattern(
    r"(?:[A-Za-z0-9 ^{}+=(),./-]|\\[A-Za-z]+(?![A-Za-z])|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))+"
)
# Control signs, line ends of every kind, those that turn the direction of writing around, and
# halves of signs, which no file can hold.
UNSEEN = pattern("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
SCHEMES = ("http", "https")
# Left as they are in an address. Brackets, quotes, blanks, `|` and the backslash never are.
ADDRESS = "!*,;:@&=+$/?%#~-._"


def one_line(text: str) -> str:
    """`text` with control signs and runs of white space as one blank."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(UNSEEN.sub(" ", text).split())


def to_md(text: str) -> str:
    """`text`, which is no Markdown, as Markdown that shows it; one line, safe at its beginning.

    `$...$` passes if it is on the allow-list for formulas and can be nothing else in Markdown.
    """
    whole = one_line(text)
    formulas = [m for m in FORMULA.finditer(whole) if CALM.fullmatch(m[1]) and formula(m[1])]
    out: list[str] = []
    at = 0
    for found in formulas:
        out += [_words(whole[at : found.start()]), found[0]]
        at = found.end()
    return _begun("".join([*out, _words(whole[at:])]))


def _words(text: str) -> str:
    ends = [found.end() for found in LIVE.finditer(text)]
    pieces = [text[start:end] for start, end in zip([0, *ends], [*ends, None], strict=True)]
    return APART.join(SIGNS.sub(_sign, piece) for piece in pieces)


def _sign(found: re.Match[str]) -> str:
    sign = found[0]
    return ENTITIES.get(sign) or "".join(f"\\{letter}" for letter in sign)


def _begun(escaped: str) -> str:
    found = BEGIN.match(escaped)
    if not found:
        return escaped
    if found[0].isalnum():
        return f"{found[0]}\\{escaped[found.end() :]}"
    return f"\\{escaped}"


def comment(text: str) -> str:
    """`text` as the inside of an HTML comment: it cannot end the comment, nor be a mark of ours."""
    return re.sub(r"-(?=-)", "- ", unmarked(text).translate(IN_COMMENT))


def unmarked(text: str) -> str:
    """One line of `text` that is no mark of ours in a comment, as `bibtool: skip` would be."""
    return re.sub(r"(?i)(bibtool)(?=:)", r"\1 ", one_line(text))


def address(url: str) -> str:
    """`url` as it can stand in `[...](...)` and in `<a href>`; empty if it is no web address.

    Addresses that carry a password are refused: they show one site and lead to another.
    """
    if not url.isprintable() and UNSEEN.search(url):
        return ""
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # "http://[::1" and the like
        return ""
    if parts.scheme.lower() not in SCHEMES or not parts.hostname:
        return ""
    if re.search(r"[@\[\]]", parts.netloc):  # a password, or a bare IPv6 address
        return ""
    whole = quote(url.strip(), safe=ADDRESS)
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", whole)
