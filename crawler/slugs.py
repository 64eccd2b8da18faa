"""What a URL spells: the words of a headline, a day or a month, and what kind of page its shape belongs to.

Rule: URLs are read, never asked; any text is taken, what cannot be read spells nothing. News addresses carry
the headline as a slug more often than search results carry it whole, and a slug keeps the headline that the
page had when it was published.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from crawler.headline_words import STOP_WORDS
from crawler.headlines import word_keys
from db.model import DateWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["dated_by_url", "page_shape", "slug_similarity", "slug_words"]

#: Characters read of a URL's path (sitemaps.org: a `loc` has fewer than 2,048).
_READ_CHARS: Final = 2048
#: Words that a segment needs to be a slug and not a section's name.
_SLUG_WORDS: Final = 3
#: Content words that a slug must share with a headline before its likeness counts in full.
_ENOUGH_WORDS: Final = 4

#: A calendar day or month in a path: 2026/01/30, 2026-01-30, 20260130, 2026/jan/30, 2026/01.
_DAY: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})([-/_.]?)([0-9]{2}|[a-z]{3})\2([0-9]{1,2})(?![0-9])",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/_.]?(0[1-9]|1[0-2])(?![0-9])")
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}

#: What the last segment drops: an extension, an identifier of digits or hexadecimals before or behind the words.
_EXTENSION: Final = re.compile(r"\.[a-z]{2,5}[0-9]?$", re.IGNORECASE)
_IDENTIFIER: Final = re.compile(
    r"^(?:[0-9]{5,}|(?=[0-9a-f]*[0-9])[0-9a-f]{7,}|[a-z]{1,4}[0-9]{4,})$"
)
_UMLAUTS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"))

#: Path segments that name a kind of page which is no article; first match wins.
_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("tag", re.compile(r"/(?:tags?|topics?|thema|themen|tema|temas|keyword|etiqueta)(?:/|$)")),
    ("author", re.compile(r"/(?:authors?|autor|autoren|auteur|by|profile|people|staff)(?:/|$)")),
    (
        "section",
        re.compile(r"/(?:category|categories|section|sections|rubrik|archive|archiv)(?:/|$)"),
    ),
    ("search", re.compile(r"/(?:search|suche|recherche|buscar|busca)(?:/|$)")),
    (
        "live",
        re.compile(r"/(?:live|liveblog|live-blog|live-news|live-updates|liveticker|ticker)(?:/|$)"),
    ),
    ("live", re.compile(r"(?:live-blog|live-updates?|liveblog|liveticker)")),
    ("section", re.compile(r"/page/[0-9]+(?:/|$)")),
    ("file", re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34]|css|js|json|xml|rss|ico|woff2?)$")),
)

#: Shapes under whose name an outlet may file its articles as well: `/topic/harbour/mayor-resigns-over-bridge`.
_LISTINGS: Final = frozenset({"tag", "author", "section"})
#: Digits of a segment that is an article's number; a year or a page of a listing has fewer.
_NUMBER_DIGITS: Final = 5


def slug_words(url: str) -> tuple[str, ...]:
    """The words of the path's segment that most looks like a headline, in order; empty where none does."""
    segments = [segment for segment in _path(url).split("/") if segment]
    read = [_segment_words(segment) for segment in segments[-4:]]
    best = max(reversed(read), key=len, default=())
    return best if len(best) >= _SLUG_WORDS else ()


def slug_similarity(title: str, url: str) -> float:
    """How well the URL's slug spells this headline, 0..1; 0.0 where it has no slug.

    The Dice coefficient over content words. Slugs drop small words and are cut, so that what the headline has
    more costs half of what the slug has more.
    """
    slug, wanted = _content(slug_words(url)), set(_content(word_keys(title)))
    if not slug or not wanted:
        return 0.0
    shared = sum(word in wanted for word in slug)
    spelled = shared / len(slug)
    told = min(1.0, shared / len(wanted))
    score = (2 * spelled + told) / 3 if shared else 0.0
    return min(1.0, score * min(1.0, shared / _ENOUGH_WORDS))


def dated_by_url(url: str) -> DateWindow | None:
    """The day, or the month, that a URL's path or query spells; None where it spells none."""
    text = _path(url, with_query=True)
    for found in _DAY.finditer(text):
        year, _, month, day = found.groups()
        number = int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0)
        try:
            on = date(int(year), number, int(day))
        except ValueError:
            continue
        return DateWindow(first_on=on, last_on=on)
    for found in _MONTH.finditer(text):
        first = date(int(found[1]), int(found[2]), 1)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return DateWindow(first_on=first, last_on=after - timedelta(days=1))
    return None


def page_shape(url: str) -> str:
    """What kind of page an address of this shape is: article, home, section, tag, author, search, live or file."""
    path = _path(url).lower()
    if path.strip("/") in {"", "index.html", "index.php", "home"}:
        return "home"
    for shape, pattern in _SHAPES:
        found = pattern.search(path)
        if found and not (shape in _LISTINGS and _holds_article(path[found.end() :])):
            return shape
    segments = [segment for segment in path.split("/") if segment]
    is_section = len(segments) <= 2 and all(_is_plain_word(segment) for segment in segments)  # noqa: PLR2004 - /world, /news/europe
    return "section" if is_section and path == _path(url, with_query=True).lower() else "article"


def _holds_article(rest: str) -> bool:
    """Whether what follows a listing's name, and the subject it lists, names one page: a slug, a number, a file."""
    _, *deeper = [segment for segment in rest.split("/") if segment] or [""]
    return any(
        len(_segment_words(segment)) >= _SLUG_WORDS
        or (segment.isdigit() and len(segment) >= _NUMBER_DIGITS)
        or segment.endswith((".html", ".htm"))
        for segment in deeper
    )


def _path(url: str, *, with_query: bool = False) -> str:
    try:
        parts = urlsplit(url[:_READ_CHARS])
    except ValueError:
        return ""
    text = f"{parts.path}?{parts.query}" if with_query and parts.query else parts.path
    return unquote(text, errors="replace")


def _segment_words(segment: str) -> tuple[str, ...]:
    pieces = re.split(r"[-_.,+~\s]+", _EXTENSION.sub("", segment))
    words = [piece for piece in pieces if piece and not _IDENTIFIER.match(piece.lower())]
    return word_keys(" ".join(words))


def _content(words: Sequence[str]) -> list[str]:
    """The words that tell a headline from others, umlauts made plain; single letters and digits are dropped."""
    plain = (_plain(word) for word in words if word not in STOP_WORDS)
    return [word for word in plain if len(word) > 1 and word not in STOP_WORDS]


def _plain(word: str) -> str:
    """A word with transliterated umlauts as one letter: fuer and für fold to the same."""
    for pair, letter in _UMLAUTS:
        word = word.replace(pair, letter)
    return word


def _is_plain_word(segment: str) -> bool:
    return segment.isalpha() or _sections(segment.split("-"))


def _sections(pieces: Sequence[str]) -> bool:
    """Whether hyphenated pieces are a section's name: at most two words, no digits."""
    return len(pieces) <= 2 and all(piece.isalpha() for piece in pieces)  # noqa: PLR2004 - middle-east
