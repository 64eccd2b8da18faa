"""A self-hosted SearXNG, asked as JSON: `site:host` and the headline's words. One request a citation.

Source: SearXNG `docs/dev/search_api.rst`, `webutils.get_json_response`. JSON is off by default (HTTP 403); engines
that fail are named in `unresponsive_engines` under HTTP 200, which is "engine down" and never "no hits".
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from crawler.headlines import bare_headline
from crawler.outlet_names import bare_host
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.resolve.stamps import stated_day
from crawler.urls import checked_url
from db.ids import TYPOGRAPHY
from db.model import Capture
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from crawler.protocols import Query, Resolving
    from db.model import Outcome

__all__ = ["SearxngResolver"]

#: Words of the headline that are sent; engines give up on more.
WORDS: Final = 16
#: Results read of one answer; a page holds 10 to 20.
RESULTS: Final = 100

_FORBIDDEN: Final = 403
#: What is sent of a title: words, with apostrophes and hyphens inside; no quotes, no operators of the engines.
_SEARCHED: Final = re.compile(r"\w+(?:['-]\w+)*")


@dataclass(frozen=True, slots=True)
class SearxngResolver:
    """Looks for the headline with the operator's own search service."""

    base_url: str
    name: str = "searxng"
    version: str = "1"

    def resolve(self, query: Query) -> Resolving:
        """The results that are like the cited headline."""
        words = _words(query)
        if not words:
            return _answer(Coverage.NOT_COVERED, "no title is cited")
        is_known = query.outlet and query.outlet.hosts and not query.outlet_is_guess
        host = bare_host(query.outlet.hosts[0]) if query.outlet and is_known else ""
        sought = (
            f"site:{host} {words}" if host else f"{words} {query.citation.outlet or ''}".strip()
        )
        fields = urlencode({"q": sought, "format": "json", "categories": "general,news"})
        (outcome,) = yield (
            FetchRequest(
                url=f"{self.base_url.rstrip('/')}/search?{fields}",
                purpose=CapturePurpose.SERVICE,
                service="searxng",
                check_robots=False,
                follow=False,
            ),
        )
        return self._answered(query, outcome, covers=bool(host))

    def _answered(self, query: Query, outcome: Outcome, *, covers: bool) -> ResolverAnswer:
        read = read_or_trouble(outcome)
        if isinstance(read, Trouble):
            if isinstance(outcome, Capture) and outcome.status == _FORBIDDEN:
                detail = "HTTP 403: enable the json format in the service's search.formats"
                return _answer(Coverage.AUTH, detail)
            return _answer(read.coverage, read.detail)
        body = json_value(read.body)
        if not isinstance(body, dict) or not isinstance(body.get("results"), list):
            return _answer(Coverage.DEGRADED, f"no results in the answer: {text_of(read.body)}")
        candidates = matches(query, _entries(body["results"]), via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        coverage, detail = _nothing(body, covers=covers)
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _words(query: Query) -> str:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    title = html.unescape(bare_headline(query.title, names)).translate(TYPOGRAPHY)
    return " ".join(_SEARCHED.findall(title)[:WORDS])


def _nothing(body: dict[str, Any], *, covers: bool) -> tuple[Coverage, str]:
    """What an answer without the headline says."""
    down = body.get("unresponsive_engines")
    if not body["results"] and down:
        return Coverage.DEGRADED, f"engines that did not answer: {str(down)[:200]}"
    if not covers:
        return (
            Coverage.NOT_COVERED,
            "the outlet's host is not known, so the search was not held to it",
        )
    return Coverage.EMPTY, f"{len(body['results'])} results, none with this headline"


def _entries(results: list[Any]) -> list[Entry]:
    entries = []
    for result in results[:RESULTS]:
        url, title, published = strings_of(result, "url", "title", "publishedDate")
        checked = checked_url(url)
        if isinstance(checked, str):
            entries.append(
                Entry(url=checked, title=title or None, published_on=stated_day(published))
            )
    return entries


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
