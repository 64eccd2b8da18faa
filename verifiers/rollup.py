"""From findings to one verdict, as a table that a person can read from top to bottom. Pure.

The first row whose condition holds decides. Above the table stands one gate: a page that is not the (visible part
of the) article says nothing of any claim. `supported` comes only from a verifier that located the words; overlap is
in no row. Scores and confidences are those counted on labelled rows (`calibration.toml`), None where unverifiable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.ids import folded
from db.words import (
    REASONS,
    Access,
    FacetKind,
    FacetOutcome,
    IdentityKind,
    PageState,
    Reason,
)
from verifiers.calibration import calibrated
from verifiers.collective import Rollup, collective
from verifiers.findings import is_open, is_readable, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from db.model import Evidence, Facet, Finding, Identity, Page

__all__ = ["CONFIRMING", "Rollup", "collective", "rolled_up"]

#: Evidence kept with a verdict.
_EVIDENCE_LIMIT: Final = 12

#: What a page that cannot be judged is.
_UNREADABLE: Final[Mapping[PageState, Reason]] = {
    PageState.LIVE: Reason.UNREADABLE,
    PageState.TEASER: Reason.PAYWALLED,
    PageState.WALLED: Reason.PAYWALLED,
    PageState.BLOCKED: Reason.BLOCKED,
    PageState.CHALLENGE: Reason.BLOCKED,
    PageState.CONSENT: Reason.CONSENT_WALL,
    PageState.GONE: Reason.GONE_UNCONFIRMED,
    PageState.SOFT_404: Reason.GONE_UNCONFIRMED,
    PageState.NOT_AN_ARTICLE: Reason.NOT_AN_ARTICLE,
    PageState.UNREADABLE: Reason.UNREADABLE,
    PageState.UNAVAILABLE: Reason.UNREACHABLE,
}

#: Facets that can be confirmed by themselves, and of which silence means something.
CONFIRMING: Final = frozenset(
    {FacetKind.QUOTATION, FacetKind.FIGURE, FacetKind.DATE, FacetKind.NAME}
)
#: Names and figures that a claim must have, none of them on the page, before the page is called silent.
_SILENT_FROM: Final = 2


@dataclass(frozen=True, slots=True)
class _Case:
    """All that a row of the table may look at."""

    findings: tuple[Finding, ...]
    page: Page
    identity: Identity
    facets: tuple[Facet, ...]

    def having(self, *reasons: Reason) -> Finding | None:
        """The first finding with one of these reasons, in the order of the reasons."""
        found = (one for reason in reasons for one in self.findings if one.reason is reason)
        return next(found, None)

    def checked(self, outcome: FacetOutcome, *kinds: FacetKind) -> tuple[Facet, ...]:
        """The facets with this outcome, of these kinds or of all that confirm."""
        wanted = frozenset(kinds) or CONFIRMING
        return tuple(one for one in self.facets if one.outcome is outcome and one.kind in wanted)


#: What a row finds: reason, detail, and the evidence shown (None for that of all findings).
_Answer = tuple[Reason, str, "tuple[Evidence, ...] | None"]


def rolled_up(findings: Sequence[Finding], *, page: Page, identity: Identity) -> Rollup:
    """One verdict from all findings on one page; their order does not matter."""
    ordered = tuple(sorted(findings, key=lambda one: (one.verifier, one.id)))
    case = _Case(
        findings=ordered,
        page=page,
        identity=identity,
        facets=tuple(facet for one in ordered for facet in one.facets),
    )
    for row in _gated(page):
        answer = row(case)
        if answer is not None:
            return _rollup(answer, case)
    return _rollup((Reason.UNSURE, _unsure(case), None), case)


def _gated(page: Page) -> tuple[Callable[[_Case], _Answer | None], ...]:
    if not is_readable(page):
        return (_unreadable,)
    if page.state is PageState.TEASER or page.access is Access.TEASER:
        return _TEASER
    return _WHOLE if is_open(page) else (_unreadable,)


# ------------------------------------------------------------------------------------- the rows


def _unreadable(case: _Case) -> _Answer:
    reason = _UNREADABLE[case.page.state]
    if case.page.access is Access.WALL:
        reason = Reason.PAYWALLED
    return reason, case.page.state_why or f"the page is {case.page.state.value}", ()


def _located(case: _Case) -> _Answer | None:
    """The claim's own words, or the words it quotes from the same speaker, stand on the page."""
    found = case.having(Reason.QUOTED, Reason.STATED)
    if found is None:
        return None
    if case.identity.outlet.kind is IdentityKind.COPY:
        return Reason.STATED_BY_COPY, f"{found.detail} (a reprint)", found.evidence
    return found.reason, found.detail, found.evidence


def _language(case: _Case) -> _Answer | None:
    found = case.having(Reason.LANGUAGE)
    return None if found is None else (Reason.LANGUAGE, found.detail, ())


def _conflict(case: _Case) -> _Answer | None:
    """Only figure, date and quotation conflicts, each tied to the claim by its verifier."""
    found = case.having(
        Reason.QUOTATION_ALTERED,
        Reason.SPEAKER_CONFLICT,
        Reason.FIGURE_CONFLICT,
        Reason.DATE_CONFLICT,
    )
    return None if found is None else (found.reason, found.detail, found.evidence)


