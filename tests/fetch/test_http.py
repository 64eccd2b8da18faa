import asyncio
import gzip
import os
import socket
import ssl

import pytest

from crawler.fetch.connections import ConnectTo
from crawler.fetch.failures import told
from crawler.fetch.http import MOST_POOLS, HttpWire
from crawler.protocols import WireFailure, WireRequest, WireResponse
from db.words import FailureKind

URL = "https://pages.example/a"


def ask(url=URL, **fields):
    return WireRequest(**{"method": "GET", "url": url, "headers": (("User-Agent", "t"),), **fields})


@pytest.fixture
def exchange(kit, authority, tls):
    """The outcome of one exchange with a site that gives `answer`."""

    def outcome(answer, request=None, **fields):
        async def run():
            async with kit.Site(tls=tls) as site:
                site.answers["/a"] = answer
                wire = kit.a_wire(site, authority, **fields)
                try:
                    return await wire.exchange(request or ask())
                finally:
                    await wire.aclose()

        return asyncio.run(run())

    return outcome


# ------------------------------------------------------------------------------------ responses


def test_a_response_comes_as_received(exchange, kit):
    answer = kit.reply(b"<p>text", "X-One: 1", "x-one:  \xe9 ", 'ETag: W/"a"')
    outcome = exchange(answer)
    assert isinstance(outcome, WireResponse)
    assert (outcome.status, outcome.http_version, outcome.reason) == (200, "1.1", "Reason")
    assert outcome.headers[2:] == (("X-One", "1"), ("x-one", "\xe9"), ("ETag", 'W/"a"'))
    assert (outcome.body, outcome.truncated, outcome.remote_address) == (
        b"<p>text",
        False,
        "127.0.0.1",
    )
    assert outcome.received_at.tzinfo is not None
    assert outcome.duration_s > 0


def test_the_time_to_connect_is_told_once_for_a_connection(kit, authority, tls):
    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.reply(b"<p>text")
            wire = kit.a_wire(site, authority)
            try:
                return [await wire.exchange(ask()) for _ in range(2)]
            finally:
                await wire.aclose()

    first, second = asyncio.run(run())
    assert 0 < first.connect_s < first.duration_s
    assert second.connect_s == 0


def test_the_body_stays_in_its_content_coding(exchange, kit):
    wire = gzip.compress(b"<p>text")
    assert exchange(kit.reply(wire, "Content-Encoding: gzip")).body == wire


def test_the_transfer_coding_is_removed(exchange):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert exchange(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").body == b"abcde"


def test_nothing_is_added_to_a_request_but_what_http_needs(kit):
    async def run():
        async with kit.Site() as site:
            wire = kit.a_wire(site)
            url = "http://pages.example/a%7Eb/'x'?q=%c3%a9|"
            await wire.exchange(ask(url, headers=(("User-Agent", "t"), ("X-Own", "\xe9"))))
            await wire.aclose()
            return site.heads[0]

    lines = asyncio.run(run()).rstrip().split("\r\n")
    assert lines[0] == "GET /a~b/'x'?q=%C3%A9%7C HTTP/1.1"
    assert sorted(lines[1:]) == ["Host: pages.example", "User-Agent: t", "X-Own: \xe9"]


def test_connections_are_kept_for_the_next_request(kit, authority, tls):
    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.reply(b"x")
            lookups = []

            async def resolve(host, port):
                lookups.append((host, port))
                return ["127.0.0.1"]

            wire = kit.a_wire(site, authority, resolve=resolve)
            bodies = [(await wire.exchange(ask())).body for _ in range(3)]
            await wire.aclose()
            return bodies, lookups

    bodies, lookups = asyncio.run(run())
    assert bodies == [b"x"] * 3
    assert len(lookups) == 1


def test_no_more_pools_stay_open_than_allowed(kit):
    async def run():
        async with kit.Site() as site:
            wire = kit.a_wire(site)
            for n in range(MOST_POOLS + 5):
                await wire.exchange(ask(f"http://h{n}.example/a"))
            count = len(wire._pools)
            await wire.aclose()
            return count

    assert asyncio.run(run()) == MOST_POOLS


def test_cookies_are_not_kept(kit):
    async def run():
        async with kit.Site() as site:
            site.answers["/a"] = kit.reply(b"x", "Set-Cookie: seen=1")
            wire = kit.a_wire(site)
            for _ in range(2):
                await wire.exchange(ask("http://pages.example/a"))
            await wire.aclose()
            return site.heads

    assert not any("cookie" in head.lower() for head in asyncio.run(run()))


# -------------------------------------------------------------------------------------- failures


async def reset(writer):
    """End the connection the hard way."""
    writer.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
    )
    writer.transport.abort()


async def silence(writer):
    await asyncio.sleep(30)


