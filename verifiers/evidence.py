"""The sentences of a page that speak of a claim, best first, and evidence cut from the page. Pure.

Rule: coverage by weighted terms finds, it never judges. A quote is always cut from the page by its offsets, so it
cannot differ from what stands there (W3C Web Annotation, TextQuoteSelector).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from db.model import Evidence
from verifiers.reading.lexicon import stop_words
from verifiers.reading.pages import PageReading, read_page, words_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from db.model import Claim, Page
    from verifiers.text import Span

__all__ = ["PASSAGES", "Passage", "claim_terms", "evidence_at", "passages", "speaking"]

#: Sentences shown for a claim, and looked at by the verifiers that need one that speaks of it.
PASSAGES: Final = 8
#: Share of the claim's weight that a sentence must carry to be said to speak of it at all.
_LEAST: Final = 0.15
#: Characters of the longest evidence; a longer sentence is cut.
_EVIDENCE_LIMIT: Final = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence of a page and how much of the claim it speaks of."""

    number: int  #: of the sentence on the page; its neighbours are one less and one more
    span: Span
    coverage: float  #: weight of the claim's terms in this sentence, 0..1


def claim_terms(text: str, language: str | None) -> frozenset[str]:
    """The stems of the words of a claim that carry content."""
    stops = stop_words(language)
    return frozenset(
        one for start, end, one in words_of(text) if text[start:end].casefold() not in stops
    )


def passages(
    reading: PageReading, terms: Collection[str], *, limit: int = PASSAGES
) -> tuple[Passage, ...]:
    """The sentences that speak of the terms, best first, at most `limit`; ties in the page's order."""
    weights = {one: reading.weight(one) for one in terms}
    total = sum(weights.values())
    if not total:
        return ()
    carried: dict[int, float] = defaultdict(float)
    for one in sorted(terms):
        for number in reading.places.get(one, ()):
            carried[number] += weights[one]
    best = sorted(carried, key=lambda number: (-round(carried[number], 9), number))[:limit]
    return tuple(
        Passage(number=n, span=reading.sentences[n], coverage=min(1.0, carried[n] / total))
        for n in best
        if carried[n] / total >= _LEAST
    )


def speaking(claim: Claim, page: Page, *, limit: int = PASSAGES) -> tuple[Passage, ...]:
    """The sentences of a page that speak of a claim."""
    reading = read_page(page.text, page.language)
    return passages(reading, claim_terms(claim.text, claim.language), limit=limit)


def evidence_at(page: Page, span: Span) -> Evidence:
    """The page's text at this span as evidence."""
    end = min(span.end, span.start + _EVIDENCE_LIMIT)
    return Evidence(page_id=page.id, start=span.start, end=end, quote=page.text[span.start : end])
