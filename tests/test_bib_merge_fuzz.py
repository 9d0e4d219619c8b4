"""Whatever .bib files are merged: a second time changes nothing, and no note is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st
from test_bib_merge import article, merged

from bibtool.bib import parse

TITLES = st.sampled_from(["One", "Two Things", "Three {X} $k$", "Vier Dinge"])
ENTRIES = st.builds(
    article,
    st.sampled_from("abcdefg"),
    TITLES,
    author=st.sampled_from(["Doe, Jane", "Roe, R.", "{Group}"]),
    year=st.sampled_from(["2020", "2021", ""]),
    doi=st.sampled_from(["", "", "10.1/x", "10.1/y"]),
    note=st.sampled_from(["", "n1", "n2"]),
    myfield=st.sampled_from(["", "kept", "too"]),
)
FILES = st.lists(
    st.lists(ENTRIES, max_size=5).map(lambda es: "\n\n".join(["% top", *es, ""])),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(FILES, st.booleans())
def test_merging_again_changes_nothing_and_no_note_is_lost(texts: list[str], sort: bool) -> None:
    result = merged(*texts, sort=sort)
    assert merged(result.text, sort=sort).text == result.text
    found = parse(result.text, "x")
    assert not [problem for problem in found.problems if "taken by" in problem.message]
    assert len(found.entries) == result.entries
    for note in ("n1", "n2"):
        assert (note in result.text) == any(note in text for text in texts)
    present = {entry.key for entry in found.entries}
    assert set(result.keys.values()) <= present