async def drip(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(300):
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_of_headers(writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(300):
        writer.write(b"X-%d: 1\r\n" % n)
        await writer.drain()
        await asyncio.sleep(0.05)


async def flood_of_headers(writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Flood: " + b"a" * 60000 + b"\r\n")
        await writer.drain()


async def endless(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"a" * 60000)
        await writer.drain()


FAILURES = {
    "reset": (reset, FailureKind.CONNECT),
    "closed without an answer": (b"", FailureKind.CONNECT),
    "silence": (silence, FailureKind.TIMEOUT),
    "slow drip": (drip, FailureKind.TIMEOUT),
    "slow drip of headers": (drip_of_headers, FailureKind.TIMEOUT),
    "header flood": (flood_of_headers, FailureKind.PROTOCOL),
    "not http": (b"SSH-2.0-OpenSSH\r\n\r\n", FailureKind.PROTOCOL),
    "two lengths": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        FailureKind.PROTOCOL,
    ),
    "no number as length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab",
        FailureKind.PROTOCOL,
    ),
    "endless": (endless, FailureKind.TOO_LARGE),
    "announced too large": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999\r\n\r\nab",
        FailureKind.TOO_LARGE,
    ),
    "a chunk that is no number": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        FailureKind.PROTOCOL,
    ),
}


@pytest.mark.parametrize(("answer", "kind"), FAILURES.values(), ids=FAILURES)
def test_each_misbehaviour_has_its_kind(exchange, answer, kind):
    if answer == b"":

        async def answer(writer):
            writer.close()

    outcome = exchange(answer, ask(deadline_s=0.5, wire_limit_bytes=1 << 20))
    assert isinstance(outcome, WireFailure)
    assert outcome.kind is kind
    assert outcome.detail
    assert outcome.duration_s < 5


async def lying_length(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def reset_in_the_body(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await asyncio.sleep(0.05)
    await reset(writer)


async def broken_chunks(writer):
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
    )
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("answer", [lying_length, reset_in_the_body, broken_chunks])
def test_a_body_that_ends_early_is_kept_and_marked(exchange, answer):
    outcome = exchange(answer)
    assert (outcome.status, outcome.body, outcome.truncated) == (200, b"half", True)


def test_what_follows_the_announced_length_is_not_the_body(exchange, kit):
    assert exchange(kit.reply(b"bodyGET / HTTP/1.1", length=4)).body == b"body"


def test_a_body_that_nothing_can_read_is_left_on_the_wire(exchange, kit):
    outcome = exchange(
        kit.reply(b"x" * 100_000, media_type="video/mp4"), ask(wire_limit_bytes=1000)
    )
    assert (outcome.status, outcome.body, outcome.truncated) == (200, b"", True)


def test_the_body_of_a_redirect_is_cut_not_refused(exchange, kit):
    outcome = exchange(kit.reply(b"x" * 200_000, "Location: /b", status=302))
    assert (outcome.status, len(outcome.body), outcome.truncated) == (302, 65536, True)


def test_a_name_that_does_not_resolve_is_dns(kit):
    async def resolve(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    outcome = alone(kit, ask(), resolve=resolve)
    assert outcome.kind is FailureKind.DNS
    assert "Name or service not known" in outcome.detail


def test_a_port_that_nobody_listens_on_is_connect(kit):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        outcome = alone(kit, ask(), connect_to=(ConnectTo(host2="127.0.0.1", port2=port),))
    assert outcome.kind is FailureKind.CONNECT


def alone(kit, request, **fields):
    """The outcome of one exchange with nobody prepared to answer."""

    async def run():
        wire = HttpWire(clock=kit.SteppingClock(), **fields)
        try:
            return await wire.exchange(request)
        finally:
            await wire.aclose()

    return asyncio.run(run())


# ------------------------------------------------------------------------------------------- TLS


def test_a_certificate_for_another_name_is_tls(exchange, kit):
    outcome = exchange(kit.reply(b"x"), ask("https://pages.elsewhere/a"))
    assert outcome.kind is FailureKind.TLS
    assert "elsewhere" in outcome.detail


def test_a_certificate_of_an_unknown_authority_is_tls(kit, tls):
    async def run():
        async with kit.Site(tls=tls) as site:
            wire = kit.a_wire(site)
            outcome = await wire.exchange(ask())
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).kind is FailureKind.TLS


def test_plain_http_behind_https_is_tls(kit, authority):
    async def run():
        async with kit.Site() as site:
            site.greeting = kit.reply(b"x")
            wire = kit.a_wire(site, authority)
            outcome = await wire.exchange(ask())
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).kind is FailureKind.TLS


def test_ssl_cert_file_is_honoured(kit, authority, tls, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca_file))

    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.reply(b"x")
            wire = kit.a_wire(site)
            outcome = await wire.exchange(ask())
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).body == b"x"


# ------------------------------------------------------------------------------------- addresses


def resolving(*answers):
    """A resolver that gives the next answer each time it is asked."""
    left = list(answers)

    async def resolve(host, port):
        return left.pop(0)

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["64:ff9b::7f00:1"],
        ["93.184.216.34", "10.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_refused(kit, addresses):
    outcome = alone(kit, ask(), resolve=resolving(addresses))
    assert outcome.kind is FailureKind.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1"]
)
def test_odd_spellings_of_this_machine_are_refused_after_the_lookup(kit, host):
    assert alone(kit, ask(f"http://{host}/a")).kind in {
        FailureKind.PRIVATE_ADDRESS,
        FailureKind.DNS,
    }


