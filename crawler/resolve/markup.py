"""Sitemaps, feeds and the text of pages that list others, read from hostile bytes.

Rule: no IO, no DTD, no entities, no network; bounded in bytes, entries and depth; never raises on what a
server sent. Sources: sitemaps.org protocol (limits of 50,000 URLs and 52,428,800 bytes uncompressed), Google's
news extension, RSS 2.0, RFC 4287 (Atom). Elements are matched by local name: namespaces are written in many
ways. `.gz` sitemaps come as files, without Content-Encoding, so that gzip is told by its magic bytes.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from crawler.resolve.stamps import stated_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from db.model import Capture

__all__ = [
    "Entry",
    "Index",
    "html_of",
    "http_url",
    "read_feed",
    "read_sitemap",
    "robots_sitemaps",
]

#: Bytes read of one uncompressed sitemap (sitemaps.org) and of one feed.
SITEMAP_BYTES: Final = 52_428_800
FEED_BYTES: Final = 8 << 20
#: Bytes read of a home page for its links, and of robots.txt (RFC 9309 section 2.5 asks for 500 KiB at least).
HOME_BYTES: Final = 1 << 20
ROBOTS_BYTES: Final = 512 << 10
#: Entries read of one file (sitemaps.org).
ENTRIES: Final = 50_000
#: Characters of a `loc` (sitemaps.org) and of a title that are kept.
URL_CHARS: Final = 2_048
TITLE_CHARS: Final = 600
#: Feeds and sitemaps taken from one page.
LISTED: Final = 40

_GZIP: Final = b"\x1f\x8b"
_ROBOTS_LINE: Final = re.compile(
    rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2048})", re.IGNORECASE | re.MULTILINE
)
_TEXT_URL: Final = re.compile(r"^https?://\S{1,2040}$")
#: Charsets that pages of outlets are written in; browsers read a few as their wider kin (WHATWG Encoding).
_CHARSETS: Final = re.compile(
    r"^(?:utf-8|windows-125[0-8]|iso-8859-(?:[2-9]|1[0-6])|koi8-[ru]|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5)$"
)
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{1,200}charset=[\"' ]?([a-z0-9_-]{3,20})", re.IGNORECASE
)
_META_BYTES: Final = 4_096
_XML_START: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page that an index lists."""

    url: str
    title: str | None = None
    published_on: date | None = None  #: as the index states it
    changed_on: date | None = None  #: `lastmod`: no earlier than publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What one sitemap or feed lists: pages, further sitemaps (with `changed_on`), or nothing that could be read."""

    pages: tuple[Entry, ...] = ()
    children: tuple[Entry, ...] = ()
    is_readable: bool = False  #: False where the body was no sitemap or feed at all
    is_news: bool = False  #: a Google news sitemap: it holds the last two days only


def read_sitemap(body: bytes) -> Index:
    """What a sitemap, a sitemap index, a text sitemap or a feed used as one lists."""
    plain = _ungzipped(body, SITEMAP_BYTES)
    if not _XML_START.match(plain[:64]):
        return _text_sitemap(plain)
    pages: list[Entry] = []
    children: list[Entry] = []
    is_news = False
    root = ""
    for depth_tag, fields in _records(plain, frozenset({"url", "sitemap", "item", "entry"})):
        root = root or depth_tag
        entry = _entry(fields)
        is_news = is_news or "publication_date" in fields
        if entry is not None:
            (children if depth_tag == "sitemap" else pages).append(entry)
    readable = bool(pages or children) or _root_is(plain, {"urlset", "sitemapindex", "rss", "feed"})
    return Index(
        pages=tuple(pages), children=tuple(children), is_readable=readable, is_news=is_news
    )


def read_feed(body: bytes, *, base_url: str) -> Index:
    """The entries of an RSS or Atom feed, their URLs made absolute."""
    plain = _ungzipped(body, FEED_BYTES)
    entries = (
        _entry(fields, base_url=base_url)
        for _tag, fields in _records(plain, frozenset({"item", "entry"}))
    )
    pages = tuple(entry for entry in entries if entry is not None)
    readable = bool(pages) or _root_is(plain, {"rss", "feed", "rdf"})
    return Index(pages=pages, is_readable=readable)


def robots_sitemaps(body: bytes) -> tuple[str, ...]:
    """The URLs of robots.txt's `Sitemap:` lines, in order, each once."""
    found = (match[1] for match in _ROBOTS_LINE.finditer(body[:ROBOTS_BYTES]))
    urls = (http_url(raw.decode("utf-8", "replace")) for raw in found)
    return tuple(dict.fromkeys(url for url in urls if url))[:LISTED]


