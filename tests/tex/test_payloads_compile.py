"""The collected hostile texts, set by TeX: no complaint, nothing read or written, all of it seen."""

import json
from pathlib import Path

import pytest
from bibliography import WAYS, printed, seen
from needs import corpus_folder, demand

from bibtool.model import Identifier, Name, Record
from bibtool.render.bibtex import entry_of
from bibtool.tex import clean

pytestmark = [pytest.mark.tex, pytest.mark.corpus]


def payloads() -> list[tuple[str, str]]:
    demand("corpus")
    lines = (corpus_folder() / "payloads.jsonl").read_text(encoding="utf-8").splitlines()
    found = [(p["surface"], p["payload"]) for p in map(json.loads, lines)]
    wanted = ("latex.", "bibtex.field")
    return [
        (s, text) for s, text in found if s.startswith(wanted) and s != "latex.key" and text.strip()
    ]


@pytest.mark.parametrize("way", WAYS)
def test_every_payload_is_a_title_that_prints_as_it_is(way: str, tmp_path: Path) -> None:
    texts = [text for _, text in payloads()]
    entries = [
        entry_of(f"key{n}", Record(title=text, authors=(Name("Doe", "J."),), year=2000))
        for n, text in enumerate(texts)
    ]
    page = printed(tmp_path, entries, way)
    assert page.complaints == []
    assert "LEAKED" not in page.text
    assert not page.files & {"dropped.tex", "pwned"}
    shown = seen(page.text)
    # A formula of the allow-list is printed as one, and what leaves the page cannot be read back.
    literal = [text for text in texts if "$\\" not in text and len(text) < 300]
    assert [text for text in literal if seen(clean(text)) not in shown] == []


@pytest.mark.parametrize("way", WAYS)
def test_every_payload_can_stand_in_its_own_field(way: str, tmp_path: Path) -> None:
    entries = []
    for n, (surface, text) in enumerate(payloads()):
        field = surface.rpartition(".")[2]
        record = Record(
            type="article",
            title=f"Title {n}",
            authors=(Name(literal=text), Name("Doe", text))
            if field == "author"
            else (Name("Doe"),),
            venue=text if field in {"journal", "specials"} else "Journal",
            year=2000,
            url=text if field == "url" else "",
            identifiers=(Identifier(f"doi:{text}"),) if field == "doi" else (),
        )
        entries.append(entry_of(f"key{n}", record, keywords=[text], note=text))
    page = printed(tmp_path, entries, way)
    assert page.complaints == []
    assert "LEAKED" not in page.text
    shown = seen(page.text)
    assert [n for n in range(len(entries)) if f"title{n}" not in shown] == []
