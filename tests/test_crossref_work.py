"""Deposits at Crossref, with their habits and defects, as records."""

from typing import Any

import pytest

from bibtool.model import Identifier, Name, Record, Update
from bibtool.sources.crossref import record_of

DOI = {"DOI": "10.1000/ABC"}


def of(**fields: Any) -> Record:
    """The record of a deposit; hyphens in names of fields are written as underscores."""
    return record_of(DOI | {name.replace("_", "-"): value for name, value in fields.items()})


def parts(*numbers: int | None) -> dict[str, list[list[int | None]]]:
    return {"date-parts": [list(numbers)]}


def test_an_empty_deposit_is_an_empty_record() -> None:
    assert record_of({}) == Record()
    assert of().identifiers == ("doi:10.1000/abc",)


@pytest.mark.parametrize(
    ("kind", "more", "type_"),
    [
        ("journal-article", {}, "article"),
        ("proceedings-article", {}, "inproceedings"),
        ("book-chapter", {}, "incollection"),
        (
            "book-chapter",
            {"assertion": [{"name": "conference_name", "value": "X"}]},
            "inproceedings",
        ),
        ("reference-entry", {}, "incollection"),
        ("book", {}, "book"),
        ("monograph", {}, "book"),
        ("edited-book", {}, "book"),
        ("proceedings", {}, "proceedings"),
        ("dissertation", {}, "phdthesis"),
        ("dissertation", {"degree": ["PhD Thesis"]}, "phdthesis"),
        ("dissertation", {"degree": ["Master of Science (MS)"]}, "mastersthesis"),
        ("dissertation", {"degree": ["M.Sc."]}, "mastersthesis"),
        ("report", {}, "techreport"),
        ("posted-content", {}, "misc"),
        ("dataset", {}, "misc"),
        ("component", {}, "misc"),
        ("something-new", {}, "misc"),
    ],
)
def test_each_type_of_deposit_has_its_entry_type(
    kind: str, more: dict[str, Any], type_: str
) -> None:
    record = of(type=kind, **more)
    assert (record.type, record.kind) == (type_, kind)


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"issued": parts(2019, 7, 1)}, (2019, 7)),
        ({"issued": parts(None)}, (None, None)),
        ({"issued": {"date-parts": [[]]}}, (None, None)),
        ({"issued": None}, (None, None)),
        ({"issued": parts(2019, 13)}, (2019, None)),
        ({"issued": parts(0)}, (None, None)),
        # Volume and pages are those of the issue in print.
        ({"issued": parts(2015, 6), "published_print": parts(2016, 9)}, (2016, 9)),
        ({"issued": parts(None), "approved": parts(2020, 5, 25)}, (2020, 5)),
        ({"posted": parts(2018, 2, 23)}, (2018, 2)),
        ({"issued": parts(None), "event": {"start": parts(2003, 5)}}, (2003, 5)),
        ({"created": parts(2011, 11, 9), "deposited": parts(2020)}, (None, None)),
    ],
)
def test_the_date_is_that_of_the_publication_or_nothing(
    fields: dict[str, Any], date: tuple[int | None, int | None]
) -> None:
    record = of(**fields)
    assert (record.year, record.month) == date


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ({"given": "Ada", "family": "Lovelace"}, Name(family="Lovelace", given="Ada")),
        ({"family": "Plato"}, Name(family="Plato")),
        ({"given": "Plato"}, Name(family="Plato")),
        ({"name": "ATLAS  Collaboration"}, Name(literal="ATLAS Collaboration")),
        (
            {"given": "Donald", "family": "Hora", "suffix": "Jr."},
            Name(family="Hora", given="Donald", suffix="Jr."),
        ),
        (
            {"given": "Ivo M.", "family": "Raimundo, Jr."},
            Name(family="Raimundo", given="Ivo M.", suffix="Jr."),
        ),
        ({"given": "J.D.", "family": "GRAY"}, Name(family="GRAY", given="J.D.")),
        (
            {"given": "Juan", "family": "Garc&iacute;a &amp;amp; Sons"},
            Name(family="García & Sons", given="Juan"),
        ),
        (
            {"given": "Vincent", "family": "Gogh", "prefix": "van"},
            Name(family="van Gogh", given="Vincent"),
        ),
        ({"given": "X.", "family": "Y", "prefix": "Dr."}, Name(family="Y", given="X.")),
    ],
)
def test_an_author_is_a_person_or_an_organisation(author: dict[str, str], name: Name) -> None:
    assert of(author=[author]).authors == (name,)


