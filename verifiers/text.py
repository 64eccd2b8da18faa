"""Text folded for comparison with offsets that lead back, and text cut into sentences. Pure.

Folding is that of record ids (`db.ids.folded`: typography, width, case, white space), plus one thing that only
matters inside a page: a word divided at the end of a line is put together again. Evidence is always cut from the
source text, so a folded text keeps the way back to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import sentencex

from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "READ_LIMIT",
    "SENTENCES_LIMIT",
    "WORDS_LIMIT",
    "Folded",
    "Span",
    "fold",
    "joined",
    "sentences",
    "source_words",
]

#: Characters of a page that are read; an article is seldom a tenth of it, and the work must stay bounded.
READ_LIMIT: Final = 1_000_000
#: Characters that the sentence splitter sees at once. It is quadratic in unclosed quotation marks.
_BLOCK_LIMIT: Final = 10_000
#: Words by white space that are read of one text; a million characters of prose have 170,000.
WORDS_LIMIT: Final = 250_000
#: Sentences that are read of one text.
SENTENCES_LIMIT: Final = 50_000
#: Opening quotation marks in one block above which only full stops divide it, for the same reason.
_QUOTES_LIMIT: Final = 100
#: Characters of a folded word that are mapped one by one; a longer one is mapped as a whole.
_WORD_LIMIT: Final = 200

_TOKEN = re.compile(r"\S+")
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")
_BLOCK = re.compile(r"\S(?:[^\n]|\n(?![ \t\r]*\n))*")
_OPENING = re.compile(r"[“‘\"„«‹「]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ENDS = re.compile(r"[.!?。！？…]\W*\s")
_STOP = re.compile(r"[.!?。！？…]+[\"'”’»)\]]*\s+")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text made comparable, and the way from each of its characters back to the source."""

    text: str
    source: str = field(repr=False)
    _starts: tuple[int, ...] = field(repr=False)  #: where each word begins in `text` …
    _words: tuple[tuple[int, int], ...] = field(repr=False)  #: … and where it lies in the source

    def span(self, start: int, end: int) -> Span:
        """Where the folded characters `start` to `end` (exclusive, not empty) lie in the source."""
        return Span(self._source(start)[0], self._source(max(start, end - 1))[1])

    def _source(self, at: int) -> tuple[int, int]:
        """First and end offset in the source of what became the folded character `at`."""
        if not self._starts:
            return 0, 0
        n = max(0, bisect_right(self._starts, at) - 1)
        start, end = self._words[n]
        word = self.source[start:end]
        length = (self._starts[n + 1] - 1 if n + 1 < len(self._starts) else len(self.text)) - (
            self._starts[n]
        )
        inside = at - self._starts[n]
        if length == len(word):
            return start + min(inside, length - 1), start + min(inside + 1, length)
        if len(word) > _WORD_LIMIT or inside >= length:
            return start, end
        return start + _unfolded(word, inside), start + _unfolded(word, inside + 1, closing=True)


def fold(text: str) -> Folded:
    """The text folded as ids are, words divided at a line's end joined, cut at `READ_LIMIT`."""
    return _fold(text[:READ_LIMIT])


@lru_cache(maxsize=2)
def _fold(text: str) -> Folded:
    known: dict[str, str] = {}
    parts: list[str] = []
    starts: list[int] = []
    words: list[tuple[int, int]] = []
    length = 0
    for start, end in source_words(text):
        word = text[start:end]
        plain = known.get(word)
        if plain is None:
            plain = known[word] = joined(word)
        if plain:
            parts.append(plain)
            starts.append(length)
            words.append((start, end))
            length += len(plain) + 1
    return Folded(text=" ".join(parts), source=text, _starts=tuple(starts), _words=tuple(words))


def source_words(text: str) -> Iterator[tuple[int, int]]:
    """Where each word by white space lies, at most `WORDS_LIMIT`; one that a line's end divides counts as one."""
    divided = {match.start() for match in _DIVIDED.finditer(text)}
    begun: int | None = None
    for match in islice(_TOKEN.finditer(text), WORDS_LIMIT):
        start = match.start() if begun is None else begun
        begun = start if match.end() - 1 in divided else None
        if begun is None:
            yield start, match.end()


def joined(word: str) -> str:
    """A word as folded, without the hyphen and line's end that divide it."""
    return folded(_DIVIDED.sub("", word) if "\n" in word else word)


def _unfolded(word: str, inside: int, *, closing: bool = False) -> int:
    """The offset in `word` whose folding begins (or, closing, ends) at `inside`."""
    for at in range(1, len(word) + 1):
        reached = len(joined(word[:at]))
        if reached > inside or (closing and reached == inside):
            return at if closing else at - 1
    return len(word)


def sentences(text: str, language: str | None = None) -> tuple[Span, ...]:
    """The sentences of a text in order, without the white space around them; no sentence leaves its block.

    Blocks are separated by a blank line. Source: sentencex (rules of abbreviations per language).
    """
    spans: list[Span] = []
    for start, end in _blocks(text[:READ_LIMIT]):
        spans.extend(
            _trimmed(text, start + a, start + b) for a, b in _cut(text[start:end], language)
        )
        if len(spans) >= SENTENCES_LIMIT:
            break
    return tuple(span for span in spans[:SENTENCES_LIMIT] if span.end > span.start)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """The blocks of a text; one that is too long is divided at a space."""
    for match in _BLOCK.finditer(text):
        start, end = match.span()
        while end - start > _BLOCK_LIMIT:
            space = text.rfind(" ", start + 1, start + _BLOCK_LIMIT)
            middle = space if space > 0 else start + _BLOCK_LIMIT
            yield start, middle
            start = middle
        yield start, end


def _cut(block: str, language: str | None) -> Iterator[tuple[int, int]]:
    if not _ENDS.search(block) or len(_OPENING.findall(block)) > _QUOTES_LIMIT:
        yield from _cut_at_stops(block)
        return
    # The splitter speaks UTF-8; a lone surrogate would make it raise. Replaced one for one, offsets hold.
    whole = _SURROGATE.sub("\ufffd", block)
    primary = (language or "en").split("-")[0].lower() or "en"
    for row in sentencex.get_sentence_boundaries(primary, whole):
        yield row["start_index"], row["end_index"]


def _cut_at_stops(block: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _STOP.finditer(block):
        yield start, match.end()
        start = match.end()
    yield start, len(block)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + left + len(piece.strip()))
