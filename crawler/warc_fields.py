"""A capture as the records of an exported WARC file say it, and the capture that such records say.

Pure. Most of a capture is an HTTP response: status, header fields and body are the record's block, so that every tool
can read them. What HTTP has no place for stands beside it as JSON in `WARC-Citehound-Capture`: our ids, purpose and
durations, and which header fields the block has instead of others, for bodies are stored without their content coding
and a block must not claim one. `WARC-Citehound-Hop` names the capture that a redirect led to. Secrets are redacted.
Whoever reads it back believes nothing: a field that does not fit the record, or its own id, makes it no capture.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from crawler.fetch.redaction import REDACTED, redacted, redacted_headers
from crawler.fetch.tape_records import target_uri
from crawler.urls import BadUrl, checked_url
from db.ids import body_sha256, digest
from db.model import Capture
from db.rows import columns_of, record_of, row_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.protocols import WireResponse
    from db.model import Headers, Hop
    from db.rows import SqlValue

__all__ = [
    "BODY_FIELD",
    "CAPTURE_FIELD",
    "HOP_FIELD",
    "Block",
    "Told",
    "block_headers",
    "capture_told",
    "hop_telling",
    "status_line",
    "telling",
    "told",
    "told_headers",
]

CAPTURE_FIELD: Final = "WARC-Citehound-Capture"
HOP_FIELD: Final = "WARC-Citehound-Hop"
#: Why a record has no body although its answer had one.
BODY_FIELD: Final = "WARC-Citehound-Body"

#: Header fields of the message on the wire that its stored body does not have (RFC 9110, 8.4 and 8.6; RFC 9112, 6.1).
_FRAMING: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
#: More framing than this is an attack, and need not be told.
_MOST_FRAMING: Final = 20
_FRAMING_CHARACTERS: Final = 200

_ELSEWHERE: Final = ("body", "headers", "hops")
_URLS: Final = ("requested_url", "url", "memento_of")
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "TEXT": (str,),
    "INTEGER": (int, bool),
    "REAL": (int, float),
}
#: What SQLite holds as an integer.
_LARGEST: Final = 2**63 - 1
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The header fields of a record's block, and how to get back those that were stored."""

    headers: Headers
    framing: tuple[
        tuple[int, str, str], ...
    ]  #: stored fields that are left out: place, name, value
    added: int  #: how many fields at the end are the block's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a field of ours says, its types checked and nothing else."""

    row: Mapping[str, Any]
    framing: tuple[tuple[int, str, str], ...]
    added: int


def block_headers(stored: Headers, *, length: int | None, location: str | None = None) -> Block:
    """The fields for a block with a body of `length`; None for a block without one whose length nobody needs."""
    kept: list[tuple[str, str]] = []
    framing: list[tuple[int, str, str]] = []
    for place, (name, value) in enumerate(redacted_headers(stored)):
        if name.lower() in _FRAMING:
            framing.append((place, name, value[:_FRAMING_CHARACTERS]))
        else:
            kept.append((name, value))
    added = [] if length is None else [("Content-Length", str(length))]
    if location is not None and not any(name.lower() == "location" for name, _ in kept):
        added.append(("Location", redacted(location)))
    return Block(headers=(*kept, *added), framing=tuple(framing[:_MOST_FRAMING]), added=len(added))


def told_headers(headers: Headers, told: Told) -> Headers:
    """The header fields as they were stored."""
    stored = list(headers[: len(headers) - told.added])
    for place, name, value in told.framing:
        stored.insert(place, (name, value))
    return tuple(stored)


def status_line(version: str, status: int) -> str:
    """The first line of a response; the reason is the standard's, for the server's was not kept."""
    number = version if re.fullmatch(r"\d(\.\d)?", version) else "1.1"
    try:
        return f"HTTP/{number} {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP/{number} {status}"


def telling(capture: Capture, block: Block) -> str:
    """The value of `WARC-Citehound-Capture`: ASCII, one line."""
    row = row_of(capture, without=_ELSEWHERE)
    for name in _URLS:
        value = row[name]
        row[name] = redacted(value) if isinstance(value, str) else None
    return _line(row, block)


def hop_telling(capture_id: str, block: Block) -> str:
    """The value of `WARC-Citehound-Hop`."""
    return _line({"id": capture_id}, block)