@pytest.mark.parametrize(
    "author", [{}, {"sequence": "first"}, {"name": " "}, {"family": ":"}, None, 3]
)
def test_an_author_without_a_name_is_nobody(author: object) -> None:
    assert of(author=[author, {"given": "A.", "family": "B"}]).authors == (
        Name(family="B", given="A."),
    )


def test_the_first_author_stands_first_wherever_he_was_deposited() -> None:
    second = {"family": "Second", "sequence": "additional"}
    first = {"family": "First", "sequence": "first"}
    assert [name.family for name in of(author=[second, first]).authors] == ["First", "Second"]
    several = [{"family": name, "sequence": "first"} for name in ("One", "Two")]
    assert [name.family for name in of(author=several).authors] == ["One", "Two"]


def test_a_journal_deposited_as_a_person_stays_whole() -> None:
    record = of(
        author=[{"given": "Gastroenterology", "family": "Research and Practice"}],
        container_title=["Gastroenterology Research and Practice"],
    )
    assert record.authors == (Name(literal="Gastroenterology Research and Practice"),)


@pytest.mark.parametrize(
    ("fields", "title", "subtitle"),
    [
        ({"title": ["A title"], "subtitle": [""]}, "A title", ""),
        ({"title": ["A title"], "subtitle": ["And more"]}, "A title", "And more"),
        ({"title": ["A title: and more"], "subtitle": ["And more"]}, "A title: and more", ""),
        ({"title": ["Ein Titel", "A title"]}, "Ein Titel", ""),
        ({"title": ["", "A title"]}, "A title", ""),
        ({"title": "A title"}, "A title", ""),
        ({"title": []}, "", ""),
        ({"title": ["THE WHOLE TITLE"]}, "THE WHOLE TITLE", ""),
        ({"title": ["On\n   <i>E. coli</i>\n  , and A &amp;amp; B"]}, "On E. coli, and A & B", ""),
    ],
)
def test_title_and_subtitle_stand_apart_and_clean(
    fields: dict[str, Any], title: str, subtitle: str
) -> None:
    record = of(**fields)
    assert (record.title, record.subtitle) == (title, subtitle)


@pytest.mark.parametrize(
    ("kind", "titles", "venue", "series"),
    [
        ("journal-article", ["Nature"], "Nature", ""),
        ("journal-article", ["Kinetika", "Kinetics"], "Kinetika", ""),
        ("proceedings-article", ["2016 IEEE CVPR"], "2016 IEEE CVPR", ""),
        (
            "book-chapter",
            ["Lecture Notes in Computer Science", "Computer Vision – ECCV 2014"],
            "Computer Vision – ECCV 2014",
            "Lecture Notes in Computer Science",
        ),
        (
            "book-chapter",
            ["Cryptography and Coding", "Lecture Notes in Computer Science"],
            "Cryptography and Coding",
            "Lecture Notes in Computer Science",
        ),
        ("monograph", ["Advances in Library Science"], "", "Advances in Library Science"),
        ("dissertation", [], "", ""),
    ],
)
def test_venue_and_series_are_told_apart(
    kind: str, titles: list[str], venue: str, series: str
) -> None:
    record = of(type=kind, container_title=titles)
    assert (record.venue, record.series) == (venue, series)


@pytest.mark.parametrize(
    ("fields", "pages", "number"),
    [
        ({"page": "770-778"}, "770-778", ""),
        ({"page": "770–778"}, "770-778", ""),
        ({"page": "770--778"}, "770-778", ""),
        ({"page": "12 - 14, 20"}, "12-14, 20", ""),
        ({"page": "556-556"}, "556", ""),
        ({"page": "e33693"}, "e33693", ""),
        ({"article_number": "16696"}, "", "16696"),
        ({"page": "e14688", "article_number": "e14688"}, "", "e14688"),
        ({"page": "1-12", "article_number": "7"}, "1-12", "7"),
    ],
)
def test_pages_and_article_numbers(fields: dict[str, Any], pages: str, number: str) -> None:
    record = of(**fields)
    assert (record.pages, record.article_number) == (pages, number)


