"""Does the claim's sentence, without its attribution, stand word for word in one sentence of the page? Pure.

Rule: this is the only way to `stated`. The rest of that sentence must not take the words back (a denial, a hedge, a
condition), must not put them into another's mouth, and must not go on where the claim stops inside a figure.
Word overlap is reported as evidence and never as support.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from db.words import FacetKind, FacetOutcome, Reason, VerdictKind
from verifiers.evidence import evidence_at, speaking
from verifiers.facets import facet, facets_of
from verifiers.findings import finding, is_readable, nothing_to_say
from verifiers.reading.lexicon import lexicon, stop_words
from verifiers.reading.pages import page_line, read_page, word_line
from verifiers.reading.quotations import quotation_mentions
from verifiers.speakers import Speaking, attributed, same_speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.model import Evidence, Finding
    from verifiers.facets import Facets
    from verifiers.protocol import Task
    from verifiers.reading.pages import PageReading
    from verifiers.text import Span

__all__ = ["Statement"]

#: Words of a statement below which standing somewhere proves nothing.
_WORDS_FROM: Final = 4
#: Share of the claim's weight that the best sentence carries at least where the page speaks of the claim.
_SPOKEN_OF: Final = 0.35
#: Places at which a statement is looked at.
_PLACES_LIMIT: Final = 8
#: First words of a neighbouring sentence among which its verdict stands: "Fact check: False."
_VERDICT_WORDS: Final = 4
#: Characters of a sentence that are read around a match.
_AROUND: Final = 600

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_NEXT_WORD = re.compile(r"\s+\w")
#: What would go on with a figure at whose end the claim stops.
_GOES_ON = re.compile(r"\s?(?:[.,]\d|[%‰°]|\d|-\w)")


class Statement:
    """Checks whether the claim stands on the page in its own words."""

    name = "statement"
    version = "1"

    def verify(self, task: Task) -> Finding:
        """`stated`; else `language` where claim and page are in two languages; else unsure."""
        if not is_readable(task.page):
            return nothing_to_say(self, task, "the page's text is not the article's")
        facets = facets_of(task)
        reading = read_page(task.page.text, task.page.language)
        place, why = _stated(facets, reading)
        if place is not None:
            shown = (evidence_at(task.page, place),)
            row = facet(
                FacetKind.STATEMENT,
                facets.statement,
                facets.text,
                FacetOutcome.STATED,
                detail=why,
                evidence=shown,
            )
            return finding(
                self,
                task,
                verdict=VerdictKind.SUPPORTED,
                reason=Reason.STATED,
                detail=why,
                facets=(row,),
            )
        return self._unstated(task, facets, why)

    def _unstated(self, task: Task, facets: Facets, why: str) -> Finding:
        best = max((one.coverage for one in speaking(task.claim, task.page)), default=0.0)
        row = facet(
            FacetKind.STATEMENT,
            facets.statement,
            facets.text,
            FacetOutcome.SILENT if best < _SPOKEN_OF else FacetOutcome.UNCHECKED,
            detail=why,
        )
        if _languages_differ(task):
            why = f"the claim is in {task.claim.language}, the page in {task.page.language}"
            return finding(self, task, reason=Reason.LANGUAGE, detail=why, facets=(row,))
        return finding(self, task, detail=why, facets=(row,), evidence=_speaking(task))


def _speaking(task: Task) -> tuple[Evidence, ...]:
    return tuple(
        evidence_at(task.page, one.span) for one in speaking(task.claim, task.page, limit=3)
    )


def _languages_differ(task: Task) -> bool:
    ours, theirs = (
        (one or "").split("-")[0].lower() for one in (task.claim.language, task.page.language)
    )
    return bool(ours) and bool(theirs) and ours != theirs


def _stated(facets: Facets, reading: PageReading) -> tuple[Span | None, str]:
    """The sentence that states the claim, and why it counts or what keeps it from counting."""
    wording = word_line(facets.statement.of(facets.text)).text
    if len(wording.split()) < _WORDS_FROM:
        return None, "the statement is too short to be told by its words"
    why = "not on the page word for word"
    for place in _places(wording, reading):
        sentence = reading.sentences[reading.sentence_at(place.start)]
        if place.end > sentence.end:
            continue
        objection = _objection(place, sentence, facets, reading)
        if objection is None:
            return sentence, "the page says so word for word"
        why = objection
    return None, why


def _places(wording: str, reading: PageReading) -> Iterator[Span]:
    line = page_line(reading.text)
    at = line.find(wording)
    for _ in range(_PLACES_LIMIT):
        if at < 0:
            return
        yield line.span(at, len(wording))
        at = line.find(wording, at + 1)


def _objection(place: Span, sentence: Span, facets: Facets, reading: PageReading) -> str | None:
    """What keeps these words, found in this sentence, from being the page's statement; None for nothing."""
    before = reading.text[max(sentence.start, place.start - _AROUND) : place.start]
    behind = reading.text[place.end : min(sentence.end, place.end + _AROUND)]
    objections = (
        (_is_question(sentence, reading), "the page only asks"),
        (_has_any(before, behind, lexicon().denial), "the page's sentence denies something"),
        (_has_any(before, behind, lexicon().hedges), "the page's sentence puts a condition"),
        (_has_any(before, behind, lexicon().unasserted), "the page's sentence does not assert it"),
        (_is_judged(sentence, reading), "the sentence beside it calls it false or corrects it"),
        (_is_cut(place, behind, facets, reading), "the page's sentence goes on"),
        (_ends_in_figure(place, behind, reading), "the page's figure goes on"),
    )
    why = next((why for holds, why in objections if holds), None)
    return why or _another_speaker(place, sentence, facets, reading)


