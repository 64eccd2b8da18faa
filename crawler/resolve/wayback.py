"""The Wayback Machine's index: how it is asked and read. Pure.

Source: `internetarchive/wayback` `wayback-cdx-server/README.md`. JSON is a list of lists whose first row names the
columns; every value is a string; nothing found is `[]`, an empty body or a header alone. Filters are regular
expressions over the whole field; `collapse` drops adjacent rows only; `page` leaves recent captures out and is
never used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from crawler.protocols import FetchRequest
from crawler.resolve.payload import json_value
from crawler.resolve.stamps import archive_instant
from crawler.urls import checked_url
from db.words import CapturePurpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["CdxRow", "cdx_request", "cdx_rows"]

_ENDPOINT: Final = "https://web.archive.org/cdx/search/cdx"
#: Rows read of one answer; we never ask for more.
ROWS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxRow:
    """One capture that the archive holds."""

    captured_at: datetime
    stamp: str  #: the 14 digits that its address carries
    url: str  #: as it was archived


def cdx_request(fields: Sequence[tuple[str, str]]) -> FetchRequest:
    """A question to the index; `fields` may name one field more than once."""
    query = urlencode(
        [*fields, ("output", "json"), ("fl", "timestamp,original"), ("limit", str(ROWS))]
    )
    return FetchRequest(
        url=f"{_ENDPOINT}?{query}",
        purpose=CapturePurpose.SERVICE,
        service="wayback_cdx",
        check_robots=False,
        follow=False,
    )


def cdx_rows(body: bytes) -> tuple[CdxRow, ...] | None:
    """The captures that an answer lists, in its order; None where it is no answer of the index."""
    if not body.strip():
        return ()
    table = json_value(body)
    if not isinstance(table, list) or not all(isinstance(line, list) for line in table[: ROWS + 1]):
        return None
    if not table:
        return ()
    head, *lines = table[: ROWS + 1]
    if "timestamp" not in head or "original" not in head:
        return None
    columns = head.index("timestamp"), head.index("original")
    rows = (_row(line, columns) for line in lines)
    return tuple(row for row in rows if row is not None)


def _row(line: list[object], columns: tuple[int, int]) -> CdxRow | None:
    if len(line) <= max(columns):
        return None
    stamp, url = line[columns[0]], line[columns[1]]
    if not isinstance(stamp, str) or not isinstance(url, str):
        return None
    captured_at, checked = archive_instant(stamp), checked_url(url)
    if captured_at is None or not isinstance(checked, str):
        return None
    return CdxRow(captured_at=captured_at, stamp=stamp, url=checked)
