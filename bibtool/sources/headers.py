"""What the headers of an answer say about when to ask again. Pure but for the clock."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that Retry-After asks for; 0 where it says nothing that can be kept.

    A date is read against the server's own clock, since ours may be wrong.
    https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    moment = _date(value)
    if moment is None:
        return 0.0
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return max((moment - now).total_seconds(), 0.0)


def announced_pause(headers: Mapping[str, str]) -> float:
    """Seconds between requests that Crossref's limits come to; 0 where it announces none.

    Also in the spelling that it had in 2025. Its x-concurrency-limit is at least 1.
    https://www.crossref.org/documentation/retrieve-metadata/rest-api/access-and-authentication/
    """
    limit = _positive(headers.get("x-rate-limit-limit", headers.get("x-ratelimit-limit", "")))
    interval = headers.get("x-rate-limit-interval", headers.get("x-ratelimit-interval", ""))
    seconds = _positive(interval.strip().removesuffix("s"))
    return seconds / limit if limit and seconds else 0.0


def span(seconds: float) -> str:
    """A long time in words."""
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 48 * 3600 else f"{seconds / 86400:.0f} days"


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _positive(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return 0.0
    return number if 0 < number < 1e6 else 0.0
