"""The text of an HTML document in passages, with the links, markers and names found on the way.

Rule: one walk over the tags, white space folded, a blank line between passages; nothing visible is left out. What is
navigation, caption or table is kept as a passage apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.elements import (
    APART,
    BLOCKS,
    CLOSES,
    FURNITURE,
    LISTS,
    PROSE_AGAIN,
    Open,
    is_source_list,
    kind_of,
    level_of,
    place_of,
)
from crawler.ingest.passage import Link, Passage
from crawler.ingest.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crawler.ingest.passage import Span

__all__ = ["Passages", "passages_of"]

#: Open elements remembered; in what nests deeper, text is kept and structure is not.
MAX_OPEN = 500
#: Open elements looked through for the one that an end tag closes.
MAX_LOOK = 60
#: Characters from which the text of a table's cell is prose (old pages are laid out in tables).
PROSE_CELL = 200
#: Open elements among which one that says what a quotation stands in is looked for.
NEAR = 8
#: Digits of a number in a list.
MAX_DIGITS = 5


@dataclass(slots=True)
class Passages:
    """The walk: what was read so far and what is open."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    done: list[Passage] = field(default_factory=list)
    language: str | None = None
    _open: list[Open] = field(default_factory=list)
    _passage: Passage | None = None
    _names: list[str] = field(default_factory=list)
    _needs_space: bool = False
    _number: str = ""
    _serial: int = 0
    _term: int = 0  #: serial of a `dt` that waits for its description

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self.parts)

    def add(self, text: str) -> None:
        """Add text to the passage, white space folded."""
        words = text.split()
        if not words:
            self._needs_space = self._needs_space or bool(text)
            return
        passage = self._passage or self._begin()
        if self.length > passage.start and (self._needs_space or text[0].isspace()):
            self._write(" ")
        self._write(" ".join(words))
        self._needs_space = text[-1].isspace()

    def tag(self, tag: Tag) -> None:
        """Follow one tag."""
        if tag.name in BLOCKS:
            self._end_passage()
        if tag.name == "br":
            self._break_line()
        elif tag.name == "q":
            self._quote(tag)
        elif tag.is_end:
            self._close(tag.name)
        elif tag.name != "hr":
            self._start(tag)

    def _quote(self, tag: Tag) -> None:
        """A reader sees marks round `<q>` (HTML standard, 15.3.4); they are part of the text."""
        # In a reference they hold what is quoted from the work, where marks would make it the title.
        top = self._open[-1] if self._open else None
        is_shown = not (top and (top.is_sources or "cite" in self._near_names()))
        if not tag.is_end:
            self._start(tag)
            self.add((" " if self._needs_space else "") + "“" if is_shown else "")
            return
        if is_shown:
            self._needs_space = False
            self.add("”")
        self._close(tag.name)

    def _near_names(self) -> set[str]:
        return {each.name for each in self._open[-NEAR:]}

    def _break_line(self) -> None:
        """One ends a line, two with nothing between them end the passage, as people part paragraphs."""
        at = self.length + 1
        if self._passage and self._passage.breaks[-1:] == [at]:
            self._end_passage()
        elif self._passage:
            self._passage.breaks.append(at)
            self._needs_space = True

    def finish(self) -> None:
        """End the last passage."""
        while self._open:
            self._leave(self._open.pop())
        self._end_passage()

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _begin(self) -> Passage:
        if self.done:
            self._write("\n\n")
        top = self._open[-1] if self._open else None
        near = self._open[-MAX_LOOK:]
        names = {each.name for each in near}
        entry, cell = (0, 0) if names & FURNITURE else place_of(near)
        passage = Passage(
            kind=kind_of(names, is_apart=bool(top and top.is_apart)),
            start=self.length,
            number=self._number,
            level=level_of(names),
            is_listed_source=bool(top and top.is_sources),
            entry=entry,
            cell=cell,
            is_column_name="th" in names,
            names=[(self.length, name) for name in self._names],
        )
        self._names, self._number = [], ""
        self._passage = passage
        return passage

    def _end_passage(self) -> None:
        passage, self._passage = self._passage, None
        self._needs_space = False
        if passage:
            passage.end = self.length
            self.done.append(passage)

    def _start(self, tag: Tag) -> None:
        attributes = tag.attributes()
        if tag.name == "html" and attributes.get("lang"):
            self.language = attributes["lang"].partition("-")[0].lower()[:8]
        name = attributes.get("id") or (attributes.get("name") if tag.name == "a" else "")
        if name and self._passage:
            self._passage.names.append((self._next_start(), name))
        elif name:
            self._names.append(name)
        if tag.name in CLOSES:
            self._close_implied(tag.name)
        if tag.name == "li":
            self._count_item(attributes)
        if len(self._open) < MAX_OPEN:
            self._open.append(self._opened(tag.name, attributes))

    def _opened(self, name: str, attributes: dict[str, str]) -> Open:
        top = self._open[-1] if self._open else None
        is_sources = bool(top and top.is_sources) or is_source_list(name, attributes)
        is_apart = name in APART or bool(top and top.is_apart and name not in PROSE_AGAIN)
        self._serial += 1
        return Open(
            name=name,
            is_apart=is_apart,
            is_sources=is_sources,
            start=self._next_start(),
            attributes=attributes,
            serial=self._serial,
            pair=self._pair(name),
            counter=_start_number(attributes),
        )

    def _next_start(self) -> int:
        """Where the next word of this passage will stand."""
        return self.length + (1 if self._needs_space and self._passage else 0)

    def _pair(self, name: str) -> int:
        """The term that a `dt` is and a `dd` right after it describes; a further `dd` stands for itself."""
        if name == "dt":
            self._term = self._serial
            return self._serial
        if name != "dd":
            return 0
        term, self._term = self._term, 0
        return term or self._serial

    def _count_item(self, attributes: dict[str, str]) -> None:
        for each in reversed(self._open[-MAX_LOOK:]):
            if each.name in LISTS:
                value = attributes.get("value", "")
                each.counter = (
                    int(value)
                    if value.isdecimal() and len(value) <= MAX_DIGITS
                    else each.counter + 1
                )
                self._number = str(each.counter) if each.name == "ol" else ""
                return

    def _close_implied(self, name: str) -> None:
        closes, borders = CLOSES[name]
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - MAX_LOOK), -1):
            if self._open[depth].name in borders or (
                name == "p" and self._open[depth].name in BLOCKS - {"p"}
            ):
                return
            if self._open[depth].name in closes:
                self._close(self._open[depth].name)
                if name in {"p", "li"}:
                    return

    def _close(self, name: str) -> None:
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - MAX_LOOK), -1):
            if self._open[depth].name == name:
                for element in reversed(self._open[depth:]):
                    self._leave(element)
                del self._open[depth:]
                return

    def _leave(self, element: Open) -> None:
        leaver = _LEAVERS.get(element.name)
        passage = self._passage or (self.done[-1] if self.done else None)
        if leaver and passage and element.start <= self.length:
            leaver(passage, element, (max(element.start, passage.start), self.length))


