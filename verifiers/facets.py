"""A claim taken apart into what can be checked one by one. Pure and deterministic.

What stands in a quotation belongs to the quotation; what stands in a date is no figure; names and figures are
read from the rest. What is left without its attribution is the statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from db.model import Facet
from verifiers.attribution import Attribution, attribution_of, without_attribution
from verifiers.reading.dates import DateMention, date_mentions
from verifiers.reading.figures import FigureMention, figure_mentions
from verifiers.reading.lexicon import lexicon, stop_words
from verifiers.reading.names import NameMention, name_mentions
from verifiers.reading.quotations import QuotationMention, quotation_mentions

if TYPE_CHECKING:
    from datetime import date

    from db.model import Evidence
    from db.words import FacetKind, FacetOutcome
    from verifiers.protocol import Task
    from verifiers.text import Span

__all__ = ["CLAIM_LIMIT", "PARTS_LIMIT", "Facets", "claim_facets", "facet", "facets_of"]

#: Characters of a claim that are read.
CLAIM_LIMIT: Final = 2_000

#: Quotations, dates, figures and names of a claim that are checked, each.
PARTS_LIMIT: Final = 30
#: Words of the quotation that a claim must have to be one.
_QUOTATION_WORDS: Final = 4

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """A claim and its parts, each with offsets into the claim's text."""

    text: str
    language: str | None
    quotations: tuple[QuotationMention, ...]
    dates: tuple[DateMention, ...]
    figures: tuple[FigureMention, ...]
    names: tuple[NameMention, ...]
    attribution: Attribution | None
    statement: Span  #: the claim without its attribution
    is_quotation: bool  #: nothing is claimed but that somebody said the quoted words
    rest: frozenset[str] = field(repr=False)  #: case-folded words of weight in no other part


def facets_of(task: Task) -> Facets:
    """The parts of the task's claim; relative dates are resolved against the date as cited or of the page."""
    anchor = task.cited.first_on if task.cited is not None else task.page.published_on
    return claim_facets(task.claim.text, language=task.claim.language, anchor=anchor)


@lru_cache(maxsize=64)
def claim_facets(text: str, *, language: str | None = None, anchor: date | None = None) -> Facets:
    """The parts of a claim, of its first `CLAIM_LIMIT` characters."""
    text = text[:CLAIM_LIMIT]
    quotations = quotation_mentions(text)[:PARTS_LIMIT]
    quoted = [(one.outer_start, one.outer_end) for one in quotations]
    dates = tuple(
        one
        for one in date_mentions(text, anchor=anchor)
        if not any(a <= one.start < b for a, b in quoted)
    )[:PARTS_LIMIT]
    dated = [(one.start, one.end) for one in dates]
    figures = figure_mentions(text, language=language, taken=[*quoted, *dated])[:PARTS_LIMIT]
    measured = [(one.start, one.end) for one in figures]
    names = tuple(
        one
        for one in name_mentions(text, language=language, taken=[*quoted, *dated])
        if not any(a <= one.start and one.end <= b for a, b in measured)
    )[:PARTS_LIMIT]
    attribution = attribution_of(text, names=names, quotations=quotations)
    taken = [*quoted, *dated]
    taken += [(one.start, one.end) for one in figures] + [(one.start, one.end) for one in names]
    rest = _rest(text, language, taken)
    return Facets(
        text=text,
        language=language,
        quotations=quotations,
        dates=dates,
        figures=figures,
        names=names,
        attribution=attribution,
        statement=without_attribution(text, attribution),
        is_quotation=_is_quotation(quotations, figures, rest),
        rest=rest,
    )


def facet(
    kind: FacetKind,
    part: DateMention | FigureMention | NameMention | QuotationMention | Span,
    text: str,
    outcome: FacetOutcome,
    *,
    detail: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> Facet:
    """The record of one part of a claim and what the page says of it."""
    return Facet(
        kind=kind,
        text=text[part.start : part.end],
        start=part.start,
        end=part.end,
        outcome=outcome,
        detail=detail,
        evidence=evidence,
    )


def _rest(text: str, language: str | None, taken: list[tuple[int, int]]) -> frozenset[str]:
    stops = stop_words(language)
    words = set()
    for match in _WORD.finditer(text):
        word = match[0].casefold().replace("’", "'")
        if word not in stops and not any(a <= match.start() < b for a, b in taken):
            words.add(word)
    return frozenset(words)


def _is_quotation(
    quotations: tuple[QuotationMention, ...],
    figures: tuple[FigureMention, ...],
    rest: frozenset[str],
) -> bool:
    longest = max((one.words for one in quotations), default=0)
    if figures or longest < _QUOTATION_WORDS:
        return False
    known = lexicon()
    return rest <= known.speech | known.setting | known.not_names
