"""Crossref's REST interface through habanero: DOIs in batches, and search by what a row says.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from bibtool.model import Identifier, Record, scheme_of, value_of
from bibtool.sources import kept
from bibtool.sources.content import json_in
from bibtool.sources.crossref_work import record_of as record_of
from bibtool.sources.exchange import Answer
from bibtool.sources.http import Client, Service, Spoiled, Unusable

API = "https://api.crossref.org"
SERVICE = Service("crossref", frozenset({"api.crossref.org"}), 1.0)
BATCH = 40
# The request line ends at about 4092 bytes: https://github.com/CrossRef/rest-api-doc/issues/251
LONGEST = 3400  # bytes of DOIs in one filter, as they stand in the URL
HITS = 10
AUTHORS = 3  # whose names go into a search
LONGEST_QUESTION = 600  # characters
ACCEPT = "application/json"
_FIELDS = (
    "DOI type title subtitle author editor issued published-print published-online published "
    "posted container-title volume issue page article-number publisher URL ISBN ISSN issn-type "
    "event relation updated-by update-to assertion degree approved score"
)
# Works that one cites; left out are figures ("component"), reviews, grants and whole journals,
# which else fill the first places with the words of a title.
_CITABLE = (
    "journal-article proceedings-article book-chapter book-section book-part book monograph "
    "edited-book reference-book reference-entry posted-content dissertation report dataset "
    "standard proceedings other"
)
FIELDS = tuple(_FIELDS.split())
CITABLE = tuple(_CITABLE.split())


class Crossref:
    name = SERVICE.name
    batch = BATCH
    searches = True

    def __init__(self, client: Client, url: str = API, mailto: str = "") -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._mailto = mailto

    def knows(self, which: Identifier) -> bool:
        return scheme_of(which) == "doi"

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        """One request for a batch, then one for each DOI that it left out: those may be
        aliases, which a batch does not follow."""
        found: dict[Identifier, Record] = {}
        wanted = list(dict.fromkeys(which for which in identifiers if self.knows(which)))
        with kept(found):
            for batch in batches(wanted):
                self._batch(batch, found)
                for which in batch:
                    if which not in found and (record := self._single(which)):
                        found[which] = record
        return found

    def search(self, claim: Record) -> Sequence[Record]:
        question = bibliographic(claim)
        if not question:
            return ()
        message = self._works(
            search=True,
            query_bibliographic=question,
            filter={"type": list(CITABLE)},
            select=list(FIELDS),
            limit=HITS,
        )
        return [record_of(work) for work in message["items"] if any(work.get("title") or ())]

    def _batch(self, batch: Sequence[Identifier], found: dict[Identifier, Record]) -> None:
        """Add what a list request tells about `batch`; where it is spoiled, what its halves tell.

        An empty list is asked for again: single look-ups of all would be a lot to ask for.
        """
        if len(batch) < 2:
            return
        dois = [value_of(which) for which in batch]
        try:
            for _ in range(2):
                message = self._works(filter={"doi": dois}, limit=len(dois))
                if records := _by_identifier(batch, message["items"]):
                    found |= records
                    return
        except Spoiled:
            half = len(batch) // 2
            self._batch(batch[:half], found)
            self._batch(batch[half:], found)

    def _single(self, which: Identifier) -> Record | None:
        """The record of one DOI, or None where Crossref says that it has none."""
        message = self._works(which, ids=quote(value_of(which), safe=""))
        if message is None:
            return None
        record = record_of(message)
        if which in record.identifiers:
            return record
        # Crossref redirected us, as it does for the alias of a DOI; `_reader` has seen to that.
        return replace(record, identifiers=tuple(sorted({*record.identifiers, which})))

    def _works(
        self, single: Identifier | None = None, *, search: bool = False, **question: Any
    ) -> Any:
        """The message of the answer; None for a single DOI that Crossref does not have."""
        from bibtool.sources import bridge  # habanero is heavy; who asks arXiv alone needs none

        def get(url: str, params: Mapping[str, str]) -> Answer:
            params = {**params, **({"mailto": self._mailto} if self._mailto else {})}
            read = _reader(url, single)
            return self._client.ask(SERVICE, url, params, read, accept=ACCEPT, search=search)

        try:
            return bridge.works(get, self._url, **question)["message"]
        except bridge.Refused as refusal:
            if single and refusal.status == 404:
                return None
            raise Spoiled(self.name, str(refusal)) from refusal


def bibliographic(claim: Record) -> str:
    """What `query.bibliographic` is asked: the title and the first authors' family names."""
    if not claim.title:
        return ""
    people = (name.family or name.literal for name in claim.authors[:AUTHORS])
    return " ".join(" ".join((claim.title, claim.subtitle, *people)).split())[:LONGEST_QUESTION]


def batches(wanted: Sequence[Identifier]) -> Iterator[list[Identifier]]:
    """Cut `wanted` into lists that one filter can hold. A DOI with a comma goes alone: the
    comma is what separates filters."""
    batch: list[Identifier] = []
    size = 0
    for which in wanted:
        doi = value_of(which)
        if "," in doi:
            yield [which]
            continue
        length = len(quote(f"doi:{doi},", safe=""))
        if batch and (len(batch) == BATCH or size + length > LONGEST):
            yield batch
            batch, size = [], 0
        batch.append(which)
        size += length
    if batch:
        yield batch


def _by_identifier(
    wanted: Iterable[Identifier], works: Iterable[Mapping[str, Any]]
) -> dict[Identifier, Record]:
    records: dict[Identifier, Record] = {}
    for work in works:
        record = record_of(work)
        for which in record.identifiers:
            records.setdefault(which, record)
    return {which: records[which] for which in wanted if which in records}


def _reader(url: str, single: Identifier | None) -> Callable[[Answer], Answer]:
    """A check that an answer is Crossref's own word, and about the DOI that was asked for."""

    def checked(answer: Answer) -> Answer:
        if answer.status == 404 and answer.body.strip().startswith(b"Resource not found"):
            return answer
        content = json_in(answer)
        message = content.get("message")
        if answer.status != 200:
            if content.get("status") in ("failed", "error") and message:
                return answer
            raise Unusable(f"status {answer.status} without Crossref's reason")
        if not isinstance(message, dict) or not _whole(message, single):
            raise Unusable("something else than works")
        if single and not answer.url.startswith(url):  # redirected: the DOI is an alias
            return answer
        if single and single not in record_of(message).identifiers:
            raise Unusable("the record of another DOI")
        return answer

    return checked


def _whole(message: Mapping[str, Any], single: Identifier | None) -> bool:
    if single:
        return isinstance(message.get("DOI"), str)
    items = message.get("items")
    return isinstance(items, list) and all(isinstance(item, dict) for item in items)
