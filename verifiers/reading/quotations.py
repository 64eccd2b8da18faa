"""The quotations that a text marks as such, in every style of quotation marks, as spans of what is quoted. Pure.

Source: CLDR delimiters; apostrophes are told from single marks by the letters around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

__all__ = ["QuotationMention", "quotation_mentions"]

#: Characters of the longest quotation that is read.
_LENGTH_LIMIT: Final = 2_000
#: Quotations that are read of one text.
_COUNT_LIMIT: Final = 100

#: Opening mark → marks that may close it. „…“ and „…”, «…» and »…«, “…” and ”…”.
_PAIRS: Final = {
    "“": "”",
    "„": '“”"',
    "”": "”",
    '"': '"',
    "«": "»",
    "»": "«»",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "'": "'",
    "「": "」",
    "『": "』",
}
_SINGLE: Final = frozenset("‘‚'")
_OPENING = re.compile("[" + "".join(_PAIRS) + "]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationMention:
    """One quotation: the span of what stands between the marks."""

    start: int
    end: int
    outer_start: int  #: with the marks
    outer_end: int
    words: int
    is_title: bool  #: every word of weight is capitalised: the name of a work


def quotation_mentions(text: str) -> tuple[QuotationMention, ...]:
    """Every quotation in the text, in order, outermost only; at most 100, of at most 2,000 characters each."""
    found: list[QuotationMention] = []
    at = 0
    while len(found) < _COUNT_LIMIT and (match := _OPENING.search(text, at)) is not None:
        end = _closing(text, match.start())
        at = match.end()
        if end is None:
            continue
        inner = text[match.end() : end]
        words = _WORD.findall(inner)
        if words:
            found.append(
                QuotationMention(
                    start=match.end(),
                    end=end,
                    outer_start=match.start(),
                    outer_end=end + 1,
                    words=len(words),
                    is_title=_is_title(words),
                )
            )
            at = end + 1
    return tuple(found)


def _closing(text: str, opening: int) -> int | None:
    """Where the quotation that opens here closes, None where it does not or nothing opens."""
    mark = text[opening]
    before = text[opening - 1] if opening else " "
    if mark in "'’‘\"”" and (before.isalnum() or before in ")]"):
        return None
    following = text[opening + 1 : opening + 2]
    if mark in "'\"”»" and (not following or following.isspace()):
        return None
    limit = min(len(text), opening + 1 + _LENGTH_LIMIT)
    for at in range(opening + 1, limit):
        if text[at] in _PAIRS[mark] and (mark not in _SINGLE or _closes_single(text, at)):
            return at
    return None


def _closes_single(text: str, at: int) -> bool:
    """Whether a single mark closes: no letter follows, as one does an apostrophe."""
    after = text[at + 1 : at + 2]
    return not after.isalnum() and not text[at - 1].isspace()


def _is_title(words: list[str]) -> bool:
    weighty = [word for word in words if len(word) > 3]  # noqa: PLR2004 - articles and prepositions
    return len(words) > 1 and len(weighty) > 1 and all(not word[0].islower() for word in weighty)
