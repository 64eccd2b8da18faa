"""The parent's end of one worker process: starts it, asks it, kills it.

The child is `worker_process.py`, which tells the messages. It inherits a socket for its tasks, the reading end of a
pipe whose closing kills it (its lifeline), standard error, and nothing else of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import crawler.worker_process
from crawler.worker_process import LENGTH, framed

__all__ = ["START_UP_S", "WorkerLink"]

#: Seconds that a new interpreter, or the import of a task's module, may take on a loaded machine.
START_UP_S: Final = 60.0

#: `ru_maxrss` counts in KiB, but in bytes on macOS (getrusage(2)).
_RSS_UNIT_BYTES: Final = 1 if sys.platform == "darwin" else 1024


class WorkerLink:
    """One child process and the parent's ends of its socket and its lifeline."""

    def __init__(self, memory_limit_bytes: int) -> None:
        self.tasks_done = 0
        self.memory_limit_bytes = memory_limit_bytes
        self.peak_bytes = 0
        self._is_ready = False
        self._socket, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        try:
            self._process = _spawned(theirs.fileno(), lifeline)
        except BaseException:
            self._close()
            raise
        finally:
            theirs.close()
            os.close(lifeline)
        self._socket.setblocking(False)  # noqa: FBT003

    @property
    def status(self) -> int:
        """How the process ended: its exit code, or the negative number of the signal."""
        return self._process.returncode

    async def ask(self, task: bytes, deadline_s: float) -> tuple[Any, ...]:
        """The child's reply to a task, `("timeout", seconds)`, or `("ended", was_ready)` when the child is gone."""
        limit_s = START_UP_S
        try:
            async with asyncio.timeout(limit_s):
                await self._start(task)
            limit_s = deadline_s
            async with asyncio.timeout(limit_s):
                reply = await self._received()
        except TimeoutError:
            return ("timeout", limit_s)
        except _EarlyReplyError as early:
            reply = early.reply
        except (EOFError, OSError):
            return ("ended", self._is_ready)
        self.tasks_done += 1
        return reply

    async def _start(self, task: bytes) -> None:
        """Hand the task over and return once its function is about to be called."""
        loop = asyncio.get_running_loop()
        if not self._is_ready:
            await loop.sock_sendall(self._socket, framed((_sys_path(), self.memory_limit_bytes)))
            await self._received()
            self._is_ready = True
        await loop.sock_sendall(self._socket, task)
        reply = await self._received()
        if reply[0] != "started":
            raise _EarlyReplyError(reply)

    async def _received(self) -> tuple[Any, ...]:
        (length,) = LENGTH.unpack(await self._exactly(LENGTH.size))
        if length > self.memory_limit_bytes:
            raise EOFError  # no sound child can have made this
        reply: tuple[Any, ...] = pickle.loads(await self._exactly(length))  # noqa: S301  # our own child's
        return reply

    async def _exactly(self, length: int) -> bytearray:
        data = bytearray(length)
        view, loop = memoryview(data), asyncio.get_running_loop()
        while view:
            count = await loop.sock_recv_into(self._socket, view)
            if not count:
                raise EOFError
            view = view[count:]
        return data

    def kill(self) -> None:
        """Kill the process and whatever it started; it leads a process group of its own."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill the process, if it still lives, and wait for its end, also when the caller is cancelled."""
        self.kill()
        self._close()
        await asyncio.shield(asyncio.to_thread(self._reap))

    def _reap(self) -> None:
        """Wait by wait4(2), which tells how much memory this very child has used."""
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.peak_bytes = usage.ru_maxrss * _RSS_UNIT_BYTES

    def _close(self) -> None:
        self._socket.close()
        os.close(self._lifeline)


class _EarlyReplyError(Exception):
    """A reply that came before the task began."""

    def __init__(self, reply: tuple[Any, ...]) -> None:
        super().__init__()
        self.reply = reply


def _spawned(tasks: int, lifeline: int) -> subprocess.Popen[bytes]:
    """A child that inherits these two descriptors and nothing else of ours.

    Started by the script's path with `-P`: neither the working folder nor the script's own comes before our packages.
    Its output is dropped, because standard output belongs to the command's rows.
    """
    script = crawler.worker_process.__file__
    return subprocess.Popen(  # noqa: S603  # our own interpreter and script
        [sys.executable, "-P", script, str(tasks), str(lifeline)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(tasks, lifeline),
        start_new_session=True,
    )


def _sys_path() -> list[str]:
    """Where the child imports from: this process's list without what depends on the working folder."""
    ours = str(Path(crawler.worker_process.__file__).resolve().parent.parent)
    fixed = [entry for entry in sys.path if Path(entry).is_absolute()]
    return fixed if ours in fixed else [*fixed, ours]
