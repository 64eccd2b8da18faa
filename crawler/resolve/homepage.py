"""What an outlet's home page says of the ways into its archive, read from hostile bytes. Pure.

Feeds (RSS autodiscovery), WordPress's REST API (`https://api.w.org/`, as link or header), the site's search
(a form with one text field sent by GET, schema.org's SearchAction, OpenSearch's `<link rel="search">`), and the
stories that it lists. All resolvers ask with the same request, so that an outlet's home page is fetched once.
Only addresses at the outlet's own site are taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from crawler.protocols import FetchRequest
from crawler.resolve.markup import LISTED, html_of, http_url
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.urls import absolute_url, same_site
from db.words import CapturePurpose

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from db.model import Capture, Outcome, Outlet

__all__ = ["TERMS", "Home", "asked_home", "asked_page", "home_of"]

#: What stands for the words in the address of a search (OpenSearch 1.1).
TERMS: Final = "{searchTerms}"
#: Forms and scripts read of one page, fields of one form, characters of one script.
_FORMS: Final = 20
_SCRIPTS: Final = 20
_FIELDS: Final = 12
_SCRIPT_CHARS: Final = 65_536

_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml"})
_OPENSEARCH: Final = "application/opensearchdescription+xml"
_REST: Final = "https://api.w.org/"
_REST_HEADER: Final = re.compile(
    r"<([^<>\s]{1,2048})>\s{0,9};[^<>,]{0,200}rel=\"?https://api\.w\.org/", re.IGNORECASE
)
#: A SearchAction's target, as a string or as `urlTemplate` (schema.org); slashes may be escaped.
_ACTION: Final = re.compile(
    r'"(?:target|urlTemplate)"\s{0,9}:\s{0,9}"([^"{}]{1,1000})\{[A-Za-z_ -]{1,40}\}([^"{}]{0,300})"'
)
_TEXT_FIELDS: Final = frozenset({"", "text", "search"})
#: Fields of which any makes a form another thing than a search.
_OTHER_FIELDS: Final = frozenset({"password", "email", "tel", "file", "date", "number"})
#: Names of a search's field, and what the address of one contains in the languages of the seeds.
_FIELD_NAMES: Final = frozenset(
    "q s qs query search suche suchbegriff keyword keywords kw term terms searchterm searchtext text".split()
)
_SEARCHES: Final = re.compile(
    r"search|such|recherch|busca|buscar|ricerca|cerca|pesquisa|zoek|sok|haku|szukaj|kereses|hledat",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Ways into a site's archive, each an absolute URL at that site."""

    url: str
    feeds: tuple[str, ...] = ()
    rest_root: str = ""  #: of WordPress's REST API; "" where none is named
    searches: tuple[str, ...] = ()  #: addresses with `TERMS` in place of the words
    descriptions: tuple[str, ...] = ()  #: of OpenSearch


def asked_home(
    outlet: Outlet,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Capture | Trouble]:
    """The home page of the outlet's first host, or why it cannot be read."""
    return (yield from asked_page(f"https://{outlet.hosts[0]}/"))


def asked_page(
    url: str,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Capture | Trouble]:
    """One page of the site that lists or finds others, or why it cannot be read."""
    (outcome,) = yield (FetchRequest(url=url, purpose=CapturePurpose.INDEX),)
    return read_or_trouble(outcome)


def home_of(capture: Capture) -> Home:
    """What a page says of the ways into its site; also of a search's own page, whose form is the better one."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html_of(capture))
    links = [(node.attributes, _rels(node)) for node in tree.css("link[rel][href]")]
    feeds = (a.get("href") for a, rels in links if "alternate" in rels and _type(a) in _FEED_TYPES)
    descriptions = (
        a.get("href") for a, rels in links if "search" in rels and _type(a) == _OPENSEARCH
    )
    rest = (a.get("href") for a, rels in links if _REST in rels)
    searches = (*_forms(tree, capture.url), *_actions(tree))
    return Home(
        url=capture.url,
        feeds=_own(capture.url, feeds),
        rest_root=next(iter(_own(capture.url, (*_rest_headers(capture), *rest))), ""),
        searches=tuple(u for u in _own(capture.url, searches) if TERMS in u),
        descriptions=_own(capture.url, descriptions),
    )


def _own(base_url: str, references: Any) -> tuple[str, ...]:
    """The references as URLs, in order, each once, without those that lead away from the site."""
    urls = (http_url(absolute_url(base_url, one)) for one in references if one)
    own = (url for url in urls if url and same_site(url.replace(TERMS, ""), base_url))
    return tuple(dict.fromkeys(own))[:LISTED]


def _rels(node: Any) -> list[str]:
    return (node.attributes.get("rel") or "").lower().split()


def _type(attributes: dict[str, str | None]) -> str:
    return (attributes.get("type") or "").lower().strip()


def _rest_headers(capture: Capture) -> Iterator[str]:
    for name, value in capture.headers:
        if name.lower() == "link" and (found := _REST_HEADER.search(value[:4096])):
            yield found[1]


# ---------------------------------------------------------------------------------------- searches


def _forms(tree: Any, base_url: str) -> Iterator[str]:
    for form in tree.css("form")[:_FORMS]:
        method = (form.attributes.get("method") or "get").lower().strip()
        fields = form.css("input[name]")[:_FIELDS]
        kinds = [_type(field.attributes) for field in fields]
        texts = [field for field, kind in zip(fields, kinds, strict=True) if kind in _TEXT_FIELDS]
        is_other = any(kind in _OTHER_FIELDS for kind in kinds) or len(texts) != 1
        if method != "get" or is_other or not _is_search(form, texts[0]):
            continue
        hidden = [
            (field.attributes["name"], field.attributes.get("value") or "")
            for field, kind in zip(fields, kinds, strict=True)
            if kind == "hidden"
        ]
        action = absolute_url(base_url, form.attributes.get("action") or base_url)
        name = texts[0].attributes["name"]
        query = f"{urlencode([*hidden, (name, '')])}{TERMS}"
        yield f"{action.partition('#')[0].partition('?')[0]}?{query}"


def _is_search(form: Any, field: Any) -> bool:
    """Whether anything says that this form searches: a role, a type, its field's name or where it leads."""
    return (
        (form.attributes.get("role") or "").lower() == "search"
        or _type(field.attributes) == "search"
        or (field.attributes.get("name") or "").lower() in _FIELD_NAMES
        or bool(_SEARCHES.search((form.attributes.get("action") or "")[:300]))
    )


def _actions(tree: Any) -> Iterator[str]:
    for script in tree.css('script[type="application/ld+json"]')[:_SCRIPTS]:
        text = (script.text() or "")[:_SCRIPT_CHARS]
        if "SearchAction" in text:
            for found in _ACTION.finditer(text):
                yield f"{found[1]}{TERMS}{found[2]}".replace("\\/", "/")
