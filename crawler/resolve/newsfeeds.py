"""The news searches of Bing and Google, read as RSS. Off until set: nobody documents them. One request a citation each.

Source: independent clients of both. Bing wraps the publisher's URL in its own (`apiclick.aspx?…&url=`): it is unwrapped
without being asked for; its namespace holds the question, so that elements are matched by local name. Google's links
have been opaque since 2024 and are never asked for: it yields no candidate. What either shows of the headline at the
outlet without an address is attested: the headline exists, and on which day. Both know recent news only, and an
unknown part of it, so that their silence proves nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.headlines import SAME_AT, bare_headline, similarity
from crawler.outlet_names import lives_at, name_key
from crawler.protocols import Attestation, FetchRequest, ResolverAnswer
from crawler.resolve.engines import is_there, questions, site
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import text_of
from crawler.resolve.stamps import stated_day
from crawler.urls import checked_url, host_of
from db.model import Capture
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from crawler.protocols import Query, Resolving
    from db.model import Outcome

__all__ = ["BingNewsResolver", "GoogleNewsResolver"]

_BING: Final = "https://www.bing.com/news/search"
_GOOGLE: Final = "https://news.google.com/rss/search"
#: Google's three parameters of place; they must agree with each other.
_PLACE: Final = (("hl", "en-US"), ("gl", "US"), ("ceid", "US:en"))
#: Bytes and items read of one answer; Google gives 100 items.
FEED_BYTES: Final = 2 << 20
ITEMS: Final = 120
#: Characters read of one field, and kept of what is attested.
FIELD_CHARS: Final = 4_096
DETAIL_CHARS: Final = 200

_FIELDS: Final = frozenset({"title", "link", "pubdate", "source"})
_REDIRECTS: Final = frozenset({302, 303, 307})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One item of such a feed."""

    title: str
    link: str
    published_on: date | None
    source: str  #: the outlet's name as shown
    source_url: str  #: the outlet's address, where the feed tells it


@dataclass(frozen=True, slots=True)
class BingNewsResolver:
    """Looks for the headline in Bing's news."""

    name: str = "bingnews"
    version: str = "1"
    covers: ClassVar[str] = "recent news; silence counts for nothing"
    terms: ClassVar[str] = "undocumented and without a promise; one question in 5 seconds"
    default: ClassVar[str] = "off until newsfeeds.bing is yes"

    def resolve(self, query: Query) -> Resolving:
        """The items that are like the cited headline, at the publisher's own addresses."""
        question = _question(query)
        if not question:
            return _without(Coverage.NOT_COVERED, "no title is cited to search for")
        (outcome,) = yield (_request(self.name, _BING, (("q", question), ("format", "rss"))),)
        items = _read(outcome, self.name)
        if isinstance(items, ResolverAnswer):
            return items
        entries = [
            Entry(url=url, title=item.title or None, published_on=item.published_on)
            for item in items
            if (url := _unwrapped(item.link))
        ]
        candidates = matches(query, entries, via=self.name)
        if is_there(query, candidates) and site(query):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        return dataclasses.replace(_attested(query, items), candidates=candidates)


@dataclass(frozen=True, slots=True)
class GoogleNewsResolver:
    """Asks Google's news whether the headline exists at the outlet, and when."""

    name: str = "googlenews"
    version: str = "1"
    covers: ClassVar[str] = "that a headline exists, and its day; it gives no address"
    terms: ClassVar[str] = "undocumented and without a promise; one question in 5 seconds"
    default: ClassVar[str] = "off until newsfeeds.google is yes"

    def resolve(self, query: Query) -> Resolving:
        """No candidate, but what it attests."""
        question = _question(query)
        if not question:
            return _without(Coverage.NOT_COVERED, "no title is cited to search for")
        (outcome,) = yield (_request(self.name, _GOOGLE, (("q", question), *_PLACE)),)
        items = _read(outcome, self.name)
        return items if isinstance(items, ResolverAnswer) else _attested(query, items)


def _question(query: Query) -> str:
    return next(questions(query, everywhere=False), "")


def _request(service: str, endpoint: str, fields: Sequence[tuple[str, str]]) -> FetchRequest:
    return FetchRequest(
        url=f"{endpoint}?{urlencode(fields)}",
        purpose=CapturePurpose.SERVICE,
        service=service,
        check_robots=False,
        follow=False,
    )


def _read(outcome: Outcome, service: str) -> list[_Item] | ResolverAnswer:
    """The items of a feed, or why there is none."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        closes = (service,) if read.is_for_good else ()
        consent = isinstance(outcome, Capture) and outcome.status in _REDIRECTS
        detail = f"{read.detail}: it asks for consent first" if consent else read.detail
        return _without(read.coverage, detail, closes=closes)
    root = _root(read.body)
    if root is None:
        return _without(Coverage.DEGRADED, f"no feed in the answer: {text_of(read.body)}")
    return [_item(element) for element in islice(root.iter("{*}item"), ITEMS)]


def _root(body: bytes) -> Any:
    """The root of an RSS feed, None where the body is none."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body[:FEED_BYTES], parser)
    except (etree.LxmlError, ValueError):
        return None
    return root if root is not None and _local(root) == "rss" else None


def _item(element: Any) -> _Item:
    fields: dict[str, str] = {}
    source_url = ""
    for child in element:
        name = _local(child)
        if name in _FIELDS:
            fields.setdefault(name, (child.text or "").strip()[:FIELD_CHARS])
        if name == "source":
            source_url = (child.get("url") or "")[:FIELD_CHARS]
    return _Item(
        title=fields.get("title", ""),
        link=fields.get("link", ""),
        published_on=stated_day(fields.get("pubdate")),
        source=fields.get("source", ""),
        source_url=source_url,
    )


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _unwrapped(link: str) -> str:
    """The publisher's URL that a link of Bing's holds or is, "" where it holds none."""
    try:
        parts = urlsplit(link)
        wrapped = host_of(link).endswith("bing.com")
        url = parse_qs(parts.query).get("url", [""])[0] if wrapped else link
    except ValueError:
        return ""
    checked = checked_url(url)
    return checked if isinstance(checked, str) and not host_of(checked).endswith("bing.com") else ""


def _attested(query: Query, items: Sequence[_Item]) -> ResolverAnswer:
    """What the items say of the headline at the outlet beyond addresses; never that there is none."""
    seen = next((item for item in items if _is_cited(query, item)), None)
    if seen is None:
        return _without(Coverage.NOT_COVERED, f"{len(items)} items, which proves nothing")
    day = f", {seen.published_on}" if seen.published_on else ""
    detail = f"it lists this headline at {seen.source or host_of(seen.source_url)}{day}"
    attests = Attestation(detail=detail[:DETAIL_CHARS], published_on=seen.published_on)
    return dataclasses.replace(_without(Coverage.NOT_COVERED, attests.detail), attests=attests)


def _is_cited(query: Query, item: _Item) -> bool:
    """Whether an item is the cited headline at the cited outlet."""
    outlet = query.outlet
    if outlet is None:
        return False
    names = (outlet.name, *outlet.aliases)
    # The name behind the headline is the one in `source`, not what stands behind the last dash.
    found = bare_headline(item.title, (item.source, *names))
    at_outlet = lives_at(outlet, host_of(item.source_url)) or (
        name_key(item.source) in {name_key(name) for name in names}
    )
    return at_outlet and similarity(bare_headline(query.title, names), found) >= SAME_AT


def _without(coverage: Coverage, detail: str, *, closes: tuple[str, ...] = ()) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail, closes=closes)
