"""`export`: captures of the store as WARC/1.1 records that any archiving tool reads (ISO 28500:2017).

For each capture, in the order of storing: a `response` for each redirect on the way and one for the capture itself,
with its header fields as received and its body as stored, which is without content coding. A body that the file holds
already is a `revisit` (identical-payload-digest), a 304 one of the stored body (server-not-modified). A body that is no
longer stored leaves its header fields. Requests are written only where they were no GET, so that no other tool takes
their answers for pages. Failures are `metadata`, as on our tapes.

The file is no tape: it names `citehound-export/` as its maker, and `--replay` reads it as it does other tools' files,
by URL, the capture nearest to the day of the export, because captures of many runs lie in it and their requests do not.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from warcio.utils import Digester

from crawler.errors import ConfigError
from crawler.fetch.redaction import redacted
from crawler.fetch.tape_records import (
    DURATION_FIELD,
    FAILURE_TYPE,
    TapeWriter,
    http_head,
    target_uri,
    warc_date,
)
from crawler.urls import host_of, target_of
from crawler.warc_fields import (
    BODY_FIELD,
    CAPTURE_FIELD,
    HOP_FIELD,
    Block,
    block_headers,
    hop_telling,
    status_line,
    telling,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from db.model import Capture, FetchFailure, Hop
    from db.store import Store

__all__ = ["Exported", "exported"]

#: Who made the file, in its `warcinfo`; a tape's maker is another one.
PROGRAM: Final = "citehound-export/"

_PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/"
#: Names of records follow from those of captures (RFC 9562, 5.5), so that they can be referred to before and after.
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://citehound.invalid/captures")

#: A record's fields together are read up to 64 KiB (`crawler.fetch.tape_index`). Only a failure's URL is ever longer
#: than a URL may be; a capture without the field for an odd URL is imported like another tool's.
LONGEST_FIELD: Final = 40 << 10
LONGEST_URL: Final = 8000

_NO_BODY: Final = "not kept"
_GONE: Final = "no longer stored"
_PURGED: Final = "purged"


@dataclass(slots=True, kw_only=True)
class Exported:
    """How much was written."""

    captures: int = 0
    hops: int = 0
    revisits: int = 0  #: captures whose body the file holds already
    headers_only: int = 0  #: captures whose body is no longer stored
    failures: int = 0

    def row(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A body that the file holds: the capture it was written with, and its digest as warcio writes it."""

    capture_id: str
    payload_digest: str


