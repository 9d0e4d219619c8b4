"""Sections: what stands in which file, under which heading, in which order."""

import pytest
from section_cases import LIST, TEMPLATES, entry, lists, not_found, papers, row

from bibtool.errors import WrongUse
from bibtool.model import (
    Category,
    Entry,
    Identifier,
    Name,
    Outcome,
    PaperList,
    Place,
    Record,
    Update,
)
from bibtool.render.options import SectionOptions
from bibtool.render.sections import Rendered, render

MD = SectionOptions()


def rendered(
    *entries: Entry,
    latex: SectionOptions = MD,
    markdown: SectionOptions = MD,
    waiting: tuple[Outcome, ...] = (),
    some_lists: tuple[PaperList, ...] = (),
    own: dict[str, str] | None = None,
) -> Rendered:
    some_lists = some_lists or lists(*entries, waiting=waiting)
    return render(entries, some_lists, waiting, latex, markdown, TEMPLATES, {}, own=own)


def headings(markdown: str) -> list[str]:
    return [line for line in markdown.splitlines() if line.startswith("#")]


def keys(tex: str) -> list[str]:
    return [piece.split("}")[0] for piece in tex.split("\\cite{")[1:]]


def test_all_categories_stand_in_one_file_and_each_in_its_own() -> None:
    entries, some = papers()
    files = render(entries, some, (), MD, MD, TEMPLATES, {}).files
    names = [name.removeprefix("sections/") for name in files]
    assert [name for name in names if name.endswith(".tex")] == [
        "references.tex",
        "autoregressive-image-generation-method.tex",
        "specific-visual-tasks-based-on-autoregressive-models.tex",
        "autoregressive-model-efficiency-and-component-improvements.tex",
        "unified-and-multimodal-autoregressive-models.tex",
        "application-of-autoregressive-models-in-other-fields.tex",
        "others.tex",
    ]
    assert len([name for name in names if name.endswith(".md")]) == 7
    assert keys(files["references.tex"]) == [entry.key for entry in entries]


def test_the_same_input_gives_the_same_bytes() -> None:
    entries, some = papers()
    assert render(entries, some, (), MD, MD, TEMPLATES, {}) == render(
        tuple(reversed(entries)), some, (), MD, MD, TEMPLATES, {}
    )


def test_a_work_in_two_categories_stands_in_both_and_is_named_by_its_own_rows() -> None:
    work = entry("tian2024visual", "", row("A", 1, short="VAR"), row("B", 2, short="Next-scale"))
    files = rendered(work).files
    assert "VAR~\\cite{tian2024visual}." in files["sections/a.tex"]
    assert "Next-scale~\\cite{tian2024visual}." in files["sections/b.tex"]
    assert keys(files["references.tex"]) == ["tian2024visual"] * 2


def test_a_work_that_stands_twice_in_a_category_is_listed_once() -> None:
    work = entry("k", "", row("A", 1, notes="one"), row("A", 5, short="VAR", notes="two"))
    tex = rendered(work).files["sections/a.tex"]
    assert "VAR~\\cite{k}. % one two\n" in tex


def test_nested_headings_become_a_tree_with_levels() -> None:
    entries = (
        entry("a", "", row(("Vision", "Tokens"), 1)),
        entry("b", "", row(("Vision", "Tokens", "Fast"), 2)),
        entry("c", "", row(("Text",), 3)),
    )
    files = rendered(*entries).files
    assert headings(files["references.md"]) == ["## Vision", "### Tokens", "#### Fast", "## Text"]
    assert headings(files["sections/tokens.md"]) == ["## Tokens", "### Fast"]
    assert "\\paragraph{Vision}\n" in files["references.tex"]
    assert "\\par\\smallskip\\noindent\\textit{Tokens}\\enspace\n" in files["references.tex"]
    assert keys(files["sections/vision.tex"]) == ["a", "b"]


