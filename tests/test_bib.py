"""The .bib that people edit: rules of the three-way merge, one by one."""

import pytest

from bibtool import bib
from bibtool.errors import Unreadable
from bibtool.model import BibEntry, Identifier, Name, Record
from bibtool.render.bibtex import entry_of, text_of


def work(n: int, title: str = "", **facts: object) -> BibEntry:
    record = Record(
        title=title or f"Paper {n}",
        authors=(Name("Doe", "Jane"),),
        identifiers=(Identifier(f"arxiv:2401.0000{n}"),),
        primary_class="cs.CV",
        **{"year": 2024, **facts},  # type: ignore[arg-type]
    )
    return entry_of(f"key{n}", record)


ALL = [work(1), work(2), work(3)]
FIRST = bib.three_way(None, {}, ALL)


def again(text: str, theirs: list[BibEntry] | None = None, **more: object) -> bib.Merged:
    """The run after FIRST, on a file that somebody has edited."""
    library = bib.parse(text, "refs/references.bib")
    return bib.three_way(library, FIRST.base, ALL if theirs is None else theirs, **more)  # type: ignore[arg-type]


def test_a_new_file_holds_the_entries_in_list_order() -> None:
    assert FIRST.text == "\n\n".join(map(text_of, ALL)) + "\n"
    assert list(FIRST.entries) == ["key1", "key2", "key3"]


def test_a_second_run_changes_nothing_and_says_nothing() -> None:
    merged = again(FIRST.text)
    assert (merged.text, merged.notices, merged.renamed) == (FIRST.text, (), {})


def test_only_mine_changed_is_mine() -> None:
    text = FIRST.text.replace("Paper 1", "My title")
    merged = again(text)
    assert merged.text == text
    assert merged.entries["key1"].fields["title"] == "My title"
    assert merged.notices == ()


def test_only_theirs_changed_is_theirs_on_these_lines_alone() -> None:
    merged = again(FIRST.text, [work(1), work(2, "New title"), work(3)])
    assert merged.text == FIRST.text.replace("Paper 2", "New title")


def test_both_changed_is_mine_and_told_once() -> None:
    text = FIRST.text.replace("Paper 1", "My title")
    theirs = [work(1, "Their title"), *ALL[1:]]
    merged = again(text, theirs)
    assert merged.text == text
    assert [n.message for n in merged.notices] == [
        "key1: title stays as you have it; upstream now says 'Their title'"
    ]
    assert str(merged.notices[0].place) == "refs/references.bib:1"
    after = bib.three_way(bib.parse(merged.text, "x"), merged.base, theirs)
    assert (after.text, after.notices) == (text, ())


def test_another_spelling_of_the_same_text_is_no_conflict() -> None:
    text = FIRST.text.replace("Doe, Jane", "Doé, Jane")
    theirs = [BibEntry("key1", "misc", {**ALL[0].fields, "author": "Do{\\'e}, Jane"}), *ALL[1:]]
    assert [n for n in again(text, theirs).notices if n.kind == "edited"] == []


def test_fields_that_a_person_added_or_deleted_stay_so() -> None:
    text = FIRST.text.replace("  year = {2024},\n", "  mine = {kept},\n", 1)
    merged = again(text, [work(1, year=2025), *ALL[1:]])
    assert merged.text == text
    assert "year" not in merged.entries["key1"].fields


def test_a_deleted_entry_stays_deleted() -> None:
    text = FIRST.text.replace(text_of(ALL[1]) + "\n\n", "")
    merged = again(text, [work(1), work(2, "New title"), work(3)])
    assert merged.text == text
    assert merged.deleted == {"key2"}
    assert "key2" in merged.base


@pytest.mark.parametrize("text", ["", "\n", "% only a comment\n"])
def test_a_file_without_any_entry_of_ours_is_written_whole(text: str) -> None:
    merged = again(text)
    assert merged.text.startswith(text.strip())
    assert merged.text.endswith(FIRST.text)
    assert merged.deleted == frozenset()


def test_a_changed_key_is_the_persons() -> None:
    text = FIRST.text.replace("{key2,", "{Mine:2024,")
    merged = again(text, [work(1), work(2, year=2025), work(3)])
    assert merged.renamed == {"key2": "Mine:2024"}
    assert merged.text == text.replace("Mine:2024,", "Mine:2024,", 1).replace(
        "{Paper 2},\n  year = {2024}", "{Paper 2},\n  year = {2025}"
    )
    assert "Mine:2024" in merged.base
    assert "key2" not in merged.base


