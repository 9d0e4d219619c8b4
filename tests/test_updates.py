"""What happened to a work after it appeared is told wherever it is shown, in the words of one table."""

import pytest

from bibtool.merge import Work, merge
from bibtool.model import Candidate, Entry, Matched, Name, Place, Record, Row, Update
from bibtool.render.bibtex import entry_of
from bibtool.render.options import SectionOptions
from bibtool.render.works import Sighting, work_of
from bibtool.sources.crossref_work import UPDATES
from bibtool.updates import WORDS

ROW = Row(place=Place("a.md", 1), line_end=1, text="")


def befallen(*kinds: str) -> Record:
    return Record(
        title="Widgets at Scale",
        authors=(Name("Li", "Wei"),),
        year=2024,
        updates=tuple(Update(kind) for kind in kinds),
    )


def mark(record: Record) -> object:
    entry = Entry(key="li2024widgets", record=record, rows=(ROW,))
    return work_of(Sighting(entry, (ROW,)), SectionOptions())["warning"]


@pytest.mark.parametrize("kind", WORDS)
def test_every_update_gets_a_notice_and_a_note(kind: str) -> None:
    record = befallen(kind)
    (notice,) = merge(Work((Matched(ROW, (Candidate("crossref", record),)),))).notices
    assert (notice.kind, WORDS[kind].sentence in notice.message) == (WORDS[kind].notice, True)
    assert entry_of("k", record).fields["note"] == WORDS[kind].word.capitalize()


@pytest.mark.parametrize(
    ("kinds", "shown"),
    [
        (["retraction"], "retracted"),
        (["concern", "retraction"], "retracted"),  # the gravest
        (["concern"], "expression of concern"),
        (["removal"], "removed"),
        (["correction"], ""),
        (["corrigendum"], ""),
        (["new_version"], ""),
    ],
)
def test_sections_mark_what_is_no_more_to_be_trusted(kinds: list[str], shown: str) -> None:
    assert mark(befallen(*kinds)) == shown


def test_every_word_that_the_registrys_words_are_turned_into_is_in_the_table() -> None:
    assert set(UPDATES.values()) <= set(WORDS)
