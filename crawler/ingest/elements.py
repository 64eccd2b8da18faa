"""The elements of HTML that part its text, and what those that are open say of the text in them.

Rule: tables of element names (HTML standard, section 4) and plain lookups; the walk itself is in `passages`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.ingest.layout import BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "APART",
    "BLOCKS",
    "CLOSES",
    "FURNITURE",
    "LISTS",
    "PROSE_AGAIN",
    "Open",
    "is_source_list",
    "kind_of",
    "level_of",
    "place_of",
]

#: Characters of an element's class, id and role that are looked at.
MAX_TOLD = 500

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html head li main menu nav ol p pre section summary table tbody"
    " td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
APART = frozenset("nav aside figure figcaption caption table pre header footer form head".split())
#: Where a cell is no cell of the document's own tables.
FURNITURE = frozenset("nav aside header footer form figure".split())
_CELLS = frozenset({"td", "th"})
PROSE_AGAIN = frozenset({"main", "article"})
LISTS = frozenset({"ol", "ul", "menu"})
#: What an element's start closes, when that is open above the nearest of the borders.
CLOSES = {
    "p": (frozenset({"p"}), frozenset()),
    "li": (frozenset({"li", "p"}), LISTS),
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
_CONTAINERS = LISTS | {"div", "section", "aside", "footer", "dl"}


@dataclass(slots=True)
class Open:
    """An element whose end tag is still to come."""

    name: str
    is_apart: bool
    is_sources: bool
    start: int
    attributes: dict[str, str]
    serial: int  #: counted from 1 over the document
    pair: int  #: of `dt` and `dd`: the serial of the term; 0 for all else
    counter: int = 0


def is_source_list(name: str, attributes: dict[str, str]) -> bool:
    """Whether an element says of itself that it holds references."""
    told = " ".join(attributes.get(each, "") for each in ("class", "id", "role"))
    return name in _CONTAINERS and bool(_REFERENCE_LIST.search(told[:MAX_TOLD]))


def level_of(names: set[str]) -> int:
    """The level of the heading that is open, 1 to 6; 0 where none is."""
    return max((int(name[1]) for name in names & _HEADINGS), default=0)


def place_of(near: Sequence[Open]) -> tuple[int, int]:
    """(entry, cell) of `Passage`, by the innermost item, cell or pair that is open; (0, 0) outside of any."""
    for depth in range(len(near) - 1, -1, -1):
        element = near[depth]
        if element.name == "li":
            return element.serial, 0
        if element.pair:
            return element.pair, element.serial
        if element.name in _CELLS:
            rows = (each.serial for each in reversed(near[:depth]) if each.name == "tr")
            return next(rows, 0), element.serial
    return 0, 0


def kind_of(names: set[str], *, is_apart: bool) -> BlockKind:
    """What the text in these elements is to its readers."""
    if names & _HEADINGS:
        return BlockKind.HEADING
    if is_apart:
        return BlockKind.APART
    return BlockKind.ITEM if "li" in names else BlockKind.PARAGRAPH
