"""Where a page lives by its own account and by ours.

Rule: strings in, strings out; a URL that cannot be read is no URL. Source: RFC 6596 (canonical), RFC 8288 (Link).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from crawler.extract.head import Head
    from db.model import Capture

__all__ = ["canonical_of", "page_url"]

_LINK_HEADER: Final = re.compile(
    r"<([^<>]{1,2000})>[^<>,]{0,200}?\brel\s*=\s*\"?canonical\b", re.IGNORECASE
)


def page_url(capture: Capture) -> str:
    """The address of the page itself, also where an archive's copy was read."""
    return capture.memento_of or capture.url


def canonical_of(head: Head, capture: Capture) -> str | None:
    """The canonical URL that the page or its headers state, resolved; None where there is none or it is broken."""
    url = page_url(capture)
    stated = head.canonical or _in_headers(capture) or head.meta("og:url")
    if not stated:
        return None
    try:
        resolved = urljoin(urljoin(url, head.base), stated)
        split = urlsplit(resolved)
        is_usable = split.scheme in {"http", "https"} and bool(split.hostname)
    except ValueError:
        return None
    return resolved if is_usable else None


def _in_headers(capture: Capture) -> str:
    for name, value in capture.headers:
        if name.lower() == "link" and (found := _LINK_HEADER.search(value[:4000])):
            return found[1].strip()
    return ""
