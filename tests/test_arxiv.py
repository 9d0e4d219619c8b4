"""arXiv: feeds of both formats, look-ups that find every bad identifier, and quoting in searches."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from service import Service, serving
from service_answers import ATTENTION, RESNET, RICCI, YOLO

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Name, Record, Update, identifier
from bibtool.sources.arxiv import Arxiv, search_query
from bibtool.sources.atom import BadQuestion, Broken, records_in
from bibtool.sources.http import Client, Pause, agent

NEW_FORMAT = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id>
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/2503.23612v2</id>
    <title>Make It Efficient:
      Dynamic $k$-Sparse Attention for Erd\\H{o}s graphs, 50% &amp;amp; more</title>
    <updated>2025-07-01T17:59:59Z</updated>
    <link href="https://arxiv.org/abs/2503.23612v2" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/2503.23612v2" rel="related" type="application/pdf" title="pdf"/>
    <summary>What it is about.</summary>
    <category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
    <published>2025-03-30T22:47:14Z</published>
    <arxiv:comment>Accepted to CVPR 2025</arxiv:comment>
    <arxiv:primary_category term="cs.CV"/>
    <arxiv:journal_ref>Proc. CVPR (2025) 1--10</arxiv:journal_ref>
    <author><name>Eloy de Lera Acedo</name><arxiv:affiliation>Cambridge</arxiv:affiliation></author>
    <author><name> The ATLAS Collaboration</name></author>
    <author><name>:</name></author>
    <arxiv:doi>10.1109/CVPR52734.2025.00001 10.5555/Second</arxiv:doi>
    <link rel="related" href="https://doi.org/10.1109/CVPR52734.2025.00001" title="doi"/>
  </entry>
</feed>"""

OLD_FORMAT = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list=math/0211159" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/math/0211159v1</id>
    <updated>2002-11-11T16:11:49Z</updated>
    <published>2002-11-11T16:11:49Z</published>
    <title>The entropy formula for the Ricci flow and its geometric
  applications</title>
    <author><name>Grisha Perelman</name></author>
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">39 pages</arxiv:comment>
    <link href="http://arxiv.org/abs/math/0211159v1" rel="alternate" type="text/html"/>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="math.DG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>"""

FEED = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">{}</feed>'


def error(message: str, place: str = "https") -> bytes:
    name = message.replace(" ", "_")
    entry = f"<entry><id>{place}://arxiv.org/api/errors#{name}</id><title>Error</title><summary>{message}</summary></entry>"
    return FEED.format(entry).encode()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture
def arxiv(service: Service, tmp_path: Path) -> Arxiv:
    client = Client(agent=agent(), pauses={"arxiv": Pause(0.0)}, folder=tmp_path, back_off=0.01)
    return Arxiv(client, f"{service.url}/api/query")


def ids(*numbers: str) -> list[Identifier]:
    return [identifier("arxiv", number) for number in numbers]


def test_the_new_format_gives_every_field() -> None:
    assert records_in(NEW_FORMAT.encode()) == (
        Record(
            type="misc",
            kind="preprint",
            title="Make It Efficient: Dynamic $k$-Sparse Attention for Erdős graphs, 50% & more",
            authors=(
                Name(family="de Lera Acedo", given="Eloy"),
                Name(literal="The ATLAS Collaboration"),
            ),
            year=2025,
            month=3,
            url="https://arxiv.org/abs/2503.23612",
            identifiers=(Identifier("arxiv:2503.23612"),),
            published_as=(
                Identifier("doi:10.1109/cvpr52734.2025.00001"),
                Identifier("doi:10.5555/second"),
            ),
            primary_class="cs.CV",
            comment="Accepted to CVPR 2025",
            journal_ref="Proc. CVPR (2025) 1--10",
            version=2,
        ),
    )


