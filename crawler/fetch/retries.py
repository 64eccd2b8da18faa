"""Which trouble is worth another try, how often and after which wait: one table, driven by tenacity.

Rule: pure but for the wait, which is the clock's. A name that does not exist, a certificate that is wrong and a page
that is too large will be so in a minute, and each try costs the other side. Waits have no random part: results must be
the same twice, and one connection per host means that no other retry of ours collides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tenacity import AsyncRetrying, retry_if_result

from crawler.fetch.archives import http_date
from crawler.fetch.limits import header
from crawler.fetch.outcomes import Trouble
from db.words import FailureKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from tenacity import RetryCallState

    from crawler.protocols import Clock, WireResponse
    from db.model import Headers

__all__ = ["RETRIES", "SLOW_DOWN", "Retry", "persistent", "retry_after_s"]

#: Longest Retry-After that is believed; facts of the web know of hosts that say a year.
LONGEST_RETRY_AFTER_S: Final = 3600.0

#: A host that says these wants to be asked more slowly.
SLOW_DOWN: Final = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often one kind of trouble is tried in all, and the wait before the second try, doubled for each further."""

    attempts: int
    wait_s: float
    any_method: bool = False  #: True where the server did nothing with the request


#: What is absent here is never tried again.
RETRIES: Final[Mapping[FailureKind | int, Retry]] = {
    FailureKind.CONNECT: Retry(attempts=2, wait_s=2.0),
    FailureKind.TIMEOUT: Retry(attempts=2, wait_s=5.0),
    421: Retry(attempts=2, wait_s=2.0, any_method=True),
    429: Retry(attempts=3, wait_s=15.0, any_method=True),
    500: Retry(attempts=2, wait_s=5.0),
    502: Retry(attempts=2, wait_s=5.0),
    503: Retry(attempts=2, wait_s=10.0, any_method=True),
    504: Retry(attempts=2, wait_s=10.0),
}

_SAFE: Final = frozenset({"GET", "HEAD"})


def retry_after_s(headers: Headers, *, now: datetime) -> float | None:
    """The wait that Retry-After asks for, as seconds or as a date (RFC 9110, 10.2.3), within 1 s and an hour."""
    text = (header(headers, "retry-after") or "").strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        seconds = float(text)
    elif (at := http_date(text)) is not None:
        seconds = (at - now).total_seconds()
    else:
        return None
    return min(max(seconds, 1.0), LONGEST_RETRY_AFTER_S)


async def persistent(
    attempt: Callable[[], Awaitable[WireResponse | Trouble]],
    *,
    method: str,
    clock: Clock,
    wait_s: Callable[[WireResponse | Trouble, Retry], float | None],
) -> WireResponse | Trouble:
    """What the last of the tries worth making gave.

    `wait_s` answers how long to wait after an outcome, given the table's own wait, and None to try no more.
    """

    def again(outcome: WireResponse | Trouble) -> bool:
        retry = _retry(outcome, method)
        return retry is not None and wait_s(outcome, retry) is not None

    # Most tries are the only one: tenacity, which costs more than the rest of the way, is asked only for a second.
    first = await attempt()
    if not again(first):
        return first
    made = [first]

    async def next_try() -> WireResponse | Trouble:
        return made.pop() if made else await attempt()

    def over(state: RetryCallState) -> bool:
        retry = _retry(_outcome(state), method)
        return retry is None or state.attempt_number >= retry.attempts

    def wait(state: RetryCallState) -> float:
        outcome = _outcome(state)
        retry = _retry(outcome, method)
        base = (wait_s(outcome, retry) or 0.0) if retry else 0.0
        return base * 2.0 ** (state.attempt_number - 1)

    async def sleep(seconds: float) -> None:
        await clock.sleep_until(clock.now() + timedelta(seconds=seconds))

    retrying = AsyncRetrying(
        retry=retry_if_result(again),
        stop=over,
        wait=wait,
        sleep=sleep,
        retry_error_callback=_outcome,
    )
    return await retrying(next_try)


def _retry(outcome: WireResponse | Trouble, method: str) -> Retry | None:
    retry = RETRIES.get(outcome.kind if isinstance(outcome, Trouble) else outcome.status)
    return retry if retry and (retry.any_method or method in _SAFE) else None


def _outcome(state: RetryCallState) -> WireResponse | Trouble:
    assert state.outcome is not None  # noqa: S101 - tenacity sets it before it asks
    outcome: WireResponse | Trouble = state.outcome.result()
    return outcome
