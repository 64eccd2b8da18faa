"""Are the claim's names on the page? Pure.

A name is present when all its words stand in one sentence, or its last word stands anywhere (a page names a person
in full once). An acronym is present, too, as the words that it stands for, and never called
absent, because those may begin with other letters. A word that is capitalised only because
the claim begins with it is never called absent, and a name of another script or transliteration is looked for by
likeness before it is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from db.words import FacetKind, FacetOutcome
from verifiers.evidence import evidence_at
from verifiers.facets import facet, facets_of
from verifiers.findings import finding, is_readable, nothing_to_say
from verifiers.reading.pages import read_page
from verifiers.ties import speaking_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Evidence, Facet, Finding
    from verifiers.evidence import Passage
    from verifiers.protocol import Task
    from verifiers.reading.names import NameMention
    from verifiers.reading.pages import PageReading

__all__ = ["Names"]

#: Letters of an acronym whose written-out form is looked for.
_ACRONYM_FROM: Final = 2
_ACRONYM_TO: Final = 7
#: Likeness of two transliterations of one name, and the letters from which it tells anything.
_LIKE: Final = 0.75
_LIKE_FROM: Final = 5
_PREFIX_FROM: Final = 4
#: Distinct words of a page among which a like one is looked for.
_WORDS_LIMIT: Final = 30_000


class Names:
    """Checks names: present or absent. It never judges alone; the roll-up weighs its facets."""

    name = "names"
    version = "1"

    def verify(self, task: Task) -> Finding:
        """Unsure, with each name's outcome."""
        if not is_readable(task.page):
            return nothing_to_say(self, task, "the page's text is not the article's")
        facets = facets_of(task)
        if not facets.names:
            return nothing_to_say(self, task, "the claim has no names")
        reading = read_page(task.page.text, task.page.language)
        speaking = speaking_of(facets, reading)
        rows = tuple(_checked(one, reading, speaking, task) for one in facets.names)
        absent = [one.text for one in rows if one.outcome is FacetOutcome.SILENT]
        detail = f"not on the page: {', '.join(absent[:5])}" if absent else "no name is absent"
        return finding(self, task, detail=detail, facets=rows)


def _checked(
    name: NameMention, reading: PageReading, speaking: Sequence[Passage], task: Task
) -> Facet:
    outcome, detail = _outcome(name, reading)
    evidence: tuple[Evidence, ...] = ()
    if outcome is FacetOutcome.STATED:
        numbers = set(reading.places.get(name.stems[-1], ()))
        shown = next((one for one in speaking if one.number in numbers), None)
        evidence = (evidence_at(task.page, shown.span),) if shown is not None else ()
    return facet(FacetKind.NAME, name, task.claim.text, outcome, detail=detail, evidence=evidence)


def _outcome(name: NameMention, reading: PageReading) -> tuple[FacetOutcome, str]:
    places = [set(reading.places.get(one, ())) for one in name.stems]
    if all(places) and set.intersection(*places):
        return FacetOutcome.STATED, "on the page"
    if places[-1]:
        return FacetOutcome.STATED, "on the page in part"
    if name.is_acronym and _written_out(name.text, reading.text):
        return FacetOutcome.STATED, "on the page written out"
    if name.is_initial or name.is_acronym or any(places) or _is_like(name.stems[-1], reading):
        return FacetOutcome.UNCHECKED, "perhaps on the page in another form"
    if len(name.stems) >= _ACRONYM_FROM and _abbreviated(name, reading):
        return FacetOutcome.STATED, "on the page as an acronym"
    return FacetOutcome.SILENT, "not on the page"


def _abbreviated(name: NameMention, reading: PageReading) -> bool:
    acronym = "".join(one[0] for one in name.stems)
    return len(acronym) > _ACRONYM_FROM and acronym in reading.places


@lru_cache(maxsize=64)
def _initials(acronym: str) -> re.Pattern[str]:
    between = r"[\s-](?:[^\W\d_]{1,3}\s){0,2}"
    return re.compile(
        r"(?<!\w)" + between.join(rf"{re.escape(one)}[^\W\d_]{{1,20}}" for one in acronym)
    )


def _written_out(acronym: str, text: str) -> bool:
    letters = acronym.replace(".", "")
    if not letters.isalpha() or not _ACRONYM_FROM <= len(letters) <= _ACRONYM_TO:
        return False
    return _initials(letters).search(text) is not None


def _is_like(one: str, reading: PageReading) -> bool:
    """Whether the page has a word that may be another spelling of this stem."""
    if len(one) < _LIKE_FROM or len(reading.places) > _WORDS_LIMIT:
        return len(reading.places) > _WORDS_LIMIT
    choices = [word for word in reading.places if word[0] == one[0]]
    if any(word.startswith(one[: max(_PREFIX_FROM, len(one) - 2)]) for word in choices):
        return True
    best = process.extractOne(
        one, choices, scorer=Levenshtein.normalized_similarity, score_cutoff=_LIKE
    )
    return best is not None
