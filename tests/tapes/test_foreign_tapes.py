"""WARC files of other archiving tools: built here as they are seen in the wild, and one made by wget itself."""

from __future__ import annotations

import asyncio
import gzip
import http.server
import io
import shutil
import subprocess
import threading
from datetime import UTC, datetime

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import ConfigError
from crawler.fetch.tapes import TapePlayer
from crawler.protocols import WireFailure
from db.words import FailureKind

PAGE = b"<p>Placeholder prose, kept by another tool.</p>"


class Archive:
    """Writes a WARC file record by record, as another tool would."""

    def __init__(self, path, *, version="1.0"):
        self.path = path
        self.file = path.open("wb")
        self.writer = WARCWriter(self.file, gzip=path.suffix == ".gz", warc_version=version)
        fields = b"software: SomeCrawler/1.0\r\n"
        self.write("warcinfo", "", {"WARC-Date": "2020-01-01T00:00:00Z"}, fields)

    def write(self, kind, url, fields, block=b"", head=None):
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(block),
            length=len(block),
            warc_headers_dict=fields,
            http_headers=head,
        )
        self.writer.write_record(record)
        return record.rec_headers.get_header("WARC-Record-ID")

    def response(self, url, body=PAGE, *, date="2020-01-02T00:00:00Z", headers=(), **fields):
        head = StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1")
        head.headers = head.headers or [("Content-Type", "text/html")]
        return self.write("response", url, {"WARC-Date": date, **fields}, body, head)

    def request(self, url, method, answered_by):
        head = StatusAndHeaders(f"{method} / HTTP/1.1", [("Host", "x")], is_http_request=True)
        head.protocol = method
        self.write("request", url, {"WARC-Concurrent-To": answered_by}, head=head)

    def revisit(self, url, *, date, headers=(), **fields):
        head = StatusAndHeaders(
            "304 Not Modified", list(headers) or [("X-Of", "revisit")], protocol="HTTP/1.1"
        )
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.write("revisit", url, {"WARC-Date": date, **fields}, head=head)

    def close(self):
        self.file.close()


@pytest.fixture(params=["crawl.warc.gz", "crawl.warc"])
def archive(request, tmp_path):
    archive = Archive(tmp_path / request.param)
    yield archive
    archive.close()


@pytest.fixture
def answer(archive, tapes):
    """What a player of the finished archive answers to one request."""

    def answered(url, *, near=None, **asked):
        archive.close()
        (outcome,) = tapes.replay(archive.path, tapes.a_request(url, **asked), near=near)
        return outcome

    return answered


def test_response_is_found_by_its_url(archive, answer):
    archive.response("https://paper.example/a")
    found = answer("https://paper.example/a")
    assert (found.status, found.body, found.reason) == (200, PAGE, "OK")
    assert found.received_at == datetime(2020, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "asked",
    [
        "https://paper.example/a#section",
        "http://paper.example/a",
        "https://PAPER.example:443/a",
        "https://paper.example/./a",
    ],
)
def test_url_is_matched_by_what_it_means(archive, answer, asked):
    archive.response("https://paper.example/a")
    assert answer(asked).body == PAGE


def test_url_as_asked_comes_before_its_other_scheme(archive, answer):
    archive.response("https://paper.example/a", b"<p>https</p>")
    archive.response("http://paper.example/a", b"<p>http</p>")
    assert answer("http://paper.example/a").body == b"<p>http</p>"


def test_angle_brackets_round_a_url_are_no_part_of_it(archive, answer):
    archive.response("<https://paper.example/a>")
    assert answer("https://paper.example/a").body == PAGE


@pytest.mark.parametrize(
    ("near", "found"),
    [(None, b"<p>2020</p>"), ("2020-11-01", b"<p>2021</p>"), ("2030-01-01", b"<p>2024</p>")],
)
def test_nearest_capture_is_answered(archive, answer, near, found):
    for year in ("2024", "2020", "2021"):
        archive.response(
            "https://paper.example/a", f"<p>{year}</p>".encode(), date=f"{year}-01-02T00:00:00Z"
        )
    at = near and datetime.fromisoformat(near).replace(tzinfo=UTC)
    assert answer("https://paper.example/a", near=at).body == found


def test_same_request_gets_the_same_answer_each_time(archive, tapes):
    archive.response("https://paper.example/a")
    archive.close()
    request = tapes.a_request("https://paper.example/a")
    first, second = tapes.replay(archive.path, request, request)
    assert first == second


def test_missing_page_is_a_failure_and_no_error(archive, answer):
    archive.response("https://paper.example/a")
    missing = answer("https://paper.example/b?token=s3cr3t")
    assert isinstance(missing, WireFailure)
    assert missing.kind is FailureKind.CONNECT
    assert missing.detail == (
        "the recording holds no answer to GET https://paper.example/b?token=REDACTED"
    )


def test_other_methods_are_not_answered(archive, answer):
    archive.response("https://paper.example/a")
    assert isinstance(answer("https://paper.example/a", method="POST"), WireFailure)


def test_answer_to_a_post_is_no_page(archive, answer):
    archive.response("https://paper.example/b")
    posted = archive.response("https://paper.example/a")
    archive.request("https://paper.example/a", "POST", posted)
    assert isinstance(answer("https://paper.example/a"), WireFailure)


def test_answer_to_a_get_is_a_page(archive, answer):
    got = archive.response("https://paper.example/a")
    archive.request("https://paper.example/a", "GET", got)
    assert answer("https://paper.example/a").body == PAGE


