"""Reads the documents that a command was given: files, standard input, Citehound JSON Lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.errors import InputError
from crawler.ingest import MAX_DOCUMENT_BYTES, decoded, ingested, media_type_of
from crawler.protocols import FetchRequest
from db.model import Capture
from db.words import CapturePurpose

if TYPE_CHECKING:
    from crawler.app import App
    from db.model import Ingested

__all__ = ["fetched_document", "ingested_from", "is_url", "read_document"]

HTTP_OK: Final = 200

#: Read one byte more than is allowed, so that a too large document is told from one of just that size.
_READ_BYTES: Final = MAX_DOCUMENT_BYTES + 1


def is_url(document: str) -> bool:
    """Whether a document is named by an http(s) URL."""
    return document.startswith(("http://", "https://"))


def read_document(document: str, *, name: str | None = None) -> Ingested:
    """What the document at a path (or `-`) says; InputError when it cannot be read."""
    called = name or ("standard input" if document == "-" else document)
    return ingested_from(_bytes(document), name=called)


async def fetched_document(app: App, url: str, *, name: str | None = None) -> Ingested:
    """What the document at a URL says; InputError when there is none to read."""
    outcome = await app.fetcher.fetch(FetchRequest(url=url, purpose=CapturePurpose.SOURCE))
    if not isinstance(outcome, Capture):
        raise InputError(url, f"could not be fetched ({outcome.kind.value}: {outcome.detail})")
    if outcome.status != HTTP_OK:
        raise InputError(url, f"the server answered {outcome.status}")
    return ingested_from(
        outcome.body, name=name or url, media_type=outcome.media_type, charset=outcome.charset
    )


def ingested_from(
    body: bytes, *, name: str, media_type: str | None = None, charset: str | None = None
) -> Ingested:
    """What a document's bytes say."""
    text = decoded(body, name=name, charset=charset)
    return ingested(text, name=name, media_type=media_type_of(name, text, media_type))


def _bytes(document: str) -> bytes:
    if document == "-":
        return sys.stdin.buffer.read(_READ_BYTES)
    path = Path(document)
    try:
        with path.open("rb") as file:
            return file.read(_READ_BYTES)
    except FileNotFoundError:
        raise InputError(document, "no such file") from None
    except IsADirectoryError:
        raise InputError(document, "is a folder, not a document") from None
    except OSError as error:
        raise InputError(document, f"cannot be read ({error.strerror or error})") from error
