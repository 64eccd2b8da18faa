"""Knows tags by the parser's numbers, which cost a third of their names.

Rule: names in, numbers out, asked of the parser once. Tags of no standard are numbered anew in each page, so that they
have no number here and are asked for their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COMMENT_NUMBER", "TEXT_NUMBER", "numbered"]

#: Numbers from here on are a page's own. Source: Lexbor has some 200 tags (`LXB_TAG__LAST_ENTRY`); all others are told
#: apart by an address in memory.
_PAGES_OWN: Final = 1_000

_PARSER: Final = LexborHTMLParser("<p>-<!---->")
_text, _comment = _PARSER.css("p")[0].iter(include_text=True)
TEXT_NUMBER: Final[int] = _text.tag_id
COMMENT_NUMBER: Final[int] = _comment.tag_id


def numbered(tags: Iterable[str]) -> dict[str, int]:
    """The numbers of those of the tags that the parser knows."""
    numbers = ((tag, _PARSER.create_node(tag).tag_id) for tag in tags)
    return {tag: number for tag, number in numbers if number < _PAGES_OWN}
