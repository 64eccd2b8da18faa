"""What the tests of fetch share: a server on loopback that misbehaves on demand, clocks, and a memory in RAM."""

import asyncio
import dataclasses
import heapq
import itertools
import ssl
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.fetch.client import HttpFetcher
from crawler.fetch.clock import RealClock
from crawler.fetch.connections import ConnectTo
from crawler.fetch.http import HttpWire
from crawler.protocols import FetchRequest, WireFailure, WireResponse
from db.words import CapturePurpose

START = datetime(2026, 2, 1, 12, tzinfo=UTC)
ALLOW_ALL = b"User-agent: *\nDisallow:\n"


# ------------------------------------------------------------------------------------------ time


class SteppingClock:
    """Real time, but a wait steps over the time instead of spending it."""

    def __init__(self):
        self._real = RealClock()
        self._offset = timedelta()
        self.waits = []

    def now(self):
        return self._real.now() + self._offset

    async def sleep_until(self, instant):
        left = instant - self.now()
        if left > timedelta():
            self.waits.append(left.total_seconds())
            self._offset += left
        await asyncio.sleep(0)


class VirtualClock:
    """Time that moves only when everybody waits, to the earliest instant that somebody waits for."""

    def __init__(self, start=START):
        self._now = start
        self._sleepers = []
        self._tie = itertools.count()

    def now(self):
        return self._now

    async def sleep_until(self, instant):
        if instant <= self._now:
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (instant, next(self._tie), woken))
        await woken

    async def run(self, work):
        """The result of `work`, with time moving on whenever nothing else can."""
        task = asyncio.ensure_future(work)
        while not task.done():
            for _ in range(30):
                await asyncio.sleep(0)
            if self._sleepers and not task.done():
                instant, _, woken = heapq.heappop(self._sleepers)
                self._now = max(self._now, instant)
                if not woken.done():
                    woken.set_result(None)
        return task.result()


# ---------------------------------------------------------------------------------------- memory


class MemoryInRam:
    """`FetchMemory` without a store."""

    def __init__(self):
        self.rows = {}
        self.breakers = {}
        self.next_allowed = {}
        self.gaps = {}

    async def robots(self, origin):
        return self.rows.get(origin)

    async def keep_robots(self, row):
        self.rows[row.origin] = row

    async def take_slot(self, key, gap_s, now, *, missed=None):
        gap = timedelta(seconds=max(gap_s, self.gaps.get(key, 0.0)))
        allowed_at = self.next_allowed.get(key, now)
        is_last = missed is not None and allowed_at <= missed + gap
        start = now if is_last else max(now, allowed_at)
        self.next_allowed[key] = start + gap
        return start

    async def postpone(self, key, until, gap_s=None):
        self.next_allowed[key] = max(until, self.next_allowed.get(key, until))
        if gap_s is not None:
            self.gaps[key] = gap_s

    async def breaker(self, key):
        return self.breakers.get(key)

    async def keep_breaker(self, row):
        self.breakers[row.key] = row


# ------------------------------------------------------------------------------------------ wires


def response(clock, status=200, headers=(), body=b"", duration_s=0.0):
    return WireResponse(
        status=status,
        http_version="1.1",
        reason="",
        headers=tuple(headers),
        body=body,
        received_at=clock.now(),
        duration_s=duration_s,
    )


def failure(clock, kind, detail="as scripted", duration_s=0.1):
    return WireFailure(kind=kind, detail=detail, failed_at=clock.now(), duration_s=duration_s)


class ScriptedWire:
    """A wire that answers by function and remembers who was asked when."""

    def __init__(self, clock, answer, takes_s=0.0):
        self._clock = clock
        self._answer = answer
        self._takes_s = takes_s
        self.asked = []

    async def exchange(self, request):
        self.asked.append((request, self._clock.now()))
        takes_s = self._takes_s(request) if callable(self._takes_s) else self._takes_s
        await self._clock.sleep_until(self._clock.now() + timedelta(seconds=takes_s))
        outcome = self._answer(request)
        at = {
            "received_at" if isinstance(outcome, WireResponse) else "failed_at": self._clock.now()
        }
        return dataclasses.replace(outcome, duration_s=takes_s or 0.001, **at)

    def urls(self):
        return [request.url for request, _ in self.asked]

    async def aclose(self):
        pass


def a_request(url, **fields):
    return FetchRequest(url=url, **{"purpose": CapturePurpose.SOURCE, **fields})


# ---------------------------------------------------------------------------------------- servers


def reply(body=b"", *headers, status=200, media_type="text/html; charset=utf-8", length=None):
    """The bytes of a response; `length` lies about its length."""
    head = [
        f"HTTP/1.1 {status} Reason",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body) if length is None else length}",
        *headers,
    ]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location, status=302):
    return reply(b"", f"Location: {location}", status=status)


class Site:
    """A server on loopback: bytes or a coroutine function for each target, whatever they do to HTTP."""

    def __init__(self, *, tls=None):
        self.answers = {"/robots.txt": reply(ALLOW_ALL, media_type="text/plain")}
        self.heads = []
        self._tls = tls
        self._serving = set()
        self.greeting = b""

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving)

    def targets(self):
        return [head.split(" ")[1] for head in self.heads]

    def connect_to(self, host="", port=None):
        return ConnectTo(host1=host, port1=port, host2="127.0.0.1", port2=self.port)

    async def _serve(self, reader, writer):
        self._serving.add(asyncio.current_task())
        writer.write(self.greeting)
        try:
            while await self._answered(reader, writer):
                pass
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _answered(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        answer = self.answers.get(head.split(" ")[1], reply(b"no such page", status=404))
        if callable(answer):
            await answer(writer)
            return False
        writer.write(answer)
        await writer.drain()
        return b"Connection: close" not in answer


class Authority:
    """A certificate authority of the tests' own."""

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Citehound tests")])
        usage = {name: name in {"key_cert_sign", "crl_sign"} for name in _KEY_USAGES}
        builder = self._builder(self._name, self._key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self._certificate = builder.add_extension(x509.KeyUsage(**usage), critical=True).sign(
            self._key, hashes.SHA256()
        )
        self.ca_file = folder / "ca.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, *hosts):
        """What a server for these hosts needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            self._builder(name, key.public_key())
            .add_extension(names, critical=False)
            .add_extension(identifier, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / f"{hosts[0]}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        return context

    def _builder(self, name, public_key):
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2060, 1, 1, tzinfo=UTC))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )


_KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@pytest.fixture(scope="session")
def kit():
    """This module: with import mode importlib, tests cannot import it by name."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def tls(authority):
    """The server side of TLS for two hosts."""
    return authority.context("pages.example", "other.example")


def a_wire(site, authority=None, **fields):
    """A live wire whose every connection goes to `site`."""
    ca_file = authority.ca_file if authority else None
    return HttpWire(
        **{
            "clock": SteppingClock(),
            "connect_to": (site.connect_to(),),
            "ca_file": ca_file,
            **fields,
        }
    )


def a_fetcher(wire, *, clock, memory=None, **fields):
    """A fetcher on any wire."""
    return HttpFetcher(
        wire,
        **{
            "memory": memory or MemoryInRam(),
            "clock": clock,
            "user_agent": "citehound/0",
            **fields,
        },
    )
