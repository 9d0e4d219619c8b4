"""The distance between a claim and a record: named penalties, each with its reason and cap. Pure.

A penalty costs a share of 1.0. A cap is stronger than a cost: where one holds, the distance
cannot fall below it, however well the rest agrees.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from bibtool import venues
from bibtool.likeness import Likeness, has_ellipsis, likeness
from bibtool.model import Name, Record, scheme_of, value_of
from bibtool.patterns import pattern
from bibtool.people import is_named, named, same_person
from bibtool.titles import fold, is_short, key, notice, retracted

# The lines, of 1.0. Set on the development half of benchmarks/matching: docs/decisions.
ACCEPT = 0.15
ASK = 0.60
CAPPED = 0.25  # what a cap lifts a distance to: a question, whatever else agrees
REFUSED = 1.0

AUTHORS = 0.35  # another first author
AUTHOR_NOT_FIRST = 0.04  # the claimed author stands further down the list
YEAR_NEAR = 0.05  # two to four years off
YEAR_FAR = 0.20
VENUE = 0.05

YEARS_FREE = 1  # print, online and conference dates of one work differ by that much
YEARS_TO_PRINT = 4  # from preprint to journal
YEARS_NEAR = 4

# Kinds of Crossref that are no work one cites, or only a part of one.
# https://api.crossref.org/types
NO_WORK = frozenset(
    "component peer-review journal journal-issue journal-volume proceedings proceedings-series "
    "book-series book-set report-series report-component grant".split()
)
# Members that hold copies of other people's papers under new DOIs. Each line needs a source.
# 10.65215: at least eight copies of "Attention Is All You Need" with its authors' names, dated
# 2025, which outrank the real work in Crossref's search (seen in October 2026).
COPIED = frozenset({"10.65215"})

Agreement = Literal["agree", "among", "differ", "unknown"]


class Penalty(Struct, frozen=True, gc=False):
    """One field's share of the distance."""

    name: str
    cost: float
    reason: str = ""
    cap: float = 0.0  # the distance is at least this


class Assessment(Struct, frozen=True, gc=False):
    """How far a record is from a claim, and why."""

    distance: float
    reasons: tuple[str, ...]
    title: Likeness
    authors: Agreement
    refused: bool = False


def whole_title(record: Record) -> str:
    """Title with subtitle, where the title does not hold it already."""
    if not record.subtitle or key(record.title).endswith(key(record.subtitle)):
        return record.title
    return f"{record.title}: {record.subtitle}"


def is_preprint(record: Record) -> bool:
    """Whether `record` speaks of a preprint and of nothing that followed it."""
    if record.kind in {"posted-content", "preprint"}:
        return True
    dois = [value_of(i) for i in record.identifiers if scheme_of(i) == "doi"]
    if any(not doi.startswith("10.48550/") for doi in dois):
        return False
    if record.venue and record.type != "misc":
        venue = venues.find(record.venue)
        if not (venue and venue.kind == "server"):
            return False  # ICLR and ICML give no DOI: the venue says that it has appeared
    return bool(dois) or any(scheme_of(i) == "arxiv" for i in record.identifiers)


def is_copy(record: Record) -> bool:
    return any(value_of(i).partition("/")[0] in COPIED for i in record.identifiers)


def assess(claim: Record, record: Record) -> Assessment:
    """Compare field by field. `record` came by a search: nothing links it but what it says."""
    mine = claimed_title(claim)
    title = likeness(mine, retracted(record.title) or whole_title(record))
    if title.relation != "same" and record.subtitle and key(mine) == key(record.title):
        title = Likeness("subtitle", 0.05, lost=record.subtitle)
    authors = agreement(claim.authors, record.authors)
    if title.relation == "far":
        return Assessment(REFUSED, ("another title",), title, authors, refused=True)
    penalties = (
        *kind_penalties(claim, record),
        *title_penalties(title, authors, mine, same_year=_same_year(claim, record)),
        *author_penalties(authors, claim, record),
        *year_penalties(claim, record, authors),
        *venue_penalties(claim, record, authors),
    )
    return _sum(penalties, title, authors)


