"""Turns: who may be asked when, one request at a time for each pacing key, and how slow a host wants it.

Whoever waits for a turn holds nothing that another host needs: the line of a key is its own, and a place among all
exchanges is taken only at the instant of the turn. The slots themselves are rows that processes share.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from crawler.fetch.limits import SiteLimits
    from crawler.protocols import Clock, FetchMemory, WireResponse

__all__ = ["Lane", "Pacer"]

#: Who comes later than this share of the gap, and than so many seconds, has missed the slot.
LATE_SHARE: Final = 0.05
LATE_S: Final = 0.05

#: What a host without any gap is slowed down to first.
FIRST_SLOW_GAP_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """How one pacing key is asked."""

    key: str
    gap_s: float  #: start to start, before any slowing down
    patience_s: float  #: longest wait for a turn
    breaker: str  #: key of the circuit breaker that guards it


class Pacer:
    """Hands out turns."""

    def __init__(self, memory: FetchMemory, *, clock: Clock, limits: SiteLimits) -> None:
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._places = asyncio.Semaphore(limits.connections)
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._later: dict[str, datetime] = {}
        self._slowed: dict[str, float] = {}
        self._good: dict[str, int] = {}

    @asynccontextmanager
    async def line(self, key: str) -> AsyncIterator[None]:
        """Be the only one in this process that asks this key."""
        lock = self._lines.get(key)
        if lock is None:
            lock = self._lines[key] = asyncio.Lock()
        async with lock:
            yield

    @asynccontextmanager
    async def turn(self, lane: Lane) -> AsyncIterator[datetime | None]:
        """A place among all exchanges at an instant at which this key may be asked; call it from the key's line.

        Yields None, or the instant at which to come back when the wait is longer than the lane's patience; there is no
        turn then.
        """
        later = await self._waited(lane)
        if later is not None:
            yield later
            return
        try:
            yield None
        finally:
            self._places.release()

    async def slow_down(self, lane: Lane, wait_s: float) -> None:
        """Ask this key no more for `wait_s`, and twice as rarely from then on."""
        base = max(self._slowed.get(lane.key, lane.gap_s), FIRST_SLOW_GAP_S / 2)
        gap_s = min(2 * base, max(self._limits.slowest_gap_s, lane.gap_s))
        self._slowed[lane.key], self._good[lane.key] = gap_s, 0
        until = self._clock.now() + timedelta(seconds=wait_s)
        await self._memory.postpone(lane.key, until, gap_s)

    async def sent_late(self, lane: Lane, response: WireResponse) -> None:
        """Count the gap from the instant at which the request went out, where connecting took a good part of it."""
        if response.connect_s <= max(LATE_SHARE * lane.gap_s, LATE_S) or not lane.gap_s:
            return
        since_s = response.duration_s - response.connect_s
        until = response.received_at + timedelta(seconds=lane.gap_s - since_s)
        await self._memory.postpone(lane.key, until)

    async def rest(self, lane: Lane) -> None:
        """Count the gap from now: an exchange was given up, and the host may still be busy with it."""
        await self._memory.postpone(lane.key, self._clock.now() + timedelta(seconds=lane.gap_s))

    async def recover(self, lane: Lane) -> None:
        """Count a good answer; after a row of them a slowed key is asked twice as often, down to its own gap.

        What another process slowed down is not known here and returns to its own gap after the first such row.
        """
        count = self._good[lane.key] = self._good.get(lane.key, 0) + 1
        slowed_s = self._slowed.get(lane.key)
        if count % self._limits.recovery or (slowed_s is None and count > self._limits.recovery):
            return
        gap_s = max(lane.gap_s, (slowed_s or 0.0) / 2)
        if gap_s > lane.gap_s:
            self._slowed[lane.key] = gap_s
        else:
            self._slowed.pop(lane.key, None)
        await self._memory.postpone(lane.key, self._clock.now(), gap_s)

    async def _waited(self, lane: Lane) -> datetime | None:
        """None once the turn has come and a place is held, else when to come back."""
        later = self._later.get(lane.key)
        if later is not None and later > self._clock.now():
            return later
        starts_at = await self._slot(lane)
        while True:
            if self._seconds_until(starts_at) > lane.patience_s:
                self._later[lane.key] = starts_at
                return starts_at
            await self._clock.sleep_until(starts_at)
            await self._places.acquire()
            if -self._seconds_until(starts_at) <= max(LATE_SHARE * lane.gap_s, LATE_S):
                return None
            # The wait for a place, or a busy machine, has used up the slot: the next start could follow too soon.
            starts_at = await self._slot(lane, missed=starts_at)
            if starts_at <= self._clock.now():
                return None
            self._places.release()

    def _seconds_until(self, instant: datetime) -> float:
        return (instant - self._clock.now()).total_seconds()

    async def _slot(self, lane: Lane, *, missed: datetime | None = None) -> datetime:
        now = self._clock.now()
        return await self._memory.take_slot(lane.key, lane.gap_s, now, missed=missed)
