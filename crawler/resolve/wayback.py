"""The Wayback Machine's index: how it is asked and read. Pure.

Source: `internetarchive/wayback` `wayback-cdx-server/README.md`. JSON is a list of lists whose first row names the
columns; every value is a string; nothing found is `[]`, an empty body or a header alone. With `showResumeKey` a list
that was cut ends in an empty row and a key. Filters are regular expressions over the whole field; `collapse` drops
adjacent rows only; `page` leaves recent captures out and is never used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus, urlencode

from crawler.protocols import FetchRequest
from crawler.resolve.payload import json_value
from crawler.resolve.stamps import archive_instant
from crawler.urls import checked_url
from db.words import CapturePurpose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["ROWS", "CdxList", "CdxRow", "cdx_list", "cdx_request", "cdx_rows"]

_ENDPOINT: Final = "https://web.archive.org/cdx/search/cdx"
#: Rows read of one answer; we never ask for more.
ROWS: Final = 5_000
#: Characters of a resume key that are sent back; it is an address and a stamp.
KEY_CHARS: Final = 2_500


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxRow:
    """One capture that the archive holds."""

    captured_at: datetime
    stamp: str  #: the 14 digits that its address carries
    url: str  #: as it was archived


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxList:
    """One answer of the index."""

    rows: tuple[CdxRow, ...] = ()
    resume_key: str = ""  #: to ask for the rest with; "" where there is none, or was not asked for
    is_cut: bool = False  #: there may be more than was listed


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


def cdx_list(body: bytes) -> CdxList | None:
    """What an answer lists; None where it is no answer of the index."""
    if not body.strip():
        return CdxList()
    table = json_value(body)
    if not isinstance(table, list) or not all(isinstance(line, list) for line in table[: ROWS + 3]):
        return None
    if not table:
        return CdxList()
    head, *lines = table
    if "timestamp" not in head or "original" not in head:
        return None
    columns = head.index("timestamp"), head.index("original")
    rows = (_row(line, columns) for line in lines[:ROWS])
    return CdxList(
        rows=tuple(row for row in rows if row is not None),
        resume_key=_resume_key(lines),
        is_cut=len(lines) >= ROWS,
    )


def cdx_rows(body: bytes) -> tuple[CdxRow, ...] | None:
    """The captures that an answer lists, in its order; None where it is no answer of the index."""
    listed = cdx_list(body)
    return listed.rows if listed is not None else None


def _resume_key(lines: Sequence[object]) -> str:
    """The key behind an empty row, "" at the end of the list; it comes percent-encoded, and is decoded once."""
    if len(lines) < 2 or lines[-2] != []:  # noqa: PLR2004 - the empty row and the key
        return ""
    tail = lines[-1]
    key = tail[0] if isinstance(tail, list) and len(tail) == 1 else ""
    return unquote_plus(key)[:KEY_CHARS] if isinstance(key, str) else ""


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
