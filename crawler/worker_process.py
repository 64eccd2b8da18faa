"""The child side of `crawler.workers`: takes tasks from a socket, one at a time, and answers them.

Run as a script by its path, `python -P worker_process.py TASKS LIFELINE` (numbers of inherited file descriptors),
so that nothing in the working folder can take a package's place. Rules: standard library only, because whatever
is imported here is paid at each start; the limits stand before the first task's module is imported; no way out
leaves an orphan, not even from a loop in C that holds the interpreter's lock.

A message is its length (8 bytes, big-endian) and a pickle. First comes the terms, then tasks:

    parent → child   (sys_path, memory_limit_bytes)      once
                     (function, arguments)               a task, each pickled by itself
    child → parent   ("ready",)                          once, limits set
                     ("started",)                        the task's module is imported: its deadline begins
                     ("done", result)                    or
                     ("memory",)                         or
                     ("raised", kind, text, traceback)   the function's own exception
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ADDRESS_HEADROOM_BYTES", "LENGTH", "NICENESS", "framed"]

#: The length before each message.
LENGTH: Final = struct.Struct(">Q")

#: Address space beside the memory limit: libraries, model files and thread stacks are mapped but hardly touched.
ADDRESS_HEADROOM_BYTES: Final = 1 << 30

#: A step behind the parent (nice(2)): its loop keeps the turns of every host, and a late start is a longer run.
NICENESS: Final = 5

#: Read and written at most this much at a time.
_CHUNK_BYTES: Final = 1 << 20

#: One thread for each numeric library: the pool itself is what uses the cores.
_ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


def framed(message: object) -> bytes:
    """A message as it travels, either way."""
    payload = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(payload)) + payload


#: Made ahead, because there may be no memory to make it in.
_OUT_OF_MEMORY: Final = framed(("memory",))


def serve(tasks: int, lifeline: int) -> None:
    """Answer tasks until the parent closes its end, in order, or dies. Raises EOFError then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    os.set_inheritable(tasks, False)  # noqa: FBT003  # a task's own children must not hold our socket open
    _die_with(lifeline)
    sys_path, memory_limit_bytes = _received(tasks)
    sys.path[:] = sys_path
    for name in _ONE_THREAD:
        os.environ[name] = "1"  # noqa: TID251  # for libraries that this process will load
    _limit(memory_limit_bytes)
    os.nice(NICENESS)
    _send(tasks, framed(("ready",)))
    while True:
        _send(tasks, _reply(tasks, _received(tasks)))


def _reply(tasks: int, task: tuple[bytes, bytes]) -> bytes:
    """Do one task; the frame that says what came of it."""
    try:
        function: Callable[..., object] = pickle.loads(task[0])  # noqa: S301  # our own parent's
        arguments: tuple[object, ...] = pickle.loads(task[1])  # noqa: S301
        _send(tasks, framed(("started",)))
        return framed(("done", function(*arguments)))
    except MemoryError as error:
        error.__traceback__ = None  # it holds what filled the memory
        return _OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001  # every fault of the function is the parent's to hear of
        told = "".join(traceback.format_exception(error))
        return framed(("raised", type(error).__name__, _text(error), told))


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # an exception that cannot even be printed
        return ""


def _limit(memory_limit_bytes: int) -> None:
    """Bound what this process may allocate; a system without one of the limits keeps the other.

    RLIMIT_DATA counts private writable memory (Linux 4.7 and later), which is what a task uses; RLIMIT_AS counts
    whatever is mapped and is the backstop. No core file: it would hold the page and take seconds to write.
    """
    limits = {
        resource.RLIMIT_DATA: memory_limit_bytes,
        resource.RLIMIT_AS: memory_limit_bytes + ADDRESS_HEADROOM_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, wanted in limits.items():
        hard = resource.getrlimit(kind)[1]
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


def _die_with(lifeline: int) -> None:
    """Have the kernel kill this process when the parent's end of the lifeline closes, however the parent ends.

    The parent never writes to it, so that the only event is its closing (fcntl(2), F_SETOWN and O_ASYNC). A signal
    that cannot be caught reaches an endless loop in C as well. Systems without F_SETSIG send SIGIO, and an idle
    worker sees the end of its tasks anyway.
    """
    os.set_inheritable(lifeline, False)  # noqa: FBT003
    os.set_blocking(lifeline, False)
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
    else:
        signal.signal(signal.SIGIO, lambda *_: os._exit(1))
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    with contextlib.suppress(BlockingIOError):  # what is expected while the parent lives
        os.read(lifeline, 1)
        raise EOFError  # it died before the lifeline was armed


def _received(tasks: int) -> Any:
    """The next message. Raises EOFError when the parent is gone."""
    (length,) = LENGTH.unpack(_exactly(tasks, LENGTH.size))
    return pickle.loads(_exactly(tasks, length))  # noqa: S301  # our own parent's


def _exactly(tasks: int, length: int) -> bytearray:
    data = bytearray()
    while len(data) < length:
        piece = os.read(tasks, min(length - len(data), _CHUNK_BYTES))
        if not piece:
            raise EOFError
        data += piece
    return data


def _send(tasks: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(tasks, view[:_CHUNK_BYTES]) :]


if __name__ == "__main__":
    # The parent's end closing is how this process is told to end; nothing here needs an orderly shutdown.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        serve(int(sys.argv[1]), int(sys.argv[2]))
    os._exit(0)
