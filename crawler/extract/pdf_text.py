"""Makes paragraphs of the lines of a PDF's pages.

Rule: lines in, blocks out. A PDF draws lines and knows no paragraphs: a new one begins where the gap, the size or
the indent says so, or after a short last line. What repeats at the edge of many pages is no text of any of them,
nor is a bare page number there. A paragraph that plainly goes on overleaf is one block, so that a quotation across
a page break is found; all other pages begin with a block of their own.

Constants are typographic habits: leading is 1.1 to 1.3 of the size within a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.extract.pdf_reading import PdfLine

__all__ = ["blocks_of", "largest_line", "without_running"]

Lines = tuple["PdfLine", ...]
Mark = tuple[str | int, int]

#: Lines at either edge of a page among which headers and footers stand.
EDGE_LINES: Final = 3
#: Share of the pages, and their least number, on which a line repeats to be a header or footer; even and odd
#: pages may have one each.
RUNNING_SHARE: Final = 0.4
MIN_RUNNING_PAGES: Final = 3
MAX_RUNNING_CHARACTERS: Final = 160
#: Points within which running lines stand at the same height on all pages.
SAME_HEIGHT: Final = 8.0
#: A gap larger than so many times the page's usual one begins a paragraph.
GAP: Final = 1.3
#: Sizes that differ by less than this share are one size.
SAME_SIZE: Final = 0.1
#: An indent of a first line, in sizes, and the most that is still one and not another column.
INDENT: Final = (0.7, 5.0)
#: A line shorter than this share of the page's usual one is a last line, if a sentence ends there.
SHORT_LINE: Final = 0.75
#: A heading is larger than the text by this factor.
LARGER: Final = 1.15
MAX_TITLE_LINES: Final = 4
MAX_TITLE_CHARACTERS: Final = 300

#: Characters at the end of a line that decide how the next is joined.
WORD: Final = 64

_SENTENCE_END: Final = re.compile(r"[.!?…:;。！？][”\"'’»)\]]{0,3}$")
_BULLET: Final = re.compile(r"[•●▪■‣◦]\s")
#: What may also begin a line within a sentence ("am / 3. Mai").
_ITEM: Final = re.compile(r"(?:[–—*-]|\(?[0-9a-z]{1,2}[.)])\s")
_HYPHEN_END: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,60})([-\u2010\xad])$")
_WORD_START: Final = re.compile(r"[^\W\d_]{1,60}")
_HYPHENATED: Final = re.compile(r"[^\W\d_]{1,60}-[^\W\d_]{1,60}")
_PAGE_WORD: Final = r"(?:page|p\.|pg\.|seite|s\.|página|pág\.|pagina|pag\.|strona|sida|side|стр\.)"
_NUMBER: Final = (
    rf"(?:{_PAGE_WORD}\s?)?\d{{1,4}}(?:\s?(?:/|of|von|de|sur|di|van|av|z|из)\s?\d{{1,4}})?"
)
_PAGE_NUMBER: Final = re.compile(
    rf"[-–—|\s]{{0,4}}(?:{_NUMBER}|[ivxlc]{{1,7}})[-–—|\s]{{0,4}}", re.IGNORECASE
)
_EDGE_NUMBER: Final = re.compile(
    rf"^{_NUMBER}[\s|·•–—-]{{1,4}}|[\s|·•–—-]{{1,4}}{_NUMBER}$", re.IGNORECASE
)
_DIGITS: Final = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class _Habits:
    """What is usual on a page: the gap between lines, and their length in characters."""

    gap: float
    length: float


def blocks_of(pages: Sequence[Lines]) -> tuple[str, ...]:
    """The paragraphs and headings of pages without running lines, in order."""
    words = _hyphenated(pages)
    blocks: list[str] = []
    for lines in pages:
        own = [_joined(paragraph, words) for paragraph in _paragraphs(lines)]
        if own and blocks and _goes_on(blocks[-1], own[0]):
            blocks[-1] = _glued(blocks[-1], own.pop(0), words)
        blocks += own
    return tuple(clean for block in blocks if (clean := clean_text(block)))


def largest_line(page: Lines) -> str:
    """The heading of a first page: the lines in its largest size, the first line where all are alike; else ""."""
    readable = [line for line in page if sum(map(str.isalpha, line.text)) > 2]  # noqa: PLR2004
    if not readable:
        return ""
    largest = max(line.size for line in readable)
    start = next(n for n, line in enumerate(readable) if line.size == largest)
    if largest < LARGER * median(line.size for line in readable):
        found = readable[:1]
    else:
        run = readable[start : start + MAX_TITLE_LINES]
        end = next((n for n, line in enumerate(run) if not _is_same_size(line.size, largest)), None)
        found = run[:end]
    title = clean_text(_joined(tuple(found), frozenset()))
    return title if len(title) <= MAX_TITLE_CHARACTERS else ""


def without_running(pages: Sequence[Lines]) -> tuple[Lines, ...]:
    """The pages without headers, footers and page numbers."""
    edges = [_edges(page) for page in pages]
    marks = Counter(
        mark
        for n, page in enumerate(pages)
        for mark in {mark for place in edges[n] for mark in _marks(page[place], n)}
    )
    least = max(MIN_RUNNING_PAGES, RUNNING_SHARE * sum(1 for page in pages if page))
    running = {mark for mark, pages_with in marks.items() if pages_with >= least}
    return tuple(
        tuple(
            line
            for place, line in enumerate(page)
            if place not in edges[n] or not _is_running(line, n, running)
        )
        for n, page in enumerate(pages)
    )


def _is_running(line: PdfLine, page: int, running: set[Mark]) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None or any(
        mark in running for mark in _marks(line, page)
    )


def _edges(page: Lines) -> frozenset[int]:
    """The places of the lines that are highest, lowest, drawn first or drawn last."""
    order = range(len(page))
    by_height = sorted(order, key=lambda n: -page[n].y)
    rows = (order, by_height) if len({line.y for line in page}) > 1 else (order,)
    return frozenset(
        n for row in rows for n in (*row[:EDGE_LINES], *row[max(0, len(row) - EDGE_LINES) :])
    )


def _marks(line: PdfLine, page: int) -> Iterator[Mark]:
    """What tells a running line: its height with its words, and with a number that counts the pages."""
    if len(line.text) > MAX_RUNNING_CHARACTERS:
        return
    height = round(line.y / SAME_HEIGHT)
    if words := folded(_EDGE_NUMBER.sub("", line.text)):
        yield words, height
    for found in _EDGE_NUMBER.finditer(line.text):
        number = _DIGITS.search(found[0])
        if number:
            yield int(number[0]) - page, height


def _paragraphs(lines: Lines) -> Iterator[Lines]:
    habits = _habits(lines)
    start = 0
    for n in range(1, len(lines)):
        if _begins(lines[n], lines[n - 1], habits):
            yield lines[start:n]
            start = n
    if lines:
        yield lines[start:]


def _habits(lines: Lines) -> _Habits:
    gaps = [
        before.y - line.y
        for before, line in pairwise(lines)
        if before.y > line.y and _is_same_size(before.size, line.size)
    ]
    lengths = sorted(len(line.text) for line in lines)
    return _Habits(
        gap=median(gaps) if gaps else 0.0, length=lengths[len(lines) * 3 // 4] if lines else 0.0
    )


def _begins(line: PdfLine, before: PdfLine, habits: _Habits) -> bool:
    """Whether a paragraph begins with `line`."""
    if not _is_same_size(line.size, before.size) or _BULLET.match(line.text):
        return True
    ended = _has_ended(before.text)
    gap = before.y - line.y
    if gap < 0:  # the next column, or a file that draws in no order
        return ended or not line.text[:1].islower()
    if gap > GAP * _usual_gap(line, habits):
        return True
    indent = line.x - before.x
    is_indented = INDENT[0] * line.size < indent < INDENT[1] * line.size
    return ended and (
        is_indented or bool(_ITEM.match(line.text)) or len(before.text) < SHORT_LINE * habits.length
    )


def _usual_gap(line: PdfLine, habits: _Habits) -> float:
    """The page's usual gap; on a page of one-line paragraphs that is theirs, so it is bounded by the size."""
    return min(habits.gap, 2 * line.size) if line.size else habits.gap


