"""The one pool for extraction, PDF and verification: bounded tasks in processes that may be killed.

A worker is a fresh interpreter running `worker_process.py`, started when first needed, with nothing of ours but a
socket pair for tasks and the reading end of a pipe, its lifeline. What a task does to its process (looping,
filling the memory, crashing) costs that task only: the worker is killed and the next task gets a new one. Worker
threads and forks are avoided on purpose: a fork would carry database handles and locks along.

    WorkerTaskError     the function itself raised, or no worker can be had: our fault; a CrawlError
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import threading
from traceback import format_exception
from typing import TYPE_CHECKING, Final

from crawler.errors import CrawlError
from crawler.protocols import ExtractionFailure, ExtractionFailureKind
from crawler.worker_link import WorkerLink
from crawler.worker_process import framed

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["InlineWorkers", "ProcessWorkers", "WorkerTaskError"]

#: Memory that one task may allocate (design: 1 GiB), beside what libraries map.
MEMORY_LIMIT_BYTES: Final = 1 << 30

#: Tasks after which a worker is replaced, so that what libraries leak stays small.
RECYCLE_AFTER: Final = 200

#: A worker that died of a signal with this share of its limit in use died for want of memory.
_MEMORY_SHARE: Final = 0.75


class WorkerTaskError(CrawlError):
    """A task's function raised `kind`, with the traceback from where it ran."""

    def __init__(self, function: str, kind: str, detail: str, *, traceback: str = "") -> None:
        text = f"{function} raised {kind}: {detail}" if detail else f"{function} raised {kind}"
        super().__init__(f"{text}\n\n{traceback}" if traceback else text)
        self.function = function
        self.kind = kind
        self.detail = detail
        self.traceback = traceback


class ProcessWorkers:
    """At most `jobs` processes; a task waits until one is free, first come, first served."""

    def __init__(
        self,
        jobs: int,
        *,
        memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
        recycle_after: int = RECYCLE_AFTER,
    ) -> None:
        self._memory_limit_bytes = memory_limit_bytes
        self._recycle_after = recycle_after
        self._free = asyncio.Semaphore(jobs)
        self._idle: list[WorkerLink] = []
        self._busy: set[WorkerLink] = set()
        self._closed = asyncio.Event()

    async def run(
        self, function: Callable[..., object], *arguments: object, deadline_s: float
    ) -> object | ExtractionFailure:
        """What `function(*arguments)` returned in a worker, or why it did not.

        The deadline, in seconds, begins once a worker has imported the function's module. Raises WorkerTaskError for
        an exception of the function's own.
        """
        task = framed((_pickled(function), _pickled(arguments)))
        async with self._free:
            return await self._run(task, _name(function), deadline_s)

    async def aclose(self) -> None:
        """End all workers, also those at work: their tasks raise WorkerTaskError."""
        self._closed.set()
        for worker in self._busy:
            worker.kill()
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.end() for worker in idle))

    async def _run(self, task: bytes, name: str, deadline_s: float) -> object | ExtractionFailure:
        if self._closed.is_set():
            raise WorkerTaskError(name, "RuntimeError", "the workers are closed")
        worker = self._idle.pop() if self._idle else WorkerLink(self._memory_limit_bytes)
        self._busy.add(worker)
        is_sound = False
        try:
            reply = await worker.ask(task, deadline_s)
            is_sound = reply[0] in _SOUND and worker.tasks_done < self._recycle_after
        finally:
            self._busy.discard(worker)
            if is_sound and not self._closed.is_set():
                self._idle.append(worker)
            else:
                await worker.end()
        if self._closed.is_set() and reply[0] == "ended":
            raise WorkerTaskError(name, "RuntimeError", "the workers were closed meanwhile")
        return _READERS[reply[0]](name, worker, *reply[1:])


