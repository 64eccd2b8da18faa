"""Worker processes under what hostile pages make of them. Tasks are library functions, importable in a child."""

from __future__ import annotations

import asyncio
import operator
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.protocols import ExtractionFailure, ExtractionFailureKind
from crawler.workers import ProcessWorkers, WorkerTaskError

#: Backtracks for longer than the universe lasts, in C, with the interpreter's lock held.
ENDLESS = (re.match, "(a+)+b", "a" * 64)
FILLING = (eval, "[bytearray(1 << 20) for _ in iter(int, 1)]")
ALLOCATING_4_GIB = (bytearray, 4 << 30)
KILLING_ITSELF = (exec, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
READING_NULL = (exec, "import ctypes; ctypes.string_at(0)")


def answers(*tasks, jobs=2, deadline_s=30.0, **limits):
    """What one pool gives for each task, exceptions included, in the order of asking."""

    async def asked():
        workers = ProcessWorkers(jobs, **limits)
        try:
            runs = (workers.run(*task, deadline_s=deadline_s) for task in tasks)
            return await asyncio.gather(*runs, return_exceptions=True)
        finally:
            await workers.aclose()

    return asyncio.run(asked())


def kind_of(answer):
    assert isinstance(answer, ExtractionFailure)
    return answer.kind


def ended(pid, within_s=5.0):
    """Whether this process is gone, or a zombie that nobody waits for, within so many seconds."""
    limit = time.monotonic() + within_s
    while time.monotonic() < limit:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state[0] in "ZX":
            return True
        os.sched_yield()
    return False


def test_results_come_in_the_order_of_asking():
    assert answers(*((operator.add, n, 1) for n in range(50))) == list(range(1, 51))


def test_hostile_tasks_lose_only_themselves():
    hostile = [ENDLESS, ALLOCATING_4_GIB, (os.abort,), KILLING_ITSELF, (os._exit, 0)]
    honest = [(operator.mul, n, n) for n in range(20)]
    mixed = [
        task for n, good in enumerate(honest) for task in (*hostile[n // 4 : n // 4 + 1], good)
    ]
    results = dict(zip(map(str, mixed), answers(*mixed, deadline_s=1.0), strict=True))
    assert [results[str(task)] for task in honest] == [n * n for n in range(20)]
    assert [kind_of(results[str(task)]) for task in hostile] == [
        "timeout",
        "memory",
        "crash",
        "crash",
        "crash",
    ]


@pytest.mark.parametrize("task", [ENDLESS, (signal.pause,)], ids=["busy in C", "asleep"])
def test_deadline_is_kept_within_a_second(task):
    started = time.monotonic()
    (answer,) = answers(task, deadline_s=0.5)
    assert answer == ExtractionFailure(
        kind=ExtractionFailureKind.TIMEOUT, detail="not done within 0.5 s"
    )
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize("task", [ALLOCATING_4_GIB, FILLING], ids=["at once", "bit by bit"])
def test_memory_limit_is_told_from_a_crash(task):
    (answer,) = answers(task, memory_limit_bytes=256 << 20)
    assert answer == ExtractionFailure(
        kind=ExtractionFailureKind.MEMORY, detail="needed more than 256 MiB of memory"
    )


@pytest.mark.parametrize(
    ("task", "how"),
    [
        ((os.abort,), "SIGABRT"),
        (KILLING_ITSELF, "SIGKILL"),
        (READING_NULL, "SIGSEGV"),
        ((os._exit, 7), "exit code 7"),
    ],
)
def test_crash_names_how_the_process_ended(task, how):
    (answer,) = answers(task)
    assert answer == ExtractionFailure(
        kind=ExtractionFailureKind.CRASH, detail=f"the worker process ended ({how})"
    )


def test_exception_of_the_function_is_raised_with_its_traceback():
    (error,) = answers((operator.truediv, 1, 0))
    assert isinstance(error, WorkerTaskError)
    assert (error.function, error.kind, error.detail) == (
        "_operator.truediv",
        "ZeroDivisionError",
        "division by zero",
    )
    assert "Traceback (most recent call last)" in str(error)


@pytest.mark.parametrize("name", ["EOFError", "BrokenPipeError", "SystemExit", "KeyboardInterrupt"])
def test_exceptions_that_mean_something_to_a_worker_are_the_functions_own(name):
    code = f"def f(): raise {name}('x')\nf()"
    error, after = answers((exec, code), (len, "abc"), jobs=1)
    assert isinstance(error, WorkerTaskError)
    assert (error.kind, after) == (name, 3)


def test_result_that_cannot_travel_is_our_own_fault():
    (error,) = answers((eval, "lambda: 1"))
    assert isinstance(error, WorkerTaskError)


def test_twenty_megabytes_travel_both_ways():
    body = os.urandom(20 << 20)
    assert answers((bytes.__add__, body, b"!"), jobs=1) == [body + b"!"]


def test_worker_is_replaced_after_its_share_of_tasks():
    pids = answers(*[(os.getpid,)] * 7, jobs=1, recycle_after=3)
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_workers_start_when_first_needed():
    assert len(set(answers(*[(os.getpid,)] * 3, jobs=8))) <= 3


def test_replaced_and_closed_workers_are_gone():
    pids = answers(*[(os.getpid,)] * 4, jobs=2, recycle_after=1)
    assert len(set(pids)) == 4
    assert all(ended(pid) for pid in pids)


def test_worker_inherits_no_descriptor_of_ours(tmp_path):
    held = (eval, "sorted(int(n) for n in __import__('os').listdir('/proc/self/fd'))")
    with socket.create_server(("127.0.0.1", 0)) as ours, (tmp_path / "x").open("w") as file:
        os.set_inheritable(ours.fileno(), True)
        os.set_inheritable(file.fileno(), True)
        (descriptors,) = answers(held)
    # the three standard streams, the tasks, the lifeline, and the folder being listed
    assert len(descriptors) == 6


def test_what_a_task_prints_does_not_reach_standard_output():
    assert answers((eval, "__import__('os').readlink('/proc/self/fd/1')")) == ["/dev/null"]


def test_worker_ignores_the_terminals_interrupt():
    pid, still = answers(
        (os.getpid,), (exec, "import os, signal; os.kill(os.getpid(), signal.SIGINT)"), jobs=1
    )
    assert pid > 0
    assert still is None


def test_worker_uses_one_thread_for_numeric_libraries():
    assert answers((eval, "__import__('os').environ['OMP_NUM_THREADS']")) == ["1"]


def test_cancelled_task_ends_its_worker():
    async def cancelled():
        workers = ProcessWorkers(1)
        pid = await workers.run(os.getpid, deadline_s=10)
        task = asyncio.create_task(workers.run(*ENDLESS, deadline_s=600))
        other = workers.run(os.getpid, deadline_s=10)
        await asyncio.sleep(0)
        task.cancel()
        next_pid = await other
        await workers.aclose()
        return task.cancelled(), pid, next_pid

    was_cancelled, pid, next_pid = asyncio.run(cancelled())
    assert was_cancelled
    assert pid != next_pid
    assert ended(pid)


def test_closing_ends_tasks_at_work():
    async def closed():
        workers = ProcessWorkers(1)
        await workers.run(len, "", deadline_s=10)
        task = asyncio.create_task(workers.run(*ENDLESS, deadline_s=600))
        await asyncio.sleep(0)
        await workers.aclose()
        return await asyncio.gather(task, return_exceptions=True)

    (error,) = asyncio.run(closed())
    assert isinstance(error, WorkerTaskError)
    assert error.detail == "the workers were closed meanwhile"


def test_closed_workers_take_no_task():
    async def refused():
        workers = ProcessWorkers(1)
        await workers.aclose()
        await workers.run(len, "", deadline_s=1)

    with pytest.raises(WorkerTaskError, match="the workers are closed"):
        asyncio.run(refused())


def test_loop_goes_on_while_workers_work():
    async def counted():
        workers = ProcessWorkers(1)
        task = asyncio.create_task(workers.run(*ENDLESS, deadline_s=0.5))
        turns = 0
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
        await workers.aclose()
        return turns

    assert asyncio.run(counted()) > 100


#: A command that keeps one worker idle and one in an endless loop in C, and says which.
PARENT = """
import asyncio, os, re, sys
from crawler.workers import ProcessWorkers

async def main():
    workers = ProcessWorkers(2)
    pids = await asyncio.gather(*(workers.run(os.getpid, deadline_s=30) for _ in range(2)))
    print(*pids, flush=True)
    await workers.run(re.match, "(a+)+b", "a" * 64, deadline_s=600)

asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_killed_parent_leaves_no_orphan(how):
    with subprocess.Popen([sys.executable, "-P", "-c", PARENT], stdout=subprocess.PIPE) as parent:
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        parent.send_signal(how)
        parent.wait(10)
    assert len(pids) == 2
    assert all(ended(pid) for pid in pids)


def test_stray_package_in_the_working_folder_is_not_imported(tmp_path):
    for name in ("db", "crawler", "pickle"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('stray')", encoding="utf-8")
    code = (
        "import asyncio; from crawler.workers import ProcessWorkers; from db.ids import digest\n"
        "async def main():\n"
        "    workers = ProcessWorkers(1)\n"
        "    print(await workers.run(digest, 'a', deadline_s=30))\n"
        "    await workers.aclose()\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stdout.strip()), done.stderr) == (0, 20, "")


def test_worker_that_cannot_start_is_our_own_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    (error,) = answers((len, "abc"))
    assert isinstance(error, WorkerTaskError)
    assert error.detail == "a worker process cannot start (exit code 1)"