def told(value: str) -> Told | None:
    """What a field of ours says; None where it cannot be read as one."""
    try:
        read = json.loads(value, parse_constant=_no_number)
        row, framing = read["row"], tuple((p, n, v) for p, n, v in read["framing"])
        added = read["added"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_framing = len(framing) <= _MOST_FRAMING and all(
        _is_count(place) and isinstance(name, str) and isinstance(text, str)
        for place, name, text in framing
    )
    if not (isinstance(row, dict) and is_framing and _is_count(added)):
        return None
    return Told(row=row, framing=framing, added=added)


def capture_told(
    told: Told, response: WireResponse, *, target: str, hops: tuple[Hop, ...]
) -> Capture | str:
    """The capture that a record of ours is, or what about it does not fit."""
    if not _is_row(told.row):
        return "fields of the wrong kind"
    try:
        capture = record_of(
            Capture,
            {**dict.fromkeys(columns_of(Capture)), **told.row},
            headers=told_headers(response.headers, told),
            hops=hops,
            body=response.body,
        )
    except (ValueError, TypeError, OverflowError):
        return "fields that cannot be read"
    return next((why for why, fits in _CHECKS if not fits(capture, response, target)), capture)


def _line(row: Mapping[str, SqlValue], block: Block) -> str:
    return json.dumps(
        {"row": dict(row), "framing": block.framing, "added": block.added},
        separators=(",", ":"),
        allow_nan=False,
    )


def _no_number(text: str) -> None:
    raise ValueError(text)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def _is_row(row: Mapping[str, Any]) -> bool:
    """Whether every column has a value that its table takes."""
    return all(
        _is_value(row.get(name), column.type, nullable=column.nullable)
        for name, column in columns_of(Capture).items()
        if name not in _ELSEWHERE
    )


def _is_value(value: object, kind: str, *, nullable: bool) -> bool:
    if value is None:
        return nullable
    if not isinstance(value, _TYPES[kind]):
        return False
    if isinstance(value, int):
        return 0 <= value <= _LARGEST
    return not isinstance(value, float) or (math.isfinite(value) and value >= 0)


# ------------------------------------------------------------------------------- what must fit what


def _is_of_its_record(capture: Capture, response: WireResponse, target: str) -> bool:
    return capture.status == response.status and target_uri(capture.url) == target


def _is_at_its_date(capture: Capture, response: WireResponse, _target: str) -> bool:
    instants = [at for at in (capture.captured_at, capture.memento_at) if isinstance(at, datetime)]
    return capture.captured_at == response.received_at and all(at.tzinfo for at in instants)


def _has_web_addresses(capture: Capture, _response: WireResponse, _target: str) -> bool:
    named = (capture.url, capture.requested_url, capture.memento_of)
    return not any(url is not None and isinstance(checked_url(url), BadUrl) for url in named)


def _has_its_body(capture: Capture, response: WireResponse, _target: str) -> bool:
    """Without a body it may name one that is, or was, elsewhere; an empty one has only one hash."""
    if capture.body_sha256 is None:
        return not response.body and capture.body_bytes == 0
    if response.body or capture.body_bytes == 0:
        is_its = capture.body_sha256 == body_sha256(response.body)
        return is_its and capture.body_bytes == len(response.body)
    return _SHA256.fullmatch(capture.body_sha256) is not None


def _has_its_id(capture: Capture, _response: WireResponse, _target: str) -> bool:
    return capture.id == digest("capture", capture.request_key, capture.captured_at.isoformat())


def _has_its_key(capture: Capture, _response: WireResponse, _target: str) -> bool:
    """The body of a request is not exported, nor is a secret in its URL: those keys cannot be made again."""
    if capture.method not in {"GET", "HEAD"} or REDACTED in capture.requested_url:
        return True
    return capture.request_key == digest(capture.method, capture.requested_url, body_sha256(b""))


_CHECKS: Final = (
    ("a date that is not its record's", _is_at_its_date),
    ("another response than its record's", _is_of_its_record),
    ("an address that is none", _has_web_addresses),
    ("another body than it names", _has_its_body),
    ("an id that is not its own", _has_its_id),
    ("a request key that is not its own", _has_its_key),
)
