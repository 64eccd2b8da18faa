"""The words of the calendar as look-up tables, read once from `calendar.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Calendar", "calendar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What calendar words mean; every key is case-folded."""

    months: Mapping[str, int]  #: word → 1..12
    ambiguous: frozenset[str]  #: month words that need a year beside them …
    capitalised: frozenset[str]  #: … or, these, a capital letter
    weekdays: Mapping[str, int]  #: word → 0..6, Monday 0
    days: Mapping[str, int]  #: word → days from the day of writing
    spans: Mapping[str, tuple[str, int]]  #: phrase → unit (week, month, year) and units from now
    following: frozenset[str]  #: "next" in front of or behind a weekday
    preceding: frozenset[str]  #: "last" likewise


@cache
def calendar() -> Calendar:
    """The one calendar."""
    raw = tomllib.loads(resources.files(__package__).joinpath("calendar.toml").read_text("utf-8"))
    return Calendar(
        months=_numbered(raw["months"], first=1),
        ambiguous=frozenset(raw["ambiguous"]),
        capitalised=frozenset(raw["ambiguous_capitalised"]),
        weekdays=_numbered(raw["weekdays"], first=0),
        days={word: int(shift) for shift, words in raw["days"].items() for word in words},
        spans={
            phrase: (row["unit"], row["shift"]) for row in raw["spans"] for phrase in row["phrases"]
        },
        following=frozenset(raw["next"]),
        preceding=frozenset(raw["last"]),
    )


def _numbered(rows: list[list[str]], *, first: int) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, start=first) for word in row}
