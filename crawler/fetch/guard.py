"""The network backend that connects only to addresses it has checked.

A host is looked up once; every address that came back is checked; the connection goes to a checked address, so that a
name which changes its answer between check and use gains nothing. TLS is verified against the URL's host all the same,
because the connection pool takes that name from the URL and not from here.
"""

from __future__ import annotations

import asyncio
import select
import socket
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import httpcore

from crawler.fetch.addresses import refused, refused_host
from crawler.fetch.failures import ConnectionRefusal
from db.words import FailureKind

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from crawler.fetch.connections import Route

    #: Host and port → addresses in the order of preference; raises `socket.gaierror`.
    Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

__all__ = ["GuardedBackend", "Lookup"]

#: Addresses of one host that are tried, and how long each but the last may take to accept.
MOST_ADDRESSES: Final = 4
CONNECT_S: Final = 8.0

#: Look-ups at once. They block their thread, and one dead name server must not delay every other host.
LOOKUP_THREADS: Final = 32


class Lookup:
    """The system's resolver, in threads of its own."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a host, as the system prefers them."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(
                max_workers=LOOKUP_THREADS, thread_name_prefix="citehound-lookup"
            )
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _looked_up, host, port)
        return tuple(dict.fromkeys(str(address[4][0]) for address in found))

    def close(self) -> None:
        """Let go of the threads without waiting for a name server."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects one origin's pool to where its route says, after checking where that is."""

    def __init__(self, route: Route, resolve: Resolve) -> None:
        self._route = route
        self._resolve = resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of the route's host; ConnectionRefusal where there is none."""
        addresses = await self._checked_addresses(host, port)
        for address in addresses[:-1]:
            try:
                return await self._connected(address, CONNECT_S)
            except httpcore.ConnectError:
                continue
        return await self._connected(addresses[-1], timeout)

    async def _connected(self, address: str, seconds: float | None) -> _Stream:
        try:
            async with asyncio.timeout(seconds):
                return _Stream(*await asyncio.open_connection(address, self._route.port))
        except OSError as error:  # a TimeoutError is one as well
            raise httpcore.ConnectError(str(error)) from error

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refused: no URL names a file."""
        raise ConnectionRefusal(FailureKind.PRIVATE_ADDRESS, f"{path} is a local socket")

    async def sleep(self, seconds: float) -> None:
        """Never called: the pool does not retry."""
        await asyncio.sleep(seconds)

    async def _checked_addresses(self, host: str, port: int) -> Sequence[str]:
        if not self._route.allowed_port:
            raise ConnectionRefusal(FailureKind.BAD_SCHEME, f"port {port} is no web port")
        if not self._route.named and (why := refused_host(host)):
            raise ConnectionRefusal(FailureKind.PRIVATE_ADDRESS, f"{host} is {why}")
        addresses = tuple(await self._resolve(self._route.host, self._route.port))[:MOST_ADDRESSES]
        if not addresses:
            raise ConnectionRefusal(FailureKind.DNS, f"{host} has no address")
        for address in () if self._route.trusted else addresses:
            if why := refused(address):
                raise ConnectionRefusal(FailureKind.PRIVATE_ADDRESS, f"{host} is {address}, {why}")
        return addresses


class _Stream(httpcore.AsyncNetworkStream):
    """A connection over asyncio's own streams: what its library's default costs on top is a third of an exchange.

    Time is kept above, for the exchange as a whole; where it leads is asked of the system once, not at each question.
    `opened_s` is when it was there, on the clock of `time.perf_counter`; under TLS, when the handshake was done.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._socket = writer.get_extra_info("socket")
        self._known = {
            "socket": self._socket,
            "server_addr": writer.get_extra_info("peername"),
            "ssl_object": writer.get_extra_info("ssl_object"),
            "opened_s": perf_counter(),
        }

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - the signature is httpcore's
    ) -> bytes:
        """What has come, b"" at the end."""
        try:
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - the signature is httpcore's
    ) -> None:
        """Send all of it."""
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close the connection, without waiting for the other side to agree."""
        self._writer.close()
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - the signature is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """The same connection under TLS."""
        try:
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except OSError as error:
            self._writer.transport.abort()
            raise httpcore.ConnectError(str(error)) from error
        return _Stream(self._reader, self._writer)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection."""
        return _is_readable(self._socket) if info == "is_readable" else self._known.get(info)


def _is_readable(connection: socket.socket) -> bool:
    """Whether there is something to read, or the end; so for a closed socket."""
    number = connection.fileno()
    if number < 0:
        return True
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(0))


def _looked_up(
    host: str, port: int
) -> list[tuple[object, object, object, str, tuple[object, ...]]]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value]
