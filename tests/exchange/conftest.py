"""Captures that show only what matters, stores in files of their own, and WARC files as other tools write them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.fetch.clock import TapeClock
from crawler.protocols import FetchRequest
from crawler.warc_export import exported
from crawler.warc_import import imported
from db.ids import body_sha256, digest
from db.model import Capture, FetchFailure, Hop, Run
from db.store import Store
from db.words import CapturePurpose, FailureKind, RunKind, RunState

NOW = datetime(2026, 3, 1, 2, 17, 0, 123456, tzinfo=UTC)
PAGE = b"<p>Placeholder prose of a page.</p>"


class Exchanges:
    """Builders, and the ways into a WARC file and out of it."""

    now = NOW
    page = PAGE

    def capture(self, url="https://paper.example/a", body=PAGE, *, after_s=0, **fields):
        method = fields.get("method", "GET")
        request = FetchRequest(url=url, purpose=CapturePurpose.SOURCE, method=method)
        captured_at = fields.pop("captured_at", NOW + timedelta(seconds=after_s))
        capture = Capture(
            id=digest("capture", request.key, captured_at.isoformat()),
            request_key=request.key,
            requested_url=url,
            url=url,
            method="GET",
            purpose=CapturePurpose.SOURCE,
            captured_at=captured_at,
            duration_s=0.25,
            status=200,
            http_version="1.1",
            headers=(
                ("Content-Type", "text/html; charset=utf-8"),
                ("X-Twice", "1"),
                ("x-twice", "2"),
            ),
            remote_address="192.0.2.7",
            media_type="text/html",
            charset="utf-8",
            body=body,
            body_sha256=body_sha256(body),
            body_bytes=len(body),
            wire_sha256="0" * 64,
            wire_bytes=len(body),
        )
        return replace(capture, **fields)

    def bodiless(self, url="https://paper.example/a", **fields):
        return self.capture(url, b"", body_sha256=None, wire_sha256=None, **fields)

    def not_modified(self, before, *, after_s=60):
        return self.capture(
            before.url,
            before.body,
            after_s=after_s,
            status=304,
            headers=(("ETag", '"1"'),),
            revisit_of=before.id,
            wire_sha256=None,
            wire_bytes=0,
        )

    def hop(self, url="https://paper.example/old", location="/a"):
        headers = (("location", location), ("Content-Length", "12"), ("X-Hop", "1"))
        return Hop(url=url, status=301, location=location, headers=headers)

    def failure(self, url="https://paper.example/f", *, after_s=0, **fields):
        at = NOW + timedelta(seconds=after_s)
        key = FetchRequest(url=url, purpose=CapturePurpose.SOURCE).key
        failure = FetchFailure(
            id=digest("failure", key, at.isoformat()),
            request_key=key,
            requested_url=url,
            url=url,
            method="GET",
            purpose=CapturePurpose.SOURCE,
            kind=FailureKind.DNS,
            detail="the name does not resolve",
            failed_at=at,
            duration_s=0.1,
        )
        return replace(failure, **fields)

    def export(self, store, path, **asked):
        return exported(store, path, at=NOW, **asked)

    def take(self, store, path):
        return imported(store, path, clock=TapeClock(NOW + timedelta(days=1)))

    def stored(self, store):
        """Every capture of a store, with its body where it has one."""
        captures = {capture.id: capture for capture in store.captures()}
        return {
            id_: replace(capture, body=store.body(capture.body_sha256 or "") or b"")
            for id_, capture in captures.items()
        }


class Crawl:
    """A WARC file written record by record, as another tool would."""

    def __init__(self, path):
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=path.suffix == ".gz")
        self.write("warcinfo", "", {"WARC-Date": "2026-02-01T00:00:00Z"}, b"software: Other/1\r\n")

    def write(self, kind, url, fields, block=b"", head=None):
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(block),
            length=len(block),
            warc_headers_dict=fields,
            http_headers=head,
        )
        self._writer.write_record(record)
        return record.rec_headers.get_header("WARC-Record-ID")

    def response(
        self,
        url="https://paper.example/a",
        body=PAGE,
        *,
        date="2026-02-02T00:00:00Z",
        headers=(("Content-Type", "text/html"),),
        status="200 OK",
        **fields,
    ):
        head = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.write("response", url, {"WARC-Date": date, **fields}, body, head)

    def request(self, url, method, answered_by):
        head = StatusAndHeaders(f"{method} / HTTP/1.1", [("Host", "x")], is_http_request=True)
        head.protocol = method
        self.write("request", url, {"WARC-Concurrent-To": answered_by}, head=head)

    def revisit(self, url, *, date, **fields):
        head = StatusAndHeaders("200 OK", [("X-Of", "revisit")], protocol="HTTP/1.1")
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.write("revisit", url, {"WARC-Date": date, **fields}, head=head)

    def close(self):
        self._file.close()
        return self.path


@pytest.fixture(scope="session")
def a():
    return Exchanges()


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "citehound.db") as opened:
        opened.start_run(
            Run(
                id="run-1",
                kind=RunKind.NIGHTLY,
                state=RunState.RUNNING,
                started_at=NOW,
                heartbeat_at=NOW,
            )
        )
        yield opened


@pytest.fixture
def fresh(tmp_path):
    """A store that holds nothing."""
    with Store.open(tmp_path / "fresh.db") as opened:
        yield opened


@pytest.fixture
def keep(store):
    """Put outcomes into the store."""

    def kept(*outcomes):
        store.add_outcomes([(outcome, "run-1") for outcome in outcomes])
        return outcomes

    return kept


@pytest.fixture(params=["export.warc.gz", "export.warc"])
def warc(request, tmp_path):
    """The path of a file that does not exist yet, compressed and not."""
    return tmp_path / request.param


@pytest.fixture(params=["crawl.warc.gz", "crawl.warc"])
def crawl(request, tmp_path):
    crawl = Crawl(tmp_path / request.param)
    yield crawl
    crawl.close()
