"""Which sentences of a page speak of the very thing that a claim does, so that a difference is a conflict. Pure.

A sentence is tied to a claim by two of its names, or by one name and a noun phrase (two neighbouring words of weight
that stand together in both), and it must carry most of the claim's other words, names not counted, so that a verb
or a noun must match: a false flag costs more than a missed one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifiers.evidence import PASSAGES, Passage, passages
from verifiers.reading.lexicon import stop_words
from verifiers.reading.pages import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from verifiers.facets import Facets
    from verifiers.reading.names import NameMention
    from verifiers.reading.pages import PageReading

__all__ = ["CONFLICT_COVERAGE", "plain_terms", "speaking_of", "tied"]

#: Share of the claim's weight, figures and dates aside, with names and without, that a sentence must carry.
CONFLICT_COVERAGE: Final = 0.6
#: Words of weight between the two of a noun phrase on the page: none or one.
_PHRASE_GAP: Final = 2


def plain_terms(facets: Facets) -> frozenset[str]:
    """The stems of a claim's words of weight outside of its figures and dates."""
    taken = [(one.start, one.end) for one in facets.figures]
    taken += [(one.start, one.end) for one in facets.dates]
    stops = stop_words(facets.language)
    return frozenset(
        one
        for start, end, one in words_of(facets.text)
        if facets.text[start:end].casefold() not in stops
        and not any(a <= start < b for a, b in taken)
    )


def speaking_of(facets: Facets, reading: PageReading) -> tuple[Passage, ...]:
    """The sentences of the page that speak of the claim, best first."""
    return passages(reading, plain_terms(facets), limit=PASSAGES)


def tied(
    facets: Facets, reading: PageReading, *, least: float = CONFLICT_COVERAGE
) -> tuple[Passage, ...]:
    """The sentences that can conflict with the claim, best first."""
    found = []
    named = {one for name in facets.names for one in name.stems}
    terms = plain_terms(facets) - named
    for passage in speaking_of(facets, reading):
        if passage.coverage < least or _carried(terms, reading, passage.number) < least:
            continue
        names = _names_in(facets.names, reading, passage.number)
        if len(names) > 1 or (names and _has_noun_phrase(facets, names, reading, passage)):
            found.append(passage)
    return tuple(found)


def _carried(terms: Collection[str], reading: PageReading, number: int) -> float:
    """The share of the terms' weight that a sentence carries, 0 where there are none."""
    weights = {one: reading.weight(one) for one in terms}
    there = sum(w for one, w in weights.items() if number in reading.places.get(one, ()))
    return there / total if (total := sum(weights.values())) else 0.0


def _names_in(
    names: Sequence[NameMention], reading: PageReading, number: int
) -> dict[str, NameMention]:
    return {
        name.stems[-1]: name for name in names if number in reading.places.get(name.stems[-1], ())
    }


def _has_noun_phrase(
    facets: Facets, names: Collection[str], reading: PageReading, passage: Passage
) -> bool:
    ours = _pairs(facets.text, facets.language, names)
    theirs = _pairs(passage.span.of(reading.text)[:4_000], facets.language, names)
    return bool(ours & theirs)


def _pairs(text: str, language: str | None, names: Collection[str]) -> set[tuple[str, str]]:
    """Neighbouring stems of weight that are no part of a name."""
    stops = stop_words(language)
    words = [
        one
        for start, end, one in words_of(text)
        if text[start:end].casefold() not in stops and not one[0].isdigit()
    ]
    found = set()
    for n, first in enumerate(words):
        for second in words[n + 1 : n + 1 + _PHRASE_GAP]:
            if first not in names and second not in names:
                found.add((first, second))
    return found
