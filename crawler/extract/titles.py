"""Chooses the headline among what a page calls itself, and keeps every variant for the identity gate.

Rule: a `Head` in, titles out, best first. The outlet's name is cut off at either end, because `<title>` and
Open Graph titles carry it; the h1 decides between variants where it agrees with one of them.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from crawler.extract.jsonld import strings
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.extract.head import Head

__all__ = ["titles_of"]

MAX_TITLE_CHARACTERS: Final = 500
_SEPARATOR: Final = re.compile(r"\s+(?:[|·•»›«‹–—:~]|-{1,2}|::)\s+|\s*[|»]\s*")
_METAS: Final = (
    "citation_title",
    "og:title",
    "parsely-title",
    "sailthru.title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "headline",
    "title",
)
#: Words that a suffix may have besides the outlet's name.
MAX_SUFFIX_WORDS: Final = 5
MIN_TITLE_CHARACTERS: Final = 4


def titles_of(head: Head, *, outlet: str, host: str) -> tuple[str, ...]:
    """Every headline variant of the page, best first, no two the same once folded."""
    outlets = _outlet_names(outlet, host)
    variants = [_without_outlet(title, outlets) for title in _stated(head)]
    heading = _agreeing_heading(head.headings, variants)
    return tuple(_unique([heading, *variants, *head.headings, head.document_title]))


def _stated(head: Head) -> Iterator[str]:
    for key in ("headline", "name"):
        yield from strings(head.article.get(key))[:1]
    for key in _METAS:
        if title := head.meta(key):
            yield html.unescape(title)
    if head.document_title:
        yield head.document_title
    yield from strings(head.article.get("alternativeHeadline"))[:1]


def _agreeing_heading(headings: tuple[str, ...], variants: list[str]) -> str:
    """The h1 that one of the other variants repeats or begins; the only one where there is only one."""
    plain = [folded(variant) for variant in variants]
    for heading in headings:
        own = folded(heading)
        if len(own) >= MIN_TITLE_CHARACTERS and any(_agree(own, each) for each in plain):
            return heading
    return ""


def _agree(heading: str, variant: str) -> bool:
    return len(variant) >= MIN_TITLE_CHARACTERS and (
        heading == variant
        or heading.startswith(variant.rstrip(". "))
        or variant.startswith(heading)
    )


def _unique(titles: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for title in titles:
        key = folded(title[:MAX_TITLE_CHARACTERS])
        if key not in seen:
            seen.add(key)
            yield title[:MAX_TITLE_CHARACTERS]


def _outlet_names(outlet: str, host: str) -> frozenset[str]:
    """How the outlet may sign a title: its name, its host, and the host's main label."""
    bare = host.lower().removeprefix("www.")
    label = max(bare.split("."), key=len) if bare else ""
    return frozenset({_letters(outlet), _letters(bare), _letters(label)} - {""})


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _without_outlet(title: str, outlets: frozenset[str]) -> str:
    """The title without parts at its ends that are the outlet's name."""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    marks = [found.group() for found in _SEPARATOR.finditer(title)]
    if len(parts) < 2 or len(marks) != len(parts) - 1:  # noqa: PLR2004
        return title
    start, end = 0, len(parts)
    while end - start > 1 and _is_outlet(parts[end - 1], outlets):
        end -= 1
    while end - start > 1 and _is_outlet(parts[start], outlets):
        start += 1
    kept = parts[start]
    for place in range(start + 1, end):
        kept += marks[place - 1] + parts[place]
    return kept.strip()


def _is_outlet(part: str, outlets: frozenset[str]) -> bool:
    own = _letters(part)
    return bool(own) and any(
        own == name or (len(name) >= MIN_TITLE_CHARACTERS and (name in own or own in name))
        for name in outlets
        if len(part.split()) <= MAX_SUFFIX_WORDS
    )
