"""Finds when a page says it was published and modified, and where it says so.

Rule: a `Head` and what is `Shown` in, stamps out. Fields are asked in the order in which they were right on
human-labelled pages; a date more than two days after the capture, or before 1990, is refused and the next source is
asked. Under the headline stands what readers were shown: it corrects a field whose day is another time zone's, or of
an earlier appearance, and dates pages without fields.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from crawler.extract.dates import Stamp, day_in_text, day_in_url, days_in_text, stamp
from crawler.extract.jsonld import strings
from crawler.extract.shown import CUT

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
#: Letters beside the date in a line that only dates the page: a name, a weekday, the minutes it takes to read.
MAX_BESIDE: Final = 40
#: The same for a line that may be about anything: a weekday, a month and little else.
MAX_BESIDE_ALONE: Final = 20
#: The widest offsets from UTC, west and east, in hours. Source: IANA time zone database.
WESTMOST: Final = timedelta(hours=-12)
EASTMOST: Final = timedelta(hours=14)

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
_SHOWN_SOURCES: Final = frozenset({"text", "url", "script"})
_UPDATED: Final = re.compile(
    r"updat|modifi|edited|revis|review|aktuali[sz]|geändert|überarbeitet|actuali[sz]|atualiz|mis à jour|maj\b|"
    r"aggiornat|bijgewerkt|güncel|обновл|оновл|zmieni|更新|수정|oppdater|uppdater|opdater|päivitetty|\bstand\b",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(
    r"publi|posted|veröffentlich|erschienen|datum|fecha|paru le|pubblicat|geplaatst|опублик|dodano|yayın|发布|公開",
    re.IGNORECASE,
)
#: Words that introduce a date under the headline and anything else elsewhere.
_OF: Final = re.compile(r"\b(?:vom|on|le|am|den|del)\s", re.IGNORECASE)
_TITLE_END: Final = re.compile(r"\||,\s")
_COPYRIGHT: Final = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dates:
    """When a page says it was published and modified; `source` names the field that told the first."""

    published: Stamp | None = None
    modified_at: datetime | None = None
    source: str | None = None


def dates_of(head: Head, shown: Shown, *, url: str, captured_at: datetime) -> Dates:
    """The dates of a page."""
    latest = captured_at + MAX_AHEAD
    modified = [
        each
        for text in islice(filter(None, _modified(head)), MAX_CHANGES)
        if (each := stamp(text)) and _is_sane(each, latest)
    ]
    found = ((source, each) for source, each in _published(head, shown, url) if each)
    source, published = next(
        ((source, each) for source, each in found if _is_sane(each, latest)), (None, None)
    )
    if published and _may_be_shown_otherwise(published, source, modified):
        published = _as_shown(
            published,
            next(_shown_days(head, shown), ()),
            modified=modified,
            is_vague=source in _VAGUE_METAS,
        )
    if not published and modified:
        source, published = "modified", modified[0]
    return Dates(
        published=published,
        modified_at=next((each.instant for each in modified if each.instant), None),
        source=source,
    )


def _is_sane(each: Stamp, latest: datetime) -> bool:
    return each.day <= latest.date() and (each.instant is None or each.instant <= latest)


def _may_be_shown_otherwise(
    published: Stamp, source: str | None, modified: Sequence[Stamp]
) -> bool:
    """Whether readers may have been shown another day; what is under the headline is read only then."""
    if source in _VAGUE_METAS or published.is_utc:
        return True
    return source not in _SHOWN_SOURCES and any(each.day != published.day for each in modified)


def _published(head: Head, shown: Shown, url: str) -> Iterator[tuple[str, Stamp | None]]:
    for text in _linked(head, _PUBLISHED_FIELDS):
        yield "json-ld", stamp(text)
    for key in (*_PUBLISHED_METAS, *_VAGUE_METAS):
        yield key, stamp(head.meta(key))
    yield from _times(head, is_published=True)
    for address in (url, head.canonical, head.meta("og:url")):
        yield "url", _stamp(day_in_url(address))
    yield from _times(head, is_published=False)
    for days in _shown_days(head, shown):
        yield "text", Stamp(days[0])
    yield from (("script", stamp(text)) for text in shown.stated())
    yield from (("text", day) for day in _read_days(head, shown))


def _read_days(head: Head, shown: Shown) -> Iterator[Stamp | None]:
    """The days of lines that are less sure to date the page, the surest first."""
    month_first = _is_american(head)
    titles = (head.document_title, head.meta("og:title"))
    alone = (shown.line_before, *(_TITLE_END.split(title)[-1] for title in titles))
    for line in alone:
        if sum(map(str.isalpha, line)) <= MAX_BESIDE_ALONE:
            yield _stamp(day_in_text(line, month_first=month_first))
    for line in shown.named():
        if not _is_other(line, ""):
            yield _stamp(day_in_text(line, month_first=month_first))
    for label in (_PUBLISHED, _UPDATED):
        for line in shown.labelled(label):
            if not _COPYRIGHT.search(line):
                yield _stamp(day_in_text(line, month_first=month_first))


def _stamp(day: date | None) -> Stamp | None:
    return Stamp(day) if day else None


def _linked(head: Head, fields: tuple[str, ...]) -> Iterator[str]:
    """The first value of each of these fields, the article's before those of other nodes."""
    for node in (head.article, *head.linked):
        for key in fields:
            yield from strings(node.get(key))[:1]


def _times(head: Head, *, is_published: bool) -> Iterator[tuple[str, Stamp | None]]:
    for each in head.times:
        if each.is_published == is_published and not each.is_modified:
            yield "time", stamp(each.value)


def _shown_days(head: Head, shown: Shown) -> Iterator[tuple[date, ...]]:
    """What each line under the headline that dates the page may mean, updates left out."""
    before = ""
    for line in shown.lines():
        days = days_in_text(line, month_first=_is_american(head))
        if days and not _is_other(line, before):
            yield days
        before = line


def _is_other(line: str, before: str) -> bool:
    """Whether the date in a line is not the page's: of an update, a copyright, or in a sentence."""
    if line.endswith(CUT):
        is_told = line[:1].isdigit() or _PUBLISHED.search(line) or _OF.search(line)
    else:
        is_told = sum(map(str.isalpha, line)) <= MAX_BESIDE or _PUBLISHED.search(line)
    if not is_told:
        return True
    label = before if len(before) <= MAX_BESIDE and not any(map(str.isdigit, before)) else ""
    return bool(_COPYRIGHT.search(line) or _UPDATED.search(f"{label} {line}"))


def _as_shown(
    published: Stamp, shown: tuple[date, ...], *, modified: Sequence[Stamp], is_vague: bool
) -> Stamp:
    """The stamp with the day that readers were shown, where it is the same instant's or that of the last change."""
    if published.day in shown:
        return published
    for day in shown:
        if is_vague:
            return Stamp(day)
        if _is_local(day, published) or any(_is_day_of(day, each) for each in modified):
            return replace(published, day=day)
    return published


def _is_local(day: date, stated: Stamp) -> bool:
    """Whether a stamp in UTC falls on this day somewhere."""
    instant = stated.instant if stated.is_utc else None
    return instant is not None and day in {
        (instant + WESTMOST).date(),
        (instant + EASTMOST).date(),
    }


def _is_day_of(day: date, change: Stamp) -> bool:
    return day == change.day or _is_local(day, change)


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
