"""What a reader of the PDF sees: entries as bibtool writes them, under the styles papers use.

docs/styles.md is made here: `pytest tests/tex/test_styles.py --update` writes it anew.
"""

import re
import subprocess
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bibtool.model import Name, Record, identifier
from bibtool.render.bibtex import BibOptions, entry_of, text_of

pytestmark = pytest.mark.tex

PAGE = Path(__file__).parents[2] / "docs" / "styles.md"

PREPRINT = Record(
    type="misc",
    title="Autoregressive Image Generation without Vector Quantization",
    authors=(
        Name(family="Li", given="Tianhong"),
        Name(family="Tian", given="Yonglong"),
        Name(family="Li", given="He"),
        Name(family="Deng", given="Mingyang"),
        Name(family="He", given="Kaiming"),
    ),
    year=2024,
    month=6,
    identifiers=(identifier("arxiv", "2406.11838"),),
    primary_class="cs.CV",
    url="https://arxiv.org/abs/2406.11838",
)
PAPER = Record(
    type="inproceedings",
    title="Deep Residual Learning for Image Recognition",
    authors=(
        Name(family="He", given="Kaiming"),
        Name(family="Zhang", given="Xiangyu"),
        Name(family="Ren", given="Shaoqing"),
        Name(family="Sun", given="Jian"),
    ),
    year=2016,
    venue="Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition",
    pages="770-778",
    publisher="IEEE",
    identifiers=(identifier("arxiv", "1512.03385"), identifier("doi", "10.1109/cvpr.2016.90")),
    primary_class="cs.CV",
    url="https://doi.org/10.1109/cvpr.2016.90",
)
ARTICLE = Record(
    type="article",
    title="Deep learning",
    authors=(
        Name(family="LeCun", given="Yann"),
        Name(family="Bengio", given="Yoshua"),
        Name(family="Hinton", given="Geoffrey"),
    ),
    year=2015,
    month=5,
    venue="Nature",
    volume="521",
    issue="7553",
    pages="436-444",
    publisher="Springer Nature",
    identifiers=(identifier("doi", "10.1038/nature14539"),),
    url="https://doi.org/10.1038/nature14539",
)
WORKS = {"a preprint": PREPRINT, "a paper with a preprint": PAPER, "an article": ARTICLE}
KEYS = {"a preprint": "li2024", "a paper with a preprint": "he2016", "an article": "lecun2015"}

NATBIB = r"\usepackage{natbib}"
STYLES = {
    "plain": "",
    "abbrvnat": NATBIB,
    "plainnat": NATBIB,
    "IEEEtran": "",
    "splncs04": "",
    "ACM-Reference-Format": r"\usepackage[numbers]{natbib}",
    # without maxbibnames biblatex prints the first of four authors and "et al."
    "biblatex": r"\usepackage[backend=biber,maxbibnames=99]{biblatex}\addbibresource{refs.bib}",
}
# acmart's style prints every eprint by itself, so that howpublished says it a second time.
PRINTS_EPRINT_BY_ITSELF = {"ACM-Reference-Format"}
PRINTS_NO_DOI = {"plain", "IEEEtran"}

# A page so wide that no reference breaks: a line of the PDF is a reference.
PAPER_TEX = r"""\documentclass{article}
\paperwidth=300cm \paperheight=60cm \textwidth=290cm
\input{glyphtounicode}\pdfgentounicode=1
\usepackage[T1]{fontenc}\usepackage{lmodern}
%s
\usepackage{hyperref}
\begin{document}
\nocite{*}Text.
%s
\end{document}
"""


def bibliography_of(style: str) -> str:
    if style == "biblatex":
        return r"\printbibliography"
    return rf"\bibliographystyle{{{style}}}\bibliography{{refs}}"


def bib_for(style: str) -> str:
    options = BibOptions(dialect="biblatex" if style == "biblatex" else "bibtex")
    entries = (
        entry_of(KEYS[what], work, keywords=[], note="", options=options)
        for what, work in WORKS.items()
    )
    return "\n".join(text_of(entry) for entry in entries)


