"""The outlet's own sitemaps: news sitemaps for the last two days, dated ones for what is older.

Known from the seeds (`{YYYY}`, `{MM}`, `{DD}` in a seed stand for the cited day), from robots.txt's `Sitemap:` lines,
or looked for in the usual places. A sitemap index is followed to the children that the cited date points to, by the
date in their address or their `lastmod`. At most `REQUESTS` requests. Most sitemaps tell addresses without headlines:
what such an address does not spell may still be the cited page, so that their silence proves nothing. Sources:
sitemaps.org protocol; RFC 9309; Google's news sitemaps hold "articles of the last two days" only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.markup import ROBOTS_BYTES, Index, read_sitemap, robots_sitemaps
from crawler.resolve.match import matches, strong, url_day
from crawler.resolve.outcomes import Trouble, read_or_trouble, worst
from crawler.resolve.sitemap_choice import (
    children_of,
    expanded,
    is_fresh,
    last_resort,
    ordered,
    points_to,
    usual_places,
)
from crawler.windows import is_near, shifted
from db.model import Capture
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from crawler.protocols import Query, Resolving
    from crawler.resolve.markup import Entry
    from db.model import Candidate, Outcome, Outlet

__all__ = ["SitemapsResolver"]

#: Requests for one citation, robots.txt among them; fewer where no date chooses among the sitemaps.
REQUESTS: Final = 6
UNDATED_REQUESTS: Final = 4
#: Requests of one batch: a sitemap seldom needs its neighbours.
BATCH: Final = 2
#: How deep indexes are followed; the protocol forbids nesting, sites nest.
DEPTH: Final = 3


@dataclass(slots=True)
class _Search:
    """What is known while the sitemaps of one citation are read."""

    query: Query
    left: int = REQUESTS
    asked: set[str] = field(default_factory=set)
    pages: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    is_read: bool = False
    covers: bool = False


@dataclass(frozen=True, slots=True)
class SitemapsResolver:
    """Looks for the headline where the outlet lists its pages."""

    name: str = "sitemaps"
    version: str = "1"
    covers: ClassVar[str] = "the days that a sitemap lists, where it names headlines"
    terms: ClassVar[str] = "the site's own robots.txt; four requests at most without a date"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The sitemaps' entries that are like the cited headline."""
        if not query.title:
            return _not_covered("no title is cited")
        if query.outlet is None or not query.outlet.hosts:
            return _not_covered("the outlet's hosts are not known")
        search = _Search(query, left=REQUESTS if query.window else UNDATED_REQUESTS)
        if is_fresh(query):
            yield from _followed(search, query.outlet.news_sitemaps[:BATCH], depth=DEPTH)
        found = self._found(search)
        if not strong(query, found):
            yield from self._deeper(search, query.outlet)
            found = self._found(search)
        return _answered(search, found)

    def _deeper(
        self, search: _Search, outlet: Outlet
    ) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], None]:
        """Dated seeds, then what robots.txt lists, then the usual place."""
        window = search.query.window
        seeds = expanded(outlet.sitemaps, window)
        dated = [url for url in seeds if window and points_to(url, window)]
        yield from _followed(search, dated[:BATCH], depth=1)
        if search.covers and self._is_found(search):
            return
        robots = yield from _robots(search, outlet.hosts[0])
        known = (*seeds, *robots_sitemaps(robots))
        listed = ordered(known, search.query)
        places = () if known else usual_places(outlet.hosts[0], robots)
        for url in (*listed, *places):
            yield from _followed(search, (url,), depth=1)
            if search.left <= 0 or self._is_found(search) or (url in places and search.is_read):
                return
        if not search.covers:
            yield from _followed(search, last_resort(known, search.query), depth=DEPTH)

    def _is_found(self, search: _Search) -> bool:
        return strong(search.query, self._found(search))

    def _found(self, search: _Search) -> tuple[Candidate, ...]:
        return matches(search.query, search.pages, via=self.name)


