"""Recorded answers of Crossref and DataCite as .bib entries: read by a person, checked by biber.

`golden/wire.bib` and `golden/wire.biblatex.bib` hold what a person has read against the
recordings (facts only: no abstracts, no references). `--update` writes them anew, to be read.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from bibtool import bib
from bibtool.model import BibEntry, Record
from bibtool.render.bibtex import BibOptions, entry_of, text_of
from bibtool.sources import crossref, datacite

pytestmark = pytest.mark.corpus

GOLDEN = Path(__file__).parent / "golden"
Dialect = Literal["bibtex", "biblatex"]


def records(corpus: Path) -> Iterator[tuple[str, Record]]:
    """Each single work of the recordings under the name of its file."""
    for path in sorted((corpus / "wire" / "crossref").glob("*.json")):
        if path.name.startswith(("works_", "item_")):
            work = json.loads(path.read_bytes())
            yield path.stem, crossref.record_of(work.get("message", work))
    for path in sorted((corpus / "wire" / "datacite").glob("dois_*.json")):
        data: dict[str, Any] = json.loads(path.read_bytes())
        if isinstance(data.get("data"), dict):
            yield path.stem, datacite.record_of(data["data"]["attributes"])


def entries(corpus: Path, dialect: Dialect) -> list[BibEntry]:
    options = BibOptions(dialect=dialect)
    return [
        entry_of(re.sub(r"[^A-Za-z0-9.-]", "-", name), record, options=options)
        for name, record in records(corpus)
    ]


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_every_recorded_work_is_the_entry_that_a_person_read(
    corpus: Path, dialect: Dialect, update: bool
) -> None:
    made = "\n\n".join(text_of(entry) for entry in entries(corpus, dialect)) + "\n"
    golden = GOLDEN / ("wire.bib" if dialect == "bibtex" else "wire.biblatex.bib")
    if update:
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_every_entry_can_be_read_again(corpus: Path, dialect: Dialect) -> None:
    made = entries(corpus, dialect)
    again = bib.parse("\n\n".join(map(text_of, made)), "wire.bib")
    assert list(again.entries) == made
    assert not again.problems


@pytest.mark.tex
def test_bibers_data_model_knows_every_field_where_it_stands(corpus: Path, tmp_path: Path) -> None:
    text = "\n\n".join(text_of(entry) for entry in entries(corpus, "biblatex"))
    (tmp_path / "wire.bib").write_text(text + "\n", encoding="utf-8")
    done = subprocess.run(
        ["biber", "--tool", "--validate-datamodel", "wire.bib"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if re.match(r"WARN|ERROR", line)]
    # What a deposit lacks stays missing, and a wrong ISBN is the publisher's; nothing is invented.
    complaints = [line for line in told if not re.search(r"Missing mandatory|^WARN - ISBN", line)]
    assert (done.returncode, complaints) == (0, [])
