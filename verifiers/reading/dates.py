"""The dates that a text names, in ten languages, as spans with the days that each may mean.

Rule: what is read must be written there. A date without its year stays without one unless an anchor (the day on
which the text was written) decides; a relative word ("yesterday", "on Thursday") needs an anchor altogether.
Every pattern is tried at a fixed place within a bounded window, so that the cost is linear in the text.
Sources: ISO 8601 calendar dates; CLDR names and orders of day, month and year.
"""

from __future__ import annotations

import calendar as months_of_the_year
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from db.model import DateWindow
from verifiers.reading.calendar import calendar
from verifiers.reading.lexicon import lexicon
from verifiers.reading.relative_dates import relative_window

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FIRST_YEAR", "LAST_YEAR", "DateMention", "date_mentions", "month_window", "year_window"]

#: Four digits outside of these years are taken for a number.
FIRST_YEAR: Final = 1500
LAST_YEAR: Final = 2199
#: Characters looked at before and after a month's name; "between the 30th and 31st of " is the longest.
_BEFORE = 30
_AFTER = 34

#: Characters in front of a date among which a word leaves one side open.
_OPEN_REACH = 16

_DASH = r"\s?[-‐‑–—/]\s?"
_TO = rf"(?:{_DASH}|\s(?:to|and|until|till|through|bis|und|au|et|al|y|e|a|ao|tot|en|do|i|до|по|и|та|й)\s)"
_ORDINAL = r"(?:st|nd|rd|th|er|º|°|ª|\.|-?го|-?е)?"
_OF = r"(?:\s(?:of|de|del|d['’])\s?)?"
_YEAR = r"(?P<year>(?:1[5-9]|2[01])\d\d)(?!\d|[.,]\d)"

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_DAY_BEFORE = re.compile(
    rf"(?<![\d.,/:-])(?:(?P<first>\d{{1,2}}){_ORDINAL}{_TO})?(?P<day>\d{{1,2}}){_ORDINAL}{_OF}\s{{0,2}}$",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(rf"(?<!\d){_YEAR.replace('(?!', '(?:,|年)?(?!')}\s{{1,2}}$")
_YEAR_AFTER = re.compile(rf"\.?,?\s{{0,2}}(?:(?:of|de|del|d['’])\s)?{_YEAR}", re.IGNORECASE)
_DAY_AFTER = re.compile(
    rf"\.?\s{{1,2}}(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<last>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]))?"
    rf"(?:,?\s{{1,2}}{_YEAR})?(?![\d:%])(?![.,]\d)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:"
    r"(?P<iso>(?P<y>(?:1[5-9]|2[01])\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2}))(?=$|\D|T\d)"
    r"|(?P<a>\d{1,2})(?P<t>[./-])(?P<b>\d{1,2})(?P=t)(?P<c>(?:1[5-9]|2[01])\d\d)(?!\d)"
    r"|(?P<cy>(?:1[5-9]|2[01])\d\d)年(?P<cm>\d{1,2})月(?:(?P<cd>\d{1,2})日)?"
    r")"
)
_BARE_YEAR = re.compile(r"(?<![\w.,/$€£¥-])(?:1[5-9]|2[01])\d\d(?![\w%‰°]|[.,/]\d|\s?[%€£])")
_YEARS = re.compile(
    r"(?<![\w.,/-])(?P<from>(?:1[5-9]|2[01])\d\d)\s?[-–—/]\s?(?P<to>(?:1[5-9]|2[01])\d\d)(?![\w-])"
)
#: What stands before or after four digits that are a year and not a number of things.
_YEAR_LEAD = re.compile(
    r"(?:(?:^|[\s(])(?:in|since|by|until|till|from|to|of|during|before|after|around|circa|year|early|mid|late|and|"
    r"jahr|jahre|seit|bis|im|vor|nach|von|en|depuis|année|an|de|del|dal|nel|desde|año|hasta|dall|em|ano|sinds|jaar|"
    r"w|od|do|rok|roku|у|в|з|с|до|від|року|году|год|січня|la|le|el|il)\s|[(,;:–—]\s?|['’])$",
    re.IGNORECASE,
)
_YEAR_TRAIL = re.compile(r"\s?(?:[,.;:)\]–—]|$|року|році|рік|году|года|год|roku|г\.|р\.|r\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """One date that a text names."""

    start: int
    end: int
    window: DateWindow | None  #: None when neither the text nor the anchor gives the year
    relative: bool  #: resolved against the anchor: right for confirming, too weak for a conflict
    year: int | None = None  #: as written
    first: tuple[int, int] | None = (
        None  #: month and day as written; None for a year or a month alone
    )
    last: tuple[int, int] | None = None  #: inclusive, month and day; equals `first` but for ranges
    is_open: bool = False  #: "before", "since", "by": one side is open

    @property
    def is_day(self) -> bool:
        """Whether the text names one day, with or without its year."""
        return self.first is not None and self.first == self.last


def date_mentions(text: str, *, anchor: date | None = None) -> tuple[DateMention, ...]:
    """Every date in the text, in order, none overlapping another.

    `anchor` is the day on which the text was written; it gives the year to a date that has none (the nearest) and
    a meaning to relative words. Without it the former have no window and the latter are left out.
    """
    taken: list[DateMention] = []
    end = 0
    for mention in sorted(_found(text, anchor), key=lambda one: (one.start, -one.end)):
        if mention.start >= end:
            taken.append(replace(mention, is_open=_is_open(text, mention.start)))
            end = mention.end
    return tuple(taken)


def _is_open(text: str, start: int) -> bool:
    words = _WORD.findall(text[max(0, start - _OPEN_REACH) : start])
    return any(word.casefold() in lexicon().open_dates for word in words[-2:])


def month_window(year: int, month: int) -> DateWindow:
    """All days of one month."""
    last = months_of_the_year.monthrange(year, month)[1]
    return DateWindow(first_on=date(year, month, 1), last_on=date(year, month, last))


def year_window(year: int) -> DateWindow:
    """All days of one year."""
    return DateWindow(first_on=date(year, 1, 1), last_on=date(year, 12, 31))


def _found(text: str, anchor: date | None) -> Iterator[DateMention]:
    for match in _NUMERIC.finditer(text):
        mention = _numeric(match)
        if mention is not None:
            yield mention
    for match in _YEARS.finditer(text):
        first, last = int(match["from"]), int(match["to"])
        if first <= last:
            window = DateWindow(first_on=date(first, 1, 1), last_on=date(last, 12, 31))
            yield DateMention(start=match.start(), end=match.end(), window=window, relative=False)
    for match in _BARE_YEAR.finditer(text):
        lead, trail = text[max(0, match.start() - 12) : match.start()], text[match.end() :][:8]
        if _YEAR_LEAD.search(lead) or _YEAR_TRAIL.match(trail):
            year = int(match[0])
            yield DateMention(
                start=match.start(),
                end=match.end(),
                window=year_window(year),
                relative=False,
                year=year,
            )
    yield from _worded(text, anchor)


def _worded(text: str, anchor: date | None) -> Iterator[DateMention]:
    words = calendar()
    for match in _WORD.finditer(text):
        word = match[0].casefold().replace("’", "'").replace("ʼ", "'")
        month = words.months.get(word)
        if month is not None:
            mention = _by_month(text, match, month, anchor)
            if mention is not None:
                yield mention
        elif anchor is not None:
            found = relative_window(text, match.span(), word, anchor)
            if found is not None:
                (start, end), window = found
                yield DateMention(start=start, end=end, window=window, relative=True)


def _by_month(
    text: str, match: re.Match[str], month: int, anchor: date | None
) -> DateMention | None:
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    after = text[match.end() : match.end() + _AFTER]
    day, year = _DAY_BEFORE.search(before), _YEAR_AFTER.match(after)
    start, end = match.start(), match.end() + (year.end() if year else 0)
    if day is not None and _is_day(day["day"]):
        start -= len(before) - day.start()
        first = int(day["first"]) if _is_day(day["first"]) else int(day["day"])
        last = int(day["day"])
    elif year is not None:
        first = last = 0
    elif (year := _DAY_AFTER.match(after)) is not None and _is_day(year["day"]):
        end = match.end() + year.end()
        first = int(year["day"])
        last = int(year["last"]) if _is_day(year["last"]) else first
    else:
        return None
    written = int(year["year"]) if year is not None and year["year"] else None
    if written is None and (earlier := _YEAR_BEFORE.search(text[max(0, start - 8) : start])):
        written, start = int(earlier["year"]), start - (min(8, start) - earlier.start())
    if not _is_month(match[0], has_year=written is not None):
        return None
    return _mention((start, end), (written, month), (first, last), anchor)


def _is_month(word: str, *, has_year: bool) -> bool:
    """Whether a word that names a month is meant as one: "may 3" is not, "May 3" and "may 2026" are."""
    plain = word.casefold()
    if has_year or plain not in calendar().ambiguous:
        return True
    return plain in calendar().capitalised and word[0].isupper()


def _mention(
    span: tuple[int, int],
    year_month: tuple[int | None, int],
    days: tuple[int, int],
    anchor: date | None,
) -> DateMention | None:
    (year, month), (first, last) = year_month, days
    if not first:
        return DateMention(
            start=span[0],
            end=span[1],
            window=month_window(year, month) if year else None,
            relative=False,
            year=year,
        )
    guessed = year if year is not None else _nearest_year(anchor, month, first)
    try:
        opens, closes = date(guessed or 2024, month, first), date(guessed or 2024, month, last)
    except ValueError:
        return None
    if closes < opens:
        return None
    return DateMention(
        start=span[0],
        end=span[1],
        window=DateWindow(first_on=opens, last_on=closes) if guessed else None,
        relative=year is None,
        year=year,
        first=(month, first),
        last=(month, last),
    )


def _nearest_year(anchor: date | None, month: int, day: int) -> int | None:
    """The year in which this day lies nearest to the anchor."""
    if anchor is None:
        return None
    in_june = anchor.replace(month=month, day=min(day, 28))
    if in_june - anchor > timedelta(days=183):
        return anchor.year - 1
    return anchor.year + 1 if anchor - in_june > timedelta(days=183) else anchor.year


def _numeric(match: re.Match[str]) -> DateMention | None:
    span = match.span()
    if match["c"]:
        return _day_and_month(span, match)
    year, month = match["y"] or match["cy"], match["m"] or match["cm"]
    if not _is_month_number(month):
        return None
    return _mention(span, (int(year), int(month)), _once(match["d"] or match["cd"] or "0"), None)


def _day_and_month(span: tuple[int, int], match: re.Match[str]) -> DateMention | None:
    """`30.01.2026` is day first; with another separator the order is open, and the window covers both readings."""
    a, b, year = match["a"], match["b"], int(match["c"])
    readings = [_mention(span, (year, int(b)), _once(a), None)] if _is_month_number(b) else []
    if match["t"] != "." and _is_month_number(a):
        readings.append(_mention(span, (year, int(a)), _once(b), None))
    windows = [one.window for one in readings if one is not None and one.window is not None]
    if not windows:
        return None
    if len({(one.first_on, one.last_on) for one in windows}) == 1:
        return next(one for one in readings if one is not None)
    window = DateWindow(
        first_on=min(one.first_on for one in windows), last_on=max(one.last_on for one in windows)
    )
    return DateMention(start=span[0], end=span[1], window=window, relative=False, year=year)


def _once(digits: str) -> tuple[int, int]:
    return int(digits), int(digits)


def _is_day(digits: str | None) -> bool:
    return digits is not None and 1 <= int(digits) <= 31  # noqa: PLR2004 - the longest month


def _is_month_number(digits: str) -> bool:
    return 1 <= int(digits) <= 12  # noqa: PLR2004 - months in a year
