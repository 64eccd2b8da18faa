"""From what a wire gave to the records that are kept: captures, failures, and the redirects on the way.

Rule: pure. A capture is made whatever the status; a failure says where on the way it happened.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.fetch.archives import is_archive, is_archive_blocked, memento
from crawler.fetch.decode import Undecodable, decoded, gunzipped, is_gzip
from crawler.fetch.limits import REDIRECTS, header, media_type
from crawler.urls import absolute_url
from db.ids import body_sha256, digest
from db.model import Capture, FetchFailure, Hop
from db.words import FailureKind

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.fetch.decode import Decoded
    from crawler.fetch.limits import Limits
    from crawler.protocols import FetchRequest, WireResponse

__all__ = ["Trail", "Trouble", "captured", "failed", "redirected"]

_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why one hop gave no response to keep: a wire's failure, or our own refusal to ask."""

    kind: FailureKind
    detail: str
    failed_at: datetime
    duration_s: float = 0.0
    status: int | None = None
    retry_after_s: float | None = None


@dataclass(slots=True, kw_only=True)
class Trail:
    """What one request has gone through so far."""

    request: FetchRequest
    hops: list[Hop] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    spent_s: float = 0.0  #: in exchanges; waits for manners do not count


def redirected(
    trail: Trail, url: str, response: WireResponse, *, most: int
) -> str | Trouble | None:
    """Where a response leads, Trouble when it leads nowhere, None when it is where the request ends.

    A redirect is entered in the trail. Only requests without a body are followed: nothing of ours travels along.
    """
    location = header(response.headers, "location")
    followed = trail.request.follow and trail.request.method in {"GET", "HEAD"}
    if response.status not in REDIRECTS or location is None or not followed:
        return None
    trail.hops.append(
        Hop(url=url, status=response.status, location=location, headers=response.headers)
    )
    trail.asked.add(url)
    if len(trail.hops) > most:
        return _lost(response, f"more than {most} redirects")
    return absolute_url(url, _as_text(location))


def captured(
    trail: Trail, url: str, response: WireResponse, *, limits: Limits
) -> Capture | FetchFailure:
    """The record of a response, its body decoded within the limits."""
    if is_archive_blocked(url, response.status, response.headers):
        detail = "the archive does not show its copies of this site"
        return failed(trail, url, _trouble(response, FailureKind.ARCHIVE_BLOCKED, detail))
    if response.status == _NOT_MODIFIED:
        return _revisit(trail, url, response)
    media, _ = media_type(response.headers)
    if trail.request.method == "HEAD" or not limits.media.is_readable(media or ""):
        return dataclasses.replace(_bodiless(trail, url, response), truncated=response.truncated)
    limit_bytes = limits.decoded_bytes(trail.request.purpose, media or "")
    body = _body(url, media, response, limit_bytes=limit_bytes, ratio=limits.ratio)
    if isinstance(body, Undecodable):
        return failed(trail, url, _trouble(response, body.kind, body.detail))
    copy = memento(url, response.headers)
    return dataclasses.replace(
        _bodiless(trail, url, response),
        body=body.body,
        body_sha256=body_sha256(body.body),
        body_bytes=len(body.body),
        wire_sha256=hashlib.sha256(response.body).hexdigest(),
        wire_bytes=len(response.body),
        truncated=response.truncated or body.truncated,
        memento_of=copy[0] if copy else None,
        memento_at=copy[1] if copy else None,
    )


def failed(trail: Trail, url: str, trouble: Trouble) -> FetchFailure:
    """The record of a request that ended without an answer to keep."""
    return FetchFailure(
        id=digest("failure", trail.request.key, trouble.failed_at.isoformat()),
        request_key=trail.request.key,
        requested_url=trail.request.url,
        url=url,
        method=trail.request.method,
        purpose=trail.request.purpose,
        kind=trouble.kind,
        detail=trouble.detail,
        failed_at=trouble.failed_at,
        duration_s=trail.spent_s,
        hops=tuple(trail.hops),
        status=trouble.status,
        retry_after_s=trouble.retry_after_s,
    )


def _body(
    url: str, media: str | None, response: WireResponse, *, limit_bytes: int, ratio: int
) -> Decoded | Undecodable:
    result = decoded(response.body, response.headers, limit_bytes=limit_bytes, ratio=ratio)
    if isinstance(result, Undecodable) or not is_archive(url) or not is_gzip(result.body):
        return result
    if media in {"application/gzip", "application/x-gzip"}:
        return result
    # Some replays hand out the origin's gzip bytes without saying so.
    return gunzipped(result.body, limit_bytes=limit_bytes, ratio=ratio)


def _revisit(trail: Trail, url: str, response: WireResponse) -> Capture:
    """The record of a 304: the stored body stands, and the capture points to the one that brought it."""
    bare, before = _bodiless(trail, url, response), trail.request.not_modified
    if before is None:
        return bare
    return dataclasses.replace(
        bare,
        media_type=bare.media_type or before.media_type,
        charset=bare.charset or before.charset,
        body=before.body,
        body_sha256=before.body_sha256,
        body_bytes=before.body_bytes,
        revisit_of=before.revisit_of or before.id,
    )


def _bodiless(trail: Trail, url: str, response: WireResponse) -> Capture:
    media, charset = media_type(response.headers)
    request_key = trail.request.key
    return Capture(
        id=digest("capture", request_key, response.received_at.isoformat()),
        request_key=request_key,
        requested_url=trail.request.url,
        url=url,
        method=trail.request.method,
        purpose=trail.request.purpose,
        captured_at=response.received_at,
        duration_s=trail.spent_s,
        status=response.status,
        http_version=response.http_version,
        headers=response.headers,
        hops=tuple(trail.hops),
        remote_address=response.remote_address,
        media_type=media,
        charset=charset,
    )


def _trouble(response: WireResponse, kind: FailureKind, detail: str) -> Trouble:
    return Trouble(kind=kind, detail=detail, failed_at=response.received_at, status=response.status)


def _lost(response: WireResponse, detail: str) -> Trouble:
    return _trouble(response, FailureKind.REDIRECT_LOOP, detail)


def _as_text(location: str) -> str:
    """A Location as its sender meant it: many put UTF-8 where the standard has ASCII."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
