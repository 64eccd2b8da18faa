"""Reads what a page asks of those who keep or show it.

Rule: a `Head` and headers in, directives out, lower case. Source: Google's robots meta tag and X-Robots-Tag, which
others follow; `none` means noindex and nofollow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crawler.extract.head import Head
    from db.model import Headers

__all__ = ["directives_of"]

_SPLIT: Final = re.compile(r"[\s,;]+")
#: Names under which a page speaks to every robot, or to ones whose wishes it would have us share.
_NAMES: Final = ("robots", "citehound", "googlebot", "googlebot-news")


def directives_of(head: Head, headers: Headers) -> frozenset[str]:
    """The directives for every robot; `max-snippet:0` is nosnippet."""
    lines = [each for name in _NAMES for each in head.metas.get(name, ())]
    lines += [value for name, value in headers if name.lower() == "x-robots-tag"]
    found = {word for line in lines for word in _SPLIT.split(line.lower()[:500]) if word}
    if "max-snippet:0" in found:
        found.add("nosnippet")
    if "none" in found:
        found.add("noindex")
    return frozenset(found)
