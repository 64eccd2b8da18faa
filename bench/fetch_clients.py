"""The clients that `bench/fetch.py` compares, each in a process of its own; not for people.

    python bench/fetch_clients.py CLIENT < JOB      (a JSON object: ports, first, pages)

Prints one JSON line: pages, decoded bytes, seconds of wall clock and of CPU (user and system, every thread) from after
the imports to the last committed row, and the process's peak memory.
"""

from __future__ import annotations

import asyncio
import json
import resource
import ssl
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, TypeVar

from crawler.fetch.client import ACCEPT_ENCODING, HttpFetcher
from crawler.fetch.clock import RealClock
from crawler.fetch.connections import ConnectTo
from crawler.fetch.decode import Decoded, decoded
from crawler.fetch.http import HttpWire
from crawler.journal import BATCH_SIZE, Journal, StoreThread
from crawler.memory import StoredMemory
from crawler.offline import OfflineWatch
from crawler.progress import Counts, Listeners
from crawler.protocols import FetchRequest, WireRequest, WireResponse
from crawler.spread import AT_A_HOST
from db.bodies import packed
from db.ids import body_sha256
from db.model import Capture, Run
from db.store import Store
from db.words import CapturePurpose, RunKind, RunState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from datetime import datetime

    from db.model import Outcome

    #: Asks one page and gives its decoded length.
    Ask = Callable[[str], Awaitable[int]]

T = TypeVar("T")

USER_AGENT = "citehound/0 (+mailto:bench@example.org)"
MILLION = 1_000_000
#: Hosts of the origin, as `fetch.py` starts it.
ORIGINS = 8
#: Who ask at the same time: as many as a run over so many hosts has in hand.
ASKERS = ORIGINS * AT_A_HOST


@dataclass(frozen=True, slots=True)
class Job:
    """What to fetch: `pages` pages from number `first` on, spread over the ports."""

    ports: list[int]
    first: int
    pages: int

    def numbers(self) -> range:
        """The pages' numbers."""
        return range(self.first, self.first + self.pages)

    def named(self) -> Iterator[str]:
        """URLs under example names, one host a port."""
        return (f"http://{_host(n % len(self.ports))}/page/{n}" for n in self.numbers())

    def moves(self) -> tuple[ConnectTo, ...]:
        """Where those names really are."""
        return tuple(
            ConnectTo(host1=_host(place), port1=80, host2="127.0.0.1", port2=port)
            for place, port in enumerate(self.ports)
        )


def _host(place: int) -> str:
    return f"www.paper{place}.example"


# -------------------------------------------------------------------------------------- clients


async def bare_httpx(job: Job) -> dict[str, float]:
    """Nothing but httpx: one client and one pool an origin, one request at a time in each."""
    import httpx  # here, so that it is in nobody else's memory

    # Without sniffio, httpcore looks for it on disk several times a request. httpx is measured as if it knew better.
    sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
    context = ssl.create_default_context()
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPT_ENCODING}
    clients = [httpx.AsyncClient(verify=context, headers=headers) for _ in job.ports]

    async def of_origin(place: int) -> int:
        size = 0
        for number in job.numbers():
            if number % len(job.ports) == place:
                url = f"http://127.0.0.1:{job.ports[place]}/page/{number}"
                size += len((await clients[place].get(url)).content)
        return size

    meter = _Meter()
    sizes = await asyncio.gather(*(of_origin(place) for place in range(len(clients))))
    for client in clients:
        await client.aclose()
    return meter.read(job.pages, sum(sizes))


async def wire(job: Job) -> dict[str, float]:
    """Our wire: every guard of a connection, no manners, nothing decoded or kept."""
    opened = HttpWire(clock=RealClock(), connect_to=job.moves())

    async def ask(url: str) -> int:
        return len((await _exchanged(opened, url)).body)

    meter = _Meter()
    size = await _all(job, ask, at_once=len(job.ports))
    await opened.aclose()
    return meter.read(job.pages, size)


async def fetcher(job: Job) -> dict[str, float]:
    """Our fetcher: robots, turns, breakers, retries, decoding and hashing; nothing compressed or committed."""
    async with _storing(job) as parts:

        async def ask(url: str) -> int:
            return _size(await parts.fetcher.fetch(_request(url)))

        meter = _Meter()
        size = await _all(job, ask, at_once=ASKERS)
        return meter.read(job.pages, size)


async def ours(job: Job) -> dict[str, float]:
    """All of it, as a run does it: the journal over the fetcher, its memory in the store, every row committed."""
    async with _storing(job) as parts:

        async def ask(url: str) -> int:
            return _size(await parts.journal.ask(_request(url)))

        meter = _Meter()
        size = await _all(job, ask, at_once=ASKERS)
        await parts.journal.aclose()
        row = meter.read(job.pages, size)
        if (rows := parts.rows()) != job.pages:
            sys.exit(f"{rows} rows for {job.pages} pages")
        return row


