"""One stretch of an HTML document's text between block borders, what was found in it, and how it is cut.

Rule: records only; offsets are characters into the extracted text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.ingest.layout import BlockKind

__all__ = ["Link", "Passage", "Span"]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with words in the text, or an address in a `cite` attribute (no words)."""

    start: int
    end: int
    url: str


@dataclass(slots=True)
class Passage:
    """One stretch of text between block borders."""

    kind: BlockKind
    start: int
    end: int = 0
    number: str = ""  #: in an ordered list
    level: int = 0  #: of a heading, 1 to 6; 0 for what is none by its markup
    is_listed_source: bool = False  #: it stands in a list of references
    is_row_of_sources: bool = False  #: it stands in a table under the name of a source list
    entry: int = 0  #: which list item, table row or term with its description holds it; 0: none
    cell: int = 0  #: which cell of that row or part of that pair; 0: a list item has none
    is_column_name: bool = False  #: it stands in a cell that names a column or row
    names: list[tuple[int, str]] = field(default_factory=list)  #: (where, id that points there)
    breaks: list[int] = field(default_factory=list)  #: where its lines but the first begin
    links: list[Link] = field(default_factory=list)
    raised: list[Span] = field(default_factory=list)
    cited: list[Span] = field(default_factory=list)  #: `<cite>`
    italic: list[Span] = field(default_factory=list)

    def lines(self, text: str) -> list[Span]:
        """(start, end) of each line, without the space around it; the whole where no `<br>` parts it."""
        borders = [self.start, *(at for at in self.breaks if self.start < at < self.end), self.end]
        return [
            (start, start + len(text[start:end].rstrip()))
            for start, end in pairwise(borders)
            if text[start:end].strip()
        ]

    def cut(self, starts: list[int]) -> list[Passage]:
        """The passage in parts that begin at these offsets, the first of which is its own start.

        Only the first part keeps the number. None is a part of a row or item any more, as each stands for itself.
        """
        if len(starts) == 1:
            return [self]
        parts = [
            Passage(
                kind=self.kind,
                start=start,
                end=end,
                level=self.level,
                is_listed_source=self.is_listed_source,
            )
            for start, end in zip(starts, [*starts[1:], self.end + 1], strict=True)
        ]
        parts[0].number = self.number
        for part in parts:
            part.end -= 1  # the space that stands for the line's end
        self._share(parts)
        return parts

    def _share(self, parts: list[Passage]) -> None:
        """Hand each thing found to the part in which it begins."""
        starts = [part.start for part in parts]
        for name in self.names:
            parts[_index(starts, name[0])].names.append(name)
        for at in self.breaks:
            parts[_index(starts, at)].breaks.append(at)
        for link in self.links:
            parts[_index(starts, link.start)].links.append(link)
        for spans in ("raised", "cited", "italic"):
            for span in getattr(self, spans):
                getattr(parts[_index(starts, span[0])], spans).append(span)


def _index(starts: list[int], at: int) -> int:
    return max(0, bisect_right(starts, at) - 1)
