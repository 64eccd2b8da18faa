"""Brave Search with the operator's token: `site:host` and the headline's words. One request a citation.

Source: Brave's API reference. The token travels in a header and nowhere else. `spellcheck` silently alters questions
and safe search hides news of war, so both are off. A question holds at most 400 characters and 50 words, a page 20
results; every answer is billed, so that the whole web is asked, at most twice, only where no host is known. News search
costs as much as web search and sees less: it is never asked.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode

from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.engines import questions, searched
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

__all__ = ["BraveResolver"]

_ENDPOINT: Final = "https://api.search.brave.com/res/v1/web/search"
_SERVICE: Final = "brave"
#: Characters of a question (the service's own bound is 400).
QUESTION_CHARS: Final = 380
#: Results of one page, the most that web search gives.
RESULTS: Final = 20

_UNPROCESSABLE: Final = 422
#: The code of a question that it does not understand; any other 422 speaks of the token or the plan.
_BAD_QUESTION: Final = "VALIDATION"
_TAG: Final = re.compile(r"</?(?:strong|b|em)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BraveResolver:
    """Looks for the headline with Brave's web search."""

    token: str = field(repr=False)
    name: str = "brave"
    version: str = "1"
    covers: ClassVar[str] = (
        "the web as Brave has crawled it; silence counts where it knows the outlet"
    )
    terms: ClassVar[str] = "paid by the answer; your plan must allow keeping results"
    default: ClassVar[str] = "off until brave.token is set"

    def resolve(self, query: Query) -> Resolving:
        """The results that are like the cited headline."""
        return searched(query, questions(query, everywhere=False), self._asked, via=self.name)

    def _asked(self, question: str) -> Asking:
        (outcome,) = yield (self._request(question),)
        return _read(outcome)

    def _request(self, question: str) -> FetchRequest:
        fields = {
            "q": question[:QUESTION_CHARS],
            "count": str(RESULTS),
            "safesearch": "off",
            "spellcheck": "false",
            "text_decorations": "false",
        }
        return FetchRequest(
            url=f"{_ENDPOINT}?{urlencode(fields)}",
            purpose=CapturePurpose.SERVICE,
            service=_SERVICE,
            headers=(("Accept", "application/json"), ("X-Subscription-Token", self.token)),
            check_robots=False,
            follow=False,
        )


def _read(outcome: Outcome) -> list[Entry] | ResolverAnswer:
    """The results of one answer, or why there are none."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return _refused(outcome, read)
    body = json_value(read.body)
    if not isinstance(body, dict) or body.get("type") not in {"search", "news"}:
        detail = f"no results in the answer: {text_of(read.body)}"
        return ResolverAnswer(candidates=(), coverage=Coverage.DEGRADED, detail=detail)
    return list(_entries(body))


def _refused(outcome: Outcome, trouble: Trouble) -> ResolverAnswer:
    """What an error means: a bad token or a spent plan ends the way for this run, a bad question only this one."""
    coverage, detail = trouble.coverage, trouble.detail
    if isinstance(outcome, Capture):
        code = _code(outcome)
        detail = f"{detail}: {code}" if code else detail
        if outcome.status == _UNPROCESSABLE:
            coverage = Coverage.DEGRADED if code == _BAD_QUESTION else Coverage.AUTH
    closes = (_SERVICE,) if coverage is Coverage.AUTH or trouble.is_for_good else ()
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail, closes=closes)


def _code(capture: Capture) -> str:
    """The code that Brave gives its error, "" where it gives none."""
    body = json_value(capture.body)
    error: Any = body.get("error") if isinstance(body, dict) else None
    (code,) = strings_of(error, "code")
    return code[:60]


def _entries(body: dict[str, Any]) -> Iterator[Entry]:
    """The results of the web, and of the news where the answer has some."""
    for part in ("web", "news"):
        section = body.get(part)
        results = section.get("results") if isinstance(section, dict) else None
        for result in results[:RESULTS] if isinstance(results, list) else ():
            url, title, published = strings_of(result, "url", "title", "page_age")
            checked = checked_url(url)
            if isinstance(checked, str):
                plain = html.unescape(_TAG.sub("", title))
                yield Entry(url=checked, title=plain or None, published_on=stated_day(published))
