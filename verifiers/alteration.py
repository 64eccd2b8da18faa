"""The passage of a page that is likest to a quotation, and what their differences mean. Pure.

Likeness only finds the passage; what is said of it follows from the words that differ (`verifiers.wording`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from db.words import FacetOutcome, Reason
from verifiers.evidence import claim_terms, passages
from verifiers.reading.pages import PageReading, WordLine, word_line
from verifiers.reading.quotations import quotation_mentions
from verifiers.speakers import Speaking, same_speaker
from verifiers.text import Span
from verifiers.wording import Difference, Weight, differences, expanded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifiers.facets import Facets
    from verifiers.reading.names import NameMention

__all__ = ["Found", "altered", "speakers_of"]

#: Share of the quotation's words in common from which a passage is the quotation, altered …
_ALTERED_FROM: Final = 0.6
#: … and below which nothing on the page is like it.
_ABSENT_BELOW: Final = 0.4
#: Longest run of words, put between two parts of a quotation on the page, that may be a "he said".
_SAID_LIMIT: Final = 8
#: Characters around a span among which the marks of a quotation that holds it are looked for …
_MARK_REACH: Final = 400
#: … and the share of the span that must stand between them.
_QUOTED_SHARE: Final = 0.6

_MARKS = re.compile(r"[“”„«»\"‹›「」]|(?<!\w)['‘’]|['‘’](?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of the search for one quotation."""

    outcome: FacetOutcome
    detail: str
    span: Span | None = None
    reason: Reason | None = None  #: of a conflict
    speaking: Speaking = Speaking.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A run of words in the line of a passage."""

    line: WordLine
    place: Span
    offset: int  #: where the passage begins on the page


def speakers_of(facets: Facets) -> tuple[NameMention, ...]:
    """Who the claim says said it, by name."""
    return facets.attribution.names if facets.attribution is not None else ()


def altered(quoted: str, parts: list[str], facets: Facets, reading: PageReading) -> Found:
    """The likest passage to a quotation that is not exact, and what its differences mean."""
    language = reading.language or facets.language
    words = expanded(" ".join(parts).split())
    best: tuple[float, tuple[Difference, ...], Span] | None = None
    for window in _windows(quoted, facets, reading):
        rows, share, span = _compared(words, window, reading, language)
        if best is None or share > best[0]:
            best = (share, rows, span)
    if best is None or best[0] < _ABSENT_BELOW:
        return Found(
            outcome=FacetOutcome.SILENT, detail="nothing on the page is like the quotation"
        )
    share, rows, span = best
    if share < _ALTERED_FROM:
        return Found(
            outcome=FacetOutcome.UNCHECKED, detail="the page has something like it", span=span
        )
    return _weighed(rows, span, facets, reading)


def _weighed(
    rows: tuple[Difference, ...], span: Span, facets: Facets, reading: PageReading
) -> Found:
    material = [row for row in rows if row.weight is Weight.MATERIAL]
    if material:
        changed = "; ".join(_change(row) for row in material[:3])
        is_quoted = _is_quoted_there(span, reading.text)
        return Found(
            outcome=FacetOutcome.CONFLICTING if is_quoted else FacetOutcome.UNCHECKED,
            detail=f"the quotation is altered: {changed}",
            span=span,
            reason=Reason.QUOTATION_ALTERED if is_quoted else None,
        )
    if any(row.weight is Weight.OPEN for row in rows):
        return Found(
            outcome=FacetOutcome.UNCHECKED, detail="words are left out without a sign", span=span
        )
    speaking, _ = same_speaker(speakers_of(facets), span, reading)
    return Found(
        outcome=FacetOutcome.STATED,
        detail="the page has these words but for small ones",
        span=span,
        speaking=speaking,
    )


def _windows(quoted: str, facets: Facets, reading: PageReading) -> Iterator[Span]:
    """The passages that speak of the quotation, with as many sentences as it may take."""
    terms = claim_terms(quoted, facets.language)
    for passage in passages(reading, terms, limit=3):
        first = max(0, passage.number - 1)
        last = min(len(reading.sentences) - 1, passage.number + 1)
        while last + 1 < len(reading.sentences) and (
            reading.sentences[last].end - reading.sentences[first].start < 2 * len(quoted)
        ):
            last += 1
        start = reading.sentences[first].start
        yield Span(start, min(reading.sentences[last].end, start + 6 * len(quoted) + 2_000))


def _compared(
    words: tuple[str, ...], window: Span, reading: PageReading, language: str | None
) -> tuple[tuple[Difference, ...], float, Span]:
    """The differences to the likest run of words in a window, the share in common, and where that run stands."""
    line = word_line(window.of(reading.text))
    wording = " ".join(words)
    aligned = fuzz.partial_ratio_alignment(wording, line.text.strip())
    if aligned is None or not line.text:
        return (), 0.0, window
    first = max(0, line.text.rfind(" ", 0, aligned.dest_start + 2))
    last = line.text.find(" ", min(len(line.text) - 1, aligned.dest_end + 1))
    near = Span(first, last if last > 0 else len(line.text))
    found = [
        _told_apart(words, _Run(line=line, place=place, offset=window.start), reading, language)
        for place in (near, _wider(near, line.text))
    ]
    return max(found, key=lambda one: one[1])


def _told_apart(
    words: tuple[str, ...], run: _Run, reading: PageReading, language: str | None
) -> tuple[tuple[Difference, ...], float, Span]:
    inner = run.line.span(run.place.start, run.place.end - run.place.start + 1)
    span = Span(run.offset + inner.start, run.offset + inner.end)
    theirs = expanded(run.line.text[run.place.start : run.place.end].split())
    rows, same = differences(words, theirs, language=language)
    kept = tuple(row for row in rows if not _is_interrupted(row, len(theirs), span, reading.text))
    return kept, same / max(1, len(words)), span


def _wider(run: Span, text: str) -> Span:
    """A run with as many words more as a "he said" in the middle may have pushed out of it."""
    end = run.end
    for _ in range(_SAID_LIMIT):
        end = max(end, text.find(" ", end + 1))
    return Span(run.start, end)


def _is_interrupted(row: Difference, length: int, span: Span, text: str) -> bool:
    """Whether the page only puts a `,” he said, “` between the words, or more words at either end."""
    if row.quoted:
        return False
    if row.page_at == 0 or row.page_at + len(row.page) >= length:
        return True
    return len(row.page) <= _SAID_LIMIT and len(_MARKS.findall(span.of(text))) >= 2  # noqa: PLR2004 - both marks


def _is_quoted_there(span: Span, text: str) -> bool:
    """Whether the page marks most of this passage as a quotation."""
    first = max(0, span.start - _MARK_REACH)
    around = quotation_mentions(text[first : span.end + _MARK_REACH])
    shared = (
        min(span.end, first + one.outer_end) - max(span.start, first + one.outer_start)
        for one in around
    )
    return max(shared, default=0) >= _QUOTED_SHARE * (span.end - span.start)


def _change(row: Difference) -> str:
    """One difference in words: what was put in, left out, or changed into what."""
    page, quoted = " ".join(row.page), " ".join(row.quoted)
    if not page:
        return f"“{quoted}” was put in"
    return f"“{page}” was left out" if not quoted else f"“{page}” became “{quoted}”"
