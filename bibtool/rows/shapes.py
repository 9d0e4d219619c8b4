"""The shape of one row of a list, filled with another work: what a neighbour shows of itself. Pure.

A row is taken apart into what is the work's (title, link, people, venue, year) and what is the
list's (bullets, quotes, labels). What is neither, a remark say, makes a row no example.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from bibtool.model import Identifier, Name, Row, scheme_of, value_of
from bibtool.patterns import pattern
from bibtool.read import words
from bibtool.read.venue import MONTH
from bibtool.render.markdown import address, to_md

TITLE, LINK, PEOPLE, WHERE, YEAR = "\x00T\x00", "\x00L\x00", "\x00P\x00", "\x00V\x00", "\x00Y\x00"
COMMENT = pattern(r"[ \t]*<!--.*?-->", re.S)
IMAGE = pattern(
    r"(?:\[!\[[^\]\n]*\]\([^)\n]*\)\]\([^)\n]*\)|!\[[^\]\n]*\]\([^)\n]*\)|<img\b[^>\n]*>)[ \t]*",
    re.I,
)
OTHER_LINK = pattern(  # [[Code](url)], [Code](url), with what joins it to the link before
    r"(?:[ \t]*[,;|/·&+])?[ \t]*"
    r"(?:\[\[[^\[\]\n]*\]\([^()\n\x00]*\)\]|\[[^\[\]\n]*\]\([^()\n\x00]*\))"
)
ADDRESS_LINE = pattern(r"^[^\n]*https?://[^\n\x00]*$", re.M)
EMPTY_LINE = pattern(r"^[ \t]*(?:[-*+]|\d+[.)])?[ \t]*(?:[\w -]{1,20}[:：])?[ \t]*$")
MARKER = pattern(r"^([ \t]*(?:>[ \t]*)*)(?:([-*+])|(\d{1,6})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?")
WORD = pattern(r"[^\W_]{2,}")


class NewRow(Struct, frozen=True, kw_only=True):
    """The work that a row is to name: facts as a registry states them, unescaped."""

    identifier: Identifier
    title: str
    authors: tuple[str, ...] = ()  # "Given Family"
    venue: str = ""  # as a list names it: "CVPR", "arXiv"
    year: int | None = None
    month: int | None = None

    @property
    def url(self) -> str:
        return url_of(self.identifier)


def url_of(which: Identifier, like: str = "") -> str:
    """The address of a work; of an arXiv number in the form of `like`, another row's address."""
    value = value_of(which)
    if scheme_of(which) != "arxiv":
        return address(f"https://doi.org/{value}").replace("(", "%28").replace(")", "%29")
    pdf = re.search(r"arxiv\.org/pdf/[^?#]*?(\.pdf)?$", like)
    return (
        f"https://arxiv.org/pdf/{value}{pdf[1] or ''}" if pdf else f"https://arxiv.org/abs/{value}"
    )


def skeleton(text: str, row: Row, *, linked: bool = True) -> str:
    """`text` of `row` with placeholders for what is the work's; empty if it is no example."""
    text = IMAGE.sub("", COMMENT.sub("", text))
    if linked:
        url = next((u for u in row.urls if u in text), "")
        if not url:
            return ""
        text = text.replace(url, LINK, 1)
    text = _put(text, _spelled(row.claim.title), TITLE)
    if TITLE not in text:
        return ""
    text = _without_nickname(text, row.short)
    text = _without_others(text)
    text = _people(text, row.claim.authors)
    return _when(text, row.claim.venue, row.claim.year)


def is_list_own(shape: str, known: Collection[str]) -> bool:
    """Whether nothing of the other work is left: its words are labels, or many rows have them."""
    if "://" in shape:
        return False
    left = WORD.findall(re.sub(r"\x00\w\x00", " ", shape))
    return all(words.is_label(word) or word.lower() in known for word in left)


def words_left(shape: str) -> set[str]:
    return {word.lower() for word in WORD.findall(re.sub(r"\x00\w\x00", " ", shape))}


