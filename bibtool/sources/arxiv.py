"""arXiv's query interface: look-ups of up to 100 papers in a request, and search by title.

https://info.arxiv.org/help/api/user-manual.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from bibtool.errors import SourceUnavailable
from bibtool.model import Identifier, Record, identifier, scheme_of, value_of
from bibtool.sources import kept
from bibtool.sources.atom import BadQuestion, Broken, records_in
from bibtool.sources.exchange import Answer
from bibtool.sources.http import Client, Service, Unusable
from bibtool.sources.values import arxiv_number
from bibtool.titles import fold

API = "https://export.arxiv.org/api/query"
# One request in three seconds, one connection at a time: https://info.arxiv.org/help/api/tou.html
SERVICE = Service("arxiv", frozenset({"export.arxiv.org", "arxiv.org"}), 3.0)
ACCEPT = "application/atom+xml"  # without it the edge may answer 406
BATCH = 100
HITS = 10
# So many papers that all do not exist are less likely than an empty answer by mistake.
# https://github.com/lukasschwab/arxiv.py/issues/43
DOUBTFUL = 10
WORDS = 8  # of a title that a search asks for one by one
STOP_WORDS = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "of"])
STOP_WORDS |= frozenset(["on", "or", "not", "andnot", "the", "to", "via", "with", "we", "do"])


class Arxiv:
    name = SERVICE.name
    batch = BATCH
    searches = True

    def __init__(self, client: Client, url: str = API) -> None:
        self._client = client
        self._url = url
        self._refused: set[Identifier] = set()  # whose form arXiv does not accept

    def knows(self, which: Identifier) -> bool:
        return scheme_of(which) == "arxiv"

    def lookup(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Record]:
        found: dict[Identifier, Record] = {}
        wanted = list(dict.fromkeys(which for which in identifiers if self.knows(which)))
        with kept(found):
            for start in range(0, len(wanted), BATCH):
                self._batch(wanted[start : start + BATCH], found)
        return found

    def search(self, claim: Record) -> Sequence[Record]:
        query = search_query(claim)
        if not query:
            return ()
        params = {"search_query": query, "max_results": str(HITS), "sortBy": "relevance"}
        try:
            return self._client.ask(
                SERVICE, self._url, params, _records, accept=ACCEPT, search=True
            )
        except BadQuestion as error:
            raise SourceUnavailable(self.name, f"does not take the search: {error}") from error

    def _batch(self, wanted: Sequence[Identifier], found: dict[Identifier, Record]) -> None:
        """Add the records of `wanted` to `found`. What is missing is asked for once more: now
        and then arXiv answers valid questions with a valid, empty page."""
        self._page(wanted, found)
        missing = [which for which in wanted if which not in found and which not in self._refused]
        if not missing:
            return
        self._page(missing, found)
        if len(wanted) >= DOUBTFUL and not any(which in found for which in wanted):
            reason = f"knows none of {len(wanted)} papers, twice; run again later"
            raise SourceUnavailable(self.name, reason)

    def _page(self, wanted: Sequence[Identifier], found: dict[Identifier, Record]) -> None:
        """Add what one request tells about `wanted`. An identifier that arXiv refuses spoils
        the request for all: it is asked for alone, where the error names it, else found by
        halving."""
        numbers = [arxiv_number(value_of(which)) for which in wanted]
        params = {"id_list": ",".join(numbers), "max_results": str(len(numbers))}
        try:
            records = self._client.ask(SERVICE, self._url, params, _records, accept=ACCEPT)
        except BadQuestion as error:
            if len(wanted) > 1:
                for part in _parts(wanted, error.refused):
                    self._page(part, found)
            elif error.refused:
                self._refused.add(wanted[0])
            else:
                raise SourceUnavailable(self.name, f"refuses {wanted[0]}: {error}") from error
            return
        found |= _by_identifier(wanted, records)


def search_query(claim: Record) -> str:
    """The title as a phrase, or else all of its words: one request does both.

    Nothing but letters and digits goes in, so that no title can be read as syntax. Formulas
    are left out, since arXiv's index has them in TeX. Empty for a claim without a title.
    """
    title = re.sub(r"\$[^$]*\$", " ", claim.title)
    phrase = " ".join(fold(title).split())
    if not phrase:
        return ""
    # Whether the index folds accents and apostrophes is not documented: plain words only.
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", title.lower())
    telling = [w for w in words if w.isascii() and w.isalnum() and w not in STOP_WORDS and w[1:]]
    longest = sorted(dict.fromkeys(telling), key=len, reverse=True)[:WORDS]
    by_words = " AND ".join(f"all:{word}" for word in dict.fromkeys(telling) if word in longest)
    return f'ti:"{phrase}" OR ({by_words})' if by_words else f'ti:"{phrase}"'


def _parts(wanted: Sequence[Identifier], refused: str) -> list[Sequence[Identifier]]:
    """The refused identifier and the rest; halves, if it is not among `wanted`."""
    bad = [which for which in wanted if refused and value_of(which) == refused]
    if bad and len(bad) < len(wanted):
        return [bad, [which for which in wanted if which not in bad]]
    half = len(wanted) // 2
    return [wanted[:half], wanted[half:]]


def _records(answer: Answer) -> tuple[Record, ...]:
    try:
        return records_in(answer.body)
    except Broken as broken:
        raise Unusable(str(broken)) from broken


def _by_identifier(
    wanted: Iterable[Identifier], records: Iterable[Record]
) -> dict[Identifier, Record]:
    """Answers come in any order, some twice; each is known by the identifier it bears."""
    by_number: dict[Identifier, Record] = {}
    for record in records:
        by_number.setdefault(record.identifiers[0], record)
    asked = {which: identifier("arxiv", arxiv_number(value_of(which))) for which in wanted}
    return {which: by_number[own] for which, own in asked.items() if own in by_number}
