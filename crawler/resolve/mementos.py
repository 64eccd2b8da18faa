"""An archive's copy of a page that is gone or blocked (RFC 7089, through the Wayback Machine).

The index is asked for the page's good captures; the one nearest to the cited day is replayed raw (`id_`), at
most `REPLAYS` of them. A replay counts only with `Memento-Datetime` and status 200: an archived 404 replays as
404, and a listed capture may not be playable for hours. Of a page behind a wall only the index is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.protocols import FetchRequest
from crawler.resolve.outcomes import Trouble, read_or_trouble, worst
from crawler.resolve.wayback import cdx_request, cdx_rows
from crawler.urls import checked_url
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import date

    from crawler.resolve.wayback import CdxRow
    from db.model import Capture, Outcome

__all__ = ["MementoAnswer", "memento_known", "memento_of"]

_ARCHIVE: Final = "https://web.archive.org/web"

#: Captures that are replayed before the search is given up.
REPLAYS: Final = 3
#: Days by which a replay may differ from the capture that was asked for; archives redirect to a neighbour.
REPLAY_DAYS: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class MementoAnswer:
    """What the archive holds of one page."""

    capture: Capture | None  #: the replay that can be read, None where there is none
    coverage: Coverage
    detail: str
    captures_known: int = 0  #: good captures that the index lists, one a day
    address: str | None = None  #: of the copy that is known and was not asked for


def memento_of(
    url: str, *, around: date | None, today: date
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], MementoAnswer]:
    """The archive's copy nearest to `around`, or the latest where no day is cited."""
    rows = yield from _listed(url)
    if isinstance(rows, MementoAnswer):
        return rows
    return (yield from _replayed(_nearest(rows, around, today), known=len(rows)))


def memento_known(
    url: str, *, around: date | None, today: date
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], MementoAnswer]:
    """The address of the copy that `memento_of` would replay first; the copy itself is not asked for."""
    rows = yield from _listed(url)
    if isinstance(rows, MementoAnswer):
        return rows
    row = _nearest(rows, around, today)[0]
    return MementoAnswer(
        capture=None,
        coverage=Coverage.ANSWERED,
        detail=f"a copy of {row.captured_at.date()} is known and was not read",
        captures_known=len(rows),
        address=f"{_ARCHIVE}/{row.stamp}/{row.url}",
    )


def _listed(
    url: str,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[CdxRow, ...] | MementoAnswer]:
    """The good captures that the index lists, at least one, or what is said where there is none."""
    asked = checked_url(url)
    if not isinstance(asked, str):
        return _none(Coverage.NOT_COVERED, f"no address that an archive could hold: {asked.detail}")
    (outcome,) = yield (_question(asked),)
    index = read_or_trouble(outcome)
    if isinstance(index, Trouble):
        return _none(index.coverage, index.detail)
    rows = cdx_rows(index.body)
    if rows is None:
        return _none(Coverage.DEGRADED, "no list of captures in the answer")
    return rows or _none(Coverage.EMPTY, "the archive has no good capture of this page")


def _question(url: str) -> FetchRequest:
    # One row a day: 5,000 rows are thirteen years, so that neither end is cut off.
    return cdx_request([("url", url), ("filter", "statuscode:200"), ("collapse", "timestamp:8")])


def _nearest(rows: Sequence[CdxRow], around: date | None, today: date) -> list[CdxRow]:
    """The captures to try, in order: nearest to the day, the earlier of two; else the latest first."""
    known = [row for row in rows if row.captured_at.date() <= today] or list(rows)
    if around is None:
        return sorted(known, key=lambda row: row.stamp, reverse=True)[:REPLAYS]
    return sorted(known, key=lambda row: (abs((row.captured_at.date() - around).days), row.stamp))[
        :REPLAYS
    ]


def _replayed(
    rows: Sequence[CdxRow], *, known: int
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], MementoAnswer]:
    troubles: list[Trouble] = []
    for row in rows:
        (outcome,) = yield (_replay(row),)
        read = read_or_trouble(outcome)
        if not isinstance(read, Trouble):
            why = _unusable(read, row)
            if not why:
                return MementoAnswer(
                    capture=read,
                    coverage=Coverage.ANSWERED,
                    detail=f"archived {row.captured_at.date()}",
                    captures_known=known,
                )
            read = Trouble(coverage=Coverage.DEGRADED, detail=why)
        troubles.append(read)
        if read.coverage is Coverage.BLOCKED:
            break
    trouble = worst(troubles)
    coverage = trouble.coverage if trouble and trouble.coverage in _TOLD else Coverage.DEGRADED
    detail = f"{known} captures, none could be replayed: {trouble.detail if trouble else ''}"
    return _none(coverage, detail, known=known)


#: Coverages of a failed replay that say more than "degraded".
_TOLD: Final = frozenset({Coverage.BLOCKED, Coverage.QUOTA, Coverage.AUTH})


def _replay(row: CdxRow) -> FetchRequest:
    return FetchRequest(
        url=f"{_ARCHIVE}/{row.stamp}id_/{row.url}",
        purpose=CapturePurpose.SOURCE,
        service="wayback_replay",
        check_robots=False,
    )


def _unusable(capture: Capture, row: CdxRow) -> str:
    """Why a replay is no memento of what was asked for, "" where it is one."""
    if capture.memento_at is None:
        return "the archive answered without Memento-Datetime"
    away = abs((capture.memento_at - row.captured_at).days)
    if away > REPLAY_DAYS:
        return f"the archive gave a copy {away} days from the one asked for"
    return "" if capture.body else "the archived copy is empty"


def _none(coverage: Coverage, detail: str, *, known: int = 0) -> MementoAnswer:
    return MementoAnswer(capture=None, coverage=coverage, detail=detail, captures_known=known)
