"""GDELT DOC 2.0: what was seen in the world's news, by words and domain. At most two requests a citation.

Source: the reference client `alex9smith/gdelt-doc-api` and measurements of others. Errors come as plain text
under HTTP 200 and are told by their words; `{}` is "no hits"; queries stay under 250 characters; `seendate` is
when GDELT first saw the page, not when it was published. GDELT begins in 2017, and may reach back three months
only, so that its silence about anything older proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from crawler.headlines import bare_headline, distinctive_words
from crawler.outlet_names import bare_host
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, strong, url_day
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.resolve.stamps import archive_stamp
from crawler.urls import checked_url
from crawler.windows import shifted
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from crawler.protocols import Query, Resolving
    from db.model import Capture, DateWindow

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
    version: str = "1"

    def resolve(self, query: Query) -> Resolving:
        """The articles that are like the cited headline."""
        refusal = _not_asked(query)
        if refusal:
            return _answer(Coverage.NOT_COVERED, refusal)
        for limit in (WORDS, FEWER_WORDS):
            (outcome,) = yield (_request(query, limit),)
            read = read_or_trouble(outcome)
            if isinstance(read, Trouble):
                return _answer(read.coverage, read.detail)
            if _TOO_LONG not in text_of(read.body).lower():
                return self._answered(query, read)
        return _answer(
            Coverage.DEGRADED, "called too long twice, which it also says when it is busy"
        )

    def _answered(self, query: Query, capture: Capture) -> ResolverAnswer:
        body = json_value(capture.body, scrub=True)
        if not isinstance(body, dict):
            return _complaint(text_of(capture.body))
        articles = body.get("articles", [])
        entries = _entries(articles if isinstance(articles, list) else [])
        candidates = matches(query, entries, via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        coverage, detail = _silence(query)
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _not_asked(query: Query) -> str:
    """Why it is not asked, "" where it is."""
    if query.outlet is None or not query.outlet.hosts:
        return "the outlet's hosts are not known"
    if query.window and query.window.last_on.year < FIRST_YEAR:
        return f"nothing before {FIRST_YEAR}"
    return "" if _words(query, WORDS) else "no title is cited that it could search for"


def _words(query: Query, limit: int) -> tuple[str, ...]:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    return distinctive_words(bare_headline(query.title, names), limit=limit)


def _request(query: Query, limit: int) -> FetchRequest:
    host = bare_host(query.outlet.hosts[0]) if query.outlet else ""
    sought = f" domainis:{host}"
    for word in reversed(_words(query, limit)):
        if len(word) + 1 + len(sought) <= QUERY_CHARS:
            sought = f"{word} {sought.lstrip()}"
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
    coverage = next((means for words, means in _TEXTS if words in lowered), Coverage.DEGRADED)
    return _answer(coverage, f"it said: {text}" if text else "an empty answer")


def _silence(query: Query) -> tuple[Coverage, str]:
    """What it means that the headline is not there."""
    if query.window is None:
        return Coverage.NOT_COVERED, "no date is cited, and it looks back three months at most"
    if query.window.first_on < shifted(query.today, -CERTAIN_DAYS):
        return Coverage.NOT_COVERED, f"older than {CERTAIN_DAYS} days: it may not reach back"
    return Coverage.EMPTY, "no article with this headline"


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