def test_a_changed_key_is_found_without_an_identifier() -> None:
    theirs = [
        entry_of("old", Record(type="book", title="A Book", authors=(Name("Doe", "J"),), year=2000))
    ]
    first = bib.three_way(None, {}, theirs)
    merged = bib.three_way(bib.parse(first.text.replace("old", "new"), "x"), first.base, theirs)
    assert merged.renamed == {"old": "new"}


def test_a_lost_lock_takes_its_keys_back_from_the_file() -> None:
    text = FIRST.text.replace("{key2,", "{Mine:2024,")
    merged = bib.three_way(bib.parse(text, "x"), {}, ALL)
    assert (merged.text, merged.renamed) == (text, {"key2": "Mine:2024"})


def test_a_hand_written_entry_of_a_listed_work_is_completed_not_doubled() -> None:
    text = "@article{mine, title = {Paper 1}, eprint = {2401.00001}, note = {read it}}\n"
    merged = bib.three_way(bib.parse(text, "x"), {}, ALL[:1])
    assert merged.renamed == {"key1": "mine"}
    assert merged.text.startswith(text[:-2] + ", ")
    assert merged.entries["mine"].fields["note"] == "read it"
    assert merged.entries["mine"].type == "article"


def test_what_a_person_says_in_other_words_is_not_said_twice() -> None:
    text = "@inproceedings{mine, title = {Paper 1}, eprint = {2401.00001}, date = {2023-05}}\n"
    merged = bib.three_way(bib.parse(text, "x"), {}, [work(1, month=5)])
    assert list(merged.entries["mine"].fields) == [
        "title",
        "eprint",
        "date",
        "author",
        "archiveprefix",
        "primaryclass",
        "eprinttype",
        "url",
    ]


@pytest.mark.parametrize("key", ["key1", "KEY1"])
def test_a_key_that_another_work_has_is_not_taken(key: str) -> None:
    text = f"@book{{{key}, title = {{Another thing}}, year = 1999}}\n"
    merged = bib.three_way(bib.parse(text, "x"), {}, ALL[:1])
    assert merged.renamed == {"key1": "key1a"}
    assert text.strip() in merged.text
    assert merged.entries["key1a"].fields["title"] == "Paper 1"


def test_a_key_that_a_person_gave_to_a_row_is_meant() -> None:
    text = "@book{key1, title = {The title as I have it}}\n"
    merged = bib.three_way(bib.parse(text, "x"), {}, ALL[:1], same={"key1"})
    assert merged.renamed == {}
    assert merged.entries["key1"].fields["title"] == "The title as I have it"


def test_an_entry_without_a_row_stays_until_it_is_pruned() -> None:
    kept = again(FIRST.text, ALL[:1])
    assert kept.text == FIRST.text
    assert [notice.kind for notice in kept.notices] == ["orphan", "orphan"]
    assert list(kept.base) == ["key1", "key2", "key3"]
    pruned = again(FIRST.text, ALL[:1], prune={"key2", "key3"})
    assert pruned.text == text_of(ALL[0]) + "\n"
    assert list(pruned.base) == ["key1"]


def test_two_keys_for_one_work_are_told() -> None:
    text = FIRST.text + "\n@misc{twin, eprint = {2401.00001}, archivePrefix = {arXiv}}\n"
    merged = again(text)
    assert merged.text == text
    assert [n.message for n in merged.notices] == [
        "key1 and twin are one work (arxiv:2401.00001); keep one and cite that"
    ]


