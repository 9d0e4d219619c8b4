"""Everything that reads foreign text, on text that nobody would write.

Each target reads an input and checks what must hold of any answer. In CI a few hundred inputs
each; the long form goes on for BIBTOOL_FUZZ_SECONDS (300) a target, with a new seed each round.
"""

import json
import os
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from service_answers import content
from tally import LONG, Tally

from bibtool import bib, lock
from bibtool.errors import Unreadable
from bibtool.identify import identifiers_in
from bibtool.lock.text import encode, parted, text_of
from bibtool.model import Identifier, Record
from bibtool.read import as_json, read_text
from bibtool.sources import crossref
from bibtool.sources.atom import BadQuestion, Broken, records_in
from bibtool.tex import to_tex
from bibtool.tex.plain import from_tex

EXAMPLES = 120  # in CI; a round in the long form has 2,000
SECONDS = float(os.environ.get("BIBTOOL_FUZZ_SECONDS", "300"))
NEW = Identifier("arxiv:2401.00001")
SUFFIXES = (".md", ".rst", ".txt", ".html", ".yaml", ".csv", ".bib")

SIGNS = st.sampled_from(
    [*"\\{}$&#_%^~<>|\"'`@=,()[]!*+-.:/ \n\t\r\0", "\x1b", "\u200b", "\u202e", "\u0301", "é", "ß",
     "İ", "ﬁ", "論", "🙂", "\ud7ff", "\ue000", "\ufeff", "\ufffd", "\U000e0041", "^^5c", "\\input",
     "{\\'e}", "\\\"o", "$x^2$", "\\textbf{", "&amp;", "<b>", "<!--", "-->", "{{ 7*7 }}", "<< x >>",
     "@article{", "@string{", "@comment", "@preamble{", "title", " = ", "{a}", '"b"', " # ", "12",
     "https://arxiv.org/abs/2406.11838v2", "10.1000/x", "arXiv:math/0211159", "doi:", "---", "| ",
     "# ", "- ", "> ", "```\n", "title: ", "- title: 'x", "&a", "*a", "<ul><li>", "</table>", ".. ",
     "<<<<<<< HEAD\n", "=======\n", ">>>>>>> b\n", "bibtool: skip", "<!-- bibtool:begin x -->"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=200), st.lists(SIGNS, max_size=80).map("".join))


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """`data` with parts cut out, doubled, moved or overwritten."""
    cut = st.tuples(st.integers(0, len(data)), st.integers(0, 60), st.binary(max_size=12), SIGNS)

    def apply(cuts: list[tuple[int, int, bytes, str]]) -> bytes:
        made = data
        for at, length, other, sign in cuts:
            put = (other, sign.encode(), made[at : at + 2 * length], b"")[at % 4]
            made = made[:at] + put + made[at + length :]
        return made

    return st.lists(cut, min_size=1, max_size=6).map(apply)


def a_lock() -> bytes:
    answer = lock.Answer({"arxiv": "2026-11-23"}, "arxiv", Record(title="T", year=2024))
    return encode(lock.Lock(1, lookups={"arxiv:2406.11838": answer}, slugs={"A": "a"}))  # type: ignore[dict-item]


FEED = content("/api/query?id_list=1506.02640,1512.03385", "ok")[2]
WORKS = json.loads(content("/works?filter=doi:10.1109/cvpr.2016.91", "ok")[2])


def refused(error: Unreadable, place: str) -> None:
    assert str(error).startswith(place)


def read_list(given: tuple[str, str]) -> None:
    text, suffix = given
    try:
        read = read_text(text, f"list{suffix}")
    except Unreadable as error:
        refused(error, f"list{suffix}:")
        return
    lines = text.count("\n") + text.count("\r") + 1
    for row in read.rows:
        assert 1 <= row.place.line <= row.line_end <= lines
        json.dumps(as_json(row)).encode()


def read_bib(text: str) -> None:
    """Reading loses nothing, and merging with nothing leaves every byte in place."""
    try:
        merged = bib.three_way(bib.parse(text, "a.bib"), {}, [])
    except Unreadable as error:
        refused(error, "a.bib:")
        return
    assert merged.text == text


def read_feed(data: bytes) -> None:
    try:
        records = records_in(data)
    except (Broken, BadQuestion):
        return
    assert all(record.identifiers for record in records)
    assert all(not record.year or 1990 < record.year < 2100 for record in records)


def read_work(data: bytes) -> None:
    try:
        work = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(work, dict):
        assert isinstance(crossref.record_of(work), Record)


def read_lock(data: bytes) -> None:
    """A lock is read and comes back the same, written anew or as it stood, or is refused; repair
    as well."""
    for reader in (lock.decode, repaired):
        try:
            read = reader(data, "l")
        except Unreadable as error:
            refused(error, "l:")
            continue
        assert lock.decode(encode(read), "l") == read
        as_it_stood = text_of(read, parted(data, read)).data
        assert lock.decode(as_it_stood, "l") == read
        read.lookups = {**read.lookups, NEW: lock.Answer({"arxiv": "2026-11-23"})}
        assert lock.decode(text_of(read, parted(data, read)).data, "l") == read


def repaired(data: bytes, shown: str) -> lock.Lock:
    return lock.repair(*lock.sides(data, shown))


def escape(text: str) -> None:
    """Nothing that is TeX's own gets through but what the escape itself writes."""
    for encoding in ("ascii", "unicode"):
        tex = to_tex(text, encoding=encoding)
        assert tex.isprintable() or tex.replace("\n", "").isprintable()
        assert balanced(tex)
        for word in ("\\input", "\\def", "\\write", "\\csname", "^^"):
            assert word not in tex.replace("\\textasciicircum{}", ""), (word, tex)
        assert tex == to_tex(text, encoding=encoding)
        assert isinstance(from_tex(tex), str)
    assert isinstance(from_tex(text), str)


def balanced(tex: str) -> bool:
    depth = 0
    for sign in tex.replace("\\\\", "").replace("\\{", "{").replace("\\}", "}"):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def identify(text: str) -> None:
    identifiers, problems = identifiers_in(text)
    for which in identifiers:
        assert which.startswith(("arxiv:", "doi:"))
        assert which.isprintable()
        assert not any(sign.isspace() for sign in which)
    assert all(isinstance(problem, str) for problem in problems)


TARGETS: dict[str, tuple[st.SearchStrategy[object], Callable[..., None]]] = {
    "the list reader": (st.tuples(TEXT, st.sampled_from(SUFFIXES)), read_list),
    "the .bib reader": (TEXT, read_bib),
    "the Atom parser": (damaged(FEED), read_feed),
    "the Crossref parser": (damaged(json.dumps(WORKS["message"]["items"][0]).encode()), read_work),
    "the lock": (damaged(a_lock()), read_lock),
    "the TeX escape": (TEXT, escape),
    "the identifier reader": (TEXT, identify),
}


@pytest.mark.promise(10)
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_that_can_be_written_breaks(name: str, tally: Tally) -> None:
    strategy, check = TARGETS[name]
    until = time.monotonic() + (SECONDS if LONG else 0)
    while True:
        number = random.SystemRandom().randrange(2**32) if LONG else 7

        @seed(number)
        @settings(
            max_examples=2000 if LONG else EXAMPLES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def one_round(value: object) -> None:
            tally.tried += 1
            check(value)

        one_round()
        if time.monotonic() >= until:
            break
