"""What "yesterday", "on Thursday" and "last month" mean on the day on which they were written. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from db.model import DateWindow
from verifiers.reading.calendar import calendar

__all__ = ["relative_window"]

#: Characters looked at on each side of a word for the other words of its phrase.
_REACH: Final = 24
_LAST_WORD = re.compile(r"([^\W\d_]+)\s$")
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")


def relative_window(
    text: str, span: tuple[int, int], word: str, anchor: date
) -> tuple[tuple[int, int], DateWindow] | None:
    """The span of the phrase that ends or begins with this (case-folded) word and the days it means, or None."""
    words = calendar()
    if word in words.days:
        return _days(anchor, words.days[word], span)
    if word in words.weekdays:
        return _weekday(text, span, words.weekdays[word], anchor)
    return _phrase(text, span, word, anchor)


def _weekday(
    text: str, span: tuple[int, int], weekday: int, anchor: date
) -> tuple[tuple[int, int], DateWindow] | None:
    """The last such day up to the anchor, as news dates itself; "next" and "last" move it."""
    near = _neighbours(text, span)
    back = (anchor.weekday() - weekday) % 7
    if near & calendar().following:
        return _days(anchor, 7 - back, span)
    if near & calendar().preceding and not back:
        back = 7
    return _days(anchor, -back, span)


def _neighbours(text: str, span: tuple[int, int]) -> set[str]:
    before = _LAST_WORD.search(text[max(0, span[0] - _REACH) : span[0]])
    after = _NEXT_WORD.match(text[span[1] : span[1] + _REACH])
    return {match[1].casefold() for match in (before, after) if match is not None}


def _phrase(
    text: str, span: tuple[int, int], word: str, anchor: date
) -> tuple[tuple[int, int], DateWindow] | None:
    before = _LAST_WORD.search(text[max(0, span[0] - _REACH) : span[0]])
    start = span[0]
    phrase = word
    if before is not None:
        start -= len(before[0])
        phrase = f"{before[1].casefold()} {word}"
    meaning = calendar().spans.get(phrase) or calendar().spans.get(word)
    if meaning is None:
        return None
    return (start, span[1]), _unit_window(anchor, *meaning)


def _unit_window(anchor: date, unit: str, shift: int) -> DateWindow:
    if unit == "week":
        monday = anchor - timedelta(days=anchor.weekday() - 7 * shift)
        return DateWindow(first_on=monday, last_on=monday + timedelta(days=6))
    if unit == "year":
        year = anchor.year + shift
        return DateWindow(first_on=date(year, 1, 1), last_on=date(year, 12, 31))
    first = anchor.replace(day=1)
    if shift:
        first = (first - timedelta(days=1)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return DateWindow(first_on=first, last_on=last)


def _days(anchor: date, shift: int, span: tuple[int, int]) -> tuple[tuple[int, int], DateWindow]:
    day = anchor + timedelta(days=shift)
    return span, DateWindow(first_on=day, last_on=day)
