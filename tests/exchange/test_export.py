"""Exports: what other tools read in them, and what must not be in them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import ConfigError
from crawler.fetch.tapes import TapePlayer
from crawler.protocols import WireFailure, WireRequest


def records(path):
    """Each record's type, WARC fields, HTTP head and body, as warcio reads them, its digests checked."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            body = record.content_stream().read()
            found.append((record.rec_type, record.rec_headers, record.http_headers, body))
    return found


def of_kind(path, kind):
    return [record for record in records(path) if record[0] == kind]


@pytest.fixture
def everything(a, keep):
    """A capture of each sort: redirected, twice the same, confirmed, bodiless, posted, archived; and a failure."""
    first = a.capture(hops=(a.hop(),), requested_url="https://paper.example/a")
    return keep(
        first,
        a.capture("https://paper.example/copy", after_s=1),
        a.not_modified(first),
        a.bodiless("https://paper.example/video", after_s=2, media_type="video/mp4"),
        a.capture("https://api.example/q", b"{}", after_s=3, method="POST"),
        a.bodiless("https://paper.example/h", after_s=4, method="HEAD"),
        a.capture(
            "https://web.archive.org/web/20250101000000id_/https://paper.example/b",
            b"<p>Placeholder copy.</p>",
            after_s=5,
            memento_of="https://paper.example/b",
            memento_at=datetime(2025, 1, 1, tzinfo=UTC),
        ),
        a.failure(),
    )


