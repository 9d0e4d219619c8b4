"""The text of an item or a paragraph to drafts: one paper or several, title and label lines."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from bibtool.read import judge, people, venue, words
from bibtool.read.claims import claims_in
from bibtool.read.draft import Draft
from bibtool.read.entry import Texts, read_pieces
from bibtool.read.flat import is_label, is_label_link
from bibtool.read.inline import Piece, pieces
from bibtool.read.judge import Verdict
from bibtool.read.labelled import label_and_value
from bibtool.read.links import PAPER, UNSURE, Link, link_of
from bibtool.read.said import Reading
from bibtool.read.titles import LONG, is_title_like, tidy

BETWEEN = " \t\n,;/、，；|&·•+[]()"  # what stands between links that are entries side by side


class Told(Struct):
    """One part of a text with what it says, and the lines it stands on, counted from 0."""

    reading: Reading
    first: int
    last: int


def entries_in(text: str, texts: Texts) -> list[Told]:
    """A text cut where a new title with a paper of its own begins; usually one part."""
    found = texts.pieces(text)
    several = side_by_side(found)
    if several:
        return several
    lines = _lines(found)
    if len(lines) == 1:
        return [Told(texts.reading(text), 0, text.count("\n"))]
    groups = _grouped(lines)
    if len(groups) == 1:
        return [Told(texts.reading(text), 0, text.count("\n"))]
    return _told(groups, lines[-1][0])


def side_by_side(found: Sequence[Piece]) -> list[Told]:
    """Several papers on one line, each a link with a name: "[Gopher](u), [RETRO](v)"."""
    named = [at for at, piece in enumerate(found) if _names_a_paper(piece, at)]
    if len(named) < 2 or len({found[at].url for at in named}) < 2:
        return []
    if not all(_only_separates(found[one + 1 : other]) for one, other in pairwise(named)):
        return []
    line = 0
    told: list[Told] = []
    for at, piece in enumerate(found):
        if at in named:
            link = link_of(piece, at, words.bare(piece.text))
            reading = Reading(title=tidy(piece.text), how="nickname", lead=link, links=[link])
            claims_in(_years_behind(found, at), reading.claims)
            told.append(Told(reading, line, line + piece.text.count("\n")))
        line += piece.text.count("\n")
    return told


def _only_separates(between: Sequence[Piece]) -> bool:
    """Whether between two papers stands nothing but commas, "and", a year or a link elsewhere."""
    text = "".join(p.text for p in between if p.kind == "text")
    text = re.sub(r"[(\[]\s*(?:19|20)\d{2}\w?\s*[)\]]", " ", text).strip(BETWEEN).lower()
    return text in ("", "and", "and the", "und", "et", "y", "和", "及", "+")


def _years_behind(found: Sequence[Piece], at: int) -> str:
    behind = found[at + 1].text if at + 1 < len(found) and found[at + 1].kind == "text" else ""
    year = re.match(r"\s*[(\[]\s*((?:19|20)\d{2})\w?\s*[)\]]", behind)
    return year[1] if year else ""


def _names_a_paper(piece: Piece, at: int) -> bool:
    if piece.kind != "link" or is_label_link(piece):
        return False
    role = link_of(piece, at, words.bare(piece.text)).role
    return role == PAPER or (
        role == UNSURE and len(piece.text) >= LONG and is_title_like(piece.text)
    )


def _lines(found: Sequence[Piece]) -> list[tuple[int, list[Piece]]]:
    """Pieces by the line they begin on; a link over two lines stays whole."""
    lines: list[tuple[int, list[Piece]]] = [(0, [])]
    number = 0
    for piece in found:
        if piece.kind != "text":
            lines[-1][1].append(piece)
            number += piece.text.count("\n")
            continue
        for offset, part in enumerate(piece.text.split("\n")):
            if offset:
                number += 1
                lines.append((number, []))
            if part:
                lines[-1][1].append(Piece("text", part, bold=piece.bold, italic=piece.italic))
    return [
        (n, line) for n, line in lines if any(p.kind != "text" or p.text.strip() for p in line)
    ] or [(0, [])]


def _grouped(lines: Sequence[tuple[int, list[Piece]]]) -> list[tuple[int, list[Piece]]]:
    """Lines to entries: a new one begins where a title stands and the one before has its paper."""
    groups: list[tuple[int, list[Piece]]] = []
    has_paper = False
    for number, line in lines:
        reading = read_pieces(line)
        starts = (bool(reading.title) and reading.how in ("quoted", "bold", "link")) or (
            reading.how in ("plain", "nickname") and bool(reading.papers) and bool(reading.title)
        )
        if not groups or (
            has_paper
            and starts
            and bool(reading.papers or reading.promised or reading.how == "bold")
        ):
            groups.append((number, list(line)))
            has_paper = bool(reading.papers or reading.promised)
        else:
            groups[-1][1].append(Piece("text", "\n"))
            groups[-1][1].extend(line)
            has_paper = has_paper or bool(reading.papers or reading.promised)
    return groups


def _told(groups: Sequence[tuple[int, list[Piece]]], last: int) -> list[Told]:
    ends = [start - 1 for start, _ in groups[1:]] + [last]
    return [
        Told(read_pieces(group), start, end)
        for (start, group), end in zip(groups, ends, strict=True)
    ]


def draft_of(told: Told, line: int, line_end: int) -> Draft:
    reading = told.reading
    draft = Draft(line, line_end, title=reading.title, short=reading.short)
    draft.foreign += absorb(draft, reading)
    if not draft.papers and reading.lead is not None and reading.lead.role == UNSURE:
        draft.papers.append(reading.lead)
    draft.notes += reading.claims.notes
    return draft


def absorb(draft: Draft, reading: Reading) -> list[str]:
    """Add links and claims; what the draft already says stands. Gives links that are another's."""
    foreign = [link for link in reading.papers if _is_foreign(draft, reading, link)]
    draft.take(link for link in reading.links if link not in foreign)
    claims = reading.claims
    draft.venue = draft.venue or claims.venue
    draft.year = draft.year if draft.year is not None else claims.year
    draft.authors = draft.authors or claims.authors
    for link in reading.papers:
        if venue.is_claim(link.label) and not draft.venue:
            draft.venue, year = venue.split(link.label)
            draft.year = draft.year if draft.year is not None else year
    return [link.url for link in foreign]


