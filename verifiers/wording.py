"""How two wordings of one quotation differ, word by word, and whether the difference matters. Pure.

Material is what a reader would call a misquotation: a word of weight exchanged or put in, a number, a denial or a
hedge changed or left out. Immaterial are articles and prepositions, contractions, spelling, and a "he said" that
the page puts in the middle. What is neither (words left out without an ellipsis) stays open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import Levenshtein

from verifiers.reading.lexicon import lexicon, stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Difference", "Weight", "differences", "expanded"]

#: Likeness of two spellings of one word ("labour", "labor"); "million" and "billion" begin differently.
_SPELLING: Final = 0.8
_SPELLING_FROM: Final = 5

_CONTRACTIONS: Final = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
    "gonna": "going to",
}
_ENDINGS: Final = {
    "n't": "not",
    "'re": "are",
    "'ll": "will",
    "'ve": "have",
    "'m": "am",
    "'d": "would",
    "'s": "is",
}
_ENDING = re.compile(r"(?P<word>\w+?)(?P<end>n't|'(?:re|ll|ve|m|d|s))$")
#: Small words that change what is said.
_MODALS: Final = frozenset(
    "will would shall should can could may might must before after all only until without against up down".split()
)


class Weight(Enum):
    """What a difference does to the meaning."""

    IMMATERIAL = 0
    OPEN = 1
    MATERIAL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Words of the quotation, and what the page has in their place."""

    quoted: tuple[str, ...]
    page: tuple[str, ...]
    weight: Weight
    page_at: int  #: index into the page's words


def expanded(words: Sequence[str]) -> tuple[str, ...]:
    """The words with contractions written out."""
    parts: list[str] = []
    for word in words:
        if word in _CONTRACTIONS:
            parts.extend(_CONTRACTIONS[word].split())
        elif match := _ENDING.match(word):
            parts.extend((match["word"], _ENDINGS[match["end"]]))
        else:
            parts.append(word)
    return tuple(parts)


def differences(
    quoted: Sequence[str], page: Sequence[str], *, language: str | None
) -> tuple[tuple[Difference, ...], int]:
    """Every difference between two word lists, and how many words they have in common, in order."""
    found = []
    same = 0
    for code in Levenshtein.opcodes(quoted, page):
        ours = tuple(quoted[code.src_start : code.src_end])
        theirs = tuple(page[code.dest_start : code.dest_end])
        if code.tag == "equal":
            same += len(ours)
        else:
            found.append((ours, theirs, code.dest_start))
    rows = tuple(
        Difference(quoted=ours, page=theirs, weight=_weight(ours, theirs, language), page_at=at)
        for ours, theirs, at in _merged(found, page)
    )
    return rows, same


def _merged(
    found: list[tuple[tuple[str, ...], tuple[str, ...], int]], page: Sequence[str]
) -> list[tuple[tuple[str, ...], tuple[str, ...], int]]:
    """Neighbouring differences as one: an exchange is often told as a deletion and a replacement."""
    merged: list[tuple[tuple[str, ...], tuple[str, ...], int]] = []
    for ours, theirs, at in found:
        if merged and merged[-1][2] + len(merged[-1][1]) == at and at <= len(page):
            before = merged.pop()
            merged.append((before[0] + ours, before[1] + theirs, before[2]))
        else:
            merged.append((ours, theirs, at))
    return merged


def _weight(ours: tuple[str, ...], theirs: tuple[str, ...], language: str | None) -> Weight:
    if _is_same(ours, theirs):
        return Weight.IMMATERIAL
    known = lexicon()
    telling = known.denial | known.hedges | _MODALS
    left = [word for word in ours if word not in theirs]
    right = [word for word in theirs if word not in ours]
    if any(word in telling or word[0].isdigit() for word in left + right):
        return Weight.MATERIAL
    stops = stop_words(language)
    heavy_left = [word for word in left if word not in stops]
    heavy_right = [word for word in right if word not in stops]
    if heavy_left:
        return Weight.MATERIAL
    is_reordered = not left and not right
    return Weight.OPEN if heavy_right or is_reordered else Weight.IMMATERIAL


def _is_same(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two runs of words are two spellings of one."""
    if "".join(ours) == "".join(theirs):
        return True
    if len(ours) != len(theirs):
        return False
    return all(_is_same_word(a, b) for a, b in zip(ours, theirs, strict=True))


def _is_same_word(a: str, b: str) -> bool:
    numbers = lexicon().numbers.words
    if a == b or (a in numbers and str(numbers[a]) == b) or (b in numbers and str(numbers[b]) == a):
        return True
    if a in numbers or b in numbers or min(len(a), len(b)) < _SPELLING_FROM or a[0] != b[0]:
        return False
    if any(char.isdigit() for char in a + b):
        return False
    return Levenshtein.normalized_similarity(a, b) >= _SPELLING