def test_new_entries_stand_behind_the_one_before_them_in_the_list() -> None:
    text = "% my library\n\n" + FIRST.text.replace(
        "\n\n@misc{key3", "\n\n% on the third\n@misc{key3"
    )
    merged = again(text, [work(4), work(1), work(5), work(2), work(3), work(6)])
    assert list(bib.parse(merged.text, "x").entries) != []
    assert [entry.key for entry in bib.parse(merged.text, "x").entries] == [
        "key4",
        "key1",
        "key5",
        "key2",
        "key3",
        "key6",
    ]
    assert merged.text.startswith("% my library\n\n@misc{key4,")
    assert "% on the third\n@misc{key3" in merged.text
    assert "\n\n\n" not in merged.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '@misc{key1,\n\tyear\t= 2024,\n\ttitle\t= "Paper 1"\n}',
            '@misc{key1,\n\tyear\t= 2025,\n\ttitle\t= "T",\n\tmonth\t= may\n}',
        ),
        (
            "@misc{key1, title={Paper 1}, year={2024},}",
            "@misc{key1, title={T}, year={2025}, month=may,}",
        ),
        (
            "@misc{key1\n , title = {Paper 1}\n , year = 2024\n }",
            "@misc{key1\n , title = {T}\n , year = 2025\n , month = may\n }",
        ),
        (
            "@Misc(key1,\n  title   = {Paper 1},\n  year    = {2024},\n)",
            "@Misc(key1,\n  title   = {T},\n  year    = {2025},\n  month   = may,\n)",
        ),
        (
            "@misc{key1,\r\n  title = {Paper 1},\r\n  year = {2024}\r\n}\r\n",
            "@misc{key1,\r\n  title = {T},\r\n  year = {2025},\r\n  month = may\r\n}\r\n",
        ),
    ],
    ids=["tabs and quotes", "one line", "leading commas", "aligned", "CRLF"],
)
def test_edits_are_made_in_the_entrys_own_hand(before: str, after: str) -> None:
    base = {"key1": BibEntry("key1", "misc", {"title": "Paper 1", "year": "2024"})}
    theirs = [BibEntry("key1", "misc", {"title": "T", "year": "2025", "month": "may"}, ("month",))]
    assert bib.three_way(bib.parse(before, "x"), base, theirs).text == after


def test_a_field_that_upstream_dropped_goes_with_its_comma() -> None:
    base = {"key1": BibEntry("key1", "misc", {"title": "T", "year": "2024", "note": "n"})}
    text = "@misc{key1,\n   title = {T},\n   year = 2024,\n   note = {n}\n}\n"
    for gone, left in [
        ("title", "@misc{key1,\n   year = 2024,\n   note = {n}\n}\n"),
        ("year", "@misc{key1,\n   title = {T},\n   note = {n}\n}\n"),
        ("note", "@misc{key1,\n   title = {T},\n   year = 2024\n}\n"),
    ]:
        fields = {name: value for name, value in base["key1"].fields.items() if name != gone}
        merged = bib.three_way(bib.parse(text, "x"), base, [BibEntry("key1", "misc", fields)])
        assert merged.text == left


def test_an_upgrade_changes_the_type_and_keeps_the_hand_edit() -> None:
    record = Record(
        type="inproceedings",
        title="Paper 1",
        authors=(Name("Doe", "Jane"),),
        year=2025,
        venue="A Conference",
        identifiers=(Identifier("arxiv:2401.00001"), Identifier("doi:10.1/x")),
    )
    text = FIRST.text.replace("  year = {2024},\n", "  year = {2024},\n  mine = {kept},\n", 1)
    merged = again(text, [entry_of("key1", record), *ALL[1:]])
    entry = bib.parse(merged.text, "x").entries[0]
    assert entry.type == "inproceedings"
    assert entry.fields["booktitle"] == "A Conference"
    assert entry.fields["year"] == "2025"
    assert entry.fields["mine"] == "kept"
    assert "howpublished" not in entry.fields


def test_macros_that_entries_need_are_defined_once() -> None:
    theirs = [BibEntry("k", "article", {"journal": "jj"}, ("journal",))]
    merged = bib.three_way(None, {}, theirs, macros={"jj": "Journal of J", "kk": "not used"})
    assert merged.text.startswith("@string{jj = {Journal of J}}\n\n@article{k,\n  journal = jj,")
    again = bib.three_way(bib.parse(merged.text, "x"), merged.base, theirs, macros={"jj": "Other"})
    assert again.text == merged.text


def test_an_entry_that_cannot_be_read_is_left_alone_and_not_doubled() -> None:
    text = FIRST.text.replace("{Paper 2},", "{Paper 2,")
    merged = again(text, [work(1), work(2, "New"), work(3)])
    assert merged.text == text
    assert [n.message for n in merged.notices] == ["key2 cannot be read; left alone"]
    assert again(text, ALL[:1], prune={"key2", "key3"}).text.count("key2") == 1


def test_an_entry_without_a_comma_behind_its_key_is_left_alone() -> None:
    text = FIRST.text.replace("{key2,", "{key2")
    assert again(text).text == text
    assert bib.three_way(bib.parse(text, "x"), {}, ALL).text == text


