"""Tasks in this process, for `--jobs 1`."""

from __future__ import annotations

import asyncio
import operator
import threading

import pytest

from crawler.protocols import ExtractionFailure, ExtractionFailureKind
from crawler.workers import InlineWorkers, WorkerTaskError


def answer(function, *arguments, deadline_s=10.0):
    async def asked():
        workers = InlineWorkers()
        try:
            return await workers.run(function, *arguments, deadline_s=deadline_s)
        finally:
            await workers.aclose()

    return asyncio.run(asked())


def test_result_is_what_the_function_returned():
    assert answer(operator.add, 1, 2) == 3


def test_exception_of_the_function_is_raised_with_its_traceback():
    with pytest.raises(WorkerTaskError, match="ZeroDivisionError: division by zero") as caught:
        answer(operator.truediv, 1, 0)
    assert "Traceback (most recent call last)" in caught.value.traceback


def test_task_past_its_deadline_is_given_up():
    never = threading.Event()
    assert answer(never.wait, deadline_s=0.05) == ExtractionFailure(
        kind=ExtractionFailureKind.TIMEOUT, detail="not done within 0.05 s"
    )
    never.set()


def test_memory_error_is_a_value():
    assert answer(bytearray, 1 << 62) == ExtractionFailure(
        kind=ExtractionFailureKind.MEMORY, detail="the process ran out of memory"
    )


def test_tasks_run_one_at_a_time():
    async def gathered():
        workers, at_work, most = InlineWorkers(), [], []

        def busy(n):
            at_work.append(n)
            most.append(len(at_work))
            at_work.remove(n)

        await asyncio.gather(*(workers.run(busy, n, deadline_s=10) for n in range(10)))
        return max(most)

    assert asyncio.run(gathered()) == 1
