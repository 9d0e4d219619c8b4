"""Several .bib files to one: which entries are one work, and what becomes of the rest."""

import pytest

from bibtool.bib import parse
from bibtool.bib.merge import MergedFiles, merge


def merged(*texts: str, **options: object) -> MergedFiles:
    files = [parse(text, f"{'abc'[n]}.bib") for n, text in enumerate(texts)]
    return merge(files, **options)  # type: ignore[arg-type]


def keys(result: MergedFiles) -> list[str]:
    return [entry.key for entry in parse(result.text, "x").entries]


def article(key: str, title: str = "A Study of Things", **fields: str) -> str:
    known = {"author": "Doe, Jane and Roe, Richard", "title": title, "journal": "J", "year": "2020"}
    lines = [f"  {name} = {{{value}}}," for name, value in {**known, **fields}.items() if value]
    return "\n".join([f"@article{{{key},", *lines, "}"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (article("a", doi="10.1/X"), article("b", doi="https://doi.org/10.1/x")),
        (
            article("a", eprint="2401.00001"),
            article("b", eprint="2401.00001v2", eprinttype="arxiv"),
        ),
        (article("a"), article("b")),
        (article("a"), article("b", title="{A} {STUDY} OF {THINGS}")),
        (
            article("a", title="Étude of {G}ödel"),
            article("b", title="{\\'E}tude of G{\\\"o}del", author="Doe, J. and Roe, R."),
        ),
        (
            article(
                "a",
                title="Deep Things",
                eprint="2401.00001",
                journal="arXiv preprint arXiv:2401.00001",
            ),
            article("b", title="Deep Things", year="2021", doi="10.1/x"),
        ),
    ],
    ids=["doi", "arxiv", "same facts", "capitals", "accents", "preprint and published"],
)
def test_one_work_becomes_one_entry(one: str, other: str) -> None:
    result = merged(one, other)
    assert len(keys(result)) == 1
    assert list(result.keys.items()) in ([("b", "a")], [("a", "b")])
    assert [notice.kind for notice in result.notices] == ["merged"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (article("a"), article("b", author="Poe, Edgar")),
        (article("a"), article("b", year="2010")),
        (article("a", "Things, Part I"), article("b", "Things, Part II")),
        (article("a", "Things 1"), article("b", "Things 2")),
        (
            "@book{a, title={B}, author={Doe, J}, year=2000, edition={1st}}",
            "@book{b, title={B}, author={Doe, J}, year=2000, edition={2nd}}",
        ),
        (
            "@incollection{a, title={One}, booktitle={B}, author={Doe, J}, doi={10.1/book}}",
            "@incollection{b, title={Two}, booktitle={B}, author={Doe, J}, doi={10.1/book}}",
        ),
        (
            "@incollection{a, title={Chapter}, booktitle={B}, author={Doe, J}, isbn={1}}",
            "@book{b, title={B}, author={Doe, J}, isbn={1}}",
        ),
        (
            article("a", "Introduction", author="Doe, J", pages="1--2"),
            article("b", "Introduction", author="Doe, J", pages="7--9"),
        ),
        (article("a", doi="10.1/x"), article("b", doi="10.1/y")),
        (article("a", title=""), article("b", title="")),
    ],
    ids=[
        "others",
        "years",
        "parts",
        "numbers",
        "editions",
        "chapters",
        "chapter and book",
        "pages",
        "dois",
        "untitled",
    ],
)
def test_works_that_only_look_alike_stay_two(one: str, other: str) -> None:
    result = merged(one, other)
    assert keys(result) == ["a", "b"]
    assert result.keys == {}


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({}, {"title": "Autoregresive Widgets for Image Models"}, True),
        ({"doi": "10.1/x"}, {"title": "Autoregressive Widgets for Image Model"}, True),
        ({}, {"title": "Autoregresive Widgets for Image Models", "year": "2021"}, False),
        ({}, {"title": "Autoregresive Widgets for Image Models", "author": "Poe, E"}, False),
        ({}, {"title": "Autoregressive Gadgets for Image Models"}, False),
        ({}, {"title": "Autoregressive Widgets for Image Models 2"}, False),
        ({"pages": "1"}, {"title": "Autoregresive Widgets for Image Models", "pages": "7"}, False),
        ({"doi": "10.1/x"}, {"title": "Autoregresive Widgets for Image Models", "doi": "10.1/y"}, False),
    ],
    ids=["typing error", "an ending", "years", "authors", "words", "numbers", "pages", "dois"],
)  # fmt: skip
def test_a_misspelt_twin_is_told_and_never_united(
    one: dict[str, str], other: dict[str, str], told: bool
) -> None:
    first = article("a", "Autoregressive Widgets for Image Models", **one)
    result = merged(first, article("b", **other))
    assert keys(result) == ["a", "b"]
    assert [notice.kind for notice in result.notices] == ["alike"] * told
    if told:
        assert str(result.notices[0].place) == "b.bib:1"
        assert "b: may be one work with a at a.bib:1" in result.notices[0].message


