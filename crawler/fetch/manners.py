"""One exchange as a guest makes it: in line, at its turn, past an open breaker never, and again only where that helps.

What a host says by its answers (429, 503, refused connections) is remembered before the next in line may ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.fetch.breakers import CONNECTION_FAILURES, Breakers
from crawler.fetch.outcomes import Trouble
from crawler.fetch.pacing import LATE_SHARE, Lane, Pacer
from crawler.fetch.retries import RETRIES, SLOW_DOWN, persistent, retry_after_s
from crawler.protocols import WireResponse
from crawler.urls import pacing_key
from db.words import FailureKind

if TYPE_CHECKING:
    from crawler.fetch.limits import Limits, ServiceLimits
    from crawler.fetch.retries import Retry
    from crawler.protocols import Clock, FetchMemory, Wire, WireFailure, WireRequest

__all__ = ["Guest", "Manners"]

_TOO_MANY_REQUESTS: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Whom we ask and by which rules."""

    lane: Lane
    service: ServiceLimits | None  #: None for a site
    scale: float = 1.0  #: of the waits between calls to a service; a site's are never scaled


class Manners:
    """Asks the wire politely."""

    def __init__(
        self,
        wire: Wire,
        *,
        memory: FetchMemory,
        clock: Clock,
        limits: Limits,
        gap_s: float,
        pace_scale: float,
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._limits = limits
        self._gap_s = gap_s
        self._pace_scale = pace_scale
        self._pacer = Pacer(memory, clock=clock, limits=limits.site)
        self._breakers = Breakers(memory, clock=clock, limits=limits.site)

    def guest_at(
        self, url: str, *, service: str | None = None, crawl_delay_s: float = 0.0
    ) -> Guest:
        """How a checked URL is asked."""
        site = self._limits.site
        if service is not None:
            row, key = self._limits.service(service), f"service:{service}"
            lane = Lane(
                key=key,
                gap_s=row.gap_s * self._pace_scale,
                patience_s=site.patience_s,
                breaker=row.breaker or key,
            )
            return Guest(lane=lane, service=row, scale=self._pace_scale)
        key = pacing_key(url)
        # A host that asks for more than we wait is asked when its slot is free, and otherwise in a later run.
        patience_s = site.patience_s if crawl_delay_s <= site.crawl_delay_s else 0.0
        # A start may be a little late, and the next one in time: a delay that is asked for holds even then.
        gap_s = max(self._gap_s, crawl_delay_s * (1 + LATE_SHARE))
        return Guest(
            lane=Lane(key=key, gap_s=gap_s, patience_s=patience_s, breaker=key), service=None
        )

    async def exchange(
        self, request: WireRequest, guest: Guest
    ) -> tuple[WireResponse | Trouble, float]:
        """The last answer worth waiting for, and the seconds that all tries spent in exchanges."""
        spent_s = 0.0
        answered: WireResponse | Trouble | None = None

        async def attempt() -> WireResponse | Trouble:
            nonlocal spent_s, answered
            outcome = await self._asked(request, guest)
            spent_s += outcome.duration_s
            if answered is None or outcome.duration_s or isinstance(outcome, WireResponse):
                answered = outcome
            # A try that was not made (the first one opened the breaker) says less than the one that was.
            return answered

        def wait_s(outcome: WireResponse | Trouble, retry: Retry) -> float | None:
            return self._wait_s(outcome, retry, guest)

        outcome = await persistent(attempt, method=request.method, clock=self._clock, wait_s=wait_s)
        return self._final(outcome), spent_s

    # ------------------------------------------------------------------------------------ one try

    async def _asked(self, request: WireRequest, guest: Guest) -> WireResponse | Trouble:
        lane = guest.lane
        async with self._pacer.line(lane.key):
            broken = await self._breakers.opened(lane.breaker)
            if broken is not None:
                detail = (
                    f"left alone until {broken.open_until:%Y-%m-%d %H:%M} UTC ({broken.detail})"
                )
                return self._refusal(FailureKind.BREAKER_OPEN, detail)
            async with self._pacer.turn(lane) as later:
                if later is not None:
                    wait_s = (later - self._clock.now()).total_seconds()
                    detail = f"not to be asked before {later:%Y-%m-%d %H:%M:%S} UTC"
                    return self._refusal(FailureKind.RATE_LIMITED, detail, retry_after_s=wait_s)
                outcome = _as_trouble(await self._wire.exchange(request))
            await self._remember(outcome, guest)
            return outcome

    async def _remember(self, outcome: WireResponse | Trouble, guest: Guest) -> None:
        """Draw the consequences of an answer for everyone who asks this host after us."""
        lane = guest.lane
        if isinstance(outcome, Trouble):
            if outcome.kind is FailureKind.TIMEOUT:
                await self._pacer.rest(lane)
            if outcome.kind in CONNECTION_FAILURES:
                refused = outcome.kind is FailureKind.CONNECT and guest.service is not None
                ban_s = guest.service.connect_breaker_s if refused and guest.service else None
                await self._breakers.fail(
                    lane.breaker, f"{outcome.kind.value}: {outcome.detail}", ban_s=ban_s
                )
            return
        await self._breakers.succeed(lane.breaker)
        await self._pacer.sent_late(lane, outcome)
        if outcome.status in SLOW_DOWN:
            await self._pacer.slow_down(lane, self._rest_s(outcome, guest))
        else:
            await self._pacer.recover(lane)

    # -------------------------------------------------------------------------------------- waits

    def _rest_s(self, response: WireResponse, guest: Guest) -> float:
        """How long a host that says 429 or 503 wants to be left alone."""
        asked_s = retry_after_s(response.headers, now=self._clock.now())
        if asked_s is not None:
            return asked_s
        service_s = guest.service.no_retry_after_s if guest.service else None
        return (service_s or RETRIES[response.status].wait_s) * guest.scale

    def _wait_s(self, outcome: WireResponse | Trouble, retry: Retry, guest: Guest) -> float | None:
        """The wait before another try, None when there is none to make."""
        if isinstance(outcome, Trouble):
            banned = guest.service is not None and guest.service.connect_breaker_s is not None
            refused = outcome.kind is FailureKind.CONNECT
            return None if banned and refused else retry.wait_s * guest.scale
        slow = outcome.status in SLOW_DOWN
        wait_s = self._rest_s(outcome, guest) if slow else retry.wait_s * guest.scale
        return wait_s if wait_s <= self._limits.site.retry_after_s else None

    def _final(self, outcome: WireResponse | Trouble) -> WireResponse | Trouble:
        """The outcome, or that the host's own Retry-After lies beyond this run."""
        if isinstance(outcome, Trouble) or outcome.status != _TOO_MANY_REQUESTS:
            return outcome
        asked_s = retry_after_s(outcome.headers, now=self._clock.now())
        if asked_s is None or asked_s <= self._limits.site.retry_after_s:
            return outcome
        return Trouble(
            kind=FailureKind.RATE_LIMITED,
            detail=f"asked us to come back in {asked_s:.0f} s",
            failed_at=outcome.received_at,
            status=outcome.status,
            retry_after_s=asked_s,
        )

    def _refusal(
        self, kind: FailureKind, detail: str, *, retry_after_s: float | None = None
    ) -> Trouble:
        return Trouble(
            kind=kind, detail=detail, failed_at=self._clock.now(), retry_after_s=retry_after_s
        )


def _as_trouble(outcome: WireResponse | WireFailure) -> WireResponse | Trouble:
    if isinstance(outcome, WireResponse):
        return outcome
    return Trouble(
        kind=outcome.kind,
        detail=outcome.detail,
        failed_at=outcome.failed_at,
        duration_s=outcome.duration_s,
        status=outcome.status,
    )
