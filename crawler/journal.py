"""Between the run and the web: nothing is asked twice, and nothing is used before it is committed.

An outcome is looked for in what this run and the killed run that it resumes have stored, then, for indexes and
services, in what is still fresh from earlier runs; only then is the web asked. What it answers is committed
together with other answers, at most `BATCH_SIZE` at a time and `BATCH_WAIT_S` after the first, and only then
handed on. A restart therefore replays instead of asking again.
"""

from __future__ import annotations

import asyncio
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from crawler.driver import refusal
from crawler.progress import Event
from db.glance import Glance
from db.model import FetchFailure
from db.words import CapturePurpose, FailureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.offline import OfflineWatch
    from crawler.progress import Listeners
    from crawler.protocols import Clock, Fetcher, FetchRequest
    from db.model import Capture, Outcome
    from db.store import Store

__all__ = ["Journal", "StoreThread"]

P = ParamSpec("P")
T = TypeVar("T")

#: Rows in one transaction, and how long the first of them waits for company: not at all where nobody else is being
#: asked. A body counts as captured once it is committed, within a second of its last byte.
BATCH_SIZE: Final = 100
BATCH_WAIT_S: Final = 0.2

#: How long an earlier run's answer still serves. Sources are never taken from here: they are asked again,
#: conditionally. robots.txt has its own memory of 24 hours (RFC 9309, 2.4).
FRESH_FOR: Final = {
    CapturePurpose.INDEX: timedelta(hours=3),
    CapturePurpose.SERVICE: timedelta(hours=20),
}


class StoreThread:
    """The one thread that speaks to the store, so that the loop never waits for a disk.

    What is asked for in one turn of the loop is handed over together: waking a thread costs more than most answers.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="citehound-store")
        self._calls: list[_Call] = []

    async def do(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `method`, bound to the store, returns or raises."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        if not self._calls:
            answer.get_loop().call_soon(self._hand_over)
        self._calls.append(_Call(partial(method, *args, **kwargs), answer))
        return await answer

    def close(self) -> None:
        """Wait for what is in hand and end the thread; the store itself stays open."""
        self._hand_over()
        self._executor.shutdown(wait=True)

    def _hand_over(self) -> None:
        calls, self._calls = self._calls, []
        try:
            self._executor.submit(_make, calls)
        except RuntimeError as error:  # the thread has ended
            for call in calls:
                call.answered(None, error)


@dataclass(frozen=True, slots=True)
class _Call:
    method: Callable[[], Any]
    answer: asyncio.Future[Any]

    def made(self) -> None:
        """Make the call, in the store's thread, and tell the loop."""
        try:
            result, error = self.method(), None
        except BaseException as raised:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
            result, error = None, raised
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            self.answer.get_loop().call_soon_threadsafe(self.answered, result, error)

    def answered(self, result: object, error: BaseException | None) -> None:
        """Give whoever still waits what came of it."""
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(result)
        else:
            self.answer.set_exception(error)


def _make(calls: Sequence[_Call]) -> None:
    for call in calls:
        if not call.answer.cancelled():
            call.made()