def test_the_format_until_2025_gives_the_same_fields() -> None:
    (record,) = records_in(OLD_FORMAT.encode())
    assert record.title == RICCI.title
    assert record.identifiers == ("arxiv:math/0211159",)
    assert record.authors == (Name(family="Perelman", given="Grisha"),)
    assert (record.year, record.month) == (2002, 11)
    assert (record.primary_class, record.comment) == ("math.DG", "39 pages")
    assert record.published_as == ()


@pytest.mark.parametrize("place", ["http", "https"])
def test_an_error_entry_is_no_paper(place: str) -> None:
    with pytest.raises(BadQuestion, match="incorrect id format for abc") as caught:
        records_in(error("incorrect id format for abc", place))
    assert caught.value.refused == "abc"
    with pytest.raises(BadQuestion) as caught:
        records_in(error("internal error", place))
    assert caught.value.refused == ""


def test_what_arxiv_took_in_at_its_start_may_be_older_than_arxiv() -> None:
    early = OLD_FORMAT.replace("math/0211159", "math/9201303").replace("2002-11-11", "1986-04-25")
    assert [record.year for record in records_in(early.encode())] == [1986]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Rate exceeded.",
        b"<html><body>Busy</body></html>",
        b"<!DOCTYPE html><html></html>",
        NEW_FORMAT.encode()[:900],
        NEW_FORMAT.replace("<entry>", "<!DOCTYPE x><entry>").encode(),
        b'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&x;</title></feed>',
        b'<feed xmlns="http://other.org/"></feed>',
        NEW_FORMAT.replace("2503.23612v2</id>", "2503.99999v2</id>").encode(),  # swapped
        NEW_FORMAT.replace("http://arxiv.org/abs/2503.23612v2</id>", "urn:x</id>").encode(),
        FEED.format("<entry><id>http://arxiv.org/abs/2503.1</id></entry>").encode(),
        NEW_FORMAT.replace("<published>2025", "<published>2925").encode(),
        NEW_FORMAT.replace("<published>2025", "<published>1985").encode(),
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_whole_feed_is_never_read_as_one(body: bytes) -> None:
    with pytest.raises(Broken):
        records_in(body)


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the authors due to an error in Lemma 2", True),
        ("Withdrawn", True),
        ("Paper withdrawn", True),
        ("withdrawn by arXiv administrators because of disputed authorship", True),
        ("12 pages. This submission has been withdrawn by arXiv admins", True),
        ("The paper is temporarily withdrawn", True),
        ("This article was retracted by the author", True),
        ("Withdrawn from arXiv by the authors", True),
        ("Withdrawn from ICLR 2021, to be resubmitted", False),
        ("Withdrawn submission of ICLR 2024", False),
        ("Replaces arXiv:1234.5678, which has been withdrawn", False),
        ("Money withdrawn at machines: a study", False),
        ("10 pages, 3 figures", False),
        ("", False),
    ],
)
def test_a_withdrawal_is_read_from_the_comment(comment: str, withdrawn: bool) -> None:
    feed = NEW_FORMAT.replace("Accepted to CVPR 2025", comment)
    (record,) = records_in(feed.encode())
    assert record.updates == ((Update(kind="withdrawal"),) if withdrawn else ())


def test_a_look_up_of_many_is_one_request_for_so_many(arxiv: Arxiv, service: Service) -> None:
    found = arxiv.lookup(ids(RESNET.arxiv, YOLO.arxiv, RICCI.arxiv))
    assert {which: record.title for which, record in found.items()} == {
        f"arxiv:{paper.arxiv}": paper.title for paper in (RESNET, YOLO, RICCI)
    }
    (request,) = service.log
    assert request.query["max_results"] == "3"
    assert request.headers["accept"] == "application/atom+xml"
    assert request.headers["user-agent"].startswith("bibtool/")