def _is_question(sentence: Span, reading: PageReading) -> bool:
    return sentence.of(reading.text)[-3:].rstrip("\"'”’»)").endswith("?")


def _has_any(before: str, behind: str, phrases: frozenset[str]) -> bool:
    """Whether one of these words, or phrases of two, stands in front of the words or behind them."""
    for text in (before, behind):
        words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
        if not phrases.isdisjoint(words) or any(f"{a} {b}" in phrases for a, b in pairwise(words)):
            return True
    return False


def _is_judged(sentence: Span, reading: PageReading) -> bool:
    """Whether the sentence in front or behind passes judgement on this one: "False.", "That was debunked"."""
    number = reading.sentence_at(sentence.start)
    known = lexicon()
    for n in (number - 1, number + 1):
        if not 0 <= n < len(reading.sentences):
            continue
        text = reading.sentences[n].of(reading.text)[:_AROUND]
        words = [word.casefold() for word in _WORD.findall(text)]
        if known.verdicts & set(words[:_VERDICT_WORDS]) or known.debunking & set(words):
            return True
    return False


def _is_cut(place: Span, behind: str, facets: Facets, reading: PageReading) -> bool:
    """Whether the claim stops at a small word behind which the page goes on: "will not stand in"."""
    last = _LAST_WORD.search(place.of(reading.text))
    return (
        last is not None
        and last[0].casefold() in stop_words(facets.language)
        and _NEXT_WORD.match(behind) is not None
    )


def _ends_in_figure(place: Span, behind: str, reading: PageReading) -> bool:
    return reading.text[place.end - 1 : place.end].isdigit() and _goes_on(behind)


def _goes_on(behind: str) -> bool:
    word = _WORD.match(behind.lstrip())
    numbers = lexicon().numbers
    return bool(_GOES_ON.match(behind)) or (
        word is not None
        and (word[0].casefold() in numbers.scales or word[0].casefold() in numbers.units)
    )


def _another_speaker(
    place: Span, sentence: Span, facets: Facets, reading: PageReading
) -> str | None:
    speakers = facets.attribution.names if facets.attribution is not None else ()
    if not speakers:
        whole = sentence.of(reading.text)[: 4 * _AROUND]
        quoted = any(
            sentence.start + one.start <= place.start
            and place.end <= sentence.start + one.outer_end
            for one in quotation_mentions(whole)
        )
        return "the page only quotes somebody who says so" if quoted else None
    there, who = same_speaker(speakers, place, reading)
    if there is Speaking.SAME or (there is Speaking.UNKNOWN and not _attributes(place, reading)):
        return None
    return f"the page has it from {who or 'somebody else'}"


def _attributes(place: Span, reading: PageReading) -> bool:
    """Whether the page's own sentence says that somebody said it."""
    return attributed(reading, reading.sentence_at(place.start)) is not None
