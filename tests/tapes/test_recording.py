"""What goes onto a tape of ours, and that all of it comes back."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import ConfigError, TapeMissError
from crawler.fetch.clock import TapeClock
from crawler.fetch.tapes import TapePlayer, TapeRecorder
from crawler.protocols import WireFailure, WireResponse
from db.words import FailureKind


def records(path):
    """(type, fields, raw block) of each record, read by warcio with every digest checked."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.raw_stream.read()
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            fields = {name.lower(): value for name, value in record.rec_headers.headers}
            found.append((record.rec_type, fields, record.raw_stream.read()))
    return found


TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1)
LATIN_1 = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, blacklist_categories=["Cc"])
).map(lambda text: text.strip(" \t\xa0\x85"))
NAMES = TOKENS.filter(
    lambda name: (
        not any(
            word in name.lower()
            for word in ("token", "secret", "password", "api", "cookie", "auth", "transfer")
        )
    )
)


@st.composite
def responses(draw):
    """What a server may say, as far as the live wire lets it through."""
    headers = draw(st.lists(st.tuples(NAMES, LATIN_1.filter(lambda text: "=" not in text))))
    return WireResponse(
        status=draw(st.integers(100, 999)),
        http_version=draw(st.sampled_from(["1.0", "1.1", "2"])),
        reason=draw(TOKENS),
        headers=tuple(headers),
        body=draw(st.binary(max_size=5000)),
        received_at=draw(st.datetimes(datetime(1996, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
        duration_s=draw(st.floats(0, 1e6)),
        remote_address=draw(st.none() | st.ip_addresses().map(str)),
        truncated=draw(st.booleans()),
    )


@given(responses())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_response_comes_back_as_it_went_in(tapes, tmp_path_factory, response):
    tape = tmp_path_factory.mktemp("tape") / "tape.warc.gz"
    tapes.record(tape, (tapes.a_request(), response))
    assert tapes.replay(tape, tapes.a_request()) == [response]


@pytest.mark.parametrize("kind", FailureKind)
def test_failure_comes_back_as_it_went_in(tapes, tape, kind):
    failure = tapes.a_failure(kind, "“refused”\r\nby the server", status=502)
    tapes.record(tape, (tapes.a_request(), failure))
    assert tapes.replay(tape, tapes.a_request()) == [failure]


def test_recorder_gives_what_the_wire_gave_and_closes_it(tapes, tape):
    assert tapes.record(tape, (tapes.a_request(), tapes.a_response())).is_closed


def test_nth_request_gets_the_nth_exchange(tapes, tape):
    outcomes = [tapes.a_response(b"one"), tapes.a_failure(), tapes.a_response(b"three")]
    other = tapes.a_request("https://paper.example/b"), tapes.a_response(b"b")
    tapes.record(tape, *((tapes.a_request(), outcome) for outcome in outcomes[:2]), other)
    asked = [tapes.a_request(), other[0], tapes.a_request()]
    assert tapes.replay(tape, *asked) == [outcomes[0], other[1], outcomes[1]]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"url": "https://paper.example/b"}, "GET https://paper.example/b"),
        ({"url": "http://paper.example/a"}, "GET http://paper.example/a"),
        ({"method": "HEAD"}, "HEAD https://paper.example/a"),
        ({"body": b"x"}, "GET https://paper.example/a"),
    ],
)
def test_request_that_was_not_recorded_names_file_and_request(tapes, tape, asked, name):
    tapes.record(tape, (tapes.a_request(), tapes.a_response()))
    (error,) = tapes.replay(tape, tapes.a_request(**asked))
    assert isinstance(error, TapeMissError)
    assert str(error) == (
        f"{tape}: the recording holds no answer to {name}; "
        "record it again with --record, or run without --replay"
    )


def test_request_asked_more_often_than_recorded_is_missed(tapes, tape):
    tapes.record(tape, (tapes.a_request(), tapes.a_response()))
    _, error = tapes.replay(tape, tapes.a_request(), tapes.a_request())
    assert isinstance(error, TapeMissError)


def test_headers_do_not_belong_to_the_key(tapes, tape):
    response = tapes.a_response()
    tapes.record(tape, (tapes.a_request(headers=(("If-None-Match", '"1"'),)), response))
    assert tapes.replay(tape, tapes.a_request()) == [response]


def test_tape_passes_warcios_check(tapes, tape):
    coded = tapes.a_response(gzip.compress(b"text"), headers=(("Content-Encoding", "gzip"),))
    tapes.record(
        tape,
        (tapes.a_request(), tapes.a_response()),
        (tapes.a_request(method="POST", body=b"{}"), coded),
        (tapes.a_request(), tapes.a_failure()),
    )
    check = [sys.executable, "-m", "warcio.cli", "check", "-v", str(tape)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("digest failed")) == (0, 0)
    assert done.stdout.count("digest pass") >= 6


def test_records_are_what_the_design_says(tapes, tape):
    tapes.record(
        tape,
        (tapes.a_request(), tapes.a_response(remote_address="192.0.2.7")),
        (tapes.a_request(), tapes.a_failure()),
    )
    info, response, request, failure, asked = records(tape)
    assert [one[0] for one in (info, response, request, failure, asked)] == [
        "warcinfo",
        "response",
        "request",
        "metadata",
        "request",
    ]
    assert info[2].startswith(b"software: citehound/")
    assert info[1]["warc-date"] == "2026-03-01T02:17:00.123456Z"
    assert response[1]["warc-date"] == "2026-03-01T02:17:01.123456Z"
    assert response[1]["warc-target-uri"] == "https://paper.example/a"
    assert response[1]["warc-payload-digest"].startswith("sha1:")
    assert response[1]["warc-citehound-duration"] == "0.25"
    assert request[1]["warc-concurrent-to"] == response[1]["warc-record-id"]
    assert request[2] == b"GET /a HTTP/1.1\r\nHost: paper.example\r\n\r\n"
    assert failure[1]["content-type"] == "application/x-citehound-failure+json"
    assert asked[1]["warc-concurrent-to"] == failure[1]["warc-record-id"]


