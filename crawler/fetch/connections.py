"""Where a connection may go: the operator's `--connect-to`, the operator's endpoints, and web ports.

Rule: pure. `--connect-to` is curl's option and syntax, HOST1:PORT1:HOST2:PORT2: a connection that was meant for
HOST1:PORT1 goes to HOST2:PORT2; an empty HOST1 or PORT1 means any, an empty HOST2 or PORT2 means unchanged.
Source: curl(1), `--connect-to`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigError
from crawler.urls import HIGHEST_PORT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["WEB_PORTS", "ConnectTo", "Endpoint", "Route", "connect_to", "route"]

#: The ports that a stranger's URL may name.
WEB_PORTS: Final = frozenset({80, 443})

#: (scheme, host, port) of a service that the operator named in the settings.
Endpoint = tuple[str, str, int]

_SYNTAX: Final = re.compile(
    r"(?P<host1>\[[^\]]*\]|[^:\[\]]*):(?P<port1>\d{0,5}):(?P<host2>\[[^\]]*\]|[^:\[\]]*):(?P<port2>\d{0,5})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectTo:
    """One `--connect-to`: which connections it moves, and where to."""

    host1: str = ""  #: lower case, without brackets; "" for any
    port1: int | None = None  #: None for any
    host2: str = ""  #: "" for unchanged
    port2: int | None = None  #: None for unchanged

    def moves(self, host: str, port: int) -> bool:
        """Whether a connection meant for this host and port is moved."""
        return self.host1 in {"", host} and self.port1 in {None, port}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a connection really goes, and whether the operator vouches for it."""

    host: str
    port: int
    trusted: bool  #: its addresses are the operator's affair and are not checked
    named: bool  #: the operator named this very host; a rule for any host vouches for no address written in a URL
    allowed_port: bool


def connect_to(text: str) -> ConnectTo:
    """What one `--connect-to` says; ConfigError when it does not follow the syntax."""
    match = _SYNTAX.fullmatch(text.strip())
    ports = (
        [int(match[name]) if match[name] else None for name in ("port1", "port2")] if match else []
    )
    if match is None or any(port is not None and not 0 < port <= HIGHEST_PORT for port in ports):
        raise ConfigError(
            f"{text!r} is no HOST1:PORT1:HOST2:PORT2",
            where="--connect-to",
            mend="write for example www.example.org:443:127.0.0.1:8443; IPv6 addresses in brackets",
        )
    hosts = [match[name].strip("[]").lower().rstrip(".") for name in ("host1", "host2")]
    return ConnectTo(host1=hosts[0], port1=ports[0], host2=hosts[1], port2=ports[1])


def route(
    endpoint: Endpoint,
    *,
    moves: Sequence[ConnectTo],
    endpoints: Collection[Endpoint],
    ports: Collection[int] = WEB_PORTS,
) -> Route:
    """Where a connection for this scheme, host and port goes; the first `--connect-to` that fits wins."""
    _scheme, host, port = endpoint
    for move in moves:
        if move.moves(host, port):
            return Route(
                host=move.host2 or host,
                port=move.port2 or port,
                trusted=bool(move.host2),
                named=bool(move.host1),
                allowed_port=True,
            )
    named = endpoint in endpoints
    return Route(
        host=host, port=port, trusted=named, named=named, allowed_port=named or port in ports
    )
