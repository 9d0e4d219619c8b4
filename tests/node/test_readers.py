"""The programs that people read a .bib with get the facts out of ours, entry by entry."""

import json
import os
import re
import subprocess
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bibtool import bib
from bibtool.model import Name, Record, identifier
from bibtool.render.bibtex import BibOptions, entry_of, record_of, text_of

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "refs" / "references.bib"
NODE = ROOT / "tests" / "node"


class Facts(NamedTuple):
    """What a reader must understand of an entry, without what its own conventions change."""

    type: str
    title: str
    authors: tuple[str, ...]
    year: str
    doi: str
    arxiv: str
    tags: frozenset[str]  # in Zotero they have no order


class Reader(NamedTuple):
    """A program, its words for BibTeX's types, and what it has no place for."""

    read: Callable[[Path], Sequence[Mapping[str, Any]]]
    types: Mapping[str, str] = {}
    has_eprint: bool = True  # a place for the arXiv id of a work that was published elsewhere
    misreads: frozenset[str] = frozenset()  # keys of HARD


def called(*command: str | Path, cwd: Path = NODE) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def by_node(name: str) -> Callable[[Path], Sequence[Mapping[str, Any]]]:
    return lambda path: json.loads(called("node", "read.mjs", name, path))


def by_pandoc(path: Path) -> Sequence[Mapping[str, Any]]:
    items = json.loads(called("pandoc", "-f", "bibtex", "-t", "csljson", path))
    return [
        {
            "key": item["id"],
            "type": item["type"],
            "title": re.sub(r"<[^>]*>", "", item.get("title", "")),
            "authors": [_csl_name(name) for name in item.get("author", [])],
            "year": str(item["issued"]["date-parts"][0][0]) if "issued" in item else "",
            "doi": item.get("DOI", ""),
            "arxiv": "".join(re.findall(r"^arXiv:(\S+)", item.get("publisher", ""))),
            "tags": [tag for tag in item.get("keyword", "").split(", ") if tag],
        }
        for item in items
    ]


def _csl_name(name: Mapping[str, str]) -> str:
    particle = name.get("non-dropping-particle") or name.get("dropping-particle")
    family = " ".join(filter(None, [particle, name.get("family")]))
    parts = [family, name.get("given"), name.get("suffix")]
    return name.get("literal") or ", ".join(part for part in parts if part)


CSL = {"article": "article-journal", "inproceedings": "paper-conference", "book": "book"}
READERS = {
    "bibtex-parser": Reader(by_node("bibtex-parser")),
    "citation-js": Reader(by_node("citation-js"), CSL | {"misc": "document"}, has_eprint=False),
    "biblatex-csl-converter": Reader(
        by_node("biblatex-csl-converter"), misreads=frozenset({"stacked-accents", "less-than"})
    ),
    "pandoc": Reader(by_pandoc, CSL | {"misc": ""}, has_eprint=False),
}
EVERY_READER = [
    pytest.param(name, marks=pytest.mark.pandoc if name == "pandoc" else pytest.mark.node)
    for name in READERS
]


def expected(record: Record, tags: Sequence[str], reader: Reader) -> Facts:
    ids = dict(which.split(":", 1) for which in record.identifiers)
    return Facts(
        reader.types.get(record.type, record.type),
        _plain(record.title),
        tuple(_printed(name) for name in record.authors),
        str(record.year or ""),
        ids.get("doi", "").lower(),
        ids.get("arxiv", "") if reader.has_eprint or record.type == "misc" else "",
        frozenset(tags),
    )


def understood(item: Mapping[str, Any]) -> Facts:
    return Facts(
        item["type"],
        _plain(item["title"]),
        tuple(_spelled(name) for name in item["authors"]),
        item["year"],
        item["doi"].lower(),
        item["arxiv"],
        frozenset(item["tags"]),
    )


def _printed(name: Name) -> str:
    parts = [name.family, name.given, name.suffix]
    return name.literal or ", ".join(part for part in parts if part)


def _spelled(name: str) -> str:
    """One spelling for an accent, and for an apostrophe that a reader made typographic."""
    return unicodedata.normalize("NFC", name).replace("’", "'")


def _plain(title: str) -> str:
    """A title without `$` and with its own first letters left aside: readers set sentence case.

    Capitals inside a word, and single capital letters in acronyms, are kept for comparison:
    those are what the braces of a title protect.
    """
    words = re.split(r"([\s-]+)", title.replace("$", ""))
    return "".join(_capitals_inside(word) for word in words)


