"""What was exported comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import ConfigError
from crawler.fetch.redaction import redacted_headers
from crawler.fetch.tape_index import WarcFile
from crawler.protocols import WireResponse
from crawler.warc_fields import Told, block_headers, capture_told, telling, told, told_headers
from crawler.warc_reading import outcomes
from db.rows import row_of
from db.words import CapturePurpose, RunState


def test_every_sort_of_capture_comes_back_equal(a, store, fresh, warc, keep):
    first = a.capture(hops=(a.hop(), a.hop("https://paper.example/older", "/old")))
    keep(
        first,
        a.capture("https://paper.example/copy", after_s=1),
        a.not_modified(first),
        a.bodiless("https://paper.example/video", after_s=2),
        a.capture("https://api.example/q", b"{}", after_s=3, method="POST"),
        a.bodiless("https://paper.example/h", after_s=4, method="HEAD"),
        a.capture(
            "https://web.archive.org/web/20250101000000id_/https://paper.example/b",
            after_s=5,
            memento_of="https://paper.example/b",
            memento_at=datetime(2025, 1, 1, tzinfo=UTC),
        ),
        a.capture("https://paper.example/cut", b"<p>Half", after_s=6, truncated=True),
        a.capture("https://paper.example/empty", b"", after_s=7, wire_bytes=0),
        a.capture("https://paper.example/x#part", after_s=8, http_version="2", status=599),
        a.capture("https://paper.example/robots.txt", after_s=9, purpose=CapturePurpose.ROBOTS),
        a.capture(
            "https://paper.example/gone", b"", after_s=10, body_sha256="1" * 64, body_bytes=9
        ),
        a.capture(
            "https://paper.example/z",
            b"<p>Packed</p>",
            after_s=11,
            headers=(
                ("Content-Encoding", "gzip"),
                ("A", "1"),
                ("Content-Length", "33"),
                ("B", "2"),
            ),
        ),
        a.failure(),
    )
    a.export(store, warc)
    counts = a.take(fresh, warc)
    assert a.stored(fresh) == a.stored(store)
    assert counts.row() == {"taken": 13, "already": 0, "left_out.failure": 1}


def test_captures_come_under_a_run_of_their_own(a, store, fresh, warc, keep):
    keep(a.capture())
    a.export(store, warc)
    a.take(fresh, warc)
    (run,) = fresh.runs()
    assert (run.kind, run.state, run.detail) == ("on_demand", RunState.SUCCEEDED, f"import {warc}")
    assert run.counts == {"taken": 1, "already": 0}


def test_import_twice_adds_nothing(a, store, fresh, warc, keep):
    keep(a.capture(), a.capture("https://paper.example/b", b"<p>B</p>"))
    a.export(store, warc)
    a.take(fresh, warc)
    assert a.take(fresh, warc).row() == {"taken": 0, "already": 2}


def test_import_where_it_came_from_adds_nothing(a, store, warc, keep):
    keep(a.capture())
    a.export(store, warc)
    assert a.take(store, warc).row() == {"taken": 0, "already": 1}


def test_exported_again_it_is_the_same_but_for_its_name(a, store, fresh, tmp_path, keep):
    first, _ = keep(a.capture(hops=(a.hop(),)), a.capture("https://paper.example/b"))
    keep(a.not_modified(first))
    a.export(store, tmp_path / "export.warc")
    a.take(fresh, tmp_path / "export.warc")
    (tmp_path / "again").mkdir()
    a.export(fresh, tmp_path / "again" / "export.warc")
    one, other = (path.read_bytes() for path in sorted(tmp_path.rglob("export.warc")))
    mark = b"WARC-Type: response"
    assert one[one.index(mark) :] == other[other.index(mark) :]


def test_purged_body_does_not_come_back(a, store, tmp_path, keep):
    (capture,) = keep(a.capture())
    a.export(store, tmp_path / "export.warc")
    store.purge(url=capture.url, reason="asked to", at=a.now)
    a.take(store, tmp_path / "export.warc")
    assert store.body(capture.body_sha256) is None


def test_more_than_a_batch_comes_back(a, store, fresh, tmp_path, keep):
    keep(*(a.capture(f"https://paper.example/{n}", f"<p>{n}</p>".encode()) for n in range(250)))
    path = tmp_path / "export.warc"
    a.export(store, path)
    assert a.take(fresh, path).taken == 250


@pytest.mark.parametrize("character", ["é", "𝒶"])
def test_longest_odd_address_leaves_a_file_that_can_be_read(
    a, store, fresh, tmp_path, keep, character
):
    asked = "https://paper.example/" + character * 7000
    keep(
        replace(a.capture(asked), url="https://paper.example/a"),
        a.failure(asked * 20),
        a.capture("https://paper.example/after", after_s=1),
    )
    a.export(store, tmp_path / "export.warc")
    counts = a.take(fresh, tmp_path / "export.warc")
    assert (counts.taken, counts.left_out) == (2, {"failure": 1})


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_broken_file_raises_nothing_but_the_operators_mistake(a, store, tmp_path, data):
    whole = tmp_path / "whole.warc"
    if not whole.exists():
        first = a.capture(hops=(a.hop(),))
        outcomes_ = [first, a.not_modified(first), a.capture("https://b.example/"), a.failure()]
        store.add_outcomes([(outcome, "run-1") for outcome in outcomes_])
        a.export(store, whole)
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\xff", b"0", b"-1", b"\r\n", b"}", b"999999", b":"])
        )
        content[place : place + data.draw(st.integers(0, 3))] = piece
    broken = tmp_path / "broken.warc"
    broken.write_bytes(content)
    try:
        file = WarcFile(str(broken))
    except ConfigError:
        return
    try:
        found = list(outcomes(file))
    except ConfigError:
        found = []
    finally:
        file.close()
    assert all(isinstance(one, str) or row_of(one, without=("body",)) for one in found)


_NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True) | st.sampled_from(
    ["Content-Length", "content-encoding", "Transfer-Encoding"]
)
_VALUES = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=20).map(
    str.strip
)


@given(
    headers=st.lists(st.tuples(_NAMES, _VALUES), max_size=15).map(tuple),
    length=st.none() | st.just(3),
)
def test_header_fields_come_back_as_they_were(headers, length):
    block = block_headers(headers, length=length)
    said = Told(row={}, framing=block.framing, added=block.added)
    assert told_headers(block.headers, said) == redacted_headers(headers)


@given(text=st.text(max_size=60) | st.from_regex(r'\{"row":.{0,40}', fullmatch=True))
def test_no_field_raises(text):
    said = told(text)
    assert said is None or isinstance(said, Told)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(data=st.data())
def test_changed_field_makes_no_capture_or_one_that_a_table_takes(a, data):
    capture = a.capture()
    block = block_headers(capture.headers, length=len(capture.body))
    said = told(telling(capture, block))
    name = data.draw(st.sampled_from(sorted(said.row)))
    changed = Told(row={**said.row, name: data.draw(_JSON)}, framing=said.framing, added=said.added)
    response = WireResponse(
        status=200,
        http_version="1.1",
        reason="OK",
        headers=block.headers,
        body=capture.body,
        received_at=capture.captured_at,
        duration_s=0.0,
    )
    read = capture_told(changed, response, target=capture.url, hops=())
    assert isinstance(read, str) or (read.id, read.url) == (capture.id, capture.url)
