"""Drives generators that know no IO: asks for each batch they yield and sends them the outcomes.

One driver for resolvers and for the search in archives. What a batch costs is counted against the citation's
budget, and what exceeds it is answered by a failure instead of a request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from db.ids import digest
from db.model import FetchFailure
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

    from crawler.protocols import Clock, FetchRequest
    from db.model import Outcome

__all__ = [
    "REQUESTS_PER_CITATION",
    "SECONDS_PER_CITATION",
    "SERVICE_REQUESTS_PER_SEARCH",
    "Asker",
    "Budget",
    "drive",
    "refusal",
]

T = TypeVar("T")

#: Bounds of what one citation may cost the web (design: fetch defaults).
REQUESTS_PER_CITATION: Final = 40
SECONDS_PER_CITATION: Final = 120.0
#: Of those, what one search may cost services, all of them together; archives that are asked for a copy come on top.
SERVICE_REQUESTS_PER_SEARCH: Final = 8


class Asker(Protocol):
    """Answers one request with an outcome that is already committed."""

    async def ask(self, request: FetchRequest) -> Outcome:
        """The outcome, fresh or replayed."""


class Budget:
    """What one citation may still cost: requests, and seconds of exchanges (waits for manners do not count)."""

    def __init__(
        self,
        requests: int = REQUESTS_PER_CITATION,
        seconds: float = SECONDS_PER_CITATION,
        *,
        services: int = REQUESTS_PER_CITATION,
        within: Budget | None = None,
    ) -> None:
        """`services`: how many of the requests may go to services; `within`: the budget of which this one is a part."""
        self._requests = requests
        self._seconds = seconds
        self._services = services
        self._within = within

    def take(self, *, service: bool = False) -> bool:
        """Whether one more request is allowed, of a site or of a service; if so it is counted."""
        if self._requests <= 0 or self._seconds <= 0 or (service and self._services <= 0):
            return False
        if self._within is not None and not self._within.take(service=service):
            return False
        self._requests -= 1
        self._services -= service
        return True

    def spend(self, seconds: float) -> None:
        """Count what an exchange took."""
        self._seconds -= seconds
        if self._within is not None:
            self._within.spend(seconds)


def refusal(request: FetchRequest, kind: FailureKind, detail: str, *, at: datetime) -> FetchFailure:
    """The failure that stands for a request that was never made."""
    return FetchFailure(
        id=digest("failure", request.key, at.isoformat()),
        request_key=request.key,
        requested_url=request.url,
        url=request.url,
        method=request.method,
        purpose=request.purpose,
        kind=kind,
        detail=detail,
        failed_at=at,
        duration_s=0.0,
    )


async def drive(
    generator: Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], T],
    asker: Asker,
    *,
    budget: Budget,
    clock: Clock,
) -> T:
    """What the generator returns once each batch it yielded was answered, in order."""

    async def answered(request: FetchRequest) -> Outcome:
        if not budget.take(service=request.service is not None):
            detail = "the budget of requests for one citation is spent"
            return refusal(request, FailureKind.BREAKER_OPEN, detail, at=clock.now())
        outcome = await asker.ask(request)
        budget.spend(outcome.duration_s)
        return outcome

    try:
        requests = next(generator)
        while True:
            requests = generator.send(tuple(await asyncio.gather(*map(answered, requests))))
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        generator.close()
