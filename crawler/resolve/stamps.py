"""The calendar day that a stamp of an index or a service tells. Pure; what cannot be read is None.

Shapes: W3C-DTF (sitemaps, Atom), RFC 822 (RSS), `YYYYMMDD[T]HHMMSS[Z]` (GDELT, archives). The day is the one
that the stamp itself states, not its day in UTC: that is what people cite.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_tz
from typing import Final

__all__ = ["archive_instant", "archive_stamp", "stated_day"]

_READ_CHARS: Final = 64
_W3C: Final = re.compile(r"^\s*([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_COMPACT: Final = re.compile(r"^\s*([0-9]{4})([0-9]{2})([0-9]{2})(?:T?[0-9]{6}Z?)?\s*$")
_ARCHIVE: Final = re.compile(r"^[0-9]{14}$")


def stated_day(stamp: str | None) -> date | None:
    """The day that the stamp states, in whichever of the shapes it is written."""
    text = (stamp or "")[:_READ_CHARS]
    found = _W3C.match(text) or _COMPACT.match(text)
    if found:
        return _day(*(int(part) for part in found.groups()))
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return _day(*parts[:3]) if parts else None


def archive_stamp(on: date) -> str:
    """A day as an archive's index writes it, `YYYYMMDD`."""
    return f"{on:%Y%m%d}" if on.year >= 1000 else f"{on.year:04d}{on:%m%d}"  # noqa: PLR2004 - strftime does not pad


def archive_instant(stamp: str) -> datetime | None:
    """The instant of a 14-digit archive stamp, which is UTC."""
    if not _ARCHIVE.match(stamp):
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None
