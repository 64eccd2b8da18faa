"""The closed word classes as look-up tables, read once from `lexicon.toml`. Every word is case-folded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LANGUAGES", "Lexicon", "Numbers", "lexicon", "stem", "stop_words"]

T = TypeVar("T")

#: Languages whose closed word classes are known.
LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "ru")
#: A word is compared by at most this many first letters …
_STEM_LIMIT: Final = 6
#: … without up to two of these at its end while four letters are left: endings of number, case and tense.
_ENDINGS: Final = frozenset("aeiouysàáâãéèêíóôúąęеаиоуыюяіїйьё")
_STEM_LEAST: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How numbers, their units and their limits are written."""

    words: Mapping[str, int]
    ordinals: Mapping[str, int]
    scales: Mapping[str, Decimal]
    long_billion: frozenset[str]  #: scale words that mean 10^12 …
    long_billion_languages: frozenset[str]  #: … in these languages
    units: Mapping[str, str]  #: word or phrase → unit
    dimensions: Mapping[str, Mapping[str, Decimal | None]]  #: what is measured → unit → multiple
    about: frozenset[str]
    above: frozenset[str]
    below: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The word classes that do not depend on the language."""

    denial: frozenset[str]
    disowned: frozenset[str]  #: words by which a page calls a quotation false
    hedges: frozenset[str]
    unasserted: frozenset[
        str
    ]  #: words and phrases by which a sentence does not assert what it repeats
    verdicts: frozenset[str]  #: words with which a sentence begins to judge its neighbour …
    debunking: frozenset[str]  #: … and that do so wherever they stand
    scope: frozenset[
        str
    ]  #: words and phrases that say of which time, part or whole something holds
    places: frozenset[str]  #: words in front of a name that say where
    speech: frozenset[str]
    according: tuple[str, ...]
    setting: frozenset[str]
    listeners: frozenset[str]
    open_dates: frozenset[str]  #: words in front of a date that leave one side open
    not_names: frozenset[str]
    inner: frozenset[str]
    numbers: Numbers


@cache
def lexicon() -> Lexicon:
    """The one lexicon."""
    raw = _raw()
    numbers, speech = raw["numbers"], raw["speech"]
    return Lexicon(
        denial=_words(raw["denial"]["words"]),
        disowned=_words(raw["denial"]["disowned"]),
        hedges=_words(raw["denial"]["hedges"]),
        unasserted=_words(raw["denial"]["unasserted"]),
        verdicts=_words(raw["denial"]["verdicts"]),
        debunking=_words(raw["denial"]["debunking"]),
        scope=_words(raw["scope"]["words"]),
        places=_words(raw["scope"]["places"]),
        speech=_words(speech["verbs"]),
        according=tuple(speech["according"]),
        setting=_words(speech["setting"]),
        listeners=_words(speech["listeners"]),
        open_dates=_words(raw["dates"]["open"]),
        not_names=_words(raw["names"]["not_names"]),
        inner=_words(raw["names"]["inner"]),
        numbers=Numbers(
            words=_by_word(numbers["words"], int),
            ordinals=_by_word(numbers["ordinals"], int),
            scales=_by_word(numbers["scales"], Decimal),
            long_billion=frozenset(numbers["long_billion"]["words"]),
            long_billion_languages=frozenset(numbers["long_billion"]["languages"]),
            units=_by_word(numbers["units"], str),
            dimensions={
                name: {unit: Decimal(factor) if factor else None for unit, factor in row.items()}
                for name, row in numbers["dimensions"].items()
            },
            about=_words(numbers["modifiers"]["about"]),
            above=_words(numbers["modifiers"]["above"]),
            below=_words(numbers["modifiers"]["below"]),
        ),
    )


@cache
def stop_words(language: str | None) -> frozenset[str]:
    """The words without content of a language (BCP 47); those of all known languages where it is not known."""
    table = _raw()["stop"]
    primary = (language or "").split("-")[0].lower()
    known = [primary] if primary in table else list(table)
    return frozenset(word for one in known for word in table[one].split())


def stem(word: str) -> str:
    """What a case-folded word is compared by: the same for most of its inflected forms."""
    if word[0].isdigit():
        return word
    end = len(word)
    while end > _STEM_LEAST and end > len(word) - 2 and word[end - 1] in _ENDINGS:
        end -= 1
    return word[: min(end, _STEM_LIMIT)]


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text("utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in text.split())


def _by_word(table: Mapping[str, str], kind: Callable[[str], T]) -> dict[str, T]:
    return {
        word.replace("_", " "): kind(key) for key, words in table.items() for word in words.split()
    }
