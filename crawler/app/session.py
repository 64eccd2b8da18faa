"""One command at work: its parts, opened, put together for each run, and closed."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.app.building import (
    Web,
    built_fetcher,
    built_resolvers,
    built_wire,
    built_workers,
    config_digest,
    outlet_book,
    save_keys,
)
from crawler.config import seeds_folder
from crawler.ingest import linked
from crawler.journal import Journal, StoreThread
from crawler.judgement import Judge
from crawler.namer import Namer
from crawler.offline import OfflineWatch
from crawler.ordered import in_order
from crawler.plugins import plugin_lines, verifier_names
from crawler.progress import Counts, Event, Listeners
from crawler.resolution import Searcher
from crawler.run import LEASE_S, NIGHTLY_LEASE, Parts, Pass, query_for
from crawler.saving import Saver
from crawler.spread import AT_ONCE
from crawler.verification import warmed
from db.exchanges import REPLAY
from db.ids import digest
from db.model import Run
from db.store import Store
from db.words import RunKind, RunState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from crawler.choice import Resolved
    from crawler.config import Settings
    from crawler.progress import Listener
    from crawler.protocols import Clock, Fetcher, Resolver, Workers
    from crawler.resolve.outlets import OutletBook
    from crawler.sought import Sought
    from db.model import Ingested
    from db.store import Work

__all__ = ["App", "opened"]

#: A killed run is gone on from within this time.
RESUMED_WITHIN: Final = timedelta(hours=24)
#: Seconds that a worker may take to load what it needs.
WARMING_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The parts of one command, open."""

    settings: Settings
    thread: StoreThread
    clock: Clock
    fetcher: Fetcher
    workers: Workers
    book: OutletBook
    resolvers: tuple[Resolver, ...]
    listeners: tuple[Listener, ...]
    detail: str = ""  #: of its runs: "replay FILE" where a recording answers instead of the web

    @property
    def store(self) -> Store:
        """The store; use it through `thread` while a run is under way."""
        return self.thread.store

    def ingest(self, ingested: Ingested) -> str:
        """Store a version of a document; its id."""
        previous = self.store.ingested(ingested.version.document_id)
        self.store.add_ingested(linked(previous, ingested), at=self.clock.now())
        return ingested.version.document_id

    async def check_documents(self, document_ids: Sequence[str]) -> Run:
        """Check every citation of these documents, on demand."""
        return await self._pass(RunKind.ON_DEMAND, lambda: self.store.work(tuple(document_ids)))

    async def check_due(self, *, limit: int) -> Run:
        """Check what is due today, as a nightly run; LeaseHeldError when another is under way."""
        now = self.clock.now()
        self._bury()
        await self.thread.do(
            self.store.take_lease, NIGHTLY_LEASE, holder=_holder(), now=now, ttl_s=LEASE_S
        )
        return await self._pass(RunKind.NIGHTLY, lambda: self.store.due(on=now.date(), limit=limit))

    async def resolved(self, sought: Sequence[Sought]) -> AsyncIterator[tuple[Sought, Resolved]]:
        """Each citation with how its search ended, in the order asked; nothing but captures is stored."""
        run, parts, _ = self._begun(RunKind.ON_DEMAND)
        state = RunState.FAILED

        async def search(one: Sought) -> Resolved:
            query = query_for(one.citation, book=self.book, today=run.started_at.date())
            return await parts.searcher.resolved(query)

        try:
            parts.listeners.tell(Event.RUN_STARTED, run=run.id, citations=len(sought))
            async for one, answer in in_order(sought, search, ahead=AT_ONCE):
                parts.listeners.tell(Event.ANSWER_COMMITTED, citation=one.id)
                yield one, answer
            state = RunState.SUCCEEDED
        finally:
            await Pass(run=run, parts=parts).end(state)

    async def _pass(self, kind: RunKind, work: Callable[[], tuple[Work, ...]]) -> Run:
        run, parts, resumed = self._begun(kind)
        nightly = kind is RunKind.NIGHTLY
        requests = int(self.settings["run.requests"]) if nightly else 0
        return await Pass(run=run, parts=parts, resumed=resumed, requests=requests).over(work)

    def _begun(self, kind: RunKind) -> tuple[Run, Parts, tuple[str, ...]]:
        """A run row, its parts, and the killed runs that it goes on from."""
        self._bury()
        resumed = self._resumable(kind)
        run = self._new_run(kind, resumed)
        self.store.start_run(run)
        counts = Counts()
        listeners = Listeners(counts, *self.listeners)
        offline = OfflineWatch(listeners)
        journal = Journal(
            self.fetcher,
            thread=self.thread,
            clock=self.clock,
            run_ids=(run.id, *resumed),
            offline=offline,
            listeners=listeners,
        )
        judge = Judge(
            verifier_names=verifier_names(),
            workers=self.workers,
            thread=self.thread,
            listeners=listeners,
        )
        parts = Parts(
            thread=self.thread,
            journal=journal,
            searcher=self.searcher(journal, listeners),
            judge=judge,
            book=self.book,
            clock=self.clock,
            offline=offline,
            listeners=listeners,
            counts=counts,
            saver=self._saver(journal, listeners),
        )
        return run, parts, resumed

    def _saver(self, journal: Journal, listeners: Listeners) -> Saver | None:
        keys = save_keys(self.settings)
        if keys is None:
            return None
        return Saver(
            keys=keys,
            asker=journal,
            thread=self.thread,
            clock=self.clock,
            listeners=listeners,
        )

    def searcher(self, journal: Journal, listeners: Listeners) -> Searcher:
        """The search for cited works, asking through this journal."""
        return Searcher(
            resolvers=self.resolvers,
            book=self.book,
            asker=journal,
            workers=self.workers,
            clock=self.clock,
            listeners=listeners,
            namer=Namer(
                book=self.book,
                asker=journal,
                thread=self.thread,
                clock=self.clock,
                # A recording is of its own day: what it tells is neither kept for others nor made up by them.
                remembers=not self.detail,
            ),
            read_paywalled=self.settings.yes("archives.read_paywalled"),
        )

    def _resumable(self, kind: RunKind) -> tuple[str, ...]:
        """Killed runs to go on from; what an older one stored is no longer today's answer."""
        oldest = self.clock.now() - RESUMED_WITHIN
        chain = (self.store.run(one) for one in self.store.resumable(kind))
        return tuple(
            run.id
            for run in chain
            if run is not None and run.started_at >= oldest and run.detail == self.detail
        )

    def _new_run(self, kind: RunKind, resumed: Sequence[str]) -> Run:
        now = self.clock.now()
        lines = plugin_lines(self.resolvers)
        return Run(
            id=digest("run", kind.value, now.isoformat(), _holder(), str(len(self.store.runs()))),
            kind=kind,
            state=RunState.RUNNING,
            started_at=now,
            heartbeat_at=now,
            holder=_holder(),
            detail=self.detail,
            resumes=resumed[0] if resumed else None,
            version=version("citehound"),
            plugins=lines,
            config_digest=config_digest(self.settings),
        )

    def _bury(self) -> None:
        """Mark runs as killed whose process is gone or silent, so that they can be resumed."""
        now = self.clock.now()
        running = {run.holder for run in self.store.runs() if run.state is RunState.RUNNING}
        gone = sorted(holder for holder in running if _is_dead(holder))
        self.store.reap(now, older_than_s=LEASE_S, gone=gone)


