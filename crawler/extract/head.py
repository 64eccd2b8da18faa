"""Collects what a page says about itself, once, into plain values; judging them is for others.

Rule: a parsed tree in, a `Head` out; texts are cleaned and bounded. `titles`, `published`, `byline` and
`page_state` read the `Head` and never the tree.

Source: HTML 4.2.5 (meta), Open Graph protocol, RDFa `property` and microdata `itemprop`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from crawler.extract.jsonld import LinkedNode, article_node, linked_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Head", "TimeElement", "date_lines_of", "head_of"]

MAX_METAS: Final = 400
MAX_VALUE_CHARACTERS: Final = 2_000
MAX_ELEMENTS: Final = 12
MAX_BYLINE_CHARACTERS: Final = 300
MAX_DATE_LINE_CHARACTERS: Final = 120

_META_KEYS: Final = ("property", "name", "itemprop", "http-equiv")
_BYLINES: Final = (
    "[rel=author], [itemprop=author], [class*=byline i], [class*=author i], [id*=author i], [id*=byline i], "
    "[class*=auteur i], [class*=autor i]"
)
_DATE_LINES: Final = (
    "[class*=date i], [class*=publi i], [class*=posted i], [class*=timestamp i], [class*=time i], [id*=date i], "
    "[class*=datum i], [class*=fecha i], [class*=meta i], [class*=byline i]"
)
#: All that is told apart by its tag alone; a pass over the tree costs more than a look at each element found.
_EVERYTHING: Final = (
    "meta[content], title, link[rel=canonical i], base[href], h1, script[type*='ld+json' i], time, "
    "abbr.published, abbr[title].date, [itemprop=datePublished]:not(meta), [itemprop=dateModified]:not(meta)"
)


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A `time` element or one that says by its `itemprop` that it is one."""

    value: str  #: `datetime`, `content` or `title`, else the text
    is_published: bool
    is_modified: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says about itself."""

    metas: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  #: lower-case name → contents
    canonical: str = ""  #: as written
    base: str = ""
    language: str = ""
    document_title: str = ""
    headings: tuple[str, ...] = ()  #: texts of h1
    times: tuple[TimeElement, ...] = ()
    bylines: tuple[str, ...] = ()
    linked: tuple[LinkedNode, ...] = ()
    article: LinkedNode = field(default_factory=dict)  #: {} where no node is an article

    def meta(self, *keys: str) -> str:
        """The first content of the first of these names that has one."""
        return next((values[0] for key in keys if (values := self.metas.get(key))), "")


def head_of(tree: LexborHTMLParser, *, url: str = "") -> Head:
    """All that the page says about itself, before anything is stripped from the tree."""
    found: dict[str, list[LexborNode]] = {}
    for node in tree.css(_EVERYTHING):
        found.setdefault(node.tag or "", []).append(node)
    linked = linked_nodes(node.text() for node in found.pop("script", ()))
    html = tree.css_first("html")
    language = (html.attributes.get("lang") or html.attributes.get("xml:lang")) if html else ""
    return Head(
        metas=_metas(found.pop("meta", ())),
        canonical=_address(found.pop("link", ())),
        base=_address(found.pop("base", ())),
        language=language or "",
        document_title=next(_texts(found.pop("title", ()), limit=MAX_VALUE_CHARACTERS), ""),
        headings=tuple(_texts(found.pop("h1", ()), limit=MAX_VALUE_CHARACTERS)),
        times=tuple(_times(chain.from_iterable(found.values()))),
        bylines=tuple(_texts(tree.css(_BYLINES), limit=MAX_BYLINE_CHARACTERS)),
        linked=linked,
        article=article_node(linked, url=url) or {},
    )


def date_lines_of(tree: LexborHTMLParser) -> Iterator[str]:
    """Short texts of elements that are named after dates; only asked for where no field has a date."""
    yield from _texts(tree.css(_DATE_LINES), limit=MAX_DATE_LINE_CHARACTERS)


def _metas(nodes: Iterable[LexborNode]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for node in islice(nodes, MAX_METAS):
        attributes = node.attributes
        content = clean_text((attributes.get("content") or "")[:MAX_VALUE_CHARACTERS])
        key = next((value for each in _META_KEYS if (value := attributes.get(each))), None)
        if content and key:
            key = key.strip().lower()
            found[key] = (*found.get(key, ()), content)
    return found


def _address(nodes: Iterable[LexborNode]) -> str:
    """The first address among these elements."""
    stated = (node.attributes.get("href") or "" for node in nodes)
    return next((each.strip()[:MAX_VALUE_CHARACTERS] for each in stated if each.strip()), "")


def _texts(nodes: Iterable[LexborNode], *, limit: int) -> Iterator[str]:
    """Texts of the first elements that hold something short enough, each once."""
    seen: set[str] = set()
    for node in islice(nodes, 5 * MAX_ELEMENTS):
        text = clean_text(_text(node))
        if text and len(text) <= limit and text not in seen and len(seen) < MAX_ELEMENTS:
            seen.add(text)
            yield text


def _text(node: LexborNode) -> str:
    if node.tag == "meta":
        return node.attributes.get("content") or ""
    return node.text(separator=" ")[: 4 * MAX_VALUE_CHARACTERS]


def _times(nodes: Iterable[LexborNode]) -> Iterator[TimeElement]:
    for node in islice(nodes, MAX_ELEMENTS):
        attributes = node.attributes
        value = next(
            (text for key in ("datetime", "content", "title") if (text := attributes.get(key))),
            None,
        )
        names = f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}".lower()
        yield TimeElement(
            value=clean_text(value or _text(node))[:MAX_DATE_LINE_CHARACTERS],
            is_published="pubdate" in attributes or "publi" in names or "entry-date" in names,
            is_modified="modif" in names or "updat" in names,
        )
