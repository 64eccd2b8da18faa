"""The figures that a text names: numbers with scale, unit, what is counted, limits and rounding. Pure.

A figure inside a date is the date's; `3:1` is a score, two figures. A digit run that is part of a name (`F-16`,
`G7`), of a clock time or of an identifier is no figure. Every pattern is bounded, the number of figures that are
read of one text too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from verifiers.reading.lexicon import lexicon, stem, stop_words
from verifiers.reading.numerals import NUMERAL, numeral_values, precision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["FIGURES_LIMIT", "FigureMention", "figure_mentions"]

#: Figures read of one text; a page with more is a table, of which silence proves nothing.
FIGURES_LIMIT: Final = 4_000
#: Characters looked at before and behind a number for its limits, scale, unit and what it counts.
_REACH: Final = 40
#: Numbers in words below this one are often idioms ("one of two", "first").
_WORDY_BELOW: Final = 13
_NOTHING: Final[frozenset[str]] = frozenset()

_NUMBER = re.compile(
    rf"(?:(?<![\w.,:/#@])|(?<=\d:)(?=\d(?!\d)))(?<![^\W\d_][-‐‑–])(?<!\d,\s)(?P<sign>[-−–](?=\d))?(?P<money>(?:us|a|c|hk)?[$€£¥₴₽₹])?\s?"
    rf"(?P<digits>{NUMERAL})(?P<ordinal>st|nd|rd|th|º|ª)?(?!\d|:(?!\d(?!\d))|[./]\d)(?P<glued>[^\W\d_]{{1,3}}(?![\w-]))?(?![\w@])",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    r"(?<![\w-])[^\W\d_]+(?:['’][^\W\d_]+)?(?:-[^\W\d_]+)?(?![\w-]|['’][^\W\d_])"
)
_AFTER_WORD = re.compile(
    r"[\s-]?(°\s?[cf]?|[%‰$€£¥₴₽]|[^\W\d_]+(?:[²³]|(?:['’][^\W\d_]+))?)\.?", re.IGNORECASE
)
_BEFORE_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[~≈$€£]")
_OF: Final = frozenset({"de", "di", "of", "d"})
_LABELLED = re.compile(
    r"(?:[^\W\d_]\s|[^\W\d_]+\s)?(?<![.!?]\s)(?=[^\W\d_])(?-i:[A-ZÀ-ÞА-ЯІЇЄ])[\w'’-]*\s$"
)
_CLOCK = re.compile(r"\s?(?:[ap]\.?\s?m\b|o['’]clock|uhr\b|h\d\d)", re.IGNORECASE)
_TO = re.compile(r"\s?(?:[-–—]|to|and|bis|à|y|a|e|do|до|и|та|-)\s?(?:[$€£])?", re.IGNORECASE)
_CURRENCIES: Final = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₴": "UAH",
    "₽": "RUB",
    "₹": "INR",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureMention:
    """One figure that a text names."""

    start: int
    end: int
    values: tuple[Decimal, ...]  #: what it may mean, likeliest first
    step: Decimal  #: the value of one in the last digit written, with its scale
    unit: str | None  #: %, a currency, km, …
    counted: frozenset[str]  #: stems of the words behind the number: "people", "drones"
    limit: str = ""  #: about, above, below, or ""
    is_ordinal: bool = False
    is_label: bool = False  #: part of a name ("Boeing 737") or a pronoun-like small word ("two"): too weak to conflict

    @property
    def value(self) -> Decimal:
        """The likeliest meaning."""
        return self.values[0]


def figure_mentions(
    text: str,
    *,
    language: str | None = None,
    taken: Sequence[tuple[int, int]] = (),
) -> tuple[FigureMention, ...]:
    """Every figure in the text, in order, at most `FIGURES_LIMIT`; those inside `taken` spans are left out."""
    found: list[FigureMention] = []
    end = 0
    for mention in sorted(_found(text, language), key=lambda one: (one.start, -one.end)):
        if mention.start >= end and not any(
            a < mention.end and mention.start < b for a, b in taken
        ):
            found.append(mention)
            end = mention.end
    return _with_range_units(text, found)


def _found(text: str, language: str | None) -> Iterator[FigureMention]:
    for count, match in enumerate(_NUMBER.finditer(text)):
        if count >= FIGURES_LIMIT:
            break
        mention = _written_in_digits(text, match, language)
        if mention is not None:
            yield mention
    yield from _written_in_words(text, language)


def _written_in_digits(
    text: str, match: re.Match[str], language: str | None
) -> FigureMention | None:
    values = numeral_values(match["digits"], language)
    glued = (match["glued"] or "").casefold()
    numbers = lexicon().numbers
    known = glued in numbers.scales or glued in numbers.units
    if not values or (glued and not known) or _CLOCK.match(text, match.end()):
        return None
    end = match.end("glued") if known else max(match.end("digits"), match.end("ordinal"))
    scale, end = _scale(text, end, glued, language)
    unit, counted, end = _unit(text, end, glued, language)
    money = (match["money"] or "")[-1:]
    sign = -1 if match["sign"] == "−" else 1
    return FigureMention(
        start=match.start("digits") if not money else match.start("money"),
        end=end,
        values=tuple(value * scale * sign for value in values),
        step=precision(match["digits"]) * scale,
        unit=_CURRENCIES.get(money, unit),
        counted=counted,
        limit=_limit(text, match.start()),
        is_ordinal=match["ordinal"] is not None,
        is_label=_LABELLED.search(text[max(0, match.start() - _REACH) : match.start()]) is not None,
    )


def _written_in_words(text: str, language: str | None) -> Iterator[FigureMention]:
    numbers = lexicon().numbers
    count = 0
    for match in _WORD_NUMBER.finditer(text):
        word = match[0].casefold().replace("’", "'")
        ordinal = numbers.ordinals.get(word)
        value = ordinal or _word_value(word)
        if value is None:
            continue
        count += 1
        if count > FIGURES_LIMIT:
            return
        scale, end = (
            (Decimal(1), match.end()) if ordinal else _scale(text, match.end(), "", language)
        )
        unit, counted, end = _unit(text, end, "", language)
        yield FigureMention(
            start=match.start(),
            end=end,
            values=(value * scale,),
            step=scale,
            unit=unit,
            counted=counted,
            limit=_limit(text, match.start()),
            is_ordinal=ordinal is not None,
            is_label=scale == 1 and value < _WORDY_BELOW,
        )


def _word_value(word: str) -> Decimal | None:
    """`twelve` 12, `twenty-five` 25; None for other words."""
    words = lexicon().numbers.words
    if word in words:
        return Decimal(words[word])
    tens, dash, ones = word.partition("-")
    if dash and words.get(tens, 0) >= 20 and words.get(ones, 99) < 10:  # noqa: PLR2004 - tens, then ones
        return Decimal(words[tens] + words[ones])
    return None


def _scale(text: str, end: int, glued: str, language: str | None) -> tuple[Decimal, int]:
    """What the words behind a number multiply it by, and where they end."""
    numbers = lexicon().numbers
    scale = Decimal(1)
    if glued in numbers.scales and glued not in numbers.units:
        scale = numbers.scales[glued]
    for _ in range(2):
        match = _AFTER_WORD.match(text, end)
        word = match[1].casefold() if match else ""
        if match is None or word not in numbers.scales or (len(word) == 1 and text[end] == " "):
            break
        primary = (language or "").split("-")[0].lower()
        long = word in numbers.long_billion and primary in numbers.long_billion_languages
        scale *= Decimal("1e12") if long else numbers.scales[word]
        end = match.end(1)
    return scale, end


def _unit(
    text: str, end: int, glued: str, language: str | None
) -> tuple[str | None, frozenset[str], int]:
    """The unit and the stems of what is counted, and where they end."""
    units = lexicon().numbers.units
    if glued in units:
        return units[glued], _NOTHING, end
    first = _AFTER_WORD.match(text, end)
    if first is not None and first[1].casefold() in _OF:
        first = _AFTER_WORD.match(text, first.end(1))
    if first is None:
        return None, _NOTHING, end
    second = _AFTER_WORD.match(text, first.end(1))
    word = first[1].casefold().replace("° ", "°")
    pair = f"{word} {second[1].casefold()}" if second else ""
    if pair in units and second is not None:
        return units[pair], _NOTHING, second.end(1)
    if word in units:
        return units[word], _NOTHING, first.end(1)
    return None, _counted(text, end, language), end


def _counted(text: str, end: int, language: str | None) -> frozenset[str]:
    """The stems of at most three plain words before a stop word or a mark: what is counted is among them."""
    stops, counted = stop_words(language), set[str]()
    for _ in range(3):
        match = _AFTER_WORD.match(text, end)
        if match is None or not match[1][0].isalpha() or match[1].casefold() in stops:
            break
        counted.add(stem(match[1].casefold()))
        if match.end() != match.end(1):
            break
        end = match.end(1)
    return frozenset(counted)


def _limit(text: str, start: int) -> str:
    """Which limit the words in front of a number set."""
    words = [one.casefold() for one in _BEFORE_WORDS.findall(text[max(0, start - _REACH) : start])]
    numbers = lexicon().numbers
    last, pair = " ".join(words[-1:]), " ".join(words[-2:])
    for name, phrases in (
        ("above", numbers.above),
        ("below", numbers.below),
        ("about", numbers.about),
    ):
        if pair in phrases or (last and last in phrases):
            return name
    return ""


def _with_range_units(text: str, found: Sequence[FigureMention]) -> tuple[FigureMention, ...]:
    """`10 to 12 percent`, `2-3 million`: the first number takes the unit and the scale of the second."""
    mentions = list(found)
    for n in range(len(mentions) - 1):
        first, second = mentions[n], mentions[n + 1]
        between = text[first.end : second.start]
        if len(between) > 8 or not _TO.fullmatch(between):  # noqa: PLR2004 - the longest joining word
            continue
        is_one_kind = first.unit in {None, second.unit}
        is_scaled = is_one_kind and first.step == 1 and second.step > 1
        scale = second.step if is_scaled else Decimal(1)
        mentions[n] = FigureMention(
            start=first.start,
            end=first.end,
            values=tuple(value * scale for value in first.values),
            step=first.step * scale,
            unit=first.unit or second.unit,
            counted=first.counted or second.counted,
            limit=first.limit,
            is_ordinal=first.is_ordinal,
            is_label=first.is_label,
        )
    return tuple(mentions)
