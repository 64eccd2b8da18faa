"""The outlet's own feeds, told by the seeds or announced on its home page (RSS autodiscovery), and that page itself.

A feed holds the newest few entries: days of a newspaper, years of an institute. It is therefore asked for old citations
too, one feed an outlet, whose answer all its citations share; but it only covers days from which it lists stories
before and after, close by. At most `REQUESTS` requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.outlet_names import lives_at
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.homepage import asked_home, home_of
from crawler.resolve.listings import listing_of
from crawler.resolve.markup import Index, read_feed
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble, worst
from crawler.urls import host_of
from crawler.windows import shifted
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from crawler.protocols import Query, Resolving
    from crawler.resolve.markup import Entry
    from db.model import Outcome, Outlet

__all__ = ["FeedsResolver"]

#: Requests for one citation, the home page among them.
REQUESTS: Final = 3
#: Days that feeds of newspapers reach back at most; for what is older one feed is read and not all.
REACH_DAYS: Final = 45
#: Days between the cited ones and the nearest entries before and after them, in a feed that covers them.
GAP_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class _Ways:
    """The feeds to read, and what the home page that announces them lists itself."""

    urls: tuple[str, ...] = ()
    stories: tuple[Entry, ...] = ()
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedsResolver:
    """Looks for the headline among what the outlet has published last."""

    name: str = "feeds"
    version: str = "1"
    covers: ClassVar[str] = "the days that a feed's entries lie around"
    terms: ClassVar[str] = "the site's own robots.txt; one home page and a feed an outlet"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The entries of the feeds and the home page that are like the cited headline."""
        if not query.title:
            return _answer(detail="no title is cited")
        outlet = query.outlet
        if outlet is None or not (outlet.feeds or outlet.hosts):
            return _answer(detail="the outlet's hosts are not known")
        ways = _Ways(outlet.feeds) if outlet.feeds else (yield from _announced(outlet))
        indexes, troubles = yield from _read(ways.urls[: _most(query)])
        found = (Index(pages=ways.stories), *indexes)
        return self._answered(query, found, (*ways.troubles, *troubles))

    def _answered(
        self, query: Query, indexes: Sequence[Index], troubles: Sequence[Trouble]
    ) -> ResolverAnswer:
        entries = [entry for index in indexes for entry in index.pages]
        candidates = matches(query, entries, via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        trouble = worst(troubles)
        if any(_covers(query, index) for index in indexes if index.is_readable):
            coverage, detail = Coverage.EMPTY, f"{len(entries)} entries, none with this headline"
        elif trouble and not any(index.is_readable for index in indexes):
            coverage, detail = trouble.coverage, trouble.detail
        else:
            coverage, detail = Coverage.NOT_COVERED, "the feeds do not reach that far"
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _most(query: Query) -> int:
    """How many feeds are read: one where newspapers' feeds no longer hold the cited days."""
    is_old = query.window and query.window.last_on < shifted(query.today, -REACH_DAYS)
    return 1 if is_old else REQUESTS if query.outlet and query.outlet.feeds else REQUESTS - 1


def _announced(
    outlet: Outlet,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], _Ways]:
    """The feeds of the outlet's own site that its home page announces, and the stories that it lists."""
    home = yield from asked_home(outlet)
    if isinstance(home, Trouble):
        return _Ways(troubles=(home,))
    stories = (one for one in listing_of(home).entries if lives_at(outlet, host_of(one.url)))
    return _Ways(home_of(home).feeds, tuple(stories))


def _read(
    urls: Sequence[str],
) -> Generator[
    tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[tuple[Index, ...], tuple[Trouble, ...]]
]:
    if not urls:
        return (), ()
    outcomes = yield tuple(FetchRequest(url=url, purpose=CapturePurpose.INDEX) for url in urls)
    indexes: list[Index] = []
    troubles: list[Trouble] = []
    for outcome in outcomes:
        read = read_or_trouble(outcome)
        if isinstance(read, Trouble):
            troubles.append(read)
        elif (index := read_feed(read.body, base_url=read.url)).is_readable:
            indexes.append(index)
    return tuple(indexes), tuple(troubles)


def _covers(query: Query, feed: Index) -> bool:
    """Whether a feed lists stories shortly before and after the cited days, so that a missing headline means something.

    Its oldest entry alone says little: some stories stay pinned for years.
    """
    if query.window is None:
        return False
    first, last = query.window.first_on, query.window.last_on
    days = [day for one in feed.pages if (day := one.published_on or one.changed_on)]
    before = max((day for day in days if day < first), default=None)
    after = min((day for day in days if day >= last), default=None)
    if before is None or after is None:
        return False
    return (first - before).days <= GAP_DAYS and (after - last).days <= GAP_DAYS


def _answer(*, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)