def test_fields_are_united_and_the_surviving_text_is_kept() -> None:
    first = '@Article{a,\n\ttitle\t= "A Study of Things",\n\tauthor\t= {Doe, Jane and others},\n\tyear\t= 2020,\n\tkeywords\t= {x, y},\n\tnote\t= {mine}\n}'
    other = article("b", doi="10.1/x", keywords="y; z", note="yours", month="").replace(
        "journal", "abstract"
    )
    result = merged(first.replace("year", "doi\t= {10.1/x},\n\tyear"), other)
    entry = parse(result.text, "x").entries[0]
    assert entry.key == "a"
    assert entry.fields["keywords"] == "x, y, z"
    assert entry.fields["note"] == "mine; yours"
    assert entry.fields["author"] == "Doe, Jane and Roe, Richard"
    assert entry.fields["abstract"] == "J"
    assert '\ttitle\t= "A Study of Things",\n' in result.text


@pytest.mark.parametrize(
    ("field", "first", "other", "kept"),
    [
        ("title", "A STUDY OF THINGS", "A Study of {T}hings", "A Study of {T}hings"),
        ("title", "A study of Godel", "A study of G{\\\"o}del", "A study of G{\\\"o}del"),
        ("title", "A study of Bert", "A Study of BERT", "A Study of BERT"),
        ("title", "A {S}tudy of   things", "A Study of Things", "A {S}tudy of   things"),
        ("title", "A Study of Things", "Another Study", "A Study of Things"),
        ("author", "Doe, J.", "Doe, Jane", "Doe, Jane"),
        ("author", "Doe, Jane and others", "Doe, J. and Roe, R.", "Doe, Jane and Roe, R."),
        ("author", "Doe, J. and others", "Jane Doe", "Jane Doe and others"),
        (
            "author",
            "MOORE, J. and M{\\\"u}ller, A.",
            "Moore, J. and Muller, Al",
            "Moore, J. and M{\\\"u}ller, A.",
        ),
        ("author", "Doe, Jane   and Roe, R", "DOE, J. and Roe, R", "Doe, Jane   and Roe, R"),
        ("author", "Doe, Jane", "Poe, Edgar and Doe, Jane", "Doe, Jane"),
        ("author", "{The Doe Group} and Li, W.", "{The Doe Group} and Li, Wei", "{The Doe Group} and Li, Wei"),
    ],
)  # fmt: skip
def test_of_two_spellings_the_better_one_is_kept_in_its_own_words(
    field: str, first: str, other: str, kept: str
) -> None:
    one = article("a", doi="10.1/x", **{field: first})
    result = merged(one, article("b", doi="10.1/x", **{field: other}))
    entry = parse(result.text, "x").entries[0]
    assert entry.fields[field] == kept
    assert result.text.replace(kept, first) == one + "\n"


def test_a_title_that_is_divided_otherwise_or_a_macro_is_left_alone() -> None:
    one = article("a", "A STUDY", doi="10.1/x", subtitle="OF THINGS")
    other = article("b", "A Study of Things", doi="10.1/x")
    assert parse(merged(one, other).text, "x").entries[0].fields["title"] == "A STUDY"
    macro = other.replace("{A Study of Things}", "study").replace("{Doe, Jane and", "doe # { and")
    shouted = article("a", "A STUDY OF THINGS", doi="10.1/x", author="DOE, J. and Roe, R.")
    for texts in ((macro, shouted), (shouted, macro)):
        assert texts[0] in merged('@string{doe = "Doe, Jane"}\n' + texts[0], texts[1]).text


