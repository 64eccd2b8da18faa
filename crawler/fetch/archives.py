"""What an archive says of its copies: the original, the instant, and what it may not show.

Rule: pure. Only archives that are listed here are believed: any site can send a Memento-Datetime.
Source: RFC 7089 (2.1.1); the Wayback Machine's replay addresses and its error header.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from crawler.fetch.limits import header
from crawler.urls import host_of

if TYPE_CHECKING:
    from db.model import Headers

__all__ = ["http_date", "is_archive", "is_archive_blocked", "memento"]

_WAYBACK: Final = "web.archive.org"
_REPLAY: Final = re.compile(
    r"https?://web\.archive\.org(?::\d+)?/web/\d{4,14}(?:[a-z]{2}_)?/(?P<original>.+)"
)
_FORBIDDEN: Final = 403
_BLOCKED_SITE: Final = ("blocked site error", "administrativeaccesscontrolexception")


def is_archive(url: str) -> bool:
    """Whether a URL is an archive's replay of another."""
    return host_of(url) == _WAYBACK and _REPLAY.match(url) is not None


def memento(url: str, headers: Headers) -> tuple[str, datetime] | None:
    """The original URL and the instant of its capture when this is an archive's copy, else None."""
    match = _REPLAY.match(url)
    at = http_date(header(headers, "memento-datetime"))
    if match is None or at is None:
        return None
    original = match["original"]
    # Proxies on the way join the two slashes.
    return re.sub(r"^(https?):/+", r"\1://", original), at


def is_archive_blocked(url: str, status: int, headers: Headers) -> bool:
    """Whether the archive holds copies of this site that it does not show."""
    error = (header(headers, "x-archive-wayback-runtime-error") or "").lower()
    return (
        status == _FORBIDDEN
        and host_of(url) == _WAYBACK
        and any(words in error for words in _BLOCKED_SITE)
    )


def http_date(text: str | None) -> datetime | None:
    """An HTTP-date as an aware UTC instant (RFC 9110, 5.6.7), None for anything else."""
    if not text or len(text) > 100:  # noqa: PLR2004 - the longest form has 33 characters
        return None
    try:
        at = parsedate_to_datetime(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
