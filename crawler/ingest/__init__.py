"""Documents in, claims and citations out: the first room on a citation's way.

Rule: pure. Text comes in already read and decoded from bytes by `decoded`; nothing here opens a file or a socket, and
no text that a stranger wrote makes it raise. What cannot be used is kept as `Unparsed` with its reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.ingest.decoding import MAX_DOCUMENT_BYTES, decoded
from crawler.ingest.media import HTML, JSONL, WIKITEXT, media_type_of
from crawler.ingest.rows import rows

if TYPE_CHECKING:
    from crawler.ingest.layout import Layout
    from db.model import Ingested

__all__ = ["MAX_DOCUMENT_BYTES", "decoded", "ingested", "linked", "media_type_of", "rows"]

#: Half of a surrogate pair: JSON and file names may hold one, UTF-8 cannot.
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def ingested(text: str, *, name: str, media_type: str | None = None) -> Ingested:
    """All that a document says. `name` is its identity; `media_type` decides how it is read, else its look does."""
    kind = media_type_of(name, text, media_type)
    text = _LONE_SURROGATES.sub("\ufffd", text)
    if kind == JSONL:
        from crawler.ingest.jsonl import jsonl_ingested

        return jsonl_ingested(text, name=name)
    from crawler.ingest.claims import assembled

    return assembled(_layout(text, kind), name=name, media_type=kind)


def linked(previous: Ingested | None, current: Ingested) -> Ingested:
    """`current` with each changed claim linked by `succeeds` to the claim of `previous` that it replaced."""
    from crawler.ingest.succession import linked as with_successors

    return with_successors(previous, current)


def _layout(text: str, kind: str) -> Layout:
    """The document's layout; each reader is loaded when a document needs it, so that commands start fast."""
    if kind == HTML:
        from crawler.ingest.html import html_layout

        return html_layout(text)
    if kind == WIKITEXT:
        from crawler.ingest.wikitext import wikitext_layout

        return wikitext_layout(text)
    from crawler.ingest.markdown import markdown_layout

    return markdown_layout(text)