def test_the_published_version_wins_over_its_preprint() -> None:
    preprint = "@misc{p, title={Deep Things}, author={Doe, Jane}, year=2020, eprint={2001.00001}, archiveprefix={arXiv}, howpublished={arXiv:2001.00001}, note={read}}"
    paper = "@inproceedings{c, title={Deep Things}, author={Doe, Jane}, booktitle={Conf}, year=2021, doi={10.1/x}}"
    result = merged(preprint, paper)
    entry = parse(result.text, "x").entries[0]
    assert (entry.key, entry.type, entry.fields["year"]) == ("c", "inproceedings", "2021")
    assert entry.fields["eprint"] == "2001.00001"
    assert entry.fields["note"] == "read"
    assert "howpublished" not in entry.fields
    assert result.keys == {"p": "c"}


def test_biblatex_names_the_keys_that_are_gone() -> None:
    result = merged(article("a", ids="old"), article("b"), article("c"), dialect="biblatex")
    assert parse(result.text, "x").entries[0].fields["ids"] == "old,b,c"


def test_a_key_of_two_works_is_given_once() -> None:
    result = merged(article("k", "One"), article("K", "Two", crossref="p"), article("k", "Three"))
    assert keys(result) == ["k", "Kb", "kc"]
    assert result.keys == {}
    assert [notice.kind for notice in result.notices] == ["conflict", "conflict"]


def test_cross_references_follow_their_entry() -> None:
    child = "@inproceedings{c, title={T}, crossref = {two}}"
    result = merged(article("one"), article("two"), child)
    assert parse(result.text, "x").entries[-1].fields["crossref"] == "one"


def test_macros_stay_macros_and_those_that_clash_are_renamed() -> None:
    one = '@string{j = "Journal of J"}\n@string{same = {S}}\n\n@article{a, journal = j # " (A)"}\n'
    other = '@string{J = {Journal of K}}\n@string{same = "S"}\n\n@article{b, journal = j # { j}, series = same}\n'
    result = merged(one, other)
    library = parse(result.text, "x")
    assert library.macros == {"j": '"Journal of J"', "same": "{S}", "jb": "{Journal of K}"}
    assert library.entries[0].fields["journal"] == 'j # " (A)"'
    assert library.entries[1].fields["journal"] == "jb # { j}"
    assert result.text.startswith(one.rstrip())


def test_tex_code_of_other_files_is_left_out_unless_it_is_asked_for() -> None:
    texts = (
        '@preamble{"\\newcommand{\\x}{1}"}\n\n' + article("a"),
        '@preamble{"\\input{evil}"}\n\n' + article("b", "Other"),
    )
    result = merged(*texts)
    assert "newcommand" in result.text
    assert "evil" not in result.text
    assert [str(n.place) for n in result.notices if n.kind == "preamble"] == ["b.bib:1"]
    assert "evil" in merged(*texts, preamble=True).text


def test_sorting_moves_comments_with_their_entries_and_parents_to_the_end() -> None:
    text = (
        "\n\n".join(
            [
                "% My library",
                "@string{j = {J}}",
                "% on b\n" + article("b", "B"),
                "@comment{of a}\n" + article("a", "A"),
                "@proceedings{A0, title = {P}}",
                "@inproceedings{z, title = {Z}, crossref = {A0}}",
                "% the end",
            ]
        )
        + "\n"
    )
    result = merged(text, sort=True)
    assert keys(result) == ["a", "b", "z", "A0"]
    assert result.text.startswith("% My library\n\n@string{j = {J}}\n\n@comment{of a}\n@article{a,")
    assert "% on b\n@article{b," in result.text
    assert result.text.endswith("% the end\n")
    assert merged(result.text, sort=True).text == result.text


def test_a_file_without_duplicates_comes_back_byte_for_byte() -> None:
    text = (
        '% x\r\n@misc{b, t = "1"}  % y\r\n\r\n\r\n@Misc ( a , t = 1 )\r\n@article{broken, t = {\r\n'
    )
    assert merged(text).text == text


def test_what_cannot_be_read_is_kept() -> None:
    broken = "@article{x, title = {open\n\n"
    result = merged(article("a"), broken + article("b", "Other"), article("c", "Third"))
    assert keys(result) == ["a", "b", "c"]
    assert "title = {open" in result.text


def test_nothing_comes_of_nothing() -> None:
    assert merged().text == merged("").text == ""
