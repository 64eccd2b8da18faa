"""What every reader of a format hands on: blocks, what to hide in them, pointers and references.

Readers (`markdown`, `html`, `wikitext`) find structure; `claims` alone splits sentences and binds them. All offsets
are characters into `Layout.text`, which is the version's text as kept (for HTML the text extracted from it).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.model import Unparsed

__all__ = ["Block", "BlockKind", "Edit", "Layout", "Pointer", "Reference", "Work"]


class BlockKind(StrEnum):
    """What a stretch of text is to its readers."""

    PARAGRAPH = "paragraph"
    ITEM = "item"  #: a list item: sentences of its own, the lead-in is its context
    HEADING = "heading"
    APART = "apart"  #: contents, tables, code, captions: not prose, never a claim
    REFERENCE = "reference"  #: an entry of a source list


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of text that holds whole sentences."""

    kind: BlockKind
    start: int
    end: int
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A stretch that a reader of the rendered document does not see, and what stands there instead."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A marker or link in running text; text[start:end] is hidden from the claim."""

    start: int
    end: int  #: equals start where nothing is hidden (a link whose words belong to the sentence)
    keys: tuple[str, ...]  #: of references, in the order written
    is_certain: bool = True  #: False: it is a marker only if a reference has that key


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A cited work as one reference names it; at least one field is set. White space trimmed, nothing corrected."""

    outlet: str | None = None
    title: str | None = None
    date: str | None = None
    url: str | None = None
    doi: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is left to search by: a date alone names nothing."""
        return bool(self.outlet or self.title or self.url or self.doi)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of a source list, one footnote, or one link in running text."""

    key: str  #: what pointers name it by; unique for a link, as written for a list
    n: str  #: the marker that a person sees, "" where there is none
    start: int
    end: int
    raw: str
    works: tuple[
        Work, ...
    ]  #: one for most, several where a note names several; (): could not be parsed
    is_pointed: bool = False  #: True where the reference stands at its claim and needs no marker


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One document read: blocks, edits and pointers in the order of the text and without overlap."""

    text: str
    blocks: tuple[Block, ...]
    edits: tuple[Edit, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    references: tuple[Reference, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    language: str | None = None  #: as the document declares it
