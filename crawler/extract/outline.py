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
_INLINE: Final = frozenset(
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
_CELLS: Final = frozenset({"td", "th"})
_BREAKS: Final = frozenset({"br", "hr"})


@dataclass(slots=True)
class Element:
    """A block element: `parent` is its index, -1 for the body."""

    parent: int
    tag: str
    role: Role
    names: str  #: class and id, as written
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
    return _Walk(with_furniture=with_furniture).over(body)


def _is_furniture(node: LexborNode, role: Role) -> bool:
    """Whether nothing in the element speaks against its name."""
    if role is not Role.FURNITURE and role is not Role.WEAK:
        return False
    if node.css_first(_MAIN) is not None:
        return False
    return role is Role.FURNITURE or not _has_prose(node)


def _has_prose(node: LexborNode) -> bool:
    lengths = [len(paragraph.text()) for paragraph in node.css("p")[:_PROSE_PARAGRAPHS]]
    return sum(length for length in lengths if length >= _PROSE_LENGTH) >= _PROSE_CHARACTERS


#: What closes with an element: nothing, a link, a block element, a table row.
_NOTHING, _LINK, _ELEMENT, _ROW = range(4)


class _Walk:
    """The state of one pass: open elements, the pieces of the block being read, links open."""

    def __init__(self, *, with_furniture: bool) -> None:
        self.with_furniture = with_furniture
        self.result = Outline()
        self.pieces: list[str] = []
        self.link_characters = 0
        self.links = 0
        self.element = -1
        self.in_row = False
        self.stack: list[tuple[Iterator[LexborNode], int]] = []

    def over(self, body: LexborNode) -> Outline:
        self._open(body, "body", role=Role.PLAIN, names="")
        budget = MAX_NODES
        while self.stack and budget > 0:
            nodes, opened = self.stack[-1]
            for node in nodes:
                budget -= 1
                tag = node.tag or ""
                if tag == "-text":
                    self._add(node.text_content or "")
                elif tag not in DROPPED_TAGS and self._enter(node, tag):
                    break
            else:
                self.stack.pop()
                self._leave(opened)
        self._flush()
        return self.result

    def _add(self, text: str) -> None:
        if self.pieces or not text.isspace():
            self.pieces.append(text)
            if self.links:
                self.link_characters += len(text)

    def _enter(self, node: LexborNode, tag: str) -> bool:
        """Whether this element was opened, so that its children come next."""
        if tag in _INLINE:
            self.links += tag == "a"
            self.stack.append((node.iter(include_text=True), _LINK if tag == "a" else _NOTHING))
            return True
        if tag in _BREAKS:
            self._break_line(tag)
            return False
        if self.in_row and tag in _CELLS:
            if self.pieces:
                self.pieces.append(" | ")
            self.stack.append((node.iter(include_text=True), _NOTHING))
            return True
        role, names = role_of(tag, node.attributes)
        if (not self.with_furniture or tag in _NEVER) and _is_furniture(node, role):
            return False
        self._flush()
        self._open(node, tag, role=role, names=names)
        return True

    def _open(self, node: LexborNode, tag: str, *, role: Role, names: str) -> None:
        elements = self.result.elements
        parent = self.element
        kind = _KIND.get(tag) or (elements[parent].kind if parent >= 0 else "")
        if role is Role.CAPTION:
            kind = "caption"
        closing = _ELEMENT
        if tag == "tr":
            if self.in_row or node.css_first(_LAYOUT) is not None:
                kind = ""
            else:
                self.in_row = True
                closing = _ROW
        self.element = len(elements)
        elements.append(Element(parent=parent, tag=tag, role=role, names=names, kind=kind))
        self.stack.append((node.iter(include_text=True), closing))

    def _leave(self, opened: int) -> None:
        if opened == _LINK:
            self.links -= 1
        elif opened != _NOTHING:
            self._flush()
            self.element = self.result.elements[self.element].parent
            self.in_row = self.in_row and opened != _ROW

    def _break_line(self, tag: str) -> None:
        if tag == "hr" or (self.pieces and self.pieces[-1] == "\n"):
            self._flush()
        else:
            self.pieces.append("\n")

    def _flush(self) -> None:
        if not self.pieces:
            return
        text = clean_text("".join(self.pieces))
        if text:
            self.result.blocks.append(
                Block(
                    text=text,
                    kind=self.result.elements[self.element].kind or "text",
                    element=self.element,
                    link_share=min(1.0, self.link_characters / len(text)),
                )
            )
        self.pieces = []
        self.link_characters = 0
