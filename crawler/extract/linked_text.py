"""Takes the article's text from linked data where the page itself shows much less of the same.

Rule: JSON-LD's `articleBody` is cross-checked, not trusted: it may be a teaser, another article's, or marked-up.
It is taken only when the page's text is much shorter and the two begin alike, or the page has no text at all.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from selectolax.lexbor import LexborHTMLParser

from crawler.extract.bounds import tamed
from crawler.extract.charset import clean_text
from db.ids import folded

if TYPE_CHECKING:
    from crawler.extract.jsonld import LinkedNode

__all__ = ["linked_text"]

#: Characters from which an `articleBody` is an article.
MIN_BODY: Final = 300
#: The page's text must be shorter than this share of it.
SHORTER: Final = 0.5
#: Characters by which the beginnings are compared, and under which a page has no text.
START: Final = 40
NO_TEXT: Final = 100
MAX_BODY: Final = 500_000

_MARKUP: Final = re.compile(r"<(?:p|br|div|h\d|li|strong|em|a)\b", re.IGNORECASE)
_BREAK: Final = re.compile(r"\n+|\r+")


def linked_text(article: LinkedNode, text: str) -> str:
    """The page's text, or the longer text of its linked data where that is the same article's."""
    stated = article.get("articleBody")
    if not isinstance(stated, str) or len(stated) < MIN_BODY or len(text) >= SHORTER * len(stated):
        return text
    blocks = [block for each in _lines(stated[:MAX_BODY]) if (block := clean_text(each))]
    whole = "\n\n".join(blocks)
    is_longer = len(whole) >= MIN_BODY and len(text) < SHORTER * len(whole)
    return whole if is_longer and _begin_alike(whole, text) else text


def _lines(stated: str) -> list[str]:
    if _MARKUP.search(stated):
        tree = LexborHTMLParser(tamed(stated), scripting=True)
        tree.strip_tags(["script", "style"])
        stated = tree.body.text(separator="\n") if tree.body else ""
        return [" ".join(stated.split("\n"))] if "\n" not in stated.strip() else stated.split("\n")
    return _BREAK.split(html.unescape(stated))


def _begin_alike(whole: str, text: str) -> bool:
    if len(text) < NO_TEXT:
        return True
    return folded(text[: 2 * START])[:START] in folded(whole) or folded(whole[: 2 * START])[
        :START
    ] in folded(text)
