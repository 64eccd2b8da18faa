"""Builders that show only what matters to a test of the run."""

from datetime import UTC, datetime, timedelta

from crawler.protocols import FetchRequest
from db.ids import body_sha256, digest
from db.model import Capture, FetchFailure
from db.words import CapturePurpose, FailureKind

NOW = datetime(2026, 3, 10, 2, 17, tzinfo=UTC)


def a_request(url="https://paper.example/story", purpose=CapturePurpose.SOURCE):
    return FetchRequest(url=url, purpose=purpose)


def a_capture(request, *, status=200, body=b"<p>Text</p>", duration_s=0.1, at=NOW):
    return Capture(
        id=digest("capture", request.key, at.isoformat()),
        request_key=request.key,
        requested_url=request.url,
        url=request.url,
        method=request.method,
        purpose=request.purpose,
        captured_at=at,
        duration_s=duration_s,
        status=status,
        http_version="1.1",
        headers=(("Content-Type", "text/html"),),
        media_type="text/html",
        body=body,
        body_sha256=body_sha256(body),
        body_bytes=len(body),
    )


def a_failure(request, kind=FailureKind.CONNECT, *, status=None, at=NOW):
    return FetchFailure(
        id=digest("failure", request.key, at.isoformat()),
        request_key=request.key,
        requested_url=request.url,
        url=request.url,
        method=request.method,
        purpose=request.purpose,
        kind=kind,
        detail="synthetic",
        failed_at=at,
        duration_s=0.1,
        status=status,
    )


class StillClock:
    """Time stands still unless somebody waits."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self):
        return self.at

    async def sleep_until(self, instant):
        self.at = max(self.at, instant)

    def pass_by(self, seconds):
        self.at += timedelta(seconds=seconds)


class ScriptedFetcher:
    """Answers each URL as the script says and counts what it was asked."""

    def __init__(self, answers) -> None:
        self._answers = answers
        self.asked = []

    async def fetch(self, request):
        self.asked.append(request)
        return self._answers(request) if callable(self._answers) else self._answers[request.url]

    async def aclose(self):
        self.asked.clear()


class Ears:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events = []

    def heard(self, event, fields):
        self.events.append((event, dict(fields)))

    def names(self):
        return [event.value for event, _ in self.events]
