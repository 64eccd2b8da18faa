"""The stories that an HTML page lists: a page of search results, or a home page. Read from hostile bytes. Pure.

A story is a link with its longest text, and the day that a `<time>` in the same item of a list states. One walk over
the tree, bounded in links and in steps up, so that no page costs more than its length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crawler.resolve.markup import TITLE_CHARS, Entry, html_of, http_url
from crawler.resolve.stamps import stated_day
from crawler.urls import absolute_url, checked_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from db.model import Capture

__all__ = ["Listing", "listing_of"]

#: Links and times read of one page, and characters of its text.
LINKS: Final = 1_000
TIMES: Final = 500
TEXT_CHARS: Final = 100_000
#: Steps from a link or a time to the item that holds both.
STEPS: Final = 8
_ITEMS: Final = frozenset({"article", "li", "tr", "dd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a page lists, in its order, each address once, and the text around it."""

    entries: tuple[Entry, ...]
    text: str  #: title and visible text, on one line


def listing_of(capture: Capture) -> Listing:
    """The links of a page with text, as entries, and its text."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html_of(capture))
    tree.strip_tags(["script", "style", "noscript", "template"])
    days = dict(_days(tree))
    titles: dict[str, str] = {}
    dated: dict[str, date] = {}
    for node in tree.css("a[href]")[:LINKS]:
        url = _url(capture.url, node.attributes.get("href") or "")
        title = _text(node)[:TITLE_CHARS]
        if not url:
            continue
        titles[url] = max(titles.get(url, ""), title, key=len)
        day = days.get(_item(node))
        if day is not None:
            dated.setdefault(url, day)
    entries = (
        Entry(url=url, title=title, published_on=dated.get(url))
        for url, title in titles.items()
        if title
    )
    root = tree.root
    text = " ".join((root.text(separator=" ") if root else "").split())
    return Listing(entries=tuple(entries), text=text[:TEXT_CHARS])


def _url(base_url: str, reference: str) -> str:
    checked = checked_url(http_url(absolute_url(base_url, reference)))
    return checked if isinstance(checked, str) else ""


def _days(tree: Any) -> Iterator[tuple[int, date]]:
    """(item, day) for each time that stands in an item, the first of an item last, so that it wins."""
    for node in reversed(tree.css("time[datetime]")[:TIMES]):
        item, day = _item(node), stated_day(node.attributes.get("datetime"))
        if item and day:
            yield item, day


def _item(node: Any) -> int:
    """The identity of the nearest item of a list that holds this node; 0 where none is near."""
    for _ in range(STEPS):
        node = node.parent
        if node is None:
            return 0
        if node.tag in _ITEMS:
            return int(node.mem_id)
    return 0


def _text(node: Any) -> str:
    return " ".join(node.text(separator=" ").split())
