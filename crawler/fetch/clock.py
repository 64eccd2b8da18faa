"""The two clocks (`crawler.protocols.Clock`): the machine's, and a recording's.

The only module of the packages that asks the system what time it is.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

__all__ = ["RealClock", "TapeClock"]

#: Seconds slept at most before the machine's clock is asked again: it may be set, and a laptop may have slept.
_LOOK_AGAIN_S: Final = 60.0


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        return datetime.now(UTC)  # noqa: TID251  # the one place that a Clock's answers come from

    async def sleep_until(self, instant: datetime) -> None:
        """Return at `instant` or later, at once if that is past."""
        while (left_s := (instant - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  # time is no event
            await asyncio.sleep(min(left_s, _LOOK_AGAIN_S))


class TapeClock:
    """A recording's clock: stands still, but for jumping to whatever instant someone waits for; never back.

    Who waits never decides what is answered: a tape finds exchanges by request, not by time. So results are the same
    whatever the concurrency.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        return self._now

    async def sleep_until(self, instant: datetime) -> None:
        """Move to `instant`, if that is ahead, and let other tasks take their turn."""
        self._now = max(self._now, instant)
        await asyncio.sleep(0)
