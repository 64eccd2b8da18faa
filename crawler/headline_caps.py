"""What holds the likeness of two headlines down: another number, another name, a "not", other words. Pure.

Each cap is a limit and the difference that sets it; `crawler.headlines` measures what is alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from crawler.headline_reading import STOP_WEIGHT, Headline, Word, read
from crawler.headline_words import NEGATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["CAPS", "OTHER_NUMBER_CAP", "OTHER_WORDS", "alike", "capped", "only"]

#: Spelling likeness (per cent) from which two words are one: Zelenskyy and Zelenskiy, not Austria and Australia.
_ALIKE_PER_CENT: Final = 88.0
#: Letters that a word needs before its spelling may vary.
_ALIKE_LETTERS: Final = 4
#: Letters for spelling likeness beyond an ending: shorter names differ by one letter (Iran, Iraq).
_ALIKE_LONG: Final = 7
_ENDINGS: Final = frozenset({"s", "es", "ed", "d", "ing", "n", "en", "e"})

#: Caps: the most that a pair can score in which this is seen.
_OTHER_NUMBER: Final = 0.5
_OTHER_NAME: Final = 0.5
_TURNED_ROUND: Final = 0.6
_MORE_NUMBERS: Final = 0.88
OTHER_WORDS: Final = 0.9
_TOO_SHORT: Final = 0.65
#: Content words below which only equal headlines are the same: "Live", "Zelenskyy's address".
_SHORT_HEADLINE: Final = 2


def only(one: Headline, other: Headline) -> list[Word]:
    """The words of `one` that `other` has in no spelling."""
    there = [word.key for word in other.words]
    return [
        word
        for word in one.words
        if word.key not in there and not any(alike(word.key, key) for key in there)
    ]


def _other_number(mine: list[Word], theirs: list[Word]) -> bool:
    return any(word.is_number for word in mine) and any(word.is_number for word in theirs)


def _more_numbers(mine: list[Word], theirs: list[Word]) -> bool:
    return any(word.is_number for word in (*mine, *theirs))


def _other_name(mine: list[Word], theirs: list[Word]) -> bool:
    """A name on one side stands where the other has a word that might be one."""
    return (any(word.is_name for word in mine) and _has_content(theirs)) or (
        any(word.is_name for word in theirs) and _has_content(mine)
    )


def _turned_round(mine: list[Word], theirs: list[Word]) -> bool:
    return any(word.key in NEGATIONS for word in mine) != any(
        word.key in NEGATIONS for word in theirs
    )


def _other_words(mine: list[Word], theirs: list[Word]) -> bool:
    return _has_content(mine) or _has_content(theirs)


def _has_content(words: list[Word]) -> bool:
    return any(word.weight > STOP_WEIGHT for word in words)


_Cap = tuple[float, "Callable[[list[Word], list[Word]], bool]"]
OTHER_NUMBER_CAP: Final[_Cap] = (_OTHER_NUMBER, _other_number)
CAPS: Final[tuple[_Cap, ...]] = (
    OTHER_NUMBER_CAP,
    (_OTHER_NAME, _other_name),
    (_TURNED_ROUND, _turned_round),
    (_MORE_NUMBERS, _more_numbers),
    (OTHER_WORDS, _other_words),
)


def capped(a: str, b: str, score: float, caps: Iterable[_Cap]) -> float:
    """The score of two headlines, held down by whichever of these caps is seen in what only one of them has."""
    one, other = read(a), read(b)
    mine, theirs = only(one, other), only(other, one)
    held = min([score, *(cap for cap, seen in caps if seen(mine, theirs))])
    short = min(len(one.content), len(other.content)) <= _SHORT_HEADLINE
    return min(held, _TOO_SHORT) if short and (mine or theirs) else held


def alike(a: str, b: str) -> bool:
    """Whether two words are one word with another ending or spelling."""
    short, long = sorted((a, b), key=len)
    if len(short) < _ALIKE_LETTERS or short[0] != long[0] or not short.isalpha():
        return False
    if long.startswith(short):
        return long[len(short) :] in _ENDINGS
    return len(short) >= _ALIKE_LONG and fuzz.ratio(a, b) >= _ALIKE_PER_CENT
