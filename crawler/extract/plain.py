"""Reads plain text, and stands in for what no extractor reads.

Rule: bytes in, `Page` out; a capture that nobody reads is a page without text whose state says why.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from crawler.extract.bare import bare_page
from crawler.extract.charset import clean_text, decoded
from crawler.extract.head import Head
from crawler.extract.page_state import judged
from crawler.extract.robots import directives_of
from crawler.extract.signs import Seen

if TYPE_CHECKING:
    from crawler.protocols import ExtractionTask
    from db.model import Capture, Page

__all__ = ["PlainTextExtractor", "UnreadExtractor"]

MAX_CHARACTERS: Final = 10_000_000
#: A first block longer than this is no headline.
MAX_TITLE_CHARACTERS: Final = 200

_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n|\f")


class PlainTextExtractor:
    """Bodies of text/plain: blocks are what blank lines separate, the first short one is the title."""

    name = "plain"
    version = "1"

    def reads(self, capture: Capture) -> bool:
        """Whether the capture is plain text."""
        return capture.media_type == "text/plain" and not capture.body.startswith(b"%PDF-")

    def extract(self, task: ExtractionTask) -> Page:
        """The page; what looks like markup in it is text."""
        capture = task.capture
        source = decoded(capture.body, http_charset=capture.charset)[:MAX_CHARACTERS]
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        blocks = [block for each in _BLANK_LINE.split(source) if (block := clean_text(each))]
        title = blocks[0] if blocks and len(blocks[0]) <= MAX_TITLE_CHARACTERS else None
        return _page(capture, self, text="\n\n".join(blocks), title=title)


class UnreadExtractor:
    """What no extractor reads: a page without text."""

    name = "unread"
    version = "1"

    def reads(self, capture: Capture) -> bool:  # noqa: ARG002 - the protocol's shape
        """Everything."""
        return True

    def extract(self, task: ExtractionTask) -> Page:
        """The page, without text; its state says what it is."""
        return _page(task.capture, self)


def _page(
    capture: Capture,
    extractor: PlainTextExtractor | UnreadExtractor,
    *,
    text: str = "",
    title: str | None = None,
) -> Page:
    head = Head()
    page = bare_page(
        capture,
        extractor=extractor,
        judgement=judged(Seen(capture=capture, head=head, text=text)),
        text=text,
        robots=directives_of(head, capture.headers),
    )
    return replace(page, title=title, titles=(title,) if title else ())