async def parts(job: Job) -> dict[str, float]:
    """Microseconds of CPU a page: what decoding, hashing, compressing and SQLite cost by themselves."""
    opened = HttpWire(clock=RealClock(), connect_to=job.moves())
    responses = [await _exchanged(opened, url) for url in job.named()]
    await opened.aclose()
    async with _storing(job) as kept:
        captures = [await kept.fetcher.fetch(_request(url)) for url in job.named()]
        bodies = [capture.body for capture in captures if isinstance(capture, Capture)]
        row = {
            "decode": _each_us(responses, _plain),
            "hash": _each_us(bodies, body_sha256) + _each_us(responses, _wire_hash),
            "compress": _each_us(bodies, packed),
        }
        batches = [
            [(capture, kept.run_id) for capture in captures[at : at + BATCH_SIZE]]
            for at in range(0, len(captures), BATCH_SIZE)
        ]
        stored = _each_us(batches, kept.store.add_outcomes) * len(batches) / len(captures)
        row["sqlite"] = stored - row["compress"]
    return row


CLIENTS = {"httpx": bare_httpx, "wire": wire, "fetcher": fetcher, "ours": ours, "parts": parts}


# ----------------------------------------------------------------------------------------- parts


@dataclass(slots=True)
class _Parts:
    store: Store
    fetcher: HttpFetcher
    journal: Journal
    run_id: str

    def rows(self) -> int:
        """Captures that are committed with their bodies."""
        sql = "SELECT count(*) FROM captures JOIN bodies ON sha256 = body_sha256 WHERE purpose = 'source'"
        return int(self.store._connection.execute(sql).fetchone()[0])  # noqa: SLF001


class _Unpaced(StoredMemory):
    """A run's memory with pacing off: a turn is always now, and no row is written for it."""

    async def take_slot(
        self,
        key: str,  # noqa: ARG002
        gap_s: float,  # noqa: ARG002
        now: datetime,
        *,
        missed: datetime | None = None,  # noqa: ARG002
    ) -> datetime:
        """The instant is now."""
        return now


@asynccontextmanager
async def _storing(job: Job) -> AsyncIterator[_Parts]:
    """The parts of a run, put together as `crawler.app` does it; the gap between requests alone is off."""
    clock = RealClock()
    with (
        tempfile.TemporaryDirectory(dir=Path.cwd()) as folder,
        Store.open(Path(folder) / "fetch.db") as store,
    ):
        now = clock.now()
        run = Run(
            id="bench",
            kind=RunKind.ON_DEMAND,
            state=RunState.RUNNING,
            started_at=now,
            heartbeat_at=now,
        )
        store.start_run(run)
        thread, listeners = StoreThread(store), Listeners(Counts())
        made = HttpFetcher(
            HttpWire(clock=clock, connect_to=job.moves()),
            memory=_Unpaced(thread),
            clock=clock,
            user_agent=USER_AGENT,
            gap_s=0.0,
        )
        journal = Journal(
            made,
            thread=thread,
            clock=clock,
            run_ids=(run.id,),
            offline=OfflineWatch(listeners),
            listeners=listeners,
        )
        try:
            yield _Parts(store=store, fetcher=made, journal=journal, run_id=run.id)
        finally:
            await journal.aclose()
            await made.aclose()
            thread.close()


async def _all(job: Job, ask: Ask, *, at_once: int) -> int:
    """The decoded bytes of every page, `at_once` askers sharing the list."""
    urls = job.named()

    async def asker() -> int:
        return sum([await ask(url) for url in urls])

    return sum(await asyncio.gather(*(asker() for _ in range(at_once))))


def _request(url: str) -> FetchRequest:
    return FetchRequest(url=url, purpose=CapturePurpose.SOURCE)


def _size(outcome: Outcome) -> int:
    if not isinstance(outcome, Capture):
        sys.exit(f"{outcome.url}: {outcome.kind.value}, {outcome.detail}")
    return outcome.body_bytes


async def _exchanged(opened: HttpWire, url: str) -> WireResponse:
    headers = (("User-Agent", USER_AGENT), ("Accept-Encoding", ACCEPT_ENCODING))
    outcome = await opened.exchange(WireRequest(method="GET", url=url, headers=headers))
    if not isinstance(outcome, WireResponse):
        sys.exit(f"{url}: {outcome.kind.value}, {outcome.detail}")
    return outcome


# ------------------------------------------------------------------------------------- measuring


class _Meter:
    def __init__(self) -> None:
        self._wall, self._cpu = perf_counter(), process_time()

    def read(self, pages: int, size: int) -> dict[str, float]:
        """What was done since the meter was made."""
        return {
            "pages": pages,
            "bytes": size,
            "wall_s": perf_counter() - self._wall,
            "cpu_s": process_time() - self._cpu,
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MILLION,
        }


def _each_us(things: list[T], work: Callable[[T], object]) -> float:
    begun = process_time()
    for thing in things:
        work(thing)
    return (process_time() - begun) / len(things) * MILLION


def _plain(response: WireResponse) -> Decoded:
    answer = decoded(response.body, response.headers, limit_bytes=10 << 20)
    if not isinstance(answer, Decoded):
        sys.exit(answer.detail)
    return answer


def _wire_hash(response: WireResponse) -> str:
    return body_sha256(response.body)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(CLIENTS[sys.argv[1]](Job(**json.load(sys.stdin))))))
