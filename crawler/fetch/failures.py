"""What other libraries' exceptions mean: one table from their types to our closed set of failure kinds.

Rule: the only place that knows the exceptions of httpcore, ssl and socket. The most telling exception of a chain
decides (httpcore hides the certificate error that made it fail one cause deep).
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

import httpcore

from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["REMOTE_TROUBLE", "ConnectionRefusal", "ended_early", "told"]


class ConnectionRefusal(Exception):  # noqa: N818 - a refusal of ours, not an error
    """We will not connect: raised inside the connection pool, told by the wire, seen by nobody else."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


#: What an exchange may raise through no fault of ours. Everything else is a bug and passes.
REMOTE_TROUBLE: Final = (
    ConnectionRefusal,
    TimeoutError,
    OSError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    UnicodeError,
)

#: The first row with a type that occurs anywhere in the chain decides, so the most telling come first.
_KINDS: Final[tuple[tuple[tuple[type[BaseException], ...], FailureKind, str], ...]] = (
    ((ssl.SSLCertVerificationError,), FailureKind.TLS, "the certificate was not accepted"),
    ((ssl.SSLError,), FailureKind.TLS, "no secure connection"),
    ((socket.gaierror, UnicodeError), FailureKind.DNS, "the host name did not resolve"),
    (
        (TimeoutError, httpcore.TimeoutException),
        FailureKind.TIMEOUT,
        "no answer in time",
    ),
    ((httpcore.ConnectError,), FailureKind.CONNECT, "no connection"),
    ((httpcore.ProtocolError,), FailureKind.PROTOCOL, "not proper HTTP"),
    (
        (httpcore.NetworkError, OSError),
        FailureKind.CONNECT,
        "the connection broke",
    ),
)

#: httpcore says this of a connection that ended before any answer, which is no fault in the HTTP spoken.
_SILENT_END: Final = "Server disconnected"
#: h11 says this of a body that ends before its announced length or last chunk.
_EARLY_END: Final = "peer closed connection"

LONGEST_DETAIL: Final = 200


def told(error: BaseException) -> tuple[FailureKind, str]:
    """The kind of failure behind an exception of `REMOTE_TROUBLE`, and a sentence for a person."""
    chain = tuple(_chain(error))
    for link in chain:
        if isinstance(link, ConnectionRefusal):
            return link.kind, link.detail
    if any(_SILENT_END in str(link) for link in chain if isinstance(link, httpcore.ProtocolError)):
        return FailureKind.CONNECT, "the server ended the connection without an answer"
    for types, kind, words in _KINDS:
        for link in reversed(chain):
            if isinstance(link, types):
                return kind, _sentence(words, link)
    return FailureKind.PROTOCOL, _sentence("the exchange failed", error)


def ended_early(error: httpcore.NetworkError | httpcore.ProtocolError) -> bool:
    """Whether a connection just ended while the body was being read, as against speaking nonsense."""
    return isinstance(error, httpcore.NetworkError) or _EARLY_END in str(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            yield from link.exceptions
        link = link.__cause__ or link.__context__


def _sentence(words: str, error: BaseException) -> str:
    text = getattr(error, "verify_message", "") or getattr(error, "strerror", "") or str(error)
    said = " ".join(str(text).split())[:LONGEST_DETAIL]
    return f"{words} ({said})" if said else words
