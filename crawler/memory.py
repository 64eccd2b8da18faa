"""What fetch remembers between requests, kept in the store so that processes share it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.journal import StoreThread
    from db.model import BreakerRow, RobotsRow

__all__ = ["StoredMemory"]


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
