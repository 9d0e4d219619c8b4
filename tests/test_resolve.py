"""Asking: batches, order of sources, fallbacks, what is remembered and what is asked again."""

from collections.abc import Mapping, Sequence

from fake import MAR, TIGER, VAR, FakeSource

from bibtool.errors import SourceUnavailable
from bibtool.lock import SCHEMA, Lock
from bibtool.model import Identifier, Place, Record, Row
from bibtool.refresh import Refresh
from bibtool.resolve import Resolver
from bibtool.sources import Halfway
from bibtool.watch import Silent

IDS = [Identifier(f"arxiv:2401.{n:05}") for n in range(1, 8)]
DOI = Identifier("doi:10.1000/x")


def resolver(lock: Lock, *sources: FakeSource, refresh: Refresh = Refresh()) -> Resolver:  # noqa: B008
    return Resolver(
        lock,
        lambda: sources,
        searchers=[s.name for s in sources if s.searches],
        today="2026-11-23",
        save=lambda: None,
        refresh=refresh,
        watch=Silent(),
    )


def row(title: str) -> Row:
    return Row(place=Place("a.md", 1), line_end=1, text=title, claim=Record(title=title))


def lookups(source: FakeSource) -> list[int]:
    return [len(call.split()) - 1 for call in source.calls if call.startswith("lookup")]


def test_identifiers_are_asked_in_batches_and_each_once() -> None:
    source = FakeSource(batch=3)
    resolver(Lock(SCHEMA), source).look_up([*IDS, *IDS])
    assert lookups(source) == [3, 3, 1]


def test_what_the_lock_knows_is_not_asked_neither_is_what_is_known_to_be_unknown() -> None:
    lock, source = Lock(SCHEMA), FakeSource(records=[MAR])
    resolver(lock, source).look_up([*MAR.identifiers, *IDS])
    resolver(lock, source).look_up([*MAR.identifiers, *IDS])
    assert lookups(source) == [8]


def test_a_doi_that_crossref_does_not_know_goes_to_the_next_registry() -> None:
    crossref = FakeSource("crossref", schemes=("doi",))
    datacite = FakeSource(
        "datacite", [Record(title="Data", identifiers=(DOI,))], schemes=("doi", "arxiv")
    )
    lock = Lock(SCHEMA)
    resolver(lock, crossref, datacite).look_up([DOI])
    assert lock.lookups[DOI].source == "datacite"
    assert lock.lookups[DOI].asked == {"crossref": "2026-11-23", "datacite": "2026-11-23"}


def test_what_arxiv_does_not_know_nobody_is_asked_about() -> None:
    datacite = FakeSource("datacite", schemes=("doi", "arxiv"))
    resolver(Lock(SCHEMA), FakeSource(), datacite).look_up(IDS)
    assert datacite.calls == []


def test_where_arxiv_does_not_answer_datacite_may() -> None:
    datacite = FakeSource("datacite", [MAR], schemes=("doi", "arxiv"))
    lock = Lock(SCHEMA)
    asked = resolver(lock, FakeSource(down=True), datacite)
    asked.look_up(MAR.identifiers)
    assert lock.lookups[MAR.identifiers[0]].source == "datacite"
    assert set(asked.down) == {"arxiv"}


def test_arxiv_is_asked_again_about_what_another_one_answered_in_its_place() -> None:
    datacite = FakeSource("datacite", [MAR], schemes=("doi", "arxiv"))
    lock = Lock(SCHEMA)
    resolver(lock, FakeSource(down=True), datacite).look_up(MAR.identifiers)
    resolver(lock, FakeSource(down=True), datacite).look_up(MAR.identifiers)
    assert lookups(datacite) == [1]
    resolver(lock, FakeSource(records=[MAR]), datacite).look_up(MAR.identifiers)
    assert lock.lookups[MAR.identifiers[0]].source == "arxiv"


def test_what_was_answered_before_a_service_failed_is_kept() -> None:
    class Tired(FakeSource):
        def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
            raise Halfway(SourceUnavailable("arxiv", "is tired"), {MAR.identifiers[0]: MAR})

    lock = Lock(SCHEMA)
    asked = resolver(lock, Tired())
    asked.look_up([*MAR.identifiers, *VAR.identifiers])
    assert set(lock.lookups) == {*MAR.identifiers}
    assert asked.down == {"arxiv": "is tired"}


def test_a_refresh_that_finds_nothing_keeps_the_record_that_was_there() -> None:
    lock = Lock(SCHEMA)
    resolver(lock, FakeSource(records=[MAR])).look_up(MAR.identifiers)
    empty = FakeSource()
    resolver(lock, empty, refresh=Refresh(everything=True)).look_up(MAR.identifiers)
    assert lookups(empty) == [1]
    assert lock.lookups[MAR.identifiers[0]].record == MAR


def test_a_row_is_searched_once_a_source_and_equal_rows_share_the_search() -> None:
    one, other = FakeSource(found=[TIGER]), FakeSource("crossref", schemes=("doi",))
    lock = Lock(SCHEMA)
    rows = [row("A Title of Several Words"), row("A title of several words!")]
    assert resolver(lock, one, other).search_rows(rows)
    assert len(one.calls) == len(other.calls) == 1
    assert not resolver(lock, one, other).search_rows(rows)


def test_only_a_registry_is_searched_for_the_published_version() -> None:
    arxiv, crossref = FakeSource(), FakeSource("crossref", schemes=("doi",))
    resolver(Lock(SCHEMA), arxiv, crossref).search_published([(VAR.identifiers[0], VAR)])
    assert (arxiv.calls, crossref.calls) == ([], [f"search {VAR.title}"])


def test_a_source_that_was_down_is_asked_again_by_the_next_run() -> None:
    lock = Lock(SCHEMA)
    resolver(lock, FakeSource(down=True)).look_up(MAR.identifiers)
    assert lock.lookups == {}
    back = FakeSource(records=[MAR])
    resolver(lock, back).look_up(MAR.identifiers)
    assert lookups(back) == [1]
