"""Which sitemaps are read for a cited date, and in which order. Pure.

By the date that an address spells, by `lastmod`, and by what names say: a news sitemap holds the last days only
(Google: two), and sitemaps of pictures, tags or authors hold no stories. What is left out is never asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.slugs import dated_by_url
from crawler.windows import days_outside, shifted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.protocols import Query
    from crawler.resolve.markup import Entry
    from db.model import DateWindow

__all__ = [
    "children_of",
    "expanded",
    "is_fresh",
    "last_resort",
    "ordered",
    "points_to",
    "usual_places",
]

#: Days that a news sitemap holds (Google: two), and one for the time zone.
NEWS_DAYS: Final = 3
#: Days for which seeds with a date in their address are expanded: one address a day or month of the window.
EXPANDED_DAYS: Final = 31

#: Where sitemaps are that robots.txt does not list; WordPress's own place only where robots.txt speaks of WordPress.
_USUAL: Final = ("/sitemap.xml", "/sitemap_index.xml")
_WORDPRESS_USUAL: Final = ("/sitemap_index.xml", "/wp-sitemap.xml")
_WORDPRESS: Final = b"/wp-"

#: Words in a sitemap's name for what holds the last days only, and for what holds no stories (Yoast, WordPress core).
_NEWS: Final = re.compile(r"(?:^|[^a-z])(?:google-?)?news(?![a-z])|newssitemap|sitemapnews")
_NO_STORIES: Final = re.compile(
    r"(?:^|[^a-z])(?:categor(?:y|ies)|(?:post[-_]?)?tags?|authors?|users?|pages?|taxonom(?:y|ies)|topics?"
    r"|sections?|images?|videos?|galler(?:y|ies)|static)(?![a-z])"
)

#: Distance of a child whose address spells no date (after every dated one that fits), of one that tells no date
#: at all, and of one that cannot hold the cited days.
_UNDATED: Final = 10_000_000
_UNKNOWN: Final = 2 * _UNDATED
_FAR: Final = 3 * _UNDATED
#: Distance beyond its length of one that meets the cited days only by a day on its edge.
_EDGE: Final = 10_000


def is_fresh(query: Query) -> bool:
    """Whether a news sitemap may hold the cited page: it holds the last days only."""
    return query.window is None or query.window.last_on >= shifted(query.today, -NEWS_DAYS)


def usual_places(host: str, robots: bytes) -> tuple[str, ...]:
    """The addresses to try, one after another, where robots.txt lists no sitemap."""
    paths = _WORDPRESS_USUAL if _WORDPRESS in robots else _USUAL
    return tuple(f"https://{host}{path}" for path in paths)


def expanded(templates: Iterable[str], window: DateWindow | None) -> tuple[str, ...]:
    """The seeds' addresses, those with a date in them once for each day or month of the window."""
    urls: dict[str, None] = {}
    for template in templates:
        if "{" not in template:
            urls[template] = None
        elif window is not None:
            span = min((window.last_on - window.first_on).days, EXPANDED_DAYS)
            urls.update(dict.fromkeys(_dated(template, window, day) for day in range(span + 1)))
    return tuple(urls)


def points_to(url: str, window: DateWindow) -> bool:
    """Whether an address spells a day or month that meets the window."""
    spelled = dated_by_url(url)
    return spelled is not None and _meets(spelled, window)


def ordered(urls: Iterable[str], query: Query) -> tuple[str, ...]:
    """Dated addresses that fit first; news sitemaps only where they may hold the page, misdated ones never."""
    window, fresh = query.window, is_fresh(query)
    ranks: dict[str, int] = {}
    for url in urls:
        spelled = dated_by_url(url)
        if window and spelled and not _meets(spelled, window):
            continue
        is_news = _is_news(url)
        if is_news and not fresh:
            continue
        ranks.setdefault(url, 0 if window and spelled else 1 if is_news else 2)
    with_stories = [url for url in ranks if not _NO_STORIES.search(_name(url))]
    return tuple(sorted(with_stories or ranks, key=lambda url: ranks[url]))


def last_resort(urls: Iterable[str], query: Query) -> tuple[str, ...]:
    """The news sitemap to ask when no other lists older days: an outlet that sleeps does not renew it."""
    return () if is_fresh(query) else tuple(url for url in urls if _is_news(url))[:1]


def children_of(children: Sequence[Entry], query: Query) -> tuple[str, ...]:
    """The children of an index, those first that the cited date points to; without a date the newest first."""
    kept = ordered((child.url for child in children), query)
    entries = {child.url: child for child in reversed(children) if child.url in set(kept)}
    if query.window is None:
        newest = sorted(kept, key=lambda url: _ordinal(entries[url]), reverse=True)
        return tuple(newest)
    ranked = [(_distance(entries[url], query.window), place, url) for place, url in enumerate(kept)]
    return tuple(url for distance, _place, url in sorted(ranked) if distance < _FAR)


def _dated(template: str, window: DateWindow, day: int) -> str:
    on = shifted(window.first_on, day)
    parts = {"{YYYY}": f"{on.year:04d}", "{MM}": f"{on.month:02d}", "{DD}": f"{on.day:02d}"}
    for mark, value in parts.items():
        template = template.replace(mark, value)
    return template


def _name(url: str) -> str:
    """The last part of a sitemap's path, with its query: what it is called."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path.rsplit('/', 1)[-1]}?{parts.query}".lower()


def _is_news(url: str) -> bool:
    return dated_by_url(url) is None and bool(_NEWS.search(_name(url)))


def _ordinal(child: Entry) -> int:
    return child.changed_on.toordinal() if child.changed_on else 0


def _meets(one: DateWindow, other: DateWindow) -> bool:
    return one.first_on <= shifted(other.last_on, 1) and shifted(other.first_on, -1) <= one.last_on


def _distance(child: Entry, window: DateWindow) -> int:
    """How far a child is from the cited days; small is near."""
    spelled = dated_by_url(child.url)
    if spelled is not None:
        holds = spelled.first_on <= window.last_on and window.first_on <= spelled.last_on
        days = (spelled.last_on - spelled.first_on).days + (0 if holds else _EDGE)
        return days if _meets(spelled, window) else _FAR
    if child.changed_on is None:
        return _UNKNOWN
    if child.changed_on < window.first_on:
        return _FAR
    return _UNDATED + days_outside(child.changed_on, window)
