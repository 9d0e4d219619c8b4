"""Deposits of any shape are read into records, and no JSON breaks the reading."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bibtool.markup import plain
from bibtool.model import Record
from bibtool.names import from_parts, person
from bibtool.sources import crossref, datacite

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
CROSSREF = (
    "DOI type title subtitle author editor issued published-print posted approved container-title "
    "volume issue page article-number publisher ISBN ISSN issn-type event relation updated-by "
    "update-to institution degree assertion aliases language edition-number"
)
DATACITE = (
    "doi titles creators contributors publisher publicationYear dates types container subjects "
    "relatedIdentifiers language"
)


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(CROSSREF.split()), ANYTHING, max_size=6))
def test_any_deposit_is_a_record(work: dict[str, object]) -> None:
    record = crossref.record_of(work)
    assert isinstance(record, Record)
    assert all(name.family or name.literal for name in record.authors)
    assert record.year is None or 1000 <= record.year <= 2999
    json.dumps([record.title, record.venue, record.pages])


@settings(max_examples=400)
@given(st.dictionaries(st.sampled_from(DATACITE.split()), ANYTHING, max_size=6))
def test_any_attributes_are_a_record(attributes: dict[str, object]) -> None:
    record = datacite.record_of(attributes)
    assert all(name.family or name.literal for name in record.authors)


@settings(max_examples=400)
@given(st.text(alphabet=st.sampled_from("<>/&;$\\{}#ab \n") | st.characters(), max_size=80))
def test_clean_text_is_one_line_without_controls(text: str) -> None:
    clean = plain(text)
    assert clean == " ".join(clean.split())
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in clean)


@given(st.text(max_size=40))
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    name = person(text)
    kept = sorted("".join((name.given, name.family, name.suffix, name.literal)).replace(" ", ""))
    assert [sign for sign in kept if sign != ","] == [
        sign for sign in sorted("".join(text.split())) if sign != ","
    ]


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", "Jr.", "III"]))
def test_parts_of_a_name_are_kept(family: str, given_name: str, suffix: str) -> None:
    name = from_parts(family, given_name, suffix)
    kept = "".join((name.given, name.family, name.suffix)).replace(" ", "").replace(",", "")
    said = "".join((given_name + family + suffix).split()).replace(",", "")
    assert sorted(kept) == sorted(said)
