"""The outlet's own feeds, told by the seeds or announced on its home page (RSS autodiscovery).

A feed reaches back to its oldest entry and no further: for an older citation it says `not_covered` where
nothing matched. At most `REQUESTS` requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.homepage import asked_home, home_of
from crawler.resolve.markup import Index, read_feed
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble, worst
from crawler.windows import shifted
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import date

    from crawler.protocols import Query, Resolving
    from db.model import Outcome, Outlet

__all__ = ["FeedsResolver"]

#: Requests for one citation.
REQUESTS: Final = 3
#: Days that feeds reach back at the slowest outlets; older citations are not looked for in them.
REACH_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class FeedsResolver:
    """Looks for the headline among what the outlet has published last."""

    name: str = "feeds"
    version: str = "1"

    def resolve(self, query: Query) -> Resolving:
        """The feeds' entries that are like the cited headline."""
        refusal = _not_asked(query)
        if refusal or query.outlet is None:
            return _answer(detail=refusal or "the outlet is not known")
        urls = query.outlet.feeds[:REQUESTS]
        troubles: tuple[Trouble, ...] = ()
        if not urls:
            urls, troubles = yield from _announced(query.outlet)
        indexes, more = yield from _read(urls)
        return self._answered(query, indexes, (*troubles, *more))

    def _answered(
        self, query: Query, indexes: Sequence[Index], troubles: Sequence[Trouble]
    ) -> ResolverAnswer:
        entries = [entry for index in indexes for entry in index.pages]
        candidates = matches(query, entries, via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        trouble = worst(troubles)
        days = [day for entry in entries if (day := entry.published_on or entry.changed_on)]
        if not days or not _covers(query, min(days), max(days)):
            coverage = trouble.coverage if trouble and not indexes else Coverage.NOT_COVERED
            detail = (
                trouble.detail if trouble and not indexes else "the feeds do not reach that far"
            )
            return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)
        detail = f"{len(entries)} entries, none with this headline"
        return ResolverAnswer(candidates=candidates, coverage=Coverage.EMPTY, detail=detail)


def _not_asked(query: Query) -> str:
    """Why no feed is asked, "" where they are."""
    if not query.title:
        return "no title is cited"
    if query.outlet is None or not (query.outlet.feeds or query.outlet.hosts):
        return "the outlet's hosts are not known"
    if query.window and query.window.last_on < shifted(query.today, -REACH_DAYS):
        return f"older than {REACH_DAYS} days: feeds do not reach that far"
    return ""


def _announced(
    outlet: Outlet,
) -> Generator[
    tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[tuple[str, ...], tuple[Trouble, ...]]
]:
    """The feeds of the outlet's own site that its home page announces."""
    home = yield from asked_home(outlet)
    if isinstance(home, Trouble):
        return (), (home,)
    return home_of(home).feeds[: REQUESTS - 1], ()


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


def _covers(query: Query, oldest: date, newest: date) -> bool:
    """Whether the feeds' entries span the cited days, so that a missing headline means something."""
    return (
        query.window is not None
        and oldest < query.window.first_on
        and query.window.last_on <= newest
    )


def _answer(*, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)
