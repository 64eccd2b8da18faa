"""The loop: what is due is resolved, fetched, read, judged and stored, one citation at a time, many at once.

Each citation's answer is committed in one transaction; an interrupted or killed run loses only what was in
hand, and the next run of its kind goes on from what it stored.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from crawler.dates import cited_window, dated_title
from crawler.judgement import cause_of_change, collected, differs
from crawler.progress import Event
from crawler.protocols import Query
from crawler.spread import spread
from crawler.states import PastAttempt, gone_reason
from crawler.urls import pacing_key
from db.errors import LeaseHeldError, StoreBusyError
from db.ids import digest
from db.model import Resolution
from db.words import CapturePurpose, Reason, RunKind, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from crawler.choice import Resolved
    from crawler.journal import Journal, StoreThread
    from crawler.judgement import Judge
    from crawler.offline import OfflineWatch
    from crawler.progress import Counts, Listeners
    from crawler.protocols import Clock
    from crawler.resolution import Searcher
    from crawler.resolve.outlets import OutletBook
    from crawler.saving import Saver
    from db.model import Citation, Run
    from db.store import Work

__all__ = [
    "HEARTBEAT_S",
    "LEASE_S",
    "NIGHTLY_LEASE",
    "Parts",
    "Pass",
    "query_for",
]

P = ParamSpec("P")
T = TypeVar("T")

#: How long bodies of other purposes than `source` are kept; their rows and hashes stay.
KEPT_FOR: Final = {
    CapturePurpose.ROBOTS: timedelta(days=2),
    CapturePurpose.INDEX: timedelta(days=7),
    CapturePurpose.SERVICE: timedelta(days=7),
}

log = logging.getLogger("citehound.run")

#: Nightly runs exclude each other by the lease of this name.
NIGHTLY_LEASE: Final = "nightly"

#: A run says that it is alive this often …
HEARTBEAT_S: Final = 20.0
#: … and is taken for dead, its lease for free, when it has not for this long.
LEASE_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the composition root builds for one run."""

    thread: StoreThread
    journal: Journal
    searcher: Searcher
    judge: Judge
    book: OutletBook
    clock: Clock
    offline: OfflineWatch
    listeners: Listeners
    counts: Counts
    saver: Saver | None = None  #: None where the operator gave no keys


