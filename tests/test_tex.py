"""Text to TeX and back: literal, balanced, and the same again."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.tex import clean, from_tex, to_tex

NO_ROUND_TRIP = re.compile(
    r"[’‘ʼ‐‑‒―]|[^\x00-\u024f\u0370-\u03ff\u2010-\u2026\u2190-\u22ff\u4e00-\u9fff]"
)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Müller", 'M{\\"{u}}ller'),
        ("Łukasz Erdős", "{\\L}ukasz Erd{\\H{o}}s"),
        ("Nguyễn", "Nguy{\\~{\\^{e}}}n"),
        ("İstanbul ığ", "{\\.{I}}stanbul {\\i}{\\u{g}}"),
        ("50% & #1_x", "50\\% \\& \\#1\\_x"),
        ("{x} \\y", "{\\textbraceleft}x{\\textbraceright} {\\textbackslash}y"),
        (
            "a^b~c<d>e|f",
            "a{\\textasciicircum}b{\\textasciitilde}c{\\textless}d{\\textgreater}e{\\textbar}f",
        ),
        ("“q” – ‘r’ — …", "``q'' -- `r' --- {\\ldots}"),
        ("a--b", "a-{}-b"),
        ('say "hi"', 'say "{}hi"{}'),
        ("α-helix ×2", "{\\ensuremath{\\alpha}}-helix {\\texttimes}2"),
        ("x² H₂O", "x{\\textsuperscript{2}} H{\\textsubscript{2}}O"),
        ("ﬁne Ｆull 𝒜", "fine Full A"),
        ("李明", "李明"),
        ("全角标点，也要印（是吗）？100％！", "全角标点，也要印（是吗）？100％！"),
        ("ＣＮＮ，用于Müller", 'CNN，用于M{\\"{u}}ller'),
        ("Widgets，no Chinese", "Widgets,{}no Chinese"),
        ("a\u200bb\u202ec\u00a0d\n e\x07", "abc d e"),
        ("a\u180eb\u206fc\U0001d173d", "abcd"),
    ],
)
def test_text_becomes_tex(text: str, tex: str) -> None:
    assert to_tex(text) == tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("$O(n^2)$ time", "$O(n^{2})$ time"),
        ("$k$-means", "$k$-means"),
        ("$\\mathbb{R}^n$", "$\\mathbf{R}^{n}$"),
        ("$L_{\\rm max}$", "$L_{\\mathrm{max}}$"),
        ("$\\left(x\\right)$", "$(x)$"),
        ("$α+β$", "$\\alpha +\\beta$"),
        ("$5 and $10", "\\$5 and \\$10"),
        ("$5-$10", "\\$5-\\$10"),
        ("$\\input{x}$", "\\${\\textbackslash}input{\\textbraceleft}x{\\textbraceright}\\$"),
        ("$a^b^c$", "\\$a{\\textasciicircum}b{\\textasciicircum}c\\$"),
        ("$x^^5c$", "\\$x{\\textasciicircum}{\\textasciicircum}5c\\$"),
        ("$\\frac{1}$", "\\${\\textbackslash}frac{\\textbraceleft}1{\\textbraceright}\\$"),
        ("$}{$", "\\${\\textbraceright}{\\textbraceleft}\\$"),
        ("$x_$", "\\$x\\_\\$"),
        ("$$", "\\$\\$"),
    ],
)
def test_formulas_pass_by_the_list_only(text: str, tex: str) -> None:
    assert to_tex(text) == tex


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        ("Scaling VAR on ImageNet", "Scaling {VAR} on {ImageNet}"),
        ("Text-to-3D and GPT-4V", "Text-to-{3D} and {GPT-4V}"),
        ("GPT-Neo and U-Net Models", "{GPT-Neo} and {U-Net} Models"),
        ("Visual Models: Next-Scale Prediction", "Visual Models: Next-Scale Prediction"),
        ("A Survey, Part II", "A Survey, Part {II}"),
        ("Learning in Markov games", "Learning in {Markov} games"),
        ("Deep learning: A review", "Deep learning: A review"),
        ("Attention is all you need", "Attention is all you need"),
        ("$K$-means", "{$K$}-means"),
        ("mT5 for ÖBB", '{mT5} for {{\\"{O}}BB}'),
        ("iPhone's McDonald's", "{iPhone's} {McDonald's}"),
    ],
)
def test_capitals_that_mean_something_are_kept_from_styles(title: str, tex: str) -> None:
    assert to_tex(title, title=True) == tex


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"M{\"u}ller and M\"uller and M\"{u}ller", "Müller and Müller and Müller"),
        (r"{\'\i} {\'{\i}} \'{i} {\c c} {\v{S}} {\AA}", "í í í ç Š Å"),
        (r"\textbf{bold} {\em it} \emph{x}", "bold it x"),
        (r"50\% \& \_ \# \$5", "50% & _ # $5"),
        ("J.~K. a\\ b", "J. K. a b"),
        ("``q'' --- x", "“q” — x"),
        (r"{{VAR}: {B}}", "VAR: B"),
        (r"$x_{1}$ and {$k$}", "$x_{1}$ and $k$"),
        (r"\noopsort{73b}Title", r"\noopsort{73b}Title"),
        (r"\url{https://x.y/a_b}", "https://x.y/a_b"),
        (r"{\ensuremath{\alpha}} 2\textsuperscript{nd}", "α 2nd"),
        ("unbalanced } and {", "unbalanced and"),
        ("a $ b", "a $ b"),
        ("trailing \\", "trailing \\"),
        ("{\\'", ""),
    ],
)
def test_tex_becomes_what_it_prints(tex: str, text: str) -> None:
    assert from_tex(tex) == text


TEXT = st.text(max_size=40) | st.text(alphabet="\\{}$&#%_^~<>|`\"'-,a Bé", max_size=40)


@given(TEXT, st.booleans())
def test_braces_balance_as_bibtex_counts_them(text: str, title: bool) -> None:
    depth = 0
    for sign in to_tex(text, title=title):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


@given(TEXT, st.booleans())
def test_what_was_written_reads_back_as_it_was(text: str, title: bool) -> None:
    text = clean(text)
    if not NO_ROUND_TRIP.search(text) and "$" not in text:
        assert from_tex(to_tex(text, title=title)) == text


@given(TEXT)
def test_unicode_files_keep_every_sign(text: str) -> None:
    kept = [sign for sign in clean(text) if not sign.isascii()]
    assert [sign for sign in to_tex(text, encoding="unicode") if not sign.isascii()] == kept


@pytest.mark.parametrize("encoding", ["ascii", "unicode"])
@given(text=st.text("ab,'- .:;$&~\"`{é\t", max_size=12))
def test_text_that_is_passed_on_whole_needs_no_escape(text: str, encoding: str) -> None:
    """A title goes the long way; without capitals it must come out as the same text."""
    long_way = to_tex(text, encoding=encoding, title=True).replace("{$", "$").replace("$}", "$")
    assert to_tex(text, encoding=encoding) == long_way


@given(TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "$" * 40_000,
        "{" * 40_000,
        "\\'" * 40_000,
        "A" * 200_000,
        "- " * 40_000,
        "$a$ " * 10_000,
        "A:" * 20_000,
    ],
    ids=["dollars", "braces", "accents", "one word", "dashes", "formulas", "colons"],
)
def test_hostile_lengths_take_linear_time(text: str) -> None:
    began = time.process_time()
    assert from_tex(to_tex(text, title=True)) or not clean(text)
    from_tex(text)
    assert time.process_time() - began < 3  # a tenth of a second; minutes if it were quadratic
