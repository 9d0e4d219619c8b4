"""Templates that people own: which one is used, what it may do, and how its mistakes are told."""

import pytest
from section_cases import LIST, TEMPLATES, entry, lists, not_found, papers, row

from bibtool import confine
from bibtool.errors import Unreadable, WrongUse
from bibtool.model import Entry
from bibtool.render.options import SectionOptions
from bibtool.render.sections import Rendered, render

PLAIN = SectionOptions()


def rendered(own: dict[str, str], *entries: Entry, markdown: SectionOptions = PLAIN) -> Rendered:
    some = entries or (entry("k", "T & <b>_x_</b> {{ 7*7 }} << 7*7 >> <% x %>"),)
    return render(some, lists(*some), (), PLAIN, markdown, TEMPLATES, {}, own=own)


def test_a_template_of_the_same_name_wins() -> None:
    files = rendered({"related-work.tex.j2": "mine: << works[0].key >>\n"}).files
    assert files["references.tex"].splitlines()[1:] == ["mine: k"]
    assert files["references.md"] == rendered({}).files["references.md"]


def test_a_template_of_another_name_is_rendered_beside_the_bibliography() -> None:
    own = {"overview.html.j2": "<p>{{ works[0].title }}</p>\n", "_x.html.j2": "", "notes.txt": ""}
    files = rendered(own).files
    assert set(files) - set(rendered({}).files) == {"overview.html"}
    escaped = "T &amp; &lt;b&gt;_x_&lt;/b&gt; {{ 7*7 }} &lt;&lt; 7*7 &gt;&gt; &lt;% x %&gt;"
    assert files["overview.html"] == f"<p>{escaped}</p>\n"


def test_a_template_that_settings_name_makes_the_sections_and_no_file_of_its_own() -> None:
    own = {"mine.md.j2": "{{ works|length }}\n"}
    files = rendered(own, markdown=SectionOptions(template="mine")).files
    assert files["references.md"].endswith("-->\n\n1\n")
    assert "mine.md" not in files


def test_a_template_can_include_and_call_those_that_begin_with_a_line() -> None:
    own = {
        "related-work.tex.j2": '<% from "_parts.tex.j2" import one %><< one(works[0]) >>'
        '<% include "_end.tex.j2" %>',
        "_parts.tex.j2": "<% macro one(work) %>\\emph{<< work.title >>}<% endmacro %>",
        "_end.tex.j2": "% end & done",
    }
    tex = rendered(own, entry("k", "A & B")).files["references.tex"]
    assert tex.splitlines()[1] == "\\emph{A \\& B}% end & done"


@pytest.mark.parametrize(
    "name", ["references.tex.j2", "references.bib.j2", "bibtool.lock.j2", "..j2"]
)
def test_a_template_cannot_take_the_place_of_what_bibtool_writes(name: str) -> None:
    with pytest.raises(WrongUse, match="bibtool's own"):
        rendered({name: "x"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<< work.title >>", "A \\& B"),
        ("<< work.title|tex >>", "A \\& B"),
        ("<< work.title|tex|tex >>", "A \\& B"),
        ("<< work.title|e >>", "A \\& B"),
        ("<< work.title|md >>", "A \\&amp; B"),
        ('<< "x & y" >>', "x \\& y"),
        ('<< work.title ~ " & " ~ (work.title|tex) >>', "A \\& B \\& A \\& B"),
        ('<< work.title + "_" >>', "A \\& B\\_"),
        ('<< (work.title|tex) + "_" >>', "A \\& B\\_"),
        ('<< "_" + (work.title|tex) >>', "\\_A \\& B"),
        ('<< [work.title|tex, work.title]|join(" & ") >>', "A \\& B \\& A \\& B"),
        ('<< [work, work]|join("_", attribute="title") >>', "A \\& B\\_A \\& B"),
        ("<% set x %><< work.title >><% endset %><< x >>", "A \\& B"),
        ("<% macro m(t) %>\\b{<< t >>}<% endmacro %><< m(work.title) >>", "\\b{A \\& B}"),
        (
            "<% macro m() %>(<< caller() >>)<% endmacro %><% call m() %><< work.title >><% endcall %>",
            "(A \\& B)",
        ),
        ("<< work.title|upper >>", "A \\& B"),
        ('<< work.title|replace("&", "_") >>', "A \\_ B"),
        ("<< work.year >> << none >>|", "2024 |"),
        ("<< work|cite >> << work|cite('citep') >>", "\\cite{k} \\citep{k}"),
        (
            "<< 'https://x.example/a_b%20c#d&e~f'|link('co_de') >>",
            "\\href{https://x.example/a\\_b\\%20c\\#d\\&e\\%7Ef}{co\\_de}",
        ),
        ("<< 'javascript:x'|link('co_de') >>", "co\\_de"),
        ("% << 'a\nb % c'|comment >>", "% a b % c"),
    ],
)
def test_every_value_is_escaped_once_for_the_output(text: str, expected: str) -> None:
    own = {"related-work.tex.j2": f"<% set work = works[0] %>{text}"}
    tex = rendered(own, entry("k", "A & B")).files["references.tex"]
    assert tex.split("\n", 1)[1] == f"{expected}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ work.title }}", "A &amp; \\*B\\*"),
        ("{{ work.title|tex }}", "A \\\\&amp; \\*B\\*"),
        ("{{ work|cite }}", "[@k]"),
        ("{{ 'https://x.example/(a)'|link('*x*') }}", "[\\*x\\*](https://x.example/%28a%29)"),
        ("{{ categories[0]|heading }}", "## Methods"),
        ("{{ 2024|badge('C-D') }}", "![C-D 2024](https://img.shields.io/badge/C--D-2024-4c71b4)"),
    ],
)
def test_helpers_speak_markdown_in_markdown(text: str, expected: str) -> None:
    own = {"references.md.j2": f"{{% set work = works[0] %}}{text}"}
    md = rendered(own, entry("k", "A & *B*")).files["references.md"]
    assert md.split("\n\n", 1)[1] == f"{expected}\n"


