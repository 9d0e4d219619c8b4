"""Entities of HTML, such as `&amp;`, to the signs that they stand for. Pure.

The table of their names is loaded by the first text that has one, which most runs never see.
"""

import re

from bibtool.patterns import pattern

ENTITY = pattern(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")


def unescape(text: str) -> str:
    """As browsers read them, broken ones too: "&ltb" is "<b"."""
    if "&" not in text:
        return text
    import html

    return html.unescape(text)


def unescape_whole(text: str) -> str:
    """Only whole and known ones, for "R&D" and "AT&T;" are none."""
    return ENTITY.sub(_sign, text) if "&" in text else text


def _sign(entity: re.Match[str]) -> str:
    from html.entities import html5

    name = entity[0][1:]
    return unescape(entity[0]) if name.startswith("#") or name in html5 else entity[0]
