"""Names what can be seen of a capture: the signs that the rules of `page_state.toml` speak of.

Rule: values in, a set of names out. Looking for a vendor's words is left for pages with little text, because a
healthy page lists the same vendors in its policy headers and scripts. Headers are matched by field and value,
never searched as a whole.

Source: Cloudflare "Detect a challenge page response"; DataDome and HUMAN integration guides; Google "Soft 404".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.extract.jsonld import strings, types
from crawler.extract.rules import rules
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.extract.head import Head
    from db.model import Capture

__all__ = ["Seen", "signs_of"]

#: Characters of main text: under the first nothing is usable, under the second it is no article, from the third
#: on nobody calls it short, from the fourth on a text that "is not free" is here whole all the same.
NO_TEXT: Final = 30
LITTLE_TEXT: Final = 300
MUCH_TEXT: Final = 1_200
WHOLE_TEXT: Final = 4_000
#: Share of the stated word count that makes a text whole.
WHOLE_SHARE: Final = 0.8
#: Characters of markup above which a page is no bot wall's; theirs are below 60 KB.
MAX_WALL_CHARACTERS: Final = 200_000
#: A page with so many links, and more characters in them than outside, lists other pages.
MANY_LINKS: Final = 30
MOSTLY_LINKED: Final = 0.5
#: Characters that make the last part of a path a slug, not a section.
SLUG_CHARACTERS: Final = 16

_RULES: Final = rules("page_state.toml")
_TITLES: Final = {
    kind: (
        frozenset(part.strip() for part in row["whole"].replace("\n", "|").split("|")),
        tuple(part.strip() for part in row["part"].replace("\n", "|").split("|")),
    )
    for kind, row in rules("bad_titles.toml").items()
}
_PAGES: Final = frozenset(
    {"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", ""}
)
_COUNT: Final = re.compile(r"[1-9][0-9]{0,7}(?:\.0)?", re.ASCII)
_NOT_FREE: Final = frozenset(
    {"false", "0", "no", "http://schema.org/false", "https://schema.org/false"}
)
_FREE: Final = frozenset({"true", "1", "yes", "http://schema.org/true", "https://schema.org/true"})
_TITLE_PARTS: Final = re.compile(r"\s*\|\s*|\s-\s|\s?::\s|:\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the judgement looks at. `text` is the main text; `links` counts the page's links where most is linked."""

    capture: Capture
    head: Head
    text: str = ""
    html: str = ""
    canonical_url: str | None = None
    links: int = 0
    link_share: float = 0.0  #: characters in links ÷ characters of all blocks
    has_password: bool = False
    is_noindex: bool = False
    has_paywall: bool = False  #: an element is named so
    has_prose: bool = False  #: the main text has paragraphs of an article's kind


def signs_of(seen: Seen) -> frozenset[str]:
    """The names of all signs there are, and of the pairs that a rule asks for together."""
    found = {
        *_status(seen.capture.status),
        *_headers(seen.capture),
        *_media(seen.capture.media_type),
        *_amounts(seen),
        *_titles(seen),
        *_places(seen),
        *_statements(seen.head),
        *_markup(seen),
    }
    return frozenset(found)


def _status(status: int) -> Iterator[str]:
    for name, codes in _RULES["statuses"].items():
        if status in codes:
            yield f"status:{name}"
            return
    if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        yield "status:error"


def _headers(capture: Capture) -> Iterator[str]:
    fields = {name.lower(): value.strip().lower() for name, value in capture.headers}
    for name, row in _RULES["headers"].items():
        if fields.get(row["field"]) in row["values"]:
            yield f"header:{name}"


def _media(media_type: str | None) -> Iterator[str]:
    media_type = media_type or ""
    if media_type == "application/pdf":
        yield "media:pdf"
    elif media_type not in _PAGES:
        yield "media:other"


