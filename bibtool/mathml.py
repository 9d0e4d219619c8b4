"""Presentation MathML, as it stands in titles, to TeX. Pure.

Covers the elements that publishers put in titles; of others the text is kept.
https://www.w3.org/TR/MathML3/chapter3.html
"""

from collections.abc import Iterable

from msgspec import Struct

_TAGS = (
    "math mml mi mn mo ms mtext mrow msub msup msubsup mfrac msqrt mroot mover munder munderover "
    "mmultiscripts mprescripts none mspace mstyle mfenced mpadded mphantom menclose mtable mtr mtd "
    "semantics annotation annotation-xml merror maction"
)
TAGS = frozenset(_TAGS.split())
# Letters and signs with their names in TeX.
_LETTERS = "αβγδεζηθικλμνξπρστυφχψωϵϑϕϱςΓΔΘΛΞΠΣΥΦΨΩ"
_LETTER_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon varphi chi psi omega epsilon vartheta phi varrho varsigma Gamma Delta Theta Lambda Xi "
    "Pi Sigma Upsilon Phi Psi Omega"
)
_OPERATORS = "×·⋅±∓÷≤≥⩽⩾≠≈∼≃≅≡∝→←↔⇒∞∂∇∑∏∫∈∉⊂∪∩∘⊗⊕†ℓħℏ√≪≫…⋯⟨⟩〈〉"
_OPERATOR_NAMES = (
    "times cdot cdot pm mp div leq geq leq geq neq approx sim simeq cong equiv propto rightarrow "
    "leftarrow leftrightarrow Rightarrow infty partial nabla sum prod int in notin subset cup cap "
    "circ otimes oplus dagger ell hbar hbar surd ll gg ldots cdots langle rangle langle rangle"
)
SIGNS = {
    letter: f"\\{name}"
    for letters, names in ((_LETTERS, _LETTER_NAMES), (_OPERATORS, _OPERATOR_NAMES))
    for letter, name in zip(letters, names.split(), strict=True)
}
SIGNS |= {"−": "-", "–": "-", "′": "'", "∗": "*", "∣": "|", "∥": "||", "$": "", "\\": ""}
SIGNS |= {"\u2061": "", "\u2062": "", "\u2063": ""}  # applied to, times, comma: all invisible
SIGNS |= {sign: f"\\{sign}" for sign in "{}%#&_"}
ACCENTS = {"¯": "bar", "‾": "bar", "̄": "bar", "^": "hat", "ˆ": "hat", "˜": "tilde", "~": "tilde"}
ACCENTS |= {"˙": "dot", "¨": "ddot", "→": "vec", "⃗": "vec", "_": "bar", "−": "bar", "-": "bar"}
VARIANTS = {"normal": "mathrm", "bold": "mathbf", "double-struck": "mathbb", "script": "mathcal"}
VARIANTS |= {"fraktur": "mathfrak", "sans-serif": "mathsf", "bold-italic": "mathbf"}
SCRIPTED = {"msub": ("_",), "msup": ("^",), "msubsup": ("_", "^"), "munderover": ("_", "^")}
DEEPEST = 60  # elements in each other; what lies deeper is read as if it stood beside


class _Node(Struct):
    tag: str
    attributes: str = ""
    text: str = ""
    children: list["_Node"] = []


def tex(pieces: Iterable[tuple[str, str, bool, str]]) -> str:
    """The formula in TeX, without dollars. `pieces` as markup cuts them: (text, tag, closing?,
    attributes), where tag is empty for text."""
    return " ".join(_row(_tree(pieces).children).split())


def _tree(pieces: Iterable[tuple[str, str, bool, str]]) -> _Node:
    """Nested elements; a closing tag closes what stands open inside it."""
    root = _Node("math")
    stack = [root]
    for text, tag, closing, attributes in pieces:
        if not tag:
            stack[-1].text += text
        elif closing:
            names = [node.tag for node in stack]
            if tag in names[1:]:
                del stack[len(names) - 1 - names[::-1].index(tag) :]
        else:
            node = _Node(tag, attributes)
            stack[-1].children.append(node)
            empty = attributes.endswith("/") or tag in ("none", "mprescripts")
            if not empty and len(stack) < DEEPEST:
                stack.append(node)
    return root


