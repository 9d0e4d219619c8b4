"""Folding: what is one title in two spellings, and what folding must not hide."""

import pytest

from bibtool.titles import fold, is_short, key, notice, numbers, retracted, split


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Attention Is All You Need", "attention is all you need.", id="case-and-dot"),
        pytest.param("Naïve Bayes à la carte", "Naive Bayes a la carte", id="accents"),
        pytest.param(r"Schr{\"o}dinger's Cat", "Schrödinger’s cat", id="tex"),
        pytest.param("{BERT}: Pre-training", "BERT: Pre-training", id="braces"),
        pytest.param("On <i>in situ</i> H<sub>2</sub>O", "On in situ H2O", id="html"),
        pytest.param("Cats &amp;amp; Dogs", "Cats and Dogs", id="entities-twice"),
        pytest.param("Coarse‑to‑Fine Models", "Coarse to fine models", id="hyphens"),
        pytest.param("Pre-training", "Pretraining", id="a-hyphen-less"),
        pytest.param("Ｆｕｌｌ width", "Full width", id="full-width"),
        pytest.param("The $k$-means Algorithm", "The k-means algorithm", id="formula"),
        pytest.param("<mml:math><mml:mi>k</mml:mi></mml:math>-means", "k-means", id="mathml"),
    ],
)
def test_spellings_of_one_title_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Widgets, Part I", "Widgets, Part II"),
        ("WidgetNet v2", "WidgetNet v3"),
        ("Learning in 3D", "Learning in 2D"),
        ("Volume 1: Theory", "Volume 2: Theory"),
        ("Part One", "Part Two"),
    ],
)
def test_numbers_tell_works_apart_however_they_are_written(one: str, other: str) -> None:
    assert numbers(one) != numbers(other)


def test_roman_numerals_and_words_are_numbers() -> None:
    assert numbers("Widgets, Part II") == numbers("Widgets, part 2") == numbers("Widgets Part Two")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Correction to: Deep Widgets", "correction"),
        ("Erratum: Deep Widgets", "erratum"),
        ("Comment on “Deep Widgets”", "comment"),
        ("Reply to: Deep Widgets", "reply"),
        ("Deep Widgets (Corrigendum)", "corrigendum"),
        ("Deep Widgets", ""),
        ("Error Correction in Quantum Widgets", ""),
        ("Variational inference through KL-correction", ""),
        ("Subgraph Mining with Multiple Testing Correction", ""),
        ("Review of Deep Widgets", "review"),
    ],
)
def test_a_notice_is_known_by_how_it_begins_or_ends(title: str, kind: str) -> None:
    assert notice(title) == kind


def test_the_own_title_stands_behind_a_retraction() -> None:
    assert retracted("RETRACTED: Deep Widgets") == "Deep Widgets"
    assert retracted("Retracted Papers and Their Citations") == ""


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("VAR: Scalable Image Generation", ("VAR", "Scalable Image Generation")),
        ("Deep Widgets", ("Deep Widgets", "")),
        ("Deep Widgets - A Survey", ("Deep Widgets", "A Survey")),
    ],
)
def test_a_title_is_split_at_its_subtitle(title: str, parts: tuple[str, str]) -> None:
    assert split(title) == parts


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("LANTERN", True),
        ("Deep Learning", True),
        ("A Big New Cat", True),  # four words, too few letters
        ("Parallelized Autoregressive Visual Generation", False),
        ("Attention Is All You Need", False),
    ],
)
def test_a_short_title_names_many_works(title: str, short: bool) -> None:
    assert is_short(title) is short


def test_folding_twice_changes_nothing() -> None:
    once = fold(r"Über {\L}ukasz' <b>$k$</b>-Means &amp; Co.")
    assert fold(once) == once
