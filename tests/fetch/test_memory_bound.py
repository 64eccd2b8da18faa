"""One exchange never takes more memory than four times its byte cap, whatever the server sends.

A process of its own fetches from a real server on loopback; the kernel says what its peak was (proc(5), VmHWM).
"""

import asyncio
import gzip
import json
import os
import sys
import zlib

import brotli
import pytest
import zstandard

#: The cap of a page, on the wire and decoded.
CAP = 10 << 20

#: Fetches a small body of the same coding, then those that are measured, and tells of each.
FETCH = """
import asyncio, json, sys
from crawler.fetch.client import HttpFetcher
from crawler.fetch.clock import RealClock
from crawler.fetch.connections import ConnectTo
from crawler.fetch.http import HttpWire
from crawler.journal import StoreThread
from crawler.memory import StoredMemory
from crawler.protocols import FetchRequest
from db.model import Capture
from db.store import Store
from db.words import CapturePurpose

def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(name))

async def main():
    clock = RealClock()
    thread = StoreThread(Store.open(sys.argv[1]))
    wire = HttpWire(clock=clock, connect_to=[ConnectTo(host2="127.0.0.1", port2=int(sys.argv[2]))])
    fetcher = HttpFetcher(
        wire, memory=StoredMemory(thread), clock=clock, user_agent="citehound/0", gap_s=0.0
    )
    request = {"purpose": CapturePurpose.SOURCE, "check_robots": False}
    await fetcher.fetch(FetchRequest(url="http://pages.example/warm", **request))
    told = {}
    for path in sys.argv[3:]:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")  # forget the peak so far
        before = status("VmRSS")
        outcome = await fetcher.fetch(FetchRequest(url="http://pages.example" + path, **request))
        peak = status("VmHWM") - before
        told[path] = [peak, "captured" if isinstance(outcome, Capture) else outcome.kind.value]
        del outcome
    print(json.dumps(told))
    await fetcher.aclose()
    thread.close()

asyncio.run(main())
"""


def gzipped(body):
    return gzip.compress(body, compresslevel=1)


def deflated(body):
    return zlib.compress(body, level=1)


def brotlied(body):
    return brotli.compress(body, quality=1, lgwin=24)


def zstandarded(body):
    """With the largest window that HTTP allows (RFC 9659)."""
    parameters = zstandard.ZstdCompressionParameters(compression_level=1, window_log=23)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(body)


CODINGS = {"gzip": gzipped, "deflate": deflated, "br": brotlied, "zstd": zstandarded}

#: A little that becomes very much; a full and a fuller wire that become too much; what is allowed.
BODIES = {
    "/bomb": (lambda: bytes(64 << 20), {"too_large", "ratio"}),
    "/full": (lambda: os.urandom(CAP - (1 << 19)) + bytes(20 << 20), {"too_large"}),
    "/dense": (lambda: os.urandom(7 << 20) + bytes(20 << 20), {"too_large"}),
    "/largest": (lambda: os.urandom(7 << 20) + bytes(2 << 20), {"captured"}),
}


async def endless(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(bytes(1 << 16))
        await writer.drain()


async def lying(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n" % CAP + bytes(3 * CAP))
    await writer.drain()


@pytest.fixture
def measured(kit, tmp_path):
    """What a process that fetches these answers tells: each one's peak and kind."""

    async def fetched(answers, warm):
        async with kit.Site() as site:
            site.answers |= {**answers, "/warm": warm}
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", FETCH, str(tmp_path / "a.db"), str(site.port), *answers),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            return await child.communicate()

    def run(answers, warm):
        out, error = asyncio.run(fetched(answers, warm))
        if b"PermissionError" in error:
            pytest.skip("the peak cannot be reset here")
        assert out, error.decode()
        return json.loads(out)

    return run


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")


@linux
@pytest.mark.parametrize("coding", CODINGS)
def test_an_encoded_body_costs_at_most_four_times_its_cap(measured, kit, coding):
    encode, coded = CODINGS[coding], f"Content-Encoding: {coding}"
    answers = {path: kit.reply(encode(body()), coded) for path, (body, _) in BODIES.items()}
    told = measured(answers, kit.reply(encode(b"warm" * 999), coded))
    assert {path for path, (_, kind) in told.items() if kind not in BODIES[path][1]} == set()
    assert {path: peak for path, (peak, _) in told.items() if peak > 4 * CAP} == {}


@linux
def test_a_body_that_does_not_end_costs_at_most_four_times_its_cap(measured, kit):
    told = measured({"/endless": endless, "/lying": lying}, kit.reply(b"warm"))
    assert {path: kind for path, (_, kind) in told.items()} == {
        "/endless": "too_large",
        "/lying": "captured",
    }
    assert {path: peak for path, (peak, _) in told.items() if peak > 4 * CAP} == {}