def test_more_than_a_hundred_go_in_several_requests(arxiv: Arxiv, service: Service) -> None:
    many = ids(*(f"2001.{number:05}" for number in range(1, 150)), ATTENTION.arxiv)
    service.extra["/api/query"] = (200, "application/atom+xml", NEW_FORMAT.encode())
    with pytest.raises(SourceUnavailable):
        arxiv.lookup(many)
    service.extra.clear()
    assert len(service.log[0].query["id_list"].split(",")) == 100


def test_the_subject_class_of_an_old_number_is_not_sent(arxiv: Arxiv, service: Service) -> None:
    which = Identifier("arxiv:math.DG/0211159")
    assert arxiv.lookup([which])[which].title == RICCI.title
    assert service.log[0].query["id_list"] == "math/0211159"


def test_one_missing_paper_is_asked_for_once_more_and_alone(arxiv: Arxiv, service: Service) -> None:
    found = arxiv.lookup(ids(RESNET.arxiv, "2001.99999"))
    assert list(found) == ids(RESNET.arxiv)
    assert [request.query["id_list"] for request in service.log] == [
        f"{RESNET.arxiv},2001.99999",
        "2001.99999",
    ]


def test_a_refused_identifier_does_not_spoil_the_others(arxiv: Arxiv, service: Service) -> None:
    found = arxiv.lookup(ids(RESNET.arxiv, "nonsense", YOLO.arxiv))
    assert list(found) == ids(RESNET.arxiv, YOLO.arxiv)
    assert len(service.log) == 3  # all, the refused one alone, the rest


def test_a_refusal_that_names_nobody_is_narrowed_down_by_halving(
    arxiv: Arxiv, service: Service
) -> None:
    service.steps.append("errfeed")
    found = arxiv.lookup(ids(RESNET.arxiv, YOLO.arxiv, RICCI.arxiv))
    assert len(found) == 3
    assert [request.query["max_results"] for request in service.log] == ["3", "1", "2"]


def test_a_refusal_of_one_paper_for_another_reason_is_an_outage(
    arxiv: Arxiv, service: Service
) -> None:
    service.steps += ["errfeed"] * 3
    with pytest.raises(SourceUnavailable, match=r"refuses arxiv:1512\.03385: internal error"):
        arxiv.lookup(ids(RESNET.arxiv))


def test_nothing_is_asked_about_other_schemes(arxiv: Arxiv, service: Service) -> None:
    assert arxiv.lookup([Identifier("doi:10.1/x")]) == {}
    assert service.log == []


@pytest.mark.parametrize(
    ("title", "query"),
    [
        (
            "Attention Is All You Need",
            'ti:"attention is all you need" OR (all:attention AND all:all AND all:you AND all:need)',
        ),
        ("VAR", 'ti:"var" OR (all:var)'),
        (
            'A "quoted" title: (au:x OR ti:y) AND more\\',
            'ti:"a quoted title au x or ti y and more" OR '
            "(all:quoted AND all:title AND all:au AND all:ti AND all:more)",
        ),
        (
            "Scaling $O(n^2)$ attention",
            'ti:"scaling attention" OR (all:scaling AND all:attention)',
        ),
        (
            "The Müller–Lyer illusion",
            'ti:"the muller lyer illusion" OR (all:lyer AND all:illusion)',
        ),
        ("Müller's", 'ti:"mullers"'),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_a_search_is_one_query_that_no_title_can_break(title: str, query: str) -> None:
    assert search_query(Record(title=title)) == query


def test_a_search_asks_once_and_gives_records(arxiv: Arxiv, service: Service) -> None:
    found = arxiv.search(Record(title="Attention is all you need"))
    assert [record.identifiers for record in found] == [("arxiv:1706.03762",)]
    assert len(service.log) == 1
    assert arxiv.search(Record(title="")) == ()
    assert len(service.log) == 1


def test_a_search_without_hits_is_no_outage(arxiv: Arxiv) -> None:
    assert list(arxiv.search(Record(title="Nobody ever wrote such a thing"))) == []