def claimed_title(claim: Record) -> str:
    """What the claim calls the work, without a venue written behind or before it."""
    return venues.without_venue(whole_title(claim))


def _sum(penalties: Sequence[Penalty], title: Likeness, authors: Agreement) -> Assessment:
    cost = sum(penalty.cost for penalty in penalties)
    cap = max((penalty.cap for penalty in penalties), default=0.0)
    distance = round(min(1.0, max(cost, cap)), 3)
    reasons = tuple(penalty.reason for penalty in penalties if penalty.reason)
    return Assessment(distance, reasons, title, authors, refused=cap >= REFUSED)


def kind_penalties(claim: Record, record: Record) -> Iterator[Penalty]:
    if is_copy(record):
        yield Penalty("kind", 0, "a known copy of other people's papers", REFUSED)
    if record.kind in NO_WORK:
        yield Penalty("kind", 0, f"a {record.kind.replace('-', ' ')}, not the work", REFUSED)
    if record.title != claim.title or record.notice_of:
        yield from _notice_penalties(claim, record)
    if record.kind == "dataset" and claim.type not in {"dataset", "misc"}:
        yield Penalty("kind", 0, "a dataset", CAPPED)


def _notice_penalties(claim: Record, record: Record) -> Iterator[Penalty]:
    theirs = notice(record.title)
    if theirs != notice(claim.title):
        what = theirs or notice(claim.title)
        whose = "is about the work, as" if theirs else "is the work, not"
        yield Penalty("kind", 0, f"{whose} its {what}", REFUSED if theirs else CAPPED)
    elif record.notice_of and not theirs:
        # Some are deposited under the very title of the work that they correct or retract.
        yield Penalty("kind", 0, f"a notice about {record.notice_of[0]}, not the work", CAPPED)


def title_penalties(
    title: Likeness, authors: Agreement, mine: str, *, same_year: bool
) -> Iterator[Penalty]:
    known = authors in {"agree", "among"}
    if not title.same_numbers:
        yield Penalty("numbers", 0.05, "numbers, parts or versions differ", CAPPED)
    if title.relation == "same":
        if not known and is_short(mine):
            yield Penalty("title", 0, "a short title without an author names many works", CAPPED)
        if not known and has_ellipsis(mine):
            yield Penalty("title", 0, "the row's title was cut short", CAPPED)
        return
    yield Penalty(
        "subtitle" if title.relation == "subtitle" else "title",
        title.distance,
        difference(title),
        0.0 if known and _forgiven(title, authors, mine, same_year) else CAPPED,
    )


def _same_year(claim: Record, record: Record) -> bool:
    return claim.year is None or record.year is None or claim.year == record.year


def _forgiven(title: Likeness, authors: Agreement, mine: str, same_year: bool) -> bool:
    """Whether this difference is forgiven to a claim whose author agrees."""
    if title.relation == "cut":
        return authors == "agree" and has_ellipsis(mine)
    if title.relation == "nickname":
        return True
    if title.relation == "subtitle" and (title.lost_by_record or not same_year):
        return False  # lists drop subtitles and invent none: it may be the author's other work
    return title.relation in {"subtitle", "typing", "order"} and not is_short(mine)


def difference(title: Likeness) -> str:
    """The difference in words a curator understands; "" where there is none."""
    match title.relation:
        case "same":
            return ""
        case "nickname":
            return f"{_who_lacks(title)} lacks the nickname {title.lost!r}"
        case "subtitle":
            return f"{_who_lacks(title)} lacks the subtitle {title.lost!r}"
        case "typing":
            return "spelt a little differently"
        case "order":
            return "two words changed places"
        case "cut":
            return f"goes on with {_quoted(title.theirs)}"
        case "part":
            more = _quoted(title.mine or title.theirs)
            return f"one title is only a part of the other, which has {more}"
        case "words":
            return f"other words: {_quoted(title.mine)} / {_quoted(title.theirs)}"
        case "far":
            return "another title"


