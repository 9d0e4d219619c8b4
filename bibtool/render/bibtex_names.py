"""Names to BibTeX's name grammar and back: "von Last, Jr, First", `and` between persons."""

import re
from collections.abc import Iterator, Sequence

from bibtool.model import Name
from bibtool.patterns import pattern
from bibtool.tex import from_tex, to_tex

# Scripts that put the family name first; an abbreviating style would cut such a name in its bytes.
_FAMILY_FIRST = pattern(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\s·・]+")
# What would be taken for grammar within a part of a name.
_GRAMMAR = pattern(r",|(?:^|\s)(?:and|others)(?=\s|$)", re.IGNORECASE)
_SEPARATOR = pattern(r" and(?= )", re.IGNORECASE)
_EXTENDED = pattern(r"\s*(family|given|prefix|suffix)\s*=\s*([^,]*)\s*(?:,|$)", re.IGNORECASE)


def names_tex(names: Sequence[Name], encoding: str) -> str:
    return " and ".join(filter(None, (_name_tex(name, encoding) for name in names)))


def _name_tex(name: Name, encoding: str) -> str:
    if name.literal:
        return _whole(name.literal, encoding)
    family, given = name.family.strip(), name.given.strip()
    if not family or not given:
        only = family or given
        # One word is safe as it is; more would be read as given and family name.
        return (
            _part(only, encoding)
            if only.isalpha() and not _reads_lower(only)
            else _whole(only, encoding)
        )
    if not family.isascii() and _FAMILY_FIRST.fullmatch(family + given):
        return _whole(f"{family}{given}", encoding)
    if "," in family + given:
        return _whole(f"{given} {family}", encoding)  # biber counts commas in braces, too
    parts = [_family(family, encoding), _part(name.suffix, encoding), _part(given, encoding)]
    return ", ".join(filter(None, parts))


# biber makes initials of the first signs of each word, and would cut `{\textbraceleft}` in two:
# what holds a sign that no name has is one word, and its signs are commands without braces.
_UNUSUAL = pattern(r"[\\{}$&#%_^~<>|`\"]|--")
_SIGN = pattern(r"\{(\\text[a-z]+)\}")


def _whole(text: str, encoding: str) -> str:
    tex = to_tex(text, encoding=encoding)
    if _UNUSUAL.search(text):
        tex = _SIGN.sub(r"\1{}", tex)
    return f"{{{tex}}}" if tex else ""


def _part(text: str, encoding: str) -> str:
    if _GRAMMAR.search(text) or _UNUSUAL.search(text):
        return _whole(text, encoding)
    return to_tex(text, encoding=encoding)


def _family(text: str, encoding: str) -> str:
    """Particles lead a family name; with one inside ("Ortega y Gasset") it must be braced."""
    words = text.split()
    leading = next((n for n, word in enumerate(words) if not _reads_lower(word)), len(words) - 1)
    if any(_reads_lower(word) for word in words[leading:-1]):
        return _whole(text, encoding)
    return _part(text, encoding)


def _reads_lower(word: str) -> bool:
    letter = next((sign for sign in word if sign.isalpha()), "")
    return letter.islower()


def names_in(tex: str) -> tuple[Name, ...]:
    """The persons of an author or editor field; "others" is nobody."""
    return tuple(_name(person) for person in persons(tex) if person != "others")


def persons(tex: str) -> Iterator[str]:
    """What stands between one `and` and the next, outside of braces; "others", too."""
    tex = " ".join(tex.split())  # a long run of blanks would be tried from each of them
    if "{" not in tex:
        yield from filter(None, (person.strip() for person in _SEPARATOR.split(tex)))
        return
    start = at = depth = 0
    while at < len(tex):
        sign = tex[at]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif depth == 0 and sign.isspace():
            found = _SEPARATOR.match(tex, at)
            if found:
                yield tex[start:at].strip()
                at = start = found.end()
                continue
        at += 1
    if tex[start:].strip():
        yield tex[start:].strip()


def _name(tex: str) -> Name:
    if _is_one_group(tex):
        return Name(literal=from_tex(tex))
    if "=" in tex:
        extended = {match[1].lower(): from_tex(match[2]) for match in _EXTENDED.finditer(tex)}
        if "family" in extended:
            family = f"{extended.get('prefix', '')} {extended['family']}".strip()
            return Name(family, extended.get("given", ""), extended.get("suffix", ""))
    from bibtexparser.middlewares.names import parse_single_name_into_parts  # heavy; seldom needed

    parts = parse_single_name_into_parts(tex, strict=False)
    return Name(
        family=from_tex(" ".join([*parts.von, *parts.last])),
        given=from_tex(" ".join(parts.first)),
        suffix=from_tex(" ".join(parts.jr)),
    )


def _is_one_group(tex: str) -> bool:
    """Whether one pair of braces holds all of it, and is not an accented letter."""
    if not tex.startswith("{") or tex.startswith("{\\") or not tex.endswith("}"):
        return False
    depth = 0
    for at, sign in enumerate(tex):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return at == len(tex) - 1
    return False
