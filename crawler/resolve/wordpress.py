"""WordPress's REST API, where the outlet's home page names one: its posts by words, then all posts of the cited days.

Source: WordPress core, `WP_REST_Posts_Controller` (`/wp/v2/posts`: `search`, `orderby=relevance`, `after`, `before`,
`_fields`, `X-WP-Total`), stable since 4.7 and not verified live. Its search demands every word in title or text and
finds no curly quote, so that few and plain words are sent. Titles come escaped; `date` is the site's own day, which
is the one that people cite. At most three requests: the home
page, which other resolvers share, the words, the days.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlencode

from crawler.outlet_names import lives_at
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.homepage import asked_home, home_of
from crawler.resolve.markup import TITLE_CHARS, Entry
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.resolve.search_words import search_words
from crawler.resolve.stamps import stated_day
from crawler.urls import checked_url, host_of
from crawler.windows import shifted
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from crawler.protocols import Query, Resolving
    from db.model import Candidate, Capture, Outcome

__all__ = ["WordpressResolver", "posts_by_words", "posts_of"]

#: Posts asked for by words, and by days (the API gives at most 100).
FOUND: Final = 20
LISTED: Final = 100
#: Days around the cited ones, and the widest window whose posts are listed: more are seldom below `LISTED`.
MARGIN_DAYS: Final = 2
WIDEST_DAYS: Final = 7
#: Digits of a count that is believed.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Posts:
    """What one answer of the API lists."""

    entries: tuple[Entry, ...] = ()
    is_whole: bool = False  #: nothing that was asked for was left out


@dataclass(frozen=True, slots=True)
class WordpressResolver:
    """Looks for the headline among the outlet's posts."""

    name: str = "wordpress"
    version: str = "1"
    covers: ClassVar[str] = "the outlet's posts, where its WordPress answers"
    terms: ClassVar[str] = "the site's own robots.txt"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The posts that are like the cited headline."""
        if query.outlet is None or not query.outlet.hosts:
            return _answer(Coverage.NOT_COVERED, "the outlet's hosts are not known")
        if not search_words(query):
            return _answer(Coverage.NOT_COVERED, "no title is cited that it could search for")
        home = yield from asked_home(query.outlet)
        if isinstance(home, Trouble):
            return _answer(home.coverage, f"home page: {home.detail}")
        root = home_of(home).rest_root
        if not root:
            return _answer(Coverage.NOT_COVERED, "the home page names no WordPress API")
        met = Posts()
        for request in (posts_by_words(query, root), *_posts_by_days(query, root)):
            (outcome,) = yield (request,)
            posts = posts_of(outcome)
            if isinstance(posts, Trouble):
                return self._answered(query, met, trouble=posts)
            met = Posts((*met.entries, *posts.entries), met.is_whole or posts.is_whole)
            if strong(query, self._found(query, met)):
                break
        return self._answered(query, met)

    def _found(self, query: Query, posts: Posts) -> tuple[Candidate, ...]:
        outlet = query.outlet
        own = (post for post in posts.entries if outlet and lives_at(outlet, host_of(post.url)))
        return matches(query, own, via=self.name)

    def _answered(
        self, query: Query, posts: Posts, *, trouble: Trouble | None = None
    ) -> ResolverAnswer:
        candidates = self._found(query, posts)
        if strong(query, candidates):
            coverage, detail = Coverage.ANSWERED, ""
        elif trouble:
            coverage, detail = trouble.coverage, trouble.detail
        elif posts.is_whole:
            coverage = Coverage.EMPTY
            detail = f"{len(posts.entries)} posts, none with this headline"
        else:
            coverage, detail = Coverage.NOT_COVERED, "it has more such posts than it lists"
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def posts_by_words(query: Query, root: str) -> FetchRequest:
    """The question for the posts, of any day, that hold the headline's words."""
    words = " ".join(search_words(query, prefer_ascii=True))
    return _request(root, {"search": words, "orderby": "relevance", "per_page": str(FOUND)})


def posts_of(outcome: Outcome) -> Posts | Trouble:
    """What the API answered, or why that cannot be read."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return read
    rows = json_value(read.body)
    if not isinstance(rows, list):
        detail = f"no list of posts in the answer: {text_of(read.body)}"
        return Trouble(coverage=Coverage.DEGRADED, detail=detail)
    entries = (_entry(row) for row in rows[:LISTED])
    return Posts(tuple(entry for entry in entries if entry), _is_whole(read, len(rows)))


def _posts_by_days(query: Query, root: str) -> tuple[FetchRequest, ...]:
    """The question for all posts of the cited days, which citations of one day share; none for a wide window."""
    window = query.window
    if window is None or (window.last_on - window.first_on).days >= WIDEST_DAYS:
        return ()
    fields = {
        "after": f"{shifted(window.first_on, -MARGIN_DAYS).isoformat()}T00:00:00",
        "before": f"{shifted(window.last_on, MARGIN_DAYS).isoformat()}T23:59:59",
        "per_page": str(LISTED),
    }
    return (_request(root, fields),)


def _request(root: str, fields: dict[str, str]) -> FetchRequest:
    """Below the API's root, which is a path or, on sites without such paths, the parameter `rest_route`."""
    base = f"{root.rstrip('/')}/wp/v2/posts"
    query = urlencode({**fields, "_fields": "date,link,title"})
    url = f"{base}{'&' if '?' in base else '?'}{query}"
    return FetchRequest(url=url, purpose=CapturePurpose.INDEX)


def _is_whole(capture: Capture, count: int) -> bool:
    """Whether the answer holds all there is: by its count of all posts, else by not being full."""
    totals = (value for name, value in capture.headers if name.lower() == "x-wp-total")
    total = next(totals, "").strip()
    return int(total) <= count if total.isdecimal() and len(total) <= _DIGITS else count < FOUND


def _entry(row: object) -> Entry | None:
    link, day = strings_of(row, "link", "date")
    (title,) = strings_of(row.get("title") if isinstance(row, dict) else None, "rendered")
    checked = checked_url(link)
    if not isinstance(checked, str):
        return None
    shown = html.unescape(title[:TITLE_CHARS]) or None
    return Entry(url=checked, title=shown, published_on=stated_day(day))


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
