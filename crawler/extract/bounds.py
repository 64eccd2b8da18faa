"""Cuts hostile markup down to what a parser reads in bounded time; leaves all other markup as it is.

Rule: pure, one string in, one out. The tree building that HTML prescribes is quadratic in three places that a
page can be made to hit: each start tag looks up the stack of open elements (deep nesting), each new block
re-opens every formatting element left open (the active formatting list), and each attribute is compared with
those before it. Measured on Lexbor: 100,000 nested `<div>` take 19 s, 400 open `<font>` before 5,000 `<p>` make
two million nodes, 100,000 attributes take 20 s.

Source: HTML Living Standard 13.2.4.3 (active formatting elements), 13.2.6.4.7 (in body), 13.2.5.33 (attributes).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

__all__ = ["MAX_CHARACTERS", "tamed"]

#: Characters of markup that are read; the largest of 1,186 real pages has 2.2 million.
MAX_CHARACTERS: Final = 10_000_000

#: Below so many tags nothing quadratic can last: 82 % of real pages have fewer and are not scanned at all.
SCAN_FROM_TAGS: Final = 2_500

#: Elements open at once; the deepest of 1,186 real pages has 48.
MAX_DEPTH: Final = 400

#: Formatting elements left open at once; sloppy old pages reach a dozen.
MAX_FORMATTING: Final = 40

#: A single tag longer than this, in characters, with more than `MAX_ATTRIBUTES` words in it, is a flood.
LONG_TAG_CHARACTERS: Final = 20_000
MAX_ATTRIBUTES: Final = 2_000

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_TAG_START: Final = re.compile(r"<[a-zA-Z]")
_FORMATTING_NAMES: Final = frozenset(
    "a b big code em font i nobr s small strike strong tt u".split()
)
_FORMATTING: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(_FORMATTING_NAMES, key=len, reverse=True))})(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
#: Void elements, and those that the next of their kind closes by itself.
_FLAT: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd option optgroup tr td th thead tbody tfoot a".split()
)


def tamed(html: str) -> str:
    """The markup, cut where it nests too deep, without floods of attributes or unclosed formatting."""
    html = _without_attribute_floods(html[:MAX_CHARACTERS])
    if html.count("<") <= SCAN_FROM_TAGS:
        return html
    depth_end, has_flood = _scan(html)
    html = html[:depth_end]
    return _FORMATTING.sub(" ", html) if has_flood else html


def _without_attribute_floods(html: str) -> str:
    if not _has_long_tag(html):
        return html
    return ">".join(
        piece if len(piece) <= LONG_TAG_CHARACTERS else _shortened(piece)
        for piece in html.split(">")
    )


def _has_long_tag(html: str) -> bool:
    """Whether two `>` lie further apart than a long tag; a jump at a time, so that most are never looked at."""
    place = 0
    while place + LONG_TAG_CHARACTERS < len(html):
        place = html.rfind(">", place, place + LONG_TAG_CHARACTERS) + 1
        if not place:
            return True
    return False


def _shortened(piece: str) -> str:
    start = _TAG_START.search(piece)
    if start is None or len(piece[start.start() :].split()) <= MAX_ATTRIBUTES:
        return piece
    return piece[: start.start()] + "<div"


def _scan(html: str) -> tuple[int, bool]:
    """Where nesting becomes too deep (the length where it never does), and whether formatting piles up."""
    is_open: Counter[str] = Counter()
    depth = formatting = 0
    has_flood = False
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name in _FLAT or (is_open["script"] and name != "script"):
            continue
        if not tag[1]:
            step = 1
        elif is_open[name]:
            step = -1
        else:
            continue
        is_open[name] += step
        depth += step
        formatting += step * (name in _FORMATTING_NAMES)
        has_flood = has_flood or formatting > MAX_FORMATTING
        if depth - formatting > MAX_DEPTH:
            return tag.start(), has_flood
    return len(html), has_flood
