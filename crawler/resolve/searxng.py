"""A self-hosted SearXNG, asked as JSON: `site:host` and the headline's words. At most four requests a citation.

Source: SearXNG `docs/dev/search_api.rst`, `webutils.get_json_response`. JSON is off by default (HTTP 403); engines
that fail are named in `unresponsive_engines` under HTTP 200, which is "engine down" and never "no hits": the same is
then asked once more of the general engines alone, because others are asked by another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode

from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.engines import questions, searched, searched_words, site
from crawler.resolve.markup import Entry
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.resolve.stamps import stated_day
from crawler.urls import checked_url
from db.model import Capture
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.protocols import Query, Resolving
    from crawler.resolve.engines import Asking
    from db.model import Outcome

__all__ = ["SearxngResolver"]

#: Results read of one answer; a page holds 10 to 20.
RESULTS: Final = 100

_FORBIDDEN: Final = 403
#: Which engines are asked, and which once more where all of those failed.
_CATEGORIES: Final = ("general,news", "general")


@dataclass(frozen=True, slots=True)
class SearxngResolver:
    """Looks for the headline with the operator's own search service."""

    base_url: str
    name: str = "searxng"
    version: str = "2"
    covers: ClassVar[str] = "what its engines know; silence counts where they know the outlet"
    terms: ClassVar[str] = "yours; its engines see your server's address"
    default: ClassVar[str] = "off until searxng.url is set"

    def resolve(self, query: Query) -> Resolving:
        """The results that are like the cited headline."""
        return searched(query, _questions(query), self._asked, via=self.name)

    def _asked(self, question: str) -> Asking:
        down = ""
        for categories in _CATEGORIES:
            (outcome,) = yield (self._request(question, categories),)
            body = _body(outcome)
            if isinstance(body, ResolverAnswer):
                return body
            down = text_of(str(body.get("unresponsive_engines") or "").encode(), limit=200)
            if body["results"] or not down:
                return _entries(body["results"])
        return _answer(Coverage.DEGRADED, f"engines that did not answer: {down}")

    def _request(self, question: str, categories: str) -> FetchRequest:
        fields = urlencode({"q": question, "format": "json", "categories": categories})
        return FetchRequest(
            url=f"{self.base_url.rstrip('/')}/search?{fields}",
            purpose=CapturePurpose.SERVICE,
            service="searxng",
            check_robots=False,
            follow=False,
        )


def _questions(query: Query) -> Iterator[str]:
    """Those for any engine, then whether it knows the outlet at all: asked once for all citations of the outlet.

    Where an index of the outlet itself has been read, nobody else's silence is needed.
    """
    yield from questions(query)
    if searched_words(query) and site(query) and not query.covered:
        yield f"site:{site(query)}"


def _body(outcome: Outcome) -> dict[str, Any] | ResolverAnswer:
    """The answer with its list of results, or why there is none."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        if isinstance(outcome, Capture) and outcome.status == _FORBIDDEN:
            detail = "HTTP 403: enable the json format in the service's search.formats"
            return _answer(Coverage.AUTH, detail, closes=("searxng",))
        return _answer(read.coverage, read.detail)
    body = json_value(read.body)
    if not isinstance(body, dict) or not isinstance(body.get("results"), list):
        return _answer(Coverage.DEGRADED, f"no results in the answer: {text_of(read.body)}")
    return body


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


def _answer(coverage: Coverage, detail: str, *, closes: tuple[str, ...] = ()) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail, closes=closes)