def _who_lacks(title: Likeness) -> str:
    return "the record" if title.lost_by_record else "the row"


def _quoted(words: Sequence[str]) -> str:
    text = " ".join(words)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def agreement(mine: Sequence[Name], theirs: Sequence[Name]) -> Agreement:
    """How the claimed authors stand to a record's: the first ones agree, or the claimed ones
    are among them, or differ; unknown where either says none."""
    claimed_first = next(filter(is_named, mine), None)
    first = next(filter(is_named, theirs), None) if claimed_first else None
    if claimed_first is None or first is None:
        return "unknown"
    if same_person(claimed_first, first):
        return "agree"
    claimed = named(mine)
    # One author says whose work it is, not who stands first; a list of several says both.
    if len(claimed) == 1 and any(same_person(claimed[0], person) for person in named(theirs)):
        return "among"
    return "differ"


def author_penalties(authors: Agreement, claim: Record, record: Record) -> Iterator[Penalty]:
    if authors == "among":
        yield Penalty("authors", AUTHOR_NOT_FIRST, "the author named is not the first one")
    if authors == "differ":
        first = _shown(named(record.authors)[0])
        reason = f"the first author is {first}, not {_shown(named(claim.authors)[0])}"
        yield Penalty("authors", AUTHORS, reason, CAPPED)
    if authors == "unknown" and named(claim.authors):
        yield Penalty("authors", 0.05, "the candidate names no author", CAPPED)


def _shown(name: Name) -> str:
    return name.literal or f"{name.given} {name.family}".strip()


def year_penalties(claim: Record, record: Record, authors: Agreement) -> Iterator[Penalty]:
    if claim.year is None or record.year is None:
        return
    later = claim.year - record.year
    # The row may give the year of print where the record is the preprint, and the other way round.
    free_after = YEARS_TO_PRINT if is_preprint(record) else YEARS_FREE
    if -YEARS_FREE <= later <= free_after:
        return
    near = abs(later) <= YEARS_NEAR
    cap = 0.0 if near and authors in {"agree", "among"} else CAPPED
    cost = YEAR_NEAR if near else YEAR_FAR
    yield Penalty("year", cost, f"the list says {claim.year}, the record {record.year}", cap)


def venue_penalties(claim: Record, record: Record, authors: Agreement) -> Iterator[Penalty]:
    if not claim.venue or not record.venue:
        return
    if venues.is_workshop(record.venue) and not venues.is_workshop(claim.venue):
        yield Penalty("venue", VENUE, f"a workshop: {record.venue}", CAPPED)
        return
    mine, theirs = venues.find(claim.venue), venues.find(record.venue)
    if mine and theirs and mine != theirs and not is_preprint(record):
        reason = f"the list says {mine.short}, the record {theirs.short}"
        yield Penalty("venue", VENUE, reason, 0.0 if authors == "agree" else CAPPED)


_WORD = pattern(r"[A-Za-z][a-z]*|\d+")


def is_nickname_of(nickname: str, title: str) -> bool:
    """Whether a short title can be read out of the long one: its beginning, a word, an acronym."""
    short, whole = fold(nickname), fold(title)
    if not short:
        return False
    if f" {short} " in f" {whole} " or key(nickname) in set(whole.split()):
        return True
    letters = [c for c in short if c.isalpha()]
    initials = [word[0] for word in whole.split()]
    return len(letters) >= 3 and _runs_through(letters, initials)


def _runs_through(letters: Sequence[str], initials: Sequence[str]) -> bool:
    """Whether `letters` stand in `initials` in order, the first of them among the first three."""
    if letters[0] not in initials[:3]:
        return False
    remaining = iter(initials)
    return all(letter in remaining for letter in letters)
