"""A headline as it is compared: its words with their weights, and what its capitals and its end tell.

Rule: no IO, never raises, reads at most `READ_CHARS` and `READ_WORDS` of any text. Keys of words are folded,
without accents, small numbers as digits; scripts written without spaces give pairs of characters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crawler.headline_words import NEGATIONS, NUMBER_WORDS, STOP_WORDS
from db.ids import TYPOGRAPHY, folded

__all__ = [
    "READ_CHARS",
    "SHORT_LETTERS",
    "STOP_WEIGHT",
    "Headline",
    "Word",
    "plain_text",
    "read",
    "spelled_words",
]

#: Characters read of a headline; longer ones are body text in a title's place.
READ_CHARS: Final = 400
#: Words read of it.
READ_WORDS: Final = 60

#: Weights of words: what a headline says lies in its numbers and long words.
_NUMBER_WEIGHT: Final = 1.5
STOP_WEIGHT: Final = 0.15
_SHORT_WEIGHT: Final = 0.7
_WORD_WEIGHT: Final = 1.0
#: Letters up to which a word is short.
SHORT_LETTERS: Final = 3

#: Share of capitalised content words from which capitals tell no names ("Title Case").
_TITLE_CASE: Final = 0.7

_TAG: Final = re.compile(r"<[^<>]{0,80}>")
_GROUPED: Final = re.compile(r"(?<=\d)[.,'\u00a0\u202f ](?=\d{3}(?!\d))")
#: A word: letters, digits and the marks that scripts of South Asia, the Near East and Thailand write them with.
_MARKS: Final = (
    r"\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a"
    r"\u064b-\u0670\u0900-\u0963\u0970-\u0dff\u0e31-\u0e4e"
)
_WORD: Final = re.compile(rf"\d+|(?:[^\W\d_]|[{_MARKS}])+")
#: Scripts written without spaces: their words are taken as pairs of characters.
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_ENDS_CUT: Final = re.compile(r"(?:\.\.\.|…)\s*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a headline."""

    key: str
    weight: float
    is_number: bool
    is_name: bool  #: capitalised where capitals tell something
    may_name: bool  #: not in lower case: a name, unless position or title case made the capital


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline as it is compared."""

    words: tuple[Word, ...]
    is_cut: bool
    tells_names: bool  #: not in title case, not in capitals, in a script that has them

    @property
    def content(self) -> tuple[Word, ...]:
        """Its words without the function words."""
        return tuple(word for word in self.words if word.weight > STOP_WEIGHT)


def plain_text(text: str) -> str:
    """The text folded and without accents, as the keys of its words are."""
    plain = folded(text)
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)))


@lru_cache(maxsize=4096)
def read(text: str) -> Headline:
    """The headline as it is compared; remembered, because one citation meets thousands of entries."""
    clean = _clean(text)
    spelled = _WORD.findall(clean)[:READ_WORDS]
    content = [word for word in spelled if word[0].isalpha() and plain_text(word) not in STOP_WORDS]
    capital = sum(word[0].isupper() for word in content)
    tells = bool(content) and capital < _TITLE_CASE * len(content)
    words = tuple(
        _word(
            key, is_name=tells and place > 0 and word[0].isupper(), may_name=not word[0].islower()
        )
        for place, word in enumerate(spelled)
        for key in _keys(word)
    )
    return Headline(words=words, is_cut=bool(_ENDS_CUT.search(clean)), tells_names=tells)


def spelled_words(text: str) -> tuple[str, ...]:
    """The headline's words as spelled, in order, but for halves of `G20` and what a mark at the end may have cut."""
    clean = _clean(text)
    found = [*_WORD.finditer(clean)][:READ_WORDS]
    words = found[:-1] if _ENDS_CUT.search(clean) else found
    return tuple(word[0] for word in words if not _is_half(clean, word.start(), word.end()))


def _is_half(text: str, start: int, end: int) -> bool:
    """Whether a letter or digit touches the word, so that searches know only both together."""
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def _clean(text: str) -> str:
    """Without entities (escaped once or twice), tags, typography and grouped digits; case kept."""
    plain = html.unescape(html.unescape(text[: READ_CHARS * 2]))
    plain = _TAG.sub(" ", plain).translate(TYPOGRAPHY)
    return _GROUPED.sub("", unicodedata.normalize("NFKC", plain))[:READ_CHARS]


def _keys(word: str) -> tuple[str, ...]:
    key = plain_text(word)
    if len(key) > 1 and _UNSPACED.match(key):
        return tuple(key[at : at + 2] for at in range(len(key) - 1))
    return (key,) if key else ()


def _word(key: str, *, is_name: bool, may_name: bool) -> Word:
    key = NUMBER_WORDS.get(key, key)
    is_number = key.isdigit()
    if is_number:
        key, weight = key.lstrip("0") or "0", _NUMBER_WEIGHT
    elif key in NEGATIONS:
        weight = _WORD_WEIGHT
    elif key in STOP_WORDS or len(key) == 1:
        weight = STOP_WEIGHT
    else:
        weight = _SHORT_WEIGHT if len(key) <= SHORT_LETTERS else _WORD_WEIGHT
    named = not is_number and is_name and weight > STOP_WEIGHT
    return Word(key, weight, is_number=is_number, is_name=named, may_name=may_name)