def passages_of(tokens: Iterable[Tag | str]) -> Passages:
    """The document's text and passages."""
    passages = Passages()
    for token in tokens:
        if isinstance(token, Tag):
            passages.tag(token)
        else:
            passages.add(token)
    passages.finish()
    return passages


def _start_number(attributes: dict[str, str]) -> int:
    start = attributes.get("start", "")
    return int(start) - 1 if start.isdecimal() and len(start) <= MAX_DIGITS else 0


def _leave_link(passage: Passage, element: Open, span: Span) -> None:
    url = element.attributes.get("href", "").strip()
    if url:
        passage.links.append(Link(start=span[0], end=span[1], url=url))


def _leave_quotation(passage: Passage, element: Open, span: Span) -> None:
    url = element.attributes.get("cite", "").strip()
    if url:
        passage.links.append(Link(start=span[1], end=span[1], url=url))


_LEAVERS: dict[str, Callable[[Passage, Open, Span], None]] = {
    "a": _leave_link,
    "blockquote": _leave_quotation,
    "q": _leave_quotation,
    "sup": lambda passage, _element, span: passage.raised.append(span),
    "cite": lambda passage, _element, span: passage.cited.append(span),
    "i": lambda passage, _element, span: passage.italic.append(span),
    "em": lambda passage, _element, span: passage.italic.append(span),
}