@dataclass(slots=True, kw_only=True)
class _Export:
    store: Store
    writer: TapeWriter
    counts: Exported = field(default_factory=Exported)
    held: dict[str, _Held] = field(default_factory=dict)

    def add(self, capture: Capture) -> None:
        for n, hop in enumerate(capture.hops):
            self._add_hop(capture.id, n, hop, at=capture.captured_at)
        self._add_capture(capture)
        self.counts.captures += 1
        if capture.method != "GET":
            self._add_request(capture)

    def add_failure(self, failure: FetchFailure) -> None:
        for n, hop in enumerate(failure.hops):
            self._add_hop(failure.id, n, hop, at=failure.failed_at)
        told = {
            "kind": failure.kind.value,
            "detail": redacted(failure.detail),
            "status": failure.status,
            "duration_s": failure.duration_s,
            "requested_url": redacted(failure.requested_url),
            "method": failure.method,
        }
        fields = _fields(failure.id, failure.url, failure.failed_at)
        self.writer.write_record(
            "metadata", fields, json.dumps(told).encode("ascii"), content_type=FAILURE_TYPE
        )
        self.counts.failures += 1

    def _add_capture(self, capture: Capture) -> None:
        held = self.held.get(capture.body_sha256 or "")
        if capture.revisit_of is not None or (held is not None and capture.body_bytes):
            self._add_revisit(capture, held)
            return
        body = None if capture.body_sha256 is None else self.store.body(capture.body_sha256)
        block = block_headers(capture.headers, length=len(body or b""))
        fields = _capture_fields(capture, block)
        if body is None:
            fields |= self._without_body(capture)
        elif capture.truncated:
            fields["WARC-Truncated"] = "disconnect"
        head = http_head(status_line(capture.http_version, capture.status), block.headers)
        if body and capture.body_sha256:
            fields["WARC-Payload-Digest"] = digest = _payload_digest(body)
            self.held[capture.body_sha256] = _Held(capture_id=capture.id, payload_digest=digest)
        self.writer.write_record("response", fields, body or b"", head=head)

    def _add_revisit(self, capture: Capture, held: _Held | None) -> None:
        """A record without body that refers to the one that has it, or where none has to what it confirmed."""
        is_confirmed = capture.revisit_of is not None
        profile = "server-not-modified" if is_confirmed else "identical-payload-digest"
        length = None if is_confirmed else capture.body_bytes
        block = block_headers(capture.headers, length=length)
        fields = {
            **_capture_fields(capture, block),
            "WARC-Profile": _PROFILE + profile,
        }
        original = self.store.capture(held.capture_id if held else capture.revisit_of or "")
        if original is not None:
            fields["WARC-Refers-To"] = _name(original.id)
            fields["WARC-Refers-To-Target-URI"] = target_uri(original.url)
            fields["WARC-Refers-To-Date"] = warc_date(original.captured_at)
        if held is not None:
            fields["WARC-Payload-Digest"] = held.payload_digest
        head = http_head(status_line(capture.http_version, capture.status), block.headers)
        self.writer.write_record("revisit", fields, b"", head=head)
        self.counts.revisits += 1

    def _without_body(self, capture: Capture) -> dict[str, str]:
        if capture.body_sha256 is None:
            return {} if capture.method == "HEAD" else {BODY_FIELD: _NO_BODY}
        self.counts.headers_only += 1
        is_purged = self.store.is_purged(capture.body_sha256)
        return {BODY_FIELD: _PURGED if is_purged else _GONE, "WARC-Truncated": "unspecified"}

    def _add_hop(self, of: str, n: int, hop: Hop, *, at: datetime) -> None:
        block = block_headers(hop.headers, length=0, location=hop.location)
        fields = {
            **_fields(f"{of}/{n}", hop.url, at),
            BODY_FIELD: _NO_BODY,
            HOP_FIELD: hop_telling(of, block),
        }
        head = http_head(status_line("1.1", hop.status), block.headers)
        self.writer.write_record("response", fields, b"", head=head)
        self.counts.hops += 1

    def _add_request(self, capture: Capture) -> None:
        """Which method was asked with; what else the request said was not kept."""
        fields = _fields(f"{capture.id}/request", capture.url, capture.captured_at)
        fields["WARC-Concurrent-To"] = _name(capture.id)
        line = f"{capture.method} {target_of(redacted(capture.url))} HTTP/1.1"
        head = http_head(line, (("Host", host_of(capture.url)),))
        self.writer.write_record("request", fields, b"", head=head)


def exported(
    store: Store,
    path: Path,
    *,
    at: datetime,
    document: str | None = None,
    url: str | None = None,
    since: datetime | None = None,
) -> Exported:
    """How much was written to a new file, gzipped unless its name ends in `.warc`.

    Raises ConfigError for a file that exists already or cannot be written, and for a document that nobody knows; then
    there is no file.
    """
    if document is not None and not store.has_document(document):
        raise ConfigError(
            f"no document is known as {document!r}", mend="name one as `verify` was given it"
        )
    file = _opened(path)
    try:
        with file:
            export = _Export(store=store, writer=_writer(file, path, at))
            for capture in store.captures(document=document, url=url, since=since):
                export.add(capture)
            for failure in store.failures(document=document, url=url, since=since):
                export.add_failure(failure)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
    except BaseException:
        path.unlink(missing_ok=True)  # a part would look like the whole
        raise
    return export.counts


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except FileExistsError as error:
        raise ConfigError(
            "the file exists already", where=str(path), mend="name another file, or remove this one"
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _writer(file: BinaryIO, path: Path, at: datetime) -> TapeWriter:
    writer = TapeWriter(file, is_compressed=path.suffix != ".warc")
    writer.write_info(path.name, at, program=PROGRAM)
    return writer


def _unwritable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"cannot be written ({error.strerror or error})",
        where=str(path),
        mend="name a file in a folder that is writable and has space",
    )


def _capture_fields(capture: Capture, block: Block) -> dict[str, str]:
    fields = {
        **_fields(capture.id, capture.url, capture.captured_at),
        DURATION_FIELD: repr(capture.duration_s),
    }
    line = telling(capture, block)
    if len(line) <= LONGEST_FIELD:
        fields[CAPTURE_FIELD] = line
    if capture.remote_address:
        fields["WARC-IP-Address"] = capture.remote_address
    return fields


def _fields(name: str, url: str, at: datetime) -> dict[str, str]:
    return {
        "WARC-Record-ID": _name(name),
        "WARC-Date": warc_date(at),
        "WARC-Target-URI": target_uri(url)[:LONGEST_URL],
    }


def _name(of: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, of)}>"


def _payload_digest(body: bytes) -> str:
    """As warcio and most others write it: SHA-1 in base32."""
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)
