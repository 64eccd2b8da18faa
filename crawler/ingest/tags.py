"""HTML as a stream of tags and text, in one linear pass and without a tree.

A tree builder is the wrong tool for a document of unknown origin: Lexbor takes two minutes for 200,000 nested `<div>`
(1 MB) and as long for misnested formatting elements, as the WHATWG rules ask for walks over all open elements. Claims
need only the order of text, block borders, lists and links, which the tokens give.
Source: the tokenizer of the HTML standard, section 13.2.5, as far as text, tags, attributes and comments go.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Tag", "tokens"]

#: Characters of attributes that are read in one tag: enough for any address, too few for an image in a `data:` URL.
MAX_ATTRIBUTES = 8_000

#: Elements without text for a reader: their content is not HTML, or is not part of the document.
_OPAQUE = frozenset(
    "script style template noscript iframe textarea title xmp noembed noframes svg math select object video audio"
    " canvas button".split()
)
_TAG = re.compile(
    r"<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+)>"
)
_ATTRIBUTE = re.compile(
    r"([a-zA-Z][\w:-]{0,40})(?:\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*)))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A start or end tag; names lower case."""

    name: str
    is_end: bool
    written: str  #: its attributes as written

    def attributes(self) -> dict[str, str]:
        """Names, lower case, to values; the first of a name counts, a missing value is ""."""
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(self.written[:MAX_ATTRIBUTES]):
            found.setdefault(name.lower(), html.unescape(double or single or bare))
        return found


def tokens(text: str) -> Iterator[Tag | str]:
    """Tags, and the text between them with character references resolved; what never ends is text."""
    missing: set[str] = set()
    position = 0
    while (start := text.find("<", position)) >= 0:
        if start > position:
            yield _resolved(text[position:start])
        position = _skipped(text, start, missing)
        if position > start:
            continue
        match = _TAG.match(text, start)
        if match is None:
            # `<` alone is text; a tag that never ends would swallow the rest, which is kept as text instead.
            is_tag = text[start + 1 : start + 3].lstrip("/")[:1].isalpha()
            position = len(text) if is_tag else start + 1
            yield _resolved(text[start:position])
            continue
        tag = Tag(name=match[2].lower(), is_end=bool(match[1]), written=match[3])
        position = match.end()
        if tag.name in _OPAQUE:
            position = position if tag.is_end else _after_element(text, tag.name, position, missing)
        else:
            yield tag
    if position < len(text):
        yield _resolved(text[position:])


def _resolved(text: str) -> str:
    return html.unescape(text).replace("\x00", " ")


def _skipped(text: str, start: int, missing: set[str]) -> int:
    """Where a comment or declaration that begins at `start` ends; `start` where there is none."""
    if not text.startswith(("<!", "<?"), start):
        return start
    end_mark = "-->" if text.startswith("<!--", start) else ">"
    end = -1 if end_mark in missing else text.find(end_mark, start + 2)
    if end < 0:
        missing.add(end_mark)
        return start
    return end + len(end_mark)


def _after_element(text: str, name: str, position: int, missing: set[str]) -> int:
    """Behind the end tag of an opaque element; only its start tag is passed over where it never ends."""
    if name in missing:
        return position
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, position)
    if match is None:
        missing.add(name)
        return position
    return match.start()
