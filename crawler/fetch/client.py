"""The fetcher: polite, bounded, suspicious. Its outcome is a value, whatever the world does.

The way of a request: address, robots, turn, exchange, redirects one by one (each asked for as if it were the first),
decoding, record. Nothing here opens a socket or knows a library's exceptions.
"""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Final

from crawler.fetch.decode import Undecodable, decoded
from crawler.fetch.limits import limits as shipped_limits
from crawler.fetch.manners import Manners
from crawler.fetch.outcomes import Trail, Trouble, captured, failed, redirected
from crawler.fetch.permissions import Permissions, RobotsAnswer
from crawler.protocols import FetchRequest, WireRequest
from crawler.urls import BadUrl, checked_url, origin_of
from db.ids import body_sha256, digest
from db.model import Capture
from db.words import CapturePurpose, FailureKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.fetch.limits import Limits
    from crawler.fetch.manners import Guest
    from crawler.protocols import Clock, FetchMemory, Wire, WireResponse
    from db.model import FetchFailure, Headers, Outcome, RobotsRow

__all__ = ["HttpFetcher"]

ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.8,*/*;q=0.5"
)
ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"

#: Bodies above this are decoded beside the loop, so that nobody's turn is late.
DECODED_ASIDE_BYTES: Final = 1 << 18

_OK: Final = 200


class HttpFetcher:
    """The one door to the web (`crawler.protocols.Fetcher`)."""

    def __init__(
        self,
        wire: Wire,
        *,
        memory: FetchMemory,
        clock: Clock,
        user_agent: str,
        limits: Limits | None = None,
        gap_s: float | None = None,
        pace_scale: float = 1.0,
        endpoints: Mapping[str, str] | None = None,
    ) -> None:
        """Built by `crawler.app`.

        `gap_s` is the operator's own gap between requests to one host. `endpoints` maps a service's name to the URL at
        which the operator runs it: no other request may go to that scheme, host and port.
        """
        self._wire = wire
        self._clock = clock
        self._user_agent = user_agent
        self._limits = limits or shipped_limits()
        self._endpoints = {origin_of(url): name for name, url in (endpoints or {}).items()}
        site = self._limits.site
        self._manners = Manners(
            wire,
            memory=memory,
            clock=clock,
            limits=self._limits,
            gap_s=site.gap_s if gap_s is None else gap_s,
            pace_scale=pace_scale,
        )
        self._permissions = Permissions(
            self._robots_answer, memory=memory, clock=clock, limits=site
        )

    async def fetch(self, request: FetchRequest) -> Outcome:
        """A capture whatever the status, or a failure. Never raises for the world's trouble."""
        if request.purpose is CapturePurpose.ROBOTS:
            return await self._robots_outcome(request)
        trail = Trail(request=request)
        url, outcome = await self._journey(trail, most=self._limits.site.redirects)
        if isinstance(outcome, Trouble):
            return failed(trail, url, outcome)
        return await self._captured(trail, url, outcome)

    async def aclose(self) -> None:
        """Let go of the wire."""
        await self._permissions.aclose()
        await self._wire.aclose()

    # ------------------------------------------------------------------------------------ the way

    async def _journey(self, trail: Trail, *, most: int) -> tuple[str, WireResponse | Trouble]:
        """Where the request ended, and with what."""
        url = trail.request.url
        while True:
            checked = checked_url(url)
            if isinstance(checked, BadUrl):
                return url, self._trouble(
                    FailureKind.BAD_SCHEME, f"{checked.reason}: {checked.detail}"
                )
            if checked in trail.asked:
                return checked, self._trouble(FailureKind.REDIRECT_LOOP, "redirected in a circle")
            outcome = await self._hop(trail, checked)
            if isinstance(outcome, Trouble):
                return checked, outcome
            onward = redirected(trail, checked, outcome, most=most)
            if onward is None or isinstance(onward, Trouble):
                return checked, onward or outcome
            url = onward

    async def _hop(self, trail: Trail, url: str) -> WireResponse | Trouble:
        request = trail.request
        at_home = origin_of(url) == origin_of(request.url)
        service = request.service if at_home else None
        if self._endpoints.get(origin_of(url), service) != service:
            return self._trouble(FailureKind.PRIVATE_ADDRESS, "an endpoint of the operator's own")
        crawl_delay_s = 0.0
        if request.check_robots or not (at_home or request.purpose is CapturePurpose.ROBOTS):
            permission = await self._permissions.verdict(url)
            if isinstance(permission, Trouble):
                return permission
            crawl_delay_s = permission.crawl_delay_s
        guest = self._manners.guest_at(url, service=service, crawl_delay_s=crawl_delay_s)
        outgoing = self._outgoing(request, url, guest, at_home=at_home)
        outcome, spent_s = await self._manners.exchange(outgoing, guest)
        trail.spent_s += spent_s
        return outcome

    def _outgoing(
        self, request: FetchRequest, url: str, guest: Guest, *, at_home: bool
    ) -> WireRequest:
        deadline_s = guest.service.deadline_s if guest.service else None
        return WireRequest(
            method=request.method,
            url=url,
            headers=self._headers(request, url, guest, at_home=at_home),
            body=request.body,
            wire_limit_bytes=self._limits.wire_bytes(request.purpose),
            deadline_s=deadline_s or self._limits.site.deadline_s,
        )

    def _headers(self, request: FetchRequest, url: str, guest: Guest, *, at_home: bool) -> Headers:
        encodings = guest.service.accept_encoding if guest.service else None
        usual = (
            ("User-Agent", self._user_agent),
            ("Accept", ACCEPT),
            ("Accept-Encoding", encodings or ACCEPT_ENCODING),
        )
        # A request's own headers may be credentials: they never travel to another origin.
        own = request.headers if at_home else ()
        named = {name.lower() for name, _ in own}
        return (
            *(pair for pair in usual if pair[0].lower() not in named),
            *own,
            *_conditions(request, url),
        )

    async def _captured(self, trail: Trail, url: str, response: WireResponse) -> Outcome:
        if len(response.body) <= DECODED_ASIDE_BYTES:
            return captured(trail, url, response, limits=self._limits)
        return await asyncio.to_thread(captured, trail, url, response, limits=self._limits)

    # ------------------------------------------------------------------------------------- robots

    async def _robots_answer(self, url: str) -> RobotsAnswer:
        """One attempt to get a robots.txt, with the manners of any other request."""
        request = FetchRequest(url=url, purpose=CapturePurpose.ROBOTS, check_robots=False)
        trail = Trail(request=request)
        _, outcome = await self._journey(trail, most=self._limits.site.robots_redirects)
        if isinstance(outcome, Trouble):
            lost = outcome.kind is FailureKind.REDIRECT_LOOP
            return RobotsAnswer(
                status=trail.hops[-1].status if lost else None,
                body=b"",
                detail=f"{outcome.kind.value}: {outcome.detail}",
                answered_at=outcome.failed_at,
                trouble=None if trail.hops else outcome,
            )
        limit_bytes = self._limits.wire_bytes(CapturePurpose.ROBOTS)
        body = decoded(outcome.body, outcome.headers, limit_bytes=limit_bytes)
        if isinstance(body, Undecodable):
            return RobotsAnswer(
                status=None, body=b"", detail=body.detail, answered_at=outcome.received_at
            )
        return RobotsAnswer(
            status=outcome.status,
            body=body.body,
            detail=f"HTTP {outcome.status}",
            answered_at=outcome.received_at,
        )

    async def _robots_outcome(self, request: FetchRequest) -> Outcome:
        """The remembered robots.txt of the request's origin, as if it had just been asked."""
        origin = origin_of(request.url)
        if not origin:
            trouble = self._trouble(FailureKind.BAD_SCHEME, "not an address to ask")
            return failed(Trail(request=request), request.url, trouble)
        row = await self._permissions.row(origin)
        if isinstance(row, Trouble):
            return failed(Trail(request=request), request.url, row)
        return self._robots_record(request, row)

    def _robots_record(self, request: FetchRequest, row: RobotsRow) -> Capture | FetchFailure:
        if row.status == "unreachable" or row.http_status is None:
            trouble = self._trouble(FailureKind.ROBOTS_UNREACHABLE, row.detail)
            trouble = dataclasses.replace(trouble, status=row.http_status)
            return failed(Trail(request=request), request.url, trouble)
        body = row.text.encode()
        return Capture(
            id=digest("capture", request.key, row.fetched_at.isoformat()),
            request_key=request.key,
            requested_url=request.url,
            url=request.url,
            method=request.method,
            purpose=request.purpose,
            captured_at=row.fetched_at,
            duration_s=0.0,
            status=row.http_status,
            http_version="1.1",
            headers=(),
            media_type="text/plain",
            charset="utf-8",
            body=body,
            body_sha256=body_sha256(body),
            body_bytes=len(body),
        )

    def _trouble(self, kind: FailureKind, detail: str) -> Trouble:
        return Trouble(kind=kind, detail=detail, failed_at=self._clock.now())


def _conditions(request: FetchRequest, url: str) -> Headers:
    """The headers that let the server say that the stored capture still stands (RFC 9110, 13.1)."""
    before = request.not_modified
    if before is None or before.body_sha256 is None or before.url != url or request.method != "GET":
        return ()
    if before.status not in {_OK, 304}:
        return ()
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return tuple(
        (names[name.lower()], value) for name, value in before.headers if name.lower() in names
    )
