"""Many at once, answered in the order asked."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterable

__all__ = ["in_order"]

T = TypeVar("T")
R = TypeVar("R")


async def in_order(
    items: Iterable[T], work: Callable[[T], Coroutine[None, None, R]], *, ahead: int
) -> AsyncIterator[tuple[T, R]]:
    """Each item with what `work` gave for it, in order, at most `ahead` of them in hand at a time."""
    window: deque[tuple[T, asyncio.Task[R]]] = deque()
    try:
        for item in items:
            window.append((item, asyncio.create_task(work(item))))
            if len(window) >= ahead:
                first, task = window.popleft()
                yield first, await task
        while window:
            first, task = window.popleft()
            yield first, await task
    finally:
        for _, task in window:
            task.cancel()
