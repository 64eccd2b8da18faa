"""May we ask this URL: the robots.txt of its origin, asked once a day and remembered for every process.

All who want the same origin's rules at once share one request. What is learned of a host that we did not even ask (an
open breaker, a refused address) is not written down as its robots.txt.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from crawler.fetch.outcomes import Trouble
from crawler.fetch.robots import RobotsVerdict, crawl_delay_s, is_fresh, robots_row, verdict
from crawler.urls import origin_of, pacing_key
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from crawler.fetch.limits import SiteLimits
    from crawler.protocols import Clock, FetchMemory
    from db.model import RobotsRow

__all__ = ["Permissions", "RobotsAnswer"]

#: Rows that this process keeps at hand.
MOST_ROWS: Final = 2000

#: Kinds that say that nothing was asked: they are the answer of the page itself, and no row is kept.
_NOT_ASKED: Final = frozenset(
    {
        FailureKind.BAD_SCHEME,
        FailureKind.BREAKER_OPEN,
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.RATE_LIMITED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """How one attempt to get a robots.txt ended; `status` None where no answer came."""

    status: int | None
    body: bytes
    detail: str
    answered_at: datetime
    trouble: Trouble | None = None  #: met at the origin itself, not on a redirect's way


class Permissions:
    """Answers from memory, and asks through `ask` what is not there or too old."""

    def __init__(
        self,
        ask: Callable[[str], Awaitable[RobotsAnswer]],
        *,
        memory: FetchMemory,
        clock: Clock,
        limits: SiteLimits,
    ) -> None:
        """`ask` is given the URL of a robots.txt."""
        self._ask = ask
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._rows: OrderedDict[str, RobotsRow] = OrderedDict()
        self._asking: dict[str, asyncio.Task[RobotsRow | Trouble]] = {}

    async def verdict(self, url: str) -> RobotsVerdict | Trouble:
        """What the rules say of a checked URL; Trouble where they forbid it or cannot be had."""
        row = await self.row(origin_of(url))
        if isinstance(row, Trouble):
            return row
        answer = verdict(row, url)
        if answer.allowed:
            return answer
        unreachable = row.status == "unreachable"
        status = row.http_status if unreachable else None
        kind = FailureKind.ROBOTS_UNREACHABLE if unreachable else FailureKind.ROBOTS_DENIED
        return Trouble(kind=kind, detail=answer.why, failed_at=self._clock.now(), status=status)

    async def row(self, origin: str) -> RobotsRow | Trouble:
        """The row of an origin, fresh; Trouble where we would not even ask."""
        remembered = self._rows.get(origin)
        if remembered is not None and self._is_fresh(remembered):
            return remembered
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._fresh(origin))
            task.add_done_callback(lambda done: self._forget(origin, done))
        return await asyncio.shield(task)

    def _forget(self, origin: str, task: asyncio.Task[RobotsRow | Trouble]) -> None:
        self._asking.pop(origin, None)
        if not task.cancelled():
            # Those who still wait hear of it; where nobody does any more, asyncio need not tell it beside them.
            task.exception()

    async def aclose(self) -> None:
        """End what is still being asked."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fresh(self, origin: str) -> RobotsRow | Trouble:
        row = await self._memory.robots(origin)
        if row is None or not self._is_fresh(row):
            answer = await self._ask(f"{origin}/robots.txt")
            if answer.trouble is not None and answer.trouble.kind in _NOT_ASKED:
                return answer.trouble
            row = robots_row(
                origin,
                status=answer.status,
                body=answer.body,
                detail=answer.detail,
                fetched_at=answer.answered_at,
            )
            await self._memory.keep_robots(row)
            await self._rest(row)
        self._rows[origin] = row
        self._rows.move_to_end(origin)
        if len(self._rows) > MOST_ROWS:
            self._rows.popitem(last=False)
        return row

    async def _rest(self, row: RobotsRow) -> None:
        """Hold the crawl delay from the rules' own request on; above what is waited for, only between pages.

        Otherwise a host whose rules are asked anew each night would never be asked for a page.
        """
        delay_s = crawl_delay_s(row)
        if 0 < delay_s <= self._limits.crawl_delay_s:
            until = row.fetched_at + timedelta(seconds=delay_s)
            await self._memory.postpone(pacing_key(row.origin), until)

    def _is_fresh(self, row: RobotsRow) -> bool:
        return is_fresh(row, now=self._clock.now(), limits=self._limits)
