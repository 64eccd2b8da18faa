"""Exchanges as WARC records (ISO 28500:2017, WARC/1.1), one gzip member each, and back again.

What a tape of ours holds, in order: a `warcinfo` naming this program; for each exchange a `response` and the
`request` it answers (`WARC-Concurrent-To`), or a `metadata` record for a failure. Blocks are the raw exchange: header
fields as received and the body in its content coding; only the transfer coding, which was one hop's affair, is gone.
Beside the standard's fields, ours say what a replay needs: `WARC-Citehound-Key` and `WARC-Citehound-Duration`.
Secrets are redacted on the way in. Written through warcio, so that digests and framing are those of its tools.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import quote

from warcio.warcwriter import WARCWriter

from crawler.fetch.limits import media_type
from crawler.fetch.redaction import redacted, redacted_body, redacted_headers
from crawler.protocols import WireFailure, WireResponse
from crawler.urls import host_of, target_of
from db.ids import body_sha256, digest
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.protocols import WireRequest
    from db.model import Headers

__all__ = [
    "DURATION_FIELD",
    "FAILURE_TYPE",
    "HEAD_LIMIT_BYTES",
    "KEY_FIELD",
    "SOFTWARE",
    "RawHead",
    "TapeWriter",
    "failure_from",
    "http_head",
    "instant",
    "response_from",
    "tape_key",
    "target_uri",
    "warc_date",
]

#: The content type of a failure's record.
FAILURE_TYPE: Final = "application/x-citehound-failure+json"
KEY_FIELD: Final = "WARC-Citehound-Key"
DURATION_FIELD: Final = "WARC-Citehound-Duration"

#: How the `software` line of our own `warcinfo` begins.
SOFTWARE: Final = "citehound/"

#: The head of a message may take this much (servers themselves allow 8 to 64 KiB).
HEAD_LIMIT_BYTES: Final = 256 << 10

_STATUS_LINE: Final = re.compile(rb"HTTP/(\d(?:\.\d)?) +(\d{3})(?: +([^\r\n]*))?\s*\Z")


def tape_key(request: WireRequest) -> str:
    """What an exchange is found by: method, URL and body hash of the request without its secrets."""
    return digest(request.method, redacted(request.url), body_sha256(_sent_body(request)))


class TapeWriter:
    """Appends exchanges to an open file; each call ends with whole records handed to the system."""

    def __init__(self, file: BinaryIO, *, is_compressed: bool = True) -> None:
        self._file = file
        self._warc = WARCWriter(file, gzip=is_compressed, warc_version="1.1")

    def write_info(self, name: str, at: datetime, *, program: str = SOFTWARE) -> None:
        """The record that says who made this file, its first."""
        fields = (
            f"software: {program}{_version()}\r\n"
            "format: WARC File Format 1.1\r\n"
            "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        )
        self.write_record(
            "warcinfo", {"WARC-Date": warc_date(at), "WARC-Filename": name}, fields.encode("ascii")
        )

    def write_response(self, request: WireRequest, response: WireResponse) -> None:
        """A request and what the server answered."""
        headers = _without_transfer_coding(redacted_headers(response.headers))
        status = f"HTTP/{response.http_version} {response.status} {response.reason}"
        fields = {
            **_exchange_fields(request, response.received_at),
            DURATION_FIELD: repr(response.duration_s),
        }
        if response.remote_address:
            fields["WARC-IP-Address"] = response.remote_address
        if response.truncated:
            fields["WARC-Truncated"] = "disconnect"
        record_id = self.write_record(
            "response", fields, response.body, head=http_head(status, headers)
        )
        self._write_request(request, response.received_at, answered_by=record_id)

    def write_failure(self, request: WireRequest, failure: WireFailure) -> None:
        """A request and why it has no answer."""
        told = {
            "kind": failure.kind.value,
            "detail": redacted(failure.detail),
            "status": failure.status,
            "duration_s": failure.duration_s,
        }
        record_id = self.write_record(
            "metadata",
            _exchange_fields(request, failure.failed_at),
            json.dumps(told).encode("ascii"),
            content_type=FAILURE_TYPE,
        )
        self._write_request(request, failure.failed_at, answered_by=record_id)

    def _write_request(self, request: WireRequest, at: datetime, *, answered_by: str) -> None:
        headers = redacted_headers(request.headers)
        if not any(name.lower() == "host" for name, _ in headers):
            headers = (("Host", host_of(request.url)), *headers)
        self.write_record(
            "request",
            {**_exchange_fields(request, at), "WARC-Concurrent-To": answered_by},
            _sent_body(request),
            head=http_head(
                f"{request.method} {target_of(redacted(request.url))} HTTP/1.1", headers
            ),
        )

    def write_record(
        self,
        kind: str,
        fields: Mapping[str, str],
        block: bytes,
        *,
        head: RawHead | None = None,
        content_type: str = "",
    ) -> str:
        """Append one record, its block after the head where it has one; its id."""
        record = self._warc.create_warc_record(
            "",
            kind,
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type=content_type,
            warc_headers_dict=dict(fields),
            http_headers=head,
        )
        self._warc.write_record(record)
        self._file.flush()
        return str(record.rec_headers.get_header("WARC-Record-ID"))


def response_from(
    block: BinaryIO, fields: Mapping[str, str], *, received_at: datetime
) -> WireResponse | None:
    """The response in a record's block, whose fields have lower-case names; None where it is no HTTP response.

    The body is what the block holds after the head; the transfer coding of a foreign recording is left in it.
    """
    head = _read_head(block)
    status = _STATUS_LINE.match(head[0]) if head else None
    if status is None:
        return None
    return WireResponse(
        status=int(status[2]),
        http_version=status[1].decode("ascii"),
        reason=(status[3] or b"").decode("latin-1").strip(),
        headers=_fields_of(head[1:]),
        body=block.read(),
        received_at=received_at,
        duration_s=_seconds(fields.get(DURATION_FIELD.lower(), "")),
        remote_address=fields.get("warc-ip-address"),
        truncated="warc-truncated" in fields,
    )


def failure_from(block: BinaryIO, *, failed_at: datetime) -> WireFailure:
    """The failure in a record's block. Raises ValueError when it is none of ours."""
    told: Any = json.loads(block.read())
    try:
        return WireFailure(
            kind=FailureKind(told["kind"]),
            detail=str(told["detail"]),
            failed_at=failed_at,
            duration_s=float(told["duration_s"]),
            status=None if told["status"] is None else int(told["status"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


def instant(text: str) -> datetime | None:
    """A WARC-Date as an instant, also one that says only the year, month or day; None where it is none.

    Source: WARC/1.1 section 5.4, which follows W3C's profile of ISO 8601.
    """
    padded = text + "-01-01"[-3 * (2 - text.count("-")) :] if len(text) in {4, 7} else text
    try:
        read = datetime.fromisoformat(padded)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class RawHead:
    """A message's head as bytes, where warcio expects its own headers, which it would escape to ASCII."""

    def __init__(self, raw: bytes) -> None:
        self.headers_buff = raw

    def compute_headers_buffer(self, _filter: object = None) -> None:
        """Nothing to compute."""


def http_head(first: str, headers: Headers) -> RawHead:
    """The head as it was on the wire; the live wire reads header bytes as Latin-1 (RFC 9110, 5.5)."""
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    text = "".join(re.sub(r"[\r\n]+", " ", line) + "\r\n" for line in lines) + "\r\n"
    return RawHead(text.encode("latin-1", "replace"))


def _read_head(block: BinaryIO) -> list[bytes]:
    """The lines of a head, without their ends and with continued lines joined; empty if there is no end to it."""
    lines: list[bytes] = []
    left = HEAD_LIMIT_BYTES
    while left > 0:
        line = block.readline(left)
        left -= len(line)
        text = line.rstrip(b"\r\n")
        if not text:
            return lines
        if lines and text[:1] in b" \t":
            lines[-1] += b" " + text.strip()  # obs-fold (RFC 9112, 5.2)
        else:
            lines.append(text)
    return []


def _fields_of(lines: list[bytes]) -> Headers:
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    return tuple((name.strip(" \t"), value.strip(" \t")) for name, colon, value in pairs if colon)


def _without_transfer_coding(headers: Headers) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() != "transfer-encoding")


def _exchange_fields(request: WireRequest, at: datetime) -> dict[str, str]:
    return {
        "WARC-Date": warc_date(at),
        "WARC-Target-URI": target_uri(request.url),
        KEY_FIELD: tape_key(request),
    }


def _sent_body(request: WireRequest) -> bytes:
    return redacted_body(request.body, media_type(request.headers)[0] or "")


def target_uri(url: str) -> str:
    """The URL as a record names it: without secrets; what no URL may hold is escaped, lest it end its line."""
    return quote(redacted(url), safe="!#$%&'()*+,/:;=?@[]~", errors="surrogatepass")


def warc_date(at: datetime) -> str:
    """To the microsecond, as WARC/1.1 allows: captures are told apart by it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@lru_cache(maxsize=1)
def _version() -> str:
    try:
        return version("citehound")
    except PackageNotFoundError:
        return "unknown"
