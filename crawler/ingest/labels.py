"""What stands between a marker's brackets: the labels of one reference or several.

Rule: a number of up to three digits or a footnote's name can be nothing but a marker; any other word is one only where
some reference has that label (`[smith2020]`, not `[sic]`).
"""

from __future__ import annotations

import re

from crawler.ingest.rules import rules

__all__ = ["RAISED", "is_exponent", "key_of", "labels"]

#: Raised digits to plain ones.
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: Labels that one marker may hold, ranges counted out; what is wider is not a marker.
MAX_LABELS = 50

_RANGE = re.compile(r"(\d{1,4})\s?[-–—]\s?(\d{1,4})")
_NUMBER = re.compile(r"\d{1,3}")
_FOOTNOTE = re.compile(r"\^[^\s^\[\],;]{1,60}")
#: A word, or an author with a year (`[Smith 2020]`, `[The Outlet 2024b]`).
_LABEL = re.compile(
    r"@?[^\s\[\],;|]{1,60}|[^\W\d_][\w.&’'-]{0,40}(?: [\w.&’'-]{1,40}){0,4} (?:1[5-9]|20)\d\d[a-z]?"
)
_PAGES = re.compile(r"(?:pp?|ch|vol|§|S)\.?\s?\d[\d–-]*")


def key_of(label: str) -> str:
    """A label as references and pointers compare it."""
    return label.strip().casefold()


def is_exponent(text: str, at: int) -> bool:
    """Whether a raised number at `at` belongs to a unit (`m²`) and so is no marker."""
    unit = re.search(r"[^\W\d_]{1,3}$", text[max(0, at - 4) : at])
    return unit is not None and unit.group().lower() in rules().exponents_after


def labels(content: str) -> tuple[tuple[str, ...], bool] | None:
    """(keys in order, whether this can be nothing but a marker) of what stands between brackets; None for words."""
    keys: list[str] = []
    is_certain = True
    for part in map(str.strip, re.split("[,;]", content)):
        numbers = _RANGE.fullmatch(part)
        if numbers:
            first, last = int(numbers[1]), int(numbers[2])
            if not 0 <= last - first < MAX_LABELS:
                return None
            keys += map(str, range(first, last + 1))
        elif _NUMBER.fullmatch(part) or _FOOTNOTE.fullmatch(part):
            keys.append(key_of(part))
        elif keys and _PAGES.fullmatch(part):
            continue
        elif _LABEL.fullmatch(part) and "://" not in part:
            keys.append(key_of(part.removeprefix("@")))
            is_certain = False
        else:
            return None
        if len(keys) > MAX_LABELS:
            return None
    return tuple(keys), is_certain
