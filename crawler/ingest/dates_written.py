"""Where a date stands in a reference line, exactly as written; what days it means is not asked here.

Rule: one alternation, built once from the months in `rules.toml`, most specific form first.
"""

from __future__ import annotations

import re
from functools import cache

from crawler.ingest.rules import rules

__all__ = ["written_date"]

_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"


def written_date(text: str) -> tuple[int, int] | None:
    """(start, end) of the last full date in `text`, else of its last month and year, else of its last year."""
    for pattern in _patterns():
        spans = [match.span() for match in pattern.finditer(text)]
        if spans:
            return spans[-1]
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = rf"(?:{'|'.join(map(re.escape, rules().months))})\.?"
    of = r"(?:\s(?:de|of|di))?"
    full = (
        rf"{month}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th|er|\.|º)?{of}\s{month},?(?:\sde|\sdel)?\s{_YEAR}(?:\s(?:року|р\.|года|г\.))?",
        rf"{_YEAR},?\s{month}\s{_DAY}(?:st|nd|rd|th)?",
        rf"{_YEAR}[-/.]\d\d?[-/.]\d\d?(?:T[\d:.]+Z?)?",
        rf"\d\d?[-/.]\d\d?[-/.]{_YEAR}",
        r"\d{4}年\d\d?月\d\d?日",
    )
    months = (
        rf"{month}(?:\sde|\sdel)?,?\s{_YEAR}(?:\s(?:року|года))?",
        rf"{_YEAR},?\s{month}",
        rf"{_YEAR}-\d\d",
        r"\d{4}年(?:\d\d?月)?",
    )
    years = (rf"(?:spring|summer|autumn|fall|winter)\s{_YEAR}", _YEAR)
    forms = map("|".join, (full, months, years))
    return tuple(re.compile(rf"(?<![\w/.-])(?:{form})(?![\w/-])", re.IGNORECASE) for form in forms)
