"""The value of digits as written: `1,234.5`, `1.234,5`, `1 234,5`, `1'234.5`. Pure.

One separator before exactly three digits is read by the text's language, and both ways where that is not known.
Source: CLDR number symbols.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

__all__ = ["NUMERAL", "numeral_values", "precision"]

#: Languages that write 1,234.5; the other known ones write 1.234,5 or 1 234,5.
_POINT_LANGUAGES: Final = frozenset({"en", "zh", "ja", "he", "th", "ko"})
#: Digits above which a numeral is an identifier and no number of things.
_DIGITS_LIMIT: Final = 15

_SPACE = "\u00a0\u202f\u2009 "
#: Digits with their separators, as a pattern without groups; every quantifier is bounded.
NUMERAL: Final = (
    rf"(?:\d{{1,3}}(?:[{_SPACE}]\d{{3}}(?!\d)){{1,5}}(?:[.,]\d{{1,6}}(?!\d))?"
    r"|\d{1,15}(?:[.,'’]\d{1,15}){0,6})"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_GROUPED_BY_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}$")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?$")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}$")


def numeral_values(digits: str, language: str | None) -> tuple[Decimal, ...]:
    """What the digits may mean, likeliest first; empty when they are no number (a version, an address)."""
    plain = re.sub(rf"[{_SPACE}'’]", "", digits)
    if sum(char.isdigit() for char in plain) > _DIGITS_LIMIT or not plain.isascii():
        return ()
    if _ONE_GROUP.match(plain):
        return _by_language(plain, language)
    if _GROUPED.match(plain) or _INDIAN.match(plain):
        return (Decimal(plain.replace(",", "")),)
    if _GROUPED_BY_POINT.match(plain):
        return (Decimal(plain.replace(".", "").replace(",", ".")),)
    if _DECIMAL.match(plain):
        return (Decimal(plain.replace(",", ".")),)
    return ()


def precision(digits: str) -> Decimal:
    """The value of one in the last digit written, taking `1,234` as whole: `12` 1, `12.5` 0.1."""
    plain = re.sub(rf"[{_SPACE}'’]", "", digits)
    match = re.search(r"[.,](\d{1,2}|\d{4,})$", plain)
    return Decimal(1).scaleb(-len(match[1])) if match else Decimal(1)


def _by_language(plain: str, language: str | None) -> tuple[Decimal, ...]:
    whole, fraction = Decimal(re.sub(r"[.,]", "", plain)), Decimal(plain.replace(",", "."))
    primary = (language or "").split("-")[0].lower()
    if not primary:
        return whole, fraction
    grouping = "," if primary in _POINT_LANGUAGES else "."
    return (whole,) if grouping in plain else (fraction,)