def test_rows_without_a_heading_stand_without_one() -> None:
    files = rendered(entry("a", "", row((), 1))).files
    assert headings(files["references.md"]) == []
    assert keys(files["sections/uncategorised.tex"]) == ["a"]


def test_an_entry_whose_row_is_gone_stands_in_no_section() -> None:
    orphan = Entry(key="gone", record=Record(title="Gone"))
    assert "gone" not in rendered(orphan, entry("here")).files["references.tex"]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (SectionOptions(include=("text",)), ["## Text"]),
        (SectionOptions(include=("Vision > Tokens",)), ["## Vision", "### Tokens"]),
        (SectionOptions(exclude=("Tokens",)), ["## Vision", "## Text"]),
        (SectionOptions(exclude=("Vision",)), ["## Text"]),
        (SectionOptions(order=("Text",)), ["## Text", "## Vision", "### Tokens"]),
        (SectionOptions(depth=1), ["## Vision", "## Text"]),
        (SectionOptions(level=4), ["#### Vision", "##### Tokens", "#### Text"]),
        (SectionOptions(level=0), []),
        (SectionOptions(rename={"Tokens": "Words"}), ["## Vision", "### Words", "## Text"]),
    ],
)
def test_settings_choose_and_arrange_the_categories(
    options: SectionOptions, shown: list[str]
) -> None:
    entries = (
        entry("a", "", row(("Vision",), 1)),
        entry("b", "", row(("Vision", "Tokens"), 2)),
        entry("c", "", row(("Text",), 3)),
    )
    result = rendered(*entries, markdown=options)
    assert headings(result.files["references.md"]) == shown
    assert result.slugs == {"Vision": "vision", "Vision > Tokens": "tokens", "Text": "text"}


def test_a_category_that_settings_name_and_no_list_has_is_told() -> None:
    (notice,) = rendered(entry(), latex=SectionOptions(exclude=("Metods",))).notices
    assert notice.message == "[latex] names the category 'Metods', which no list has"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("list", ["c", "a", "d", "b"]),
        ("key", ["a", "b", "c", "d"]),
        ("year", ["d", "a", "c", "b"]),
        ("venue", ["d", "a", "c", "b"]),
    ],
)
def test_works_stand_in_the_order_that_is_asked_for(sort: str, expected: list[str]) -> None:
    entries = (
        entry("c", "", row("M", 1), year=2023, venue="Z"),
        entry("a", "", row("M", 2), year=2022, venue="b"),
        entry("d", "", row("M", 3), year=2020, venue="A"),
        entry("b", "", row("M", 4), year=None),
    )
    files = rendered(*entries, latex=SectionOptions(sort=sort)).files  # type: ignore[arg-type]
    assert keys(files["references.tex"]) == expected


@pytest.mark.parametrize("files", ["both", "all", "categories"])
def test_settings_say_which_files_there_are(files: str) -> None:
    options = SectionOptions(files=files)  # type: ignore[arg-type]
    names = set(rendered(entry(), latex=options, markdown=options).files)
    whole = {"references.tex", "references.md"}
    each = {"sections/methods.tex", "sections/methods.md"}
    assert names == {"both": whole | each, "all": whole, "categories": each}[files]


@pytest.mark.parametrize("command", ["cite", "citep", "citet", "autocite"])
def test_settings_name_the_cite_command(command: str) -> None:
    options = SectionOptions(cite=command)  # type: ignore[arg-type]
    assert f"~\\{command}{{k}}." in rendered(entry("k"), latex=options).files["references.tex"]


def test_a_label_stands_behind_its_heading() -> None:
    tex = rendered(entry(), latex=SectionOptions(label_prefix="sec:", level=1)).files
    assert "\\section{Methods}\\label{sec:methods}\n" in tex["references.tex"]