@asynccontextmanager
async def opened(settings: Settings, web: Web, *listeners: Listener) -> AsyncIterator[App]:
    """The parts, built from the settings, and closed in the right order at the end."""
    save_keys(settings)  # one key alone is told before anything is made
    clock, wire = built_wire(settings, web)
    try:
        book = outlet_book(seeds_folder(settings))
        resolving = built_resolvers(settings)
        store = Store.open(settings["db"])
    except BaseException:
        await wire.aclose()
        raise
    book = book.behind(store.outlets())
    thread = StoreThread(store)
    workers = built_workers(int(settings["jobs"]))
    # One worker loads the parser and the verifiers while the first search is under way.
    warming = asyncio.create_task(workers.run(warmed, deadline_s=WARMING_S))
    fetcher = built_fetcher(settings, wire, clock=clock, thread=thread, replayed=bool(web.replay))
    try:
        yield App(
            settings=settings,
            thread=thread,
            clock=clock,
            fetcher=fetcher,
            workers=workers,
            book=book,
            resolvers=resolving,
            listeners=listeners,
            detail=f"{REPLAY} {web.replay}" if web.replay else "",
        )
    finally:
        warming.cancel()
        await asyncio.gather(warming, return_exceptions=True)
        await workers.aclose()
        await fetcher.aclose()
        thread.close()
        store.close()


def _holder() -> str:
    """host:pid:start of this process; the start tells it from another one of the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process started, in clock ticks since the machine did (proc(5), field 22); "" where that is unknown."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    return fields.rpartition(")")[2].split()[19]


def _is_dead(holder: str) -> bool:
    """Whether the process that held a run is known to be gone: it was on this host, and is none of those now."""
    host, _, rest = holder.partition(":")
    pid, _, start = rest.partition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return bool(start) and _started(int(pid)) not in {"", start}
