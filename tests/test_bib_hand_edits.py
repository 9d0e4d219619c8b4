"""No hand edit is ever lost: random libraries, random edits, random news from upstream."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool import bib
from bibtool.bib import Bibliography, Merged
from bibtool.model import BibEntry, Identifier, Name, Record
from bibtool.render.bibtex import entry_of

WORDS = ["Sparse", "Müller", "{x}", "50%", "$k$", "VAR", "a_b", "“q”", "李明", "deep", "models"]
CHANGED = "changed by hand"


def record(n: int, words: list[str], year: int, *, preprint: bool) -> Record:
    return Record(
        type="misc" if preprint else "inproceedings",
        title=" ".join([f"Paper {n}", *words]),
        authors=(Name("Müller", "Jörg"), Name(literal=f"Group {n}")),
        year=year,
        month=n % 12 + 1,
        venue="" if preprint else "Proceedings of Things & More",
        identifiers=(Identifier(f"arxiv:2401.{n:05}" if preprint else f"doi:10.1000/x_{n}"),),
        primary_class="cs.CV" if preprint else "",
    )


@st.composite
def libraries(draw: st.DrawFn) -> list[Record]:
    size = draw(st.integers(1, 6))
    return [
        record(
            n,
            draw(st.lists(st.sampled_from(WORDS), max_size=4)),
            draw(st.integers(2015, 2026)),
            preprint=draw(st.booleans()),
        )
        for n in range(size)
    ]


def entries(records: list[Record], keys: dict[Identifier, str]) -> list[BibEntry]:
    """What upstream says now, under the keys that the lock knows."""
    out = []
    for rec in records:
        key = keys.setdefault(rec.identifiers[0], f"key{rec.identifiers[0][-3:].strip('_')}")
        out.append(entry_of(key, rec, keywords=["Methods"], note="A note."))
    return out


@dataclass
class HandFile:
    """The file as a person edits it: pieces of text, and what must hold for ever after."""

    pieces: list[str]
    checks: list[Callable[[Bibliography], bool]] = field(default_factory=list)

    def text(self) -> str:
        return "\n\n".join(self.pieces) + "\n"


def key_of(piece: str) -> str:
    found = re.match(r"@\w+\{([^,]+),", piece)
    return found[1] if found else ""


def values(library: Bibliography, key: str) -> dict[str, str]:
    return next((dict(entry.fields) for entry in library.entries if entry.key == key), {})


def edit(hand: HandFile, draw: st.DrawFn, n: int) -> None:
    places = [i for i, piece in enumerate(hand.pieces) if key_of(piece).startswith("key")]
    kind = draw(st.sampled_from(KINDS))
    if kind == "comment":
        hand.pieces.insert(draw(st.integers(0, len(hand.pieces))), f"% comment {n}\n% two lines {{")
        hand.checks.append(lambda now: f"% comment {n}\n% two lines {{" in now.text)
    elif kind == "string":
        hand.pieces.insert(0, f'@string{{mac{n} = "Macro {n}"}}')
        hand.checks.append(lambda now: now.macros.get(f"mac{n}") == f'"Macro {n}"')
    elif kind == "add entry":
        text = f'@Article(Own{n},\n\tTitle = "Own {n}",\n\tyear=1999 )'
        hand.pieces.insert(draw(st.integers(0, len(hand.pieces))), text)
        hand.checks.append(lambda now: text in now.text)
    elif kind == "reorder":
        hand.pieces[:] = draw(st.permutations(hand.pieces))
    elif places:
        change(hand, draw(st.sampled_from(places)), kind, n, draw)


KINDS = ["comment", "string", "add entry", "reorder", "change", "add", "delete", "remove entry"]
KINDS += ["reformat", "key", "macro", "change", "add", "delete"]


def change(hand: HandFile, at: int, kind: str, n: int, draw: st.DrawFn) -> None:
    piece = hand.pieces[at]
    key = key_of(piece)
    if kind == "change":
        hand.pieces[at] = re.sub(r"  title = .*", f"  title = {{{CHANGED} {n}}},", piece)
        if hand.pieces[at] != piece:
            hand.checks.append(lambda now: values(now, key).get("title", "").startswith(CHANGED))
    elif kind == "add":
        hand.pieces[at] = (
            piece[:-1] + f"  my{n} = {{kept {{{n}}}}}\n}}" if piece.endswith(",\n}") else piece
        )
        if hand.pieces[at] != piece:
            hand.checks.append(lambda now: values(now, key).get(f"my{n}") == f"kept {{{n}}}")
    elif kind == "delete":
        name = draw(st.sampled_from(["year", "author", "keywords", "annote"]))
        hand.pieces[at] = re.sub(rf"  {name} = .*,\n", "", piece)
        if hand.pieces[at] != piece:
            hand.checks.append(lambda now: name not in values(now, key) and bool(values(now, key)))
    elif kind == "macro":
        hand.pieces[at] = re.sub(r"  month = .*", '  month = "10~" # jan,', piece)
        if hand.pieces[at] != piece:
            hand.checks.append(lambda now: values(now, key).get("month") == '"10~" # jan')
    elif kind == "reformat":
        restyled = re.sub(r"\n  (\w+) = \{([^{}\"]*)\}", r'\n\t\1   = "\2"', piece)
        hand.pieces[at] = restyled.replace(" and ", "\n      and ")
    elif kind == "remove entry" and not touched(hand, key) and ours(hand) > 1:
        del hand.pieces[at]
        hand.checks.append(lambda now: not values(now, key))
    elif kind == "key" and not touched(hand, key):
        hand.pieces[at] = piece.replace(key, f"mine{n}", 1)
        hand.checks.append(lambda now: bool(values(now, f"mine{n}")) and not values(now, key))


def ours(hand: HandFile) -> int:
    """How many entries of ours the file holds: without any it would be written anew."""
    return sum(key_of(piece).startswith(("key", "mine")) for piece in hand.pieces)


def touched(hand: HandFile, key: str) -> bool:
    """Whether an earlier check looks at this key: it must not go away under it."""
    return any(
        key in str(check.__closure__ and [c.cell_contents for c in check.__closure__])
        for check in hand.checks
    )


def news(draw: st.DrawFn, records: list[Record]) -> list[Record]:
    """What upstream says the next time: other titles and years, works that come and go."""
    out = []
    for n, rec in enumerate(records):
        what = draw(st.sampled_from(["same", "same", "title", "year", "gone", "venue"]))
        words = draw(st.lists(st.sampled_from(WORDS), max_size=3))
        if what == "gone" and len(records) > 1:
            continue
        if what in {"title", "year"}:
            rec = record(
                int(re.sub(r"\D", "", rec.identifiers[0][-3:])),
                words,
                2000 + n,
                preprint=rec.type == "misc",
            )
        out.append(rec)
    if draw(st.booleans()):
        out.insert(
            draw(st.integers(0, len(out))), record(900 + len(out), ["new"], 2026, preprint=True)
        )
    unique = {rec.identifiers[0]: rec for rec in out}
    return list(unique.values())


def sync(text: str, before: Merged, records: list[Record], keys: dict[Identifier, str]) -> Merged:
    merged = bib.three_way(bib.parse(text, "x.bib"), before.base, entries(records, keys))
    for which, key in list(keys.items()):
        keys[which] = merged.renamed.get(key, key)
    return merged


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[list[Record]], HandFile, Merged, dict[Identifier, str]]:
    records = draw(libraries())
    keys: dict[Identifier, str] = {}
    first = bib.three_way(None, {}, entries(records, keys))
    hand = HandFile(first.text.rstrip("\n").split("\n\n"))
    for n in range(draw(st.integers(1, 6))):
        edit(hand, draw, n)
    then = [news(draw, records)]
    then.append(news(draw, then[0]))
    return then, hand, first, keys


@settings(max_examples=150, deadline=None)
@given(stories())
def test_every_hand_edit_survives_three_syncs_and_the_third_writes_nothing(
    story: tuple[list[list[Record]], HandFile, Merged, dict[Identifier, str]],
) -> None:
    then, hand, merged, keys = story
    text = hand.text()
    for records in [*then, then[-1]]:
        merged = sync(text, merged, records, keys)
        before, text = text, merged.text
        library = bib.parse(text, "x.bib")
        for n, check in enumerate(hand.checks):
            assert check(library), (n, text)
        assert {entry.key for entry in library.entries} == merged.entries.keys()
        for entry in library.entries:
            assert merged.entries[entry.key].fields == entry.fields
    assert text == before
    assert not [notice for notice in merged.notices if notice.kind == "edited"]


@settings(max_examples=60, deadline=None)
@given(libraries(), st.data())
def test_text_that_no_change_touches_stays_byte_for_byte(
    records: list[Record], data: st.DataObject
) -> None:
    keys: dict[Identifier, str] = {}
    first = bib.three_way(None, {}, entries(records, keys))
    hand = HandFile(first.text.rstrip("\n").split("\n\n"))
    for n in range(3):
        edit(hand, data.draw, n)
    merged = sync(hand.text(), first, records, keys)
    assert merged.text == hand.text()
