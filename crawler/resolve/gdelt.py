"""GDELT DOC 2.0: what was seen in the world's news, by words and domain. At most two requests a citation.

Every word must match, so that few are sent; where nobody has seen the story yet, fewer are sent without the domain.

Source: the reference client `alex9smith/gdelt-doc-api` and measurements of others. Errors come as plain text
under HTTP 200 and are told by their words; `{}` is "no hits"; queries stay under 250 characters; `seendate` is
when GDELT first saw the page, not when it was published. GDELT begins in 2017, and may reach back three months
only, so that its silence about anything older proves nothing.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode

from crawler.headlines import bare_headline, distinctive_words
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.engines import is_there, site
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, url_day
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.resolve.stamps import archive_stamp
from crawler.urls import checked_url
from crawler.windows import shifted
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.protocols import Query, Resolving
    from db.model import DateWindow, Outcome

__all__ = ["GdeltResolver"]

_ENDPOINT: Final = "https://api.gdeltproject.org/api/v2/doc/doc"
#: Characters of a query; longer ones are refused for good.
QUERY_CHARS: Final = 249
#: Words sent first, and when the query is called too long.
WORDS: Final = 7
FEWER_WORDS: Final = 4
#: Rows asked for (the service gives at most 250).
ROWS: Final = 50
#: The first year that it knows.
FIRST_YEAR: Final = 2017
#: Days within which its silence means something.
CERTAIN_DAYS: Final = 90
#: Days around the cited ones: what is published may be seen later.
BEFORE_DAYS: Final = 1
AFTER_DAYS: Final = 4

#: What its plain texts mean, by words in them; first match wins.
_TEXTS: Final[tuple[tuple[str, Coverage], ...]] = (
    ("limit requests", Coverage.QUOTA),
    ("too many requests", Coverage.QUOTA),
    ("rate limit", Coverage.QUOTA),
    ("specified domain", Coverage.NOT_COVERED),
    ("invalid/unsupported", Coverage.NOT_COVERED),
)
_TOO_LONG: Final = "too short or too long"


@dataclass(frozen=True, slots=True)
class GdeltResolver:
    """Looks for the headline among the articles that GDELT has seen at the outlet's domain."""

    name: str = "gdelt"
    version: str = "2"
    covers: ClassVar[str] = "the world's online news since 2017; silence counts for 90 days"
    terms: ClassVar[str] = (
        "free, without a key; one question in 6.5 seconds, and its name wherever it is shown"
    )
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The articles that are like the cited headline."""
        refusal = _not_asked(query)
        if refusal:
            return _answer(Coverage.NOT_COVERED, refusal)
        domain = site(query)
        (outcome,) = yield (_request(query, WORDS, domain),)
        read = _read(outcome)
        if read == _CALLED_TOO_LONG:
            (outcome,) = yield (_request(query, FEWER_WORDS, domain),)
            read = _read(outcome)
        elif not read and _is_worth_asking_everywhere(query):
            (outcome,) = yield (_request(query, FEWER_WORDS, ""),)
            elsewhere = _read(outcome)
            read = read if isinstance(elsewhere, ResolverAnswer) else elsewhere
        if isinstance(read, ResolverAnswer):
            return read
        return self._answered(query, read)

    def _answered(self, query: Query, entries: Sequence[Entry]) -> ResolverAnswer:
        candidates = matches(query, entries, via=self.name)
        if is_there(query, candidates) and site(query):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        coverage, detail = _silence(query)
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _not_asked(query: Query) -> str:
    """Why it is not asked, "" where it is."""
    if query.window and query.window.last_on.year < FIRST_YEAR:
        return f"nothing before {FIRST_YEAR}"
    return "" if _words(query, WORDS) else "no title is cited that it could search for"


def _is_worth_asking_everywhere(query: Query) -> bool:
    """Whether nobody has seen anything like the headline yet, and there are words enough to tell it from others."""
    return bool(site(query)) and not query.known and len(_words(query, FEWER_WORDS)) == FEWER_WORDS


def _words(query: Query, limit: int) -> tuple[str, ...]:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    title = bare_headline(html.unescape(query.title), names)
    return distinctive_words(title, limit=limit)


def _request(query: Query, words: int, domain: str) -> FetchRequest:
    sought = f" domainis:{domain}" if domain else ""
    for word in reversed(_words(query, words)):
        if len(word) + 1 + len(sought) <= QUERY_CHARS:
            sought = f"{word} {sought.lstrip()}".rstrip()
    fields = {"query": sought, "mode": "artlist", "format": "json", "maxrecords": str(ROWS)}
    url = f"{_ENDPOINT}?{urlencode({**fields, **_span(query.window)})}"
    return FetchRequest(
        url=url, purpose=CapturePurpose.SERVICE, service="gdelt", check_robots=False, follow=False
    )


def _span(window: DateWindow | None) -> dict[str, str]:
    if window is None:
        return {}
    first, last = shifted(window.first_on, -BEFORE_DAYS), shifted(window.last_on, AFTER_DAYS)
    return {
        "startdatetime": f"{archive_stamp(first)}000000",
        "enddatetime": f"{archive_stamp(last)}235959",
    }


def _read(outcome: Outcome) -> list[Entry] | ResolverAnswer:
    """The articles of one answer, or why there is none."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return _answer(read.coverage, read.detail)
    body = json_value(read.body, scrub=True)
    if not isinstance(body, dict):
        return _complaint(text_of(read.body))
    articles = body.get("articles", [])
    return _entries(articles if isinstance(articles, list) else [])


def _entries(articles: list[Any]) -> list[Entry]:
    entries = []
    for article in articles[: ROWS * 5]:
        url, title = strings_of(article, "url", "title")
        checked = checked_url(url)
        if isinstance(checked, str):
            # `seendate` is no publication date; only what the address itself spells is taken for one.
            entries.append(Entry(url=checked, title=title or None, published_on=url_day(checked)))
    return entries


def _complaint(text: str) -> ResolverAnswer:
    """What a plain text under HTTP 200 means."""
    lowered = text.lower()
    if _TOO_LONG in lowered:
        return _CALLED_TOO_LONG
    coverage = next((means for words, means in _TEXTS if words in lowered), Coverage.DEGRADED)
    return _answer(coverage, f"it said: {text}" if text else "an empty answer")


def _silence(query: Query) -> tuple[Coverage, str]:
    """What it means that the headline is not there."""
    if not site(query):
        return Coverage.NOT_COVERED, "the outlet's hosts are not known"
    if query.window is None:
        return Coverage.NOT_COVERED, "no date is cited, and it looks back three months at most"
    if query.window.first_on < shifted(query.today, -CERTAIN_DAYS):
        return Coverage.NOT_COVERED, f"older than {CERTAIN_DAYS} days: it may not reach back"
    return Coverage.EMPTY, "no article with this headline"


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)


_CALLED_TOO_LONG: Final = _answer(
    Coverage.DEGRADED, "called too long twice, which it also says when it is busy"
)
