"""The days that a citation's date may mean, from the date exactly as written. Pure.

It reads through `verifiers.reading.dates`, so that a reference list and a page are read alike, and adds what only
reference lists have: dates without separators, two-digit years, months as numbers, seasons.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from db.model import DateWindow
from verifiers.reading.calendar import calendar
from verifiers.reading.dates import date_mentions, month_window, year_window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifiers.reading.dates import DateMention

__all__ = ["cited_window", "dated_title"]

#: Characters of a cited date that are looked at; what is longer is no date.
_LIMIT: Final = 200
#: Two-digit years up to this one belong to this century. Source: POSIX strptime, %y.
_CENTURY_TURNS: Final = 68

_JOINED = re.compile(
    r"\s*(?:-|‐|‑|–|—|/|to|until|till|through|and|bis|und|au|et|al|y|a|tot|en|do|до|по|и)\s*"
)
_TWO_MONTHS = re.compile(
    r"([^\W\d_]{3,12})\.?\s?[-–—/]\s?([^\W\d_]{3,12})\.?,?\s((?:1[5-9]|2[01])\d\d)(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_SHORT = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2(\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})[./](\d{4})(?!\d)")
_MONTH_LAST = re.compile(r"(?<![\d./-])((?:1[5-9]|2[01])\d\d)[-/.](\d{1,2})(?![\d./-])")
_ANY_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d(?!\d)")


def cited_window(text: str | None) -> DateWindow | None:
    """The days that a date as cited may mean, None when no date can be read.

    `01/02/2026` may be in January or February: the window covers both readings. A range covers all its days.
    """
    cited = (text or "")[:_LIMIT].strip()
    if not cited:
        return None
    for reading in _READINGS:
        window = reading(cited)
        if window is not None:
            return window
    return None


def dated_title(title: str | None) -> DateWindow | None:
    """The day that a headline ends in, as addresses, briefings and minutes do; None for any other headline.

    Only a full day at the very end counts: a date within a headline tells what it is about, not when it appeared.
    """
    text = (title or "")[-_LIMIT:].rstrip(" .)]”\"'»")
    for mention in date_mentions(text):
        window = mention.window
        if mention.end == len(text) and window and window.first_on == window.last_on:
            return window
    return None


def _worded(cited: str) -> DateWindow | None:
    """The first day or month of the text, with all days up to a second one that a dash or "to" joins to it."""
    dated = [
        one for one in date_mentions(cited) if one.first is not None or not _is_year_alone(one)
    ]
    if not dated:
        return None
    first, second = dated[0], dated[1] if len(dated) > 1 else None
    if second is None or not _JOINED.fullmatch(cited[first.end : second.start]):
        return first.window
    return _range(first, second) or first.window or second.window


def _is_year_alone(mention: DateMention) -> bool:
    return mention.window is not None and mention.window == year_window(
        mention.window.first_on.year
    )


def _range(first: DateMention, second: DateMention) -> DateWindow | None:
    if second.window is None:
        return None
    opens = first.window.first_on if first.window is not None else None
    if opens is None and first.first is not None and second.year is not None:
        opens = _day(second.year, *first.first)
        if opens is not None and opens > second.window.last_on:
            opens = _day(second.year - 1, *first.first)
    if opens is None or opens > second.window.last_on:
        return None
    return DateWindow(first_on=opens, last_on=second.window.last_on)


def _months(cited: str) -> DateWindow | None:
    """`November–December 2025`: all days of both months and between."""
    match = _TWO_MONTHS.search(cited)
    names = calendar().months
    first, last = (names.get(match[n].casefold()) for n in (1, 2)) if match else (None, None)
    if match is None or first is None or last is None or first > last:
        return None
    year = int(match[3])
    return DateWindow(first_on=date(year, first, 1), last_on=month_window(year, last).last_on)


def _compact(cited: str) -> DateWindow | None:
    match = _COMPACT.search(cited)
    return None if match is None else _spanning([_day(int(match[1]), int(match[2]), int(match[3]))])


def _short(cited: str) -> DateWindow | None:
    match = _SHORT.search(cited)
    if match is None:
        return None
    a, b, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if year <= _CENTURY_TURNS else 1900
    readings = [_day(year, b, a)]
    if match[2] != ".":
        readings.append(_day(year, a, b))
    return _spanning(readings)


def _month(cited: str) -> DateWindow | None:
    match = _MONTH_LAST.search(cited)
    year, month = (match[1], match[2]) if match else ("", "")
    if match is None and (match := _MONTH_FIRST.search(cited)):
        year, month = match[2], match[1]
    if match is None or _day(int(year), int(month), 1) is None:
        return None
    return month_window(int(year), int(month))


def _year(cited: str) -> DateWindow | None:
    match = _ANY_YEAR.search(cited)
    return None if match is None else year_window(int(match[0]))


def _spanning(days: Sequence[date | None]) -> DateWindow | None:
    known = [day for day in days if day is not None]
    return DateWindow(first_on=min(known), last_on=max(known)) if known else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


#: Tried in this order; the first that reads a date wins.
_READINGS: Final[tuple[Callable[[str], DateWindow | None], ...]] = (
    _months,
    _worded,
    _compact,
    _short,
    _month,
    _year,
)
