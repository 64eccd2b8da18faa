"""Where quotations stand in a paragraph, so that no sentence is cut inside of one.

Rule: one pass, one stack, no guessing about what is never closed: a mark without its partner quotes nothing. Pairs
are those that European and East Asian languages use (CLDR delimiters; GB/T 15834 for titles of works); the closing
mark of one language is the opening mark of another, so what is open decides.
"""

from __future__ import annotations

import re

__all__ = ["quotation_spans"]

#: Characters of a quotation within one paragraph; a longer one is two marks that do not belong together.
MAX_QUOTATION = 1_500

_MARKS = re.compile("[“”„‟\"«»‹›「」『』《》〈〉‘’‚']")
#: Opening mark → the marks that may close it.
_PAIRS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    '"': '"',
    "«": "»",
    "»": "«",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
#: Marks that are also apostrophes, or that open in one language and close in another: only at a word's edge.
_NEEDS_EDGE = frozenset("\"'‘‚»")
_APOSTROPHES = frozenset("'’")


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of the outermost quotations, marks included, in order and without overlap."""
    spans: list[tuple[int, int]] = []
    open_marks: list[tuple[str, int]] = []
    for match in _MARKS.finditer(text):
        mark, at = match.group(), match.start()
        if open_marks and at - open_marks[0][1] > MAX_QUOTATION:
            open_marks.clear()
        depth = _closed_depth(open_marks, mark) if _may_close(text, at, mark) else None
        if depth is not None:
            start = open_marks[depth][1]
            del open_marks[depth:]
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, at + 1))
        elif mark in _PAIRS and _may_open(text, at, mark):
            open_marks.append((mark, at))
    return spans


def _closed_depth(open_marks: list[tuple[str, int]], mark: str) -> int | None:
    """Index of the innermost open mark that `mark` closes; looks at few, so that a pass stays linear."""
    for depth in range(len(open_marks) - 1, max(-1, len(open_marks) - 4), -1):
        if mark in _PAIRS[open_marks[depth][0]]:
            return depth
    return None


def _may_open(text: str, at: int, mark: str) -> bool:
    if mark not in _NEEDS_EDGE:
        return True
    before = text[at - 1 : at]
    after = text[at + 1 : at + 2]
    return not before.isalnum() and before not in set(".,!?…") and bool(after.strip())


def _may_close(text: str, at: int, mark: str) -> bool:
    if mark in _APOSTROPHES:
        return not text[at + 1 : at + 2].isalnum() and bool(text[at - 1 : at].strip())
    return mark != '"' or bool(text[at - 1 : at].strip())
