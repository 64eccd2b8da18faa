"""Are the claim's dates on the page, where it speaks of the same thing? Pure.

Relative dates on the page are resolved against the day on which it was published; they confirm, but never conflict,
and neither does a date whose year was only guessed from it. A conflict needs a tied sentence that differs from the
claim in nothing but one date as exact as the claim's, while the claim's is nowhere on the page.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from db.words import FacetKind, FacetOutcome, Reason, VerdictKind
from verifiers.days import agree, says_as_much
from verifiers.evidence import evidence_at
from verifiers.facets import facet, facets_of
from verifiers.findings import finding, is_open, is_readable, nothing_to_say
from verifiers.reading.dates import DateMention, date_mentions
from verifiers.reading.pages import read_page
from verifiers.scope import SENTENCE_LIMIT, differs_alone
from verifiers.ties import speaking_of, tied

if TYPE_CHECKING:
    from datetime import date

    from db.model import Finding, Page
    from verifiers.evidence import Passage
    from verifiers.facets import Facets
    from verifiers.protocol import Task
    from verifiers.reading.pages import PageReading

__all__ = ["Dates"]


class Dates:
    """Checks dates: agree, conflict, absent."""

    name = "dates"
    version = "1"

    def verify(self, task: Task) -> Finding:
        """`date_conflict` where a tied sentence has another date; else unsure, with each date's outcome."""
        if not is_readable(task.page):
            return nothing_to_say(self, task, "the page's text is not the article's")
        facets = facets_of(task)
        if not facets.dates:
            return nothing_to_say(self, task, "the claim has no dates")
        reading = read_page(task.page.text, task.page.language)
        found = [(one, _outcome(one, facets, reading, task.page)) for one in facets.dates]
        rows = tuple(
            facet(
                FacetKind.DATE,
                one,
                facets.text,
                outcome,
                detail=detail,
                evidence=(evidence_at(task.page, passage.span),) if passage is not None else (),
            )
            for one, (outcome, detail, passage) in found
        )
        conflict = next((one for one in rows if one.outcome is FacetOutcome.CONFLICTING), None)
        if conflict is not None and is_open(task.page):
            return finding(
                self,
                task,
                verdict=VerdictKind.CONTRADICTED,
                reason=Reason.DATE_CONFLICT,
                detail=f"{conflict.text}: {conflict.detail}",
                facets=rows,
                evidence=conflict.evidence,
            )
        detail = "; ".join(f"{one.text}: {one.detail}" for one in rows[:5])
        return finding(self, task, detail=detail, facets=rows)


def _is_as_exact(claim: DateMention, page: DateMention) -> bool:
    """Whether both name the same kind of date in their own words, so that they can conflict."""
    if claim.window is None or page.window is None:
        return claim.is_day and page.is_day
    if (claim.relative and not claim.is_day) or (page.relative and not page.is_day):
        return False
    ours = (claim.window.last_on - claim.window.first_on).days
    theirs = (page.window.last_on - page.window.first_on).days
    return abs(ours - theirs) <= 3  # noqa: PLR2004 - months differ in length by up to three days


def _outcome(
    claim: DateMention, facets: Facets, reading: PageReading, page: Page
) -> tuple[FacetOutcome, str, Passage | None]:
    for passage in speaking_of(facets, reading):
        for one in _dates_in(reading, passage, page.published_on):
            if agree(claim, one) and says_as_much(claim, one):
                return FacetOutcome.STATED, "the page agrees", passage
    everywhere = _page_dates(reading.text, page.published_on)
    if any(agree(claim, one) for one in everywhere):
        return FacetOutcome.UNCHECKED, "the page has it elsewhere", None
    if (claim.relative and not claim.is_day) or _covers(claim, page):
        return FacetOutcome.UNCHECKED, "relative, or the day on which the page was published", None
    return _conflict(claim, facets, reading, page) or (FacetOutcome.SILENT, "not on the page", None)


def _conflict(
    claim: DateMention, facets: Facets, reading: PageReading, page: Page
) -> tuple[FacetOutcome, str, Passage] | None:
    if claim.is_open:
        return None
    for passage in tied(facets, reading):
        rivals = [
            one
            for one in _dates_in(reading, passage, page.published_on)
            if _is_as_exact(claim, one)
        ]
        if (
            len(rivals) == 1 == len(facets.dates)
            and _differ(claim, rivals[0])
            and differs_alone(
                claim,
                rivals[0],
                facets,
                passage.span.of(reading.text),
                language=reading.language,
                anchor=page.published_on,
            )
        ):
            there = passage.span.of(reading.text)[rivals[0].start : rivals[0].end]
            return FacetOutcome.CONFLICTING, f"the page has {there}", passage
    return None


def _differ(claim: DateMention, page: DateMention) -> bool:
    return not page.is_open and not agree(claim, page)


def _covers(claim: DateMention, page: Page) -> bool:
    return (
        claim.window is not None
        and page.published_on is not None
        and claim.window.first_on <= page.published_on <= claim.window.last_on
    )


def _dates_in(
    reading: PageReading, passage: Passage, anchor: date | None
) -> tuple[DateMention, ...]:
    return date_mentions(passage.span.of(reading.text)[:SENTENCE_LIMIT], anchor=anchor)


@lru_cache(maxsize=4)
def _page_dates(text: str, anchor: date | None) -> tuple[DateMention, ...]:
    return date_mentions(text, anchor=anchor)
