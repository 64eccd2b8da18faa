"""The rolled-up answer as a record, and one answer for a claim with several citations. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.words import VerdictKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Evidence
    from db.words import Reason

__all__ = ["Rollup", "collective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """The rolled-up answer for one claim on one page, or for one claim with several citations."""

    verdict: VerdictKind
    reason: Reason
    detail: str  #: for a person: the part that is silent, the figures that conflict
    score: float | None  #: calibrated P(the whole claim is supported)
    confidence: float | None  #: calibrated P(this verdict is right)
    evidence: tuple[Evidence, ...]
    finding_ids: tuple[str, ...]


#: Which citation speaks for a claim with several: the best support, then a flag, then the rest.
_PRECEDENCE: Final = (
    VerdictKind.SUPPORTED,
    VerdictKind.PARTIALLY_SUPPORTED,
    VerdictKind.CONTRADICTED,
    VerdictKind.NOT_SUPPORTED,
    VerdictKind.UNVERIFIABLE,
)


def collective(rollups: Sequence[Rollup]) -> Rollup:
    """One answer for a claim with several citations: one that carries it is enough.

    A flag stands only when every citation was judged: what could not be read may carry the claim. Raises ValueError
    for none (the caller's fault).
    """
    if not rollups:
        raise ValueError("a collective verdict needs at least one rollup")
    best = min(rollups, key=_rank)
    flagged = best.verdict in {VerdictKind.NOT_SUPPORTED, VerdictKind.CONTRADICTED}
    unread = [one for one in rollups if one.verdict is VerdictKind.UNVERIFIABLE]
    if flagged and unread:
        best = min(unread, key=_rank)
    return Rollup(
        verdict=best.verdict,
        reason=best.reason,
        detail=best.detail,
        score=best.score,
        confidence=best.confidence,
        evidence=best.evidence,
        finding_ids=tuple(sorted({one for rollup in rollups for one in rollup.finding_ids})),
    )


def _rank(one: Rollup) -> tuple[int, float, str, str]:
    return _PRECEDENCE.index(one.verdict), -(one.score or 0.0), one.reason.value, one.detail
