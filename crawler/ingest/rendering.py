"""A stretch of a document as its readers see it, with every character's way back to the text as written.

Rule: edits are applied, white space is folded to single spaces, markers vanish together with the space before them
where punctuation follows. Costs grow with the stretch and its edits, never with their product.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.ingest.layout import Edit, Pointer

__all__ = ["Rendered", "rendered"]

#: Stands for a marker while a stretch is put together; a private-use character that is taken out of the input first.
_MARK = "\ue000"
_UNEVEN_SPACE = re.compile(r"\s{2,}|[^\S ]")
#: Markers in a row; the commas between them go with them, and brackets that hold nothing else.
_MARKS = rf"{_MARK}(?:[ ,;]{{0,3}}{_MARK})*"
_MARK_RUN = re.compile(rf" ?(?:\({_MARKS}\)|{_MARKS}) ?")
_CLOSES = frozenset(".,;:!?…)]”’\"'»。，、！？")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Text without markup or markers, and where it comes from."""

    text: str
    offsets: tuple[int, ...]  #: where each piece begins in `text`
    origins: tuple[int, ...]  #: where each piece begins in the document
    marks: tuple[tuple[int, Pointer], ...]  #: (offset in `text`, pointer), in order

    def origin(self, offset: int) -> int:
        """Where the character at `offset` stands in the document."""
        piece = max(0, bisect_right(self.offsets, offset) - 1)
        return self.origins[piece] + offset - self.offsets[piece]


class _Builder:
    """Pieces put one after the other; knows only its own lists."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.offsets: list[int] = []
        self.origins: list[int] = []

    def add(self, part: str, origin: int) -> None:
        if part:
            self.offsets.append(self.length)
            self.origins.append(origin)
            self.parts.append(part)
            self.length += len(part)

    def add_folded(self, text: str, origin: int) -> None:
        """Add with white space folded, one piece for each even stretch."""
        position = 0
        for match in _UNEVEN_SPACE.finditer(text):
            self.add(text[position : match.start()], origin + position)
            self.add(" ", origin + match.start())
            position = match.end()
        self.add(text[position:], origin + position)


def rendered(
    text: str, start: int, end: int, *, edits: Sequence[Edit], pointers: Sequence[Pointer]
) -> Rendered:
    """The stretch text[start:end] as read; `edits` and `pointers` lie within it and do not overlap."""
    builder = _Builder()
    cuts = sorted(
        [(edit.start, edit.end, edit.text) for edit in edits]
        + [(pointer.start, pointer.end, _MARK) for pointer in pointers]
    )
    position = start
    for cut_start, cut_end, instead in cuts:
        builder.add_folded(text[position:cut_start].replace(_MARK, " "), position)
        builder.add(_UNEVEN_SPACE.sub(" ", instead), cut_start)
        position = max(position, cut_end)
    builder.add_folded(text[position:end].replace(_MARK, " "), position)
    return _without_marks(builder, pointers)


def _without_marks(builder: _Builder, pointers: Sequence[Pointer]) -> Rendered:
    marked = "".join(builder.parts)
    whole = Rendered(
        text=marked, offsets=tuple(builder.offsets), origins=tuple(builder.origins), marks=()
    )
    result = _Builder()
    marks: list[tuple[int, Pointer]] = []
    waiting = iter(sorted(pointers, key=lambda pointer: (pointer.start, pointer.end)))
    position = 0
    for match in _MARK_RUN.finditer(marked):
        _copy(whole, result, position, match.start())
        marks += [(result.length, next(waiting)) for _ in range(match.group().count(_MARK))]
        result.add(_between(marked, match), whole.origin(match.start()))
        position = match.end()
    _copy(whole, result, position, len(marked))
    return Rendered(
        text="".join(result.parts),
        offsets=tuple(result.offsets),
        origins=tuple(result.origins),
        marks=tuple(marks),
    )


def _between(marked: str, match: re.Match[str]) -> str:
    """What is left of a run of markers: a space where words would touch or did not."""
    before, after = marked[: match.start()][-1:], marked[match.end() : match.end() + 1]
    if not before or not after or after in _CLOSES:
        return ""
    touched = match.group().strip(" ") == match.group()
    return "" if touched and not (before in _CLOSES and after.isalnum()) else " "


def _copy(source: Rendered, target: _Builder, start: int, end: int) -> None:
    """Copy source.text[start:end], piece by piece, so that origins stay true."""
    position = start
    piece = max(0, bisect_right(source.offsets, start) - 1)
    while position < end:
        stop = source.offsets[piece + 1] if piece + 1 < len(source.offsets) else len(source.text)
        target.add(source.text[position : min(stop, end)], source.origin(position))
        position = min(stop, end)
        piece += 1
