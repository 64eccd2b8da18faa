"""The only code that opens sockets: one hop, no manners, every bound.

An exchange ends in a response whose body is still in its content coding, or in a `WireFailure`; the world's trouble
never raises. There is one connection pool per origin, and one TLS context for all, because building it costs more
than an exchange. The environment is never asked: with a proxy set there, the guard would not see where a request goes.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from contextlib import asynccontextmanager
from io import BytesIO
from time import perf_counter
from typing import TYPE_CHECKING, Final

import httpcore

from crawler.fetch.connections import WEB_PORTS, route
from crawler.fetch.failures import REMOTE_TROUBLE, ended_early, told
from crawler.fetch.guard import GuardedBackend, Lookup
from crawler.fetch.limits import header, limits
from crawler.fetch.pools import Pool
from crawler.protocols import WireFailure, WireResponse
from crawler.urls import BadUrl, checked_url, host_of, origin_of, port_of, target_of
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence
    from pathlib import Path

    from crawler.fetch.connections import ConnectTo, Endpoint
    from crawler.fetch.guard import Resolve
    from crawler.protocols import Clock, WireRequest
    from db.model import Headers

__all__ = ["HttpWire"]

#: Pools that stay open for the next request to their origin.
MOST_POOLS: Final = 64

#: Methods whose request has a body even where it is empty (RFC 9110, 8.6).
_WITH_BODY: Final = frozenset({"PATCH", "POST", "PUT"})


class _Trouble(Exception):  # noqa: N818 - carried to the end of the exchange, seen by nobody else
    def __init__(self, kind: FailureKind, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.status = status


class HttpWire:
    """The live wire (`crawler.protocols.Wire`)."""

    def __init__(
        self,
        *,
        clock: Clock,
        connect_to: Sequence[ConnectTo] = (),
        allowed_endpoints: Collection[Endpoint] = (),
        ports: Collection[int] = WEB_PORTS,
        ca_file: Path | str | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        """`ca_file` replaces the system's certificate authorities, as SSL_CERT_FILE does; `resolve` its resolver."""
        self._clock = clock
        self._moves = tuple(connect_to)
        self._endpoints = frozenset(allowed_endpoints)
        self._ports = frozenset(ports)
        self._ca_file = None if ca_file is None else str(ca_file)
        self._lookup = Lookup()
        self._resolve: Resolve = resolve or self._lookup
        self._ssl_context: ssl.SSLContext | None = None
        self._pools: OrderedDict[str, Pool] = OrderedDict()

    async def exchange(self, request: WireRequest) -> WireResponse | WireFailure:
        """The response, or why there is none. Never raises for the world's trouble."""
        started = perf_counter()
        try:
            async with asyncio.timeout(request.deadline_s):
                return await self._exchanged(request, started)
        except _Trouble as trouble:
            kind, detail, status = trouble.kind, trouble.detail, trouble.status
        except TimeoutError:
            kind, detail, status = (
                FailureKind.TIMEOUT,
                f"not done within {request.deadline_s:g} s",
                None,
            )
        except REMOTE_TROUBLE as error:
            (kind, detail), status = told(error), None
        return WireFailure(
            kind=kind,
            detail=detail,
            failed_at=self._clock.now(),
            duration_s=perf_counter() - started,
            status=status,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()
        self._lookup.close()

    async def _exchanged(self, request: WireRequest, started: float) -> WireResponse:
        url = checked_url(request.url)
        if isinstance(url, BadUrl):
            raise _Trouble(FailureKind.BAD_SCHEME, url.detail)
        async with self._pool(url) as pool, pool.connection() as connection:
            response = await connection.handle_async_request(_outgoing(request, url, pool.origin))
            try:
                address, headers = _remote_address(response), _received(response)
                connect_s = max(0.0, _opened_s(response) - started)
                body, truncated = await _body(response, request, headers)
            finally:
                await response.aclose()
        return WireResponse(
            status=response.status,
            http_version=_said(response, "http_version").removeprefix("HTTP/"),
            reason=_said(response, "reason_phrase"),
            headers=headers,
            body=body,
            received_at=self._clock.now(),
            duration_s=perf_counter() - started,
            remote_address=address,
            truncated=truncated,
            connect_s=connect_s,
        )

    # ----------------------------------------------------------------------------------- pools

    @asynccontextmanager
    async def _pool(self, url: str) -> AsyncIterator[Pool]:
        origin = origin_of(url)
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = self._opened(url)
        self._pools.move_to_end(origin)
        try:
            yield pool
        finally:
            await self._close_the_oldest()

    async def _close_the_oldest(self) -> None:
        spare = len(self._pools) - MOST_POOLS
        if spare <= 0:
            return
        idle = [origin for origin, pool in self._pools.items() if not pool.users][:spare]
        for pool in [self._pools.pop(origin) for origin in idle]:
            await pool.aclose()

    def _opened(self, url: str) -> Pool:
        scheme, host, port = url.partition(":")[0], host_of(url), port_of(url)
        way = route(
            (scheme, host, port), moves=self._moves, endpoints=self._endpoints, ports=self._ports
        )
        return Pool(
            httpcore.Origin(scheme.encode("ascii"), host.encode("ascii"), port),
            context=self._context(),
            backend=GuardedBackend(way, self._resolve),
        )

    def _context(self) -> ssl.SSLContext:
        if self._ssl_context is None:
            self._ssl_context = _trusting(self._ca_file)
        return self._ssl_context


def _trusting(ca_file: str | None) -> ssl.SSLContext:
    """A context that trusts `ca_file`, else what OpenSSL is told to (SSL_CERT_FILE), else Mozilla's list."""
    paths = ssl.get_default_verify_paths()
    if not (ca_file or paths.cafile or paths.capath):
        # Only on a machine without certificates of its own.
        import certifi

        ca_file = certifi.where()
    return ssl.create_default_context(cafile=ca_file)


# ---------------------------------------------------------------------------------------- one hop


def _outgoing(request: WireRequest, url: str, origin: httpcore.Origin) -> httpcore.Request:
    """The request as checked, with what HTTP itself needs: whom it is for, and how long its body is."""
    needed = [("Host", origin_of(url).partition("://")[2])]
    if request.body or request.method in _WITH_BODY:
        needed.append(("Content-Length", str(len(request.body))))
    named = {name.lower() for name, _ in request.headers}
    headers = [
        *(pair for pair in needed if pair[0].lower() not in named),
        *request.headers,
    ]
    return httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=origin.scheme,
            host=origin.host,
            port=origin.port,
            target=target_of(url).encode("ascii"),
        ),
        headers=[
            (name.encode("ascii", "replace"), value.encode("latin-1", "replace"))
            for name, value in headers
        ],
        content=request.body or None,
    )


