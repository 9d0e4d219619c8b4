"""CSL-JSON: the types and fields of the schema, and nothing that the record does not say."""

import json
import subprocess

import pytest
from csl_facts import broken
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields
from test_render_bibtex import PEOPLE

from bibtool.model import Identifier, Name, Record, identifier
from bibtool.render.csl import csl_of

PREPRINT = Record(
    title="Scaling $k$-means to 3D",
    authors=(Name("van der Berg", "Łucja"), Name(literal="OpenAI"), Name("King", "Martin", "Jr.")),
    year=2024,
    month=4,
    identifiers=(Identifier("arxiv:2404.02905"),),
    primary_class="cs.CV",
)
PAPER = Record(
    type="inproceedings",
    title="Deep Residual Learning",
    subtitle="for Image Recognition",
    authors=(Name("He", "Kaiming"),),
    year=2016,
    venue="Computer Vision and Pattern Recognition",
    pages="770-778",
    publisher="IEEE",
    identifiers=(Identifier("arxiv:1512.03385"), Identifier("doi:10.1109/cvpr.2016.90")),
)
KINDS = (
    "article book booklet collection conference dataset electronic inbook incollection "
    "inproceedings manual mastersthesis misc online patent phdthesis preprint proceedings report "
    "software techreport thesis unpublished something-new".split()
)
TEXTS = [field.name for field in fields(Record) if field.type is str]
RECORDS = st.builds(
    Record,
    **dict.fromkeys(TEXTS, st.text(max_size=9)) | {"type": st.sampled_from(KINDS) | st.text()},
    authors=PEOPLE,
    editors=PEOPLE,
    year=st.none() | st.integers(),
    month=st.none() | st.integers(1, 12),
    identifiers=st.lists(
        st.builds(identifier, st.sampled_from(["arxiv", "doi"]), st.text(max_size=9)), max_size=2
    ).map(tuple),
)


def test_a_preprint_says_that_it_is_one_and_where_it_lies() -> None:
    assert csl_of("berg2024", PREPRINT, keywords=["Method", "Survey"], note="Nice.") == {
        "id": "berg2024",
        "type": "article",
        "title": "Scaling $k$-means to 3D",
        "author": [
            {"family": "van der Berg", "given": "Łucja"},
            {"literal": "OpenAI"},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
        ],
        "issued": {"date-parts": [[2024, 4]]},
        "genre": "Preprint",
        "publisher": "arXiv",
        "number": "arXiv:2404.02905 [cs.CV]",
        "DOI": "10.48550/arXiv.2404.02905",
        "URL": "https://arxiv.org/abs/2404.02905",
        "keyword": "Method, Survey",
        "note": "Nice.",
    }


def test_a_published_work_keeps_its_doi_and_names_its_preprint() -> None:
    item = csl_of("he2016", PAPER)
    assert item["type"] == "paper-conference"
    assert item["title"] == "Deep Residual Learning: for Image Recognition"
    assert item["DOI"] == "10.1109/cvpr.2016.90"
    assert item["archive_location"] == "arXiv:1512.03385"
    assert "month" not in json.dumps(item)


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_one_of_the_schema(kind: str) -> None:
    item = csl_of("k", Record(type=kind, title="T", institution="I", series="S", edition="2"))
    assert broken(item) == []
    assert all(item.values())


@given(RECORDS, st.lists(st.text(max_size=9), max_size=2), st.text(max_size=9))
def test_whatever_a_service_sends_is_an_item_of_the_schema(
    record: Record, keywords: list[str], note: str
) -> None:
    item = csl_of("k", record, keywords=keywords, note=note)
    assert broken(json.loads(json.dumps(item))) == []
    assert all(item.values())


GOOD = {
    "type": "paper-conference",
    "id": 7,
    "title": "T",
    "volume": "third",
    "page": 3,
    "author": [{"family": "Li", "static-ordering": True}, {}],
    "issued": {"date-parts": [[2024], ["2025", 1, 31]], "circa": 1},
    "accessed": {"season": "2", "literal": "in spring", "raw": "spring"},
    "categories": ["a"],
    "custom": {"any": [None]},
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "preprint"),
        ("type", ["book"]),
        ("id", None),
        ("eprint", "2404.02905"),
        ("DOI", 10.1),
        ("title", None),
        ("volume", True),
        ("page", ["1"]),
        ("author", {"family": "Li"}),
        ("author", ["Li, Wei"]),
        ("author", [{"family": "Li"}, {"prefix": "van"}]),
        ("author", [{"literal": 3}]),
        ("author", [{"static-ordering": None}]),
        ("issued", "2024-04"),
        ("issued", 2024),
        ("issued", {"date-parts": []}),
        ("issued", {"date-parts": [[]]}),
        ("issued", {"date-parts": [2024, 4]}),
        ("issued", {"date-parts": [[2024, 4, 30, 12]]}),
        ("issued", {"date-parts": [[2024], [2025], [2026]]}),
        ("issued", {"date-parts": [[None]]}),
        ("issued", {"year": 2024}),
        ("issued", {"raw": 2024}),
        ("issued", {"season": False}),
        ("categories", "a"),
        ("categories", [1]),
        ("custom", []),
    ],
)
def test_what_the_schema_refuses_is_noticed(name: str, value: object) -> None:
    assert broken(GOOD) == []
    assert broken({**GOOD, name: value}) == [name]


@pytest.mark.parametrize("name", ["type", "id"])
def test_what_the_schema_demands_is_missed(name: str) -> None:
    assert broken({each: value for each, value in GOOD.items() if each != name}) == [name]


@pytest.mark.pandoc
def test_pandoc_reads_every_item_and_keeps_its_facts() -> None:
    items = [csl_of("a", PREPRINT), csl_of("b", PAPER)]
    command = ["pandoc", "-f", "csljson", "-t", "csljson"]
    done = subprocess.run(
        command, input=json.dumps(items), capture_output=True, text=True, check=True
    )
    back = {item["id"]: item for item in json.loads(done.stdout)}
    for item in items:
        for field in (
            "type",
            "DOI",
            "URL",
            "number",
            "page",
            "container-title",
            "publisher",
            "genre",
        ):
            assert str(back[item["id"]].get(field, "")) == str(item.get(field, "")), field
        assert len(back[item["id"]]["author"]) == len(item["author"])
        assert back[item["id"]]["issued"] == item["issued"]
