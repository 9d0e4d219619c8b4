"""CSL-JSON: the types and fields of the schema, and nothing that the record does not say."""

import json
import subprocess

import pytest

from bibtool.model import Identifier, Name, Record
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
# Of the schema's own lists, version 1.0.2.
TYPES = {"article", "article-journal", "book", "chapter", "dataset", "document", "manuscript"}
TYPES |= {"pamphlet", "paper-conference", "patent", "report", "software", "thesis", "webpage"}
FIELDS = {"id", "type", "title", "author", "editor", "issued", "genre", "publisher", "number"}
FIELDS |= {"DOI", "ISBN", "ISSN", "URL", "language", "keyword", "note", "container-title", "page"}
FIELDS |= {"collection-title", "volume", "issue", "edition", "archive", "archive_location"}


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


@pytest.mark.parametrize(
    "kind",
    "article book booklet conference dataset inbook incollection manual mastersthesis misc online "
    "patent phdthesis proceedings software techreport unpublished something-new".split(),
)
def test_every_type_is_one_of_the_schema(kind: str) -> None:
    item = csl_of("k", Record(type=kind, title="T", institution="I", series="S", edition="2"))
    assert item["type"] in TYPES
    assert item.keys() <= FIELDS
    assert all(item.values())


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
