"""Flattens the parsed body into blocks of text and the elements they stand in.

Rule: one pass over the tree, without recursion, at most `MAX_NODES` nodes; no judgement beyond what an element's
own names say. `crawler.extract.text` chooses among the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from crawler.extract.furniture import DROPPED_TAGS, Role, role_of
from crawler.extract.tags import COMMENT_NUMBER, TEXT_NUMBER, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

__all__ = ["Block", "Outline", "outline"]

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
class Block:
    """One block of text: `element` is the index of the element it stands in."""

    text: str
    kind: str
    element: int
    link_share: float  #: characters in links ÷ characters, 0..1


@dataclass(slots=True)
class Outline:
    """Block elements in document order (a parent before its children) and blocks in reading order.

    Of the element with the index i, `parents[i]` is the parent's index, -1 for the body's.
    """

    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def outline(
    body: LexborNode, mains: Iterable[LexborNode], *, with_furniture: bool = False
) -> Outline:
    """All blocks of the body; furniture is passed over unless asked for or one of the main parts stands in it."""
    return _Walk(_holders(mains), with_furniture=with_furniture).over(body)


def _holders(mains: Iterable[LexborNode]) -> set[int]:
    """The memory ids of what holds the page's main parts; each ancestor is looked at once."""
    held: set[int] = set()
    for node in mains:
        above = node.parent
        while above is not None and above.mem_id not in held:
            held.add(above.mem_id)
            above = above.parent
    return held


def _has_prose(node: LexborNode) -> bool:
    lengths = [len(paragraph.text()) for paragraph in node.css("p")[:_PROSE_PARAGRAPHS]]
    return sum(length for length in lengths if length >= _PROSE_LENGTH) >= _PROSE_CHARACTERS


#: What an open element means for the text in it: nothing, one link more, a block element, a table row.
_NOTHING, _LINK, _ELEMENT, _ROW = range(4)
#: How a node is taken; one whose tag is not here opens a block element.
_TEXT, _INLINE, _ANCHOR, _BREAK, _PASSED = range(1, 6)
_TAKEN: Final = {
    **dict.fromkeys(DROPPED_TAGS, _PASSED),
    **dict.fromkeys(_INLINE_TAGS, _INLINE),
    **dict.fromkeys(("br", "hr"), _BREAK),
    "a": _ANCHOR,
}
#: The same by the parser's numbers of tags, a third of the price of their names; it numbers tags of no standard anew
#: in each page, and those are asked for their names.
_NUMBERED: Final = {
    **{number: _TAKEN[tag] for tag, number in numbered(_TAKEN).items()},
    TEXT_NUMBER: _TEXT,
    COMMENT_NUMBER: _PASSED,
}
_BLOCKS: Final = {
    number: tag
    for tag, number in numbered(
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
        "form h1 h2 h3 h4 h5 h6 header hgroup legend li main nav ol p pre section summary table tbody td tfoot th "
        "thead tr ul".split()
    ).items()
}
_OPENED: Final = frozenset({_INLINE, _ANCHOR})


class _Walk:
    """The state of one pass: open elements, the pieces of the block being read, links open."""

    def __init__(self, holders: set[int], *, with_furniture: bool) -> None:
        self.holders = holders
        self.with_furniture = with_furniture
        self.page = Outline()
        self.kinds: list[str] = []  #: of the blocks in each element
        self.pieces: list[str] = []
        self.link_characters = 0
        self.links = 0
        self.element = -1
        self.in_row = False
        self.stack: list[tuple[Iterator[LexborNode], int]] = []

    def over(self, body: LexborNode) -> Outline:
        """The outline of all that stands in the body."""
        self._open(body, "body", _PLAIN)
        stack, pieces, numbered_ways = self.stack, self.pieces, _NUMBERED
        budget = MAX_NODES
        while stack and budget > 0:
            for node in stack[-1][0]:
                budget -= 1
                way = numbered_ways.get(node.tag_id)
                if way == _TEXT:
                    text = node.text_content or ""
                    if pieces or not text.isspace():
                        pieces.append(text)
                        if self.links:
                            self.link_characters += len(text)
                elif way == _PASSED:
                    continue
                elif self._enter(node, way):
                    break
            else:
                self._leave(stack.pop()[1])
        self._flush()
        return self.page

    def _enter(self, node: LexborNode, way: int | None) -> bool:
        """Whether this element was opened, so that its children come next."""
        if way is None:
            tag = _BLOCKS.get(node.tag_id) or node.tag or ""
            way = _TAKEN.get(tag)
            if way is None:
                return self._enter_block(node, tag)
        if way == _INLINE:
            self.stack.append((node.iter(include_text=True), _NOTHING))
        elif way == _ANCHOR:
            self.links += 1
            self.stack.append((node.iter(include_text=True), _LINK))
        elif way == _BREAK:
            self._break_line(node.tag or "")
        return way in _OPENED

    def _enter_block(self, node: LexborNode, tag: str) -> bool:
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
        page, kinds, parent = self.page, self.kinds, self.element
        kind = above = kinds[parent] if kinds else ""
        closing = _ELEMENT
        if tag in _KIND and (above != "caption" or tag in _SPOKEN):
            kind = _KIND[tag]
        if role is _CAPTION:
            kind = "caption"
        elif tag == "tr":
            if self.in_row or node.css_first(_LAYOUT) is not None:
                kind = ""
            else:
                self.in_row = True
                closing = _ROW
        self.element = len(kinds)
        kinds.append(kind)
        page.parents.append(parent)
        page.tags.append(tag)
        page.roles.append(role)
        self.stack.append((node.iter(include_text=True), closing))

    def _leave(self, opened: int) -> None:
        if opened <= _LINK:
            self.links -= opened
            return
        if self.pieces:
            self._flush()
        self.element = self.page.parents[self.element]
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
            kind = self.kinds[self.element] or "text"
            link_share = min(1.0, self.link_characters / len(text))
            self.page.blocks.append(Block(text, kind, self.element, link_share))
        self.pieces.clear()
        self.link_characters = 0