def test_content_coding_stays_and_transfer_coding_goes(tapes, tape):
    body = gzip.compress(b"text")
    headers = (("Content-Encoding", "gzip"), ("transfer-encoding", "chunked"), ("ETag", '"é"'))
    tapes.record(tape, (tapes.a_request(), tapes.a_response(body, headers=headers)))
    (answer,) = tapes.replay(tape, tapes.a_request())
    assert (answer.body, answer.headers) == (body, (headers[0], headers[2]))
    assert '"é"'.encode("latin-1") in records(tape)[1][2]


def test_each_record_is_its_own_gzip_member(tapes, tape):
    tapes.record(tape, (tapes.a_request(), tapes.a_response()))
    assert tape.read_bytes().count(b"\x1f\x8b\x08") == 3


def test_plain_warc_is_written_when_the_name_says_so(tapes, tmp_path):
    tape, response = tmp_path / "tape.warc", tapes.a_response()
    tapes.record(tape, (tapes.a_request(), response))
    assert tape.read_bytes().startswith(b"WARC/1.1\r\n")
    assert tapes.replay(tape, tapes.a_request()) == [response]


@pytest.mark.parametrize(
    "hostile", ["https://paper.example/a\r\nWARC-Type: warcinfo", "https://пример.example/\ud800 x"]
)
def test_hostile_url_stays_within_its_line(tapes, tape, hostile):
    response = tapes.a_response()
    tapes.record(tape, (tapes.a_request(hostile), response))
    assert [kind for kind, *_ in records(tape)] == ["warcinfo", "response", "request"]
    assert tapes.replay(tape, tapes.a_request(hostile)) == [response]


def test_existing_file_is_never_overwritten(tapes, tape):
    tape.write_bytes(b"precious")
    with pytest.raises(ConfigError) as caught:
        tapes.record(tape)
    assert str(caught.value) == (
        f"{tape}: the recording exists already; name another file, or remove this one"
    )
    assert tape.read_bytes() == b"precious"


def test_folder_that_does_not_exist_is_the_operators_to_mend(tapes, tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be written \(No such file or directory\)"):
        tapes.record(tmp_path / "nowhere" / "tape.warc.gz")


def test_exchanges_at_the_same_time_do_not_mix(tapes, tape):
    requests = [tapes.a_request(f"https://paper.example/{n}") for n in range(40)]
    responses = {
        request.url: tapes.a_response(os.urandom(50_000), after_s=n)
        for n, request in enumerate(requests)
    }

    class Echo:
        async def exchange(self, request):
            await asyncio.sleep(0)
            return responses[request.url]

        async def aclose(self):
            pass

    async def recorded():
        recorder = TapeRecorder(Echo(), tape, clock=TapeClock(tapes.START))
        await asyncio.gather(*map(recorder.exchange, requests))
        await recorder.aclose()

    asyncio.run(recorded())
    assert tapes.replay(tape, *reversed(requests)) == [
        responses[request.url] for request in reversed(requests)
    ]


def test_cancelled_exchange_leaves_a_whole_tape(tapes, tape):
    class Slow:
        async def exchange(self, request):
            return tapes.a_response(os.urandom(3_000_000))

        async def aclose(self):
            pass

    async def cancelled():
        recorder = TapeRecorder(Slow(), tape, clock=TapeClock(tapes.START))
        tasks = [asyncio.create_task(recorder.exchange(tapes.a_request())) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await recorder.aclose()

    asyncio.run(cancelled())
    player = TapePlayer.open(tape)
    asyncio.run(player.aclose())
    assert records(tape)[0][0] == "warcinfo"


#: Records one exchange, says so, and dies in the middle of whatever it does next.
KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from crawler.fetch.clock import TapeClock
from crawler.fetch.tapes import TapeRecorder
from crawler.protocols import WireRequest, WireResponse

START = datetime(2026, 3, 1, tzinfo=UTC)

class Wire:
    async def exchange(self, request):
        return WireResponse(status=200, http_version="1.1", reason="OK", headers=(), body=b"kept",
                            received_at=START, duration_s=0.0)

async def main():
    recorder = TapeRecorder(Wire(), sys.argv[1], clock=TapeClock(START))
    await recorder.exchange(WireRequest(method="GET", url="https://paper.example/a", headers=()))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_killed_recording_holds_what_was_exchanged(tapes, tape):
    done = subprocess.run([sys.executable, "-P", "-c", KILLED, str(tape)], check=False)
    (answer,) = tapes.replay(tape, tapes.a_request())
    assert (done.returncode, answer.body) == (-signal.SIGKILL, b"kept")


def test_replay_starts_at_the_first_date_of_the_tape(tapes, tape):
    tapes.record(tape, (tapes.a_request(), tapes.a_response(after_s=60)))
    player = TapePlayer.open(tape)
    asyncio.run(player.aclose())
    assert player.started_at == tapes.START


def test_failure_of_an_unknown_kind_is_a_tape_to_mend(tapes, tape):
    tapes.record(tape, (tapes.a_request(), tapes.a_failure()))
    plain = gzip.decompress(tape.read_bytes()).replace(b'"connect"', b'"newkind"')
    other = tape.with_name("other.warc")
    other.write_bytes(plain)
    (error,) = tapes.replay(other, tapes.a_request())
    assert isinstance(error, ConfigError)
    assert not isinstance(error, (TapeMissError, WireFailure))
