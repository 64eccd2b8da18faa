"""From a resolved citation to verdicts: every claim that leans on it, judged or told why not.

Only a page that passed the identity gate reaches a verifier. A verdict becomes a row only where something in it
differs from the one that stands; the attempt is a row always.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.dates import cited_window
from crawler.progress import Event
from crawler.protocols import ExtractionFailure
from crawler.states import retry_on
from crawler.verification import FAILED, judged
from db.ids import digest
from db.model import Attempt, Verdict
from db.words import Reason, VerdictKind
from verifiers.protocol import Task
from verifiers.rollup import Rollup, collective

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from crawler.choice import Resolved
    from crawler.journal import StoreThread
    from crawler.progress import Listeners
    from crawler.protocols import Workers
    from db.model import Citation, Claim, ClaimMark, Finding, Resolution, Run

__all__ = ["Judge", "Judged", "cause_of_change", "collected", "differs", "unverified"]

#: Seconds that the verifiers may take for one claim on one page.
VERIFY_DEADLINE_S: Final = 20.0

#: What makes two verdicts the same answer; ids, times and the date of the next try do not.
_COMPARED: Final = ("verdict", "reason", "detail", "score", "confidence", "page_id")


#: Reasons of `unverifiable` that a verifier gives after reading the page; any other tells why none was read.
_JUDGED: Final = frozenset({Reason.UNSURE, Reason.LANGUAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What there is to commit for one citation besides its resolution and pages."""

    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]  #: those that differ from what stands
    attempts: tuple[Attempt, ...]


class Judge:
    """Judges claims with the loaded verifiers, in worker processes."""

    def __init__(
        self,
        *,
        verifier_names: Sequence[str],
        workers: Workers,
        thread: StoreThread,
        listeners: Listeners,
    ) -> None:
        self._names = tuple(verifier_names)
        self._workers = workers
        self._thread = thread
        self._listeners = listeners

    async def judged(
        self,
        citation: Citation,
        claims: Sequence[tuple[Claim, ClaimMark]],
        resolved: Resolved,
        resolution: Resolution,
        *,
        again_on: date | None = None,
    ) -> Judged:
        """Findings, verdicts and attempts for every claim that leans on this citation.

        `again_on` replaces the date of the next try where nothing was learnt: this machine was offline.
        """
        found: list[Finding] = []
        verdicts: list[Verdict] = []
        attempts: list[Attempt] = []
        for claim, mark in claims:
            rollup, these = await self._rolled_up(citation, claim, mark, resolved)
            found += these
            verdict = _verdict(claim, citation, resolution, rollup)
            if again_on is not None and rollup.reason is Reason.UNREACHABLE:
                verdict = dataclasses.replace(verdict, retry_on=again_on)
            standing = await self._thread.do(
                self._thread.store.latest_verdict, claim.id, citation_id=citation.id
            )
            if standing is None or differs(standing, verdict):
                verdict = dataclasses.replace(verdict, cause=cause_of_change(standing, verdict))
                verdicts.append(verdict)
                standing = verdict
            attempts.append(
                Attempt(
                    run_id=resolution.run_id,
                    claim_id=claim.id,
                    citation_id=citation.id,
                    attempted_at=resolution.resolved_at,
                    resolution_id=resolution.id,
                    verdict_id=standing.id,
                    retry_on=verdict.retry_on,
                )
            )
        return Judged(findings=tuple(found), verdicts=tuple(verdicts), attempts=tuple(attempts))

    async def _rolled_up(
        self, citation: Citation, claim: Claim, mark: ClaimMark, resolved: Resolved
    ) -> tuple[Rollup, tuple[Finding, ...]]:
        if resolved.reason is not None or resolved.page is None or resolved.identity is None:
            return unverified(resolved.reason or Reason.UNREACHABLE, resolved.rule), ()
        task = Task(
            claim=claim,
            page=resolved.page,
            context=mark.context,
            heading=mark.heading,
            cited=cited_window(citation.date),
        )
        self._listeners.tell(Event.VERIFY_STARTED, claim=claim.id)
        answer = await self._workers.run(
            judged, task, self._names, resolved.identity, deadline_s=VERIFY_DEADLINE_S
        )
        self._listeners.tell(Event.VERIFY_ENDED, claim=claim.id)
        if isinstance(answer, ExtractionFailure):
            return unverified(Reason.UNSURE, f"the verifiers did not end: {answer.detail}"), ()
        these: tuple[Finding, ...]
        rollup: Rollup
        these, rollup = answer  # type: ignore[misc]
        for finding in these:
            if finding.detail.startswith(FAILED):
                self._listeners.tell(Event.PLUGIN_FAILED, plugin=finding.verifier)
        self._listeners.tell(Event.ROLLED_UP, kind=rollup.verdict.value)
        return rollup, these


