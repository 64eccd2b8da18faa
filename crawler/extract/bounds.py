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
#: Below so many nesting alone cannot last either (5,000 nested `<div>` take 0.05 s): only formatting is looked at.
DEEP_FROM_TAGS: Final = 5_000

#: Elements open at once; the deepest of 1,186 real pages has 48.
MAX_DEPTH: Final = 400

#: Formatting elements left open at once; sloppy old pages reach a dozen.
MAX_FORMATTING: Final = 40

#: A single tag longer than this, in characters outside of quotation marks, is a flood of attributes.
LONG_TAG_CHARACTERS: Final = 20_000

_TAG_START: Final = re.compile(r"<[a-zA-Z]")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_FORMATTING_NAMES: Final = frozenset(
    "a b big code em font i nobr s small strike strong tt u".split()
)
_FORMATTING: Final = re.compile(
    rf"</?(?:{'|'.join(sorted(_FORMATTING_NAMES, key=len, reverse=True))})(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
#: The look ahead lets most tags go at their first letter.
_FORMATTING_START: Final = re.compile(
    rf"<(?=[bcefinstuBCEFINSTU])(?:{'|'.join(sorted(_FORMATTING_NAMES - {'a'}))})[\s/>]",
    re.IGNORECASE,
)
#: Void elements, and those that the next of their kind closes by itself.
_FLAT: Final = (
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd option optgroup tr td th thead tbody tfoot a".split()
)
_DEEPENING: Final = re.compile(
    rf"<(/?)(?!(?:{'|'.join(_FLAT)})(?:[\s/>]|$))([a-z][^\s/>]*)", re.IGNORECASE
)


def tamed(html: str) -> str:
    """The markup, cut where it nests too deep, without floods of attributes or unclosed formatting."""
    html = _without_attribute_floods(html[:MAX_CHARACTERS])
    tags = html.count("<")
    if tags <= SCAN_FROM_TAGS or (tags <= DEEP_FROM_TAGS and not _may_pile_up(html)):
        return html
    depth_end, has_flood = _scan(html)
    html = html[:depth_end]
    return _FORMATTING.sub(" ", html) if has_flood else html


def _may_pile_up(html: str) -> bool:
    """Whether there are enough formatting elements for too many to be open at once."""
    return len(_FORMATTING_START.findall(html)) > MAX_FORMATTING


def _without_attribute_floods(html: str) -> str:
    """The markup with its longest tags made bare; a jump at a time, so that most of it is never looked at."""
    pieces: list[str] = []
    kept = place = 0
    while place + LONG_TAG_CHARACTERS < len(html):
        end = html.rfind(">", place, place + LONG_TAG_CHARACTERS)
        if end < 0:
            end = html.find(">", place + LONG_TAG_CHARACTERS)
            end = len(html) if end < 0 else end
            start = _flood_in(html, place, end)
            if start >= 0:
                pieces += (html[kept:start], "<div")
                kept = end
        place = end + 1
    return "".join((*pieces, html[kept:])) if pieces else html


def _flood_in(html: str, start: int, end: int) -> int:
    """Where a tag begins that holds too much outside of quotation marks before `end`; -1 where none does."""
    bracket = html.find("<", start, end)
    found = _TAG_START.search(html, bracket, end) if bracket >= 0 else None
    if found is None or end - found.start() <= LONG_TAG_CHARACTERS:
        return -1
    is_flood = len(_QUOTED.sub("", html[found.start() : end])) > LONG_TAG_CHARACTERS
    return found.start() if is_flood else -1


def _scan(html: str) -> tuple[int, bool]:
    """Where nesting becomes too deep (the length where it never does), and whether formatting piles up."""
    is_open: Counter[str] = Counter()
    depth = formatting = 0
    has_flood = False
    for tag in _DEEPENING.finditer(html):
        name = tag[2].lower()
        if is_open["script"] and name != "script":
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