def test_an_entry_with_a_missing_comma_is_left_alone() -> None:
    text = FIRST.text.replace("{Paper 2},", "{Paper 2}")
    merged = again(text, [work(1), work(2, "New"), work(3)])
    assert merged.text == text
    assert [p.message for p in bib.parse(text, "x").problems] == [
        "key2: a comma is missing between field title and year"
    ]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "<<<<<<<", ">>>>>>> branch"])
def test_merge_conflicts_stop_the_run_at_their_line(mark: str) -> None:
    with pytest.raises(Unreadable, match=r"^x\.bib:3: merge conflict"):
        bib.parse(f"@misc{{a,\n  title = {{T}},\n{mark}\n}}\n", "x.bib")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@misc{a, title = {T}\n", "x:1 cannot be read"),
        ("@misc{ok}\n\n@misc{a\n title = {T}}", "x:3 cannot be read"),
        (
            "@misc{a, author = {A}\n year = 2000}",
            "x:2 a: a comma is missing between field author and year",
        ),
        ("@misc{a, year = 2000 1}", "x:1 a: field year holds more than one value: '1'"),
        ("@misc{a, t = {1}, t = {2}}", "x:1 a: field t stands twice"),
        ("@misc{a}\n@misc{A}", "x:2 key A is taken by x:1"),
        ("@misc{, t = {1}}", "x:1 has no citation key"),
        ("@misc{a, t = {1}}, x = {2}}", "x:1 a: what follows the closing brace is lost"),
        ("@misc{a}@misc{b}", "x:1 a: BibTeX does not see an entry that begins on the line"),
        ("@misc{a,\n% c\n t = {1}}", "x:3 a: a comment within an entry"),
        ("@misc{a, t = {1 \\{ 2}}", "x:1 a: BibTeX counts \\{ and \\}, too"),
        ("@misc{a, j = jj}", "x:1 a: macro jj is not defined"),
        ("@string{j = {a}}\n@string{j = {b}}", "x:2 @string j is defined twice"),
        ("@misc{a, crossref = {b}}", "x:1 a: crossref b is not in this file"),
        ("@misc{a, crossref = {a}}", "x:1 a: crossref names the entry itself"),
        ("@misc{a, crossref = {b}}\n@misc{b, crossref = {a}}", ""),
        ("@string{a=b}\n@string{b=a}\n@misc{x, note=a}", ""),
        ("% @misc{commented, t = {1}\n@misc{a, t = {1}, m = jan # { x}, n = 1}", ""),
    ],
)
def test_what_would_trip_bibtex_is_reported_with_its_line(text: str, problem: str) -> None:
    found = [f"{p.place} {p.message}" for p in bib.parse(text, "x").problems]
    assert any(line.startswith(problem) for line in found) if problem else found == []


@pytest.mark.parametrize(
    "data",
    [
        "@misc{a, t = {ü}}\n".encode(),
        "\ufeff@misc{a, t = {ü}}\r\n".encode(),
        "@misc{a, t = {ü – €}}\n".encode("cp1252"),
        "@misc{a, t = {ü\x81}}\n".encode("latin-1"),
        "@misc{a, t = {ü}}\n".encode("utf-16"),
        "\ufeff@misc{a, t = {ü}}\n".encode("utf-16-be"),
        b"",
    ],
)
def test_the_encoding_of_a_file_is_kept(data: bytes) -> None:
    text, encoding = bib.decode(data, "x.bib")
    assert bib.encode(text, encoding, "x.bib") == data
    assert "\ufeff" not in text
    assert not data or bib.parse(text, "x.bib").entries[0].fields["t"].startswith("ü")


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(Unreadable, match=r"^x\.bib:2: holds a NUL byte"):
        bib.decode(b"@misc{a}\n\0", "x.bib")
    with pytest.raises(Unreadable, match=r"^x\.bib:1: byte 4 is not UTF-8"):
        bib.decode(b"\xef\xbb\xbfa\xff", "x.bib")
    text, encoding = bib.decode("@misc{ü}".encode("cp1252"), "x.bib")
    with pytest.raises(Unreadable, match=r"^x\.bib:2: cp1252 has no 'Ł'"):
        bib.encode(text + "\nŁ", encoding, "x.bib")
