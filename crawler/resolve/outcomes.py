"""What an outcome means to a resolver: something to read, or trouble with its coverage. Pure.

Rule: `empty` and `answered` are never made of a failure. Sources: RFC 9110 section 15 for status codes; the
archive's refusal is told by its header (facts measured in public clients' recordings).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.model import Capture, FetchFailure
from db.words import Coverage, FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.model import Outcome

__all__ = ["Trouble", "archive_refuses", "read_or_trouble", "worst"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why an outcome cannot be read, and what that makes of the resolver's coverage."""

    coverage: Coverage
    detail: str
    is_missing: bool = False  #: 404 or 410: the server answered, there is no such index
    is_for_good: bool = (
        False  #: the server itself wants no more such questions; a turn that we did not get is none
    )


_FAILURES: Final[Mapping[FailureKind, Coverage]] = {
    FailureKind.ROBOTS_DENIED: Coverage.BLOCKED,
    FailureKind.ARCHIVE_BLOCKED: Coverage.BLOCKED,
    FailureKind.RATE_LIMITED: Coverage.QUOTA,
}
_STATUSES: Final[Mapping[int, Coverage]] = {
    401: Coverage.AUTH,
    402: Coverage.QUOTA,
    403: Coverage.BLOCKED,
    407: Coverage.AUTH,
    429: Coverage.QUOTA,
    451: Coverage.BLOCKED,
}
#: A token that is refused, a plan that is spent, a rate that stays exceeded when it is asked again.
_FOR_GOOD: Final = frozenset({401, 402, 429})
_MISSING: Final = frozenset({404, 410})
_OK: Final = 200

#: Worst first: what a resolver says that met several troubles.
_WORST: Final = (
    Coverage.AUTH,
    Coverage.QUOTA,
    Coverage.BLOCKED,
    Coverage.DEGRADED,
    Coverage.NOT_COVERED,
)


def read_or_trouble(outcome: Outcome) -> Capture | Trouble:
    """The capture when it answered 200 with its whole body, else why it cannot be read."""
    if isinstance(outcome, FetchFailure):
        coverage = _FAILURES.get(outcome.kind, Coverage.DEGRADED)
        detail = f"{outcome.kind.value}: {outcome.detail}"
        return Trouble(coverage=coverage, detail=detail, is_for_good=outcome.status in _FOR_GOOD)
    if outcome.status == _OK:
        return outcome
    if archive_refuses(outcome):
        return Trouble(coverage=Coverage.BLOCKED, detail="the archive excludes this site")
    if outcome.status in _MISSING:
        return Trouble(
            coverage=Coverage.NOT_COVERED, detail=f"HTTP {outcome.status}", is_missing=True
        )
    coverage = _STATUSES.get(outcome.status, Coverage.DEGRADED)
    return Trouble(
        coverage=coverage,
        detail=f"HTTP {outcome.status}",
        is_for_good=outcome.status in _FOR_GOOD,
    )


def archive_refuses(capture: Capture) -> bool:
    """Whether the Wayback Machine says that it excludes the site: never to be asked again."""
    return any(
        name.lower() == "x-archive-wayback-runtime-error" and "blocked site" in value.lower()
        for name, value in capture.headers
    )


def worst(troubles: Iterable[Trouble]) -> Trouble | None:
    """The trouble that says most of why nothing was learned; None for none."""
    met: Sequence[Trouble] = tuple(troubles)
    return min(met, key=lambda trouble: _WORST.index(trouble.coverage), default=None)
