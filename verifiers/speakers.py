"""Whether the page lets the same person say something as the claim does. Pure.

A conflict needs two persons, the page's beside a verb of saying in the very sentence, the claim's known to the page
but nowhere near. Everything less certain is unknown: an outlet that quotes, a pronoun, a spokesman.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from verifiers.attribution import attribution_of
from verifiers.reading.lexicon import lexicon, stop_words
from verifiers.reading.names import name_mentions
from verifiers.reading.quotations import quotation_mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifiers.attribution import Attribution
    from verifiers.reading.names import NameMention
    from verifiers.reading.pages import PageReading
    from verifiers.text import Span

__all__ = ["Speaking", "attributed", "same_speaker"]

#: Sentences in front of a quotation among which its speaker is looked for.
_BACK: Final = 3
#: Longest sentence in which a speaker is looked for.
_SENTENCE_LIMIT: Final = 2_000


class Speaking(Enum):
    """How the page's speaker relates to the claim's."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


def same_speaker(
    speakers: Sequence[NameMention],
    span: Span,
    reading: PageReading,
    *,
    is_direct: bool = False,
) -> tuple[Speaking, str]:
    """How whoever says what stands at `span` relates to the claim's speakers, and the page's speaker by name.

    `OTHER` needs a claim that names its speaker right beside the verb (`is_direct`).
    """
    first, last = (
        reading.sentence_at(span.start),
        reading.sentence_at(max(span.start, span.end - 1)),
    )
    for number in _sentences_by_nearness(first, last, len(reading.sentences)):
        attribution = attributed(reading, number)
        if attribution is None:
            continue
        named = attribution.names
        if _share(speakers, named):
            return Speaking.SAME, ", ".join(name.text for name in named)
        if not named:
            continue
        is_certain = is_direct and attribution.is_direct and number in range(first, last + 1)
        near = range(max(0, first - _BACK), min(len(reading.sentences), last + 2))
        if is_certain and _are_others(speakers, named, near, reading):
            return Speaking.OTHER, ", ".join(name.text for name in named)
        return Speaking.UNKNOWN, ""
    if any(_is_in(one, reading, n) for one in speakers for n in range(first, last + 1)):
        return Speaking.SAME, ""
    return Speaking.UNKNOWN, ""


def _sentences_by_nearness(first: int, last: int, count: int) -> list[int]:
    """Its own sentences, the one behind (`He said.`), then those in front, nearest first."""
    own = list(range(first, min(last + 1, first + _BACK)))
    behind = [last + 1] if last + 1 < count else []
    return own + behind + list(range(first - 1, max(-1, first - 1 - _BACK), -1))


def attributed(reading: PageReading, number: int) -> Attribution | None:
    """Who is said to speak in this sentence; without names for a pronoun, None where nobody speaks."""
    span = reading.sentences[number]
    text = reading.text[span.start : min(span.end, span.start + _SENTENCE_LIMIT)]
    quotations = quotation_mentions(text)
    names = name_mentions(
        text,
        language=reading.language,
        taken=[(one.outer_start, one.outer_end) for one in quotations],
    )
    return attribution_of(text, names=names, quotations=quotations)


def _share(ours: Sequence[NameMention], theirs: Sequence[NameMention]) -> bool:
    return any(a.stems[-1] in b.stems or b.stems[-1] in a.stems for a in ours for b in theirs)


def _is_in(name: NameMention, reading: PageReading, number: int) -> bool:
    return number in reading.places.get(name.stems[-1], ())


def _are_others(
    ours: Sequence[NameMention], theirs: Sequence[NameMention], near: range, reading: PageReading
) -> bool:
    """Whether the claim's speaker is nowhere near, and both are persons."""
    is_near = any(_is_in(one, reading, n) for one in ours for n in near)
    return not is_near and _are_persons(ours, theirs, reading)


def _are_persons(
    ours: Sequence[NameMention], theirs: Sequence[NameMention], reading: PageReading
) -> bool:
    """Whether both sides are persons whom the page knows by more than one name."""
    return (
        len(ours) == 1
        and len(theirs) == 1
        and all(_is_person(name, reading) for name in (*ours, *theirs))
    )


def _is_person(name: NameMention, reading: PageReading) -> bool:
    if not reading.places.get(name.stems[-1]):
        return False
    last = re.escape(name.text.split()[-1])
    stops = stop_words(reading.language)
    for match in re.finditer(rf"([^\W\d_][\w'’-]{{1,30}}\.?)\s{last}(?!\w)", reading.text):
        word = match[1]
        plain = word.rstrip(".").casefold()
        if word[0].isupper() and plain not in stops:
            return True
        if plain in lexicon().not_names:
            return True
    return False
