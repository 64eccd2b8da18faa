"""Services that said no for good: not asked again in this run, by anyone.

A token that is refused or a plan that is spent is so for every further question; asking on costs the service and
brings nothing. What stands in for an answer is a failure that names the first refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.driver import refusal
from crawler.urls import host_of
from db.words import Coverage, FailureKind

if TYPE_CHECKING:
    from crawler.driver import Asker
    from crawler.protocols import Clock, FetchRequest, ResolverAnswer
    from db.model import Outcome

__all__ = ["OpenServices"]


class OpenServices:
    """Hands requests on to the asker, but for those to services, or hosts of services, that are closed."""

    def __init__(self, asker: Asker, clock: Clock) -> None:
        self._asker = asker
        self._clock = clock
        self._closed: dict[str, tuple[FailureKind, str]] = {}

    def close(self, answer: ResolverAnswer) -> None:
        """Ask the services that this answer closes no more."""
        kind = (
            FailureKind.RATE_LIMITED
            if answer.coverage is Coverage.QUOTA
            else FailureKind.BREAKER_OPEN
        )
        detail = f"not asked again in this run ({answer.coverage.value}: {answer.detail})"
        for service in answer.closes:
            self._closed.setdefault(service, (kind, detail))

    async def ask(self, request: FetchRequest) -> Outcome:
        """The outcome, or for a closed service why it was not asked."""
        host = host_of(request.url) if request.service else ""
        closed = self._closed.get(request.service or "") or self._closed.get(host)
        if closed is None:
            return await self._asker.ask(request)
        kind, detail = closed
        return refusal(request, kind, detail, at=self._clock.now())
