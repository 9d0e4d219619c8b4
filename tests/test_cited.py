"""Keys that papers cite: the commands of LaTeX's packages, and the files that LaTeX writes."""

from pathlib import Path

import pytest

from bibtool.cited import in_aux, in_bcf, in_tex
from bibtool.errors import Unreadable
from bibtool.papers import read_papers

CASES = [
    (r"\cite{a}", ["a"]),
    (r"\cite{a,b}\cite{a}", ["a", "b", "a"]),
    ("\\cite{a,\n  b}", ["a", "b"]),
    ("\\cite{a, % why\n b}", ["a", "b"]),
    (r"\citep[see][p.~3]{a}", ["a"]),
    (r"\citep*{a} \Citet{b} \citealp{c} \citeauthor*{d}", ["a", "b", "c", "d"]),
    (r"\cite[see \cite[p. 1]{b}][{x]}]{a}", ["a", "b"]),
    (r"\cite [note] {a}", ["a"]),
    (r"\parencite{a}\textcite{b}\autocite{c}\footfullcite{d}\smartcite{e}", ["a", "b", "c", "d", "e"]),
    (r"\parencites(see)(end)[p]{a}[q]{b}{c}", ["a", "b", "c"]),
    (r"\cites{a}{b} {plain}", ["a", "b", "plain"]),
    (r"\volcite[see]{2}[p. 4]{a}", ["a"]),
    (r"\citefield{a}{title}", ["a"]),
    (r"\nocite{a} \nocite{*}", ["a", "*"]),
    (r"\onlinecite{a} \citeA{b} \bibentry{c}", ["a", "b", "c"]),
    (r"\citestyle{acm} \setcitestyle{numbers} \bibliographystyle{plain}", []),
    (r"\newcommand{\mycite}[1]{\cite{#1}} \DeclareCiteCommand{\cite}{x}{y}{z}{w}", []),
    (r"50\% \cite{a} % \cite{b}", ["a"]),
    (r"\\% \cite{b}", []),
    (r"\verb|\cite{b}| \cite{a}", ["a"]),
    ("\\begin{verbatim}\n\\cite{b}\n\\end{verbatim}\\cite{a}", ["a"]),
    ("\\begin{lstlisting}\\cite{b}\\end{lstlisting}", []),
    (r"\cite{a} \end{document} \cite{b}", ["a"]),
    ("\\cite{a}\n\\endinput\n\\cite{b}", ["a"]),
    (r"\cite{smith:2020/a+b.c-d_e}", ["smith:2020/a+b.c-d_e"]),
    (r"\cite{}", []),
    (r"\recite{a} without end \cite{", ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "keys"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_gives_its_keys(text: str, keys: list[str]) -> None:
    assert [citation.key for citation in in_tex(text).citations] == keys


def test_lines_are_those_of_the_file() -> None:
    text = "a\n\\begin{verbatim}\n\n\\end{verbatim}\n% x\n\\citep{a}\n"
    assert [(c.key, c.line, c.command) for c in in_tex(text).citations] == [("a", 6, "citep")]


@pytest.mark.parametrize(
    ("text", "path", "folder"),
    [
        (r"\input{a}", "a", ""),
        (r"\input a.tex ", "a.tex", ""),
        (r"\include{chapters/a}", "chapters/a", ""),
        (r"\subfile{a}", "a", ""),
        (r"\import{chapters/}{a}", "a", "chapters/"),
        (r"\subimport*{x}{a.tex}", "a.tex", "x"),
    ],
)
def test_included_files_are_found(text: str, path: str, folder: str) -> None:
    (found,) = in_tex(text).inclusions
    assert (found.path, found.folder) == (path, folder)


def test_what_latex_wrote_is_read() -> None:
    assert in_aux("\\citation{a,b}\n\\abx@aux@cite{0}{c}\n\\abx@aux@cite{d}\n\\@input{ch.aux}\n") == ({"a", "b", "c", "d"}, ("ch.aux",))  # fmt: skip
    text = '<bcf:citekey order="1">a</bcf:citekey><bcf:citekey order="2" type="set" members="b,c">s&amp;t</bcf:citekey><bcf:citekey order="3">*</bcf:citekey>'
    assert in_bcf(text) == {"a", "s&t", "b", "c", "*"}


def test_a_paper_is_read_with_all_that_it_includes(tmp_path: Path) -> None:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper/main.tex").write_text("\\cite{a}\n\\input{sub/one}\\include{gone}\n")
    (tmp_path / "paper/sub").mkdir()
    (tmp_path / "paper/sub/one.tex").write_text("\\cite{b}\\input{main}\\input{sub/two.tex}")
    (tmp_path / "paper/sub/two.tex").write_bytes("\\cite{c} Gödel".encode("latin-1"))
    found = read_papers(["paper/main.tex"], tmp_path)
    assert {key: str(place) for key, place in found.keys.items()} == {
        "a": "paper/main.tex:1",
        "b": "paper/sub/one.tex:1",
        "c": "paper/sub/two.tex:1",
    }
    assert [str(problem.place) for problem in found.problems] == ["paper/main.tex:2"]


def test_a_fresh_aux_knows_more_and_an_old_one_is_not_believed(tmp_path: Path) -> None:
    import os

    (tmp_path / "main.tex").write_text(r"\mine{a}")
    (tmp_path / "main.aux").write_text("\\citation{a}\n\\@input{ch.aux}\n\\@input{none.aux}\n")
    (tmp_path / "ch.aux").write_text("\\citation{b}\n")
    assert list(read_papers(["main.tex"], tmp_path).keys) == ["a", "b"]
    os.utime(tmp_path / "main.aux", (1, 1))
    assert not read_papers(["main.tex"], tmp_path).keys
    assert list(read_papers(["main.aux"], tmp_path).keys) == ["a", "b"]


def test_a_paper_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"main\.tex:1: No such file"):
        read_papers(["main.tex"], tmp_path)