@pytest.mark.parametrize(
    ("notes", "line"),
    [
        ("auto", "VAR~\\cite{k}. % 50% & a note"),
        ("comments", "VAR~\\cite{k}. % 50% & a note"),
        ("text", "VAR~\\cite{k} 50\\% \\& a note."),
        ("off", "VAR~\\cite{k}."),
    ],
)
def test_a_note_is_text_or_comment_or_left_out(notes: str, line: str) -> None:
    work = entry("k", "", row(short="VAR", notes="50% & a\nnote"))
    tex = rendered(work, latex=SectionOptions(notes=notes)).files["references.tex"]  # type: ignore[arg-type]
    assert line in tex.splitlines()


def test_a_section_says_if_pdflatex_cannot_set_it() -> None:
    work = entry("k", "", row(notes="用小型扩散头"))
    assert "xelatex" not in rendered(work).files["references.tex"]
    text = rendered(work, latex=SectionOptions(notes="text")).files["references.tex"]
    assert "% Needs xelatex or lualatex" in text


def test_rows_without_an_entry_are_comments_an_appendix_or_left_out() -> None:
    waiting = (not_found("A & B --> C"),)
    work = entry("k")
    both = {
        how: rendered(
            work,
            waiting=waiting,
            latex=SectionOptions(unresolved=how),  # type: ignore[arg-type]
            markdown=SectionOptions(unresolved=how),  # type: ignore[arg-type]
        ).files
        for how in ("comment", "appendix", "omit")
    }
    assert "% not found: A & B --> C\n" in both["comment"]["references.tex"]
    assert "<!-- not found: A &amp; B - -&gt; C -->\n" in both["comment"]["references.md"]
    assert (
        "\\paragraph{Unresolved}\nA \\& B -{}-{\\textgreater} C."
        in both["appendix"]["references.tex"]
    )
    assert "## Unresolved\n\n- A &amp; B \\-\\-&gt; C\n" in both["appendix"]["references.md"]
    assert "A &" not in both["omit"]["references.tex"] + both["omit"]["references.md"]


def test_the_words_under_a_heading_stand_there_on_request() -> None:
    some = (PaperList(LIST, (), (Category(("Methods",), Place(LIST, 1), "Basic *methods*."),)),)
    quiet = rendered(entry(), some_lists=some).files
    assert "Basic" not in quiet["references.tex"] + quiet["references.md"]
    options = SectionOptions(description=True)
    told = rendered(entry(), some_lists=some, latex=options, markdown=options).files
    assert "\\paragraph{Methods}\nBasic *methods*.\n" in told["references.tex"]
    assert "## Methods\n\nBasic \\*methods\\*.\n" in told["references.md"]


def test_a_line_of_the_markdown_references() -> None:
    work = entry(
        "tian2024visual",
        "Visual *Modeling*: Is It?",
        row(code=("https://github.com/FoundationVision/VAR",)),
        authors=tuple(Name(family=f, given=g) for f, g in (("Tian", "Keyu"), ("Li", "Ann-Lou"))),
        identifiers=(Identifier("arxiv:2404.02905"), Identifier("doi:10.52202/079017-2694")),
        venue="NeurIPS",
    )
    numbered = rendered(work).files["references.md"].splitlines()[-1]
    assert numbered == (
        "1. K. Tian and A.-L. Li. [Visual \\*Modeling\\*: Is It?]"
        "(https://doi.org/10.52202/079017-2694) NeurIPS 2024. "
        "[DOI](https://doi.org/10.52202/079017-2694), [arXiv](https://arxiv.org/abs/2404.02905), "
        "[code](https://github.com/FoundationVision/VAR)"
    )
    dated = rendered(work, markdown=SectionOptions(style="author-year", links=("arxiv",)))
    assert dated.files["references.md"].splitlines()[-1] == (
        "- Tian and Li (2024). [Visual \\*Modeling\\*: Is It?]"
        "(https://doi.org/10.52202/079017-2694) NeurIPS 2024. "
        "[arXiv](https://arxiv.org/abs/2404.02905)"
    )