class InlineWorkers:
    """One task at a time in a thread of this process: `--jobs 1`, easy to debug and to profile.

    Nothing can be killed here: a task past its deadline is given up but goes on in its thread until the process
    ends, memory is not limited, and a crash is the whole process's.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def run(
        self, function: Callable[..., object], *arguments: object, deadline_s: float
    ) -> object | ExtractionFailure:
        """What `function(*arguments)` returned, or why it did not. Raises WorkerTaskError as `ProcessWorkers` does."""
        async with self._free:
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[object] = loop.create_future()
            # A daemon, so that a task that was given up does not keep the process from ending.
            threading.Thread(
                target=_work,
                args=(function, arguments, loop, answer),
                name="citehound-worker",
                daemon=True,
            ).start()
            try:
                async with asyncio.timeout(deadline_s):
                    return await answer
            except TimeoutError:
                return _timeout("", None, deadline_s)

    async def aclose(self) -> None:
        """Nothing to end."""


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _name(function: Callable[..., object]) -> str:
    name = getattr(function, "__qualname__", repr(function))
    return f"{getattr(function, '__module__', None) or '?'}.{name}"


# --------------------------------------------------------------------------- from reply to what run() gives


def _done(_name: str, _worker: WorkerLink | None, result: object) -> object:
    return result


def _raised(name: str, _worker: WorkerLink | None, kind: str, text: str, traceback: str) -> object:
    raise WorkerTaskError(name, kind, text, traceback=traceback)


def _timeout(_name: str, _worker: WorkerLink | None, deadline_s: float) -> ExtractionFailure:
    detail = f"not done within {deadline_s:g} s"
    return ExtractionFailure(kind=ExtractionFailureKind.TIMEOUT, detail=detail)


def _memory(_name: str, worker: WorkerLink) -> ExtractionFailure:
    detail = f"needed more than {worker.memory_limit_bytes >> 20} MiB of memory"
    return ExtractionFailure(kind=ExtractionFailureKind.MEMORY, detail=detail)


def _ended(name: str, worker: WorkerLink, was_ready: bool) -> ExtractionFailure:  # noqa: FBT001  # from a reply
    """A crash; or the memory limit, where the process died of a signal with most of its limit in use."""
    if worker.status < 0 and worker.peak_bytes >= _MEMORY_SHARE * worker.memory_limit_bytes:
        return _memory(name, worker)
    how = signal.Signals(-worker.status).name if worker.status < 0 else f"exit code {worker.status}"
    if not was_ready and worker.status >= 0:
        raise WorkerTaskError(name, "RuntimeError", f"a worker process cannot start ({how})")
    detail = f"the worker process ended ({how})"
    return ExtractionFailure(kind=ExtractionFailureKind.CRASH, detail=detail)


_READERS: Final[dict[str, Callable[..., object]]] = {
    "done": _done,
    "raised": _raised,
    "memory": _memory,
    "timeout": _timeout,
    "ended": _ended,
}

#: Replies after which the worker may take another task; after a MemoryError its heap is torn.
_SOUND: Final = frozenset({"done", "raised"})


def _work(
    function: Callable[..., object],
    arguments: tuple[object, ...],
    loop: asyncio.AbstractEventLoop,
    answer: asyncio.Future[object],
) -> None:
    """Call the function in this thread and hand what came of it to the loop."""
    result: object = None
    fault: WorkerTaskError | None = None
    try:
        result = function(*arguments)
    except MemoryError:
        detail = "the process ran out of memory"
        result = ExtractionFailure(kind=ExtractionFailureKind.MEMORY, detail=detail)
    except BaseException as error:  # noqa: BLE001  # told to the caller, as a worker process tells it
        told = "".join(format_exception(error))
        fault = WorkerTaskError(_name(function), type(error).__name__, str(error), traceback=told)
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits for a task given up
        loop.call_soon_threadsafe(_settle, answer, result, fault)


def _settle(answer: asyncio.Future[object], result: object, fault: WorkerTaskError | None) -> None:
    if answer.done():
        return
    if fault is None:
        answer.set_result(result)
    else:
        answer.set_exception(fault)