def http_url(url: str) -> str:
    """The URL where it is http(s) with a host and no longer than a `loc` may be, else ""."""
    text = url.strip()
    if len(text) > URL_CHARS or any(char.isspace() or ord(char) < 0x20 for char in text):  # noqa: PLR2004 - controls
        return ""
    try:
        parts = urlsplit(text)
        return text if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""
    except ValueError:
        return ""


def html_of(capture: Capture) -> str:
    """The beginning of an HTML page as text, by the charset that its header or itself names, else UTF-8."""
    body = capture.body[:HOME_BYTES]
    told = _META_CHARSET.search(body[:_META_BYTES])
    name = (capture.charset or (told[1].decode("ascii") if told else "")).lower()
    name = "windows-1252" if name in {"iso-8859-1", "us-ascii"} else name
    return body.decode(name if _CHARSETS.match(name) else "utf-8", "replace")


def _ungzipped(body: bytes, limit_bytes: int) -> bytes:
    """The body, unpacked where it begins as gzip does; at most `limit_bytes`, what was readable of broken data."""
    if not body.startswith(_GZIP):
        return body[:limit_bytes]
    unpacker = zlib.decompressobj(wbits=31)
    try:
        return unpacker.decompress(body, limit_bytes)
    except zlib.error:
        return b""


def _text_sitemap(plain: bytes) -> Index:
    lines = plain[:SITEMAP_BYTES].decode("utf-8", "replace").splitlines()[:ENTRIES]
    urls = (line.strip() for line in lines)
    pages = tuple(Entry(url=url) for url in urls if _TEXT_URL.match(url))
    return Index(pages=pages, is_readable=bool(pages))


def _records(plain: bytes, tags: frozenset[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """(local name, its fields) for each element of these names; fields are local name to first text."""
    from lxml import etree

    events = etree.iterparse(
        BytesIO(plain),
        events=("end",),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = 0
    try:
        for _event, element in events:
            tag = _local(element)
            if tag not in tags:
                continue
            yield tag, _fields(element)
            count += 1
            _forget(element)
            if count == ENTRIES:
                return
    except (etree.LxmlError, ValueError, AssertionError):
        return


def _fields(element: Any) -> dict[str, str]:
    """Local name → text of what an element holds, the first of each; Atom's link by its `href`."""
    fields: dict[str, str] = {}
    for child in element:
        name = _local(child)
        if name == "news":
            fields = {**_fields(child), **fields}
        elif name in _WANTED and not _is_media(child):
            text = _link(child) if name in {"link", "guid"} else (child.text or "").strip()
            if text:
                fields.setdefault(name, text[:URL_CHARS])
    return fields


def _link(element: Any) -> str:
    """What a `link` or `guid` points to; "" where it points elsewhere than to the page."""
    if element.get("href"):
        return element.get("href") if (element.get("rel") or "alternate") == "alternate" else ""
    is_page = (element.get("isPermaLink") or "true").lower() == "true"
    return (element.text or "").strip() if is_page else ""


def _is_media(element: Any) -> bool:
    """Whether an element speaks of a picture or a sound: their titles are no headlines."""
    return any(word in element.tag.lower() for word in ("mrss", "image", "video", "itunes"))


_URL_FIELDS: Final = ("loc", "link", "guid", "id")
_DATE_FIELDS: Final = ("publication_date", "pubdate", "published", "date", "issued")
_CHANGE_FIELDS: Final = ("lastmod", "updated", "modified")
_WANTED: Final = frozenset({"title", *_URL_FIELDS, *_DATE_FIELDS, *_CHANGE_FIELDS})


def _entry(fields: dict[str, str], *, base_url: str = "") -> Entry | None:
    raw = _first(fields, _URL_FIELDS)
    url = http_url(_joined(base_url, raw) if base_url and raw else raw)
    if not url:
        return None
    return Entry(
        url=url,
        title=fields.get("title", "")[:TITLE_CHARS] or None,
        published_on=stated_day(_first(fields, _DATE_FIELDS)),
        changed_on=stated_day(_first(fields, _CHANGE_FIELDS)),
    )


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if name in fields), "")


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def _forget(element: Any) -> None:
    """Let go of what was read, so that a long sitemap is never held as a tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _root_is(plain: bytes, names: set[str]) -> bool:
    found = re.search(rb"<(?:[A-Za-z][\w.-]{0,20}:)?([A-Za-z]{3,14})[\s>/]", plain[:4096])
    return bool(found) and found[1].decode("ascii").lower() in names  # type: ignore[index]


def _joined(base_url: str, url: str) -> str:
    try:
        return urljoin(base_url, url.strip())
    except ValueError:
        return ""