def test_metadata_hosts_are_refused_by_name(kit):
    async def resolve(host, port):
        raise AssertionError("looked up")

    outcome = alone(kit, ask("http://metadata.google.internal/computeMetadata/"), resolve=resolve)
    assert outcome.kind is FailureKind.PRIVATE_ADDRESS


def test_a_name_that_changes_its_answer_is_pinned_to_the_checked_one(kit):
    """One look-up a connection: what was checked is what is connected to."""
    asked = []

    async def resolve(host, port):
        asked.append(host)
        return ["192.0.2.1"] if len(asked) > 1 else ["203.0.113.1"]

    outcome = alone(kit, ask(), resolve=resolve)
    assert outcome.kind is FailureKind.PRIVATE_ADDRESS
    assert "203.0.113.1" in outcome.detail
    assert asked == ["pages.example"]


def test_the_connection_goes_to_the_address_that_was_checked(kit, authority, tls):
    """The resolver's second answer (rebinding) is never asked for, not even by the library below."""

    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.reply(b"x")
            wire = kit.a_wire(site, authority, resolve=resolving(["127.0.0.1"]))
            outcome = await wire.exchange(ask())
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).body == b"x"


def test_the_second_address_is_tried_when_the_first_refuses(kit, authority, tls):
    async def run():
        async with kit.Site(tls=tls) as site:
            site.answers["/a"] = kit.reply(b"x")
            wire = kit.a_wire(site, authority, resolve=resolving(["127.0.0.9", "127.0.0.1"]))
            outcome = await wire.exchange(ask())
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).remote_address == "127.0.0.1"


@pytest.mark.parametrize("port", [22, 25, 6379, 8443])
def test_other_ports_than_the_webs_are_refused(kit, port):
    outcome = alone(kit, ask(f"https://pages.example:{port}/a"), resolve=resolving())
    assert outcome.kind is FailureKind.BAD_SCHEME
    assert str(port) in outcome.detail


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://pages.example/", "https://", "https://[::1/"]
)
def test_what_is_no_web_address_is_refused(kit, url):
    assert alone(kit, ask(url), resolve=resolving()).kind is FailureKind.BAD_SCHEME


def test_an_endpoint_of_the_operator_may_be_private(kit):
    async def run():
        async with kit.Site() as site:
            site.answers["/a"] = kit.reply(b"x")
            endpoint = ("http", "127.0.0.1", site.port)
            wire = HttpWire(clock=kit.SteppingClock(), allowed_endpoints=[endpoint])
            inside = await wire.exchange(ask(f"http://127.0.0.1:{site.port}/a"))
            beside = await wire.exchange(ask("http://127.0.0.1/a"))
            await wire.aclose()
            return inside, beside

    inside, beside = asyncio.run(run())
    assert inside.body == b"x"
    assert beside.kind is FailureKind.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "127.0.0.1", "[::1]", "[::ffff:10.0.0.1]", "localhost", "metadata"]
)
def test_a_connect_to_for_any_host_vouches_for_no_inner_one(kit, host):
    """Whoever leads all hosts to a test server has not asked to be led to a cloud's metadata."""

    async def run():
        async with kit.Site() as site:
            moves = [ConnectTo(port1=80, host2="127.0.0.1", port2=site.port)]
            wire = HttpWire(clock=kit.SteppingClock(), connect_to=moves)
            outcome = await wire.exchange(ask(f"http://{host}/a"))
            await wire.aclose()
            return outcome, site.heads

    outcome, asked = asyncio.run(run())
    assert outcome.kind is FailureKind.PRIVATE_ADDRESS
    assert not asked


def test_a_connect_to_that_names_an_inner_host_vouches_for_it(kit):
    async def run():
        async with kit.Site() as site:
            site.answers["/a"] = kit.reply(b"x")
            moves = [ConnectTo(host1="10.0.0.1", host2="127.0.0.1", port2=site.port)]
            wire = HttpWire(clock=kit.SteppingClock(), connect_to=moves)
            outcome = await wire.exchange(ask("http://10.0.0.1/a"))
            await wire.aclose()
            return outcome

    assert asyncio.run(run()).body == b"x"


def test_a_proxy_in_the_environment_is_ignored(exchange, kit, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert exchange(kit.reply(b"x")).body == b"x"


# ------------------------------------------------------------------------------ foreign exceptions


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ssl.SSLCertVerificationError("no"), FailureKind.TLS),
        (ssl.SSLError("no"), FailureKind.TLS),
        (socket.gaierror(-2, "no"), FailureKind.DNS),
        (UnicodeError("label too long"), FailureKind.DNS),
        (TimeoutError(), FailureKind.TIMEOUT),
        (ConnectionResetError(), FailureKind.CONNECT),
        (OSError(os.strerror(101)), FailureKind.CONNECT),
    ],
)
def test_the_most_telling_exception_of_a_chain_decides(error, kind):
    outer = OSError("outer")
    outer.__cause__ = error
    assert told(outer)[0] is kind