def test_relations_name_the_other_version() -> None:
    relation = {
        "has-preprint": [
            {"id-type": "doi", "id": "10.48550/arXiv.1512.03385v2", "asserted-by": "subject"},
            {"id-type": "doi", "id": "https://doi.org/10.1101/X"},
            {"id-type": "arxiv", "id": "arXiv:math.DG/0211159"},
            {"id-type": "uri", "id": "https://example.org/paper"},
        ],
        "is-preprint-of": [{"id-type": "doi", "id": "10.1021/ACS.1"}],
        "has-review": [{"id-type": "doi", "id": "10.7554/r.1"}],
    }
    record = of(relation=relation)
    assert record.preprinted_as == ("arxiv:1512.03385", "doi:10.1101/x", "arxiv:math/0211159")
    assert record.published_as == ("doi:10.1021/acs.1",)


def test_what_happened_afterwards_is_told_in_few_words() -> None:
    def notice(kind: str, doi: str, year: int) -> dict[str, Any]:
        return {"type": kind, "DOI": doi, "updated": parts(year, 1, 1)}

    record = of(
        updated_by=[
            notice("corrigendum", "10.1000/abc", 2018),  # in place
            notice("expression_of_concern", "10.1000/C", 2019),
            notice("partial-retraction", "10.1000/P", 2020),
            notice("retraction", "10.1000/R", 2021),
            {
                "type": "withdrawal",
                "DOI": "10.1000/w",
                "updated": {"date-time": "2004-03-06T00:00:00Z"},
            },
        ]
    )
    assert record.updates == (
        Update(kind="correction", year=2018),
        Update(kind="concern", identifier=Identifier("doi:10.1000/c"), year=2019),
        Update(kind="retraction", identifier=Identifier("doi:10.1000/p"), year=2020),
        Update(kind="retraction", identifier=Identifier("doi:10.1000/r"), year=2021),
        Update(kind="withdrawal", identifier=Identifier("doi:10.1000/w"), year=2004),
    )


def test_a_notice_says_what_it_is_about_and_a_new_version_is_no_notice() -> None:
    update_to = [
        {"type": "retraction", "DOI": "10.1000/BAD"},
        {"type": "new_version", "DOI": "10.1000/old"},
        {"type": "corrigendum", "DOI": "10.1000/abc"},
    ]
    assert of(update_to=update_to).notice_of == ("doi:10.1000/bad",)


@pytest.mark.parametrize(
    ("fields", "institution"),
    [
        (
            {
                "type": "dissertation",
                "institution": [{"name": "MIT"}],
                "publisher": "MIT Libraries",
            },
            "MIT",
        ),
        ({"type": "dissertation", "publisher": "MIT Libraries"}, "MIT Libraries"),
        ({"type": "report", "publisher": "RAND"}, "RAND"),
        ({"type": "posted-content", "institution": [{"name": "bioRxiv"}]}, "bioRxiv"),
        ({"type": "journal-article", "publisher": "Springer"}, ""),
    ],
)
def test_the_institution_is_a_school_an_issuer_or_a_server(
    fields: dict[str, Any], institution: str
) -> None:
    assert of(**fields).institution == institution


def test_of_several_numbers_that_of_the_print_is_taken() -> None:
    record = of(
        ISSN=["1111-1111", "2222-2222"],
        issn_type=[
            {"type": "electronic", "value": "1111-1111"},
            {"type": "print", "value": "2222-2222"},
        ],
        ISBN=["http://id.crossref.org/isbn/9783662463697", "9783662463703"],
    )
    assert (record.issn, record.isbn) == ("2222-2222", "9783662463697")


@pytest.mark.parametrize(
    "field",
    ["type", "title", "subtitle", "author", "editor", "issued", "container-title", "volume", "page",
     "relation", "updated-by", "update-to", "institution", "ISSN", "issn-type", "event", "aliases",
     "assertion", "degree", "publisher", "language"],
)  # fmt: skip
@pytest.mark.parametrize("value", [None, 3, "x", [], {}, [None], [[]], [{}], {"x": 1}, True])
def test_no_shape_of_a_field_breaks_the_reading(field: str, value: object) -> None:
    assert record_of(DOI | {field: value}).identifiers[:1] in (("doi:10.1000/abc",), ("doi:x",))
