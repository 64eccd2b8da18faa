"""Collects what a page says about itself, once, into plain values; judging them is for others.

Rule: the elements of `sought` in, a `Head` out; texts are cleaned and bounded. `titles`, `published`, `authors`,
`byline` and `page_state` read the `Head` and never the tree.

Source: HTML 4.2.5 (meta), Open Graph protocol, RDFa `property` and microdata `itemprop`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from crawler.extract.charset import clean_text
from crawler.extract.jsonld import LinkedNode, article_node, linked_nodes
from crawler.extract.tags import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.extract.sought import Sought

__all__ = ["Byline", "Head", "TimeElement", "head_of", "is_foreign"]

MAX_METAS: Final = 400
MAX_VALUE_CHARACTERS: Final = 2_000
MAX_ELEMENTS: Final = 12
#: Elements named after authors that are looked at; galleries and teasers have hundreds.
MAX_BYLINES: Final = 40
MAX_BYLINE_CHARACTERS: Final = 300
#: Characters of an element that may be marked as an author.
MAX_NAME_CHARACTERS: Final = 80
MAX_TIME_CHARACTERS: Final = 120
#: Times a limit that are read of a text, for the white space in it.
SLACK: Final = 4
#: Elements above one that may say what it stands in.
MAX_CLIMB: Final = 7

#: Class names that microformats and most systems give to the author's name alone.
_MARKED_NAMES: Final = frozenset(
    "author fn p-author author-name author__name author_name byline-name byline__name byline-author".split()
)
_BODY, _BLOCKQUOTE = numbered(["body", "blockquote"]).values()
#: Class names of what readers wrote.
_COMMENT: Final = re.compile(r"(?:^|\s)comment|[-_]comments?(?:\s|$)", re.IGNORECASE)
#: Class names of the line over a headline, inside the same h1.
_KICKER: Final = re.compile(
    r"kicker|overline|topline|eyebrow|roofline|dachzeile|spitzmarke|topic|section|subheadline|titleheader|"
    r"supertitle|pretitle|antetitulo|surtitre|occhiello|category|rubri[ck]|label|prefix",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A `time` element or one that says by its `itemprop` that it is one."""

    value: str  #: `datetime`, `content` or `title`, else the text
    is_published: bool
    is_modified: bool


@dataclass(frozen=True, slots=True)
class Byline:
    """An element named after authors; `is_marked` where it is marked up as the author, not only called so."""

    text: str
    links: tuple[str, ...] = ()  #: the texts of the links in it
    is_marked: bool = False


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
    headings: tuple[str, ...] = ()  #: texts of h1, without the kicker in it before with it
    times: tuple[TimeElement, ...] = ()  #: not those of comments and of quoted posts
    bylines: tuple[Byline, ...] = ()  #: likewise, the marked ones first
    linked: tuple[LinkedNode, ...] = ()
    article: LinkedNode = field(default_factory=dict)  #: {} where no node is an article

    def meta(self, *keys: str) -> str:
        """The first content of the first of these names that has one."""
        for key in keys:
            if key in self.metas:
                return self.metas[key][0]
        return ""


def head_of(found: Sought, *, root: LexborNode | None = None, url: str = "") -> Head:
    """All that the page says about itself by these elements and its root."""
    linked = linked_nodes(node.text() for node in found.linked)
    attributes = root.attributes if root is not None else {}
    canonical = _address(found.canonicals)
    return Head(
        metas=_metas(found.metas),
        canonical=canonical,
        base=_address(found.bases),
        language=attributes.get("lang") or attributes.get("xml:lang") or "",
        document_title=next(_texts(found.titles), ""),
        headings=tuple(_headings(found.headings)),
        times=tuple(_times(found.times)),
        bylines=_bylines(found.bylines),
        linked=linked,
        article=article_node(linked, url=url, canonical=canonical) or {},
    )


