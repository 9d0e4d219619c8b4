"""What TeX calls the signs beyond ASCII, and which mathematics may pass; data only.

Everything here compiles under pdflatex with the T1 font encoding and no further package
(tests/tex/test_tex_compile.py sets every line of it).
"""

# Combining mark -> TeX accent. A letter is taken apart by its Unicode decomposition.
ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0326": "textcommabelow",
    "\u0327": "c",
    "\u0328": "k",
    "\u0331": "b",
}

LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "å": "aa",
    "Å": "AA",
    "ł": "l",
    "Ł": "L",
    "đ": "dj",
    "Đ": "DJ",
    "ð": "dh",
    "Ð": "DH",
    "þ": "th",
    "Þ": "TH",
    "ŋ": "ng",
    "Ŋ": "NG",
    "ı": "i",
    "ȷ": "j",
}

_WORDS = """
¡ textexclamdown|¿ textquestiondown|§ S|¶ P|© copyright|® textregistered|™ texttrademark
° textdegree|· textperiodcentered|• textbullet|… ldots|† dag|‡ ddag|£ pounds|€ texteuro
¢ textcent|¥ textyen|¤ textcurrency|¦ textbrokenbar|ª textordfeminine|º textordmasculine
« guillemotleft|» guillemotright|‹ guilsinglleft|› guilsinglright|„ quotedblbase
‚ quotesinglbase|± textpm|× texttimes|÷ textdiv|¬ textlnot|µ textmu|¼ textonequarter
½ textonehalf|¾ textthreequarters|‰ textperthousand|№ textnumero|← textleftarrow
→ textrightarrow|↑ textuparrow|↓ textdownarrow|♪ textmusicalnote|℃ textcelsius
₩ textwon|₫ textdong|℠ textservicemark|‽ textinterrobang
"""
SYMBOLS = dict(pair.split() for line in _WORDS.split("\n") if line for pair in line.split("|"))

# Signs that TeX sets in mathematics only.
_MATHS = """
α alpha|β beta|γ gamma|δ delta|ϵ epsilon|ε varepsilon|ζ zeta|η eta|θ theta|ϑ vartheta|ι iota
κ kappa|λ lambda|μ mu|ν nu|ξ xi|π pi|ϖ varpi|ρ rho|ϱ varrho|σ sigma|ς varsigma|τ tau
υ upsilon|ϕ phi|φ varphi|χ chi|ψ psi|ω omega|Γ Gamma|Δ Delta|Θ Theta|Λ Lambda|Ξ Xi|Π Pi
Σ Sigma|Υ Upsilon|Φ Phi|Ψ Psi|Ω Omega|ℓ ell|ℏ hbar|ℵ aleph|ℜ Re|ℑ Im|℘ wp|∀ forall|∂ partial
∃ exists|∅ emptyset|∇ nabla|∈ in|∉ notin|∋ ni|∏ prod|∑ sum|∓ mp|∖ setminus|∗ ast|∘ circ
√ surd|∝ propto|∞ infty|∠ angle|∣ mid|∥ parallel|∧ wedge|∨ vee|∩ cap|∪ cup|∫ int|∮ oint
∼ sim|≃ simeq|≅ cong|≈ approx|≠ neq|≡ equiv|≤ leq|≥ geq|≪ ll|≫ gg|≺ prec|≻ succ|⊂ subset
⊃ supset|⊆ subseteq|⊇ supseteq|⊕ oplus|⊖ ominus|⊗ otimes|⊙ odot|⊢ vdash|⊤ top|⊥ perp
⋅ cdot|⋆ star|⋄ diamond|⋯ cdots|⋮ vdots|⋱ ddots|⌈ lceil|⌉ rceil|⌊ lfloor|⌋ rfloor|⟨ langle
⟩ rangle|△ triangle|★ bigstar|♠ spadesuit|♡ heartsuit|♢ diamondsuit|♣ clubsuit|♭ flat
♮ natural|♯ sharp|↔ leftrightarrow|↕ updownarrow|↗ nearrow|↘ searrow|↙ swarrow|↖ nwarrow
↦ mapsto|↩ hookleftarrow|↪ hookrightarrow|⇐ Leftarrow|⇒ Rightarrow|⇔ Leftrightarrow
⇑ Uparrow|⇓ Downarrow|⟵ longleftarrow|⟶ longrightarrow|† dagger|‡ ddagger|± pm|× times|÷ div
· bullet
"""
MATHS = dict(pair.split() for line in _MATHS.split("\n") if line for pair in line.split("|"))
MATHS["★"] = "star"  # \bigstar asks for amssymb
MATHS["·"] = "cdot"

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₙ", "0123456789+-=()aeoxn", strict=True))

# Commands that may stand in `$...$`: of the LaTeX kernel, without effect beyond the formula.
_KERNEL = """
hat check breve acute grave tilde bar vec dot ddot mathring widehat widetilde overline underline
overrightarrow overleftarrow overbrace underbrace sqrt frac
mathrm mathbf mathit mathsf mathtt mathcal mathnormal
arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
limsup ln log max min Pr sec sin sinh sup tan tanh bmod
le ge ne to gets land lor lnot neg colon ldots dots vert Vert lbrace rbrace lbrack rbrack backslash
prime quad qquad
bigcup bigcap bigoplus bigotimes coprod models asymp doteq smile frown bowtie
sqsubseteq sqsupseteq sqcup sqcap uplus amalg wr dashv imath jmath varpi oslash bigcirc
triangleleft triangleright Longrightarrow Longleftarrow Longleftrightarrow longmapsto
leftharpoonup rightharpoonup
"""
MATH_COMMANDS = frozenset(_KERNEL.split()) | frozenset(MATHS.values())

# Commands of amsmath and amssymb, by what a document without them can set.
MATH_STAND_INS = {
    "mathbb": "mathbf",
    "mathfrak": "mathbf",
    "mathscr": "mathcal",
    "boldsymbol": "mathbf",
    "bm": "mathbf",
    "operatorname": "mathrm",
    "text": "mathrm",
    "textrm": "mathrm",
    "textbf": "mathbf",
    "textit": "mathit",
    "mbox": "mathrm",
    "dfrac": "frac",
    "tfrac": "frac",
    "leqslant": "leq",
    "geqslant": "geq",
    "varnothing": "emptyset",
    "implies": "Longrightarrow",
    "iff": "Longleftrightarrow",
}

# How many arguments a command takes; none where it is not named.
MATH_ARGUMENTS = dict.fromkeys(
    "hat check breve acute grave tilde bar vec dot ddot mathring widehat widetilde overline "
    "underline overrightarrow overleftarrow overbrace underbrace sqrt "
    "mathrm mathbf mathit mathsf mathtt mathcal mathnormal".split(),
    1,
) | {"frac": 2}

# Sizes and styles of delimiters: a title reads the same without them.
MATH_DROPPED = frozenset(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr limits nolimits displaystyle "
    "textstyle scriptstyle nonumber".split()
)
