"""Flattens the parsed body into blocks of text and the elements they stand in.

Rule: one pass over the tree, without recursion, at most `MAX_NODES` nodes; no judgement beyond what an element's
own names say. `crawler.extract.text` chooses among the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from crawler.extract.furniture import DROPPED_TAGS, Role, role_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

__all__ = ["Block", "Element", "Outline", "outline"]

#: Nodes that are walked; the largest of 1,186 real pages has 28,000.
MAX_NODES: Final = 200_000

#: Elements inside a line of text; all others begin a block.
_INLINE_TAGS: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb rp rt ruby s samp "
    "small span strike strong sub sup time tt u var wbr center-inline".split()
)
_KIND: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    "p": "paragraph",
    "blockquote": "quote",
    "figcaption": "caption",
    "caption": "caption",
    "figure": "caption",
    "tr": "row",
    "pre": "paragraph",
}
#: A table with one of these in it arranges the page; its cells are read as blocks, not as a row.
_LAYOUT: Final = "p, div, table, h1, h2, h3, ul, ol, form, section"
#: What furniture cannot hold: an element with it inside was named badly.
_MAIN: Final = "article, main, h1, [itemprop=articleBody]"
#: A weakly named element with so many characters in paragraphs of at least this length is no furniture.
_PROSE_CHARACTERS: Final = 500
_PROSE_LENGTH: Final = 80
_PROSE_PARAGRAPHS: Final = 30
#: Furniture that is passed over even when furniture is asked for.
_NEVER: Final = frozenset({"nav", "footer"})
#: What is no caption even within a figure.
_SPOKEN: Final = frozenset({"blockquote", "table", "tr", "pre"})
_CELLS: Final = frozenset({"td", "th"})

#: Bound once: before Python 3.12 a look at an enum's member is slow.
_PLAIN, _CAPTION, _WEAK, _FURNITURE = Role.PLAIN, Role.CAPTION, Role.WEAK, Role.FURNITURE


@dataclass(slots=True)
class Element:
    """A block element: `parent` is its index, -1 for the body."""

    parent: int
    tag: str
    role: Role
    kind: str = ""  #: the kind of the blocks below it


@dataclass(slots=True)
class Block:
    """One block of text: `element` is the index of the element it stands in."""

    text: str
    kind: str
    element: int
    link_share: float  #: characters in links ÷ characters, 0..1


@dataclass(slots=True)
class Outline:
    """Elements in document order (a parent before its children) and blocks in reading order."""

    elements: list[Element] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def outline(body: LexborNode, *, with_furniture: bool = False) -> Outline:
    """All blocks of the body; furniture is passed over unless asked for or the main part stands in it."""
    return _Walk(_holders(body), with_furniture=with_furniture).over(body)


def _holders(body: LexborNode) -> set[int]:
    """The memory ids of what holds the page's main part; each ancestor is looked at once."""
    held: set[int] = set()
    for node in body.css(_MAIN):
        above = node.parent
        while above is not None and above.mem_id not in held:
            held.add(above.mem_id)
            above = above.parent
    return held


def _has_prose(node: LexborNode) -> bool:
    lengths = [len(paragraph.text()) for paragraph in node.css("p")[:_PROSE_PARAGRAPHS]]
    return sum(length for length in lengths if length >= _PROSE_LENGTH) >= _PROSE_CHARACTERS


#: What an open element means for the text in it: nothing, a link, a block element, a table row.
_NOTHING, _LINK, _ELEMENT, _ROW = range(4)
#: How a node is taken, by its tag; a tag that is not here opens a block element.
_TEXT, _INLINE, _BREAK, _PASSED = range(1, 5)
_TAKEN: Final = {
    **dict.fromkeys(DROPPED_TAGS, _PASSED),
    **dict.fromkeys(_INLINE_TAGS, _INLINE),
    **dict.fromkeys(("br", "hr"), _BREAK),
    "-text": _TEXT,
    "-comment": _PASSED,
}


class _Walk:
    """The state of one pass: open elements, the pieces of the block being read, links open."""

    def __init__(self, holders: set[int], *, with_furniture: bool) -> None:
        self.holders = holders
        self.with_furniture = with_furniture
        self.elements: list[Element] = []
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.link_characters = 0
        self.links = 0
        self.element = -1
        self.in_row = False
        self.stack: list[tuple[Iterator[LexborNode], int]] = []

    def over(self, body: LexborNode) -> Outline:
        """The outline of all that stands in the body."""
        self._open(body, "body", _PLAIN)
        stack, taken = self.stack, _TAKEN
        budget = MAX_NODES
        while stack and budget > 0:
            nodes, closing = stack[-1]
            for node in nodes:
                budget -= 1
                tag = node.tag or ""
                way = taken.get(tag)
                if way == _TEXT:
                    self._add(node.text_content or "")
                elif way == _BREAK:
                    self._break_line(tag)
                elif way != _PASSED and self._enter(node, tag, way):
                    break
            else:
                stack.pop()
                if closing:
                    self._leave(closing)
        self._flush()
        return Outline(self.elements, self.blocks)

    def _add(self, text: str) -> None:
        if self.pieces or not text.isspace():
            self.pieces.append(text)
            if self.links:
                self.link_characters += len(text)

    def _enter(self, node: LexborNode, tag: str, way: int | None) -> bool:
        """Whether this element was opened, so that its children come next."""
        if way == _INLINE:
            self.links += tag == "a"
            self.stack.append((node.iter(include_text=True), _LINK if tag == "a" else _NOTHING))
            return True
        if self.in_row and tag in _CELLS:
            if self.pieces:
                self.pieces.append(" | ")
            self.stack.append((node.iter(include_text=True), _NOTHING))
            return True
        role = role_of(tag, node.attributes)
        if (role is _FURNITURE or role is _WEAK) and self._is_furniture(node, tag, role):
            return False
        if self.pieces:
            self._flush()
        self._open(node, tag, role)
        return True

    def _is_furniture(self, node: LexborNode, tag: str, role: Role) -> bool:
        """Whether nothing in the element speaks against its name."""
        if (self.with_furniture and tag not in _NEVER) or node.mem_id in self.holders:
            return False
        return role is _FURNITURE or not _has_prose(node)

    def _open(self, node: LexborNode, tag: str, role: Role) -> None:
        parent = self.element
        kind = above = self.elements[parent].kind if parent >= 0 else ""
        if above != "caption" or tag in _SPOKEN:
            kind = _KIND.get(tag) or above
        closing = _ELEMENT
        if role is _CAPTION:
            kind = "caption"
        elif tag == "tr":
            if self.in_row or node.css_first(_LAYOUT) is not None:
                kind = ""
            else:
                self.in_row = True
                closing = _ROW
        self.element = len(self.elements)
        self.elements.append(Element(parent, tag, role, kind))
        self.stack.append((node.iter(include_text=True), closing))

    def _leave(self, opened: int) -> None:
        if opened == _LINK:
            self.links -= 1
            return
        if self.pieces:
            self._flush()
        self.element = self.elements[self.element].parent
        if opened == _ROW:
            self.in_row = False

    def _break_line(self, tag: str) -> None:
        if tag == "br" and (not self.pieces or self.pieces[-1] != "\n"):
            self.pieces.append("\n")
        else:
            self._flush()

    def _flush(self) -> None:
        text = clean_text("".join(self.pieces))
        if text:
            kind = self.elements[self.element].kind or "text"
            link_share = min(1.0, self.link_characters / len(text))
            self.blocks.append(Block(text, kind, self.element, link_share))
        self.pieces = []
        self.link_characters = 0