def _amounts(seen: Seen) -> Iterator[str]:
    length = len(seen.text)
    if length < NO_TEXT:
        yield "text:none"
    if length < LITTLE_TEXT:
        yield "text:little"
    if length >= NO_TEXT:
        yield "text:some"
    if length >= MUCH_TEXT:
        yield "text:much"
    if length >= WHOLE_TEXT or _is_as_long_as_stated(seen):
        yield "text:whole"
    if seen.has_prose:
        yield "text:prose"
    if seen.links >= MANY_LINKS and seen.link_share > MOSTLY_LINKED:
        yield "links:many"


def _is_as_long_as_stated(seen: Seen) -> bool:
    """Whether the text has most of the words that the page says its article has."""
    stated = strings(seen.head.article.get("wordCount"))[:1]
    return bool(stated and _COUNT.fullmatch(stated[0])) and len(
        seen.text.split()
    ) >= WHOLE_SHARE * float(stated[0])


def _titles(seen: Seen) -> Iterator[str]:
    stated = (seen.head.document_title, seen.head.meta("og:title"), *seen.head.headings[:1])
    titles = {folded(title[:200]) for title in stated if title}
    pieces = titles | {piece for title in titles for piece in _TITLE_PARTS.split(title)}
    for kind, (whole, parts) in _TITLES.items():
        if pieces & whole or any(part in title for title in titles for part in parts):
            yield f"title:{kind}"
    opening = folded(seen.text[:200]) if len(seen.text) < LITTLE_TEXT else ""
    if opening and any(part in opening for part in _TITLES["missing"][1]):
        yield "text:missing-words"


def _places(seen: Seen) -> Iterator[str]:
    asked, final = _Place(seen.capture.requested_url), _Place(seen.capture.url)
    if seen.capture.memento_of:
        asked = final = _Place(seen.capture.memento_of)
    if final.host.startswith(tuple(_RULES["consent_hosts"])):
        yield "host:consent"
    if final.is_home:
        yield "url:home" if asked.is_home else "url:became-home"
    elif asked.slug and asked.slug not in final.path and len(final.parts) < len(asked.parts):
        yield "url:lost-slug"
    if not final.is_home and seen.canonical_url and _Place(seen.canonical_url).is_home:
        yield "canonical:home"
    if set(final.parts[:2]) & set(_RULES["search_paths"]):
        yield "url:search"


class _Place:
    """A URL's host and path, "" and empty where it cannot be read."""

    def __init__(self, url: str) -> None:
        try:
            split = urlsplit(url)
            self.host = (split.hostname or "").lower()
        except ValueError:
            self.host = self.path = ""
        else:
            self.path = split.path.lower()
            self.query = split.query
        self.parts = [part for part in self.path.split("/") if part]

    @property
    def is_home(self) -> bool:
        return bool(self.host) and not self.parts and not self.query

    @property
    def slug(self) -> str:
        """The part of the path that names an article, "" where none does."""
        return next((part for part in reversed(self.parts) if len(part) >= SLUG_CHARACTERS), "")


def _statements(head: Head) -> Iterator[str]:
    kinds = {kind for node in head.linked for kind in types(node)}
    if head.article and (head.article.get("headline") or head.article.get("articleBody")):
        yield "jsonld:article"
    if kinds & set(_RULES["collection_types"]):
        yield "jsonld:collection"
    if "SearchResultsPage" in kinds:
        yield "jsonld:search"
    if head.meta("og:type").lower() == "article":
        yield "og:article"
    tier = head.meta("article:content_tier").lower()
    if tier in {"locked", "metered"}:
        yield f"tier:{tier}"
    stated = {text.lower() for text in strings(head.article.get("isAccessibleForFree"))}
    if stated & _NOT_FREE:
        yield "access:not-free"
    if stated & _FREE:
        yield "access:free"


def _markup(seen: Seen) -> Iterator[str]:
    if seen.has_password:
        yield "form:password"
    if seen.is_noindex:
        yield "robots:noindex"
    if seen.has_paywall:
        yield "paywall:named"
    if len(seen.text) < LITTLE_TEXT and len(seen.html) <= MAX_WALL_CHARACTERS:
        for name, needles in _RULES["markers"].items():
            if any(needle in seen.html for needle in needles):
                yield f"marker:{name}"