def _metas(stated: Sequence[Mapping[str, str | None]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for attributes in stated[:MAX_METAS]:
        # Some savers of pages write `value` for `content`.
        content = attributes.get("content") or attributes.get("value")
        if (
            content
            and (key := _meta_key(attributes))
            and (text := clean_text(content[:MAX_VALUE_CHARACTERS]))
        ):
            found[key] = (*found[key], text) if key in found else (text,)
    return found


def _meta_key(attributes: Mapping[str, str | None]) -> str:
    get = attributes.get
    key = get("property") or get("name") or get("itemprop") or get("http-equiv")
    return key.strip().lower() if key else ""


def _address(nodes: Iterable[LexborNode]) -> str:
    """The first address among these elements."""
    stated = (node.attributes.get("href") or "" for node in nodes)
    return next((each.strip()[:MAX_VALUE_CHARACTERS] for each in stated if each.strip()), "")


def _texts(nodes: Iterable[LexborNode]) -> Iterator[str]:
    """Texts of the first elements that hold something short enough."""
    for node in islice(nodes, MAX_ELEMENTS):
        text = _text(node)
        if text and len(text) <= MAX_VALUE_CHARACTERS:
            yield text


def _text(node: LexborNode, limit: int = MAX_VALUE_CHARACTERS) -> str:
    """The element's text, or some of it where that is longer than the limit."""
    return clean_text(node.text(separator=" ")[: SLACK * limit])


def _headings(nodes: Iterable[LexborNode]) -> Iterator[str]:
    for node in islice(nodes, MAX_ELEMENTS):
        text = _text(node)
        if text and len(text) <= MAX_VALUE_CHARACTERS:
            kicker = _kicker(node)
            if kicker and text.startswith(kicker):
                yield text[len(kicker) :].lstrip(" :|/·•–—-")
            yield text


def _kicker(heading: LexborNode) -> str:
    """The text of an h1's first element where its name or its tag makes it the line over the headline."""
    first = next(heading.iter(), None)
    if first is not None and first.tag in {"span", "a", "div"} and first.next is None:
        first = next(first.iter(), None)
    if first is None or not (
        first.tag == "small" or _KICKER.search(first.attributes.get("class") or "")
    ):
        return ""
    return _text(first)


def _times(nodes: Iterable[LexborNode]) -> Iterator[TimeElement]:
    for node in islice(nodes, MAX_ELEMENTS):
        if is_foreign(node):
            continue
        attributes = node.attributes
        value = next(
            (text for key in ("datetime", "content", "title") if (text := attributes.get(key))),
            None,
        )
        names = f"{attributes.get('itemprop') or ''} {attributes.get('class') or ''}".lower()
        yield TimeElement(
            value=clean_text(value or _text(node))[:MAX_TIME_CHARACTERS],
            is_published="pubdate" in attributes or "publi" in names or "entry-date" in names,
            is_modified="modif" in names or "updat" in names,
        )


def _bylines(named: Iterable[LexborNode]) -> tuple[Byline, ...]:
    found: dict[str, Byline] = {}
    for node in islice(named, MAX_BYLINES):
        text = _text(node, MAX_BYLINE_CHARACTERS)
        if not text or len(text) > MAX_BYLINE_CHARACTERS:
            continue
        known = found.get(text)
        is_marked = len(text) <= MAX_NAME_CHARACTERS and _is_marked(node)
        if known and (known.is_marked or not is_marked):
            continue
        if not known and (len(found) >= MAX_ELEMENTS or is_foreign(node)):
            continue
        found[text] = Byline(text=text, links=_links(node, text), is_marked=is_marked)
    return tuple(sorted(found.values(), key=lambda each: not each.is_marked))


def _links(node: LexborNode, text: str) -> tuple[str, ...]:
    if node.tag == "a":
        return (text,)
    return tuple(_text(link, MAX_NAME_CHARACTERS) for link in node.css("a")[:MAX_ELEMENTS])


def _is_marked(node: LexborNode) -> bool:
    attributes = node.attributes
    if "rel" in attributes or "itemprop" in attributes:
        return True
    return not _MARKED_NAMES.isdisjoint((attributes.get("class") or "").split())


def is_foreign(node: LexborNode) -> bool:
    """Whether the element stands in a reader's comment or in a post quoted from elsewhere."""
    above: LexborNode | None = node
    for _ in range(MAX_CLIMB):
        if above is None or above.tag_id == _BODY or not above.is_element_node:
            return False
        names = above.attrs.get("class")
        if above.tag_id == _BLOCKQUOTE or (names and _COMMENT.search(names)):
            return True
        above = above.parent
    return False
