"""Finds when a page says it was published and modified, and where it says so.

Rule: a `Head` and what is `Shown` in, stamps out. Fields are asked in the order in which they were right on
human-labelled pages; a date more than two days after the capture, or before 1990, is refused and the next source is
asked. Under the headline stands what readers were shown: it corrects a field whose day is another time zone's, or of
an earlier appearance, and dates pages without fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from crawler.extract.datelines import DateLines
from crawler.extract.dates import Stamp, day_in_url, stamp
from crawler.extract.jsonld import strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from crawler.extract.head import Head
    from crawler.extract.shown import Shown

__all__ = ["Dates", "dates_of"]

#: How far ahead of the capture a date may lie: time zones, and embargoed stamps.
MAX_AHEAD: Final = timedelta(days=2)
#: Statements of the last change that are read; a page of many parts has one for each.
MAX_CHANGES: Final = 4
#: Lines under the headline whose date goes before any element's; further down other things are dated too.
NEAR_LINES: Final = 6
#: The widest offsets from UTC in which many write, Hawaii's and New Zealand's. Source: IANA time zone database.
WESTMOST: Final = timedelta(hours=-10)
EASTMOST: Final = timedelta(hours=13)

_PUBLISHED_FIELDS: Final = ("datePublished", "uploadDate", "dateCreated")
_PUBLISHED_METAS: Final = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "article_date_original",
    "published",
    "published-date",
    "publish-date",
    "publish_date",
    "published_date",
    "pubdate",
    "publicationdate",
    "publication_date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.created",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "rnews:datepublished",
    "originalpublicationdate",
    "og:pubdate",
    "displaydate",
    "article:post_date",
    "releasedate",
    "article:created",
    "datecreated",
    "bt:pubdate",
)
#: Names under which some sites put the day of the last change, or of the answer.
_VAGUE_METAS: Final = ("dcterms.date", "dc.date", "date", "timestamp")
_FIELD_METAS: Final = (*_PUBLISHED_METAS, *_VAGUE_METAS)
_MODIFIED_METAS: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)
#: Sources that already are what is shown, or less than it.
_SHOWN_SOURCES: Final = frozenset({"text", "url", "script", "modified"})


@dataclass(frozen=True, slots=True)
class Dates:
    """When a page says it was published and modified; `source` names the field that told the first."""

    published: Stamp | None = None
    modified_at: datetime | None = None
    source: str | None = None


def dates_of(head: Head, shown: Shown, *, url: str, captured_at: datetime) -> Dates:
    """The dates of a page."""
    latest = captured_at + MAX_AHEAD
    changes = islice(filter(None, _modified(head)), MAX_CHANGES)
    modified = [each for text in changes if (each := stamp(text)) and _is_sane(each, latest)]
    lines = DateLines(head, shown)
    found = ((source, each) for source, each in _published(head, lines, url) if each)
    source, published = next((one for one in found if _is_sane(one[1], latest)), (None, None))
    if published and source not in _SHOWN_SOURCES:
        published = _as_shown(published, modified, head=head, lines=lines, source=source)
    return Dates(
        published=published,
        modified_at=next((each.instant for each in modified if each.instant), None),
        source=source,
    )


def _is_sane(each: Stamp, latest: datetime) -> bool:
    return each.day <= latest.date() and (each.instant is None or each.instant <= latest)


def _published(head: Head, lines: DateLines, url: str) -> Iterator[tuple[str, Stamp | None]]:
    yield from _fields(head)
    for days in lines.shown(limit=NEAR_LINES):
        times = (each for _, each in _times(head) if each)
        timed = next((each for each in times if each.day in days), None)
        yield ("time", timed) if timed else ("text", Stamp(days[0]))
    yield from _times(head, is_published=True)
    for address in (url, head.canonical, head.meta("og:url")):
        yield "url", _stamp(day_in_url(address))
    yield from _times(head, is_published=False)
    yield from (("text", Stamp(days[0])) for days in lines.shown())
    yield "script", lines.stated()
    yield from (("text", _stamp(day)) for day in lines.others())
    yield from (("modified", stamp(text)) for text in _modified(head))
    yield from (("modified", _stamp(day)) for day in lines.changed())
    yield "text", _stamp(lines.first())


def _fields(head: Head) -> Iterator[tuple[str, Stamp | None]]:
    for text in _linked(head, _PUBLISHED_FIELDS):
        yield "json-ld", stamp(text)
    for key in _FIELD_METAS:
        if text := head.meta(key):
            yield key, stamp(text)


def _stamp(day: date | None) -> Stamp | None:
    return Stamp(day) if day else None


def _linked(head: Head, fields: tuple[str, ...]) -> Iterator[str]:
    """The first value of each of these fields, the article's before those of other nodes."""
    for node in (head.article, *head.linked):
        for key in fields:
            yield from strings(node.get(key))[:1]


def _times(head: Head, *, is_published: bool | None = None) -> Iterator[tuple[str, Stamp | None]]:
    for each in head.times:
        if is_published in {None, each.is_published} and not each.is_modified:
            yield "time", stamp(each.value)


def _as_shown(
    published: Stamp,
    modified: Sequence[Stamp],
    *,
    head: Head,
    lines: DateLines,
    source: str | None,
) -> Stamp:
    """The stamp with the day that readers were shown, where something else states that day too."""
    is_vague = source in _VAGUE_METAS
    is_open = is_vague or published.is_utc or any(each.day != published.day for each in modified)
    days = next(lines.shown(limit=NEAR_LINES), ()) if is_open else ()
    if published.day in days:
        return published
    for day in days:
        if is_vague:
            return Stamp(day)
        fields = (each for _, each in _fields(head) if each)
        if any(_is_day_of(day, each) for each in chain((published,), modified, fields)):
            return replace(published, day=day)
    return published


def _is_day_of(day: date, stated: Stamp) -> bool:
    """Whether a stamp states this day, or in UTC an instant that falls on it somewhere."""
    if day == stated.day or not (stated.is_utc and stated.instant):
        return day == stated.day
    return day in {(stated.instant + WESTMOST).date(), (stated.instant + EASTMOST).date()}


def _modified(head: Head) -> Iterator[str]:
    yield from _linked(head, ("dateModified",))
    for key in _MODIFIED_METAS:
        yield head.meta(key)
    for each in head.times:
        if each.is_modified:
            yield each.value
