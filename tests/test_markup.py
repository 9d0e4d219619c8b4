"""Markup of titles: entities, tags, formulas; and text that only looks like them."""

import time

import pytest

from bibtool.markup import plain

MATH = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">{}</mml:math>'


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("A title", "A title"),
        ("in ecology &amp; evolution", "in ecology & evolution"),
        ("A &amp;amp; B", "A & B"),
        ("&lt;i&gt;E. coli&lt;/i&gt;", "E. coli"),
        ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt;", "Bold"),
        ("caf&eacute; &#233; &#xE9;", "café é é"),
        ("R&D at AT&T; x&y", "R&D at AT&T; x&y"),
        ("&notanentity; stays", "&notanentity; stays"),
        ("On <i>Homo  sapiens</i>\n  , and <scp>DNA</scp>", "On Homo sapiens, and DNA"),
        ("<jats:title>One</jats:title><jats:p>Two</jats:p>", "One Two"),
        ("Line<br/>break", "Line break"),
        ('<span class="x">Styled</span>', "Styled"),
        # What is no known tag is text.
        ("a < b and c > d", "a < b and c > d"),
        ("the mean <y> of x<y and y>z", "the mean <y> of x<y and y>z"),
        ("photons of <10 keV", "photons of <10 keV"),
        ("std::vector<T> in C++", "std::vector<T> in C++"),
        # Raised and lowered.
        ("H<sub>2</sub>O and 10<sup>-3</sup> cm<sup>−1</sup>", "H₂O and 10⁻³ cm⁻¹"),
        ("T<sub>c</sub> and x<sup>max</sup>", "T$_{\\mathrm{c}}$ and x$^{\\mathrm{max}}$"),
        ("the 19<sup>th</sup> century", "the 19th century"),
        ("A<sub></sub>B<sub>", "AB"),
        # What cannot be seen.
        ("soft\u00adhyphen, zero\u200bwidth, \u202eturned\u202c", "softhyphen, zerowidth, turned"),
        ("bell\x07 and null\x00", "bell and null"),
        ("thin\u2009and\u00a0hard\u3000blanks\r\n", "thin and hard blanks"),
        ("", ""),
    ],
)
def test_markup_goes_and_text_stays(text: str, clean: str) -> None:
    assert plain(text) == clean


@pytest.mark.parametrize(
    ("formula", "tex"),
    [
        ("<mml:mi>d</mml:mi>", "$d$"),
        ("<mml:mrow><mml:mi>N</mml:mi><mml:mo>=</mml:mo><mml:mn>88</mml:mn></mml:mrow>", "$N=88$"),
        (
            "<mml:msub><mml:mi mathvariant=\"normal\">LaSrVO</mml:mi><mml:mn>4</mml:mn></mml:msub>",
            r"$\mathrm{LaSrVO}_4$",
        ),
        (
            '<mml:mmultiscripts><mml:mi mathvariant="normal">Tb</mml:mi><mml:mprescripts/><mml:none/>'
            "<mml:mrow><mml:mn>153</mml:mn></mml:mrow></mml:mmultiscripts>",
            r"$^{153}\mathrm{Tb}$",
        ),
        (
            "<mml:msub><mml:mi>Mn</mml:mi><mml:mrow><mml:mn>1</mml:mn><mml:mo>−</mml:mo>"
            "<mml:mi>x</mml:mi></mml:mrow></mml:msub>",
            r"$\mathrm{Mn}_{1-x}$",
        ),
        (
            "<mml:msubsup><mml:mi>x</mml:mi><mml:mi>i</mml:mi><mml:mn>2</mml:mn></mml:msubsup>",
            "$x_i^2$",
        ),
        ("<mml:mi>α</mml:mi><mml:mi>x</mml:mi><mml:mo>→</mml:mo><mml:mn>0</mml:mn>", r"$\alpha x\rightarrow0$"),
        ("<mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac>", r"$\frac{1}{2}$"),
        ("<mml:msqrt><mml:mi>s</mml:mi></mml:msqrt>", r"$\sqrt{s}$"),
        ("<mml:mroot><mml:mi>s</mml:mi><mml:mn>3</mml:mn></mml:mroot>", r"$\sqrt[3]{s}$"),
        ("<mml:mover><mml:mi>B</mml:mi><mml:mo>¯</mml:mo></mml:mover>", r"$\bar{B}$"),
        ("<mml:munder><mml:mi>x</mml:mi><mml:mi>k</mml:mi></mml:munder>", "$x_k$"),
        ("<mml:mfenced><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfenced>", "$(a,b)$"),
        ("<mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>5</mml:mn>", "$p<5$"),
        ("<mml:mtext>a b</mml:mtext>", r"$\text{a b}$"),
        ("<mml:semantics><mml:mi>q</mml:mi><mml:annotation>q\\bad</mml:annotation></mml:semantics>", "$q$"),
        ("<mml:mi>50</mml:mi><mml:mo>%</mml:mo>", r"$50\%$"),
        ("<mml:mi>\\input{x}</mml:mi>", r"$input\{x\}$"),
        ("<mml:mrow/>", ""),
    ],
)  # fmt: skip
def test_mathml_becomes_tex(formula: str, tex: str) -> None:
    assert plain(MATH.format(formula)) == tex


D = MATH.format("<mml:mi>d</mml:mi>")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"for{D}-complete spaces", "for $d$-complete spaces"),
        (f"the{D}nucleus", "the $d$ nucleus"),
        (f"the {D} nucleus", "the $d$ nucleus"),
        (f"({D})", "($d$)"),
        (f"the {D}th power", "the $d$th power"),
        (f"{D}: a title", "$d$: a title"),
        (f"x<sup>{D}</sup>", "x$^{d}$"),
    ],
)
def test_blanks_lost_beside_a_formula_come_back(text: str, clean: str) -> None:
    assert plain(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("On <tex-math>\\begin{document}$$x^2$$\\end{document}</tex-math>", "On $x^2$"),
        (f"On <tex-math>$d$</tex-math>{D} twice", "On $d$ twice"),
        ("On <tex-math>nothing", "On"),
        ("Open <mml:math><mml:mi>x", "Open $x$"),
    ],
)
def test_formulas_in_tex_and_open_ends(text: str, clean: str) -> None:
    assert plain(text) == clean


@pytest.mark.parametrize(
    "text",
    ["<" * 50_000, "&" * 50_000, "<i " * 20_000, "<sub>" * 20_000 + "x", "<math>" * 20_000,
     "<math>" + "<mrow>" * 20_000 + "</math>", "\n ," * 20_000, "<i>" + " " * 50_000 + "x", "&amp;" * 20_000,
     "$" * 50_000, "<tex-math>" + "$x" * 20_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_no_text_takes_long_to_read(text: str) -> None:
    began = time.monotonic()
    assert len(plain(text)) <= len(text)
    assert time.monotonic() - began < 2
