"""Answers from WARC files that other archiving tools made: wget, crawlers, web recorders.

Such a file was not made by our requests, so they are matched by what they mean: a GET of the URL as it is, in its
checked form (without fragment), or with http and https exchanged; of several captures, the one whose date is nearest,
each time. Revisit records (WARC/1.1, 6.7) stand for the response that they refer to, at their own date. What the file
lacks is a failure (connect) and not an error, because a crawl by someone else never holds all that we ask for. One
exception: a robots.txt that it lacks is answered 404, because nobody is asked now, and RFC 9309 (2.3.1.4) would have
us refuse every page of the file if it counted as unreachable.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from warcio.bufferedreaders import ChunkedDataReader

from crawler.errors import ConfigError
from crawler.fetch.limits import header, limits
from crawler.fetch.redaction import redacted
from crawler.fetch.tape_records import HEAD_LIMIT_BYTES, instant, response_from
from crawler.protocols import WireFailure, WireResponse
from crawler.urls import BadUrl, checked_url, target_of
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from crawler.fetch.tape_index import Record, WarcFile
    from crawler.protocols import WireRequest
    from db.model import Headers

__all__ = [
    "ForeignTape",
    "is_other_request",
    "is_response",
    "links",
    "recorded",
    "referred",
    "response_names",
    "revisit_names",
]

#: A chunked body (RFC 9112, 7.1) is larger than what it carries, but no server sends chunks this small.
_CHUNKED_AT_MOST: Final = 2

_OTHER_SCHEME: Final = {"http": "https", "https": "http"}
_GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Capture:
    at: datetime
    record: Record  #: the response, also where a revisit led to it


class ForeignTape:
    """The captures of a WARC file by URL. Raises ConfigError when it holds no response to a GET."""

    def __init__(self, file: WarcFile, records: tuple[Record, ...], *, near: datetime) -> None:
        self._file = file
        self._near = near
        self._captures: dict[str, list[_Capture]] = defaultdict(list)
        for url, capture in _captures(records):
            for name in {url, _checked(url)}:
                self._captures[name].append(capture)
        if not self._captures:
            raise ConfigError(
                "the WARC file holds no web page",
                where=file.path,
                mend="name one with response records",
            )

    def answer(self, request: WireRequest) -> WireResponse | WireFailure:
        """The capture of the asked URL that is nearest in time, or that there is none."""
        captures = self._found(request.url) if request.method == "GET" else []
        if not captures:
            return self._missing(request)
        nearest = min(captures, key=lambda capture: abs(capture.at - self._near))
        answer = recorded(
            self._file, nearest.record, at=nearest.at, limit_bytes=request.wire_limit_bytes
        )
        return self._missing(request) if answer is None else answer

    def _found(self, url: str) -> list[_Capture]:
        checked = _checked(url)
        scheme, colon, rest = checked.partition(":")
        exchanged = _OTHER_SCHEME.get(scheme, scheme) + colon + rest
        names = (name for name in (url, checked, exchanged) if name in self._captures)
        return self._captures[found] if (found := next(names, None)) else []

    def _missing(self, request: WireRequest) -> WireResponse | WireFailure:
        detail = f"the recording holds no answer to {request.method} {redacted(request.url)}"
        if target_of(request.url) == "/robots.txt":
            return WireResponse(
                status=404,
                http_version="1.1",
                reason="Not in the recording",
                headers=(),
                body=b"",
                received_at=self._near,
                duration_s=0.0,
            )
        return WireFailure(
            kind=FailureKind.CONNECT, detail=detail, failed_at=self._near, duration_s=0.0
        )


def recorded(
    file: WarcFile, record: Record, *, at: datetime, limit_bytes: int
) -> WireResponse | WireFailure | None:
    """What a live wire would have given for this record; None where it is no HTTP response."""
    block = file.block(record.offset, limit_bytes=HEAD_LIMIT_BYTES + _CHUNKED_AT_MOST * limit_bytes)
    response = response_from(block, record.fields, received_at=at)
    return None if response is None else _bounded(_plain(response), limit_bytes)


def _captures(records: tuple[Record, ...]) -> Iterator[tuple[str, _Capture]]:
    """Each URL that was got with its capture, in the order of the file; those without a date are left out."""
    posted = {name for record in records if is_other_request(record) for name in links(record)}
    held = {
        record.offset: record
        for record in records
        if is_response(record) and posted.isdisjoint(links(record))
    }
    named = {name: one for one in reversed(held.values()) for name in response_names(one)}
    for record in records:
        response = referred(record, named) or held.get(record.offset)
        at = instant(record.fields.get("warc-date", ""))
        if response is not None and at is not None:
            yield record.url, _Capture(at=at, record=response)


def is_response(record: Record) -> bool:
    """Whether this is an answer of a web server."""
    return record.kind == "response" and record.opening.startswith(b"HTTP/")


def is_other_request(record: Record) -> bool:
    """Whether this is a request by another method than GET."""
    return record.kind == "request" and not record.opening.startswith(b"GET ")


def links(record: Record) -> frozenset[str]:
    """What ties the request and the response of one exchange together, whichever names the other."""
    fields = (record.fields.get(name, "") for name in ("warc-record-id", "warc-concurrent-to"))
    return frozenset(field for field in fields if field)


def response_names(response: Record) -> Iterator[tuple[str, ...]]:
    """What a revisit may call this response by."""
    fields = response.fields
    yield ("id", fields.get("warc-record-id", ""))
    yield ("capture", response.url, fields.get("warc-date", ""))
    yield ("payload", fields.get("warc-payload-digest", ""))


def revisit_names(record: Record) -> tuple[tuple[str, ...], ...]:
    """What a revisit calls the response that it stands for, the surest name first; empty for other records."""
    if record.kind != "revisit":
        return ()
    fields = record.fields
    target, date = (
        fields.get(f"warc-refers-to-{name}", "").strip("<>") for name in ("target-uri", "date")
    )
    names: tuple[tuple[str, ...], ...] = (
        ("id", fields.get("warc-refers-to", "")),
        ("capture", target, date),
        ("payload", fields.get("warc-payload-digest", "")),
    )
    return tuple(name for name in names if all(name))


def referred(record: Record, responses: Mapping[tuple[str, ...], Record]) -> Record | None:
    """The response that a revisit stands for; None where it is no revisit, or the file lacks it."""
    return next((responses[name] for name in revisit_names(record) if name in responses), None)


def _checked(url: str) -> str:
    checked = checked_url(url)
    return url if isinstance(checked, BadUrl) else checked


def _plain(response: WireResponse) -> WireResponse:
    """The response as a wire gives it: without transfer coding, and with the content coding it really has."""
    body, dropped = response.body, {"transfer-encoding"}
    if "chunked" in (header(response.headers, "transfer-encoding") or "").lower():
        body = ChunkedDataReader(io.BytesIO(body)).read()
    is_gzip = (header(response.headers, "content-encoding") or "").strip().lower() == "gzip"
    if is_gzip and not body.startswith(_GZIP_MAGIC):
        dropped.add("content-encoding")  # browser-based tools keep the decoded body
    return replace(response, body=body, headers=_without(response.headers, dropped))


def _without(headers: Headers, names: set[str]) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() not in names)


def _bounded(response: WireResponse, limit_bytes: int) -> WireResponse | WireFailure:
    """The response within the limits that the live wire keeps."""
    reading = limits().reading(response.status, response.headers, limit_bytes=limit_bytes)
    if len(response.body) <= reading.limit_bytes:
        return response
    if reading.cut:
        return replace(response, body=response.body[: reading.limit_bytes], truncated=True)
    return WireFailure(
        kind=FailureKind.TOO_LARGE,
        detail=f"more than {reading.limit_bytes} bytes on the wire",
        failed_at=response.received_at,
        duration_s=0.0,
        status=response.status,
    )