def _is_foreign(draft: Draft, reading: Reading, link: Link) -> bool:
    """A link with words of its own where the title carries the paper's link already."""
    lead = reading.lead
    if link == lead or is_label(link.label):
        return False
    if lead is not None and lead.role == PAPER:
        return True
    known = {i.partition(":")[0] for paper in draft.papers for i in paper.ids}
    mine = {i for paper in draft.papers for i in paper.ids}
    return any(i.partition(":")[0] in known and i not in mine for i in link.ids)


def absorb_text(draft: Draft, text: str, texts: Texts) -> list[str]:
    """Add what a line under an entry says; gives the paper-like links that are not this entry's."""
    labelled = label_and_value(text)
    found = texts.reading(text)
    if labelled is None:
        if found.title and found.papers and not _is_second_link(found):
            return [link.url for link in found.papers]
        foreign = absorb(draft, found)
        draft.notes += [note for note in found.claims.notes if words.count(note) > 2]
        if found.title and not found.papers and found.how == "plain":
            draft.notes.append(found.title)
        return foreign
    kind, value = labelled
    plain = "".join(p.text for p in pieces(value, texts.references) if p.kind != "image").strip()
    if kind == "abstract":
        return [link.url for link in found.papers]
    draft.take(found.links)
    _labelled(draft, kind, plain)
    return []


def _labelled(draft: Draft, kind: str, plain: str) -> None:
    if kind == "title" and not draft.title:
        draft.title = tidy(plain)
    elif kind == "short" and not draft.short:
        draft.short = tidy(plain)
    elif kind == "authors" and not draft.authors:
        draft.authors = people.names_in(plain)
    elif kind in ("venue", "year"):
        name, year = venue.split(plain)
        draft.venue = draft.venue or (name if kind == "venue" else "")
        draft.year = draft.year if draft.year is not None else year
    elif kind == "dataset" and not draft.dataset:
        draft.dataset = plain
    elif kind == "notes" and plain:
        draft.notes.append(plain)


def _is_second_link(found: Reading) -> bool:
    """Links under an entry whose labels are short: the entry's own, whatever they are called."""
    return found.how == "nickname" and words.count(found.title) <= 3


def is_part(text: str, texts: Texts) -> bool:
    """Whether a text only says more about the entry before it: labels, links, people, a venue."""
    if not text.strip():
        return False
    labelled = label_and_value(text)
    if labelled is not None:
        return labelled[0] != "title"
    return judge.of_item(texts.reading(text)) is Verdict.PART


def lines_of(told: Sequence[Told], line: int) -> Iterator[tuple[Told, int, int]]:
    for each in told:
        yield each, line + each.first, line + each.last
