"""A page's text read once for all verifiers: sentences, what each speaks of, and its words in a row. Pure.

The reading of a text is remembered for as long as the same few texts are asked for, because five verifiers and
all claims on a page need the same one; it depends on nothing but the text and its language.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from verifiers.reading.lexicon import stem
from verifiers.text import (
    READ_LIMIT,
    SENTENCES_LIMIT,
    WORDS_LIMIT,
    Span,
    fold,
    joined,
    sentences,
    source_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["PageReading", "WordLine", "page_line", "read_page", "word_line", "words_of"]

#: Readings remembered at a time; each takes some ten times its text.
_REMEMBERED: Final = 4

_WORD = re.compile(r"[^\W_]+")
#: What counts when wording is compared: words, numbers with their points, and the signs that give them a unit.
_COMPARED = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_](?:[^\W_]|'(?=[^\W_]))*|[^\W_]+|[%$€£¥°]")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLine:
    """The words of a text in a row, folded, between single spaces, without punctuation: for comparing wording."""

    text: str  #: " a b c "
    source: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)  #: where the words of each source word begin here
    places: tuple[tuple[int, int], ...] = field(repr=False)  #: where that source word lies

    def find(self, wording: str, start: int = 0) -> int:
        """Where the wording (" a b ") begins as whole words at or after `start`, -1 where it does not."""
        return self.text.find(wording, start)

    def span(self, at: int, length: int) -> Span:
        """Where the words found at `at` (a leading space) for `length` characters lie in the source."""
        return Span(self._border(at + 1).start, self._border(max(at + 1, at + length - 2)).end)

    def _border(self, at: int) -> Span:
        """Where the word that has the line's character `at` lies in the source."""
        number = bisect_right(self.starts, at) - 1
        start, end = self.places[number]
        within = fold(self.source[start:end])
        reached = self.starts[number]
        for match in _COMPARED.finditer(within.text):
            reached += len(match[0]) + 1
            if reached > at:
                span = within.span(*match.span())
                return Span(start + span.start, start + span.end)
        return Span(start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What is known of a page's text before any claim is held against it."""

    text: str = field(repr=False)
    language: str | None
    sentences: tuple[Span, ...] = field(repr=False)
    places: Mapping[str, tuple[int, ...]] = field(repr=False)  #: stem → sentences that have it
    words: int
    is_whole: bool  #: False when the text is longer than is read

    def weight(self, one: str) -> float:
        """How telling a stem is on this page: idf over its sentences, 1 at most for what is nowhere."""
        count = len(self.sentences)
        return math.log((count + 1) / (len(self.places.get(one, ())) + 0.5)) / math.log(
            2 * count + 2
        )

    def sentence_at(self, offset: int) -> int:
        """The sentence in or after which this character stands."""
        starts = [span.start for span in self.sentences]
        return max(0, bisect_right(starts, offset) - 1)


def read_page(text: str, language: str | None) -> PageReading:
    """The reading of a text; two calls for one text give the same one."""
    return _read(text, (language or "").split("-")[0].lower())


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str, language: str) -> PageReading:
    spans = sentences(text, language or None)
    places: dict[str, list[int]] = {}
    stems: dict[str, str] = {}
    read = 0
    for number, span in enumerate(spans):
        if read > WORDS_LIMIT:
            break
        for match in _WORD.finditer(text, span.start, span.end):
            word = match[0]
            read += 1
            one = stems.get(word)
            if one is None:
                one = stems[word] = stem(word.casefold())
            row = places.setdefault(one, [])
            if not row or row[-1] != number:
                row.append(number)
    return PageReading(
        text=text,
        language=language or None,
        sentences=spans,
        places={one: tuple(row) for one, row in places.items()},
        words=read,
        is_whole=len(text) <= READ_LIMIT and len(spans) < SENTENCES_LIMIT and read <= WORDS_LIMIT,
    )


@lru_cache(maxsize=_REMEMBERED)
def page_line(text: str) -> WordLine:
    """`word_line` of a page, remembered."""
    return word_line(text)


def word_line(text: str) -> WordLine:
    """The words of a text in a row, of at most `READ_LIMIT` characters."""
    text = text[:READ_LIMIT]
    known: dict[str, str] = {}
    parts: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    length = 1
    for start, end in source_words(text):
        word = text[start:end]
        plain = known.get(word)
        if plain is None:
            plain = known[word] = " ".join(_COMPARED.findall(joined(word)))
        if plain:
            parts.append(plain)
            starts.append(length)
            places.append((start, end))
            length += len(plain) + 1
    line = f" {' '.join(parts)} " if parts else ""
    return WordLine(text=line, source=text, starts=tuple(starts), places=tuple(places))


def words_of(text: str) -> Iterator[tuple[int, int, str]]:
    """The plain words of a text: start, end and stem of each."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), stem(match[0].casefold())
