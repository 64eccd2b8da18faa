"""The outlet's own sitemaps: news sitemaps for the last two days, dated ones for what is older.

Known from the seeds (`{YYYY}`, `{MM}`, `{DD}` in a seed stand for the cited day) and from robots.txt's
`Sitemap:` lines. A sitemap index is followed to the children that the cited date points to, by the date in their
address or their `lastmod`. At most `REQUESTS` requests. Sources: sitemaps.org protocol; RFC 9309; Google's news
sitemaps hold "articles of the last two days" only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.markup import Index, read_sitemap, robots_sitemaps
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble, worst
from crawler.slugs import dated_by_url
from crawler.windows import days_outside, is_near, shifted
from db.model import Capture
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from crawler.protocols import Query, Resolving
    from crawler.resolve.markup import Entry
    from db.model import Candidate, DateWindow, Outcome, Outlet

__all__ = ["SitemapsResolver"]

#: Requests for one citation, robots.txt among them.
REQUESTS: Final = 6
#: Requests of one batch: a sitemap seldom needs its neighbours.
BATCH: Final = 2
#: How deep indexes are followed; the protocol forbids nesting, sites nest.
DEPTH: Final = 3
#: Days that a news sitemap holds (Google: two), and one for the time zone.
NEWS_DAYS: Final = 3
#: Days for which seeds with a date in their address are expanded: one address a day or month of the window.
EXPANDED_DAYS: Final = 31


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

    def resolve(self, query: Query) -> Resolving:
        """The sitemaps' entries that are like the cited headline."""
        if not query.title:
            return _not_covered("no title is cited")
        if query.outlet is None or not query.outlet.hosts:
            return _not_covered("the outlet's hosts are not known")
        search = _Search(query)
        if _is_fresh(query):
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
        seeds = _expanded(outlet.sitemaps, window)
        dated = [url for url in seeds if window and _points_to(url, window)]
        yield from _followed(search, dated[:BATCH], depth=1)
        if search.covers and strong(search.query, self._found(search)):
            return
        listed = yield from _listed(search, outlet.hosts[0])
        usual = () if listed or seeds else (f"https://{outlet.hosts[0]}/sitemap.xml",)
        for batch in _batches(_ordered((*seeds, *listed, *usual), search)):
            yield from _followed(search, batch, depth=1)
            if search.left <= 0 or strong(search.query, self._found(search)):
                return

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
    if children and search.left > 0:
        chosen = _children(children, search)
        yield from _followed(search, chosen[:BATCH], depth=depth + 1)


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


def _listed(
    search: _Search, host: str
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[str, ...]]:
    """The sitemaps that robots.txt lists."""
    if search.left <= 0:
        return ()
    search.left -= 1
    url = f"https://{host}/robots.txt"
    request = FetchRequest(url=url, purpose=CapturePurpose.ROBOTS, check_robots=False)
    (outcome,) = yield (request,)
    robots = read_or_trouble(outcome)
    if isinstance(robots, Trouble):
        search.troubles.append(robots)
        return ()
    return robots_sitemaps(robots.body)


# ------------------------------------------------------------------------------ which sitemaps


def _is_fresh(query: Query) -> bool:
    """Whether a news sitemap may hold the cited page: it holds the last days only."""
    return query.window is None or query.window.last_on >= shifted(query.today, -NEWS_DAYS)


def _expanded(templates: Iterable[str], window: DateWindow | None) -> tuple[str, ...]:
    """The seeds' addresses, those with a date in them once for each day or month of the window."""
    urls: dict[str, None] = {}
    for template in templates:
        if "{" not in template:
            urls[template] = None
        elif window is not None:
            span = min((window.last_on - window.first_on).days, EXPANDED_DAYS)
            urls.update(dict.fromkeys(_dated(template, window, day) for day in range(span + 1)))
    return tuple(urls)


def _dated(template: str, window: DateWindow, day: int) -> str:
    on = shifted(window.first_on, day)
    parts = {"{YYYY}": f"{on.year:04d}", "{MM}": f"{on.month:02d}", "{DD}": f"{on.day:02d}"}
    for mark, value in parts.items():
        template = template.replace(mark, value)
    return template


