"""The few entries of a long index that may be the cited work. Pure.

Rule: a cheap look at every entry, the full comparison for those that share words with the headline, and at
most `OFFERED` kept, near misses among them: `crawler.resolve.rank` says why they lose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crawler.headline_words import STOP_WORDS
from crawler.headlines import DRIFTED_AT, bare_headline, plain_text, similarity, word_keys
from crawler.slugs import dated_by_url, slug_similarity
from db.model import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crawler.protocols import Query
    from crawler.resolve.markup import Entry

__all__ = ["OFFERED", "matches", "strong", "url_day"]

#: Candidates that one resolver offers at most.
OFFERED: Final = 8
#: Likeness from which an entry is worth being offered, even if only to be told apart.
OFFERED_AT: Final = 0.45
#: Share of the headline's words that the cheap look must find.
GLANCE_SHARE: Final = 0.3
#: Words that the cheap look asks for.
GLANCE_WORDS: Final = 12


def matches(query: Query, entries: Iterable[Entry], *, via: str) -> tuple[Candidate, ...]:
    """The entries whose headline or slug is like the cited headline, best first."""
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    wanted = bare_headline(query.title, names)
    glance = _glance(wanted)
    scored = [
        (max(likeness(wanted, entry, names), 0.0), entry) for entry in entries if glance(entry)
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].url, pair[1].title or ""))[:OFFERED]
    return tuple(_candidate(entry, via) for score, entry in best if score >= OFFERED_AT)


def strong(query: Query, candidates: Iterable[Candidate]) -> bool:
    """Whether one of them may well be the cited work, so that its resolver has answered."""
    return any(
        max(similarity(query.title, one.title or ""), slug_similarity(query.title, one.url))
        >= DRIFTED_AT
        for one in candidates
    )


def likeness(wanted: str, entry: Entry, names: Iterable[str]) -> float:
    """The better of how its headline and its slug agree with the wanted headline, 0..1."""
    slug = slug_similarity(wanted, entry.url)
    if not entry.title:
        return slug
    return max(similarity(wanted, bare_headline(entry.title, names)), slug)


def url_day(url: str) -> date | None:
    """The day that a URL spells, None where it spells a month or nothing."""
    window = dated_by_url(url)
    return window.first_on if window and window.first_on == window.last_on else None


class _Glance:
    """The cheap look: enough of the headline's words occur somewhere in the entry's title or URL."""

    __slots__ = ("_need", "_stems")

    def __init__(self, stems: tuple[str, ...]) -> None:
        self._stems = stems
        self._need = max(1, int(GLANCE_SHARE * len(stems)))

    def __call__(self, entry: Entry) -> bool:
        text = plain_text(f"{entry.url} {entry.title or ''}")
        return not self._stems or sum(stem in text for stem in self._stems) >= self._need


def _glance(wanted: str) -> _Glance:
    keys = dict.fromkeys(key for key in word_keys(wanted) if key not in STOP_WORDS)
    stems = tuple(key[:5] for key in keys)
    return _Glance(stems[:GLANCE_WORDS])


def _candidate(entry: Entry, via: str) -> Candidate:
    published_on = entry.published_on or url_day(entry.url)
    return Candidate(url=entry.url, title=entry.title, published_on=published_on, via=via)
