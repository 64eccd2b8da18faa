"""The quoted words of a page that are likest to a quotation, and what their differences mean. Pure.

Only what the page itself puts between quotation marks is compared, the quoted pieces of one paragraph joined, so
that a "he said" in the middle is no difference. Likeness only finds the run; what is said of it follows from the
words that differ (`verifiers.wording`). A difference counts where the page's own quotation goes on around it: words
at its border may stand in a part that the page does not quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from db.words import FacetOutcome, Reason
from verifiers.evidence import claim_terms, passages
from verifiers.reading.pages import PageReading, word_line
from verifiers.reading.quotations import quotation_mentions
from verifiers.speakers import Speaking, same_speaker
from verifiers.text import Span
from verifiers.wording import Difference, Weight, differences, expanded

if TYPE_CHECKING:
    from verifiers.facets import Facets
    from verifiers.reading.names import NameMention

__all__ = ["Found", "altered", "speakers_of"]

#: Share of the quotation's words in common from which a run of quoted words is the quotation, altered …
_ALTERED_FROM: Final = 0.75
#: … and, quoted or not, below which nothing on the page is like it.
_ABSENT_BELOW: Final = 0.4
#: Words around the likest run in which the words that differ may stand.
_MARGIN: Final = 8
#: Characters of a paragraph that are read on either side of a sentence.
_PARAGRAPH_REACH: Final = 4_000
#: Sentences of the page that are looked at.
_PASSAGES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of the search for one quotation."""

    outcome: FacetOutcome
    detail: str
    span: Span | None = None
    reason: Reason | None = None  #: of a conflict
    speaking: Speaking = Speaking.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """The words that one paragraph quotes, in a row, and the quotation that each stands in."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]  #: of each word's quotation on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """The run of quoted words that is likest to the claim's."""

    rows: tuple[
        Difference, ...
    ]  #: `page_at` counts from the beginning of the paragraph's quoted words
    share: float  #: of the claim's words in common
    span: Span
    quoted: _Quoted


def speakers_of(facets: Facets) -> tuple[NameMention, ...]:
    """Who the claim says said it, by name."""
    return facets.attribution.names if facets.attribution is not None else ()


def altered(quoted: str, parts: list[str], facets: Facets, reading: PageReading) -> Found:
    """The likest quoted words to a quotation that is not exact, and what their differences mean."""
    words = expanded(" ".join(parts).split())
    near = passages(reading, claim_terms(quoted, facets.language), limit=_PASSAGES)
    language = reading.language or facets.language
    paragraphs = dict.fromkeys(_paragraph(one.span, reading.text) for one in near)
    found = [
        match
        for one in paragraphs
        if (match := _matched(words, _quoted_in(one, reading.text), language)) is not None
    ]
    best = max(found, key=lambda one: one.share, default=None)
    if best is not None and best.share >= _ALTERED_FROM:
        return _weighed(best, facets, reading)
    shares = (_share_in(words, one, reading, language) for one in paragraphs)
    if max(shares, default=0.0) < _ABSENT_BELOW:
        return Found(
            outcome=FacetOutcome.SILENT, detail="nothing on the page is like the quotation"
        )
    return Found(
        outcome=FacetOutcome.UNCHECKED,
        detail="the page has something like it, but does not quote it",
        span=near[0].span,
    )


def _weighed(match: _Match, facets: Facets, reading: PageReading) -> Found:
    speakers = speakers_of(facets)
    speaking, _ = same_speaker(speakers, match.span, reading)
    weights = [_weight(row, match.quoted) for row in match.rows]
    material = [
        row for row, weight in zip(match.rows, weights, strict=True) if weight is Weight.MATERIAL
    ]
    if material:
        changed = "; ".join(_change(row) for row in material[:3])
        is_sure = speaking is Speaking.SAME or not speakers
        return Found(
            outcome=FacetOutcome.CONFLICTING if is_sure else FacetOutcome.UNCHECKED,
            detail=f"the quotation is altered: {changed}",
            span=match.span,
            reason=Reason.QUOTATION_ALTERED if is_sure else None,
        )
    if Weight.OPEN in weights:
        return Found(
            outcome=FacetOutcome.UNCHECKED,
            detail="the page does not quote all of these words, or more",
            span=match.span,
        )
    return Found(
        outcome=FacetOutcome.STATED,
        detail="the page has these words but for small ones",
        span=match.span,
        speaking=speaking,
    )


