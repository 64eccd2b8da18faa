"""Remarks that stand behind a sentence and say where it comes from: `(The Outlet)`, `Source: The Outlet`.

Rule: a remark is no sentence. It opens with a word for source and a colon, or stands in brackets that hold no sentence
of their own, and it holds a marker or link; what it points to belongs to the sentence before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from crawler.ingest.rules import rules
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["is_aside", "with_asides_apart"]

#: Characters and words of a remark; what is longer says more than where something comes from.
MAX_ASIDE = 200
MAX_WORDS = 12

_OPENING = re.compile(rf"[(\[][^()\[\]]{{1,{MAX_ASIDE}}}[)\]](?=\s|$)")
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[^()\[\].!?…][)\]][.]?")
_NAMED = re.compile(r"[(\[]?([^\W\d_][^:：.]{0,30})[:：]")


def with_asides_apart(
    text: str, spans: Sequence[tuple[int, int]], marks: Sequence[int]
) -> list[tuple[int, int]]:
    """The spans of sentences, with a remark in brackets at the head of one made a span of its own.

    `marks` are the offsets of markers in order; a marker in a remark stands before its closing bracket.
    """
    return [part for span in spans for part in _parted(text, span, marks)]


def is_aside(text: str) -> bool:
    """Whether a stretch between sentences only says where the one before it comes from."""
    if len(text) > MAX_ASIDE:
        return False
    named = _NAMED.match(text)
    if named and folded(named[1]) in rules().source_leads:
        return True
    return bool(_IN_BRACKETS.fullmatch(text)) and len(text.split()) <= MAX_WORDS


def _parted(text: str, span: tuple[int, int], marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    start, end = span
    while opening := _OPENING.match(text, start, end):
        index = bisect_right(marks, start)
        is_pointed = index < len(marks) and marks[index] < opening.end()
        if not (is_pointed and is_aside(opening.group()) and opening.end() < end):
            break
        yield opening.span()
        start = opening.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
    yield start, end
