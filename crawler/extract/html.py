"""Reads a web page: the built-in extractor for HTML.

Rule: bytes in, `Page` out, whatever the bytes are; each judgement has a module of its own and this one only brings
them together. `VERSION` changes whenever text or metadata of some page may change, because evidence offsets
depend on it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.extract.address import canonical_of, page_url
from crawler.extract.authors import authors_of
from crawler.extract.bare import bare_page
from crawler.extract.bounds import tamed
from crawler.extract.byline import credits_of, outlet_of
from crawler.extract.charset import decoded, strict_utf8
from crawler.extract.head import head_of
from crawler.extract.language import language_of
from crawler.extract.linked_text import linked_text
from crawler.extract.outline import Outline, outline
from crawler.extract.page_state import judged
from crawler.extract.published import dates_of
from crawler.extract.robots import directives_of
from crawler.extract.rules import rules
from crawler.extract.shown import Shown
from crawler.extract.signs import MOSTLY_LINKED, MUCH_TEXT, Seen
from crawler.extract.sought import sought_in
from crawler.extract.text import joined, main_text
from crawler.extract.titles import titles_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from selectolax.lexbor import LexborNode

    from crawler.extract.head import Head
    from crawler.extract.sought import Sought
    from crawler.protocols import ExtractionTask
    from db.model import Capture, Page

__all__ = ["HtmlExtractor"]

VERSION: Final = "2"

#: Main text below which the page is read again with the elements that looked like furniture.
SPARSE_TEXT: Final = 250
#: How many times more text that must give to be believed.
RICHER: Final = 3

#: Characters of one, or of each of two, sentences or paragraphs that make an article of a text.
LONG_PARAGRAPH: Final = 300
PARAGRAPH: Final = 140
_ENDS: Final = tuple(".!?。！？”\"'’")

_RULES: Final = rules("page_state.toml")
_PAYWALL: Final = re.compile("|".join(map(re.escape, _RULES["paywall_words"])), re.IGNORECASE)
_BARRIERS: Final = "input[type=password], " + ", ".join(
    f"[{attribute}*='{stem}' i]"
    for stem in _RULES["paywall_stems"]
    for attribute in ("class", "id")
)
_MEDIA_TYPES: Final = frozenset(
    {"text/html", "application/xhtml+xml", "application/xml", "text/xml"}
)


class _Furnishing(TypedDict, total=False):
    """The fields of `Seen` that only a page with little text fills."""

    links: int
    link_share: float
    has_password: bool
    has_paywall: bool
    has_prose: bool


class _Dates(TypedDict):
    """The fields of `Page` that say when."""

    published_at: datetime | None
    published_on: date | None
    modified_at: datetime | None
    date_source: str | None


class HtmlExtractor:
    """Pages in HTML, and bodies without a media type that look like it."""

    name = "html"
    version = VERSION

    def reads(self, capture: Capture) -> bool:
        """Whether the capture is a page of markup."""
        if capture.body.startswith(b"%PDF-"):
            return False
        if capture.media_type:
            return capture.media_type in _MEDIA_TYPES
        return b"<" in capture.body[:1024]

    def extract(self, task: ExtractionTask) -> Page:
        """The page, its state judged from status and content together."""
        capture = task.capture
        html, tree = _parsed(capture)
        found = sought_in(tree)
        head = head_of(found, root=tree.root, url=page_url(capture))
        outlet = outlet_of(head)
        titles = titles_of(head, outlet=outlet or "", host=_host(page_url(capture)))
        page_outline, text = _text(tree.body, found, head=head, titles=titles)
        robots = directives_of(head, capture.headers)
        canonical_url = canonical_of(head, capture)
        seen = Seen(
            capture=capture,
            head=head,
            text=text,
            html=html,
            canonical_url=canonical_url,
            is_noindex="noindex" in robots,
            **_furnishing(tree, page_outline, text),
        )
        page = bare_page(capture, extractor=self, judgement=judged(seen), text=text, robots=robots)
        shown = Shown(tree, html, headings=found.headings, titles=titles)
        authors = authors_of(head, outlet=outlet or "", lines=shown.lines())
        return replace(
            page,
            **_dates(head, capture, shown),
            title=titles[0] if titles else None,
            titles=titles,
            authors=authors,
            language=language_of(head),
            outlet=outlet,
            canonical_url=canonical_url,
            credits=credits_of(head, text.split("\n\n"), authors=authors, outlet=outlet),
        )


def _parsed(capture: Capture) -> tuple[str, LexborHTMLParser]:
    """The markup and its tree; bytes that are the markup's own UTF-8 are not encoded a second time."""
    text = strict_utf8(capture.body, http_charset=capture.charset)
    html = tamed(decoded(capture.body, http_charset=capture.charset) if text is None else text)
    return html, LexborHTMLParser(capture.body if html is text else html, scripting=True)


def _dates(head: Head, capture: Capture, shown: Shown) -> _Dates:
    dates = dates_of(head, shown, url=page_url(capture), captured_at=capture.captured_at)
    return {
        "published_at": dates.published.instant if dates.published else None,
        "published_on": dates.published.day if dates.published else None,
        "modified_at": dates.modified_at,
        "date_source": dates.source,
    }


def _text(
    body: LexborNode | None, found: Sought, *, head: Head, titles: Iterable[str]
) -> tuple[Outline, str]:
    """The page's outline and its main text; furniture is searched, and linked data asked, where it is sparse."""
    if body is None:
        return Outline(), linked_text(head.article, "")
    folded_titles = frozenset(title.casefold() for title in titles)
    page_outline = outline(body, found.mains)
    text = joined(main_text(page_outline, titles=folded_titles))
    if len(text) < SPARSE_TEXT:
        whole = outline(body, found.mains, with_furniture=True)
        richer = joined(main_text(whole, titles=folded_titles))
        if len(richer) >= max(RICHER * len(text), PARAGRAPH):
            page_outline, text = whole, richer
    return page_outline, linked_text(head.article, text)


def _furnishing(tree: LexborHTMLParser, page: Outline, text: str) -> _Furnishing:
    """What else stands on a page with little text; a long text speaks for itself."""
    if len(text) >= MUCH_TEXT:
        return {}
    link_share = _link_share(page)
    barriers = [node.attributes for node in tree.css(_BARRIERS)]
    return {
        "links": len(tree.css("a[href]")) if link_share > MOSTLY_LINKED else 0,
        "link_share": link_share,
        "has_password": any(each.get("type") == "password" for each in barriers),
        "has_paywall": any(map(_is_paywall, barriers)),
        "has_prose": _has_prose(text.split("\n\n")),
    }


def _is_paywall(attributes: Mapping[str, str | None]) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return _PAYWALL.search(names) is not None


def _has_prose(blocks: list[str]) -> bool:
    lengths = sorted((len(block) for block in blocks if block.endswith(_ENDS)), reverse=True)
    return lengths[0:1] >= [LONG_PARAGRAPH] or lengths[1:2] >= [PARAGRAPH]


def _link_share(page: Outline) -> float:
    characters = sum(len(block.text) for block in page.blocks)
    linked = sum(block.link_share * len(block.text) for block in page.blocks)
    return linked / characters if characters else 0.0


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
