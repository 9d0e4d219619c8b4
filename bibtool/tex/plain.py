"""TeX to text: what a reader of the printed page sees, as Unicode with `$math$`."""

import re
import unicodedata
from functools import lru_cache

from bibtool.patterns import pattern
from bibtool.tex.tables import ACCENTS, LETTERS, MATHS, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS

_TOKEN = pattern(r"\\[A-Za-z]+[ \t\n]*|\\.|\$|[{}~]|[^\\{}~$]+|\\", re.S)
_MARKS = {accent: mark for mark, accent in ACCENTS.items()} | {"t": "\u0361"}
_SIGNS = (
    {name: sign for sign, name in reversed(SYMBOLS.items())}
    | {name: sign for sign, name in LETTERS.items()}
    | {
        "textbackslash": "\\",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textdollar": "$",
        "textunderscore": "_",
        "textasciicircum": "^",
        "textasciitilde": "~",
        "textless": "<",
        "textgreater": ">",
        "textbar": "|",
        "textasciigrave": "`",
        "textquotedbl": '"',
        "textquotesingle": "'",
        "textquoteleft": "‘",
        "textquoteright": "’",
        "textquotedblleft": "“",
        "textquotedblright": "”",
        "textendash": "–",
        "textemdash": "—",
        "textellipsis": "…",
        "textdagger": "†",
        "textdaggerdbl": "‡",
        "textsection": "§",
        "textparagraph": "¶",
        "textcopyright": "©",
        "textsterling": "£",
        "lq": "‘",
        "rq": "’",
        "LaTeX": "LaTeX",
        "TeX": "TeX",
        "BibTeX": "BibTeX",
        "slash": "/",
        "space": " ",
        "quad": " ",
        "qquad": " ",
        "newline": " ",
        "par": " ",
    }
)
# Commands that change how their argument looks, not what it says; and switches.
_LOOKS = frozenset(
    "emph textit textbf textsc texttt textrm textsf textsl textup textmd textnormal text mbox hbox "
    "uppercase lowercase MakeUppercase underline url path nolinkurl enquote protect relax "
    "em it bf sc tt rm sf sl itshape bfseries scshape ttfamily rmfamily sffamily upshape "
    "slshape mdseries normalfont noindent nobreak allowbreak".split()
)
_OF_MATHS = {name: sign for sign, name in reversed(MATHS.items())}
_PENDING = {"ensuremath": "math", "textsuperscript": "up", "textsubscript": "down", "href": "drop"}
_BLANKS = frozenset(" ,;:!>/@\n\t")
_FALLING = {"up": SUPERSCRIPTS, "down": SUBSCRIPTS}
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), (",,", "„"))


def from_tex(tex: str) -> str:
    """What `tex` prints, on one line; formulas stay as `$...$`.

    A command that is not known stays as it is written, so that nothing is lost.
    """
    if "\\" in tex or "{" in tex or "$" in tex or "~" in tex or "}" in tex:
        return _decoded(tex)
    return " ".join(_joined(tex).split())


@lru_cache(4096)
def _decoded(tex: str) -> str:
    return " ".join(unicodedata.normalize("NFC", _Reader(tex).text()).split())


def _joined(run: str) -> str:
    for ligature, sign in _LIGATURES:
        if ligature in run:
            run = run.replace(ligature, sign)
    return run


class _Reader:
    """A stack of open groups; each holds its text and the commands that wait for an argument."""

    def __init__(self, tex: str) -> None:
        self.tex = tex
        self.groups: list[tuple[list[str], list[str]]] = [([], [])]

    def text(self) -> str:
        at = 0
        while at < len(self.tex):
            match = _TOKEN.match(self.tex, at)
            assert match is not None  # the last branch takes any sign
            at = self._take(match[0], match.end())
        while len(self.groups) > 1:
            self._close()
        self._flush()
        return "".join(self.groups[0][0])

    def _take(self, token: str, end: int) -> int:
        """Act on one token; return where to read on."""
        if token == "{":
            self.groups.append(([], []))
        elif token == "}":
            if len(self.groups) > 1:
                self._close()
        elif token == "$":
            return self._formula(end)
        elif token == "~":
            self._put(" ")
        elif token[0] == "\\" and len(token) > 1:
            self._command(token)
        else:
            self._run(token)
        return end

    def _run(self, run: str) -> None:
        waiting = self.groups[-1][1]
        if waiting:
            run = run.lstrip()
            if not run:
                return
            self._put(run[0])
            run = run[1:]
        self.groups[-1][0].append(_joined(run))

    def _put(self, text: str) -> None:
        """Give `text` to the commands that wait for it, the last one first."""
        pieces, waiting = self.groups[-1]
        while waiting:
            text = _applied(waiting.pop(), text)
        pieces.append(text)

    def _close(self) -> None:
        self._flush()
        pieces, _ = self.groups.pop()
        inside = "".join(pieces)
        if self.groups[-1][1]:
            self._put(inside)
        else:
            self.groups[-1][0].append(inside)

    def _flush(self) -> None:
        if self.groups[-1][1]:
            self._put("")

    def _formula(self, start: int) -> int:
        end = start
        while end < len(self.tex) and self.tex[end] != "$":
            end += 2 if self.tex[end] == "\\" else 1
        if end >= len(self.tex) or end == start:
            self._put("$")
            return start
        self._put(f"${self.tex[start:end]}$")
        return end + 1

    def _command(self, token: str) -> None:
        name = token[1:].rstrip()
        if not name:
            self._put(" ")
        elif name in _SIGNS:
            self._put(_SIGNS[name])
        elif name in _MARKS:
            self.groups[-1][1].append(name)
        elif name in _PENDING:
            self.groups[-1][1].append(_PENDING[name])
        elif name in _LOOKS or name == "-":
            return
        elif name == "\\" or name in _BLANKS:
            self._put("" if name in "!/@" else " ")
        elif not name.isalpha():
            self._put(name)
        elif "math" in self._waiting_outside() and name in _OF_MATHS:
            self._put(_OF_MATHS[name])
        else:
            self._put(token)
            self.groups[-1][1].append("keep")

    def _waiting_outside(self) -> list[str]:
        return self.groups[-2][1] if len(self.groups) > 1 else self.groups[-1][1]


def _applied(command: str, text: str) -> str:
    if command in _MARKS:
        if not text:
            return ""
        base = {"ı": "i", "ȷ": "j"}.get(text[0], text[0])
        return unicodedata.normalize("NFC", base + _MARKS[command]) + text[1:]
    if command in _FALLING:
        signs = {plain: sign for sign, plain in _FALLING[command].items()}
        small = len(text) == 1 or not any(sign.isalpha() for sign in text)
        return (
            "".join(signs[sign] for sign in text) if small and set(text) <= signs.keys() else text
        )
    if command == "math":
        return text if "\\" not in text else f"${text}$"
    if command == "keep":
        return f"{{{text}}}" if text else ""
    return ""  # drop
