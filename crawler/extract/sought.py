"""Finds all elements that this package asks a page for, in one pass over its tree.

Rule: a parsed tree in, its elements out, sorted by what they are or may be; what they say is read by those who ask for
them. Each pass compares every element of the page with every selector, so that there is one, it tells no more apart
than it must, and the few elements that it finds are looked at again.

Source: HTML 4.2.5 (meta), RDFa `property` and microdata `itemprop`, microformats (class names of dates).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crawler.extract.tags import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Sought", "sought_in"]

#: One selector for what class names and ids may hold each; `aut` stands for three words, at the price of one.
_SOUGHT: Final = (
    "meta, title, link[rel=canonical i], base[href], script[type*='ld+json' i], h1, article, main, time, abbr, "
    "[itemprop], [rel~=author], [class*=byline i], [class*=aut i], [id*=byline i], [id*=author i], address"
)
_NAMED_BYLINE: Final = re.compile(r"byline|auth?or|auteur", re.IGNORECASE)
_BYLINE_ID: Final = re.compile(r"byline|author", re.IGNORECASE)
_META: Final = numbered(["meta"])["meta"]
#: Tags of which all that are found are of one kind.
_KINDS: Final = {"title": "titles", "base": "bases", "h1": "headings", "time": "times"}
#: What furniture cannot hold: an element with it inside was named badly.
_MAIN: Final = frozenset({"article", "main", "h1"})
#: Elements that hold whole articles, or nothing to read.
_NO_BYLINE: Final = frozenset("html body main article section form input img meta link".split())


@dataclass(slots=True)
class Sought:
    """Elements in document order; one may be of several kinds."""

    metas: list[Mapping[str, str | None]] = field(default_factory=list)  #: their attributes
    titles: list[LexborNode] = field(default_factory=list)
    canonicals: list[LexborNode] = field(default_factory=list)
    bases: list[LexborNode] = field(default_factory=list)
    linked: list[LexborNode] = field(default_factory=list)  #: scripts of linked data
    headings: list[LexborNode] = field(default_factory=list)  #: h1
    mains: list[LexborNode] = field(default_factory=list)  #: of the page's main part
    times: list[LexborNode] = field(default_factory=list)
    bylines: list[LexborNode] = field(default_factory=list)  #: named after authors


def sought_in(tree: LexborHTMLParser) -> Sought:
    """What stands in the tree."""
    found = Sought()
    metas, last = found.metas, 0
    for node in tree.css(_SOUGHT):
        # An element comes once for each selector that it fits, one after the other.
        if node.mem_id == last:
            continue
        last = node.mem_id
        attributes = node.attributes
        if node.tag_id != _META:
            _sort(found, node, attributes)
            continue
        metas.append(attributes)
        if attributes.get("itemprop") == "articleBody":
            found.mains.append(node)
    return found


def _sort(found: Sought, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
    tag = node.tag or ""
    itemprop = attributes.get("itemprop") or ""
    if kind := _kind(tag, attributes):
        getattr(found, kind).append(node)
    elif itemprop.startswith("date"):
        found.times.append(node)
    if tag in _MAIN or itemprop == "articleBody":
        found.mains.append(node)
    if tag not in _NO_BYLINE and _is_byline(tag, itemprop, attributes):
        found.bylines.append(node)


def _kind(tag: str, attributes: Mapping[str, str | None]) -> str:
    """The kind of an element that its tag tells; "" where it tells none."""
    if tag == "link":
        return "canonicals" if (attributes.get("rel") or "").lower() == "canonical" else ""
    if tag == "script":
        return "linked" if "ld+json" in (attributes.get("type") or "").lower() else ""
    if tag == "abbr":
        names = (attributes.get("class") or "").split()
        is_dated = "published" in names or ("title" in attributes and "date" in names)
        return "times" if is_dated else ""
    return _KINDS.get(tag, "")


def _is_byline(tag: str, itemprop: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is marked as an author's or named so; one with a mark of any kind may be named roughly."""
    rel, names, name = (attributes.get(key) or "" for key in ("rel", "class", "id"))
    return (
        tag == "address"
        or _NAMED_BYLINE.search(names) is not None
        or _BYLINE_ID.search(name) is not None
        or "author" in rel.split()
        or "author" in itemprop.split()
        or (("rel" in attributes or "itemprop" in attributes) and "aut" in names.lower())
    )