def call(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


@cache
def typeset(style: str) -> tuple[dict[str, str], str]:
    """The line that each work became, and what bibtex or biber said."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "paper.tex").write_text(PAPER_TEX % (STYLES[style], bibliography_of(style)))
        (folder / "refs.bib").write_text(bib_for(style), encoding="utf-8")
        latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
        call(folder, *latex)
        said = call(folder, "biber" if style == "biblatex" else "bibtex", "paper")
        call(folder, *latex)
        call(folder, *latex)
        shown = call(folder, "pdftotext", "-layout", "paper.pdf", "-")
    return {what: line_with(shown, work.title) for what, work in WORKS.items()}, said


def line_with(shown: str, title: str) -> str:
    plain = unicodedata.normalize("NFKC", shown)  # ligatures
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    found = [line for line in lines if title.lower() in line.lower()]
    assert len(found) == 1, f"{title} is printed {len(found)} times:\n{plain}"
    return re.sub(r"^\[\d+\] ", "", found[0])


def without_urls(line: str) -> str:
    return re.sub(r"https?:\s?//\S+", "", line)


def value(work: Record, scheme: str) -> str:
    return next((i.partition(":")[2] for i in work.identifiers if i.startswith(scheme)), "")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("what", WORKS)
def test_a_reader_sees_authors_title_year_and_venue(style: str, what: str) -> None:
    work, line = WORKS[what], typeset(style)[0][what]
    for author in work.authors:
        assert author.family in line
    assert str(work.year) in line
    assert work.venue.lower() in line.lower()


@pytest.mark.parametrize("style", STYLES)
def test_the_arxiv_id_of_a_preprint_is_printed_and_once_where_the_style_allows(style: str) -> None:
    line = typeset(style)[0]["a preprint"]
    printed = without_urls(line).count("2406.11838")
    assert printed == (2 if style in PRINTS_EPRINT_BY_ITSELF else 1), line
    assert line.count("2024") == 1, line


@pytest.mark.parametrize("style", [style for style in STYLES if style not in PRINTS_NO_DOI])
@pytest.mark.parametrize("what", ["a paper with a preprint", "an article"])
def test_a_doi_is_printed_once(style: str, what: str) -> None:
    doi = value(WORKS[what], "doi")
    line = typeset(style)[0][what]
    assert line.lower().count(doi) == 1, line


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_and_biber_have_nothing_to_say(style: str) -> None:
    """acmart's style asks for a publisher's address, which no registry states."""
    said = typeset(style)[1]
    warnings = [line for line in said.splitlines() if re.search(r"warn|error", line, re.I)]
    known = [line for line in warnings if re.search(r"empty address|\(There .* warning", line)]
    if style == "ACM-Reference-Format":
        warnings = [line for line in warnings if line not in known]
    assert warnings == []


def page() -> str:
    """docs/styles.md, from what the PDFs say."""
    head = (
        "| style | authors | title | year | arXiv id | DOI | URL |\n|---|---|---|---|---|---|---|"
    )
    parts = [INTRODUCTION.format(tex=tex_version())]
    for what, work in WORKS.items():
        rows = [_row(style, work, typeset(style)[0][what]) for style in STYLES]
        lines = [f"{style}:\n    {typeset(style)[0][what]}" for style in STYLES]
        entry = entry_of(KEYS[what], work, keywords=[], note="", options=BibOptions())
        parts += [f"## {what[0].upper()}{what[1:]}", f"```bibtex\n{text_of(entry).strip()}\n```"]
        parts += ["\n".join([head, *rows]), "```\n" + "\n".join(lines) + "\n```"]
    return "\n\n".join(parts) + "\n"


def _row(style: str, work: Record, line: str) -> str:
    arxiv, doi = value(work, "arxiv"), value(work, "doi")
    plain = without_urls(line)
    cells = [
        "all" if all(author.family in line for author in work.authors) else "**not all**",
        "yes" if work.title.lower() in line.lower() else "**no**",
        "yes" if str(work.year) in line else "**no**",
        _times(plain.count(arxiv)) if arxiv else "",
        _times(line.lower().count(doi)) if doi else "",
        _links(line),
    ]
    return f"| {style} | {' | '.join(cells)} |"


def _links(line: str) -> str:
    if "://" not in line:
        return "no"
    return "the DOI's" if "://doi.org" in line else "yes"


def _times(count: int) -> str:
    return {0: "no", 1: "yes", 2: "twice"}.get(count, f"{count} times")


def tex_version() -> str:
    said = subprocess.run(["pdflatex", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"\((TeX Live [^)]*)\)", said.stdout)
    return found[1] if found else said.stdout.splitlines()[0]


INTRODUCTION = """# What the styles print

Every bibliography style picks its own fields of an entry. This page is made by
`pytest tests/tex/test_styles.py --update`: entries as bibtool writes them by default (for
biblatex with `dialect = "biblatex"`) are typeset with {tex}, and the PDFs are read.
biblatex is loaded with `maxbibnames=99`, since it prints one of four authors otherwise.

In every style a reader sees who wrote a preprint, its title, its year and its arXiv id; a DOI
is printed once where the style prints DOIs at all. The count of arXiv ids leaves URLs out."""


def test_the_page_in_the_docs_is_what_the_styles_print(update: bool) -> None:
    if update:
        PAGE.write_text(page(), encoding="utf-8")
    kept = PAGE.read_text(encoding="utf-8")
    if tex_version() in kept:  # another TeX Live may print other words; the tests above still hold
        assert kept == page(), "run: pytest tests/tex/test_styles.py --update"
