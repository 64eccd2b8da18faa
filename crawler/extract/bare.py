"""The page that a capture makes before anyone has read what it says of itself.

Rule: capture, text and judgement in, `Page` out; ids and hashes are made here and nowhere else in this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.ids import body_sha256, digest
from db.model import Page

if TYPE_CHECKING:
    from crawler.extract.page_state import Judgement
    from crawler.protocols import Extractor
    from db.model import Capture

__all__ = ["bare_page"]


def bare_page(
    capture: Capture,
    *,
    extractor: Extractor,
    judgement: Judgement,
    text: str,
    robots: frozenset[str],
) -> Page:
    """The page with its identity, state, text and the wishes of its robots directives."""
    sha256 = capture.body_sha256 or body_sha256(capture.body)
    return Page(
        id=digest("page", sha256, capture.url, extractor.name, extractor.version),
        capture_id=capture.id,
        url=capture.url,
        body_sha256=sha256,
        extractor=extractor.name,
        extractor_version=extractor.version,
        state=judgement.state,
        state_why=judgement.why,
        access=judgement.access,
        text=text,
        noarchive="noarchive" in robots,
        nosnippet="nosnippet" in robots,
    )
