"""Reads the dates that pages write, in attributes and in prose.

Rule: text in, a stamp or None out; knows no clock. A stamp keeps the calendar day as the page states it, and the
instant only where the page states an offset; a time without one is nobody's instant. Years before 1990 are
refused, because no web page was published then.

Source: ISO 8601, RFC 5322 3.3, HTML 2.3.5 (dates and times); month names in `dates.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from crawler.extract.rules import rules

__all__ = ["Stamp", "day_in_text", "day_in_url", "days_in_text", "stamp"]

EARLIEST_YEAR: Final = 1990
LATEST_YEAR: Final = 2100
MAX_CHARACTERS: Final = 120

#: Seconds and milliseconds since 1970 that lie between 2001 and 2065.
_EPOCH: Final = re.compile(r"[1-2]\d{9}(?:\d{3})?")
_MONTHS: Final = {
    name: number
    for number, row in enumerate(rules("dates.toml")["months"], start=1)
    for name in str(row).split()
}
_TIME: Final = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
_OFFSET: Final = re.compile(
    _TIME + r"\s{0,3}(?:(Z|GMT|UTC)|([+-]\d{2}):?(\d{2})?)(?![\d:])", re.IGNORECASE
)
_UTC: Final = re.compile(r"\d\s{0,3}(?:Z|GMT|UTC|[+-]00:?(?:00)?)(?![\d:])", re.IGNORECASE)
_ISO: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
_CJK: Final = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_ANY_DIGIT: Final = re.compile(r"\d")
_ANY_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: Indic and Arabic marks are part of the word, though they are no letters.
_WORD: Final = r"([^\s\d.,:;/()|\-]{2,14})"
_YEAR: Final = r"((?:19|20)\d\d)(?!\d)"
_DAY_FIRST: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s\-/,]{{0,3}}(?:de |of |ta |d['’])?{_WORD}"
    rf"[.,]?[\s\-/,]{{0,3}}(?:de |del )?{_YEAR}",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"{_WORD}\.?[\s\-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?[\s,\-]{{1,3}}{_YEAR}", re.IGNORECASE
)
_YEAR_FIRST: Final = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?:\.| m\.)?\s{{1,2}}{_WORD}\.?\s{{1,2}}(\d{{1,2}})(?!\d)",
    re.IGNORECASE,
)
_NUMERIC: Final = re.compile(rf"(?<![\d./-])(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?{_YEAR}")
_SHORT: Final = re.compile(r"(?<![\d./:-])(\d{1,2})([./])(\d{1,2})\2(\d\d)(?![\d./:%-])")
#: Two-digit years up to this one belong to this century. Source: POSIX strptime, %y.
_CENTURY_TURNS: Final = 68
#: Patterns, and the places of year, month and day among their groups.
_NAMED: Final = (
    (_DAY_FIRST, (2, 1, 0)),
    (_MONTH_FIRST, (2, 0, 1)),
    (_YEAR_FIRST, (0, 1, 2)),
)
_IN_URL: Final = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/._-]|\D|$)"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date as stated; `instant` is aware UTC, and None where time or offset is missing.

    `is_utc` where the day itself is stated in UTC, and may be another where the page was written.
    """

    day: date
    instant: datetime | None = None
    is_utc: bool = False


def stamp(text: str) -> Stamp | None:
    """The stamp of an attribute or field that holds a date and little else; None where it cannot be read."""
    text = text.strip()[:MAX_CHARACTERS]
    if not text:
        return None
    return _iso_stamp(text) or _other_stamp(text)


def _iso_stamp(text: str) -> Stamp | None:
    """The stamp of what most fields hold, read without a search; None where it may be anything else."""
    if text[4:5] != "-" or len(text) < len("2026-01-30"):
        return None
    try:
        stated = datetime.fromisoformat(text)
        instant = stated.astimezone(UTC) if stated.tzinfo else None
    except (ValueError, OverflowError):
        return None
    if not EARLIEST_YEAR <= stated.year <= LATEST_YEAR:
        return None
    is_utc = instant is not None and not stated.utcoffset()
    return Stamp(stated.date(), instant, is_utc=is_utc)


def _other_stamp(text: str) -> Stamp | None:
    if _EPOCH.fullmatch(text):
        moment = datetime.fromtimestamp(int(text[:10]), tz=UTC)
        return Stamp(moment.date(), moment, is_utc=True)
    day = day_in_text(text)
    if not day:
        return None
    instant = _instant(day, text)
    return Stamp(day, instant, is_utc=instant is not None and _UTC.search(text) is not None)


def day_in_text(text: str, *, month_first: bool = False) -> date | None:
    """The first day that a line of text states; `month_first` reads 3/4/2020 as the fourth of March."""
    return next(iter(days_in_text(text, month_first=month_first)), None)


def days_in_text(text: str, *, month_first: bool = False) -> tuple[date, ...]:
    """The days that the first date of a line may mean, likeliest first: two where only the page's habit can tell."""
    text = text[:MAX_CHARACTERS]
    if not _ANY_DIGIT.search(text):
        return ()
    text = _western(text)
    worded = (_iso_day(text) or _named_day(text)) if _ANY_YEAR.search(text) else None
    return (worded,) if worded else _numeric_days(text, month_first=month_first)


def day_in_url(url: str) -> date | None:
    """The day in a URL's path (`/2019/11/19/`)."""
    found = _IN_URL.search(url[:2000])
    return _day(found[1], found[2], found[3]) if found else None


def _iso_day(text: str) -> date | None:
    found = _ISO.search(text)
    if found and (found[2] or len(found[3] + found[4]) == 4):  # noqa: PLR2004 - MMDD
        return _day(found[1], found[3], found[4])
    found = _CJK.search(text)
    return _day(*found.groups()) if found else None


def _western(text: str) -> str:
    """The text with the digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _named_day(text: str) -> date | None:
    lowered = text.lower()
    for pattern, order in _NAMED:
        for found in pattern.finditer(lowered):
            groups = found.groups()
            year, month, day = (groups[place] for place in order)
            number = _MONTHS.get(month)
            if number and (read := _day(year, number, day)):
                return read
    return None


def _numeric_days(text: str, *, month_first: bool) -> tuple[date, ...]:
    found = _NUMERIC.search(text) or _SHORT.search(text)
    if not found:
        return ()
    first, second, year = found[1], found[3], found[4]
    if len(year) == 2:  # noqa: PLR2004
        year = f"{20 if int(year) <= _CENTURY_TURNS else 19}{year}"
    orders = [(second, first)] if found[2] == "." else [(second, first), (first, second)]
    if month_first:
        orders.reverse()
    read = (_day(year, month, day) for month, day in orders)
    return tuple(dict.fromkeys(day for day in read if day))


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return read if EARLIEST_YEAR <= read.year <= LATEST_YEAR else None


def _instant(day: date, text: str) -> datetime | None:
    found = _OFFSET.search(text)
    if not found:
        return None
    hours, minutes = int(found[5] or 0), int(found[6] or 0)
    try:
        offset = timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
        local = datetime(
            day.year,
            day.month,
            day.day,
            int(found[1]),
            int(found[2]),
            int(found[3] or 0),
            tzinfo=offset,
        )
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