def _quotation_absent(case: _Case) -> _Answer | None:
    """The page was read whole and is about the claim, but nothing on it is like the quotation."""
    found = case.having(Reason.QUOTATION_ABSENT)
    names = case.checked(FacetOutcome.STATED, FacetKind.NAME)
    if found is None or not is_whole(case.page) or not names:
        return None
    if case.checked(FacetOutcome.SILENT, FacetKind.NAME):
        return None
    return found.reason, found.detail, None


def _silent(case: _Case) -> _Answer | None:
    """The page was read whole, has none of the claim's names and figures, and no sentence speaks of it."""
    absent = case.checked(FacetOutcome.SILENT)
    telling = case.checked(FacetOutcome.SILENT, FacetKind.NAME, FacetKind.FIGURE)
    if not is_whole(case.page) or len({folded(one.text) for one in telling}) < _SILENT_FROM:
        return None
    known = [one for one in case.facets if one.kind in CONFIRMING and not _may_be_no_name(one)]
    if len(known) != len(absent) or not case.checked(FacetOutcome.SILENT, FacetKind.STATEMENT):
        return None
    return Reason.SILENT, f"nothing on the page of {_listed(absent)}", ()


def _may_be_no_name(facet: Facet) -> bool:
    """Whether this is the capitalised first word of the claim, unchecked because any word may stand there."""
    is_first = facet.start == 0 and " " not in facet.text
    return facet.kind is FacetKind.NAME and facet.outcome is FacetOutcome.UNCHECKED and is_first


def _part_silent(case: _Case) -> _Answer | None:
    """At least one checkable part is confirmed, another is absent."""
    return _partly(case, Reason.PART_SILENT)


def _visible_part(case: _Case) -> _Answer | None:
    """Some parts are confirmed by what a teaser shows, and none conflicts with it."""
    confirmed = case.checked(FacetOutcome.STATED)
    if not _tells(confirmed) or case.checked(FacetOutcome.CONFLICTING):
        return None
    return (
        Reason.VISIBLE_PART_ONLY,
        f"the visible part has {_listed(confirmed)}",
        _evidence_of(confirmed),
    )


def _paywalled(case: _Case) -> _Answer:
    conflict = _conflict(case)
    why = f"; the visible part differs: {conflict[1]}" if conflict else ""
    return Reason.PAYWALLED, f"the visible part does not carry the claim{why}", None


def _tells(confirmed: Sequence[Facet]) -> bool:
    """Whether more than a topic is confirmed: two names, or anything but a name."""
    return len({folded(one.text) for one in confirmed}) > 1 or any(
        one.kind is not FacetKind.NAME for one in confirmed
    )


def _partly(case: _Case, reason: Reason) -> _Answer | None:
    confirmed = case.checked(FacetOutcome.STATED)
    absent = case.checked(FacetOutcome.SILENT)
    if not absent or not _tells(confirmed) or case.checked(FacetOutcome.CONFLICTING):
        return None
    return (
        reason,
        f"the page does not have {_listed(absent)}; it has {_listed(confirmed)}",
        _evidence_of(confirmed),
    )


#: The table for an open page, in order of precedence.
_WHOLE: Final[tuple[Callable[[_Case], _Answer | None], ...]] = (
    _located,
    _language,
    _conflict,
    _quotation_absent,
    _silent,
    _part_silent,
)
#: The table for a teaser: what conflicts with it stays a finding and is shown, but is no verdict.
_TEASER: Final[tuple[Callable[[_Case], _Answer | None], ...]] = (
    _located,
    _visible_part,
    _paywalled,
)


# --------------------------------------------------------------------------------------- wording


def _rollup(answer: _Answer, case: _Case) -> Rollup:
    reason, detail, shown = answer
    verdict = next(kind for kind, reasons in REASONS.items() if reason in reasons)
    score, confidence = calibrated(reason)
    evidence = _all_evidence(case) if shown is None else shown
    return Rollup(
        verdict=verdict,
        reason=reason,
        detail=detail,
        score=score,
        confidence=confidence,
        evidence=evidence[:_EVIDENCE_LIMIT],
        finding_ids=tuple(one.id for one in case.findings),
    )


def _unsure(case: _Case) -> str:
    confirmed = case.checked(FacetOutcome.STATED)
    if confirmed:
        return f"the page has {_listed(confirmed)}; whether it says the whole is not certain"
    return "nothing on the page decides it"


def _all_evidence(case: _Case) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one for finding in case.findings for one in finding.evidence))


def _evidence_of(facets: Sequence[Facet]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one for facet in facets for one in facet.evidence))


def _listed(facets: Sequence[Facet]) -> str:
    """The parts as the claim has them, at most five."""
    texts = list(dict.fromkeys(f"“{one.text}”" for one in facets))
    return ", ".join(texts[:5]) + (" and more" if len(texts) > 5 else "")  # noqa: PLR2004 - a readable line
