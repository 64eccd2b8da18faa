"""The Wayback Machine's index as a list of what an outlet published around a day: no search engine needed.

All addresses under the outlet's host that were first seen in the date window, one row an address, whose slugs
are compared with the headline. At most `REQUESTS` requests; without a date, or with a window too wide to list,
nothing is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.headlines import bare_headline, distinctive_words
from crawler.outlet_names import bare_host
from crawler.protocols import ResolverAnswer
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, strong, url_day
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.stamps import archive_stamp
from crawler.resolve.wayback import ROWS, CdxRow, cdx_request, cdx_rows
from crawler.windows import shifted
from db.words import Coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.protocols import FetchRequest, Query, Resolving
    from db.model import DateWindow

__all__ = ["CdxResolver"]

#: Requests for one citation: the list, and where it was cut off the part of it that shares a word.
REQUESTS: Final = 2
#: Days before and after the cited ones.
MARGIN_DAYS: Final = 3
#: Days of the widest window that is listed: a month as cited.
WIDEST_DAYS: Final = 31
#: Words of the headline of which an address must hold one, when the whole list is too long.
FILTER_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class CdxResolver:
    """Looks for the headline in the addresses that the archive saw at the outlet around the cited day."""

    name: str = "cdx"
    version: str = "1"

    def resolve(self, query: Query) -> Resolving:
        """The addresses whose slug is like the cited headline."""
        refusal = _not_asked(query)
        if refusal or query.window is None or query.outlet is None:
            return _answer(Coverage.NOT_COVERED, refusal)
        host = bare_host(query.outlet.hosts[0])
        rows: Sequence[CdxRow] = ()
        for words in ((), _filter_words(query))[:REQUESTS]:
            (outcome,) = yield (_request(host, query.window, words),)
            read = read_or_trouble(outcome)
            if isinstance(read, Trouble):
                return _answer(read.coverage, read.detail)
            listed = cdx_rows(read.body)
            if listed is None:
                return _answer(Coverage.DEGRADED, "no list of captures in the answer")
            rows = listed
            answer = self._answered(query, rows)
            if answer.coverage is Coverage.ANSWERED or len(rows) < ROWS or not _filter_words(query):
                return answer
        return self._answered(query, rows)

    def _answered(self, query: Query, rows: Sequence[CdxRow]) -> ResolverAnswer:
        entries = (Entry(url=row.url, published_on=url_day(row.url)) for row in rows)
        candidates = matches(query, entries, via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        coverage, detail = _silence(rows)
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _not_asked(query: Query) -> str:
    """Why it is not asked, "" where it is."""
    if query.outlet is None or not query.outlet.hosts:
        return "the outlet's hosts are not known"
    if not query.title:
        return "no title is cited"
    if query.window is None:
        return "no date is cited, and an outlet's whole past is too long to list"
    if (query.window.last_on - query.window.first_on).days >= WIDEST_DAYS:
        return f"the cited date spans more than {WIDEST_DAYS} days"
    return ""


def _filter_words(query: Query) -> tuple[str, ...]:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    words = distinctive_words(bare_headline(query.title, names), limit=12)
    plain = sorted(
        (word for word in words if word.isascii() and word.isalnum()), key=len, reverse=True
    )
    return tuple(plain[:FILTER_WORDS])


def _request(host: str, window: DateWindow, words: Sequence[str]) -> FetchRequest:
    fields = [
        ("url", f"{host}/*"),
        ("from", archive_stamp(shifted(window.first_on, -MARGIN_DAYS))),
        ("to", archive_stamp(shifted(window.last_on, MARGIN_DAYS))),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
    ]
    if words:
        fields.append(("filter", f"urlkey:.*({'|'.join(words)}).*"))
    return cdx_request(fields)


def _silence(rows: Sequence[CdxRow]) -> tuple[Coverage, str]:
    """What it means that no address spells the headline."""
    if not rows:
        return Coverage.NOT_COVERED, "the archive saw nothing of this host on those days"
    if len(rows) >= ROWS:
        return Coverage.DEGRADED, f"more than {ROWS} addresses, the rest was cut off"
    return Coverage.EMPTY, f"{len(rows)} addresses seen on those days, none spells this headline"


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
