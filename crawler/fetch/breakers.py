"""Circuit breakers: a host whose connections keep failing is left alone for a while.

One row a key, shared between processes. After its time one request tries again; failing, it opens for twice as long.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from db.model import BreakerRow
from db.words import FailureKind

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.fetch.limits import SiteLimits
    from crawler.protocols import Clock, FetchMemory

__all__ = ["CONNECTION_FAILURES", "Breakers"]

#: Failures that tell of the host, not of the page.
CONNECTION_FAILURES: Final = frozenset(
    {FailureKind.DNS, FailureKind.CONNECT, FailureKind.TLS, FailureKind.TIMEOUT}
)

#: How long a row is believed before it is read again, in case another process changed it.
BELIEVED_S: Final = 30.0
#: Doublings beyond this change nothing.
MOST_DOUBLINGS: Final = 20


class Breakers:
    """Opens and closes the breakers that fetch remembers."""

    def __init__(self, memory: FetchMemory, *, clock: Clock, limits: SiteLimits) -> None:
        self._memory = memory
        self._clock = clock
        self._limits = limits
        self._known: dict[str, tuple[BreakerRow | None, datetime]] = {}

    async def opened(self, key: str) -> BreakerRow | None:
        """The breaker of this key if it is open now, else None."""
        row = await self._row(key)
        if row is None or row.open_until is None or row.open_until <= self._clock.now():
            return None
        return row

    async def fail(self, key: str, detail: str, *, ban_s: float | None = None) -> None:
        """Count a failed connection; `ban_s` opens the breaker at once for so long."""
        before = await self._row(key)
        failures = (before.failures if before else 0) + 1
        beyond = failures - self._limits.breaker_failures
        open_s = ban_s
        if open_s is None and beyond >= 0:
            doubled_s = self._limits.breaker_s * 2.0 ** min(beyond, MOST_DOUBLINGS)
            open_s = min(doubled_s, self._limits.breaker_longest_s)
        until = None if open_s is None else self._clock.now() + timedelta(seconds=open_s)
        await self._keep(BreakerRow(key=key, failures=failures, open_until=until, detail=detail))

    async def succeed(self, key: str) -> None:
        """Close the breaker: the row of failures is broken."""
        row = await self._row(key)
        if row is not None and row.failures:
            await self._keep(BreakerRow(key=key, failures=0, open_until=None, detail=""))

    async def _row(self, key: str) -> BreakerRow | None:
        known = self._known.get(key)
        now = self._clock.now()
        if known is not None and now < known[1] + timedelta(seconds=BELIEVED_S):
            return known[0]
        row = await self._memory.breaker(key)
        self._known[key] = (row, now)
        return row

    async def _keep(self, row: BreakerRow) -> None:
        self._known[row.key] = (row, self._clock.now())
        await self._memory.keep_breaker(row)
