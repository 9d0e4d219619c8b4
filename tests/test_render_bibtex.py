"""Records as entries: the fields that BibTeX, biblatex and Zotero read, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibtool.bib import parse
from bibtool.model import BibEntry, Identifier, Name, Record
from bibtool.render.bibtex import BibOptions, entry_of, record_of, text_of
from bibtool.tex import clean

PREPRINT = Record(
    title="VAR: Next-Scale Prediction for ImageNet",
    authors=(Name("Tian", "Keyu"), Name("van der Berg", "Łucja"), Name(literal="OpenAI Team")),
    year=2024,
    month=4,
    identifiers=(Identifier("arxiv:2404.02905"),),
    primary_class="cs.CV",
)
PAPER = Record(
    type="inproceedings",
    title="Deep Residual Learning",
    authors=(Name("He", "Kaiming"),),
    year=2016,
    month=6,
    venue="Workshop on A & B",
    pages="770-778",
    publisher="IEEE",
    identifiers=(Identifier("arxiv:1512.03385"), Identifier("doi:10.1109/cvpr.2016.90")),
    url="https://doi.org/10.1109/cvpr.2016.90",
)


def test_a_preprint_says_its_number_to_every_reader() -> None:
    entry = entry_of("tian2024var", PREPRINT, keywords=["Methods", "A, B"], note="Nice: 50%")
    assert text_of(entry) == (
        "@misc{tian2024var,\n"
        "  author = {Tian, Keyu and van der Berg, {\\L}ucja and {OpenAI Team}},\n"
        "  title = {{VAR}: Next-Scale Prediction for {ImageNet}},\n"
        "  year = {2024},\n"
        "  month = apr,\n"
        "  howpublished = {arXiv:2404.02905 [cs.CV]},\n"
        "  eprint = {2404.02905},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CV},\n"
        "  eprinttype = {arxiv},\n"
        "  url = {https://arxiv.org/abs/2404.02905},\n"
        "  keywords = {Methods, A / B},\n"
        "  annote = {Nice: 50\\%},\n"
        "}"
    )


def test_biblatex_gets_its_own_fields() -> None:
    options = BibOptions(dialect="biblatex", encoding="unicode")
    entry = entry_of("k", PREPRINT, options=options)
    assert entry.type == "online"
    assert list(entry.fields) == [
        "author",
        "title",
        "date",
        "eprint",
        "eprinttype",
        "eprintclass",
        "url",
    ]
    assert entry.fields["date"] == "2024-04"
    assert "Łucja" in entry.fields["author"]


def test_a_preprint_can_be_an_article() -> None:
    entry = entry_of("k", PREPRINT, options=BibOptions(preprint_type="article"))
    assert entry.type == "article"
    assert entry.fields["journal"] == "arXiv preprint arXiv:2404.02905"
    assert "howpublished" not in entry.fields


def test_a_published_work_keeps_its_preprint_and_its_doi_once() -> None:
    entry = entry_of("k", PAPER)
    assert entry.fields["booktitle"] == "Workshop on A \\& B"
    assert entry.fields["pages"] == "770--778"
    assert entry.fields["doi"] == "10.1109/cvpr.2016.90"
    assert entry.fields["eprint"] == "1512.03385"
    assert "url" not in entry.fields


@pytest.mark.parametrize(
    ("number", "shown"),
    [("hep-th/9901001", "arXiv:hep-th/9901001"), ("2404.1", "arXiv:2404.1 [x]")],
)
def test_old_numbers_name_their_archive_themselves(number: str, shown: str) -> None:
    record = Record(title="T", identifiers=(Identifier(f"arxiv:{number}"),), primary_class="x")
    assert entry_of("k", record).fields["howpublished"] == shown


@pytest.mark.parametrize("style", ["full", "short", "macro"])
def test_known_venues_are_named_as_settings_ask(style: str) -> None:
    record = Record(type="inproceedings", title="T", venue="CVPR")
    entry = entry_of("k", record, options=BibOptions(venue_style=style))  # type: ignore[arg-type]
    full = "Computer Vision and Pattern Recognition"
    assert (full in entry.fields["booktitle"]) == (style == "full")
    assert (entry.fields["booktitle"] == "CVPR") == (style == "short")
    assert ("booktitle" in entry.bare) == (style == "macro")


@pytest.mark.parametrize(
    ("name", "tex"),
    [
        (Name("van der Berg", "Jan"), "van der Berg, Jan"),
        (Name("King", "Martin Luther", "Jr."), "King, Jr., Martin Luther"),
        (Name("Ortega y Gasset", "José"), "{Ortega y Gasset}, Jos{\\'{e}}"),
        (Name("Plato"), "Plato"),
        (Name("boyd", "danah"), "boyd, danah"),
        (Name("李", "明"), "{李明}"),
        (Name(literal="ATLAS Collaboration"), "{ATLAS Collaboration}"),
        (Name(literal="AT&T and Friends"), "{AT\\&T and Friends}"),
        (Name("and others"), "{and others}"),
        (Name("Smith, J", "A"), "{A Smith, J}"),
        (Name("de la Cruz", "M."), "de la Cruz, M."),
    ],
)
def test_names_keep_to_the_grammar_of_bibtex(name: Name, tex: str) -> None:
    assert entry_of("k", Record(title="T", authors=(name,))).fields["author"] == tex


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://x.y/a%20b#c_d~e&f", "https://x.y/a%20b#c_d~e&f"),
        ("https://x.y/{a}\\b c", "https://x.y/%7Ba%7D%5Cbc"),
        ("https://x.y/ü", "https://x.y/%C3%BC"),
    ],
)
def test_addresses_are_verbatim(url: str, written: str) -> None:
    assert entry_of("k", Record(title="T", url=url)).fields["url"] == written


def test_a_sici_doi_is_written_as_it_is() -> None:
    doi = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
    entry = entry_of(
        "k", Record(type="article", title="T", identifiers=(Identifier(f"doi:{doi}"),))
    )
    assert entry.fields["doi"] == doi
    assert record_of(entry).identifiers == (f"doi:{doi}",)


def test_what_is_not_english_keeps_all_its_capitals() -> None:
    record = Record(title="Die Würde des Menschen", language="de")
    assert entry_of("k", record).fields["title"] == '{Die W{\\"{u}}rde des Menschen}'


@pytest.mark.parametrize(
    "options", [BibOptions(), BibOptions(dialect="biblatex"), BibOptions(encoding="unicode")]
)
@pytest.mark.parametrize("record", [PREPRINT, PAPER])
def test_an_entry_reads_back_as_its_record(record: Record, options: BibOptions) -> None:
    back = record_of(entry_of("k", record, options=options))
    for field in (
        "type",
        "title",
        "authors",
        "year",
        "month",
        "venue",
        "pages",
        "identifiers",
        "primary_class",
    ):
        assert getattr(back, field) == getattr(record, field), field


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ({"doi": "https://doi.org/10.1000/ABC"}, ("doi:10.1000/abc",)),
        ({"doi": "10.48550/arXiv.2404.02905v2"}, ("arxiv:2404.02905",)),
        ({"eprint": "2404.02905v3", "archiveprefix": "arXiv"}, ("arxiv:2404.02905",)),
        ({"eprint": "123", "eprinttype": "jstor"}, ()),
        ({"journal": "arXiv preprint arXiv:1706.03762"}, ("arxiv:1706.03762",)),
        ({"journal": "CoRR", "volume": "abs/1706.03762"}, ("arxiv:1706.03762",)),
        ({"url": "https://arxiv.org/pdf/1706.03762v5.pdf"}, ("arxiv:1706.03762",)),
        ({"note": "no identifier"}, ()),
    ],
)
def test_identifiers_are_found_where_people_write_them(
    fields: dict[str, str], identifiers: tuple[str, ...]
) -> None:
    assert record_of(BibEntry("k", "article", fields)).identifiers == identifiers


def test_macros_are_put_in_and_circles_end() -> None:
    entry = BibEntry(
        "k", "article", {"journal": 'jj # " (B)"', "month": "jun"}, ("journal", "month")
    )
    assert record_of(entry, {"jj": "{Journal of {X}}"}).venue == "Journal of X (B)"
    assert record_of(entry, {"jj": "jj"}).venue == "jj (B)"
    assert record_of(entry).month == 6


PEOPLE = st.lists(
    st.builds(Name, st.text(max_size=9), st.text(max_size=9), st.text(max_size=3))
    | st.builds(Name, literal=st.text(max_size=15)),
    max_size=3,
).map(tuple)
RECORDS = st.builds(
    Record,
    type=st.sampled_from(["misc", "article", "book", "inproceedings", "phdthesis"]),
    title=st.text(max_size=30),
    subtitle=st.text(max_size=10),
    authors=PEOPLE,
    venue=st.text(max_size=12),
    url=st.text(max_size=20),
    pages=st.text(max_size=6),
    identifiers=st.lists(
        st.text(max_size=12).map(lambda t: Identifier(f"doi:10.1/{t}")), max_size=1
    ).map(tuple),
)


@given(RECORDS, st.text(max_size=12), st.sampled_from(["ascii", "unicode"]))
def test_whatever_a_service_sends_is_one_entry_with_these_fields(
    record: Record, text: str, encoding: str
) -> None:
    options = BibOptions(encoding=encoding)  # type: ignore[arg-type]
    entry = entry_of("key", record, keywords=[text], note=text, options=options)
    library = parse(text_of(entry) + "\n\n@misc{next, title = {After}}\n", "x.bib")
    assert [e.key for e in library.entries] == ["key", "next"]
    assert library.entries[0] == entry
    assert not library.problems
    assert "\n@" not in text_of(entry)
    assert (
        clean(record.title) == record_of(entry).title
        or not record.title.isascii()
        or "$" in record.title
        or record.subtitle
    )
