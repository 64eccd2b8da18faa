"""The text of an HTML document in passages, with the links, markers and names found on the way.

Rule: one walk over the tags, white space folded, a blank line between passages; nothing visible is left out. What is
navigation, caption or table is kept as a passage apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.ingest.layout import BlockKind
from crawler.ingest.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Link", "Passage", "Passages", "Span", "passages_of"]

Span = tuple[int, int]

#: Open elements remembered; in what nests deeper, text is kept and structure is not.
MAX_OPEN = 500
#: Open elements looked through for the one that an end tag closes.
MAX_LOOK = 60
#: Characters from which the text of a table's cell is prose (old pages are laid out in tables).
PROSE_CELL = 200
#: Digits of a number in a list.
MAX_DIGITS = 5

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html head li main menu nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_APART = frozenset("nav aside figure figcaption caption table pre header footer form head".split())
_PROSE_AGAIN = frozenset({"main", "article"})
_LISTS = frozenset({"ol", "ul", "menu"})
#: What an element's start closes, when that is open above the nearest of the borders.
_CLOSES = {
    "p": (frozenset({"p"}), frozenset()),
    "li": (frozenset({"li", "p"}), _LISTS),
    "dd": (frozenset({"dd", "dt", "p"}), frozenset({"dl"})),
    "dt": (frozenset({"dd", "dt", "p"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th", "p"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th", "p"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"td", "th", "tr", "p"}), frozenset({"table"})),
}
_REFERENCE_LIST = re.compile(
    r"(?:^|[\s_-])(?:references?|ref-?list|footnotes?|endnotes?|bibliography|sources?|works-?cited|citations|cite-?list)"
    r"(?:[\s_-](?:list|section|container)|$|\s)",
    re.IGNORECASE,
)
_CONTAINERS = _LISTS | {"div", "section", "aside", "footer", "dl"}


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
    is_listed_source: bool = False  #: it stands in a list of references
    names: list[str] = field(default_factory=list)  #: ids that point here
    links: list[Link] = field(default_factory=list)
    raised: list[Span] = field(default_factory=list)
    cited: list[Span] = field(default_factory=list)  #: `<cite>`
    italic: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    name: str
    is_apart: bool
    is_sources: bool
    start: int
    attributes: dict[str, str]
    counter: int = 0


@dataclass(slots=True)
class Passages:
    """The walk: what was read so far and what is open."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    done: list[Passage] = field(default_factory=list)
    language: str | None = None
    _open: list[_Open] = field(default_factory=list)
    _passage: Passage | None = None
    _names: list[str] = field(default_factory=list)
    _needs_space: bool = False
    _number: str = ""

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
        if tag.name in _BLOCKS:
            self._end_passage()
        if tag.name == "br":
            self._needs_space = True
        elif tag.is_end:
            self._close(tag.name)
        elif tag.name != "hr":
            self._start(tag)

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
        names = {each.name for each in self._open[-MAX_LOOK:]}
        passage = Passage(
            kind=_kind(names, is_apart=bool(top and top.is_apart)),
            start=self.length,
            number=self._number,
            is_listed_source=bool(top and top.is_sources),
            names=self._names,
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
        if name:
            (self._passage.names if self._passage else self._names).append(name)
        if tag.name in _CLOSES:
            self._close_implied(tag.name)
        if tag.name == "li":
            self._count_item(attributes)
        if len(self._open) < MAX_OPEN:
            self._open.append(self._opened(tag.name, attributes))

    def _opened(self, name: str, attributes: dict[str, str]) -> _Open:
        top = self._open[-1] if self._open else None
        listed = " ".join(
            (attributes.get("class", ""), attributes.get("id", ""), attributes.get("role", ""))
        )
        is_sources = bool(top and top.is_sources) or (
            name in _CONTAINERS and bool(_REFERENCE_LIST.search(listed[:500]))
        )
        is_apart = name in _APART or bool(top and top.is_apart and name not in _PROSE_AGAIN)
        start = self.length + (1 if self._needs_space and self._passage else 0)
        return _Open(
            name=name,
            is_apart=is_apart,
            is_sources=is_sources,
            start=start,
            attributes=attributes,
            counter=_start_number(attributes),
        )

    def _count_item(self, attributes: dict[str, str]) -> None:
        for each in reversed(self._open[-MAX_LOOK:]):
            if each.name in _LISTS:
                value = attributes.get("value", "")
                each.counter = (
                    int(value)
                    if value.isdecimal() and len(value) <= MAX_DIGITS
                    else each.counter + 1
                )
                self._number = str(each.counter) if each.name == "ol" else ""
                return

    def _close_implied(self, name: str) -> None:
        closes, borders = _CLOSES[name]
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - MAX_LOOK), -1):
            if self._open[depth].name in borders or (
                name == "p" and self._open[depth].name in _BLOCKS - {"p"}
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

    def _leave(self, element: _Open) -> None:
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


def _kind(names: set[str], *, is_apart: bool) -> BlockKind:
    if names & _HEADINGS:
        return BlockKind.HEADING
    if is_apart:
        return BlockKind.APART
    return BlockKind.ITEM if "li" in names else BlockKind.PARAGRAPH


def _leave_link(passage: Passage, element: _Open, span: Span) -> None:
    url = element.attributes.get("href", "").strip()
    if url:
        passage.links.append(Link(start=span[0], end=span[1], url=url))


def _leave_quotation(passage: Passage, element: _Open, span: Span) -> None:
    url = element.attributes.get("cite", "").strip()
    if url:
        passage.links.append(Link(start=span[1], end=span[1], url=url))


_LEAVERS: dict[str, Callable[[Passage, _Open, Span], None]] = {
    "a": _leave_link,
    "blockquote": _leave_quotation,
    "q": _leave_quotation,
    "sup": lambda passage, _element, span: passage.raised.append(span),
    "cite": lambda passage, _element, span: passage.cited.append(span),
    "i": lambda passage, _element, span: passage.italic.append(span),
    "em": lambda passage, _element, span: passage.italic.append(span),
}