def _is_same_size(one: float, other: float) -> bool:
    return abs(one - other) <= SAME_SIZE * max(one, other)


def _joined(lines: Lines, hyphenated: frozenset[str]) -> str:
    pieces: list[str] = []
    tail = ""
    for line in lines:
        if tail:
            glued = _glued(tail, line.text, hyphenated)
            # Only the last word can still change: the rest is set down, so that joining stays linear.
            done, space, tail = glued.rpartition(" ")
            pieces += (done, space, tail[:-WORD])
            tail = tail[-WORD:]
        else:
            tail = line.text
    return "".join(pieces) + tail


def _glued(before: str, after: str, hyphenated: frozenset[str]) -> str:
    """Two lines as one, the hyphen of a word broken between them taken out unless it is the word's own."""
    broken = _HYPHEN_END.search(before[-WORD:])
    rest = _WORD_START.match(after)
    if broken is None or rest is None:
        digits_go_on = before[-2:-1].isalnum() and before[-1:] in "-\u2010" and after[:1].isdigit()
        return before + after if digits_go_on else f"{before} {after}"
    is_own = f"{broken[1]}-{rest[0]}".casefold() in hyphenated or not after[:1].islower()
    if is_own and broken[2] != "\xad":
        return before + after
    return before[:-1] + after


def _hyphenated(pages: Sequence[Lines]) -> frozenset[str]:
    """The words that the document writes with a hyphen inside a line."""
    return frozenset(
        word.casefold()
        for page in pages
        for line in page
        if "-" in line.text
        for word in _HYPHENATED.findall(line.text)
    )


def _goes_on(before: str, after: str) -> bool:
    """Whether a page's first block is the rest of the last one's."""
    return not _has_ended(before) and after[:1].islower()


def _has_ended(text: str) -> bool:
    return _SENTENCE_END.search(text[-8:]) is not None