class Journal:
    """Asks the web through `fetcher`, remembering through the store."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        thread: StoreThread,
        clock: Clock,
        run_ids: Sequence[str],
        offline: OfflineWatch,
        listeners: Listeners,
    ) -> None:
        """`run_ids`: this run first, then the killed runs that it resumes."""
        self._fetcher = fetcher
        self._thread = thread
        self._store = thread.store
        self._glance = Glance.at(thread.store.path)
        self._clock = clock
        self._run_ids = tuple(run_ids)
        self._offline = offline
        self._listeners = listeners
        self._asking: dict[str, asyncio.Task[Outcome]] = {}
        #: Request key → id of what this run was answered where the row is an earlier run's: a recording that is
        #: replayed once more gives what that run has stored.
        self._ids: dict[str, str] = {}
        self._batch = _Batch(
            thread,
            run_id=self._run_ids[0],
            listeners=listeners,
            in_hand=lambda: len(self._asking),
        )

    async def ask(self, request: FetchRequest) -> Outcome:
        """The outcome of this request, committed; askers of the same request share one exchange."""
        key = request.key
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._answered(request))
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """End what is still being asked and commit what has been answered."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        self._glance.close()
        await self._batch.flush()

    def _forget(self, key: str, task: asyncio.Task[Outcome]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            # Those who still wait hear of it; where nobody does any more, asyncio need not tell it beside them.
            task.exception()

    async def _answered(self, request: FetchRequest) -> Outcome:
        remembered, latest = await self._recalled(request)
        if remembered is not None:
            self._listeners.tell(
                Event.EXCHANGE_REPLAYED, url=request.url, purpose=request.purpose.value
            )
            return remembered
        if self._offline.concluded:
            detail = "not asked: this machine seems to be offline"
            return refusal(request, FailureKind.BREAKER_OPEN, detail, at=self._clock.now())
        self._listeners.tell(Event.EXCHANGE_ASKED, url=request.url, purpose=request.purpose.value)
        if latest is not None:
            request = dataclasses.replace(request, not_modified=latest)
        outcome = await self._fetcher.fetch(request)
        if not (request.may_not_exist and isinstance(outcome, FetchFailure)):
            self._offline.observe(outcome)
        self._listeners.tell(
            Event.EXCHANGE_ANSWERED,
            url=request.url,
            purpose=request.purpose.value,
            kind=_kind(outcome),
        )
        if await self._batch.committed(outcome):
            self._ids[request.key] = outcome.id
        return outcome

    async def _recalled(self, request: FetchRequest) -> tuple[Outcome | None, Capture | None]:
        if request.key in self._ids or self._glance.is_known(request.key, request.url):
            return await self._thread.do(self._on_record, request)
        return None, None

    def _on_record(self, request: FetchRequest) -> tuple[Outcome | None, Capture | None]:
        """The outcome that needs no asking, else the capture to ask conditionally with; on the store's thread.

        One turn of the thread for both: handing a question over costs more than answering it.
        """
        key = request.key
        outcome = self._store.outcome(key, run_ids=self._run_ids)
        if outcome is None and key in self._ids:
            outcome = self._store.outcome_of(self._ids[key])
        if outcome is None and (ttl := FRESH_FOR.get(request.purpose)) is not None:
            outcome = self._store.fresh_outcome(key, since=self._clock.now() - ttl)
        if outcome is not None or request.service is not None:
            return outcome, None
        is_source = request.purpose is CapturePurpose.SOURCE
        return None, self._store.latest_capture(request.url) if is_source else None


class _Batch:
    """Gathers outcomes for one transaction."""

    def __init__(
        self,
        thread: StoreThread,
        *,
        run_id: str,
        listeners: Listeners,
        in_hand: Callable[[], int],
    ) -> None:
        """`in_hand`: how many are being asked now, those included whose outcomes wait here."""
        self._thread = thread
        self._in_hand = in_hand
        self._run_id = run_id
        self._listeners = listeners
        self._waiting: list[tuple[Outcome, asyncio.Future[bool]]] = []
        self._timer: asyncio.Task[None] | None = None

    async def committed(self, outcome: Outcome) -> bool:
        """Whether another run had stored it before; once the outcome is on disk."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, done))
        if len(self._waiting) >= min(BATCH_SIZE, self._in_hand()):
            await self.flush()
        elif self._timer is None:
            self._timer = asyncio.create_task(self._later())
        return await done

    async def flush(self) -> None:
        """Commit everything that waits, now."""
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        self._listeners.tell(Event.OUTCOMES_COMMITTING, count=len(batch))
        try:
            rows = [(outcome, self._run_id) for outcome, _ in batch]
            elsewhere = await self._thread.do(self._thread.store.add_outcomes, rows)
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        self._listeners.tell(Event.OUTCOMES_COMMITTED, count=len(batch))
        for outcome, done in batch:
            if not done.done():
                done.set_result(outcome.id in elsewhere)

    async def _later(self) -> None:
        await asyncio.sleep(BATCH_WAIT_S)
        self._timer = None  # what arrives while this batch is written needs a timer of its own
        await self.flush()


def _kind(outcome: Outcome) -> str:
    """One word for an outcome: its failure kind or its status class."""
    kind = getattr(outcome, "kind", None)
    return str(kind.value) if kind is not None else f"{getattr(outcome, 'status', 0) // 100}xx"
