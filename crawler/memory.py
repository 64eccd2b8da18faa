"""What fetch remembers between requests: kept in the store so that processes share it, or for one replay only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.journal import StoreThread
    from db.model import BreakerRow, RobotsRow

__all__ = ["PassingMemory", "StoredMemory"]


class StoredMemory:
    """`FetchMemory` on the store's thread: each method is one short transaction."""

    def __init__(self, thread: StoreThread) -> None:
        self._thread = thread
        self._store = thread.store

    async def robots(self, origin: str) -> RobotsRow | None:
        """The remembered robots.txt of this origin, however old."""
        return await self._thread.do(self._store.robots, origin)

    async def keep_robots(self, row: RobotsRow) -> None:
        """Remember it."""
        await self._thread.do(self._store.keep_robots, row)

    async def take_slot(
        self, key: str, gap_s: float, now: datetime, *, missed: datetime | None = None
    ) -> datetime:
        """The instant at which the caller may start its request to `key`."""
        return await self._thread.do(
            self._store.take_slot, key, gap_s=gap_s, now=now, missed=missed
        )

    async def postpone(self, key: str, until: datetime, gap_s: float | None = None) -> None:
        """No request to `key` starts before `until`; `gap_s` replaces the remembered gap."""
        await self._thread.do(self._store.postpone, key, until=until, gap_s=gap_s)

    async def breaker(self, key: str) -> BreakerRow | None:
        """The breaker of this key, None when it never tripped."""
        return await self._thread.do(self._store.breaker, key)

    async def keep_breaker(self, row: BreakerRow) -> None:
        """Remember it."""
        await self._thread.do(self._store.keep_breaker, row)


class PassingMemory:
    """`FetchMemory` of one replay: a recording has a time of its own, and today's waits and rules say nothing of it."""

    def __init__(self) -> None:
        self._robots: dict[str, RobotsRow] = {}
        self._breakers: dict[str, BreakerRow] = {}
        self._allowed_at: dict[str, datetime] = {}
        self._gaps_s: dict[str, float] = {}

    async def robots(self, origin: str) -> RobotsRow | None:
        """The robots.txt of this origin as recorded, once it was asked for."""
        return self._robots.get(origin)

    async def keep_robots(self, row: RobotsRow) -> None:
        """Remember it."""
        self._robots[row.origin] = row

    async def take_slot(
        self, key: str, gap_s: float, now: datetime, *, missed: datetime | None = None
    ) -> datetime:
        """The instant at which the caller may start its request to `key`; as the store hands it out."""
        gap = timedelta(seconds=max(gap_s, self._gaps_s.get(key, 0.0)))
        allowed_at = self._allowed_at.get(key, now)
        is_last = missed is not None and allowed_at <= missed + gap
        start = now if is_last else max(now, allowed_at)
        self._allowed_at[key] = start + gap
        return start

    async def postpone(self, key: str, until: datetime, gap_s: float | None = None) -> None:
        """No request to `key` starts before `until`; `gap_s` replaces the remembered gap."""
        self._allowed_at[key] = max(until, self._allowed_at.get(key, until))
        if gap_s is not None:
            self._gaps_s[key] = gap_s

    async def breaker(self, key: str) -> BreakerRow | None:
        """The breaker of this key, None when it never tripped."""
        return self._breakers.get(key)

    async def keep_breaker(self, row: BreakerRow) -> None:
        """Remember it."""
        self._breakers[row.key] = row
