"""What a site calls itself on its home page. Pure, bounded, never raises; the page is compared, never believed.

Read are og:site_name, application-name, the parts of the title, and the names of JSON-LD's website and
organisations. A title that is only the domain is what registrars write on empty sites and says nothing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from crawler.outlet_names import as_domain, editions, name_key, name_keys, squeezed, unbracketed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["calls_itself", "own_names"]

#: Bytes read of a home page, and of one JSON-LD block: names stand in its head.
READ_BYTES: Final = 512 << 10
BLOCK_CHARS: Final = 64 << 10
#: Names and JSON-LD blocks read of one page, characters of a name, and how deep a block is looked into.
NAMES: Final = 24
BLOCKS: Final = 8
NAME_CHARS: Final = 200
DEPTH: Final = 4
#: An abbreviation is no longer than this, and no shorter.
INITIALS: Final = range(2, 7)

_META: Final = frozenset({"og:site_name", "application-name", "apple-mobile-web-app-title"})
_BETWEEN: Final = re.compile(r"\s[-–—|·•:»/]\s|[|•»]|:\s")
_TYPES: Final = frozenset(
    "website organization newsmediaorganization corporation ngo governmentorganization educationalorganization "
    "periodical newspaper blog".split()
)
#: Fields of JSON-LD that name a thing, and those that hold the site or organisation of a page.
_NAMES: Final = ("name", "alternateName")
_HOLDERS: Final = ("@graph", "publisher", "isPartOf")
#: What stands on domains that are for sale, in any case.
_FOR_SALE: Final = re.compile(
    rb"domain (?:name )?is for sale|buy this domain|domain zu verkaufen|domain may be for sale|domain parking",
    re.IGNORECASE,
)


def own_names(body: bytes) -> tuple[str, ...]:
    """The names that a home page gives its site, the plainest first; none for a domain that is for sale."""
    from selectolax.lexbor import LexborHTMLParser

    read = body[:READ_BYTES]
    if _FOR_SALE.search(read):
        return ()
    tree = LexborHTMLParser(read.decode("utf-8", "replace"))
    names = [*_meta_names(tree), *_linked_names(tree), *_title_parts(tree)]
    plain = (" ".join(name.split())[:NAME_CHARS] for name in names)
    return tuple(dict.fromkeys(name for name in plain if name_key(name)))[:NAMES]


def calls_itself(name: str, own: Sequence[str]) -> bool:
    """Whether one of a site's own names is the cited name, also run together, by initials, or without its tail."""
    cited = {key for text in _forms(name) for key in (*name_keys(text), squeezed(text))}
    for text in own:
        if cited & {*name_keys(text), squeezed(text)} - {""}:
            return True
        if any(_is_short_for(key, text) for key in cited):
            return True
    return False


def _forms(name: str) -> Iterator[str]:
    """The name as cited, what stands before and within its bracket, and before the country of its edition."""
    yield name
    yield from (before for before, _ in editions(name))
    yield from (part for part in unbracketed(name) if part)


def _is_short_for(key: str, text: str) -> bool:
    """Whether a key of one word is made of the initials of the text's words: `lsvd`, `ft`."""
    words = name_key(text).split()
    initials = {"".join(word[0] for word in words)}
    initials.add("".join(word[0] for word in words if len(word) > 3))  # noqa: PLR2004 - of, und, the
    return " " not in key and len(key) in INITIALS and key in initials


def _meta_names(tree: Any) -> Iterator[str]:
    for node in tree.css("meta[content]")[:200]:
        named = node.attributes.get("property") or node.attributes.get("name") or ""
        if named.strip().lower() in _META:
            yield node.attributes.get("content") or ""


def _title_parts(tree: Any) -> Iterator[str]:
    """The title and its parts; the parts of a headline would not be the name of anything that is looked for."""
    node = tree.css_first("title")
    title = " ".join(node.text().split())[: 3 * NAME_CHARS] if node else ""
    parts = (title, *_BETWEEN.split(title))
    yield from (part for part in parts if part.strip() and not as_domain(part))


def _linked_names(tree: Any) -> Iterator[str]:
    for node in tree.css('script[type="application/ld+json"]')[:BLOCKS]:
        text = node.text(deep=True)
        if len(text) > BLOCK_CHARS:
            continue
        try:
            block = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _within(block, DEPTH)


def _within(value: Any, depth: int) -> Iterator[str]:
    """The names of what in a JSON-LD value is a site or an organisation."""
    if isinstance(value, list):
        for one in value[:NAMES]:
            yield from _within(one, depth)
    elif isinstance(value, dict) and depth:
        told = {kind.lower() for kind in _listed(value.get("@type"))}
        if told & _TYPES:
            yield from (text for field in _NAMES for text in _listed(value.get(field)))
        for field in _HOLDERS:
            yield from _within(value.get(field), depth - 1)


def _listed(value: Any) -> Iterator[str]:
    """The texts of a field that holds one or several."""
    for one in (value if isinstance(value, list) else [value])[:NAMES]:
        if isinstance(one, str):
            yield one
