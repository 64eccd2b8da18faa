"""Finds when a page says it was published and modified, and where it says so.

Rule: a `Head` in, stamps out. Sources are asked in the order in which they were right on human-labelled pages;
a date more than two days after the capture, or before 1990, is refused and the next source is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from crawler.extract.dates import Stamp, day_in_text, day_in_url, stamp
from crawler.extract.jsonld import strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.extract.head import Head

__all__ = ["Dates", "dates_of"]

#: How far ahead of the capture a date may lie: time zones, and embargoed stamps.
MAX_AHEAD: Final = timedelta(days=2)

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
    "dcterms.date",
    "dc.date.created",
    "dc.date",
    "dc.created",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "rnews:datepublished",
    "originalpublicationdate",
    "og:pubdate",
    "displaydate",
    "timestamp",
    "article:post_date",
    "releasedate",
    "date",
    "article:created",
    "datecreated",
    "bt:pubdate",
)
_MODIFIED_METAS: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)


@dataclass(frozen=True, slots=True)
class Dates:
    """When a page says it was published and modified; `source` names the field that told the first."""

    published: Stamp | None = None
    modified_at: datetime | None = None
    source: str | None = None


def dates_of(head: Head, *, url: str, captured_at: datetime, lines: Iterable[str] = ()) -> Dates:
    """The dates of a page; `lines` are texts that may hold one, consumed only when no field has a date."""
    latest = captured_at + MAX_AHEAD
    source, published = next(_sane(_published(head, url, lines), latest), (None, None))
    modified = (stamp(text) for text in _modified(head))
    return Dates(
        published=published,
        modified_at=next(
            (each.instant for each in modified if each and each.instant and each.instant <= latest),
            None,
        ),
        source=source,
    )


def _sane(
    found: Iterable[tuple[str, Stamp | None]], latest: datetime
) -> Iterator[tuple[str, Stamp]]:
    for source, each in found:
        if each and each.day <= latest.date() and (each.instant is None or each.instant <= latest):
            yield source, each


def _published(head: Head, url: str, lines: Iterable[str]) -> Iterator[tuple[str, Stamp | None]]:
    for text in _linked(head, _PUBLISHED_FIELDS):
        yield "json-ld", stamp(text)
    for key in _PUBLISHED_METAS:
        yield key, stamp(head.meta(key))
    for value in _times(head, is_published=True):
        yield "time", stamp(value)
    in_url = day_in_url(url)
    yield "url", Stamp(in_url) if in_url else None
    for value in _times(head, is_published=False):
        yield "time", stamp(value)
    for line in lines:
        day = day_in_text(line, month_first=_is_american(head))
        yield "text", Stamp(day) if day else None
    for text in _modified(head):
        yield "modified", stamp(text)


def _linked(head: Head, fields: tuple[str, ...]) -> Iterator[str]:
    """The first value of each of these fields, the article's before those of other nodes."""
    for node in (head.article, *head.linked):
        for key in fields:
            yield from strings(node.get(key))[:1]


def _times(head: Head, *, is_published: bool) -> Iterator[str]:
    for each in head.times:
        if each.is_published == is_published and not each.is_modified:
            yield each.value


def _is_american(head: Head) -> bool:
    """Whether 3/4/2020 is the fourth of March here: only the United States write it so."""
    language = (head.language or head.meta("og:locale")).lower().replace("_", "-")
    return language in {"en-us", "en", ""}


def _modified(head: Head) -> Iterator[str]:
    yield from _linked(head, ("dateModified",))
    for key in _MODIFIED_METAS:
        yield head.meta(key)
    for each in head.times:
        if each.is_modified:
            yield each.value
