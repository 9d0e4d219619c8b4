"""Text in Markdown comes out as text; only web addresses become links."""

import re

import pytest
from github_markdown import Seen, seen
from hypothesis import given
from hypothesis import strategies as st

from bibtool.render import latex
from bibtool.render.markdown import address, comment, one_line, to_md

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![b](https://evil.example/beacon.png?u=1)",
    "a | b \\| c",
    "](https://evil.example)[",
    "`code` and ``x",
    "*bold* _em_ ~~s~~ ^up^",
    "# Heading",
    "- item",
    "+ item",
    "1. item",
    "iv) item",
    "(2) item",
    "> quote",
    "---",
    "===",
    "```",
    "<!-- comment",
    "--> <b>",
    "&lt;b&gt; &amp; &#35;",
    "https://auto.link www.x.example a@b.c",
    "@octocat #123 GH-1 :smile:",
    "$x$ $$ {#id .class} {=html}",
    "[^1]: foot",
    '[ref]: https://evil.example "t"',
    ": definition",
    "% title",
    "trailing backslash \\",
    "T. Li and J.-P. Müller",
    "Is it? 100%! C++, C#, F*",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_comes_out_as_it_went_in(text: str) -> None:
    assert seen(to_md(text)) == Seen(text.strip(), tags=["p"], links=[])


@pytest.mark.parametrize("text", HOSTILE)
def test_text_in_a_link_in_a_table_stays_in_its_cell(text: str) -> None:
    page = seen(f"|a|b|\n|-|-|\n|[{to_md(text)}](https://x.example/1)|2|\n")
    assert page.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "a", "td"]
    assert page.links == ["https://x.example/1"]
    assert text.strip() in page.text


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert seen(to_md(f"x {text}")) == Seen(one_line(f"x {text}"), tags=["p"], links=[])
    assert seen(to_md(text)).text == one_line(text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("$L_2$ and $k$-NN", "$L_2$ and $k$-NN"),
        ("$\\alpha^{2}$-RL", "$\\alpha^{2}$-RL"),
        ("$\\unicode{x}$", "\\$\\\\unicode\\{x\\}\\$"),
        ("$\\href{x}{y}$", "\\$\\\\href\\{x\\}\\{y\\}\\$"),
        ("$a_{b}_c$", "\\$a\\_\\{b\\}\\_c\\$"),
        ("$5 and $6", "\\$5 and \\$6"),
    ],
)
def test_a_formula_passes_if_it_is_known_to_do_no_harm(text: str, escaped: str) -> None:
    assert to_md(text) == escaped
    assert seen(escaped).text == text


def test_lines_become_one_line() -> None:
    assert to_md("a\nb\r\n\u2028c\x00d\u202e") == "a b c d"


def test_a_comment_is_no_mark_of_ours() -> None:
    assert comment("bibtool: skip") == latex.comment("bibtool: skip") == "bibtool : skip"
    assert comment("BIBTOOL:end") == "BIBTOOL :end"


@pytest.mark.parametrize(
    "text", ["--> <b>x", "bibtool: skip --!>", "a -- b --- c", "-", "->", "x-"]
)
def test_a_comment_cannot_be_ended_from_inside(text: str) -> None:
    whole = f"<!-- note: {comment(text)} -->"
    assert whole.count("-->") == 1
    assert "--" not in whole[4:-3]
    assert seen(f"x {whole} y").text == "x y"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://arxiv.org/abs/2404.02905", "https://arxiv.org/abs/2404.02905"),
        ("https://x.example/a b", "https://x.example/a%20b"),
        ("https://x.example/a(b)", "https://x.example/a%28b%29"),
        (
            "https://x.example/) [y](https://e.example",
            "https://x.example/%29%20%5By%5D%28https://e.example",
        ),
        ("https://x.example/50%", "https://x.example/50%25"),
        ("https://x.example/%20", "https://x.example/%20"),
        ("HTTPS://x.example", "HTTPS://x.example"),
        ("https://x.example/ü", "https://x.example/%C3%BC"),
    ],
)
def test_a_web_address_is_encoded(url: str, linked: str) -> None:
    assert address(url) == linked
    assert re.fullmatch(r"[!-~]+", linked)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\tscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "https://user:pw@evil.example/",
        "https://x.example/\r\nX: y",
        "http://[::1",
        "https://",
        "github.com/x/y",
        "",
    ],
)
def test_what_is_no_web_address_becomes_no_link(url: str) -> None:
    assert address(url) == ""
