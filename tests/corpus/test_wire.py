"""Recorded answers of the services: each gives the right record, or the error that it is.

`golden/` holds the records as a person has read them against the recordings (facts only: no
abstracts and no comments). `--update` writes them anew, to be read again. Beside that every record is
compared with its recording by other means than those of the mapper.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service import Service, serving

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Name, Record, identifier
from bibtool.sources import atom, crossref, datacite
from bibtool.sources.arxiv import Arxiv
from bibtool.sources.crossref import Crossref
from bibtool.sources.datacite import Datacite
from bibtool.sources.http import Client, Pause, agent

pytestmark = pytest.mark.corpus

GOLDEN = Path(__file__).parent / "golden"
LONG = "arxiv/atom_search_testing_start0_max100.xml"  # of which golden/ holds the first ten
LEFT_OUT = frozenset(["comment", "journal_ref", "url"])


def entries(corpus: Path) -> Iterator[dict[str, Any]]:
    yield from json.loads((corpus / "wire" / "index.json").read_text("utf-8"))


def names_of(corpus: Path, pattern: str) -> list[str]:
    return sorted(e["file"] for e in entries(corpus) if re.fullmatch(pattern, e["file"]))


def works_in(value: object) -> Iterator[dict[str, Any]]:
    """The works of a REST answer: one, a list, or nothing that is a work."""
    if isinstance(value, list):
        for item in value:
            yield from works_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("DOI"), str) and {"type", "title"} & value.keys():
            yield value
        else:
            yield from works_in(value.get("message", value.get("items")))


def compact(record: Record) -> dict[str, object]:
    """A record as it is easy to read: only what is said, names in one line."""
    facts: dict[str, object] = {}
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if name in LEFT_OUT or value in ("", (), None):
            continue
        if name in ("authors", "editors"):
            value = [written(person) for person in value]
        elif name == "updates":
            value = [f"{u.kind} {u.identifier} {u.year or ''}".strip() for u in value]
        facts[name] = list(value) if isinstance(value, tuple) else value
    return facts


def written(name: Name) -> str:
    if name.literal:
        return f"{{{name.literal}}}"
    return " | ".join(part for part in (name.family, name.given, name.suffix) if part)


def compare(name: str, found: dict[str, object], update: bool) -> None:
    path = GOLDEN / f"{name}.json"
    if update:
        text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
    golden = json.loads(path.read_text("utf-8"))
    assert found.keys() == golden.keys()
    for file, records in golden.items():
        assert found[file] == records, file


def test_every_atom_answer_gives_its_records_or_its_error(corpus: Path, update: bool) -> None:
    found: dict[str, object] = {}
    for name in names_of(corpus, r"arxiv/atom_.*\.xml"):
        try:
            records = atom.records_in((corpus / "wire" / name).read_bytes())
            found[name] = [compact(record) for record in records[: 10 if name == LONG else None]]
        except atom.BadQuestion as error:
            found[name] = f"BadQuestion: {error} ({error.refused})"
    assert len(found) > 20
    compare("arxiv", found, update)


def test_every_crossref_answer_gives_its_records(corpus: Path, update: bool) -> None:
    found: dict[str, object] = {}
    for name in names_of(corpus, r"crossref/(?:works|item|list|batch)_.*\.jsonl?"):
        found[name] = [compact(crossref.record_of(work)) for work in crossref_works(corpus, name)]
    assert sum(len(records) for records in found.values() if isinstance(records, list)) > 150
    compare("crossref", found, update)


def test_every_datacite_answer_gives_its_record(corpus: Path, update: bool) -> None:
    found: dict[str, object] = {}
    for name in names_of(corpus, r"datacite/dois_10.*\.json"):
        content = json.loads((corpus / "wire" / name).read_text("utf-8"))
        found[name] = compact(datacite.record_of(content["data"]["attributes"]))
    assert len(found) == 5
    compare("datacite", found, update)


def crossref_works(corpus: Path, name: str) -> list[dict[str, Any]]:
    text = (corpus / "wire" / name).read_text("utf-8")
    answers = text.splitlines() if name.endswith("l") else [text]
    return [work for answer in answers if answer.strip() for work in works_in(json.loads(answer))]


def test_atom_records_say_what_the_text_of_the_feed_says(corpus: Path) -> None:
    """Compared by searching the text with patterns, without any reading of XML."""
    compared = 0
    for name in names_of(corpus, r"arxiv/atom_.*\.xml"):
        text = (corpus / "wire" / name).read_text("utf-8")
        entries_in_text = re.findall(r"<entry.*?</entry>", text, re.S)
        if "api/errors" in text:
            continue
        records = atom.records_in(text.encode())
        assert len(records) == len(entries_in_text)
        for record, entry in zip(records, entries_in_text, strict=True):
            compared += 1
            assert record.identifiers[0].partition(":")[2] in said(entry, "id")[0]
            assert record.title == said(entry, "title")[0]
            assert [
                person.literal or f"{person.given} {person.family}".strip()
                for person in record.authors
            ] == said(entry, "name")
            assert f"{record.year}-{record.month:02}" == said(entry, "published")[0][:7]
            assert record.comment == "".join(said(entry, "arxiv:comment"))
            assert record.journal_ref == "".join(said(entry, "arxiv:journal_ref"))
            assert list(record.published_as) == [
                f"doi:{doi.lower()}" for doi in said(entry, "arxiv:doi")
            ]
            assert f'primary_category term="{record.primary_class}"' in re.sub(
                r' xmlns:arxiv="[^"]*"', "", entry
            )
    assert compared > 140


def said(entry: str, tag: str) -> list[str]:
    return [
        " ".join(html.unescape(text).split())
        for text in re.findall(rf"<{tag}(?:\s[^>]*)?>(.*?)</{tag}>", entry, re.S)
    ]


COPIED = {
    "volume": "volume",
    "kind": "type",
    "article_number": "article-number",
    "edition": "edition-number",
    "language": "language",
}


DATES = (
    "published-print",
    "published",
    "issued",
    "published-online",
    "posted",
    "approved",
    "event",
)


def test_crossref_records_say_nothing_that_the_deposit_does_not(corpus: Path) -> None:
    for name in names_of(corpus, r"crossref/(?:works|item|list|batch)_.*\.jsonl?"):
        for work in crossref_works(corpus, name):
            record = crossref.record_of(work)
            assert record.identifiers[0] == f"doi:{work.get('aliases', [work['DOI']])[0].lower()}"
            for ours, theirs in COPIED.items():
                assert getattr(record, ours) == str(work.get(theirs, ""))
            if "math" not in str(work.get("title")):
                assert letters(record.title) in letters(" ".join(work.get("title", ())))
            people = str((work.get("author"), work.get("editor")))
            for person in (*record.authors, *record.editors):
                for part in (person.family, person.given, person.suffix):
                    assert part in people
            assert str(record.year or "") in str([work.get(field) for field in DATES])
            assert record.isbn in str(work.get("ISBN"))
            assert record.issn in str((work.get("ISSN"), work.get("issn-type")))
            for page in re.findall(r"\w+", record.pages):
                assert page in work["page"]


def letters(text: str) -> str:
    """The letters and digits of a title, without its tags."""
    return re.sub(r"\W", "", re.sub(r"</?[a-z]+>", "", html.unescape(text)))


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def client(tmp_path: Path) -> Client:
    pauses = {name: Pause(0.0) for name in ("arxiv", "crossref", "datacite")}
    return Client(agent=agent(), pauses=pauses, folder=tmp_path, back_off=0.001)


def replay(service: Service, corpus: Path, file: str, path: str) -> None:
    """Let the service give a recorded answer, with its status, to a path."""
    recorded = next(entry for entry in entries(corpus) if entry["file"] == file)
    kind = "application/json" if file.endswith(".json") else "text/html"
    body = (corpus / "wire" / file).read_bytes()
    service.extra[path] = (recorded["status"], kind, body)


UNUSABLE = {
    "error_400_filter-not-available.json": "refuses the question",
    "error_400_validation_integer-not-valid.json": "refuses the question",
    "error_400_validation_parameter-not-allowed.json": "refuses the question",
    "error_404_cursor-invalid.json": "refuses the question",
    "error_429_old_html_body.html": "status 429",
    "error_500_exception.json": "status 500",
    "error_504_gateway_timeout.html": "status 504",
    "cn_doi.org_404_html.html": "HTML page",
    "cn_doi.org_400_html.html": "HTML page",
    "cn_dx.doi.org_404_html_2019.html": "HTML page",
}


@pytest.mark.parametrize("file", UNUSABLE)
def test_a_recorded_refusal_of_a_search_is_an_outage(
    file: str, corpus: Path, service: Service, client: Client
) -> None:
    replay(service, corpus, f"crossref/{file}", "/works")
    with pytest.raises(SourceUnavailable, match=UNUSABLE[file]):
        Crossref(client, service.url).search(Record(title="Some title or other"))


def test_the_recorded_word_for_an_unknown_doi_means_that_it_is_unknown(
    corpus: Path, service: Service, client: Client
) -> None:
    replay(
        service, corpus, "crossref/error_404_resource_not_found.txt", "/works/10.1371%2Fnotarealdoi"
    )
    assert Crossref(client, service.url).lookup([Identifier("doi:10.1371/notarealdoi")]) == {}


@pytest.mark.parametrize("file", ["dois_404.json", "dois_404_errors.json"])
def test_datacites_recorded_word_for_an_unknown_doi_means_that_it_is_unknown(
    file: str, corpus: Path, service: Service, client: Client
) -> None:
    replay(service, corpus, f"datacite/{file}", "/dois/10.1/x")
    assert Datacite(client, service.url).lookup([Identifier("doi:10.1/x")]) == {}


def test_arxivs_recorded_rate_limit_is_an_outage(
    corpus: Path, service: Service, client: Client
) -> None:
    replay(service, corpus, "arxiv/error_429_rate_exceeded.txt", "/api/query")
    with pytest.raises(SourceUnavailable, match="status 429"):
        Arxiv(client, f"{service.url}/api/query").lookup([identifier("arxiv", "1706.03762")])


@pytest.mark.parametrize("batch", ["2", "7", "9"])
def test_a_recorded_batch_is_read_by_doi(
    batch: str, corpus: Path, service: Service, client: Client
) -> None:
    file = f"crossref/batch_filter_doi_{batch}_items.json"
    replay(service, corpus, file, "/works")
    dois = [work["DOI"] for work in crossref_works(corpus, file)]
    wanted = [identifier("doi", doi.lower()) for doi in sorted(dois)]
    found = Crossref(client, service.url).lookup(wanted)
    assert {which: record.identifiers for which, record in found.items()} == {
        which: (which,) for which in wanted
    }
    assert len(service.log) == 1


def test_a_recorded_alias_is_followed_to_its_work(
    corpus: Path, service: Service, client: Client
) -> None:
    work = "crossref/works_posted-content_10.26434_chemrxiv_is-preprint-of.json"
    replay(service, corpus, work, "/works/10.26434%2Fchemrxiv.5406907.v5")
    service.steps.append("redir:/works/10.26434%2Fchemrxiv.5406907.v5")
    which = Identifier("doi:10.26434/chemrxiv.5406907")
    found = Crossref(client, service.url).lookup([which])
    assert found[which].identifiers == (which, "doi:10.26434/chemrxiv.5406907.v5")


def test_the_most_famous_retraction_is_seen(corpus: Path) -> None:
    path = corpus / "wire" / "crossref" / "fragment_updated-by_wakefield_retraction.json"
    work = {
        "DOI": "10.1016/s0140-6736(97)11096-0",
        "updated-by": json.loads(path.read_text("utf-8")),
    }
    record = crossref.record_of(work)
    assert [(update.kind, update.identifier, update.year) for update in record.updates] == [
        ("correction", "doi:10.1016/s0140-6736(04)15715-2", 2004),
        ("retraction", "doi:10.1016/s0140-6736(10)60175-4", 2010),
    ]


def test_withdrawn_papers_of_a_snapshot_are_recognised_by_their_comments(corpus: Path) -> None:
    path = corpus / "wire" / "arxiv" / "kaggle_arxiv-metadata-oai-snapshot_first200.jsonl"
    papers = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    withdrawn = [
        p["id"] for p in papers if atom.WITHDRAWN.search(" ".join((p["comments"] or "").split()))
    ]
    assert withdrawn == ["0704.0156"]


def payloads(corpus: Path, surface: str) -> Iterator[str]:
    """Hostile inputs of one kind, the long ones written out."""
    for line in (corpus / "payloads.jsonl").read_text("utf-8").splitlines():
        payload = json.loads(line)
        if payload["surface"] == surface:
            expand = payload.get("expand")
            yield (
                expand["prefix"] + expand["unit"] * expand["times"] + expand["suffix"]
                if expand
                else payload["payload"]
            )


def test_no_hostile_document_is_read_as_a_feed(corpus: Path) -> None:
    tried = list(payloads(corpus, "xml.feed"))
    for payload in tried:
        with pytest.raises((atom.Broken, atom.BadQuestion)):
            atom.records_in(payload.encode())
    assert len(tried) > 10


def test_no_redirect_leads_away(corpus: Path, tmp_path: Path) -> None:
    tried = [payload.partition(" (")[0] for payload in payloads(corpus, "http.redirect")]
    for number, target in enumerate(tried):
        with serving(*[f"redir:{target}"] * 9) as service:
            pauses = {"crossref": Pause(0.0)}
            client = Client(agent=agent(), pauses=pauses, folder=tmp_path / str(number))
            with pytest.raises(SourceUnavailable, match="redirects"):
                Crossref(client, service.url).search(Record(title="Some title or other"))
            assert len(service.log) <= 4
    assert len(tried) > 10
