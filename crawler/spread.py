"""Works in hand, spread over hosts: a host with many never keeps the others waiting, and is begun first.

A polite run is as long as its busiest host's own minimum, one request a gap, if every host is at work from the start.
So the works are lined up by host, each line is worked off by a few at a time, and the longest lines begin first
(Graham's longest-processing-time rule, SIAM J. Appl. Math. 17, 1969).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

__all__ = ["AT_A_HOST", "AT_ONCE", "LEAST_AT_A_HOST", "spread"]

T = TypeVar("T")

#: Works in hand at a time. Waiting for a turn is most of a work, and costs next to nothing.
AT_ONCE: Final = 256
#: Works in hand at one host: some wait for an archive or a search service while another has the host's turn …
AT_A_HOST: Final = 8
#: … and at least these where there are many hosts: one is being read while the next one is fetched.
LEAST_AT_A_HOST: Final = 2


async def spread(
    works: Iterable[T],
    work: Callable[[T], Awaitable[None]],
    *,
    host_of: Callable[[T], str],
    at_once: int = AT_ONCE,
) -> None:
    """Return when every work is done; the first that fails ends the others and is raised."""
    lines = _lines(works, host_of)
    each = max(LEAST_AT_A_HOST, min(AT_A_HOST, at_once // max(1, len(lines))))
    gate = asyncio.Semaphore(max(1, at_once // each))

    async def worked_off(line: deque[T]) -> None:
        while line:
            await work(line.popleft())

    async def begun(line: deque[T]) -> None:
        async with gate:
            await _all(worked_off(line) for _ in range(min(each, len(line))))

    try:
        await _all(begun(line) for line in lines)
    except BaseExceptionGroup as failed:
        raise _first(failed) from None


def _lines(works: Iterable[T], host_of: Callable[[T], str]) -> list[deque[T]]:
    """The works of each host in their order, the longest line first."""
    lines: dict[str, deque[T]] = {}
    for one in works:
        lines.setdefault(host_of(one), deque()).append(one)
    return sorted(lines.values(), key=len, reverse=True)


async def _all(tasks: Iterable[Coroutine[None, None, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task)


def _first(failed: BaseException) -> BaseException:
    """The failure that cancelled all others; the groups around it say nothing more."""
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    return failed
