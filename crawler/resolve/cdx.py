"""The Wayback Machine's index as a list of what an outlet published around a day: no search engine needed.

All addresses under the outlet's host that the archive saw in the days after the cited one, one row an address, whose
slugs are compared with the headline. A list that is cut off or that the index cannot make (it gives up on huge hosts)
is asked for in parts: below the prefixes that the outlet's known addresses share, the cited day in them where they
spell days; then by the headline's words; then on from where it was cut. At most `REQUESTS` requests; without a date,
or with a window too wide to list, nothing is asked.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.headlines import bare_headline, distinctive_words
from crawler.outlet_names import bare_host, lives_at
from crawler.protocols import ResolverAnswer
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, strong, url_day
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.sections import prefixes
from crawler.resolve.stamps import archive_stamp
from crawler.resolve.wayback import ROWS, cdx_list, cdx_request
from crawler.slugs import page_shape, slug_words
from crawler.urls import host_of
from crawler.windows import shifted
from db.words import Coverage

if TYPE_CHECKING:
    from crawler.protocols import FetchRequest, Query, Resolving
    from crawler.resolve.wayback import CdxList
    from db.model import DateWindow, Outcome

__all__ = ["CdxResolver"]

#: Requests for one citation: the whole list, two parts of it, and what shares a word.
REQUESTS: Final = 4
#: Prefixes that are listed by themselves.
PREFIXES: Final = 2
#: Days before the cited ones, and after them: archives come by days after a page was published.
BEFORE_DAYS: Final = 2
AFTER_DAYS: Final = 14
#: Days of the widest window that is listed: a month as cited.
WIDEST_DAYS: Final = 31
#: Words of the headline of which an address must hold one, when the whole list is too long.
FILTER_WORDS: Final = 3
#: Articles seen around the days from which the archive follows an outlet closely enough for its silence to count.
FOLLOWED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of the list: below this prefix, with one of these words, on from this key."""

    prefix: str
    words: tuple[str, ...] = ()
    resume_key: str = ""


@dataclass(frozen=True, slots=True)
class CdxResolver:
    """Looks for the headline in the addresses that the archive saw at the outlet around the cited day."""

    name: str = "cdx"
    version: str = "2"
    covers: ClassVar[str] = "what the archive saw of the outlet within two weeks of the cited day"
    terms: ClassVar[str] = "free, without a key; 24 requests a minute, or the address is banned"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The addresses whose slug is like the cited headline."""
        refusal = _not_asked(query)
        if refusal or query.window is None:
            return _answer(Coverage.NOT_COVERED, refusal)
        seen = _Seen(query)
        plan = [_Part(prefix=f"{_host(query)}/")]
        for _ in range(REQUESTS):
            part = plan.pop(0)
            (outcome,) = yield (_request(query.window, part),)
            listed = _listed(outcome)
            if isinstance(listed, ResolverAnswer) and listed.coverage is not Coverage.DEGRADED:
                return listed
            seen.take(part, listed)
            if not plan:
                plan = seen.further(part, listed)
            if seen.is_there() or seen.is_whole or not plan:
                break
        return seen.answer(via=self.name)


class _Seen:
    """What the parts of the list have shown so far."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._entries: dict[str, Entry] = {}
        self._trouble = ""
        self.is_whole = False  #: nothing that could be the cited work was left out

    def take(self, part: _Part, listed: CdxList | ResolverAnswer) -> None:
        """Add one part."""
        if isinstance(listed, ResolverAnswer):
            self._trouble = listed.detail
            return
        for row in listed.rows:
            self._entries.setdefault(row.url, Entry(url=row.url, published_on=url_day(row.url)))
        of_host = part.prefix == f"{_host(self._query)}/"
        self.is_whole = self.is_whole or (of_host and not listed.is_cut)

    def further(self, part: _Part, listed: CdxList | ResolverAnswer) -> list[_Part]:
        """The parts that are worth asking for after this one, when none is planned."""
        query, key = self._query, "" if isinstance(listed, ResolverAnswer) else listed.resume_key
        if part.words:
            return [dataclasses.replace(part, resume_key=key)] if key else []
        if part.prefix != f"{_host(query)}/" or query.window is None:
            return []
        known = (*query.known, *self._entries)
        at_home = (url for url in known if query.outlet and lives_at(query.outlet, host_of(url)))
        below = prefixes(at_home, query.window, limit=PREFIXES)
        words = _filter_words(query)
        by_words = [dataclasses.replace(part, words=words)] if words else []
        return [*(_Part(prefix=prefix) for prefix in below), *by_words]

    def is_there(self) -> bool:
        """Whether an address spells the headline."""
        return strong(self._query, matches(self._query, self._entries.values(), via=""))

    def answer(self, *, via: str) -> ResolverAnswer:
        """The addresses that are like the headline, and what it means where none is."""
        candidates = matches(self._query, self._entries.values(), via=via)
        if strong(self._query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        coverage, detail = self._silence()
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)

    def _silence(self) -> tuple[Coverage, str]:
        if not self.is_whole:
            why = self._trouble or f"more than {ROWS} addresses, the rest was cut off"
            return Coverage.DEGRADED, why
        articles = sum(_is_article(url) for url in self._entries)
        if articles < FOLLOWED:
            return (
                Coverage.NOT_COVERED,
                f"the archive saw {articles} articles of the outlet around those days, which proves nothing",
            )
        return (
            Coverage.EMPTY,
            f"{articles} articles seen around those days, none spells this headline",
        )


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


def _host(query: Query) -> str:
    return bare_host(query.outlet.hosts[0]) if query.outlet else ""


def _is_article(url: str) -> bool:
    return page_shape(url) == "article" and bool(slug_words(url))


def _filter_words(query: Query) -> tuple[str, ...]:
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    words = distinctive_words(bare_headline(query.title, names), limit=12)
    plain = sorted(
        (word for word in words if word.isascii() and word.isalnum()), key=len, reverse=True
    )
    return tuple(plain[:FILTER_WORDS])


def _request(window: DateWindow, part: _Part) -> FetchRequest:
    fields = [
        ("url", f"{part.prefix}*"),
        ("from", archive_stamp(shifted(window.first_on, -BEFORE_DAYS))),
        ("to", archive_stamp(shifted(window.last_on, AFTER_DAYS))),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("showResumeKey", "true"),
    ]
    if part.words:
        fields.append(("filter", f"urlkey:.*({'|'.join(part.words)}).*"))
    if part.resume_key:
        fields.append(("resumeKey", part.resume_key))
    return cdx_request(fields)


def _listed(outcome: Outcome) -> CdxList | ResolverAnswer:
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return _answer(read.coverage, read.detail)
    listed = cdx_list(read.body)
    return listed or _answer(Coverage.DEGRADED, "no list of captures in the answer")


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
