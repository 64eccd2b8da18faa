"""Markdown markup round a reference: what its links and italics tell, and what a link in running text cites."""

from __future__ import annotations

import html
import re

from crawler.ingest.layout import Work
from crawler.ingest.references import Hints

__all__ = ["link_work", "reference_text"]

#: A link's words are a headline from this many words, of which so many are longer than a preposition.
HEADLINE_WORDS = 4
LONG_WORDS = 3
PREPOSITION_CHARACTERS = 3

_REFERENCE_LINK = re.compile(
    r"\[([^\[\]]{1,1000})\]\(\s?<?(https?://[^\s()<>]{1,2000}(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500})?)>?(?:\s+[\"'][^\"'\n]{0,500}[\"'])?\s?\)"
)
_ITALIC = re.compile(r"(?<![*\w])\*([^*\n]{2,300})\*(?!\*)|(?<![\w_])_([^_\n]{2,300})_(?![\w_])")
_BREAK = re.compile(r"<br\s{0,5}/?>", re.IGNORECASE)
_MARKUP = re.compile(
    r"\*{1,3}|`{1,3}|~~|(?<!\w)_{1,3}|_{1,3}(?!\w)|</?[A-Za-z][^<>]{0,500}>|\\(?=[!-/:-@\[-`{-~])"
)


def reference_text(raw: str) -> tuple[str, Hints]:
    """A Markdown reference as plain text, and what its links and italics told."""
    links = _REFERENCE_LINK.findall(raw)
    italic = _ITALIC.search(raw)
    plain = _REFERENCE_LINK.sub(r"\1", _BREAK.sub(" ", raw))
    plain = html.unescape(_without_markup(plain)).replace("\x00", "")
    hints = Hints(
        urls=tuple(url for _, url in links),
        linked=" ".join(_without_markup(links[0][0]).split()) if links else "",
        emphasised=" ".join((italic[1] or italic[2]).split()) if italic else "",
    )
    return plain, hints


def link_work(url: str, words: str, title: str | None) -> Work:
    """The work that a link in running text cites: its URL, and a title only where the words are one.

    The words of a link are mostly the sentence's own ("reported on Friday"); compared with a headline they would make
    a real source look like another one.
    """
    words = " ".join(words.split()).strip("*_` ")
    quoted = bool(words[2:]) and (words[0], words[-1]) in _QUOTES
    if not title and quoted:
        title = words[1:-1]
    elif not title and _is_headline(words):
        title = words
    return Work(title=(title or "").strip() or None, url=url)


_QUOTES = frozenset({("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("‘", "’")})


def _is_headline(words: str) -> bool:
    """Four words or more in title case."""
    long = [word for word in words.split() if len(word) > PREPOSITION_CHARACTERS]
    is_long = len(words.split()) >= HEADLINE_WORDS and len(long) >= LONG_WORDS
    return is_long and all(word[0].isupper() for word in long)


def _without_markup(text: str) -> str:
    """Markup goes, but an address keeps its underscores."""
    parts = re.split(r"(https?://\S+)", text)
    return "".join(part if i % 2 else _MARKUP.sub("", part) for i, part in enumerate(parts))
