"""A static origin on loopback: made-up articles, gzipped before the first request, on several ports of 127.0.0.1.

    python bench/origin.py [PAGES] [PORTS]

Prints one JSON line with its ports and the pages' sizes, then serves until its standard input is closed. Every port
serves every page: `/page/N` is the same bytes at each start. Above PAGES they come again with their number in a second
gzip member, so that 20,000 different bodies need the memory of 2,000.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Decoded bytes of the smallest and the largest page.
LEAST_BYTES = 50_000
MOST_BYTES = 150_000

WORDS = 4096
ROBOTS = b"User-agent: *\nDisallow: /private/\nDisallow: /*?session=\nAllow: /\n"
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo an el ir os un tha".split()
_GZIP_LEVEL = 6


class Origin(asyncio.Protocol):
    """Answers one connection's requests from memory, in order."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages = pages
        self._unread = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request whose head is complete."""
        *heads, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for head in heads:
            self._transport.write(self._answer(head.split(b" ", 2)[1].decode("ascii")))

    def _answer(self, target: str) -> bytes:
        if target == "/robots.txt":
            return _response(ROBOTS, "Content-Type: text/plain")
        number = target.removeprefix("/page/")
        if not number.isdigit():
            return _response(b"no such page", "Content-Type: text/plain", status="404 Not Found")
        again, place = divmod(int(number), len(self._pages))
        body = self._pages[place] + (gzip.compress(b"<!-- %d -->" % again, 1) if again else b"")
        return _response(
            body,
            "Content-Type: text/html; charset=utf-8",
            "Content-Encoding: gzip",
            "Vary: Accept-Encoding",
            f'ETag: "{number}"',
            "Last-Modified: Mon, 02 Feb 2026 10:00:00 GMT",
            "Cache-Control: max-age=60",
        )


def page(number: int) -> bytes:
    """The article of this number: the same bytes each time, as large and as compressible as real ones."""
    dice = _dice(number)
    length = LEAST_BYTES + int.from_bytes(hashlib.sha256(b"%d" % number).digest()[:4]) % (
        MOST_BYTES - LEAST_BYTES
    )
    parts = [f"<!doctype html><html><head><title>{_words(dice, 8)}</title></head><body>"]
    size = 0
    while size < length:
        parts.append(_block(dice))
        size += len(parts[-1])
    return ("".join(parts) + "</body></html>").encode("ascii")


def _block(dice: Iterator[int]) -> str:
    """A teaser as pages are full of, around a paragraph of prose."""
    slug = _words(dice, 4).replace(" ", "-")
    return (
        f'<article class="teaser teaser--wide js-track" data-component="teaser" data-id="{slug}">'
        f'<a class="teaser__link" href="https://news.example/world/2026/02/02/{slug}.html">'
        f'<h3 class="teaser__headline">{_words(dice, 7)}</h3></a>'
        '<div class="teaser__meta"><span class="teaser__label">Analysis</span>'
        '<time class="teaser__time" datetime="2026-02-02T10:00:00Z">2 February 2026</time></div>'
        f'<p class="article__text">{_words(dice, 40).capitalize()}.</p></article>\n'
    )


def _words(dice: Iterator[int], count: int) -> str:
    words = _vocabulary()
    # The square makes low numbers common, as common words are.
    return " ".join(words[next(dice) ** 2 >> 20] for _ in range(count))


@cache
def _vocabulary() -> list[str]:
    base = len(_SYLLABLES)
    return [
        "".join(_SYLLABLES[number // base**place % base] for place in range(2 + number % 2))
        for number in range(WORDS)
    ]


def _dice(seed: int) -> Iterator[int]:
    """Numbers below 65536 without end, the same for the same seed."""
    turn = 0
    while True:
        data = hashlib.shake_128(b"%d %d" % (seed, turn)).digest(8192)
        yield from memoryview(data).cast("H")
        turn += 1


def _response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = [
        f"HTTP/1.1 {status}",
        "Server: origin",
        "Date: Mon, 02 Feb 2026 12:00:00 GMT",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(head).encode("ascii") + b"\r\n\r\n" + body


async def serve(count: int, ports: int) -> None:
    """Make the pages, tell the ports, serve until standard input ends."""
    sizes, packed = 0, []
    for number in range(count):
        body = page(number)
        sizes += len(body)
        packed.append(gzip.compress(body, _GZIP_LEVEL, mtime=0))
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda: Origin(packed), "127.0.0.1", 0) for _ in range(ports)
    ]
    row = {
        "ports": [server.sockets[0].getsockname()[1] for server in servers],
        "pages": count,
        "mean_bytes": round(sizes / count),
        "mean_gzip_bytes": round(sum(map(len, packed)) / count),
    }
    print(json.dumps(row), flush=True)
    await loop.run_in_executor(None, Path("/dev/stdin").read_bytes)


if __name__ == "__main__":
    asyncio.run(serve(*(int(text) for text in (*sys.argv[1:3], "2000", "8")[:2])))
