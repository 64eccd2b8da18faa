"""How a day relates to the days that a cited date may mean. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from db.model import DateWindow

__all__ = ["TIME_ZONE_DAYS", "days_outside", "is_near", "shifted"]

#: Days by which one publication may differ: the same instant is two dates in two time zones.
TIME_ZONE_DAYS: Final = 1


def days_outside(on: date, window: DateWindow) -> int:
    """Days between `on` and the nearest day of the window, 0 inside it."""
    return max(0, (window.first_on - on).days, (on - window.last_on).days)


def is_near(on: date, window: DateWindow, *, days: int = TIME_ZONE_DAYS) -> bool:
    """Whether a day lies in the window or at most `days` away from it."""
    return days_outside(on, window) <= days


def shifted(on: date, days: int) -> date:
    """The day that many days later (earlier where negative), held to the calendar's first and last year."""
    ordinal = min(max(on.toordinal() + days, date.min.toordinal()), date.max.toordinal())
    return date.fromordinal(ordinal)
