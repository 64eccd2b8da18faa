"""The captures in a WARC file, ours or another tool's.

A record of `export` becomes the capture that it was, if it fits what it says (`crawler.warc_fields`). Any other
response to a GET becomes a capture of purpose source, read as if it had just come off the wire: transfer and content
coding removed, within the limits of a page, and a body of a type that nobody reads left out; a redirect is a capture
of its own. A revisit stands for the earlier response of the same file that it refers to. Nothing in a file raises.
"""

from __future__ import annotations

import math
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigError
from crawler.fetch.foreign_tapes import (
    is_other_request,
    is_response,
    links,
    recorded,
    response_names,
    revisit_names,
)
from crawler.fetch.limits import header, limits
from crawler.fetch.outcomes import Trail, captured
from crawler.fetch.tape_records import FAILURE_TYPE, HEAD_LIMIT_BYTES, instant, response_from
from crawler.protocols import FetchRequest, WireFailure, WireResponse
from crawler.urls import BadUrl, checked_url
from crawler.warc_fields import CAPTURE_FIELD, HOP_FIELD, capture_told, told, told_headers
from db.model import Capture, FetchFailure, Hop
from db.words import CapturePurpose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crawler.fetch.tape_index import Record, WarcFile

__all__ = ["LEFT_OUT", "outcomes"]

#: Why something did not become a capture, beside the kinds of failures (too_large, ratio, protocol, archive_blocked).
LEFT_OUT: Final = {
    "not_http": "no answer of a web server",
    "not_get": "the answer to another request than GET",
    "no_date": "no WARC-Date that can be read",
    "future": "captured after now",
    "bad_url": "no web address",
    "no_original": "a revisit whose original the file does not hold before it",
    "misfit": "a capture of an export that does not fit its record",
    "failure": "a failure of an export, which is no capture",
    "damaged": "bytes that are no record; nothing after them was read",
    "cut_short": "a file that ends within a record",
    "member": "a file of the WACZ that is no WARC file",
}

#: Redirects that wait for their capture.
MOST_HOPS: Final = 50

_STATUSES: Final = range(100, 600)
#: Records that could be a page; the others speak of pages.
_CONTENT: Final = frozenset({"response", "revisit", "resource", "conversion", "continuation"})


def outcomes(file: WarcFile) -> Iterator[Capture | str]:
    """The capture in each record that could hold one, or its key in `LEFT_OUT` or kind of failure.

    Raises ConfigError where the file does not begin with a record.
    """
    return _Reading(file).outcomes()


