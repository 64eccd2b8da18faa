"""An OpenSearch description: the address at which a site's search is asked, read from hostile bytes. Pure.

Source: OpenSearch 1.1 draft 6, "OpenSearch URL template syntax": `{name}` is required, `{name?}` may be left empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from crawler.resolve.homepage import TERMS
from crawler.resolve.markup import http_url
from crawler.urls import absolute_url, same_site

if TYPE_CHECKING:
    from db.model import Capture

__all__ = ["search_address"]

#: Bytes and addresses read of one description.
READ_BYTES: Final = 65_536
URLS: Final = 20
_PARAMETER: Final = re.compile(r"\{([A-Za-z:]{1,40})(\??)\}")
#: What the parameters get that a search may ask for beside the words.
_VALUES: Final = {
    "count": "20",
    "startindex": "1",
    "startpage": "1",
    "language": "*",
    "inputencoding": "UTF-8",
    "outputencoding": "UTF-8",
}


def search_address(capture: Capture) -> str:
    """The address of the site's HTML results with `TERMS` for the words; "" where it describes none of its own."""
    for attributes in _urls(capture.body[:READ_BYTES]):
        template = absolute_url(capture.url, attributes.get("template", ""))
        is_html = attributes.get("type", "").lower().startswith(("text/html", "application/xhtml"))
        is_get = attributes.get("method", "get").lower() == "get"
        is_results = attributes.get("rel", "results").lower() == "results"
        filled = _PARAMETER.sub(_filled, template)
        plain = filled.replace(TERMS, "", 1)
        if "{" in plain or plain == filled or not (is_html and is_get and is_results):
            continue
        if http_url(plain) and same_site(plain, capture.url):
            return filled
    return ""


def _filled(found: re.Match[str]) -> str:
    """A parameter's value; one that is required and unknown stays, and spoils the address."""
    name = found[1].rsplit(":", 1)[-1]
    if name == TERMS[1:-1]:
        return TERMS
    return "" if found[2] else _VALUES.get(name.lower(), found[0])


def _urls(body: bytes) -> list[dict[str, Any]]:
    """The attributes of its `Url` elements, whatever their namespace."""
    from lxml import etree

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError):
        return []
    found = root.iter("{*}Url") if root is not None else ()
    return [dict(element.attrib) for element, _ in zip(found, range(URLS), strict=False)]