# From `docs/templates.md`: what a sandbox has to refuse, and what is simply a mistake.
MISTAKES = [
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "unsafe"),
    ("{{ lipsum.__globals__['os'] }}", "undefined"),
    ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "unsafe"),
    ("{{ '{0.__class__.__init__.__globals__}'.format(works[0]) }}", "unsafe"),
    ("{{ ('{0.__class__}'|attr('format'))(works) }}", "unsafe"),
    ("{% set f = '{0.__class__}'.format %}{{ [works]|map('string')|map(f)|list }}", ""),
    ("{% include '/etc/passwd' %}", "no template named '/etc/passwd'"),
    ("{% include '../../secret' %}", "no template named"),
    ("{% extends '../x' %}", "no template named"),
    ("{% for i in range(10**9) %}{% endfor %}", "Range too big"),
    ("{{ 'A'*10**9 }}", "longer than"),
    ("{{ 10**9*[1] }}", "longer than"),
    ("{{ 9**(9**9) }}", "power"),
    ("{{ works.clear() }}", "no field"),
    ("{{ works.append(1) }}", "no field"),
    ("{{ works[0].pop('key') }}", "there is no field 'pop'"),
    ("{{ categories[0].pop('name') }}", "unsafe"),
    ("{{ works[0].nothing }}", "nothing"),
    ("{{ nothing }}", "'nothing' is undefined"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "calls itself without end"),
    ("{{ works[0].title|safe }}", "No filter named 'safe'"),
    ("{{ works[0].title|tojson }}", "No filter named 'tojson'"),
    ("{{ works|random }}", "No filter named 'random'"),
    ("{% if %}", "Expected an expression"),
    ("{{ 1/0 }}", "division by zero"),
    ("{{ works[0].key.x.y }}", "has no attribute"),
    ("{% for c in ['A'*10**7]*3 %}{{ c }}{% endfor %}", "longer than 20,000,000"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_in_a_template_is_told_with_its_place(text: str, said: str) -> None:
    own = {"overview.md.j2": f"fine\n\n{text}\n"}
    with pytest.raises(Unreadable) as told:
        rendered(own)
    assert (told.value.place.path, told.value.place.line) == ("templates/overview.md.j2", 3)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_a_mistake_in_an_included_template_is_told_with_its_own_place() -> None:
    own = {"overview.md.j2": "\n{% include '_part.md.j2' %}", "_part.md.j2": "\n\n{{ oops }}"}
    with pytest.raises(Unreadable, match=r"templates/_part\.md\.j2:3: 'oops' is undefined"):
        rendered(own)


def test_names_taken_from_data_are_never_read_as_a_template() -> None:
    title = "{{ 7*7 }} {% raw %} {# c #} << 7*7 >> <% raw %> <# c #>"
    files = rendered({}, entry("k", title)).files
    assert "49" not in files["references.tex"] + files["references.md"]
    assert files["references.tex"].count("7*7") == 2


def test_templates_run_apart_give_what_they_give_here() -> None:
    entries, some = papers()
    waiting = (not_found("Lost", "Others"),)
    own = {"overview.html.j2": "{{ works|length }} of {{ categories|map(attribute='name')|join }}"}
    values = (entries, some, waiting, PLAIN, PLAIN, TEMPLATES, {"Others": "rest"})
    apart = confine.render(*values, own=own, stood={})
    assert apart == render(*values, own=own, stood={})
    assert apart.files["overview.html"].startswith("40 of Autoregressive")
    assert apart.slugs["Others"] == "rest"


def test_without_templates_of_a_stranger_no_process_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    for own in ({}, TEMPLATES):
        assert confine.render((entry(),), (), (), PLAIN, PLAIN, TEMPLATES, {}, own=own).files


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nothing }}", r"templates/x\.md\.j2:2: 'nothing' is undefined"),
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            r"templates/x\.md\.j2:2: .* longer than 1 s",
        ),
        ("{{ 'a'|center(10**12) }}", r"templates/x\.md\.j2:2: .* too much memory"),
    ],
)
def test_templates_run_apart_are_stopped_with_their_place(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confine, "SECONDS", 1)
    with pytest.raises(Unreadable, match=said):
        confine.render(
            (entry(),), (), (), PLAIN, PLAIN, TEMPLATES, {}, own={"x.md.j2": f"\n{text}"}
        )


def test_settings_that_cannot_be_meant_are_told_from_apart_too() -> None:
    with pytest.raises(WrongUse, match="bibtool's own"):
        confine.render(
            (entry(),), (), (), PLAIN, PLAIN, TEMPLATES, {}, own={"references.bib.j2": ""}
        )


def test_text_between_marks_is_made_by_the_template_that_settings_name() -> None:
    options = SectionOptions(into={"README.md": {"papers": "awesome"}})
    work = entry("k", "Title", row(path=LIST))
    result = rendered({}, work, markdown=options)
    assert "- Title" in result.inserts["README.md"]["papers"]
    assert "Made by bibtool" not in result.inserts["README.md"]["papers"]