@pytest.mark.parametrize(
    ("most", "shown"),
    [(1, "A. Ab et al. "), (2, "A. Ab, B. Cd, et al. "), (3, "A. Ab, B. Cd, and E. Fg. ")],
)
def test_settings_say_how_many_authors_are_named(most: int, shown: str) -> None:
    names = (Name("Ab", "A"), Name("Cd", "B"), Name("Fg", "E"))
    md = rendered(entry("k", "T", authors=names), markdown=SectionOptions(authors=most)).files
    assert f"1. {shown}T. 2024." in md["references.md"]


def test_a_retracted_work_is_marked() -> None:
    files = rendered(entry("k", "T", updates=(Update("retraction"),))).files
    assert "% RETRACTED" in files["references.tex"]
    assert "**RETRACTED.**" in files["references.md"]


def test_the_list_s_word_for_the_venue_is_shown_where_no_registry_has_one() -> None:
    work = entry("k", "T", row(claim=Record(venue="CVPR", year=2025)), year=2024)
    assert "T. CVPR 2025." in rendered(work).files["references.md"]
    work = entry("k", "T", row(claim=Record(venue="CVPR", year=2025)), venue="ICML")
    assert "T. ICML 2024." in rendered(work).files["references.md"]


def test_an_address_that_is_no_web_address_is_no_link_and_is_told() -> None:
    result = rendered(entry("k", "T", row(line=7, code=("javascript:alert(1)",))))
    assert "javascript" not in result.files["references.md"]
    (notice,) = result.notices
    assert (notice.place.line, "no web address" in notice.message) == (7, True)


def test_a_template_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(WrongUse, match=r"no template relatd\.tex\.j2; there are .*related-work"):
        rendered(entry(), latex=SectionOptions(template="relatd"))


def test_a_key_that_no_command_can_hold_is_not_cited() -> None:
    assert "\\cite" not in rendered(entry("a}\\input{x")).files["references.tex"]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_template_does_with_what_is_known(name: str) -> None:
    bare = Entry(key="k", record=Record(), rows=(row(),))
    options = SectionOptions(template=name.split(".")[0], notes="text", layout="table")
    latex, markdown = (options, MD) if ".tex." in name else (MD, options)
    files = rendered(bare, latex=latex, markdown=markdown).files
    assert "None" not in files["references.tex"] + files["references.md"]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_every_template_tells_warnings_descriptions_and_waiting_rows(name: str) -> None:
    work = entry("k", "Title", updates=(Update("retraction"),))
    some = (PaperList(LIST, (), (Category(("Methods",), Place(LIST, 1), "In short."),)),)
    for unresolved in ("comment", "appendix"):
        options = SectionOptions(
            template=name.split(".")[0],
            description=True,
            unresolved=unresolved,  # type: ignore[arg-type]
        )
        latex, markdown = (options, MD) if ".tex." in name else (MD, options)
        waiting = (not_found("Lost & found"),)
        files = rendered(
            work, latex=latex, markdown=markdown, some_lists=some, waiting=waiting
        ).files
        text = files["references.tex" if ".tex." in name else "references.md"]
        assert "retracted" in text.casefold()
        assert "In short." in text
        escaped = "Lost \\& found" if ".tex." in name else "Lost &amp; found"
        hidden = (
            "% not found: Lost & found" if ".tex." in name else "<!-- not found: Lost &amp; found"
        )
        assert (escaped if unresolved == "appendix" else hidden) in text


def test_one_heading_in_two_lists_is_one_category() -> None:
    first = entry("a", "", row("Methods", 5, path="refs/lists/a.md"))
    second = entry("b", "", row("Methods", 1, path="refs/lists/b.md"))
    some = tuple(
        PaperList(f"refs/lists/{name}.md", (), (Category(("Methods",), Place(name, 1), name),))
        for name in "ab"
    )
    result = render((second, first), some, (), MD, MD, TEMPLATES, {})
    assert keys(result.files["sections/methods.tex"]) == ["a", "b"]
    assert result.slugs == {"Methods": "methods"}
