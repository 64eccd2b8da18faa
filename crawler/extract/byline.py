"""Reads who publishes a page, and whom it credits.

Rule: a `Head` and the first and last blocks in, names out. A credit is an outlet that byline, dateline, agency
line, linked data or a note of first publication names; the identity gate decides what it is worth.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.extract.authors import AGENCIES, AUTHOR_METAS, parts_of, unique
from crawler.extract.jsonld import names
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.extract.head import Head

__all__ = ["credits_of", "outlet_of"]

MAX_NAME_CHARACTERS: Final = 80
#: Blocks at either end in which credits stand.
OPENING_BLOCKS: Final = 6
CLOSING_BLOCKS: Final = 8

_DATELINE: Final = re.compile(r"^[^()]{0,60}\(([^()]{2,40})\)\s{0,2}[-–—:]")
_OTHER_DATELINE: Final = re.compile(r"^[^\W\d_][^.!?]{1,40}[,/]\s?([A-Za-z]{2,12})\s{0,2}[-–—]\s")
_SOURCE_LINE: Final = re.compile(
    r"^(?:source|sources|quelle|quellen|fuente|fonte|источник|джерело|bron|källa|via)\s{0,2}:\s{0,2}(.{2,80})$",
    re.IGNORECASE,
)
_FIRST_PUBLISHED: Final = re.compile(
    r"\b(?:this|the) (?:article|story|piece|post|report|essay|column)[^.]{0,60}?\b(?:originally|first|previously) "
    r"(?:published|appeared|posted)(?: (?:by|on|in|at|with)){1,2} (?:the website of )?([^.,;(]{2,60})",
    re.IGNORECASE,
)
_REPRINTED: Final = re.compile(
    r"\b(?:republished|reprinted|reproduced|syndicated)(?: here)?(?: with permission)? from ([^.,;(]{2,60})",
    re.IGNORECASE,
)
#: Words without one of which no note of first publication is sought.
_CREDITING: Final = ("published", "appeared", "posted", "reprinted", "reproduced", "syndicated")
_WORD: Final = re.compile(r"[^\W_]+")
#: Of each agency's name its longest word: a line without any of them names no agency, and is not taken apart.
_AGENCY_WORDS: Final = frozenset(max(_WORD.findall(name), key=len) for name in AGENCIES)
_SUBLINE: Final = re.compile(r"\s(?:on|under|with|and|as|at)\s(?=[a-z\d]|[A-Z][a-z]+ \d).*$")
_CREDIT_FIELDS: Final = (
    "sourceOrganization",
    "copyrightHolder",
    "isBasedOn",
    "isBasedOnUrl",
    "provider",
)


def outlet_of(head: Head) -> str | None:
    """The outlet that the page says it belongs to."""
    publishers = names(head.article.get("publisher"))
    stated = (
        head.meta("og:site_name"),
        *publishers[:1],
        head.meta("application-name", "citation_journal_title"),
    )
    for name in stated:
        if name and "://" not in name:
            return name[:MAX_NAME_CHARACTERS]
    return None


def credits_of(
    head: Head, blocks: Sequence[str], *, authors: tuple[str, ...], outlet: str | None
) -> tuple[str, ...]:
    """The outlets, other than the page's own, that it credits; agencies by their full names."""
    found = [
        *_agency_names(
            (*authors, *(each.text for each in head.bylines), *_all_metas(head, AUTHOR_METAS))
        ),
        *(name for key in _CREDIT_FIELDS for name in names(head.article.get(key))[:3]),
        *_credit_lines((*blocks[:OPENING_BLOCKS], *blocks[OPENING_BLOCKS:][-CLOSING_BLOCKS:])),
        *_datelines(blocks[:OPENING_BLOCKS]),
    ]
    full = (AGENCIES.get(name.casefold(), _host_or_name(name)) for name in found)
    return tuple(name for name in unique(full) if folded(name) != folded(outlet))


def _all_metas(head: Head, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        yield from head.metas.get(key, ())


def _agency_names(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if _AGENCY_WORDS.isdisjoint(_WORD.findall(line.casefold())):
            continue
        for part in (
            line,
            *parts_of(line[:MAX_NAME_CHARACTERS]),
            *line.split(",")[1:2],
        ):
            name = part.casefold().removesuffix(" staff").strip(" .")
            if name in AGENCIES:
                yield AGENCIES[name]


def _datelines(blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        for pattern in (_DATELINE, _OTHER_DATELINE):
            found = pattern.search(block[:140])
            if found and found[1].casefold() in AGENCIES:
                yield found[1]


def _credit_lines(blocks: Sequence[str]) -> Iterator[str]:
    for block in blocks:
        line = block[:600]
        if found := _SOURCE_LINE.match(line):
            yield found[1]
        if any(word in line for word in _CREDITING):
            for pattern in (_FIRST_PUBLISHED, _REPRINTED):
                if found := pattern.search(line):
                    yield _SUBLINE.sub("", found[1]).strip()
        if len(line) < MAX_NAME_CHARACTERS:
            yield from _agency_names((line,))


def _host_or_name(name: str) -> str:
    if "://" in name:
        try:
            return (urlsplit(name).hostname or "").removeprefix("www.")
        except ValueError:
            return ""
    return name.strip(" .")[:MAX_NAME_CHARACTERS]
