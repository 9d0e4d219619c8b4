"""Works that nobody wrote, as many as wanted: the same ones for bibtool, its peers and services.

Work n is the same in every run. Titles and names are made of syllables, so that no two works are
near each other and no real author is named.
"""

import random
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

SYLLABLES = "ba be di do fa fe ga go ka ke la li ma mo na ne pa pi ra ro sa si ta to va ve".split()
LINES = 40  # rows under one heading


class Work(NamedTuple):
    number: int
    arxiv: str
    doi: str
    title: str
    authors: tuple[tuple[str, str], ...]  # (given, family)
    year: int
    venue: str
    linked: bool  # arXiv names the DOI of the published version


@cache
def work(number: int) -> Work:
    chance = random.Random(number)

    def word(syllables: int) -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(syllables))

    title = " ".join(word(chance.choice((3, 4))) for _ in range(chance.randint(7, 11)))
    people = range(chance.randint(12, 24))
    authors = tuple((word(2).capitalize(), word(4).capitalize()) for _ in people)
    year = 2015 + number % 10
    return Work(
        number=number,
        arxiv=f"{year % 100:02}{1 + number % 12:02}.{10000 + number:05}",
        doi=f"10.99999/{word(2)}.{number}",
        title=title.capitalize(),
        authors=authors,
        year=year,
        venue=f"Journal of {word(4).capitalize()} and {word(3).capitalize()} Studies",
        linked=number % 2 == 0,
    )


def works(count: int, start: int = 0) -> list[Work]:
    return [work(number) for number in range(start, start + count)]


def by_arxiv(each: Work) -> str:
    return f"https://arxiv.org/abs/{each.arxiv}"


def by_doi(each: Work) -> str:
    return f"https://doi.org/{each.doi}"


def row(each: Work, link: str) -> str:
    """A row of a table; one without a link has to be searched for."""
    label = f"[{each.year}]({link})" if link else str(each.year)
    return f"| {each.title} | {label} | a note on {each.title.lower()} |"


def paper_list(rows: Sequence[str]) -> str:
    """A Markdown list with a heading and a table for every 40 rows."""
    lines = ["# Papers", ""]
    for number, start in enumerate(range(0, len(rows), LINES), 1):
        lines += [f"## Part {number}", "", "| title | paper | note |", "| --- | --- | --- |"]
        lines += [*rows[start : start + LINES], ""]
    return "\n".join(lines)


def preprint_bib(some: Iterable[Work]) -> str:
    """What a person has of works known by arXiv identifiers: for tools that fill in a .bib."""
    return "\n".join(
        f"@misc{{w{w.number},\n  title = {{{w.title}}},\n"
        f"  author = {{{' and '.join(f'{f}, {g}' for g, f in w.authors)}}},\n"
        f"  year = {{{w.year}}},\n  eprint = {{{w.arxiv}}},\n  archiveprefix = {{arXiv}},\n}}\n"
        for w in some
    )


def doi_bib(some: Iterable[Work]) -> str:
    """What a person has of works known by DOI: for tools that fill in a .bib."""
    return "\n".join(
        f"@article{{w{w.number},\n  title = {{{w.title}}},\n  doi = {{{w.doi}}},\n}}\n"
        for w in some
    )


def large_bib(path: Path, count: int) -> None:
    """A .bib as people have them: of `count` entries, every 33rd twice in three ways.

    By the same key; by another key and the same DOI; by another key, the title in other
    letters and no DOI. 850 bytes an entry.
    """
    entries = ['@string{jour = "Journal of Long Names"}\n']
    for number in range(count):
        if number % 33 == 32:
            entries.append(_twin(work(number - 20), number // 33 % 3))
        else:
            entries.append(_entry(work(number), f"w{number}"))
    path.write_text("\n".join(entries), encoding="utf-8")


def _twin(w: Work, way: int) -> str:
    if way == 0:
        return _entry(w, f"w{w.number}")
    if way == 1:
        return _entry(w, f"twin{w.number}")
    return _entry(w._replace(title=w.title.title(), doi=""), f"twin{w.number}")


def _entry(w: Work, key: str) -> str:
    authors = " and ".join(f"{f}, {g}" for g, f in w.authors)
    abstract = f"We study {w.title.lower()} in {{Depth}} and with $n^2$ steps. " * 2
    doi = f"  doi = {{{w.doi}}},\n" if w.doi else ""
    return (
        f"@article{{{key},\n  title = {{{w.title}}},\n  author = {{{authors}}},\n"
        f'  journal = jour # ": {w.venue}",\n  year = {w.year},\n{doi}'
        f"  abstract = {{{abstract.strip()}}},\n}}\n"
    )
