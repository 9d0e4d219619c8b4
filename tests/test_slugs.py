"""File names of categories: safe everywhere, distinct in more than case, kept once given."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.render.slugs import path_name, slug_of, slugs_for

SAFE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}\Z")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)")


def slugs(
    *paths: tuple[str, ...], given: dict[str, str] | None = None, **known: object
) -> dict[str, str]:
    members = known.get("members", {})
    stood = known.get("stood", {})
    return slugs_for(paths, given or {}, members=members, stood=stood)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Tokenizers & Latent Spaces", "tokenizers-latent-spaces"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Windows\\x", "c-windows-x"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("CON", "category-con"),
        ("nul.tex", "nul-tex"),
        ("Straße", "strasse"),
        ("Ærø Łódź", "aero-lodz"),
        ("a\x00b\n", "a-b"),
        ("", "uncategorised"),
        ("🤖 Robots", "robots"),
    ],
)
def test_a_heading_becomes_a_plain_name(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug


def test_a_heading_without_latin_letters_gets_a_name_of_its_own() -> None:
    chinese, smileys = slug_of("强化学习"), slug_of("😀😀")
    assert chinese != smileys
    assert chinese == slug_of("强化学习")
    assert re.fullmatch(r"category-[0-9a-f]{8}", chinese)


def test_long_headings_that_begin_alike_differ() -> None:
    assert slug_of("very long " * 50) != slug_of("very long " * 51)


HEADINGS = st.text(max_size=12) | st.sampled_from(["A", "a", "Café", "Cafe\u0301", "CON", "İ", "i"])


@given(st.lists(st.lists(HEADINGS, max_size=3).map(tuple), max_size=12, unique=True))
def test_names_are_safe_and_differ_in_more_than_case(paths: list[tuple[str, ...]]) -> None:
    found = slugs(*paths)
    assert len(found) == len(paths)
    folded = [unicodedata.normalize("NFC", name).casefold() for name in found.values()]
    assert len(set(folded)) == len(paths)
    assert all(SAFE.match(name) and not RESERVED.match(name) for name in found.values())
    assert slugs(*reversed(paths)) == found, "whatever the order"


@given(st.lists(st.lists(HEADINGS, max_size=3).map(tuple), max_size=12, unique=True))
def test_different_paths_have_different_names(paths: list[tuple[str, ...]]) -> None:
    assert len({path_name(path) for path in paths}) == len(paths)


def test_equal_headings_under_different_ones_are_told_apart_by_those() -> None:
    found = slugs(("Vision", "Methods"), ("Text", "Methods"), ("Text", "methods"))
    assert found == {
        "Text > Methods": "methods",
        "Text > methods": "text-methods",
        "Vision > Methods": "vision-methods",
    }


def test_a_name_once_given_stays() -> None:
    assert slugs(("Tokens",), ("New",), given={"Tokens": "old-name"}) == {
        "Tokens": "old-name",
        "New": "new",
    }
    assert slugs(("Tokens",), ("tokens",), given={"tokens": "tokens"}) == {
        "Tokens": "tokens-2",
        "tokens": "tokens",
    }


def test_a_reworded_heading_keeps_the_name_of_the_works_under_it() -> None:
    found = slugs(
        ("Faster models",),
        ("Video",),
        given={"Efficiency": "efficiency"},
        members={"Faster models": ["a", "b", "c"], "Video": ["d"]},
        stood={"Efficiency": ["a", "b"]},
    )
    assert found == {"Faster models": "efficiency", "Video": "video"}


def test_a_heading_that_has_gone_hands_its_name_to_no_stranger() -> None:
    found = slugs(
        ("Video",),
        given={"Efficiency": "efficiency"},
        members={"Video": ["a", "d"]},
        stood={"Efficiency": ["a", "b"]},
    )
    assert found == {"Video": "video"}


@pytest.mark.parametrize("bad", ["../x", "", "A", "a/b", "con", "x" * 90])
def test_a_name_that_could_not_be_ours_is_not_taken_from_the_lock(bad: str) -> None:
    assert slugs(("Tokens",), given={"Tokens": bad}) == {"Tokens": "tokens"}


def test_two_headings_never_share_a_name_that_the_lock_gives_both() -> None:
    found = slugs(("A",), ("B",), given={"A": "x", "B": "x"})
    assert len(set(found.values())) == 2