class _Reading:
    """One file, read twice: first for what its records say of others, then for what they hold."""

    def __init__(self, file: WarcFile) -> None:
        self._file = file
        self._is_damaged = False
        self._other: set[str] = set()  #: names of records that tie an answer to another method
        self._wanted: set[tuple[str, ...]] = set()  #: what revisits refer to
        self._originals: dict[tuple[str, ...], Record] = {}
        self._hops: dict[str, list[Hop]] = {}

    def outcomes(self) -> Iterator[Capture | str]:
        for record in self._records():
            if is_other_request(record):
                self._other |= links(record)
            if CAPTURE_FIELD.lower() not in record.fields:
                self._wanted.update(revisit_names(record))
        for record in self._records():
            if (outcome := self._outcome(record)) is not None:
                yield outcome
        if self._is_damaged:
            yield "damaged"
        if self._file.truncated_at is not None:
            yield "cut_short"

    def _records(self) -> Iterator[Record]:
        """The records up to the first damage."""
        is_begun = False
        try:
            for record in self._file.records():
                is_begun = True
                yield record
        except ConfigError:
            if not is_begun:
                raise
            self._is_damaged = True

    def _outcome(self, record: Record) -> Capture | str | None:
        """None for a record that only speaks of others."""
        if record.kind not in _CONTENT:
            is_failure = record.fields.get("content-type") == FAILURE_TYPE
            return "failure" if is_failure else None
        try:
            return self._read(record)
        except ConfigError:
            return "damaged"  # changed while in use

    def _read(self, record: Record) -> Capture | str | None:
        at = instant(record.fields.get("warc-date", ""))
        if at is None:
            return "no_date"
        if HOP_FIELD.lower() in record.fields:
            return self._hop(record, at)
        if CAPTURE_FIELD.lower() in record.fields:
            return self._ours(record, at)
        return self._theirs(record, at)

    # ------------------------------------------------------------------------------ of an export

    def _hop(self, record: Record, at: datetime) -> str | None:
        """Keep a redirect for its capture, which follows."""
        response, said = self._response(record, at), told(record.fields[HOP_FIELD.lower()])
        if response is None or said is None or not isinstance(said.row.get("id"), str):
            return "misfit"
        if said.row["id"] not in self._hops:
            self._hops.clear()
        hops = self._hops.setdefault(said.row["id"], [])
        location = header(response.headers, "location")
        if location is None or len(hops) >= MOST_HOPS:
            return "misfit"
        hops.append(
            Hop(
                url=record.url,
                status=response.status,
                location=location,
                headers=told_headers(response.headers, said),
            )
        )
        return None

    def _ours(self, record: Record, at: datetime) -> Capture | str:
        response, said = self._response(record, at), told(record.fields[CAPTURE_FIELD.lower()])
        if response is None or said is None:
            return "misfit"
        hops = tuple(self._hops.pop(str(said.row.get("id")), ()))
        capture = capture_told(said, response, target=record.url, hops=hops)
        if isinstance(capture, str):
            return "misfit"
        limit_bytes = limits().decoded_bytes(capture.purpose, capture.media_type or "")
        return "too_large" if len(capture.body) > limit_bytes else capture

    def _response(self, record: Record, at: datetime) -> WireResponse | None:
        most_bytes = HEAD_LIMIT_BYTES + max(map(limits().wire_bytes, CapturePurpose)) + 1
        block = self._file.block(record.offset, limit_bytes=most_bytes)
        return _usable(response_from(block, record.fields, received_at=at))

    # ------------------------------------------------------------------------- of another tool

    def _theirs(self, record: Record, at: datetime) -> Capture | str:
        original = self._original(record)
        if isinstance(original, str):
            return original
        url = checked_url(record.url)
        if isinstance(url, BadUrl):
            return "bad_url"
        request = FetchRequest(url=url, purpose=CapturePurpose.SOURCE)
        limit_bytes = limits().wire_bytes(request.purpose)
        answer = recorded(self._file, original, at=at, limit_bytes=limit_bytes)
        if isinstance(answer, WireFailure):
            return answer.kind.value
        response = _usable(answer)
        if response is None:
            return "not_http"
        trail = Trail(request=request, spent_s=response.duration_s)
        outcome = captured(trail, url, response, limits=limits())
        return outcome.kind.value if isinstance(outcome, FetchFailure) else outcome

    def _original(self, record: Record) -> Record | str:
        """The record with the answer that this one stands for: as a rule itself."""
        names = revisit_names(record)
        if record.kind == "revisit":
            found = next((self._originals[name] for name in names if name in self._originals), None)
            return found or "no_original"
        if not is_response(record):
            return "not_http"
        if not self._other.isdisjoint(links(record)):
            return "not_get"
        for name in response_names(record):
            if name in self._wanted:
                self._originals.setdefault(name, record)
        return record


def _usable(response: WireResponse | None) -> WireResponse | None:
    """The response with only such facts beside it as a wire could have; None where its status is none."""
    if response is None or response.status not in _STATUSES:
        return None
    return replace(
        response,
        duration_s=response.duration_s if 0 <= response.duration_s < math.inf else 0.0,
        remote_address=_address(response.remote_address),
    )


def _address(text: str | None) -> str | None:
    try:
        return None if text is None else str(ip_address(text))
    except ValueError:
        return None
