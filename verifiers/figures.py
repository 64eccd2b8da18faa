"""Are the claim's figures on the page, where it speaks of the same thing? Pure.

Agreement is looked for in the sentences that speak of the claim, in another unit too; a conflict only in one that is
tied to it and differs from it in nothing but one figure of the same kind and unit (`verifiers.scope`), while the
claim's figure is nowhere on the page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from db.words import FacetKind, FacetOutcome, Reason, VerdictKind
from verifiers.amounts import Relation, is_comparable, relation, relation_across
from verifiers.evidence import evidence_at
from verifiers.facets import facet, facets_of
from verifiers.findings import finding, is_open, is_readable, nothing_to_say
from verifiers.reading.dates import date_mentions
from verifiers.reading.figures import figure_mentions
from verifiers.reading.pages import PageReading, read_page
from verifiers.scope import SENTENCE_LIMIT, differs_alone
from verifiers.ties import speaking_of, tied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from db.model import Facet, Finding
    from verifiers.evidence import Passage
    from verifiers.facets import Facets
    from verifiers.protocol import Task
    from verifiers.reading.figures import FigureMention

__all__ = ["Figures"]

_NO_DIGIT: Final = re.compile(r"\D")


class Figures:
    """Checks figures: agree, conflict, absent."""

    name = "figures"
    version = "1"

    def verify(self, task: Task) -> Finding:
        """`figure_conflict` where a tied sentence has another figure; else unsure, with each figure's outcome."""
        if not is_readable(task.page):
            return nothing_to_say(self, task, "the page's text is not the article's")
        facets = facets_of(task)
        if not facets.figures:
            return nothing_to_say(self, task, "the claim has no figures")
        reading = read_page(task.page.text, task.page.language)
        rows = tuple(_checked(one, facets, reading, task) for one in facets.figures)
        conflict = next((one for one in rows if one.outcome is FacetOutcome.CONFLICTING), None)
        if conflict is not None and is_open(task.page):
            return finding(
                self,
                task,
                verdict=VerdictKind.CONTRADICTED,
                reason=Reason.FIGURE_CONFLICT,
                detail=f"{conflict.text}: {conflict.detail}",
                facets=rows,
                evidence=conflict.evidence,
            )
        return finding(self, task, detail=_detail(rows), facets=rows)


def _detail(rows: Sequence[Facet]) -> str:
    return "; ".join(f"{one.text}: {one.detail}" for one in rows[:5])


def _checked(claim: FigureMention, facets: Facets, reading: PageReading, task: Task) -> Facet:
    outcome, detail, passage = _outcome(claim, facets, reading, task.page.published_on)
    return facet(
        FacetKind.FIGURE,
        claim,
        facets.text,
        outcome,
        detail=detail,
        evidence=(evidence_at(task.page, passage.span),) if passage is not None else (),
    )


def _outcome(
    claim: FigureMention, facets: Facets, reading: PageReading, anchor: date | None
) -> tuple[FacetOutcome, str, Passage | None]:
    other_unit: Passage | None = None
    for passage in speaking_of(facets, reading):
        for page in _figures_in(reading, passage):
            if is_comparable(claim, page) and relation(claim, page) is Relation.SAME:
                return FacetOutcome.STATED, "the page agrees", passage
            across = relation_across(claim, page)
            if across is Relation.SAME:
                return FacetOutcome.STATED, "the page agrees in another unit", passage
            if across is Relation.NEAR and other_unit is None:
                other_unit = passage
    everywhere = _page_figures(reading.text, reading.language)
    relations = {relation(claim, page) for page in everywhere if is_comparable(claim, page)}
    if Relation.SAME in relations:
        return FacetOutcome.UNCHECKED, "the page has it elsewhere", None
    if other_unit is not None:
        return FacetOutcome.UNCHECKED, "the page has a figure in another unit", other_unit
    return _disagreement(claim, facets, reading, anchor, is_near=Relation.NEAR in relations)


def _disagreement(
    claim: FigureMention,
    facets: Facets,
    reading: PageReading,
    anchor: date | None,
    *,
    is_near: bool,
) -> tuple[FacetOutcome, str, Passage | None]:
    """What it means that the claim's figure is nowhere on the page."""
    conflict = _conflict(claim, facets, reading, anchor)
    if conflict is not None:
        return FacetOutcome.CONFLICTING, conflict[0], conflict[1]
    if is_near:
        return FacetOutcome.UNCHECKED, "the page has a figure near it", None
    if claim.is_label:
        return FacetOutcome.UNCHECKED, "not on the page, but too weak to count", None
    return FacetOutcome.SILENT, "not on the page", None


def _conflict(
    claim: FigureMention, facets: Facets, reading: PageReading, anchor: date | None
) -> tuple[str, Passage] | None:
    if claim.is_label or claim.is_ordinal:
        return None
    for passage in tied(facets, reading):
        figures = _figures_in(reading, passage)
        rivals = [
            one for one in figures if is_comparable(claim, one, strictly=True) and not one.is_label
        ]
        ours = [one for one in facets.figures if is_comparable(one, claim, strictly=True)]
        if len(rivals) != 1 or len(ours) != 1:
            continue
        sentence = passage.span.of(reading.text)
        there = sentence[rivals[0].start : rivals[0].end]
        is_other = {relation(claim, rivals[0]), relation(rivals[0], claim)} == {Relation.OTHER}
        if (
            is_other
            and not _is_same_spelling(claim, there, facets)
            and differs_alone(
                claim, rivals[0], facets, sentence, language=reading.language, anchor=anchor
            )
        ):
            return f"the page has {there}", passage
    return None


def _is_same_spelling(claim: FigureMention, there: str, facets: Facets) -> bool:
    """Whether both have the same digits, so that they may differ in nothing but their separators: 14,000, 14.000."""
    ours = _NO_DIGIT.sub("", facets.text[claim.start : claim.end])
    return bool(ours) and ours == _NO_DIGIT.sub("", there)


def _figures_in(reading: PageReading, passage: Passage) -> tuple[FigureMention, ...]:
    """The figures of one sentence; offsets point into the sentence."""
    return _all_figures(passage.span.of(reading.text)[:SENTENCE_LIMIT], reading.language)


@lru_cache(maxsize=4)
def _page_figures(text: str, language: str | None) -> tuple[FigureMention, ...]:
    return _all_figures(text, language)


def _all_figures(text: str, language: str | None) -> tuple[FigureMention, ...]:
    dates = [(one.start, one.end) for one in date_mentions(text)]
    return figure_mentions(text, language=language, taken=dates)
