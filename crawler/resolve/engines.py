"""What search engines are asked, in which order, and what their answers prove. Pure.

Rule: an engine without the headline proves nothing by itself; no engine knows every page. It is `empty` only where it
showed that it knows the outlet, by other pages at the outlet's own hosts, and `answered` only with the headline there.
"""

from __future__ import annotations

import dataclasses
import html
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from crawler.headlines import bare_headline, distinctive_words
from crawler.outlet_names import bare_host, lives_at
from crawler.protocols import ResolverAnswer
from crawler.resolve.match import matches, strong
from crawler.urls import host_of
from db.ids import TYPOGRAPHY
from db.words import Coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from crawler.protocols import FetchRequest, Query, Resolving
    from crawler.resolve.markup import Entry
    from db.model import Candidate, Outcome

__all__ = ["Asking", "engine_answer", "is_there", "questions", "searched", "searched_words", "site"]

#: One question at work: the results that the engine shows, or the answer that ends the search.
Asking: TypeAlias = (
    "Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Sequence[Entry] | ResolverAnswer]"
)

#: Words of the headline that are sent; engines give up on more.
WORDS: Final = 16
#: Words that are sent where the search is not held to a host: the ones that tell this headline from others.
TELLING_WORDS: Final = 9
#: Words of the outlet's name that are sent, where its host is not known.
NAME_WORDS: Final = 6
#: Other pages of the outlet that an engine must show before its silence says anything.
SHOWN: Final = 3

#: What is sent of a title: words, with apostrophes and hyphens inside; no quotes, no operators of the engines.
_SEARCHED: Final = re.compile(r"\w+(?:['-]\w+)*")
#: Words that engines take for operators where they stand in capitals.
_OPERATORS: Final = frozenset({"OR", "AND", "NOT", "NEAR"})


def searched(
    query: Query, sought: Iterator[str], ask: Callable[[str], Asking], *, via: str
) -> Resolving:
    """Ask one question after the other until the headline is there; trouble ends it and keeps what was found."""
    entries: tuple[Entry, ...] = ()
    asked = False
    for question in sought:
        asked = True
        read = yield from ask(question)
        if isinstance(read, ResolverAnswer):
            return dataclasses.replace(read, candidates=matches(query, entries, via=via))
        entries = tuple(dict.fromkeys((*entries, *read)))
        if is_there(query, matches(query, entries, via=via)):
            break
    if not asked:
        detail = "no title is cited to search for"
        return ResolverAnswer(candidates=(), coverage=Coverage.NOT_COVERED, detail=detail)
    return engine_answer(query, entries, via=via)


def questions(query: Query, *, everywhere: bool = True) -> Iterator[str]:
    """What a general engine is asked: held to the outlet's host, then everywhere; nothing without words.

    Everywhere, because outlets have more hosts than are known, and because a story may stand elsewhere. Where no host
    is known, the outlet's name stands beside the words first.
    """
    words, host = searched_words(query), site(query)
    named = " ".join(_SEARCHED.findall(query.citation.outlet or "")[:NAME_WORDS])
    if not words:
        return
    if host:
        yield f"site:{host} {words}"
    elif named:
        yield f"{words} {named}"
    if everywhere or not host:
        yield _telling_words(query)


def searched_words(query: Query, *, limit: int = WORDS) -> str:
    """The cited headline as an engine is asked for it: its words in order, "" where there are none."""
    found = _SEARCHED.findall(_plain(query))[:limit]
    return " ".join(word.lower() if word in _OPERATORS else word for word in found)


def site(query: Query) -> str:
    """The host that serves the outlet first, without www; "" where none is known, or one is only guessed."""
    hosts = query.outlet.hosts if query.outlet and not query.outlet_is_guess else ()
    return bare_host(hosts[0]) if hosts else ""


def engine_answer(query: Query, entries: Sequence[Entry], *, via: str) -> ResolverAnswer:
    """What all that an engine showed for one citation offers and proves."""
    candidates = matches(query, entries, via=via)
    outlet = query.outlet
    if outlet is None or not outlet.hosts:
        detail = "the outlet's hosts are not known, so the search was not held to them"
        return ResolverAnswer(candidates=candidates, coverage=Coverage.NOT_COVERED, detail=detail)
    if is_there(query, candidates):
        return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
    shown = len({entry.url for entry in entries if lives_at(outlet, host_of(entry.url))})
    coverage, detail = (
        (Coverage.EMPTY, f"it shows {shown} pages of the outlet, none with this headline")
        if shown >= SHOWN
        else (Coverage.NOT_COVERED, f"it shows {shown} pages of the outlet, which proves nothing")
    )
    return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def is_there(query: Query, candidates: Sequence[Candidate]) -> bool:
    """Whether a candidate with the headline stands at the outlet; anywhere, where its hosts are not known."""
    outlet = query.outlet
    if outlet is None or not outlet.hosts:
        return strong(query, candidates)
    return strong(query, (one for one in candidates if lives_at(outlet, host_of(one.url))))


def _telling_words(query: Query) -> str:
    """The words that tell the headline from others, in order; all of them where those are too few to search for."""
    words = distinctive_words(_plain(query), limit=TELLING_WORDS)
    return " ".join(words) if len(words) > 1 else searched_words(query)


def _plain(query: Query) -> str:
    """The headline without the outlet's name, entities and typography resolved."""
    names = (query.outlet.name, *query.outlet.aliases) if query.outlet else ()
    return bare_headline(html.unescape(query.title), names).translate(TYPOGRAPHY)
