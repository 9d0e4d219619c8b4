"""Damaged and hostile feeds: refused in our own words, or read into whole records."""

from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from service_answers import PAPERS, content

from bibtool.sources.atom import BadQuestion, Broken, records_in

NUMBERS = ",".join(paper.arxiv for paper in PAPERS if paper.arxiv)
_, _, FEED, _ = content(f"/api/query?id_list={NUMBERS}&max_results=9", "ok")
TEXT = FEED.decode()
WHOLE = {record.identifiers[0]: record for record in records_in(FEED)}


def read(feed: bytes) -> None:
    try:
        records = records_in(feed)
    except (Broken, BadQuestion):
        return
    for record in records:
        assert record.title
        assert record.year
        assert record.identifiers[0].startswith("arxiv:")


@given(st.binary(max_size=200))
def test_noise_is_no_feed(noise: bytes) -> None:
    read(noise)
    read(FEED[:60] + noise)


@settings(max_examples=300)
@given(st.integers(0, len(FEED)), st.integers(0, 40), st.binary(max_size=20))
def test_a_feed_with_a_piece_replaced_is_read_or_refused(at: int, gone: int, new: bytes) -> None:
    read(FEED[:at] + new + FEED[at + gone :])


@given(st.integers(0, len(FEED) - len("</feed>\n") - 1))
def test_a_feed_cut_anywhere_is_refused(at: int) -> None:
    try:
        records_in(FEED[:at])
    except Broken:
        return
    raise AssertionError("half a feed was read")


@given(st.permutations(TEXT.split("\n")[2:-1]), st.integers(0, 4))
def test_entries_in_any_order_keep_their_identifiers(lines: list[str], dropped: int) -> None:
    entries = [line.removesuffix("</feed>") for line in lines if line.startswith("<entry")]
    feed = TEXT.split("\n")[0] + TEXT.split("\n")[1] + "".join(entries[dropped:]) + "</feed>"
    for record in records_in(feed.encode()):
        assert record == WHOLE[record.identifiers[0]]


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_may_stand_in_a_title_or_a_name(title: str, name: str) -> None:
    feed = TEXT.replace("Attention Is All You Need", escape(title))
    read(feed.replace("Ashish Vaswani", escape(name)).encode("utf-8", "surrogatepass"))
