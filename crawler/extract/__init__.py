"""Reads captures: what a page says, who wrote it, when, and whether it is an article at all.

Rule: pure. A `Capture` goes in, a `Page` comes out; trouble is a `PageState`, never an exception. The only files
read are this package's own rules.
"""

from __future__ import annotations

from crawler.extract.builtin import EXTRACTORS, page_of
from crawler.extract.rows import row

__all__ = ["EXTRACTORS", "page_of", "row"]