def _row(nodes: Iterable[_Node]) -> str:
    """Formulas side by side, with a blank where "\\alpha" and "x" would run together."""
    out = ""
    for node in nodes:
        piece = _formula(node)
        tail = out.rpartition("\\")[2] if "\\" in out else " "
        if tail.isalpha() and piece[:1].isalpha():
            out += " "
        out += piece
    return out


def _formula(node: _Node) -> str:
    parts = node.children
    if node.tag in ("annotation", "annotation-xml", "mphantom"):
        return ""
    if node.tag in SCRIPTED and len(parts) == 1 + len(SCRIPTED[node.tag]):
        return _scripts(parts, SCRIPTED[node.tag])
    if node.tag in ("mover", "munder") and len(parts) == 2:
        return _over(node.tag, *parts)
    if node.tag == "mfrac" and len(parts) == 2:
        return rf"\frac{{{_formula(parts[0])}}}{{{_formula(parts[1])}}}"
    if node.tag == "mroot" and len(parts) == 2:
        return rf"\sqrt[{_formula(parts[1])}]{{{_formula(parts[0])}}}"
    if node.tag == "msqrt":
        return rf"\sqrt{{{_row(parts)}}}"
    if node.tag == "mmultiscripts":
        return _around(parts)
    if node.tag == "mfenced":
        return f"({','.join(_formula(part) for part in parts)})"
    if node.tag == "mspace":
        return r"\ "
    return _token(node) if not parts else _row(parts)


def _token(node: _Node) -> str:
    text = node.text.strip()
    if node.tag == "mtext" and text:
        return rf"\mathrm{{{_signs(text)}}}" if text.isalnum() else rf"\text{{{_signs(text)}}}"
    if node.tag != "mi" or not text.isalpha() or text in _LETTERS:
        return _signs(text)
    for name, command in VARIANTS.items():
        if f'mathvariant="{name}"' in node.attributes:
            return rf"\{command}{{{_signs(text)}}}"
    return _signs(text) if len(text) == 1 else rf"\mathrm{{{_signs(text)}}}"


def _signs(text: str) -> str:
    out = ""
    for letter in text:
        sign = SIGNS.get(letter, letter)
        if out.rpartition("\\")[2].isalpha() and "\\" in out and sign[:1].isalpha():
            out += " "
        out += sign
    return out


def _scripts(parts: list[_Node], signs: tuple[str, ...]) -> str:
    base = _formula(parts[0])
    return base + "".join(
        f"{sign}{_braced(_formula(part))}" for sign, part in zip(signs, parts[1:], strict=True)
    )


def _braced(formula: str) -> str:
    return formula if len(formula) == 1 else f"{{{formula}}}"


def _over(tag: str, base: _Node, mark: _Node) -> str:
    accent = ACCENTS.get(mark.text.strip(), "")
    if tag == "munder":
        return f"{_formula(base)}_{_braced(_formula(mark))}"
    return rf"\{accent}{{{_formula(base)}}}" if accent else _scripts([base, mark], ("^",))


def _around(parts: list[_Node]) -> str:
    """mmultiscripts: a base with pairs of scripts behind it, and before it after mprescripts."""
    if not parts:
        return ""
    before: list[_Node] = []
    after = parts[1:]
    for place, part in enumerate(after):
        if part.tag == "mprescripts":
            after, before = after[:place], after[place + 1 :]
            break
    base = _formula(parts[0])
    return _pairs(before) + base + _pairs(after)


def _pairs(nodes: list[_Node]) -> str:
    out = ""
    for place, node in enumerate(nodes):
        formula = _formula(node)
        if node.tag != "none" and formula:
            out += f"{'^' if place % 2 else '_'}{_braced(formula)}"
    return out