def unverified(reason: Reason, detail: str) -> Rollup:
    """The answer that says nothing of the claim, and why."""
    return Rollup(
        verdict=VerdictKind.UNVERIFIABLE,
        reason=reason,
        detail=detail,
        score=None,
        confidence=None,
        evidence=(),
        finding_ids=(),
    )


def differs(standing: Verdict, verdict: Verdict) -> bool:
    """Whether the new verdict says anything that the standing one does not; quotes follow from their spans."""
    spans = [
        [(one.page_id, one.start, one.end) for one in each.evidence] for each in (standing, verdict)
    ]
    told = any(getattr(standing, name) != getattr(verdict, name) for name in _COMPARED)
    return told or spans[0] != spans[1]


def cause_of_change(standing: Verdict | None, verdict: Verdict) -> str | None:
    """Why a verdict flipped: reachability, source or verifier; None for a first verdict."""
    if standing is None:
        return None
    if not (_was_read(standing) and _was_read(verdict)):
        return "reachability"
    return "source" if standing.page_id != verdict.page_id else "verifier"


def _was_read(verdict: Verdict) -> bool:
    """Whether a page was read for this verdict, whatever was concluded of it."""
    judged = verdict.verdict is not VerdictKind.UNVERIFIABLE or verdict.reason in _JUDGED
    return verdict.page_id is not None and judged


def collected(claim_id: str, verdicts: Sequence[Verdict], *, run: Run, at: datetime) -> Verdict:
    """The verdict on a claim that leans on several citations, from the standing verdict on each."""
    together = collective(tuple(_as_rollup(one) for one in verdicts))
    decisive = next((one for one in verdicts if one.reason is together.reason), None)
    return Verdict(
        id=digest("verdict", claim_id, None, run.id),
        claim_id=claim_id,
        citation_id=None,
        run_id=run.id,
        decided_at=at,
        verdict=together.verdict,
        reason=together.reason,
        detail=together.detail,
        score=together.score,
        confidence=together.confidence,
        retry_on=min((one.retry_on for one in verdicts if one.retry_on), default=None),
        page_id=decisive.page_id if decisive else None,
        resolution_id=decisive.resolution_id if decisive else None,
        finding_ids=together.finding_ids,
        evidence=together.evidence,
    )


def _as_rollup(verdict: Verdict) -> Rollup:
    return Rollup(
        verdict=verdict.verdict,
        reason=verdict.reason,
        detail=verdict.detail,
        score=verdict.score,
        confidence=verdict.confidence,
        evidence=verdict.evidence,
        finding_ids=verdict.finding_ids,
    )


def _verdict(claim: Claim, citation: Citation, resolution: Resolution, rollup: Rollup) -> Verdict:
    return Verdict(
        id=digest("verdict", claim.id, citation.id, resolution.run_id),
        claim_id=claim.id,
        citation_id=citation.id,
        run_id=resolution.run_id,
        decided_at=resolution.resolved_at,
        verdict=rollup.verdict,
        reason=rollup.reason,
        detail=rollup.detail,
        score=rollup.score,
        confidence=rollup.confidence,
        retry_on=retry_on(rollup.reason, today=resolution.resolved_at.date()),
        page_id=resolution.page_id,
        resolution_id=resolution.id,
        finding_ids=rollup.finding_ids,
        evidence=rollup.evidence,
    )
