"""Reads the language that a page states, as a BCP 47 tag.

Rule: a `Head` in, a tag or None out; the text itself is not guessed at. Source: BCP 47 2.1, HTML 3.2.6.1 (lang).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crawler.extract.jsonld import names

if TYPE_CHECKING:
    from crawler.extract.head import Head

__all__ = ["language_of"]

_TAG: Final = re.compile(
    r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?:[-_@.].*)?"
)


def language_of(head: Head) -> str | None:
    """The first usable of the html element's language, linked data, Open Graph and the old meta names."""
    linked = names(head.article.get("inLanguage"))
    metas = (head.meta("og:locale"), head.meta("content-language", "language", "dc.language"))
    for stated in (head.language, *linked[:1], *metas):
        found = _TAG.fullmatch(stated.strip()[:40])
        if found:
            language, script, region = found.groups()
            parts = (language.lower(), (script or "").title(), (region or "").upper())
            return "-".join(part for part in parts if part)
    return None
