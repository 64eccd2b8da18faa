"""What was asked of the web and what came back, with what fetch remembers between requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from db.words import CapturePurpose, FailureKind

__all__ = [
    "BreakerRow",
    "Capture",
    "FetchFailure",
    "Headers",
    "Hop",
    "Outcome",
    "PaceRow",
    "RobotsRow",
]

#: Raw header fields in the order received, names as received, duplicates kept.
Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed before the capture."""

    url: str
    status: int
    location: str
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One HTTP exchange of ours that the server answered, whatever the status (ISO 28500 response)."""

    id: str  #: digest("capture", request_key, captured_at)
    request_key: str  #: digest(method, URL asked, SHA-256 of the request body)
    requested_url: str
    url: str  #: after redirects
    method: str
    purpose: CapturePurpose
    captured_at: datetime
    duration_s: float
    status: int
    http_version: str
    headers: Headers
    hops: tuple[Hop, ...] = ()
    remote_address: str | None = None
    media_type: str | None = None  #: lower case, without parameters
    charset: str | None = None  #: from Content-Type only
    body: bytes = field(
        default=b"", repr=False
    )  #: decoded; b"" when read from the store without its body
    body_sha256: str | None = (
        None  #: of the decoded body; None where no body was kept (HEAD, 304 without a stored one)
    )
    body_bytes: int = 0
    wire_sha256: str | None = None
    wire_bytes: int = 0
    truncated: bool = False  #: the body ended before its Content-Length
    revisit_of: str | None = None  #: capture whose stored body a 304 confirmed
    memento_of: str | None = None  #: original URL, when this is an archive's copy (RFC 7089)
    memento_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """An exchange that gave no answer to keep, and why."""

    id: str  #: digest("failure", request_key, failed_at)
    request_key: str
    requested_url: str
    url: str  #: where it failed, after redirects
    method: str
    purpose: CapturePurpose
    kind: FailureKind
    detail: str  #: one sentence for a person
    failed_at: datetime
    duration_s: float
    hops: tuple[Hop, ...] = ()
    status: int | None = None  #: where the server answered before we gave up
    retry_after_s: float | None = None


Outcome: TypeAlias = Capture | FetchFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRow:
    """What is remembered of one origin's robots.txt (RFC 9309: rules are per scheme, host and port)."""

    origin: str  #: scheme://host[:port]
    status: str  #: rules, unavailable (4xx: all is allowed), unreachable (all is disallowed)
    http_status: int | None  #: None where no answer came
    text: str  #: "" unless status is rules
    fetched_at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRow:
    """What is remembered of the waits owed to one pacing key."""

    key: str
    next_allowed_at: datetime
    gap_s: float  #: start to start, slowed down by 429 and 503, recovering after


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRow:
    """A circuit breaker for one pacing key or service."""

    key: str
    failures: int
    open_until: datetime | None
    detail: str
