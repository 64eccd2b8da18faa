"""Connections that wait for the next request to their origin.

Each serves one exchange at a time and is nobody else's meanwhile. httpcore's own pool is not used: at each request it
looks at every connection, sets an event and asks which async library runs, which cost more than the exchange itself.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator

    from crawler.fetch.guard import GuardedBackend

__all__ = ["Pool"]

#: How long an idle connection waits.
KEEPALIVE_S: Final = 15.0


class Pool:
    """The connections to one origin."""

    def __init__(
        self, origin: httpcore.Origin, *, context: ssl.SSLContext, backend: GuardedBackend
    ) -> None:
        self.origin = origin
        self.users = 0
        self._context = context
        self._backend = backend
        self._idle: list[httpcore.AsyncHTTPConnection] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[httpcore.AsyncHTTPConnection]:
        """A connection for one exchange, kept afterwards where it can serve another."""
        self.users += 1
        try:
            connection = await self._waiting() or self._new()
            try:
                yield connection
            finally:
                if connection.is_available():
                    self._idle.append(connection)
                else:
                    await connection.aclose()
        finally:
            self.users -= 1

    async def aclose(self) -> None:
        """Close what waits."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _waiting(self) -> httpcore.AsyncHTTPConnection | None:
        """A connection that is still good; those that are not are closed."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    def _new(self) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            self.origin,
            ssl_context=self._context,
            keepalive_expiry=KEEPALIVE_S,
            network_backend=self._backend,
        )
