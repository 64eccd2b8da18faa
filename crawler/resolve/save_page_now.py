"""Having the Wayback Machine keep a page (Save Page Now 2). Pure.

The page is submitted once and the job that the archive names is asked after a few times; the pace of the service is
the wait between. Source: the archive's SPN2 documentation and public clients of it. A refusal may come under
HTTP 200, told by `status_ext` alone; anonymous submissions are refused.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from crawler.protocols import FetchRequest
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of
from crawler.resolve.stamps import archive_instant
from crawler.urls import checked_url
from db.words import CapturePurpose, Coverage, SaveState

if TYPE_CHECKING:
    from collections.abc import Generator

    from db.model import Outcome

__all__ = ["POLLS", "SaveAnswer", "SaveKeys", "saved"]

_ENDPOINT: Final = "https://web.archive.org/save"
_ARCHIVE: Final = "https://web.archive.org/web"

#: Times that a job is asked after; one that takes longer will be seen in the index by a later run.
POLLS: Final = 3
#: Characters kept of what the archive says; hostile like any other text.
SAID_CHARS: Final = 200

_JOB: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
#: Troubles that concern the operator's account, not the page.
_OURS: Final = frozenset({Coverage.AUTH, Coverage.QUOTA})
_REFUSALS: Final = _OURS | {Coverage.BLOCKED}
_TOO_MANY: Final = "error:too-many-requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveKeys:
    """The operator's S3-like keys at archive.org."""

    access: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveAnswer:
    """What came of one page."""

    state: SaveState
    detail: str
    archive_url: str | None = None  #: of the archive's copy, where one is known
    closes: bool = False  #: the archive wants no more submissions of ours for now


def saved(
    url: str, *, keys: SaveKeys
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], SaveAnswer]:
    """Submit a page that no archive holds, and wait a little for its copy."""
    page = checked_url(url)
    if not isinstance(page, str):
        return _failed(f"no address that an archive could hold: {page.detail}")
    (outcome,) = yield (_submission(page, keys),)
    told = _told(outcome)
    if isinstance(told, SaveAnswer):
        return told
    (job,) = strings_of(told, "job_id")
    if not _JOB.fullmatch(job):
        return _failed("the archive names no job for this page")
    return (yield from _awaited(page, job, keys))


def _awaited(
    page: str, job: str, keys: SaveKeys
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], SaveAnswer]:
    """How the job went, or that it is pending: what was accepted is not lost by a poll that failed."""
    last = ""
    for turn in range(1, POLLS + 1):
        (outcome,) = yield (_poll(job, turn, keys),)
        told = _told(outcome)
        if not isinstance(told, SaveAnswer):
            status, stamp = strings_of(told, "status", "timestamp")
            if status == "success" and archive_instant(stamp) is not None:
                return SaveAnswer(
                    state=SaveState.SAVED,
                    detail=f"saved as {stamp}",
                    archive_url=f"{_ARCHIVE}/{stamp}/{page}",
                )
            last = _line(status)
        elif told.closes:
            return dataclasses.replace(told, state=SaveState.PENDING)
        elif told.state is SaveState.REFUSED:
            return told
        else:
            last = told.detail
    return SaveAnswer(state=SaveState.PENDING, detail=f"submitted; last heard: {last or 'nothing'}")


def _submission(page: str, keys: SaveKeys) -> FetchRequest:
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    return _request(
        _ENDPOINT,
        method="POST",
        headers=(*_headers(keys), *form),
        body=urlencode({"url": page}).encode("ascii"),
    )


def _poll(job: str, turn: int, keys: SaveKeys) -> FetchRequest:
    # The fragment is never sent (RFC 9110, 7.1): it makes each turn a request of its own, which is not answered by
    # what the turn before was told.
    return _request(f"{_ENDPOINT}/status/{job}#{turn}", headers=_headers(keys))


def _request(url: str, **sent: Any) -> FetchRequest:
    return FetchRequest(
        url=url,
        purpose=CapturePurpose.SERVICE,
        service="save_page_now",
        check_robots=False,
        follow=False,
        **sent,
    )


def _headers(keys: SaveKeys) -> tuple[tuple[str, str], ...]:
    return (
        ("Accept", "application/json"),
        ("Authorization", f"LOW {keys.access}:{keys.secret}"),
    )


def _told(outcome: Outcome) -> dict[str, Any] | SaveAnswer:
    """What the archive says, or what it means that it says none or an error."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        refused = read.coverage in _REFUSALS
        return SaveAnswer(
            state=SaveState.REFUSED if refused else SaveState.FAILED,
            detail=_line(read.detail),
            closes=read.coverage in _OURS,
        )
    told = json_value(read.body)
    if not isinstance(told, dict):
        return _failed("the archive's answer is none of Save Page Now's")
    status, error, message = strings_of(told, "status", "status_ext", "message")
    if status != "error" and not error.startswith("error:"):
        return told
    return SaveAnswer(
        state=SaveState.REFUSED,
        detail=_line(f"{error or 'error'} {message}"),
        closes=error == _TOO_MANY,
    )


def _failed(detail: str) -> SaveAnswer:
    return SaveAnswer(state=SaveState.FAILED, detail=detail)


def _line(text: str) -> str:
    """One line for a person, without what a terminal would obey."""
    printable = "".join(each if each.isprintable() else " " for each in text[: 4 * SAID_CHARS])
    return " ".join(printable.split())[:SAID_CHARS]