def _received(response: httpcore.Response) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
    )


def _said(response: httpcore.Response, name: str) -> str:
    """A word of the status line."""
    word: bytes = response.extensions[name]
    return word.decode("ascii", "ignore")


def _remote_address(response: httpcore.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream is not None else None
    return str(address[0]) if isinstance(address, tuple) and address else None


def _opened_s(response: httpcore.Response) -> float:
    """When the connection was there, on the clock of `time.perf_counter`: before the exchange where it was kept."""
    stream = response.extensions.get("network_stream")
    return float(stream.get_extra_info("opened_s") or 0.0) if stream is not None else 0.0


async def _body(
    response: httpcore.Response, request: WireRequest, headers: Headers
) -> tuple[bytes, bool]:
    """What was read of the body, and whether that is less than the server meant to send."""
    reading = limits().reading(response.status, headers, limit_bytes=request.wire_limit_bytes)
    if request.method == "HEAD":
        return b"", False
    announced = header(headers, "content-length") or ""
    if not reading.cut and _number(announced) > reading.limit_bytes:
        raise _too_large(response, reading.limit_bytes)
    body = BytesIO()  # gives its bytes away without a copy
    try:
        async for piece in response.aiter_stream():
            body.write(piece)
            if body.tell() > reading.limit_bytes:
                if reading.cut:
                    return body.getvalue()[: reading.limit_bytes], True
                raise _too_large(response, reading.limit_bytes)
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
        if not ended_early(error):
            raise
        # The connection ended before the body did: what came is kept and marked.
        return body.getvalue(), True
    return body.getvalue(), False


def _number(text: str) -> int:
    """A Content-Length as a number, 0 where it is none; h11 has refused what is no digits at all."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _too_large(response: httpcore.Response, limit_bytes: int) -> _Trouble:
    return _Trouble(
        FailureKind.TOO_LARGE, f"more than {limit_bytes} bytes on the wire", response.status
    )
