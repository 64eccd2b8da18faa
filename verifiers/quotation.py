"""Are the words that the claim quotes on the page, as quoted, and said by whom the claim says? Pure.

A quotation is exact when its words stand on the page in a row, punctuation and typography aside; parts around an
ellipsis or a bracketed insertion must follow each other closely. Otherwise the likest passage is compared word by
word (`verifiers.wording`). Fuzzy likeness alone never makes a quotation exact.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from db.words import FacetKind, FacetOutcome, Reason, VerdictKind
from verifiers.alteration import Found, altered, speakers_of
from verifiers.evidence import evidence_at
from verifiers.facets import facet, facets_of
from verifiers.findings import finding, is_open, is_readable, is_whole, nothing_to_say
from verifiers.reading.lexicon import lexicon
from verifiers.reading.pages import PageReading, page_line, read_page, word_line
from verifiers.speakers import Speaking, same_speaker
from verifiers.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Facet, Finding
    from verifiers.facets import Facets
    from verifiers.protocol import Task
    from verifiers.reading.quotations import QuotationMention

__all__ = ["Quotation"]

#: Characters between two parts of an elided quotation; farther apart they are stitched together.
_ELISION_LIMIT: Final = 1_200
#: A shorter quotation is a phrase: its absence or alteration proves nothing.
_WORDS_FROM: Final = 6
#: Places at which an exact quotation is looked at for its speaker.
_PLACES_LIMIT: Final = 8
#: Characters around a span among which a quotation mark shows that the page quotes, too.
_MARK_REACH: Final = 400

_ELISION = re.compile(
    r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\(\s*(?:\.\.\.|…)\s*\)|\.\.\.\.?|…|\. \. \.|\[[^\]]{1,60}\])\s*"
)
_CAPITALISED = re.compile(r"\[(\w)\](?=\w)")
_WORD = re.compile(r"[^\W\d_]+")


class Quotation:
    """Checks quotations: exact, altered, absent, or another's words."""

    name = "quotation"
    version = "1"

    def verify(self, task: Task) -> Finding:
        """`quoted` when the claim is a located quotation of the same speaker; a conflict; or unsure."""
        if not is_readable(task.page):
            return nothing_to_say(self, task, "the page's text is not the article's")
        facets = facets_of(task)
        if not facets.quotations:
            return nothing_to_say(self, task, "the claim quotes nothing")
        found = [(one, _looked_up(one, facets, task)) for one in facets.quotations]
        rows = tuple(_facet(one, result, task) for one, result in found)
        verdict, reason, detail = _concluded([result for _, result in found], facets, task)
        return finding(self, task, verdict=verdict, reason=reason, detail=detail, facets=rows)


def _facet(quotation: QuotationMention, found: Found, task: Task) -> Facet:
    evidence = (evidence_at(task.page, found.span),) if found.span is not None else ()
    return facet(
        FacetKind.QUOTATION,
        quotation,
        task.claim.text,
        found.outcome,
        detail=found.detail,
        evidence=evidence,
    )


def _concluded(found: list[Found], facets: Facets, task: Task) -> tuple[VerdictKind, Reason, str]:
    for one in found:
        if one.reason is not None and is_open(task.page):
            return VerdictKind.CONTRADICTED, one.reason, one.detail
    if all(one.outcome is FacetOutcome.STATED for one in found):
        if not facets.is_quotation:
            return (
                VerdictKind.UNVERIFIABLE,
                Reason.UNSURE,
                "quoted as on the page; the rest is not judged",
            )
        if all(one.speaking is Speaking.SAME for one in found) or not speakers_of(facets):
            return VerdictKind.SUPPORTED, Reason.QUOTED, found[0].detail
        return (
            VerdictKind.UNVERIFIABLE,
            Reason.UNSURE,
            "quoted as on the page; the speaker is not certain",
        )
    absent = next((one for one in found if one.outcome is FacetOutcome.SILENT), None)
    if absent is not None and is_whole(task.page) and speakers_of(facets):
        return VerdictKind.NOT_SUPPORTED, Reason.QUOTATION_ABSENT, absent.detail
    return VerdictKind.UNVERIFIABLE, Reason.UNSURE, found[0].detail


def _looked_up(quotation: QuotationMention, facets: Facets, task: Task) -> Found:
    quoted = _CAPITALISED.sub(r"\1", facets.text[quotation.start : quotation.end])
    parts = [part for piece in _ELISION.split(quoted) if (part := word_line(piece).text)]
    if not parts:
        return Found(outcome=FacetOutcome.UNCHECKED, detail="no words are quoted")
    reading = read_page(task.page.text, task.page.language)
    places = list(_places(parts, task))
    if places:
        return _exact(places, facets, reading)
    if quotation.is_title or quotation.words < _WORDS_FROM:
        return Found(outcome=FacetOutcome.UNCHECKED, detail="the quoted phrase is not on the page")
    if len(parts) > 1 and all(page_line(task.page.text).find(part) >= 0 for part in parts):
        return Found(
            outcome=FacetOutcome.UNCHECKED,
            detail="the quotation is put together from words that stand apart on the page",
        )
    return altered(" ".join(quoted.split()), parts, facets, reading)


def _places(parts: list[str], task: Task) -> Iterator[Span]:
    """Where all parts of a quotation follow each other on the page."""
    line = page_line(task.page.text)
    at = line.find(parts[0])
    for _ in range(_PLACES_LIMIT):
        if at < 0:
            return
        end, last = at, len(parts[0])
        for before, part in pairwise(parts):
            found = line.find(part, end + len(before) - 1)
            if found < 0 or found - end - len(before) > _ELISION_LIMIT:
                break
            end, last = found, len(part)
        else:
            yield Span(line.span(at, len(parts[0])).start, line.span(end, last).end)
        at = line.find(parts[0], at + 1)


def _exact(places: list[Span], facets: Facets, reading: PageReading) -> Found:
    """The place where the claim's speaker speaks, else the first."""
    speakers = speakers_of(facets)
    attribution = facets.attribution
    is_direct = attribution is not None and attribution.is_direct
    judged = [
        (same_speaker(speakers, place, reading, is_direct=is_direct), place) for place in places
    ]
    for (speaking, _), place in judged:
        if (speaking is Speaking.SAME or not speakers) and not _is_disowned(place, reading):
            return Found(
                outcome=FacetOutcome.STATED,
                detail="the page has these words",
                span=place,
                speaking=Speaking.SAME,
            )
    (speaking, who), place = judged[0]
    if speakers and all(one is Speaking.OTHER for (one, _), _ in judged):
        return Found(
            outcome=FacetOutcome.CONFLICTING,
            detail=f"on the page {who} says this, not {speakers[0].text}",
            span=place,
            reason=Reason.SPEAKER_CONFLICT,
            speaking=Speaking.OTHER,
        )
    return Found(
        outcome=FacetOutcome.STATED,
        detail="the page has these words; it is not certain who says them",
        span=place,
        speaking=speaking,
    )


def _is_disowned(place: Span, reading: PageReading) -> bool:
    """Whether the page's sentence around the quotation calls it false, or only asks."""
    sentence = reading.sentences[reading.sentence_at(place.start)]
    before = reading.text[max(sentence.start, place.start - _MARK_REACH) : place.start]
    behind = reading.text[place.end : max(place.end, min(sentence.end, place.end + _MARK_REACH))]
    words = {word.casefold() for word in _WORD.findall(f"{before} . {behind}")}
    return bool(words & lexicon().disowned) or behind.rstrip("\"'”’») ").endswith("?")