def test_warcio_finds_nothing_wrong(a, store, warc, everything):
    a.export(store, warc)
    command = [sys.executable, "-P", "-c", "from warcio.cli import main; main()", "check", "-v"]
    done = subprocess.run(
        [*command, str(warc)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "digest pass" in done.stdout


def test_every_record_has_digests_that_hold(a, store, warc, everything):
    counts = a.export(store, warc)
    assert [kind for kind, *_ in records(warc)] == [
        "warcinfo",
        "response",
        "response",
        "revisit",
        "revisit",
        "response",
        "response",
        "request",
        "response",
        "request",
        "response",
        "metadata",
    ]
    assert counts.row() == {
        "captures": 7,
        "hops": 1,
        "revisits": 2,
        "headers_only": 0,
        "failures": 1,
    }


def test_records_are_warc_1_1_with_dates_and_addresses_of_their_captures(
    a, store, warc, everything
):
    a.export(store, warc)
    _, fields, _, _ = of_kind(warc, "response")[-1]
    assert fields.protocol == "WARC/1.1"
    assert fields.get_header("WARC-Date") == "2026-03-01T02:17:05.123456Z"
    assert fields.get_header("WARC-Target-URI") == everything[6].url
    assert fields.get_header("WARC-IP-Address") == "192.0.2.7"


def test_header_fields_are_raw_but_for_the_framing_that_the_stored_body_lost(a, store, warc, keep):
    headers = (
        ("content-encoding", "br"),
        ("X-Odd", "caf\xe9"),
        ("Set-cookie", "id=1"),
        ("Content-Length", "9"),
        ("x-odd", ""),
    )
    keep(a.capture(headers=headers))
    a.export(store, warc)
    ((_, _, head, body),) = of_kind(warc, "response")
    assert head.statusline == "200 OK"
    assert head.headers == [
        ("X-Odd", "caf\xe9"),
        ("Set-cookie", "REDACTED"),
        ("x-odd", ""),
        ("Content-Length", str(len(a.page))),
    ]
    assert body == a.page


def test_duplicate_refers_to_the_record_with_the_body(a, store, warc, everything):
    a.export(store, warc)
    original, revisit = of_kind(warc, "response")[1][1], of_kind(warc, "revisit")[0][1]
    assert revisit.get_header("WARC-Profile").endswith("/1.1/revisit/identical-payload-digest")
    for name, of_original in (
        ("WARC-Refers-To", "WARC-Record-ID"),
        ("WARC-Refers-To-Target-URI", "WARC-Target-URI"),
        ("WARC-Refers-To-Date", "WARC-Date"),
        ("WARC-Payload-Digest", "WARC-Payload-Digest"),
    ):
        assert revisit.get_header(name) == original.get_header(of_original), name


def test_not_modified_is_a_revisit_of_what_it_confirmed(a, store, warc, everything):
    a.export(store, warc)
    original, revisit = of_kind(warc, "response")[1][1], of_kind(warc, "revisit")[1]
    assert revisit[1].get_header("WARC-Profile").endswith("/revisit/server-not-modified")
    assert revisit[1].get_header("WARC-Refers-To") == original.get_header("WARC-Record-ID")
    assert (revisit[2].statusline, revisit[3]) == ("304 Not Modified", b"")


def test_credentials_are_nowhere_in_the_file(a, store, tmp_path, keep):
    secret = "s3cr3t"  # the very thing to look for
    url = f"https://paper.example/a?token={secret}"
    keep(
        a.capture(
            url,
            headers=(("Set-Cookie", secret), ("X-Api-Key", secret), ("Location", url)),
            hops=(a.hop(url, url),),
            memento_of=url,
        ),
        a.failure(url, detail=f"no answer from {url}", hops=(a.hop(url, url),)),
    )
    path = tmp_path / "export.warc"
    a.export(store, path)
    assert secret.encode() not in path.read_bytes()
    assert b"REDACTED" in path.read_bytes()


@pytest.mark.parametrize("how", ["purged", "no longer stored"])
def test_body_that_is_gone_leaves_header_fields_and_the_reason(a, store, warc, keep, how):
    if how == "purged":
        keep(a.capture())
        store.purge(url="https://paper.example/a", reason="asked to", at=a.now)
    else:
        keep(a.capture(body=b"", body_sha256="1" * 64, body_bytes=9))
    counts = a.export(store, warc)
    ((_, fields, head, body),) = of_kind(warc, "response")
    assert fields.get_header("WARC-Citehound-Body") == how
    assert fields.get_header("WARC-Truncated") == "unspecified"
    assert (head.get_header("Content-Type"), body) == ("text/html; charset=utf-8", b"")
    assert counts.headers_only == 1


def test_file_that_exists_is_left_alone(a, store, warc):
    warc.write_bytes(b"precious")
    with pytest.raises(ConfigError) as raised:
        a.export(store, warc)
    assert str(raised.value) == (
        f"{warc}: the file exists already; name another file, or remove this one"
    )
    assert warc.read_bytes() == b"precious"


def test_file_that_cannot_be_made_is_the_operators_mistake(a, store, tmp_path):
    with pytest.raises(ConfigError, match="name a file in a folder that is writable"):
        a.export(store, tmp_path / "nowhere" / "export.warc.gz")


def test_unknown_document_makes_no_file(a, store, warc):
    with pytest.raises(ConfigError, match="no document is known as 'report'"):
        a.export(store, warc, document="report")
    assert not warc.exists()


def test_only_what_was_asked_at_an_address_is_exported(a, store, warc, everything):
    counts = a.export(store, warc, url="https://paper.example/b")
    assert (counts.captures, counts.failures) == (1, 0)


def test_only_what_came_since_a_day_is_exported_with_what_it_confirms(a, store, warc, everything):
    counts = a.export(store, warc, since=everything[2].captured_at)
    assert (counts.captures, counts.failures) == (2, 0)
    assert [
        fields.get_header("WARC-Target-URI") for _, fields, _, _ in of_kind(warc, "revisit")
    ] == ["https://paper.example/a"]


def test_nothing_is_still_a_warc_file(a, store, warc):
    assert a.export(store, warc).captures == 0
    assert [kind for kind, *_ in records(warc)] == ["warcinfo"]


def replayed(path, *urls, method="GET"):
    async def answers():
        player = TapePlayer.open(path)
        try:
            return [
                await player.exchange(WireRequest(method=method, url=url, headers=()))
                for url in urls
            ]
        finally:
            await player.aclose()

    return asyncio.run(answers())


def test_export_replays_by_address(a, store, warc, everything):
    a.export(store, warc)
    redirect, page, copy = replayed(
        warc, "https://paper.example/old", "https://paper.example/a", "https://paper.example/copy"
    )
    assert (redirect.status, redirect.headers[0]) == (301, ("location", "/a"))
    assert [page.body, copy.body] == [a.page, a.page]


def test_answer_to_a_post_replays_for_no_get(a, store, warc, everything):
    a.export(store, warc)
    (answer,) = replayed(warc, "https://api.example/q")
    assert isinstance(answer, WireFailure)
