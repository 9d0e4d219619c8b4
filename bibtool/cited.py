r"""Which keys a paper cites: from LaTeX source, and from the .aux and .bcf that LaTeX writes. Pure.

Commands: natbib's and biblatex's manuals, section "citation commands"
(https://ctan.org/pkg/natbib, https://ctan.org/pkg/biblatex). TeX is not run, so what stands in a
false branch of \if counts, and what a macro of one's own cites is known by the .aux alone.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from bibtool.entities import unescape
from bibtool.patterns import pattern

EVERYTHING = "*"  # \nocite{*}
COMMENT = pattern(r"(?<!\\)((?:\\\\)*)%[^\n]*")
LITERAL = pattern(
    r"\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?)\}.*?\\end\{\1\}"
    r"|\\(?:verb|lstinline)\*?([^\sA-Za-z*\[{]).*?\2",
    re.S,
)
STOP = pattern(r"\\end\s*\{document\}|\\endinput(?![A-Za-z])")
OPTION = r"\s*\[(?:[^\[\]{}]|\{[^{}]*\}|\[[^\[\]]*\])*\]"
# \cite, \Citep*, \parencite, \footfullcite, \citeauthor, \nocite, \onlinecite, \citeA, ...
CITE = pattern(rf"\\((?:[A-Za-z]*[Cc]ite[A-Za-z]*|bibentry)\*?)((?:{OPTION})*)\s*\{{([^{{}}]*)\}}")
# \parencites(pre)(post)[p]{a}[q]{b}: any number of keys, each in braces of its own
MORE = pattern(rf"(?:{OPTION})*\s*\{{([^{{}}]*)\}}")
PARENTHESES = pattern(r"\\[A-Za-z]*[Cc]ites\*?(?:\s*\([^()]*\)){1,2}")
# \volcite[pre]{volume}[page]{key}
VOLUME = pattern(r"\\[A-Za-z]*[Vv]olcites?\*?")
NO_KEYS = pattern(
    r"(?:set)?cite(?:style|punct|index\w*|tracker\w*|reset\w*|bib|dash|mid|ndash|left|right|form)"
    r"|(?:Declare|AtEvery|AtNext|AtBegin|Provide|Renew)\w*|\w*cite(?:command|counter)\w*",
    re.I,
)
FILES = pattern(
    r"\\(input|include|subfile|subfileinclude|InputIfFileExists|loadglsentries)\s*\{([^{}]+)\}"
    r"|\\(import|subimport|includefrom|subincludefrom|inputfrom|subinputfrom)\*?\s*\{([^{}]*)\}\s*\{([^{}]+)\}"
    r"|\\input\s+([^\s{}\\]+)"
)
AUX = pattern(r"\\citation\{([^{}]*)\}|\\abx@aux@cite(?:\{\d+\})?\{([^{}]*)\}")
AUX_FILE = pattern(r"\\@input\{([^{}]+)\}")
BCF = pattern(r"<bcf:citekey\b([^>]*)>([^<]*)</bcf:citekey>")
MEMBERS = pattern(r"\bmembers=\"([^\"]*)\"")


class Citation(Struct, frozen=True):
    key: str
    line: int  # from 1
    command: str  # "citep"


class Inclusion(Struct, frozen=True):
    path: str  # as written, perhaps without .tex
    line: int
    folder: str = ""  # of \import


class Source(Struct, frozen=True):
    """What one file of LaTeX says."""

    citations: tuple[Citation, ...]
    inclusions: tuple[Inclusion, ...]


def in_tex(text: str) -> Source:
    """Citations and included files, comments, verbatim text and what follows the end left out."""
    text = LITERAL.sub(_blank, COMMENT.sub(r"\1", text))
    if stop := STOP.search(text):
        text = text[: stop.start()]
    return Source(tuple(_citations(text)), tuple(_inclusions(text)))


def in_aux(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Keys of an .aux, and further .aux files that it names."""
    found = (group for match in AUX.finditer(text) for group in match.groups() if group)
    return frozenset(key for keys in found for key in _keys(keys)), tuple(AUX_FILE.findall(text))


def in_bcf(text: str) -> frozenset[str]:
    """Keys of biblatex's control file, members of sets included."""
    keys: set[str] = set()
    for attributes, key in BCF.findall(text):
        keys.update(_keys(unescape(key)))
        if members := MEMBERS.search(attributes):
            keys.update(_keys(unescape(members[1])))
    return frozenset(keys)


def _citations(text: str) -> Iterator[Citation]:
    text = PARENTHESES.sub(_without_parentheses, text)
    found = CITE.search(text)
    while found:
        yield from _keys_of(found, text)
        # One may stand in the note of another: \cite[after \cite{a}]{b}
        found = CITE.search(text, found.start() + 1)


def _keys_of(found: re.Match[str], text: str) -> Iterator[Citation]:
    command = found[1].rstrip("*")
    if NO_KEYS.fullmatch(command):
        return
    groups, end = [found[3]], found.end()
    several, volume = command.lower().endswith("cites"), VOLUME.fullmatch(f"\\{command}")
    while (several or volume) and (more := MORE.match(text, end)):
        groups.append(more[1])
        end = more.end()
        if not several:
            break
    line = text.count("\n", 0, found.start()) + 1
    for keys in groups[1::2] if volume else groups:
        yield from (Citation(key, line, command) for key in _keys(keys))


def _inclusions(text: str) -> Iterator[Inclusion]:
    for found in FILES.finditer(text):
        path, folder = found[2] or found[5] or found[6], found[4] or ""
        if "\\" not in path and "#" not in path:
            line = text.count("\n", 0, found.start()) + 1
            yield Inclusion(path.strip().strip('"'), line, folder.strip())


def _keys(text: str) -> list[str]:
    """Keys with commas between; arguments of macros (#1) and TeX are none."""
    keys = (" ".join(part.split()) for part in text.split(","))
    return [key for key in keys if key and not re.search(r"[\\#{}~]", key)]


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _without_parentheses(found: re.Match[str]) -> str:
    command = found[0].partition("(")[0].rstrip()
    return command + "\n" * found[0].count("\n")
