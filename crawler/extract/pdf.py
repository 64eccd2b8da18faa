"""Reads a PDF as a page: the built-in extractor for cited reports, papers and press releases.

Rule: bytes in, `Page` out, whatever the bytes are. A file of which only a part was read (many pages, pages that
are pictures) is shown as a teaser is: what it says counts, what it does not say means nothing.
`VERSION` changes whenever text or metadata of some file may change, because evidence offsets depend on it.

Source: ISO 32000-1 7.9.4 (dates), 14.3.3 (Info dictionary), 14.9.2 (Lang).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.extract.address import page_url
from crawler.extract.authors import authors_of
from crawler.extract.bare import bare_page
from crawler.extract.byline import credits_of
from crawler.extract.dates import Stamp, stamp
from crawler.extract.head import Head
from crawler.extract.language import language_of
from crawler.extract.page_state import judged
from crawler.extract.pdf_reading import HEADER, read_pdf
from crawler.extract.pdf_text import blocks_of, largest_line, without_running
from crawler.extract.published import MAX_AHEAD
from crawler.extract.robots import directives_of
from crawler.extract.rules import rules
from crawler.extract.signs import Seen
from crawler.extract.titles import titles_of
from db.ids import folded
from db.words import Access, PageState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.extract.pdf_reading import PdfReading
    from crawler.extract.pdf_text import Lines
    from crawler.protocols import ExtractionTask
    from db.model import Capture, Page

__all__ = ["PdfExtractor"]

VERSION: Final = "1"
MEDIA_TYPE: Final = "application/pdf"
_MEDIA_TYPES: Final = frozenset({MEDIA_TYPE, "application/x-pdf"})

#: Share of pages that are nothing but pictures above which some of the text is taken to be in them; a printed
#: report has a cover and a few plates.
MAX_PICTURES_SHARE: Final = 0.2
#: A file made so shortly before it was captured was made for us, and says nothing of when it was published.
MADE_FOR_US: Final = timedelta(hours=1)
MAX_TITLE_CHARACTERS: Final = 500
#: No file of this format is older (its first version is of 1993).
EARLIEST_YEAR: Final = 1993

_JUNK: Final = {
    kind: frozenset(part.strip() for part in row["whole"].replace("\n", "|").split("|"))
    for kind, row in rules("pdf.toml").items()
}
_JUNK_TITLES: Final = re.compile("|".join(rules("pdf.toml")["titles"]["patterns"]))
#: D:YYYYMMDDHHmmSSOHH'mm'; what stands behind the day may be missing.
_DATE: Final = re.compile(
    r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?)?"
)


class PdfExtractor:
    """Bodies of application/pdf, and those that begin like one under another name."""

    name = "pdf"
    version = VERSION

    def reads(self, capture: Capture) -> bool:
        """Whether the capture is a PDF, or is said to be one."""
        return capture.media_type in _MEDIA_TYPES or capture.body.startswith(HEADER)

    def extract(self, task: ExtractionTask) -> Page:
        """The page: live with text, else its state says why there is none."""
        capture = replace(task.capture, media_type=MEDIA_TYPE)
        reading = read_pdf(capture.body)
        pages = without_running(reading.pages)
        blocks = blocks_of(pages)
        head = _head(reading)
        titles = _titles(head, _host(page_url(capture)))
        text = "\n\n".join(blocks)
        page = bare_page(
            capture,
            extractor=self,
            judgement=judged(Seen(capture=capture, head=head, text=text)),
            text=text,
            robots=directives_of(head, capture.headers),
        )
        return replace(
            _dated(_explained(page, reading, pages), reading, capture),
            title=titles[0] if titles else None,
            titles=titles,
            authors=(authors := authors_of(head)),
            language=language_of(head),
            credits=credits_of(head, blocks, authors=authors, outlet=None),
        )


def _titles(head: Head, host: str) -> tuple[str, ...]:
    """The stated title before the largest lines, which are only taken for a heading."""
    if not head.document_title:
        return titles_of(head, outlet="", host=host)
    stated = titles_of(replace(head, headings=()), outlet="", host=host)
    known = {folded(title) for title in stated}
    return (*stated, *(each for each in head.headings if folded(each) not in known))


def _head(reading: PdfReading) -> Head:
    """What the file says of itself, in the words of a web page."""
    authors = tuple(name for name in reading.authors if folded(name) not in _JUNK["authors"])
    heading = largest_line(reading.pages[0]) if reading.pages else ""
    return Head(
        metas={"author": authors} if authors else {},
        language=reading.language,
        document_title=next((title for title in reading.titles if not _is_junk(title)), ""),
        headings=(heading,) if heading else (),
    )


def _is_junk(title: str) -> bool:
    name = folded(title[:MAX_TITLE_CHARACTERS])
    return name in _JUNK["titles"] or _JUNK_TITLES.fullmatch(name) is not None


def _explained(page: Page, reading: PdfReading, pages: Sequence[Lines]) -> Page:
    """The page, its state explained where only a PDF can be in it."""
    if page.state is PageState.UNREADABLE:
        why = reading.trouble or _why_empty(reading)
        return replace(page, state_why=f"pdf: {why}", text="")
    part = _part(reading, pages)
    if page.state is PageState.LIVE and part:
        return replace(page, state_why=f"live: {part}", access=Access.TEASER)
    return page


def _why_empty(reading: PdfReading) -> str:
    if reading.failed_pages:
        return f"it is broken: {reading.failed_pages} of its pages cannot be decoded, those read have no text"
    return "it has no usable text: its pages are scans, pictures or blank"


def _part(reading: PdfReading, pages: Sequence[Lines]) -> str:
    """Why not all of the document was read, "" where it was."""
    read, total = len(pages), reading.page_count
    pictures = sum(1 for n in reading.pictured if not pages[n])
    if read < total:
        return f"only the first {read} of {total} pages were read"
    if reading.failed_pages:
        return f"{reading.failed_pages} of {total} pages cannot be decoded"
    if pictures > MAX_PICTURES_SHARE * read:
        return f"{pictures} of {total} pages are scans or pictures"
    return ""


def _dated(page: Page, reading: PdfReading, capture: Capture) -> Page:
    """The page with its dates: the earlier of those that the file states, where they can be believed."""
    modified = _stamp(reading.modified, capture)
    stated = [each for each in (_stamp(reading.created, capture), modified) if each]
    if not stated:
        return page
    published = min(stated, key=lambda each: each.day)
    return replace(
        page,
        published_at=published.instant,
        published_on=published.day,
        modified_at=modified.instant if modified else None,
        date_source="pdf",
    )


def _stamp(text: str, capture: Capture) -> Stamp | None:
    """The stamp of a date of the Info dictionary; None where it is absurd."""
    found = _DATE.match(text.strip())
    if not found:
        return None
    year, month, day, hours, minutes, seconds, zone, offset, offset_minutes = found.groups()
    time = f"T{hours}:{minutes}:{seconds or '00'}" if hours else ""
    place = zone or (f"{offset}:{offset_minutes or '00'}" if offset else "")
    read = stamp(f"{year}-{month}-{day}{time}{place}")
    if read is None or read.day.year < EARLIEST_YEAR:
        return None
    latest = capture.captured_at + MAX_AHEAD
    if read.instant is None:
        return read if read.day <= latest.date() else None
    # A saved file has no headers, and its time may be the one at which its author made it.
    if capture.headers:
        latest = capture.captured_at - MADE_FOR_US
    return read if read.instant <= latest else None


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
