"""Builders: citations, synthetic exchanges, and a driver that answers a generator from prepared outcomes.

No exchange here was recorded: each is `synthetic`, made by hand from the documented shapes.
"""

from datetime import UTC, date, datetime

import pytest

from crawler.protocols import FetchRequest, Query
from db.model import Capture, Citation, DateWindow, FetchFailure, Outlet
from db.words import CapturePurpose, FailureKind

TODAY = date(2026, 2, 1)
TITLE = "Mayor of Northport resigns over the bridge contract"
HERALD = Outlet(
    name="The Example Herald",
    aliases=("TEH",),
    hosts=("www.herald.example",),
    source="made up for tests",
)


@pytest.fixture
def an_outlet():
    def build(**changes):
        fields = {name: getattr(HERALD, name) for name in HERALD.__slots__}
        return Outlet(**{**fields, **changes})

    return build


@pytest.fixture
def a_query():
    def build(
        title=TITLE,
        on=date(2026, 1, 30),
        until=None,
        outlet=HERALD,
        today=TODAY,
        url=None,
        doi=None,
        known=(),
    ):
        citation = Citation(
            id="c1",
            document_id="d1",
            outlet=outlet.name if outlet else None,
            title=title,
            date=on.isoformat() if on else None,
            url=url,
            doi=doi,
        )
        window = DateWindow(first_on=on, last_on=until or on) if on else None
        return Query(citation=citation, outlet=outlet, window=window, today=today, known=known)

    return build


@pytest.fixture
def synthetic():
    """A capture made by hand."""

    def build(body=b"", *, status=200, headers=(), memento_at=None, url=""):
        return {
            "body": body.encode() if isinstance(body, str) else body,
            "status": status,
            "headers": headers,
            "memento_at": memento_at,
            "url": url,
        }

    return build


@pytest.fixture
def failing():
    """A failure made by hand."""

    def build(kind=FailureKind.TIMEOUT):
        return kind

    return build


@pytest.fixture
def a_page(synthetic):
    """A capture of a page of the outlet's site, made by hand."""

    def build(body, *, url="https://www.herald.example/", headers=()):
        request = FetchRequest(url=url, purpose=CapturePurpose.INDEX)
        return _outcome(request, synthetic(body, headers=headers))

    return build


class Driven:
    """What a generator asked and answered."""

    def __init__(self, answer, requests):
        self.answer = answer
        self.requests = requests

    @property
    def urls(self):
        return [request.url for request in self.requests]


def _outcome(request, prepared):
    common = {"request_key": request.key, "requested_url": request.url, "method": request.method}
    at = datetime(2026, 2, 1, tzinfo=UTC)
    if isinstance(prepared, FailureKind):
        return FetchFailure(
            id="f",
            url=request.url,
            purpose=request.purpose,
            kind=prepared,
            detail="synthetic",
            failed_at=at,
            duration_s=0.1,
            **common,
        )
    is_replay = prepared["memento_at"] is not None
    return Capture(
        id="x",
        url=prepared["url"] or request.url,
        purpose=CapturePurpose(request.purpose),
        captured_at=at,
        duration_s=0.1,
        status=prepared["status"],
        http_version="1.1",
        headers=prepared["headers"],
        body=prepared["body"],
        memento_at=prepared["memento_at"],
        memento_of="https://www.herald.example/x" if is_replay else None,
        **common,
    )


@pytest.fixture
def driven(synthetic):
    """Drive a generator: `web` maps a part of the address to what is answered; the rest is 404."""

    def drive(generator, web=()):
        table = dict(web)
        requests = []
        try:
            batch = next(generator)
            while True:
                requests.extend(batch)
                prepared = [
                    next((answer for part, answer in table.items() if part in request.url), None)
                    or synthetic(status=404)
                    for request in batch
                ]
                outcomes = tuple(map(_outcome, batch, prepared))
                batch = generator.send(outcomes)
        except StopIteration as stop:
            return Driven(stop.value, requests)

    return drive