def test_missing_robots_is_answered_as_not_there(archive, answer):
    archive.response("https://paper.example/a")
    robots = answer("https://paper.example/robots.txt")
    assert (robots.status, robots.reason) == (404, "Not in the recording")


def test_robots_that_was_kept_is_answered(archive, answer):
    archive.response("https://paper.example/robots.txt", b"User-agent: *\nDisallow: /")
    assert answer("https://paper.example/robots.txt").status == 200


REVISITS = {
    "by record": lambda first: {"WARC_Refers_To": first},
    "by capture": lambda _: {
        "WARC_Refers_To_Target_URI": "https://paper.example/a",
        "WARC_Refers_To_Date": "2020-01-02T00:00:00Z",
    },
    "by payload": lambda _: {"WARC_Payload_Digest": "sha1:PAYLOAD"},
}
PROFILES = ["identical-payload-digest", "server-not-modified"]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("way", REVISITS)
def test_revisit_stands_for_what_it_refers_to(archive, answer, way, profile):
    first = archive.response("https://paper.example/a", **{"WARC-Payload-Digest": "sha1:PAYLOAD"})
    archive.revisit(
        "https://paper.example/b",
        date="2022-01-01T00:00:00Z",
        WARC_Profile=f"http://netpreserve.org/warc/1.1/revisit/{profile}",
        **REVISITS[way](first),
    )
    found = answer("https://paper.example/b")
    assert (found.status, found.body) == (200, PAGE)
    assert found.received_at == datetime(2022, 1, 1, tzinfo=UTC)


def test_revisit_of_what_the_file_lacks_is_missing(archive, answer):
    archive.response("https://paper.example/a")
    archive.revisit(
        "https://paper.example/b", date="2022-01-01T00:00:00Z", WARC_Refers_To="<urn:uuid:0>"
    )
    assert isinstance(answer("https://paper.example/b"), WireFailure)


def test_transfer_coding_is_taken_off(archive, answer):
    coded = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n5\r\n%s\r\n0\r\n\r\n" % (len(coded) - 5, coded[:-5], coded[-5:])
    archive.response(
        "https://paper.example/a",
        chunked,
        headers=[
            ("Content-Type", "text/html"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Encoding", "gzip"),
        ],
    )
    found = answer("https://paper.example/a")
    assert found.body == coded
    assert found.headers == (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))


def test_content_coding_that_a_tool_took_off_is_not_named(archive, answer):
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    archive.response("https://paper.example/a", headers=headers)
    found = answer("https://paper.example/a")
    assert (found.body, found.headers) == (PAGE, (("Content-Type", "text/html"),))


def test_page_above_the_limit_is_too_large(archive, answer):
    archive.response("https://paper.example/a", b"x" * 2000)
    found = answer("https://paper.example/a", wire_limit_bytes=1000)
    assert (found.kind, found.status) == (FailureKind.TOO_LARGE, 200)


def test_record_that_was_cut_short_is_marked(archive, answer):
    archive.response("https://paper.example/a", **{"WARC-Truncated": "length"})
    assert answer("https://paper.example/a").truncated


@pytest.mark.parametrize(
    "block", [b"HTTP/1.1\r\n\r\n", b"HTTP/1.1 abc\r\n\r\nx", b"HTTP/1.1 200", b"HTTP/\xff\r\n" * 9]
)
def test_response_without_a_status_is_missing(tmp_path, tapes, block):
    path = tmp_path / "x.warc"
    path.write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/a\r\n"
        b"WARC-Date: 2020-01-02T00:00:00Z\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(block), block)
    )
    (found,) = tapes.replay(path, tapes.a_request("https://paper.example/a"))
    assert isinstance(found, WireFailure) or (found.status, found.body) == (200, b"")


@pytest.mark.parametrize(
    "date", ["2020", "2020-03", "2020-03-04", "2020-03-04T05:06:07.123456789Z"]
)
def test_dates_of_any_precision_are_read(archive, answer, date):
    archive.response("https://paper.example/a", date=date)
    at = answer("https://paper.example/a").received_at
    assert at.isoformat()[: min(len(date), 26)] == date[:26]


def test_file_without_pages_is_named(archive):
    archive.close()
    with pytest.raises(ConfigError) as caught:
        TapePlayer.open(archive.path)
    assert str(caught.value) == (
        f"{archive.path}: the WARC file holds no web page; name one with response records"
    )


class _Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE))

    def log_message(self, *_):
        pass


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
@pytest.mark.parametrize("options", [[], ["--no-warc-compression"]], ids=["gzip", "plain"])
def test_recording_made_by_wget_is_replayed(tapes, tmp_path, options):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/story"
        subprocess.run(
            ["wget", "-q", "--no-config", "--warc-file=site", *options, "-O", "/dev/null", url],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin"},
            check=True,
        )
        server.shutdown()
    (path,) = tmp_path.glob("site.warc*")
    (found,) = tapes.replay(path, tapes.a_request(url))
    assert (found.status, found.body) == (200, PAGE)
    assert "transfer-encoding" not in {name.lower() for name, _ in found.headers}


def test_player_opens_at_the_first_date_of_the_file(archive):
    archive.response("https://paper.example/a")
    archive.close()
    player = TapePlayer.open(archive.path)
    asyncio.run(player.aclose())
    assert player.started_at == datetime(2020, 1, 1, tzinfo=UTC)
