"""Whether a sentence of a page differs from a claim in nothing but one figure or date. Pure.

Two figures or dates conflict only where all else is the same: every other figure and date, every name, the words
that say of which time, part or whole something holds ("worldwide", "by noon", "before", "had risen"), and what
keeps a sentence from being asserted. "12 percent in April" is no other word for "11 percent in May".
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from verifiers.amounts import Relation, is_comparable, relation
from verifiers.days import agree, says_as_much
from verifiers.reading.calendar import calendar
from verifiers.reading.dates import date_mentions
from verifiers.reading.figures import figure_mentions
from verifiers.reading.lexicon import lexicon
from verifiers.reading.names import name_mentions
from verifiers.reading.pages import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from verifiers.facets import Facets
    from verifiers.reading.dates import DateMention
    from verifiers.reading.figures import FigureMention

__all__ = ["SENTENCE_LIMIT", "differs_alone"]

_Mention = TypeVar("_Mention", "DateMention", "FigureMention")

#: Characters of a sentence that are read.
SENTENCE_LIMIT: Final = 4_000

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: The number of a war, a king or a congress.
_NUMBERED = re.compile(
    r"(?:^|[^\w])[^\W\d_][\w'’-]{0,30}\s([IVX]{2,6}|(?<=[a-zà-ÿ]\s)I(?=[\s.,;:)]))(?!\w)"
)


def differs_alone(
    part: DateMention | FigureMention,
    rival: DateMention | FigureMention,
    facets: Facets,
    sentence: str,
    *,
    language: str | None,
    anchor: date | None,
) -> bool:
    """Whether the sentence has all of the claim but this part, in whose place it has the rival.

    `rival` has offsets into the sentence; `anchor` is the day on which the page was published.
    """
    sentence = sentence[:SENTENCE_LIMIT]
    dates = date_mentions(sentence, anchor=anchor)
    figures = figure_mentions(
        sentence, language=language, taken=[(one.start, one.end) for one in dates]
    )
    if not _same_dates(_without(facets.dates, part), _without(dates, rival)):
        return False
    if not _has_figures(_without(facets.figures, part), figures):
        return False
    ours = list(_words_outside(facets.text, [*facets.dates, *facets.figures]))
    theirs = list(_words_outside(sentence, [*dates, *figures]))
    if _scope(ours) != _scope(theirs) or _doubts(theirs) - _doubts(ours):
        return False
    if set(_NUMBERED.findall(facets.text)) != set(_NUMBERED.findall(sentence)):
        return False
    return _has_names(facets, sentence) and not _is_elsewhere(facets, sentence, dates, language)


def _without(mentions: Sequence[_Mention], part: DateMention | FigureMention) -> list[_Mention]:
    return [one for one in mentions if (one.start, one.end) != (part.start, part.end)]


def _same_dates(ours: Sequence[DateMention], theirs: Sequence[DateMention]) -> bool:
    """Whether each date of either side is on the other."""
    return all(any(agree(a, b) and says_as_much(a, b) for b in theirs) for a in ours) and all(
        any(agree(a, b) for a in ours) for b in theirs
    )


def _has_figures(ours: Sequence[FigureMention], theirs: Sequence[FigureMention]) -> bool:
    return all(
        any(is_comparable(a, b) and relation(a, b) is Relation.SAME for b in theirs) for a in ours
    )


def _words_outside(text: str, mentions: Sequence[DateMention | FigureMention]) -> Iterator[str]:
    """The words outside of dates and figures, months as they stand, the others case-folded."""
    taken = [(one.start, one.end) for one in mentions]
    for match in _WORD.finditer(text):
        if not any(a <= match.start() < b for a, b in taken):
            yield match[0].replace("’", "'")


def _scope(words: Sequence[str]) -> frozenset[str]:
    """The words that say of which time, part or whole something holds, months and weekdays among them."""
    plain = [word.casefold() for word in words]
    known, days = lexicon().scope, calendar()
    found = {word for word in plain if word in known or word in days.weekdays or word in days.days}
    found |= {
        str(days.months[word.casefold()])
        for word in words
        if word.casefold() in days.months and word[0].isupper()
    }
    return frozenset(found | {f"{a} {b}" for a, b in pairwise(plain) if f"{a} {b}" in known})


def _doubts(words: Sequence[str]) -> frozenset[str]:
    known = lexicon()
    return frozenset(word.casefold() for word in words) & (
        known.denial | known.hedges | known.unasserted
    )


def _has_names(facets: Facets, sentence: str) -> bool:
    """Whether the sentence has every name of the claim but that of the source."""
    stems = {one for _, _, one in words_of(sentence)}
    spoken = facets.attribution.names if facets.attribution is not None else ()
    return all(name.stems[-1] in stems for name in facets.names if name not in spoken)


def _is_elsewhere(
    facets: Facets, sentence: str, dates: Sequence[DateMention], language: str | None
) -> bool:
    """Whether the sentence is about a place that the claim does not name."""
    ours = {one for _, _, one in words_of(facets.text)}
    taken = [(one.start, one.end) for one in dates]
    for name in name_mentions(sentence, language=language, taken=taken):
        before = _WORD.findall(sentence[max(0, name.start - 16) : name.start])
        is_placed = any(word.casefold() in lexicon().places for word in before[-1:])
        if is_placed and ours.isdisjoint(name.stems):
            return True
    return False
