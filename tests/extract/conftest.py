"""Builders: a capture that shows only what matters to the test."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import page_of
from crawler.protocols import ExtractionTask
from db.model import Capture, Hop
from db.words import CapturePurpose

URL = "https://courier.example/2026/01/30/board-votes-to-rebuild-the-north-pier"
CAPTURED_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_capture(body="", **changes):
    fields = {
        "id": "capture",
        "request_key": "key",
        "requested_url": URL,
        "url": URL,
        "method": "GET",
        "purpose": CapturePurpose.SOURCE,
        "captured_at": CAPTURED_AT,
        "duration_s": 0.1,
        "status": 200,
        "http_version": "1.1",
        "headers": (),
        "media_type": "text/html",
        "body": body.encode() if isinstance(body, str) else body,
    }
    fields.update(changes)
    fields["hops"] = tuple(
        Hop(url=url, status=302, location=fields["url"]) for url in fields.pop("hops", ())
    )
    return Capture(**fields)


@pytest.fixture
def capture_of():
    return a_capture


@pytest.fixture
def read():
    def page(body="", **changes):
        return page_of(ExtractionTask(capture=a_capture(body, **changes)))

    return page
