"""The seams between the crawler's rooms: what a resolver, an extractor, a fetcher, a wire and a clock are.

Rule: no IO and no import above the floor of pure code, so that every room can name the others' shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from db.ids import body_sha256, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import date, datetime

    from db.model import (
        BreakerRow,
        Candidate,
        Capture,
        Citation,
        DateWindow,
        Headers,
        Outcome,
        Outlet,
        Page,
        RobotsRow,
    )
    from db.words import CapturePurpose, Coverage, FailureKind

__all__ = [
    "Attestation",
    "Clock",
    "ExtractionFailure",
    "ExtractionFailureKind",
    "ExtractionTask",
    "Extractor",
    "FetchMemory",
    "FetchRequest",
    "Fetcher",
    "Query",
    "Resolver",
    "ResolverAnswer",
    "Resolving",
    "Wire",
    "WireFailure",
    "WireRequest",
    "WireResponse",
    "Workers",
]


# ----------------------------------------------------------------------------------------- fetching


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """Something to ask the web for. Limits and manners follow from its purpose and service."""

    url: str
    purpose: CapturePurpose
    method: str = "GET"
    headers: Headers = ()  #: beside those that every request carries; secrets are redacted on tape
    body: bytes = b""
    service: str | None = (
        None  #: gdelt, wayback_cdx, wayback_replay, searxng, …: its row of limits; None for a site
    )
    check_robots: bool = True  #: False for a service's API and for robots.txt itself
    follow: bool = True  #: API clients never follow redirects (custom headers would travel along)
    may_not_exist: bool = (
        False  #: a guessed host: that nobody is there says nothing of this machine's network
    )
    not_modified: Capture | None = None  #: latest capture of this URL, to ask conditionally

    @property
    def key(self) -> str:
        """The request key: what a stored outcome is found by."""
        return digest(self.method, self.url, body_sha256(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class WireRequest:
    """One hop as it goes out: nothing is added below this but what HTTP itself needs."""

    method: str
    url: str
    headers: Headers
    body: bytes = b""
    wire_limit_bytes: int = 32 << 20  #: stop reading (kind too_large) above it
    deadline_s: float = 30.0  #: from the first packet to the last byte

    @property
    def key(self) -> str:
        """The tape's key: method, URL and body hash."""
        return digest(self.method, self.url, body_sha256(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class WireResponse:
    """One hop as it came back: the body still in its content coding, transfer coding removed."""

    status: int
    http_version: str  #: "1.1"
    reason: str
    headers: Headers
    body: bytes = field(repr=False)
    received_at: datetime
    duration_s: float
    remote_address: str | None = None
    truncated: bool = False
    connect_s: float = (
        0.0  #: of `duration_s`: until the connection was there and the request could go out
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WireFailure:
    """One hop that gave no response."""

    kind: FailureKind
    detail: str
    failed_at: datetime
    duration_s: float
    status: int | None = None


class Wire(Protocol):
    """One exchange, no manners: the live one opens sockets, the tapes record and replay."""

    async def exchange(self, request: WireRequest) -> WireResponse | WireFailure:
        """The response, or why there is none. Never raises for the world's trouble."""

    async def aclose(self) -> None:
        """Let go of connections and files."""


class Fetcher(Protocol):
    """Polite, bounded, suspicious: the one door to the web for everything above."""

    async def fetch(self, request: FetchRequest) -> Outcome:
        """A capture whatever the status, or a failure. Never raises for the world's trouble."""

    async def aclose(self) -> None:
        """Let go of the wire."""


class FetchMemory(Protocol):
    """What fetch remembers between requests and shares with other processes; filled by `crawler.app`."""

    async def robots(self, origin: str) -> RobotsRow | None:
        """The remembered robots.txt of this origin, however old."""

    async def keep_robots(self, row: RobotsRow) -> None:
        """Remember it."""

    async def take_slot(
        self, key: str, gap_s: float, now: datetime, *, missed: datetime | None = None
    ) -> datetime:
        """The instant at which the caller may start its request to `key`.

        Taken in one short transaction: `next_allowed_at` moves by the larger of `gap_s` and the remembered gap, so
        that two processes never share a slot. `missed` is the slot that the caller took before and comes too late
        for: where nobody has taken the one after it, it is moved to `now`.
        """

    async def postpone(self, key: str, until: datetime, gap_s: float | None = None) -> None:
        """No request to `key` starts before `until`; `gap_s` replaces the remembered gap."""

    async def breaker(self, key: str) -> BreakerRow | None:
        """The breaker of this key, None when it never tripped."""

    async def keep_breaker(self, row: BreakerRow) -> None:
        """Remember it."""


# ---------------------------------------------------------------------------------------- resolving


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is known of a cited work when the search for it begins."""

    citation: Citation
    outlet: Outlet | None  #: None when nobody is known by the name as cited
    window: DateWindow | None  #: from the date as cited
    today: date  #: of the run, so that generators need no clock
    outlet_is_guess: bool = (
        False  #: its hosts are not confirmed: what is not found there shows nothing
    )
    known: tuple[str, ...] = ()  #: addresses that the resolvers asked before have offered
    covered: bool = (
        False  #: one of them covers outlet and date, so that nobody's knowing them need be proved
    )

    @property
    def title(self) -> str:
        """The title as cited, "" where there is none."""
        return self.citation.title or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """That the cited headline exists at the cited outlet, from somebody who gives no address for it."""

    detail: str  #: who says so of which outlet, for a person
    published_on: date | None = None  #: the day that they give it


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverAnswer:
    """What one resolver has to offer."""

    candidates: tuple[Candidate, ...]
    coverage: Coverage
    detail: str = ""
    attests: Attestation | None = None  #: keeps "not found" from being said
    closes: tuple[
        str, ...
    ] = ()  #: services, or hosts of theirs, that would refuse any further question


#: A resolver at work: it yields a batch of requests, is sent their outcomes in order, and returns its answer.
Resolving: TypeAlias = "Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], ResolverAnswer]"


class Resolver(Protocol):
    """One way to find pages, without IO; third parties register theirs as `citehound.resolvers`.

    It may state `covers`, `terms` and `default`: one line each on what its silence covers, what it costs whom and what
    turns it on. `citehound plugins` shows them.
    """

    @property
    def name(self) -> str:
        """One word, unique among the loaded resolvers; candidates carry it as `via`."""

    @property
    def version(self) -> str:
        """Changed whenever an answer may change."""

    def resolve(self, query: Query) -> Resolving:
        """Start the search for one citation."""


# --------------------------------------------------------------------------------------- extraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionTask:
    """A capture to read; picklable, because extraction happens in a worker process."""

    capture: Capture  #: with its body
    outlet_languages: tuple[str, ...] = ()


class ExtractionFailureKind(StrEnum):
    """Why a worker gave nothing back."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionFailure:
    """A task that a worker could not end: only this task is lost."""

    kind: ExtractionFailureKind
    detail: str


class Extractor(Protocol):
    """Reads captures; third parties register theirs as `citehound.extractors`, the first that reads one wins."""

    @property
    def name(self) -> str:
        """One word, unique among the loaded extractors."""

    @property
    def version(self) -> str:
        """Changed whenever a page's text or metadata may change: evidence offsets depend on it."""

    def reads(self, capture: Capture) -> bool:
        """Whether this extractor can read this media type."""

    def extract(self, task: ExtractionTask) -> Page:
        """The page, whatever was in the capture: trouble is a `PageState`, never an exception."""


# --------------------------------------------------------------------------------- workers and time


class Workers(Protocol):
    """The one pool for bounded tasks."""

    async def run(
        self, function: Callable[..., object], *arguments: object, deadline_s: float
    ) -> object | ExtractionFailure:
        """`function(*arguments)` in a worker, or why not. `function` is importable by name, its values picklable.

        An exception that `function` raises is our own fault and is raised here again.
        """

    async def aclose(self) -> None:
        """End the workers."""


class Clock(Protocol):
    """The only source of time: real, or a tape's."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""

    async def sleep_until(self, instant: datetime) -> None:
        """Return at `instant` or later; a tape's clock jumps there instead of waiting."""