def filled(shape: str, new: NewRow, like: str) -> str:
    """The shape with the new work in it, empty if it wants what is not known of the work.

    `like` is the address that stood in the neighbour.
    """
    year = str(new.year or "")
    if not (new.venue and year):  # "CVPR, 2016" wants both: give what there is
        shape = re.sub(rf"{WHERE}\W{{1,3}}{YEAR}", WHERE if new.venue else YEAR, shape)
    values = {
        TITLE: to_md(new.title),
        LINK: url_of(new.identifier, like),
        PEOPLE: to_md(", ".join(new.authors)),
        WHERE: to_md(new.venue),
        YEAR: year,
    }
    for mark, value in values.items():
        if mark in shape and not value:
            return ""
        shape = shape.replace(mark, value)
    return "\n".join(line.rstrip() for line in shape.split("\n")).rstrip()


def renumbered(line: str, last: str, before: str) -> str:
    """An ordered item gets the next number, where the two items before it count."""
    mine, one, two = MARKER.match(line), MARKER.match(last), MARKER.match(before)
    if not (mine and mine[3] and one and one[3]):
        return line
    counts = not (two and two[3]) or int(two[3]) != int(one[3])
    number = int(one[3]) + 1 if counts else int(one[3])
    return f"{mine[1]}{number}{mine[4]}{mine[5]}{line[mine.end(5) :]}"


def plain_shapes(first_line: str) -> Iterator[str]:
    """Shapes that any reader understands, with the marker of `first_line`."""
    marker = MARKER.match(first_line)
    lead = marker[0] if marker else ""
    yield f"{lead}[{TITLE}]({LINK})"
    yield f"{lead}**{TITLE}** [[paper]({LINK})]"
    if not lead:
        yield f"- [{TITLE}]({LINK})"


def _spelled(text: str) -> str:
    """A pattern for `text` as a list may have it: broken lines, escapes, styles between words."""
    parts = [re.escape(part) for part in text.split()]
    return r"[\s*_]+".join(part.replace(r"\ ", r"\s+") for part in parts)


def _put(text: str, pattern: str, mark: str) -> str:
    if not pattern:
        return text
    return re.sub(pattern, mark, text, count=1, flags=re.I)


def _without_nickname(text: str, short: str) -> str:
    if not short:
        return text
    name = re.escape(short)
    return re.sub(
        rf"(?:\*\*|__)?\[?(?:\*\*)?{name}(?:\*\*)?\]?(?:\*\*|__)?[ \t]*[:：|]?[ \t]*",
        "",
        text,
        count=1,
    )


def _without_others(text: str) -> str:
    """Links that lead to code and pages of the other work, and lines that held nothing else."""
    text = OTHER_LINK.sub("", text)
    text = ADDRESS_LINE.sub(lambda line: line[0] if "\x00" in line[0] else "\x01", text)
    lines = [line for line in text.split("\n") if line != "\x01"]
    while lines and EMPTY_LINE.match(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _people(text: str, names: Sequence[Name]) -> str:
    if not names:
        return text
    first, last = _named(names[0]), _named(names[-1])
    whole = rf"{first}(?:[^\x00\n]*?{last})?" if len(names) > 1 else first
    return _put(text, whole, PEOPLE)


def _named(name: Name) -> str:
    """A pattern for a person as lists write one: "Ada Lovelace", "Lovelace, Ada", "Lovelace"."""
    if name.literal or not name.given:
        return _spelled(name.literal or name.family)
    given, family = _spelled(name.given), _spelled(name.family)
    return rf"(?:{given}[\s*_]+{family}|{family},?[\s*_]+{given}|{family})"


def _when(text: str, venue: str, year: int | None) -> str:
    if venue and year:
        name = _spelled(venue)
        between = rf"([\s,.'’\-]{{0,3}})(?:{MONTH}[a-z]*\.?[\s,]*)?(?:\d{{1,2}},?\s+)?"
        pattern = rf"(?<!\w){name}{between}{year}(?!\d)"
        found = re.search(pattern, text, flags=re.I)
        if found:
            joint = found[1] if found[1].strip(" ") or found[1] else " "
            return text[: found.start()] + WHERE + joint + YEAR + text[found.end() :]
    if venue:
        text = _put(text, rf"(?<!\w){_spelled(venue)}(?!\w)", WHERE)
    if year:
        text = _put(text, rf"(?<![\d./]){year}(?![\d])", YEAR)
    return text
