"""A wire that gives what a test says, and small records to say it with."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawler.fetch.clock import TapeClock
from crawler.fetch.tapes import TapePlayer, TapeRecorder
from crawler.protocols import WireFailure, WireRequest, WireResponse
from db.words import FailureKind

START = datetime(2026, 3, 1, 2, 17, 0, 123456, tzinfo=UTC)


class TellingWire:
    """Gives the outcomes it was told, in order, and remembers whether it was closed."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.is_closed = False

    async def exchange(self, request):
        return self.outcomes.pop(0)

    async def aclose(self):
        self.is_closed = True


class Tapes:
    """Builders of requests and outcomes, and the way onto a tape and off it."""

    START = START

    def a_request(
        self, url="https://paper.example/a", *, method="GET", headers=(), body=b"", **rest
    ):
        return WireRequest(method=method, url=url, headers=headers, body=body, **rest)

    def a_response(
        self, body=b"<p>Placeholder.</p>", *, after_s=1.0, status=200, headers=(), **rest
    ):
        fields = {"http_version": "1.1", "reason": "OK", "duration_s": 0.25} | rest
        return WireResponse(
            status=status,
            headers=headers,
            body=body,
            received_at=START + timedelta(seconds=after_s),
            **fields,
        )

    def a_failure(self, kind=FailureKind.CONNECT, detail="refused", *, after_s=1.0, status=None):
        failed_at = START + timedelta(seconds=after_s)
        return WireFailure(
            kind=kind, detail=detail, failed_at=failed_at, duration_s=0.5, status=status
        )

    def record(self, path, *exchanges):
        """Record these (request, outcome) pairs."""

        async def recorded():
            wire = TellingWire(*(outcome for _, outcome in exchanges))
            recorder = TapeRecorder(wire, path, clock=TapeClock(START))
            try:
                for request, _ in exchanges:
                    await recorder.exchange(request)
            finally:
                await recorder.aclose()
            return wire

        return asyncio.run(recorded())

    def replay(self, path, *requests, **options):
        """What a player of this file answers, exceptions included, in the order of asking."""

        async def replayed():
            player = TapePlayer.open(path, **options)
            try:
                asked = (player.exchange(request) for request in requests)
                return await asyncio.gather(*asked, return_exceptions=True)
            finally:
                await player.aclose()

        return asyncio.run(replayed())


@pytest.fixture
def tapes():
    return Tapes()


@pytest.fixture
def tape(tmp_path):
    """The path of a recording that does not exist yet."""
    return tmp_path / "tape.warc.gz"
