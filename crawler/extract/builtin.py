"""The built-in extractors, in the order in which they are asked; the first that reads a capture wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.extract.html import HtmlExtractor
from crawler.extract.pdf import PdfExtractor
from crawler.extract.plain import PlainTextExtractor, UnreadExtractor

if TYPE_CHECKING:
    from crawler.protocols import ExtractionTask, Extractor
    from db.model import Page

__all__ = ["EXTRACTORS", "page_of"]

EXTRACTORS: Final[tuple[Extractor, ...]] = (
    HtmlExtractor(),
    PdfExtractor(),
    PlainTextExtractor(),
)

_UNREAD: Final[Extractor] = UnreadExtractor()


def page_of(task: ExtractionTask) -> Page:
    """The page of a capture, by the first extractor that reads it; importable by name for a worker."""
    extractors = (each for each in EXTRACTORS if each.reads(task.capture))
    return next(extractors, _UNREAD).extract(task)
