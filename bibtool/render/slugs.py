"""File names of categories: plain ASCII, safe on every system, kept once given. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from bibtool.patterns import pattern

Path = tuple[str, ...]

LONGEST = 60  # characters; leaves room for a suffix, ".tex.new" and old file systems
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file, whatever the suffix
RESERVED = pattern(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")
# Letters that Unicode does not take apart into a plain one and its accent.
PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
EMPTY = "\\e"  # a heading without words, which is not the same as no heading
UNNAMED = "uncategorised"  # rows that stand under no heading


def path_name(path: Path) -> str:
    """One text for a path of headings: "A > B". Different paths give different texts."""
    parts = (part.replace("\\", "\\\\").replace(">", "\\>") or EMPTY for part in path)
    return " > ".join(parts)


def slug_of(heading: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; a hash where nothing else is left."""
    text = unicodedata.normalize("NFKD", heading.casefold().translate(PLAIN))
    ascii_text = text.encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    if not slug:
        return f"category-{_digest(heading)}" if heading.strip() else UNNAMED
    if len(slug) > LONGEST:
        return f"{slug[: LONGEST - 9].rstrip('-')}-{_digest(heading)}"
    return f"category-{slug}" if RESERVED.match(slug) else slug


def slugs_for(
    paths: Sequence[Path],
    given: Mapping[str, str],
    *,
    members: Mapping[str, Collection[str]],
    stood: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """A file name for each of `paths`, by its `path_name`; `given` ones stay.

    `members` says which keys stand under a path now and `stood` which did when `given` was made:
    a heading that is gone hands its name to the new one that most of its works stand under.
    Names differ in more than case, whatever the order of the headings.
    """
    names = {path_name(path): path for path in paths}
    kept = [(name, given[name]) for name in sorted(names) if _usable(given.get(name, ""))]
    slugs: dict[str, str] = {}
    for name, old in [*kept, *_reworded(names, given, members, stood).items()]:
        if old not in slugs.values():
            slugs[name] = old
    taken = set(slugs.values())
    for name in sorted(set(names) - set(slugs)):
        slugs[name] = _free(names[name], taken)
        taken.add(slugs[name])
    return {name: slugs[name] for name in names}


def _usable(slug: str) -> bool:
    """A lock may have been edited by hand: a name from it is used only if it could be ours."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", slug)) and not RESERVED.match(slug)


def _reworded(
    names: Mapping[str, Path],
    given: Mapping[str, str],
    members: Mapping[str, Collection[str]],
    stood: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """New heading -> file name of the gone heading with most of the same works."""
    gone = {name: slug for name, slug in given.items() if name not in names and _usable(slug)}
    fresh = [name for name in names if name not in given]
    pairs = sorted(
        (-len(same), old, new)
        for old in gone
        for new in fresh
        if (same := set(stood.get(old, ())) & set(members.get(new, ())))
        and 2 * len(same) > len(set(stood[old]))
    )
    found: dict[str, str] = {}
    for _, old, new in pairs:
        if new not in found and gone[old] not in found.values():
            found[new] = gone[old]
    return found


def _free(path: Path, taken: Collection[str]) -> str:
    """The heading's own slug; else with the headings above it; else numbered from 2."""
    slug = slug_of(path[-1] if path else "")
    whole = slug_of(" ".join(path))
    for name in (slug, whole):
        if name not in taken:
            return name
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def _digest(text: str) -> str:
    return hashlib.sha256(
        unicodedata.normalize("NFC", text).encode("utf-8", "replace")
    ).hexdigest()[:8]
