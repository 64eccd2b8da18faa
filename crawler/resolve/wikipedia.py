"""Wikipedia's references: an article that cites the headline gives its URL, its date and often an archive's copy.

One request a citation: the full-text search for the headline's words in wikitext, together with the wikitext of the
articles found. Which language is asked follows from the outlet. Source: MediaWiki Action API (`generator=search`,
`insource:`), Citation Style 1 and its translations. Errors come as JSON under HTTP 200. Shapes not verified live.

References are read by marks alone, in linear time: wikitext is anybody's. Nobody's reference proves absence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode

from crawler.dates import cited_window
from crawler.headlines import word_keys
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.engines import is_there, searched_words
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.payload import json_value, strings_of, text_of
from crawler.urls import checked_url, host_of
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crawler.protocols import Query, Resolving
    from db.model import Outcome

__all__ = ["WikipediaResolver", "references"]

#: Words of the headline that must stand in a row; fewer would be found anywhere.
FEWEST_WORDS: Final = 4
#: Words that are sent: what is cut or edited stands at the end.
WORDS: Final = 8
#: Articles whose wikitext is read, and characters of each.
ARTICLES: Final = 3
READ_CHARS: Final = 600_000
#: References read of one article, and characters of one.
REFERENCES: Final = 3_000
REFERENCE_CHARS: Final = 1_500

#: Editions that are asked in their own language; the others' outlets are cited in English more often than at home.
_EDITIONS: Final = frozenset("de es fr it ja nl pl pt ru uk zh".split())
#: Parameters of cite templates, by what they hold.
_TITLES: Final = frozenset(
    "title titel titre título titulo titolo tytuł заголовок назва заглавие название タイトル".split()
)
_URLS: Final = frozenset("url online lien адрес ссылка посилання".split())
_DATES: Final = frozenset("date datum fecha data дата".split())

#: Errors that pass.
_PASSING: Final = ("maxlag", "ratelimited", "readonly", "internal_api_error")

_ENDS: Final = re.compile(r"\{\{|\}\}")
_BARE: Final = re.compile(r"\[(https?://[^\s\[\]<>\"|{}]{4,1000}) ([^\[\]\n]{8,400})\]")


@dataclass(frozen=True, slots=True)
class WikipediaResolver:
    """Looks for the headline among the references of Wikipedia's articles."""

    name: str = "wikipedia"
    version: str = "1"
    covers: ClassVar[str] = "what some article cites; silence counts for nothing"
    terms: ClassVar[str] = (
        "free, without a key; wants the operator's contact, one question a second"
    )
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The references that are like the cited headline."""
        words = searched_words(query, limit=WORDS)
        if len(words.split()) < FEWEST_WORDS:
            return _answer(Coverage.NOT_COVERED, "the title is too short to be found in references")
        (outcome,) = yield (_request(words, _edition(query)),)
        texts = _texts(outcome)
        if isinstance(texts, ResolverAnswer):
            return texts
        entries = tuple(entry for text in texts for entry in references(text))
        candidates = matches(query, entries, via=self.name)
        cited = is_there(query, candidates)
        detail = (
            "" if cited else f"{len(texts)} articles have these words, none cites this headline"
        )
        coverage = Coverage.ANSWERED if cited and query.outlet else Coverage.NOT_COVERED
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def references(wikitext: str) -> Iterator[Entry]:
    """The works that wikitext cites with a URL and a title: cite templates, and links with a text."""
    text = wikitext[:READ_CHARS]
    count = 0
    for fields in _templates(text):
        entry = _cited(fields)
        if entry is not None:
            yield entry
            count += 1
        if count == REFERENCES:
            return
    for found in _BARE.finditer(text):
        checked = checked_url(found[1])
        if isinstance(checked, str):
            yield Entry(url=checked, title=found[2].strip())


def _edition(query: Query) -> str:
    languages = query.outlet.languages if query.outlet else ()
    first = languages[0].partition("-")[0].lower() if languages else "en"
    return first if first in _EDITIONS else "en"


def _request(words: str, edition: str) -> FetchRequest:
    fields = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "generator": "search",
        "gsrsearch": f'insource:"{words}"',
        "gsrnamespace": "0",
        "gsrlimit": str(ARTICLES),
        "prop": "revisions",
        "rvprop": "content",
        "rvslots": "main",
        "maxlag": "5",
    }
    return FetchRequest(
        url=f"https://{edition}.wikipedia.org/w/api.php?{urlencode(fields)}",
        purpose=CapturePurpose.SERVICE,
        service="wikimedia",
        check_robots=False,
        follow=False,
    )


def _texts(outcome: Outcome) -> list[str] | ResolverAnswer:
    """The wikitext of the articles found, or why there is none."""
    read = read_or_trouble(outcome)
    if isinstance(read, Trouble):
        return _answer(read.coverage, read.detail)
    body = json_value(read.body)
    if not isinstance(body, dict):
        return _answer(Coverage.DEGRADED, f"no answer of the API: {text_of(read.body)}")
    if error := body.get("error"):
        (code,) = strings_of(error, "code")
        coverage = Coverage.QUOTA if code == "ratelimited" else Coverage.DEGRADED
        # What it did not understand once, it would not understand again; the other wikis are not concerned.
        closes = () if code.startswith(_PASSING) else (host_of(read.url),)
        return _answer(coverage, f"it said: {code[:100]}", closes=closes)
    found = body.get("query")
    pages: Any = found.get("pages") if isinstance(found, dict) else []
    listed = pages if isinstance(pages, list) else []
    return [text for page in listed[:ARTICLES] if (text := _wikitext(page))]


def _wikitext(page: Any) -> str:
    revisions = page.get("revisions") if isinstance(page, dict) else None
    revision = revisions[0] if isinstance(revisions, list) and revisions else None
    slots = revision.get("slots") if isinstance(revision, dict) else None
    (content,) = strings_of(slots.get("main") if isinstance(slots, dict) else None, "content")
    return content


def _templates(text: str) -> Iterator[dict[str, str]]:
    """The parameters of each template that holds no other one, names in lower case."""
    opened: int | None = None
    for mark in _ENDS.finditer(text):
        if mark[0] == "{{":
            opened = mark.end()
        elif opened is not None:
            inside = text[opened : min(mark.start(), opened + REFERENCE_CHARS)]
            opened = None
            yield _parameters(inside)


def _parameters(inside: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for piece in inside.split("|")[1:]:
        name, equals, value = piece.partition("=")
        if equals:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _cited(fields: dict[str, str]) -> Entry | None:
    title = _first(fields, _TITLES)
    checked = checked_url(_first(fields, _URLS))
    if not isinstance(checked, str) or not word_keys(title):
        return None
    return Entry(url=checked, title=title, published_on=_day(_first(fields, _DATES)))


def _first(fields: dict[str, str], names: frozenset[str]) -> str:
    return next((value for name, value in fields.items() if name in names and value), "")


def _day(written: str) -> date | None:
    window = cited_window(written)
    return window.first_on if window and window.first_on == window.last_on else None


def _answer(coverage: Coverage, detail: str, *, closes: tuple[str, ...] = ()) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail, closes=closes)
