"""Reads the linked data of a page, mends what sites break, and finds the node that is the article.

Rule: text in, plain mappings out; bounded in size, depth and number, never raises. A list of other articles
(`ItemList`, `mentions`) is not searched, so that a related story is never taken for the page's own.

Source: JSON-LD 1.1 (embedding in HTML, 7); schema.org Article and its kinds; Google's structured data for
articles and paywalled content.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from crawler.extract.charset import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["LinkedNode", "article_node", "linked_nodes", "names", "strings", "types"]

LinkedNode: TypeAlias = "Mapping[str, Any]"

MAX_SCRIPT_CHARACTERS: Final = 2_000_000
MAX_SCRIPTS: Final = 60
MAX_NODES: Final = 400
MAX_DEPTH: Final = 6

#: schema.org types of a single piece of writing, and those that a page about one video or recording carries.
ARTICLE_TYPES: Final = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle "
    "OpinionNewsArticle ReviewNewsArticle LiveBlogPosting BlogPosting SocialMediaPosting Report ScholarlyArticle "
    "MedicalScholarlyArticle TechArticle AdvertiserContentArticle SatiricalArticle PressRelease Review "
    "DiscussionForumPosting CreativeWork Recipe HowTo Dataset Event".split()
)
_WEAK_TYPES: Final = frozenset("CreativeWork Review Recipe HowTo Dataset Event".split())
#: Where the page's own node may stand below another.
_BELOW: Final = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")

_WRAPPER: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA: Final = re.compile(r",\s{0,200}(?=[}\]])")
_LINE_COMMENT: Final = re.compile(r"^\s{0,200}//.*$", re.MULTILINE)
_BLOCK_COMMENT: Final = re.compile(r"/\*[^*]*\*/")


def linked_nodes(scripts: Iterable[str]) -> tuple[LinkedNode, ...]:
    """Every node of the page's scripts, outer before inner, in document order."""
    nodes: list[LinkedNode] = []
    for number, script in enumerate(scripts):
        if number >= MAX_SCRIPTS:
            break
        for value in _loaded(script[:MAX_SCRIPT_CHARACTERS]):
            nodes.extend(_flattened(value))
    return tuple(nodes[:MAX_NODES])


def article_node(
    nodes: Iterable[LinkedNode], *, url: str = "", canonical: str = ""
) -> LinkedNode | None:
    """The node that is the article at one of these URLs; None where no node has such a type."""
    own = {_bare(url), _bare(canonical)} - {""}
    best: LinkedNode | None = None
    best_rank = 0
    for node in nodes:
        kinds = types(node) & ARTICLE_TYPES
        if not kinds:
            continue
        rank = 1 + 8 * bool(kinds - _WEAK_TYPES) + _fullness(node) + 4 * _is_of(node, own)
        if rank > best_rank:
            best, best_rank = node, rank
    return best


def types(node: LinkedNode) -> set[str]:
    """The node's types without their vocabulary."""
    return {name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in strings(node.get("@type"))}


def strings(value: object) -> tuple[str, ...]:
    """The texts of a value: a string, a number, `{"@value"}` or `{"@id"}`, or a list of these; in order."""
    if isinstance(value, list):
        return tuple(text for each in value[:MAX_NODES] for text in _string(each))
    return tuple(_string(value))


def names(value: object) -> tuple[str, ...]:
    """The names of persons or organisations: strings, objects with `name`, or a list of these; in order."""
    found: list[str] = []
    for each in value[:MAX_NODES] if isinstance(value, list) else [value]:
        found += strings(each.get("name")) if isinstance(each, dict) else strings(each)
    return tuple(found)


def _string(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    if isinstance(value, bool):
        value = str(value)
    if isinstance(value, str | int | float):
        text = clean_text(html.unescape(str(value)[:MAX_SCRIPT_CHARACTERS]))
        if text:
            yield text


def _fullness(node: LinkedNode) -> int:
    return sum(
        bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody")
    )


def _is_of(node: LinkedNode, own: set[str]) -> bool:
    """Whether the node says that it is about one of these bare URLs."""
    if not own:
        return False
    fields = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    return any(_bare(each) in own for field in fields for each in strings(field))


def _bare(url: str) -> str:
    """The URL without its scheme, query, fragment and last slash."""
    before, scheme, rest = url.partition("://")
    if scheme and before in {"http", "https"}:
        url = rest
    return url.partition("#")[0].partition("?")[0].removesuffix("/")


def _loaded(script: str) -> list[object]:
    """The values of a script, mended step by step; none where nothing helps."""
    text = _WRAPPER.sub("", script.strip()).strip().rstrip(";")
    for mend in (_as_is, _without_commas, _without_comments, html.unescape):
        text = mend(text)
        values = _decoded(text)
        if values:
            return values
    return []


def _as_is(text: str) -> str:
    return text


def _without_commas(text: str) -> str:
    return _TRAILING_COMMA.sub("", text)


def _without_comments(text: str) -> str:
    return _TRAILING_COMMA.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", text)))


_DECODER: Final = json.JSONDecoder(strict=False)


def _decoded(text: str) -> list[object]:
    """One value, or several written one after another; what follows the first damage is lost."""
    values: list[object] = []
    text = text.lstrip()
    start = 0
    while start < len(text) and len(values) < MAX_NODES:
        try:
            value, start = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while start < len(text) and text[start] in " \t\r\n;,":
            start += 1
    return values


def _flattened(value: object) -> Iterator[LinkedNode]:
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        each, depth = waiting.pop(0)
        if depth > MAX_DEPTH or len(waiting) > MAX_NODES:
            continue
        if isinstance(each, list):
            waiting[:0] = [(item, depth + 1) for item in each[:MAX_NODES]]
        elif isinstance(each, dict):
            yield each
            waiting.extend((each[key], depth + 1) for key in _BELOW if key in each)