def _points_to(url: str, window: DateWindow) -> bool:
    """Whether an address spells a day or month that meets the window."""
    spelled = dated_by_url(url)
    return spelled is not None and _meets(spelled, window)


def _meets(one: DateWindow, other: DateWindow) -> bool:
    return one.first_on <= shifted(other.last_on, 1) and shifted(other.first_on, -1) <= one.last_on


def _ordered(urls: Iterable[str], search: _Search) -> tuple[str, ...]:
    """Dated addresses that fit first, news sitemaps only where they may hold the page, misdated ones never."""
    window, fresh = search.query.window, _is_fresh(search.query)
    ranks: dict[str, int] = {}
    for url in urls:
        spelled = dated_by_url(url)
        if window and spelled and not _meets(spelled, window):
            continue
        is_news = "news" in url.rsplit("/", 1)[-1].lower()
        rank = 0 if window and spelled else 1 if is_news == fresh else 2
        if fresh or not is_news or spelled or window is None:
            ranks.setdefault(url, rank)
        else:
            ranks.setdefault(url, 3)
    return tuple(sorted(ranks, key=lambda url: ranks[url]))


def _children(children: Sequence[Entry], search: _Search) -> tuple[str, ...]:
    """The children of an index, those first that the cited date points to; without a date the newest first."""
    window = search.query.window
    if window is None:
        newest = sorted(
            children,
            key=lambda one: one.changed_on.toordinal() if one.changed_on else 0,
            reverse=True,
        )
        return tuple(one.url for one in newest if one.url not in search.asked)
    ranked = [(_distance(child, window), place, child.url) for place, child in enumerate(children)]
    return tuple(
        url
        for distance, _place, url in sorted(ranked)
        if distance < _FAR and url not in search.asked
    )


#: Distance of a child whose address spells no date (after every dated one that fits), of one that tells no date
#: at all, and of one that cannot hold the cited days.
_UNDATED: Final = 10_000_000
_UNKNOWN: Final = 2 * _UNDATED
_FAR: Final = 3 * _UNDATED


def _distance(child: Entry, window: DateWindow) -> int:
    """How far a child is from the cited days; small is near."""
    spelled = dated_by_url(child.url)
    if spelled is not None:
        days = (spelled.last_on - spelled.first_on).days
        return days if _meets(spelled, window) else _FAR
    if child.changed_on is None:
        return _UNKNOWN
    if child.changed_on < window.first_on:
        return _FAR
    return _UNDATED + days_outside(child.changed_on, window)


def _batches(urls: Sequence[str]) -> Iterable[Sequence[str]]:
    return (urls[start : start + BATCH] for start in range(0, len(urls), BATCH))


# -------------------------------------------------------------------------------------- answer


def _covers(index: Index, capture: Capture, query: Query) -> bool:
    """Whether this sitemap lists what was published on the cited days, so that a missing page means something."""
    window = query.window
    if window is None or not index.pages:
        return False
    if not index.is_news and _points_to(capture.requested_url, window):
        return True
    days = [day for page in index.pages if (day := page.published_on or page.changed_on)]
    return any(is_near(day, window, days=0) for day in days) and min(days) < window.first_on


def _answered(search: _Search, candidates: tuple[Candidate, ...]) -> ResolverAnswer:
    if strong(search.query, candidates):
        return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
    if search.covers:
        detail = f"{len(search.pages)} pages listed, none with this headline"
        return ResolverAnswer(candidates=candidates, coverage=Coverage.EMPTY, detail=detail)
    trouble = worst(one for one in search.troubles if not one.is_missing)
    if trouble and not search.is_read:
        return ResolverAnswer(
            candidates=candidates, coverage=trouble.coverage, detail=trouble.detail
        )
    detail = "no sitemap that lists the cited days" if search.query.window else "no date is cited"
    return ResolverAnswer(candidates=candidates, coverage=Coverage.NOT_COVERED, detail=detail)


def _not_covered(detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)