@dataclass(slots=True)
class Pass:
    """One run over some work."""

    run: Run
    parts: Parts
    resumed: tuple[str, ...] = ()  #: killed runs whose attempts count as done
    requests: int = 0  #: after so many no further citation is taken; 0 for no bound

    async def over(self, find: Callable[[], Sequence[Work]]) -> Run:
        """The run as it ended, with its counts; `find` reads its work from the store.

        Cancelling keeps what is committed and ends it `interrupted`.
        """
        parts = self.parts
        state = RunState.FAILED
        working = asyncio.current_task()
        beating = asyncio.create_task(self._beat(working))
        try:
            works = await self._store(find)
            parts.listeners.tell(Event.RUN_STARTED, run=self.run.id, citations=len(works))
            await spread(await self._left(works), self._taken, host_of=self._host)
            await self._collect()
            if parts.saver is not None:
                await parts.saver.save(self.run, resumed=self.resumed)
            state = self._ended_as()
        except asyncio.CancelledError:
            state = RunState.INTERRUPTED
            raise
        finally:
            beating.cancel()
            ended = await self.end(state)
        return ended

    async def _left(self, works: Sequence[Work]) -> list[Work]:
        """The works that no run of this chain has answered for every claim that leans on them."""
        store, runs = self.parts.thread.store, (self.run.id, *self.resumed)
        answered = await self._store(store.attempted, runs)
        pairs = await self._store(store.attempted_pairs, runs)
        return [
            work
            for work in works
            if work.citation.id not in answered
            or any((claim.id, work.citation.id) not in pairs for claim, _ in work.claims)
        ]

    def _ended_as(self) -> RunState:
        if self.parts.offline.concluded:
            return RunState.OFFLINE
        return (
            RunState.FAILED if self.parts.counts[Event.PLUGIN_FAILED.value] else RunState.SUCCEEDED
        )

    async def _taken(self, work: Work) -> None:
        """One citation, unless the run has asked the web for all that it may: the rest stays due for the next."""
        parts = self.parts
        if self.requests and parts.counts[Event.EXCHANGE_ASKED.value] >= self.requests:
            parts.listeners.tell(Event.CITATION_LEFT, citation=work.citation.id)
        else:
            await self._citation(work)

    def _host(self, work: Work) -> str:
        """Whom a citation will mostly be asked of; where nobody knows, it stands for itself."""
        citation = work.citation
        if citation.url and (key := pacing_key(citation.url)):
            return key
        outlet = self.parts.book.named(citation.outlet) if citation.outlet else None
        return outlet.hosts[0] if outlet and outlet.hosts else citation.id

    async def _citation(self, work: Work) -> None:
        """Resolve, judge and commit one citation."""
        parts = self.parts
        parts.listeners.tell(Event.CITATION_TAKEN, citation=work.citation.id)
        query = query_for(work.citation, book=parts.book, today=self.run.started_at.date())
        resolved = await parts.searcher.resolved(query)
        resolved = await self._confirmed(work, resolved)
        resolution = _resolution(work.citation, resolved, run=self.run, at=parts.clock.now())
        today = self.run.started_at.date()
        again_on = today if parts.offline.concluded else None
        judged = await parts.judge.judged(
            work.citation, work.claims, resolved, resolution, again_on=again_on
        )
        parts.listeners.tell(Event.ANSWER_COMMITTING, citation=work.citation.id)
        await self._store(
            parts.thread.store.add_answer,
            resolution=resolution,
            pages=resolved.pages,
            findings=judged.findings,
            verdicts=judged.verdicts,
            attempts=judged.attempts,
        )
        parts.listeners.tell(
            Event.ANSWER_COMMITTED, citation=work.citation.id, kind=resolution.status.value
        )

    async def _confirmed(self, work: Work, resolved: Resolved) -> Resolved:
        """The same, but `dead` where this and earlier attempts at that page confirm it, and no archive has a copy."""
        if resolved.reason is not Reason.GONE_UNCONFIRMED or not resolved.is_unarchived:
            return resolved
        url = resolved.taken.url if resolved.taken else None
        tries = await self._store(self.parts.thread.store.attempts_of, work.citation.id)
        past = [
            PastAttempt(attempted_at=one.attempted_at, reason=one.reason)
            for one in tries
            if one.url == url or one.reason is None
        ]
        return dataclasses.replace(resolved, reason=gone_reason(past, now=self.parts.clock.now()))

    async def _collect(self) -> None:
        """Roll up each claim that leans on several citations, one of which was judged since.

        The store knows them, so that a claim whose run was killed or interrupted in between is not forgotten.
        """
        for claim_id, citation_ids in await self._store(self.parts.thread.store.uncollected):
            await self._collect_one(claim_id, citation_ids)

    async def _collect_one(self, claim_id: str, citation_ids: Sequence[str]) -> None:
        store = self.parts.thread.store
        each = [
            await self._store(store.latest_verdict, claim_id, citation_id=one)
            for one in citation_ids
        ]
        verdicts = [one for one in each if one is not None]
        if not verdicts:
            return
        standing = await self._store(store.latest_verdict, claim_id, citation_id=None)
        together = collected(claim_id, verdicts, run=self.run, at=self.parts.clock.now())
        if standing is None or differs(standing, together):
            together = dataclasses.replace(together, cause=cause_of_change(standing, together))
            await self._store(store.add_verdict, together)

    # ------------------------------------------------------------------------------ housekeeping

    async def _store(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.parts.thread.do(method, *args, **kwargs)

    async def _beat(self, working: asyncio.Task[object] | None) -> None:
        """Say that this run is alive, and keep its lease; where another took the lease, end this run."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                await self._alive()
            except StoreBusyError as error:
                log.warning("the heartbeat is late: %s", error)
            except LeaseHeldError as error:
                log.error("another run took over, so this one ends: %s", error)  # noqa: TRY400 - no traceback
                if working is not None:
                    working.cancel()
                return

    async def _alive(self) -> None:
        store, now = self.parts.thread.store, self.parts.clock.now()
        await self._store(store.heartbeat, self.run.id, at=now)
        if self.run.kind is RunKind.NIGHTLY:
            await self._store(
                store.renew_lease, NIGHTLY_LEASE, holder=self.run.holder, now=now, ttl_s=LEASE_S
            )

    async def end(self, state: RunState) -> Run:
        """Commit what has been answered, then the run's end."""
        parts = self.parts
        await parts.journal.aclose()
        parts.listeners.tell(Event.RUN_ENDING, kind=state.value)
        now = parts.clock.now()
        ended = dataclasses.replace(
            self.run, state=state, ended_at=now, heartbeat_at=now, counts=parts.counts.total()
        )
        await self._store(parts.thread.store.end_run, ended)
        await self._store(parts.thread.store.drop_noarchive)
        for purpose, kept_for in KEPT_FOR.items():
            await self._store(parts.thread.store.drop_bodies, (purpose,), before=now - kept_for)
        if self.run.kind is RunKind.NIGHTLY:
            await self._store(
                parts.thread.store.release_lease, NIGHTLY_LEASE, holder=self.run.holder
            )
        await self._store(parts.thread.store.checkpoint)
        return ended


def query_for(citation: Citation, *, book: OutletBook, today: date) -> Query:
    """What is known of a cited work when the search for it begins."""
    return Query(
        citation=citation,
        outlet=book.named(citation.outlet) if citation.outlet else None,
        window=cited_window(citation.date) or dated_title(citation.title),
        today=today,
    )


def _resolution(citation: Citation, resolved: Resolved, *, run: Run, at: datetime) -> Resolution:
    captured = resolved.captured
    original = captured.memento_of if captured else None
    live = resolved.page.url if resolved.page and not original else None
    return Resolution(
        id=digest("resolution", citation.id, run.id),
        citation_id=citation.id,
        run_id=run.id,
        resolved_at=at,
        status=resolved.status,
        reason=resolved.reason,
        url=original or live or (resolved.taken.url if resolved.taken else None),
        archive_url=resolved.archive_url,
        via=resolved.taken.via if resolved.taken else None,
        rule=resolved.rule,
        score=resolved.taken.score if resolved.taken else 0.0,
        identity=resolved.identity,
        page_id=resolved.page.id if resolved.page else None,
        candidates=resolved.candidates,
        reports=resolved.reports,
    )
