"""Saved pages: a file of HTML, text or PDF, perhaps gzipped, read as if it had been captured. Runs in a worker."""

from __future__ import annotations

import mimetypes
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from crawler.extract import page_of, row
from crawler.protocols import ExtractionTask
from db.ids import body_sha256, digest
from db.model import Capture
from db.words import CapturePurpose

__all__ = ["failed_row", "file_row", "page_row"]

#: Decoded bytes of one saved page and of a PDF; the same bounds as for fetched ones.
PAGE_BYTES: Final = 10 << 20
PDF_BYTES: Final = 32 << 20

_GZIP: Final = b"\x1f\x8b"
_PDF: Final = b"%PDF-"


def file_row(file: str, url: str | None) -> dict[str, object]:
    """The `extract` row of one file; its `error` says why there is no page."""
    path = Path(file)
    try:
        return page_row(path, _body(path), url=url)
    except (OSError, ValueError) as error:
        return failed_row(file, str(getattr(error, "strerror", None) or error))


def page_row(path: Path, body: bytes, *, url: str | None = None) -> dict[str, object]:
    """The `extract` row of a file whose decoded bytes are `body`; OSError where the file is gone."""
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    capture = _as_captured(path, body, url=url or path.absolute().as_uri(), saved_at=saved_at)
    return dict(row(page_of(ExtractionTask(capture=capture)), file=str(path)))


def failed_row(file: str, error: str) -> dict[str, object]:
    """The row of a file that gave no page."""
    names = ("url", "title", "published_at", "modified_at", "language", "access")
    return {"file": file, **dict.fromkeys(names), "authors": [], "text": "", "error": error}


def _body(path: Path) -> bytes:
    """The decoded bytes; ValueError when they are too many or broken."""
    with path.open("rb") as stream:
        data = stream.read(PDF_BYTES + 1)
    if data.startswith(_GZIP):
        inflater = zlib.decompressobj(47)
        try:
            data = inflater.decompress(data, PDF_BYTES + 1)
        except zlib.error as error:
            raise ValueError(f"broken gzip ({error})") from error
    limit_bytes = PDF_BYTES if data.startswith(_PDF) else PAGE_BYTES
    if len(data) > limit_bytes:
        raise ValueError(f"larger than {limit_bytes >> 20} MiB")
    return data


def _as_captured(path: Path, body: bytes, *, url: str, saved_at: datetime) -> Capture:
    name = path.name.removesuffix(".gz")
    key = digest("GET", url, body_sha256(b""))
    return Capture(
        id=digest("capture", key, saved_at.isoformat()),
        request_key=key,
        requested_url=url,
        url=url,
        method="GET",
        purpose=CapturePurpose.SOURCE,
        captured_at=saved_at,
        duration_s=0.0,
        status=200,
        http_version="",
        headers=(),
        media_type=mimetypes.guess_type(name)[0] or "text/html",
        body=body,
        body_sha256=body_sha256(body),
        body_bytes=len(body),
    )