def _followed(
    search: _Search, urls: Sequence[str], *, depth: int
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], None]:
    """Read these sitemaps and, of those that are indexes, the children that the cited date points to."""
    if depth > DEPTH + 1:
        return
    captures = yield from _asked(search, urls)
    children: list[Entry] = []
    for capture in captures:
        index = read_sitemap(capture.body)
        search.is_read = search.is_read or index.is_readable
        search.pages.extend(index.pages)
        search.covers = search.covers or _covers(index, capture, search.query)
        children.extend(index.children)
    for url in children_of(children, search.query)[:BATCH]:
        yield from _followed(search, (url,), depth=depth + 1)
        if strong(search.query, matches(search.query, search.pages, via="sitemaps")):
            return


def _asked(
    search: _Search, urls: Iterable[str]
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[Capture, ...]]:
    """The captures that can be read; the rest is remembered as trouble."""
    fresh = [url for url in dict.fromkeys(urls) if url not in search.asked][: max(0, search.left)]
    if not fresh:
        return ()
    search.left -= len(fresh)
    search.asked.update(fresh)
    outcomes = yield tuple(FetchRequest(url=url, purpose=CapturePurpose.INDEX) for url in fresh)
    read = [read_or_trouble(outcome) for outcome in outcomes]
    search.troubles.extend(one for one in read if isinstance(one, Trouble))
    return tuple(one for one in read if isinstance(one, Capture))


def _robots(
    search: _Search, host: str
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], bytes]:
    """The outlet's robots.txt, which the fetcher asks for anyway; empty where it cannot be read."""
    if search.left <= 0:
        return b""
    search.left -= 1
    url = f"https://{host}/robots.txt"
    request = FetchRequest(url=url, purpose=CapturePurpose.ROBOTS, check_robots=False)
    (outcome,) = yield (request,)
    robots = read_or_trouble(outcome)
    if isinstance(robots, Trouble):
        search.troubles.append(robots)
        return b""
    return robots.body[:ROBOTS_BYTES]


# -------------------------------------------------------------------------------------- answer


def _covers(index: Index, capture: Capture, query: Query) -> bool:
    """Whether this sitemap is the one that lists what was published on the cited days."""
    window = query.window
    if window is None or not index.pages:
        return False
    if points_to(capture.requested_url, window):
        return True
    days = [day for page in index.pages if (day := page.published_on or page.changed_on)]
    return any(is_near(day, window, days=0) for day in days) and min(days) < window.first_on


def _answered(search: _Search, candidates: tuple[Candidate, ...]) -> ResolverAnswer:
    if strong(search.query, candidates):
        return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
    if search.covers:
        coverage, detail = _silence([page for page in search.pages if _may_be(page, search.query)])
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)
    trouble = worst(one for one in search.troubles if not one.is_missing)
    if trouble and not search.is_read:
        return ResolverAnswer(
            candidates=candidates, coverage=trouble.coverage, detail=trouble.detail
        )
    detail = "no sitemap that lists the cited days" if search.query.window else "no date is cited"
    return ResolverAnswer(candidates=candidates, coverage=Coverage.NOT_COVERED, detail=detail)


def _silence(near: Sequence[Entry]) -> tuple[Coverage, str]:
    """What it means that none of these pages, which may be of the cited days, has or spells the headline."""
    unnamed = sum(page.title is None for page in near)
    if unnamed:
        detail = f"{unnamed} pages listed without their headlines, no address spells this one"
        return Coverage.NOT_COVERED, detail
    if near:
        return Coverage.EMPTY, f"{len(near)} pages of those days listed, none with this headline"
    return Coverage.NOT_COVERED, "the sitemaps of those days list nothing published then"


def _may_be(page: Entry, query: Query) -> bool:
    """Whether a page may have been published on the cited days: what it tells is a day, a later change or nothing."""
    if query.window is None:
        return False
    day = page.published_on or url_day(page.url)
    if day is not None:
        return is_near(day, query.window)
    return page.changed_on is None or page.changed_on >= shifted(query.window.first_on, -1)


def _not_covered(detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)