def _capitals_inside(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    if any(letter.isupper() for letter in letters[1:]) or any(c.isdigit() for c in word):
        return word
    return word.lower()


def compared(
    items: Sequence[Mapping[str, Any]], wanted: Mapping[str, tuple[Record, Sequence[str]]], by: str
) -> tuple[dict[str, Facts], dict[str, Facts]]:
    """What was understood, and what should have been, by key."""
    found = {item["key"]: understood(item) for item in items}
    return found, {key: expected(*what, READERS[by]) for key, what in wanted.items()}


ARXIV = (identifier("arxiv", "2406.11838"),)
HARD: dict[str, tuple[Record, Sequence[str]]] = {
    "names": (
        Record(
            title="On the names of people",
            authors=(
                Name(family="Müller", given="Jörg"),
                Name(family="van der Berg", given="Jan"),
                Name(family="Łukasiewicz", given="Jan"),
                Name(family="King", given="Martin Luther", suffix="Jr."),
                Name(family="O'Neil-Çelik", given="Seán"),
                Name(literal="OpenAI Team"),
            ),
            year=2024,
            identifiers=ARXIV,
            primary_class="cs.CV",
        ),
        ("Names",),
    ),
    "signs": (
        Record(
            type="article",
            title="Q&A at 100% of C# costs: a_b",
            authors=(Name(family="Doe", given="Jane"),),
            year=1996,
            venue="Physical Review A & B",
            volume="54",
            pages="1-2",
            identifiers=(
                identifier(
                    "doi", "10.1002/(sici)1097-0258(19960229)15:4<361::aid-sim168>3.0.co;2-4"
                ),
            ),
        ),
        ("Signs & marks", "R and D"),
    ),
    "stacked-accents": (
        Record(title="Accents", authors=(Name(family="Nguyễn", given="Ái"),), year=2001),
        ("Names",),
    ),
    "less-than": (
        Record(title="For all x < y", authors=(Name(family="Doe", given="Jane"),), year=2002),
        ("Signs",),
    ),
    "capitals": (
        Record(
            type="inproceedings",
            title="VAR: 3D ImageNet tokens for LLaMA and GPT-4o, a vision-language view of $k$ steps",
            authors=(Name(family="Li", given="Tianhong"), Name(literal="ATLAS Collaboration")),
            year=2025,
            venue="Advances in Neural Information Processing Systems",
            identifiers=(*ARXIV, identifier("doi", "10.1109/cvpr.2016.90")),
            primary_class="cs.CV",
        ),
        ("Autoregressive Image Generation Method",),
    ),
}


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bib") / "hard.bib"
    texts = (
        text_of(entry_of(key, record, keywords=tags, note="", options=BibOptions()))
        for key, (record, tags) in HARD.items()
    )
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


@pytest.mark.parametrize("by", EVERY_READER)
def test_hard_names_titles_and_identifiers_arrive(by: str, hard: Path) -> None:
    found, wanted = compared(READERS[by].read(hard), HARD, by)
    assert set(found) == set(wanted)
    misread = READERS[by].misreads  # known limits of the reader; gone when it learns better
    assert {key for key in wanted if found[key] != wanted[key]} == misread, found


@pytest.mark.parametrize("by", EVERY_READER)
def test_the_shipped_bibliography_arrives_whole(by: str) -> None:
    found, wanted = compared(READERS[by].read(SHIPPED), shipped(), by)
    assert found == wanted


def shipped() -> dict[str, tuple[Record, Sequence[str]]]:
    """The committed .bib as our own reader sees it; the lock is where its facts come from."""
    library = bib.parse(SHIPPED.read_text(encoding="utf-8"), "refs/references.bib")
    assert not library.problems
    return {
        entry.key: (record_of(entry, library.macros), entry.fields["keywords"].split(", "))
        for entry in library.entries
    }


@pytest.mark.node
@pytest.mark.parametrize("path", [SHIPPED, "hard"])
def test_a_tidier_finds_no_duplicate_and_no_mistake(path: Path | str, hard: Path) -> None:
    called("node", "read.mjs", "bibtex-tidy", hard if path == "hard" else path)


@pytest.mark.tex
@pytest.mark.parametrize("style", ["plain", "plainnat", "IEEEtran"])
def test_bibtex_reads_it_without_a_warning(style: str, hard: Path, tmp_path: Path) -> None:
    for path in (SHIPPED, hard):
        (tmp_path / "refs.bib").write_bytes(path.read_bytes())
        aux = f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n"
        (tmp_path / "paper.aux").write_text(aux)
        said = called("bibtex", "paper", cwd=tmp_path)
        warned = re.findall(r"^.*(?:Warning--|error).*$", said, re.M)
        assert warned == []


@pytest.mark.tex
def test_biber_finds_every_field_in_its_data_model(hard: Path, tmp_path: Path) -> None:
    """archiveprefix and primaryclass are BibTeX's; biblatex maps them when it reads a .bib."""
    for path in (SHIPPED, hard):
        out = tmp_path / "out.bib"
        check = ["--tool", "--validate-datamodel", "--output-file", out, "--logfile", "log"]
        said = called("biber", *check, path, cwd=tmp_path)
        warned = [line for line in said.splitlines() if re.match(r"WARN|ERROR", line)]
        assert [
            line for line in warned if not re.search(r"'(archiveprefix|primaryclass)'", line)
        ] == []


def test_no_registry_is_named_in_the_lock_of_the_readers() -> None:
    """The packages come from whichever registry npm is set up for; checksums hold them fixed."""
    packages = json.loads((NODE / "package-lock.json").read_text())["packages"]
    assert [name for name, facts in packages.items() if "resolved" in facts] == []
    assert all("integrity" in facts for name, facts in packages.items() if name)
    assert os.path.getsize(NODE / "package-lock.json") < 100_000
