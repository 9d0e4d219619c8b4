"""The published versions of the forty works: right wherever somebody tells them, wrong nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from bibtool import bib, venues
from bibtool.model import BibEntry
from bibtool.venues import comments

pytestmark = pytest.mark.corpus

SHIPPED = Path(__file__).parents[2] / "refs" / "references.bib"
VENUE = {"inproceedings": "booktitle", "article": "journal"}


@pytest.fixture(scope="module")
def works(corpus: Path) -> list[tuple[dict[str, Any], BibEntry]]:
    """Each work's verified facts with its entry in the shipped .bib."""
    entries = bib.parse(SHIPPED.read_text(encoding="utf-8"), "references.bib").entries
    by_number = {entry.fields["eprint"]: entry for entry in entries}
    facts = json.loads((corpus / "records" / "papers.json").read_text(encoding="utf-8"))
    assert len(facts) == len(by_number)
    return [(paper, by_number[paper["arxiv_id"]]) for paper in facts]


def venue_of(entry: BibEntry) -> str:
    return entry.fields.get(VENUE.get(entry.type, ""), "")


def told_by_somebody(paper: dict[str, Any]) -> bool:
    """Whether a registry has it (it has a DOI) or the authors' comment on arXiv names the venue."""
    published = paper["published"]
    return bool(published.get("doi") or comments.in_comment(paper["arxiv_comment"] or ""))


def test_a_published_version_that_somebody_tells_is_cited(
    works: list[tuple[dict[str, Any], BibEntry]],
) -> None:
    certain = [(p, e) for p, e in works if p["published_is_certain"] and told_by_somebody(p)]
    assert len(certain) >= 15
    for paper, entry in certain:
        published = paper["published"]
        named = venues.find(venue_of(entry))
        assert named is not None, entry.key
        assert named == venues.find(published["venue_full"]) or named == venues.find(
            published["venue_short"]
        ), entry.key
        assert entry.fields["year"] == str(published["year"]), entry.key
        assert entry.type == published["bibtex_type"], entry.key


def test_no_venue_stands_where_nobody_tells_one(
    works: list[tuple[dict[str, Any], BibEntry]],
) -> None:
    """Eight of the forty have a published version that neither registry nor comment names."""
    untold = [e for p, e in works if not (p["published"] and told_by_somebody(p))]
    assert [venue_of(entry) for entry in untold] == [""] * len(untold)
    certain = [p for p, _ in works if p["published_is_certain"] and not told_by_somebody(p)]
    assert {p["published"]["venue_short"] for p in certain} <= {"ICCV", "ICLR", "GenBio @ ICML"}
