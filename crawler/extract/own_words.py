"""Says of a block of the article whether it says something of its own.

Rule: one block and the role of its element in, yes or no out; words only where a block is short. What stands in a
paragraph or a sentence is kept: recall first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.extract.furniture import FURNITURE_LINES, FURNITURE_STARTS, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.extract.outline import Block

__all__ = ["MAX_LINK_SHARE", "SENTENCE_ENDS", "has_own_words", "unrepeated"]

#: Share of characters in links above which a block is a list of links.
MAX_LINK_SHARE: Final = 0.5
#: Share up to which a paragraph, or a long item, still says something beside its links.
ALMOST_LINKED: Final = 0.9

#: Lengths of blocks below which their words may make them furniture, a repeated title, or a line about the article.
MAX_LINE: Final = 60
MAX_START: Final = 240
MAX_ABOUT: Final = 200
MAX_DATE_LINE: Final = 100
MIN_CAPTION: Final = 40

#: Of Latin, Cyrillic and East Asian scripts; then the danda of the Indic and the marks of the Arabic script.
SENTENCE_ENDS: Final = tuple(".!?。！？”\"'’।؟۔")
#: Two characters are looked up faster than all starts are compared; the shortest of these has no more.
_STARTS: Final = frozenset(start[:2] for start in FURNITURE_STARTS)
_ADDRESSES: Final = ("http://", "https://")
_YEAR_OR_TIME: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}:\d\d(?!\d)")
_ABOUT: Final = Role.ABOUT


def has_own_words(block: Block, role: Role, titles: frozenset[str]) -> bool:
    """Whether a block of the article is no furniture, no headline and no line about the article."""
    text = block.text.casefold()
    length = len(text)
    if length < MAX_LINE and text.rstrip(": ") in FURNITURE_LINES:
        return False
    if length < MAX_START and text[:2] in _STARTS and text.startswith(FURNITURE_STARTS):
        return False
    if length < MAX_ABOUT and role is _ABOUT:
        return False
    if length < MAX_DATE_LINE and _is_date_line(block):
        return False
    return text not in titles and not text.startswith(_ADDRESSES) and _is_no_list_of_links(block)


def _is_date_line(block: Block) -> bool:
    """Whether the block, outside of a paragraph and no sentence, says when or by whom."""
    return (
        block.kind == "text"
        and not block.text.endswith(SENTENCE_ENDS)
        and _YEAR_OR_TIME.search(block.text) is not None
    )


def _is_no_list_of_links(block: Block) -> bool:
    """Whether enough of the block stands outside of links; of a caption, whether it is a sentence as well."""
    length = len(block.text)
    if block.kind == "caption":
        is_sentence = length >= MIN_CAPTION and block.text.endswith(SENTENCE_ENDS)
        return is_sentence and block.link_share <= MAX_LINK_SHARE
    if block.kind == "heading":
        return block.link_share <= MAX_LINK_SHARE
    if block.kind in {"paragraph", "quote"}:
        return block.link_share < ALMOST_LINKED
    return block.link_share <= MAX_LINK_SHARE or (
        block.link_share < ALMOST_LINKED and length > MAX_LINE
    )


def unrepeated(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks, each caption once: galleries say everything twice."""
    seen: set[str] = set()
    for block in blocks:
        if block.kind != "caption" or block.text not in seen:
            yield block
        seen.add(block.text)
