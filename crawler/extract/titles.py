"""Chooses the headline among what a page calls itself, and keeps every variant for the identity gate.

Rule: a `Head` in, titles out, best first. The outlet's name is cut off at either end, because `<title>` and
Open Graph titles carry it. What readers see over the text, the h1, is the headline where it agrees with a field or
reads like one; a heading that is the site's name is none.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.extract.jsonld import strings
from crawler.extract.letters import letters_of
from db.ids import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.extract.head import Head

__all__ = ["titles_of"]

MAX_TITLE_CHARACTERS: Final = 500
_SEPARATOR: Final = re.compile(r"\s+(?:[|·•»›«‹–—:~ǀ]|-{1,2}|::)\s+|\s*[|»]\s*")
#: What all separators have one of; most titles have none, and are not searched for white space around it.
_MAY_SEPARATE: Final = re.compile(r"[|·•»›«‹–—:~ǀ-]")
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
#: Words of a heading that nothing on the page repeats and that is a headline all the same.
MIN_LONE_WORDS: Final = 5
#: Letters of a word by which two titles are seen to be about the same.
MIN_TELLING_LETTERS: Final = 4
#: Words before a separator that make what follows a suffix, where nothing else names the page.
MIN_WORDS_BEFORE: Final = 3
#: Letters of a headline that may stand behind a kicker.
MIN_TAIL_LETTERS: Final = 12
_WORD: Final = re.compile(r"\w+")


def titles_of(head: Head, *, outlet: str, host: str) -> tuple[str, ...]:
    """Every headline variant of the page, best first, no two the same once folded."""
    outlets = _outlet_names(outlet, host, _host(head.canonical), _host(head.meta("og:url")))
    stated = tuple(dict.fromkeys(_stated(head)))
    variants = [_without_outlet(title, outlets) for title in stated]
    headings = [
        title
        for heading in head.headings
        if (title := _without_outlet(heading, outlets)) and not _is_site(title, outlets)
    ]
    best = _best(headings, variants) or (_bare_title(head, outlets) if len(variants) == 1 else "")
    best = _without_kicker(best, variants)
    return tuple(_unique(dict.fromkeys([best, *variants, *head.headings, head.document_title])))


def _stated(head: Head) -> Iterator[str]:
    for key in ("headline", "name"):
        yield from strings(head.article.get(key))[:1]
    for key in _METAS:
        if title := head.meta(key):
            yield html.unescape(title)
    if head.document_title:
        yield head.document_title
    yield from strings(head.article.get("alternativeHeadline"))[:1]


def _best(headings: Sequence[str], variants: Sequence[str]) -> str:
    """The heading that repeats a variant, else begins or continues one, else reads like a headline; "" for none."""
    stated = [key for variant in variants if len(key := _letters(variant)) >= MIN_TITLE_CHARACTERS]
    keys = [(heading, _letters(heading)) for heading in headings]
    keys = [(heading, key) for heading, key in keys if len(key) >= MIN_TITLE_CHARACTERS]
    for agrees in (_equal, _begin_alike):
        for heading, key in keys:
            if any(agrees(key, each) for each in stated):
                return heading
    told = {word for variant in variants for word in _telling(variant)}
    for heading, _ in keys:
        if told.intersection(_telling(heading)):
            return heading
    lone = [heading for heading, _ in keys if len(heading.split()) >= MIN_LONE_WORDS]
    return lone[0] if len(keys) == 1 and lone else ""


def _equal(heading: str, variant: str) -> bool:
    return heading == variant


def _begin_alike(heading: str, variant: str) -> bool:
    return heading.startswith(variant) or variant.startswith(heading)


def _telling(title: str) -> Iterator[str]:
    return (word for word in _WORD.findall(folded(title)) if len(word) >= MIN_TELLING_LETTERS)


def _without_kicker(best: str, variants: Sequence[str]) -> str:
    """The variant that ends the heading, where none repeats it whole: the rest is a kicker without a name."""
    whole = _letters(best)
    keys = [(variant, _letters(variant)) for variant in variants]
    if any(key == whole for _, key in keys):
        return best
    tails = (
        variant for variant, key in keys if len(key) >= MIN_TAIL_LETTERS and whole.endswith(key)
    )
    return next(tails, best)


def _bare_title(head: Head, outlets: frozenset[str]) -> str:
    """The document's title without its last parts, which may be anything where nothing else names the page."""
    title = _without_outlet(head.document_title, outlets)
    while marks := list(_SEPARATOR.finditer(title)):
        before, behind = title[: marks[-1].start()], title[marks[-1].end() :]
        words = len(before.split()), len(behind.split())
        if words[0] < MIN_WORDS_BEFORE or words[1] > min(words[0], MAX_SUFFIX_WORDS):
            break
        title = before
    return title


def _unique(titles: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for title in titles:
        key = folded(title[:MAX_TITLE_CHARACTERS])
        if key not in seen:
            seen.add(key)
            yield title[:MAX_TITLE_CHARACTERS]


def _outlet_names(outlet: str, *hosts: str) -> frozenset[str]:
    """How the outlet may sign a title: its name, its hosts, and their main labels."""
    found = {_letters(outlet)}
    for host in hosts:
        bare = host.lower().removeprefix("www.")
        found |= {_letters(bare), _letters(max(bare.split("."), key=len))}
    return frozenset(found - {""})


def _host(url: str) -> str:
    try:
        return urlsplit(url[:MAX_TITLE_CHARACTERS]).hostname or ""
    except ValueError:
        return ""


def _letters(text: str) -> str:
    return letters_of(text[:MAX_TITLE_CHARACTERS])


def _without_outlet(title: str, outlets: frozenset[str]) -> str:
    """The title without parts at its ends that are the outlet's name."""
    marks = _SEPARATOR.findall(title) if _MAY_SEPARATE.search(title) else []
    if not marks:
        return title
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
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


def _is_site(heading: str, outlets: frozenset[str]) -> bool:
    """Whether a heading is the outlet's name or part of it; a headline may well have the name in it."""
    own = _letters(heading)
    return any(
        own == name or (len(own) >= MIN_TITLE_CHARACTERS and own in name) for name in outlets
    )
