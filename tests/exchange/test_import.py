"""Other tools' files, and files that somebody made to do harm."""

from __future__ import annotations

import asyncio
import gzip
import http.server
import json
import shutil
import subprocess
import threading
import zipfile

import pytest

from crawler.errors import ConfigError
from crawler.fetch.tapes import TapePlayer
from crawler.protocols import FetchRequest, WireRequest
from db.words import CapturePurpose


def only(store):
    (capture,) = store.captures()
    return capture


def test_response_becomes_a_source_that_a_fetch_would_find(a, fresh, crawl):
    crawl.response(headers=[("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')])
    assert a.take(fresh, crawl.close()).row() == {"taken": 1, "already": 0}
    request = FetchRequest(url="https://paper.example/a", purpose=CapturePurpose.SOURCE)
    found = fresh.latest_capture(request.url)
    assert (found.request_key, found.purpose, found.body) == (request.key, "source", a.page)
    assert found.headers == (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))
    assert found.captured_at.isoformat() == "2026-02-02T00:00:00+00:00"


def test_codings_come_off(a, fresh, crawl):
    packed = gzip.compress(a.page)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    crawl.response(
        body=chunked,
        headers=[
            ("Content-Type", "text/html"),
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
        ],
    )
    a.take(fresh, crawl.close())
    assert fresh.body(only(fresh).body_sha256) == a.page


def test_revisit_stands_for_its_original(a, fresh, crawl):
    original = crawl.response()
    crawl.revisit("https://paper.example/b", date="2026-02-03T00:00:00Z", WARC_Refers_To=original)
    assert a.take(fresh, crawl.close()).taken == 2
    again = fresh.latest_capture("https://paper.example/b")
    assert (again.body, again.captured_at.day) == (a.page, 3)


def test_redirect_is_a_capture_of_its_own(a, fresh, crawl):
    crawl.response(status="301 Moved", headers=[("Location", "/b")], body=b"")
    a.take(fresh, crawl.close())
    assert only(fresh).status == 301


def test_body_that_nobody_reads_is_left_out_and_its_capture_kept(a, fresh, crawl):
    crawl.response(headers=[("Content-Type", "video/mp4")])
    a.take(fresh, crawl.close())
    assert (only(fresh).body_sha256, only(fresh).media_type) == (None, "video/mp4")


BOMB = gzip.compress(bytes(30 << 20))
CODED = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]


@pytest.mark.parametrize(
    ("reason", "record"),
    [
        ("ratio", lambda crawl: crawl.response(body=BOMB, headers=CODED)),
        ("too_large", lambda crawl: crawl.response(body=b"<p>" + b"x" * (10 << 20))),
        (
            "protocol",
            lambda crawl: crawl.response(
                headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip, br")]
            ),
        ),
        ("bad_url", lambda crawl: crawl.response("javascript:alert(1)")),
        ("bad_url", lambda crawl: crawl.response("https://" + "a" * 9000 + ".example/")),
        ("no_date", lambda crawl: crawl.response(date="yesterday")),
        ("future", lambda crawl: crawl.response(date="2126-01-01T00:00:00Z")),
        ("not_http", lambda crawl: crawl.response(status="999 No", headers=[("A", "b")])),
        ("not_http", lambda crawl: crawl.write("resource", "https://paper.example/a", {}, b"x")),
        (
            "no_original",
            lambda crawl: crawl.revisit(
                "https://paper.example/a", date="2026-02-02T00:00:00Z", WARC_Refers_To="<urn:x>"
            ),
        ),
        (
            "not_get",
            lambda crawl: crawl.request(
                "https://paper.example/a", "POST", crawl.response("https://paper.example/a")
            ),
        ),
        ("misfit", lambda crawl: crawl.response(WARC_Citehound_Capture="{}")),
        ("misfit", lambda crawl: crawl.response(WARC_Citehound_Capture="[" * 30_000)),
        ("misfit", lambda crawl: crawl.response(WARC_Citehound_Hop="[]")),
    ],
)
def test_what_cannot_be_a_capture_is_counted(a, fresh, crawl, reason, record):
    record(crawl)
    crawl.response("https://paper.example/good", b"<p>Good</p>")
    counts = a.take(fresh, crawl.close())
    assert counts.row() == {"taken": 1, "already": 0, f"left_out.{reason}": 1}
    assert only(fresh).url == "https://paper.example/good"


def test_facts_that_no_wire_gives_are_left_out(a, fresh, crawl):
    crawl.response(WARC_IP_Address="nowhere", WARC_Citehound_Duration="nan")
    a.take(fresh, crawl.close())
    assert (only(fresh).remote_address, only(fresh).duration_s) == (None, 0.0)


FORGERIES = {
    "id": "1" * 20,
    "request_key": "1" * 20,
    "requested_url": "https://else.example/",
    "url": "https://else.example/",
    "status": 404,
    "captured_at": "2020-01-01T00:00:00Z",
    "body_sha256": "1" * 64,
    "body_bytes": 1,
    "duration_s": 1e999,
    "purpose": "mischief",
    "memento_of": "javascript:alert(1)",
    "wire_bytes": 2**70,
    "revisit_of": "1" * 20,
    "method": None,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_field_of_an_export_is_counted(a, store, fresh, tmp_path, keep, crawl, name):
    keep(a.capture())
    path = tmp_path / "export.warc"
    a.export(store, path)
    field = (
        path.read_bytes()
        .decode("latin-1")
        .partition("WARC-Citehound-Capture: ")[2]
        .partition("\r\n")[0]
    )
    said = json.loads(field)
    said["row"][name] = FORGERIES[name]
    crawl.response(date="2026-03-01T02:17:00.123456Z", WARC_Citehound_Capture=json.dumps(said))
    counts = a.take(fresh, crawl.close())
    reason = "no_original" if name == "revisit_of" else "misfit"
    assert counts.row() == {"taken": 0, "already": 0, f"left_out.{reason}": 1}


def test_file_cut_short_gives_what_is_whole(a, fresh, crawl):
    crawl.response()
    crawl.response("https://paper.example/b", b"<p>B</p>" * 100)
    path = crawl.close()
    path.write_bytes(path.read_bytes()[:-60])
    assert a.take(fresh, path).row() == {"taken": 1, "already": 0, "left_out.cut_short": 1}


def test_damaged_file_gives_what_stands_before_the_damage(a, fresh, crawl):
    crawl.response()
    path = crawl.close()
    path.write_bytes(path.read_bytes() + b"\x1f\x8bnonsense" + b"nonsense" * 10)
    assert a.take(fresh, path).row() == {"taken": 1, "already": 0, "left_out.damaged": 1}


@pytest.mark.parametrize("content", [b"<html>", b"", b"PK\x03\x04 no zip", None])
def test_what_is_no_archive_is_the_operators_mistake(a, fresh, tmp_path, content):
    path = tmp_path / "file.warc.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="name "):
        a.take(fresh, path)
    assert fresh.runs() == ()


# ------------------------------------------------------------------------------------------- WACZ


def wacz(tmp_path, members, *, compression=zipfile.ZIP_STORED):
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("datapackage.json", "{}")
        for name, content in members:
            file.writestr(name, content)
    return path


def test_inner_files_of_a_wacz_are_imported(a, fresh, crawl, tmp_path):
    crawl.response()
    content = crawl.close().read_bytes()
    path = wacz(tmp_path, [(f"archive/{crawl.path.name}", content), ("pages/a.warc", content)])
    assert a.take(fresh, path).row() == {"taken": 1, "already": 0}


def test_member_of_a_wacz_goes_nowhere_else(a, fresh, crawl, tmp_path):
    crawl.response()
    content = crawl.close().read_bytes()
    path = wacz(
        tmp_path, [("archive/../../../escaped.warc", content), ("/archive/b.warc", content)]
    )
    before = sorted(tmp_path.parent.rglob("*"))
    assert a.take(fresh, path).taken == 1
    assert [one for one in tmp_path.parent.rglob("*") if one.name == "escaped.warc"] == []
    assert {one.name for one in tmp_path.parent.rglob("*")} <= {one.name for one in before}


@pytest.mark.parametrize("content", [b"no WARC", b"WARC/1.0 nonsense\r\n\r\n", b"", bytes(3 << 20)])
def test_bad_member_of_a_wacz_is_counted(a, fresh, crawl, tmp_path, content):
    crawl.response()
    good = crawl.close()
    members = [("archive/bad.warc", content), (f"archive/{good.name}", good.read_bytes())]
    counts = a.take(fresh, wacz(tmp_path, members, compression=zipfile.ZIP_DEFLATED))
    assert counts.row() == {"taken": 1, "already": 0, "left_out.member": 1}


def test_wacz_without_warc_files_is_the_operators_mistake(a, fresh, tmp_path):
    with pytest.raises(ConfigError, match="a zip without WARC files under archive/"):
        a.take(fresh, wacz(tmp_path, []))


# ------------------------------------------------------------------------------------------- wget


@pytest.fixture
def site():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>Placeholder prose for wget.</p>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/a"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_wgets_own_file_imports_and_replays(a, fresh, tmp_path, site):
    command = ["wget", "--no-config", "-q", "--no-proxy", "--warc-file=crawl", "-O", "-", site]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    path = tmp_path / "crawl.warc.gz"
    assert _imported_at_any_time(fresh, path) == b"<p>Placeholder prose for wget.</p>"
    assert _replayed(path, site).body == b"<p>Placeholder prose for wget.</p>"


def test_file_as_wget_makes_it_imports_and_replays(a, fresh, crawl):
    """Angle brackets round the URL, the request before its response, transfer coding left in, its log at the end."""
    name = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
    crawl.request("<https://paper.example/a>", "GET", name)
    crawl.response(
        "<https://paper.example/a>",
        b"5\r\n<p>Pl\r\n8\r\nain.</p>\r\n0\r\n\r\n",
        headers=[("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")],
    )
    crawl.write("metadata", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", {}, b"x")
    path = crawl.close()
    assert a.take(fresh, path).row() == {"taken": 1, "already": 0}
    assert fresh.body(only(fresh).body_sha256) == b"<p>Plain.</p>"
    assert _replayed(path, "https://paper.example/a").body == b"<p>Plain.</p>"


def _imported_at_any_time(store, path):
    from crawler.fetch.clock import RealClock
    from crawler.warc_import import imported

    imported(store, path, clock=RealClock())
    return store.body(only(store).body_sha256)


def _replayed(path, url):
    async def answer():
        player = TapePlayer.open(path)
        try:
            return await player.exchange(WireRequest(method="GET", url=url, headers=()))
        finally:
            await player.aclose()

    return asyncio.run(answer())