def _paragraph(span: Span, text: str) -> Span:
    """The paragraph around a sentence, as far as it is read."""
    least, most = max(0, span.start - _PARAGRAPH_REACH), span.end + _PARAGRAPH_REACH
    start, end = text.rfind("\n\n", least, span.start), text.find("\n\n", span.end, most)
    return Span(start if start >= 0 else least, end if end >= 0 else min(most, len(text)))


def _quoted_in(paragraph: Span, text: str) -> _Quoted:
    words: list[str] = []
    spans: list[Span] = []
    for one in quotation_mentions(paragraph.of(text)):
        place = Span(paragraph.start + one.start, paragraph.start + one.end)
        inside = expanded(word_line(place.of(text)).text.split())
        words.extend(inside)
        spans.extend([place] * len(inside))
    return _Quoted(words=tuple(words), spans=tuple(spans))


def _share_in(
    words: tuple[str, ...], paragraph: Span, reading: PageReading, language: str | None
) -> float:
    """The share of the words that a paragraph has in a run, quoted or not."""
    inside = expanded(word_line(paragraph.of(reading.text)).text.split())
    whole = _Quoted(words=inside, spans=(paragraph,) * len(inside))
    match = _matched(words, whole, language)
    return match.share if match is not None else 0.0


def _matched(words: tuple[str, ...], quoted: _Quoted, language: str | None) -> _Match | None:
    """The differences to the likest run of quoted words, None where the paragraph quotes nothing."""
    line = " ".join(quoted.words)
    aligned = fuzz.partial_ratio_alignment(" ".join(words), line) if line else None
    if aligned is None:
        return None
    first = line.count(" ", 0, aligned.dest_start)
    last = line.count(" ", 0, max(0, aligned.dest_end - 1)) + 1
    wider = (max(0, first - _MARGIN), min(len(quoted.words), last + _MARGIN))
    runs = [_told_apart(words, run, quoted, language) for run in ((first, last), wider)]
    return max(runs, key=lambda one: one.share)


def _told_apart(
    words: tuple[str, ...], run: tuple[int, int], quoted: _Quoted, language: str | None
) -> _Match:
    first, last = run
    rows, same = differences(words, quoted.words[first:last], language=language)
    return _Match(
        rows=tuple(_moved(row, first) for row in rows if row.quoted or not _is_at_end(row, run)),
        share=same / max(1, len(words)),
        span=Span(quoted.spans[first].start, quoted.spans[last - 1].end),
        quoted=quoted,
    )


def _moved(row: Difference, by: int) -> Difference:
    return Difference(quoted=row.quoted, page=row.page, weight=row.weight, page_at=row.page_at + by)


def _is_at_end(row: Difference, run: tuple[int, int]) -> bool:
    """Whether the page only goes on in front of or behind what the claim quotes."""
    return row.page_at == 0 or row.page_at + len(row.page) >= run[1] - run[0]


def _weight(row: Difference, quoted: _Quoted) -> Weight:
    """The weight of a difference: open where the page's quotation does not go on around it."""
    before, behind = row.page_at - 1, row.page_at + len(row.page)
    is_inside = (
        before >= 0 and behind < len(quoted.spans) and quoted.spans[before] == quoted.spans[behind]
    )
    return row.weight if is_inside or row.weight is Weight.IMMATERIAL else Weight.OPEN


def _change(row: Difference) -> str:
    """One difference in words: what was put in, left out, or changed into what."""
    page, quoted = " ".join(row.page), " ".join(row.quoted)
    if not page:
        return f"“{quoted}” was put in"
    return f"“{page}” was left out" if not quoted else f"“{page}” became “{quoted}”"
