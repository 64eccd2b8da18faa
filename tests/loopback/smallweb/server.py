"""The small web's two ports: TLS for every host by name, and plain HTTP that sends clients there.

Rule: an unknown host is a connection reset, an unknown path a 404. Each exchange is noted as it is answered.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import tempfile
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from smallweb.authority import Authority
from smallweb.scenario import Answer, read_scenario
from smallweb.services import SERVICES

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Exchange", "Site"]

_LOOPBACK: Final = "127.0.0.1"
_HANDSHAKE_S: Final = 10.0
_IDLE_S: Final = 30.0
_PEEK_S: Final = 0.01
_FLIGHT_BYTES: Final = 1 << 14  #: one TLS record (RFC 8446, 5.1)
#: A server without a certificate: every client gets an alert.
_REFUSING: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
_NOT_FOUND: Final = Answer(
    status=404,
    type="text/html; charset=utf-8",
    body=b"<!doctype html><html lang=en><title>Page not found</title><h1>Page not found</h1>"
    b"<p>The page that you asked for does not exist or has moved.</p></html>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as it was answered; `fault` where the connection was cut instead."""

    scheme: str
    host: str
    method: str
    target: str
    status: int
    fault: str | None = None
    asked_at: float = 0.0  #: monotonic seconds, when the request was read
    authorization: str = ""  #: the header field of that name
    body: bytes = b""  #: of the request


class Site:
    """The scenario of a folder, served while the context is open.

    `folder` holds scenario.toml and pages/; `state` the authority's files, a temporary folder unless given.
    """

    def __init__(self, folder: Path, *, state: Path | None = None, port: int = 0) -> None:
        self.scenario = read_scenario(folder)
        self.exchanges: list[Exchange] = []
        self._held = contextlib.ExitStack()
        self._state = state
        self._port = port
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        folder = self._state or Path(self._held.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = Authority(folder)
        self._tls = self._listen(_TlsServer, self._port)
        self._plain = self._listen(_PlainServer, self._port + 1 if self._port else 0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._held.close()

    @property
    def ca_path(self) -> Path:
        """What `SSL_CERT_FILE` must name."""
        return self.authority.ca_path

    @property
    def https_port(self) -> int:
        """Stands for port 443 of every host."""
        return int(self._tls.server_address[1])

    @property
    def http_port(self) -> int:
        """Stands for port 80 of every host."""
        return int(self._plain.server_address[1])

    @property
    def connect_to(self) -> tuple[str, str]:
        """The two values for `--connect-to`."""
        return (f":443:{_LOOPBACK}:{self.https_port}", f":80:{_LOOPBACK}:{self.http_port}")

    def knows(self, host: str) -> bool:
        """Whether the scenario or a service lives at `host`."""
        return host in self.scenario.hosts or any(host == one for one, _ in SERVICES)

    def answer(self, host: str, target: str, body: bytes = b"") -> Answer:
        """What `target`, a path with its query, answers at `host` to a request with this body."""
        for (service, prefix), play in SERVICES.items():
            if host == service and target.startswith(prefix):
                return play(self.scenario, target, body)
        if host in self.scenario.aliases:
            place = f"https://{self.scenario.aliases[host]}{target}"
            return Answer(status=301, headers={"Location": place})
        rows = self.scenario.hosts.get(host, {})
        return rows.get(target) or rows.get(target.partition("?")[0]) or _NOT_FOUND

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or at once when the site closes."""
        self._stopped.wait(seconds)

    def _listen(self, kind: type[_Server], port: int) -> _Server:
        server = kind(self, port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        self._held.callback(server.server_close)
        self._held.callback(thread.join)
        self._held.callback(server.shutdown)
        return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scheme: ClassVar[str]

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        super().__init__((_LOOPBACK, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients leave when they like."""


class _PlainServer(_Server):
    scheme = "http"


class _TlsServer(_Server):
    scheme = "https"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, as the named host's fault allows, then serve."""
        request.settimeout(_HANDSHAKE_S)
        with contextlib.suppress(OSError):
            host = _named_host(request)
            fault = self._fault(host)
            if fault in {"reset", "close"}:
                (_reset if fault == "reset" else _close)(request)
                return
            context = _REFUSING if fault == "tls" else self.site.authority.context(str(host))
            stream = context.wrap_socket(request, server_side=True)
            with contextlib.suppress(OSError):
                super().finish_request(stream, client_address)
            _close(stream)

    def _fault(self, host: str | None) -> str | None:
        if host is None or not self.site.knows(host):
            return "reset"
        return self.site.scenario.host_faults.get(host)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "smallweb"
    sys_version = ""
    timeout = _IDLE_S
    server: _Server

    def do_GET(self) -> None:
        """Answer from the scenario, whatever the method."""
        asked_at = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site, host = self.server.site, (self.headers.get("Host") or "").split(":")[0].lower()
        answer = self._answer(site, host, body)
        if answer.delay_s:
            site.wait(answer.delay_s)
        site.exchanges.append(
            Exchange(
                scheme=self.server.scheme,
                host=host,
                method=self.command,
                target=self.path,
                status=answer.status,
                fault=answer.fault,
                asked_at=asked_at,
                authorization=self.headers.get("Authorization") or "",
                body=body,
            )
        )
        if answer.fault in {"reset", "close"}:
            self.close_connection = True
            (_reset if answer.fault == "reset" else _close)(self.connection)
            return
        self._send(answer)

    do_HEAD = do_POST = do_GET  # noqa: N815 - the base asks for these names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base names it so
        """Nothing: `Site.exchanges` is the log."""

    def _answer(self, site: Site, host: str, body: bytes) -> Answer:
        if not site.knows(host):
            return Answer(fault="reset")
        if self.server.scheme == "http":
            return Answer(status=301, headers={"Location": f"https://{host}{self.path}"})
        return site.answer(host, self.path, body)

    def _send(self, answer: Answer) -> None:
        body, headers = answer.body, dict(answer.headers)
        if answer.type:
            headers.setdefault("Content-Type", answer.type)
        if answer.gzip and "gzip" in (self.headers.get("Accept-Encoding") or ""):
            body = gzip.compress(body, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            cut = len(body) // 2 if answer.fault == "truncate" else len(body)
            self.wfile.write(body[:cut])
        self.close_connection = self.close_connection or answer.fault == "truncate"


def _named_host(connection: socket.socket) -> str | None:
    """The host in the client's first flight (SNI), read without taking it from the socket.

    A reset must come before any alert, so the name is needed before the handshake starts.
    """
    names: list[str | None] = []

    def note(_: ssl.SSLObject, host: str | None, __: ssl.SSLContext) -> int:
        names.append(host)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = note
    seen, pause = 0, threading.Event()
    while not names:
        first_flight = connection.recv(_FLIGHT_BYTES, socket.MSG_PEEK)
        if not first_flight or len(first_flight) == _FLIGHT_BYTES:
            return None
        if len(first_flight) == seen:
            pause.wait(_PEEK_S)  # the rest of a split flight: peeking again would not block
        seen = len(first_flight)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        incoming.write(first_flight)
        try:
            context.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError:
            break
    return names[0] if names else None


def _reset(connection: socket.socket) -> None:
    """Close with RST instead of FIN: linger on, for no time (socket(7))."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _close(connection)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.close()
