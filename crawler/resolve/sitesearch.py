"""The site's own search, as its home page offers it: asked once a citation, with the headline's telling words.

Found in this order: a form of the home page or schema.org's SearchAction, OpenSearch's description, WordPress's own
`?s=`, and the form of a page at one of the common paths. Nearly all sites forbid their search to crawlers: the fetcher
asks robots.txt first, and what is denied is `blocked`. What answers is a page for people: it counts as an answer only
where it repeats the words, and as a whole one only where it says that there is nothing or lists a few stories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import quote_plus

from crawler.headline_reading import plain_text
from crawler.outlet_names import lives_at
from crawler.protocols import ResolverAnswer
from crawler.resolve.homepage import TERMS, asked_home, asked_page, home_of
from crawler.resolve.listings import listing_of
from crawler.resolve.match import matches, strong
from crawler.resolve.opensearch import search_address
from crawler.resolve.outcomes import Trouble
from crawler.resolve.search_words import FEWEST_WORDS, search_words
from crawler.resolve.wordpress import posts_by_words, posts_of
from crawler.slugs import page_shape
from crawler.urls import absolute_url, host_of
from db.words import Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from crawler.protocols import FetchRequest, Query, Resolving
    from crawler.resolve.homepage import Home
    from crawler.resolve.listings import Listing
    from crawler.resolve.markup import Entry
    from db.model import Outcome, Outlet

__all__ = ["SitesearchResolver"]

#: Where searches live that no home page names.
COMMON_PATHS: Final = ("/search",)
#: Stories on a page of results from which more may stand on the next one: engines give 10 or more a page.
FULL_PAGE: Final = 10
#: How pages of results say "nothing", folded, in the languages of the seeds.
_NOTHING: Final = re.compile(
    r"\bno (?:\w+ )?(?:results|matches|articles|stories|entries)\b|\bnothing (?:was )?(?:found|matched)\b"
    r"|\b0 (?:results?|matches|articles|treffer|ergebnisse|resultats?|resultados|risultati|resultaten|traffar|hits)\b"
    r"|\bkeine (?:\w+ )?(?:ergebnisse|treffer|artikel|beitrage)\b|\baucun (?:resultat|article)|\baucune reponse\b"
    r"|\b(?:sin|ningun|nenhum) resultado|\bno se (?:han )?encontr|\bnao encontr|\bnessun risultato|\bgeen resultaten"
    r"|\binga (?:resultat|traffar)|\bingen (?:resultat|treff)|\bei (?:hakutuloksia|tuloksia)|\bbrak wynikow"
    r"|ничего не наидено|нет результатов|нічого не знаидено|結果はありません|沒有結果|没有结果"
)


@dataclass(frozen=True, slots=True)
class SitesearchResolver:
    """Looks for the headline with the search that the site offers its readers."""

    name: str = "sitesearch"
    version: str = "1"
    covers: ClassVar[str] = (
        "what the outlet's own search shows, where it says that nothing was found"
    )
    terms: ClassVar[str] = "the site's own robots.txt, which often denies it"
    default: ClassVar[str] = "on"

    def resolve(self, query: Query) -> Resolving:
        """The results that are like the cited headline."""
        words = search_words(query)
        refusal = _not_asked(query.outlet, words)
        if refusal or query.outlet is None:
            return _answer(Coverage.NOT_COVERED, refusal)
        capture = yield from asked_home(query.outlet)
        if isinstance(capture, Trouble):
            return _answer(capture.coverage, f"home page: {capture.detail}")
        found = yield from _address(query, home_of(capture))
        if isinstance(found, Trouble):
            return _answer(found.coverage, found.detail)
        read = yield from asked_page(found.replace(TERMS, quote_plus(" ".join(words))))
        if isinstance(read, Trouble):
            return _answer(read.coverage, f"its search: {read.detail}")
        return self._answered(query, words, listing_of(read), known=listing_of(capture))

    def _answered(
        self, query: Query, words: Sequence[str], results: Listing, *, known: Listing
    ) -> ResolverAnswer:
        """`known`: what the home page lists anyway and is no result of this search."""
        own = [entry for entry in results.entries if _is_own(query.outlet, entry)]
        candidates = matches(query, own, via=self.name)
        if strong(query, candidates):
            return ResolverAnswer(candidates=candidates, coverage=Coverage.ANSWERED)
        listed = {entry.url for entry in known.entries}
        new = [one for one in own if one.url not in listed and page_shape(one.url) == "article"]
        coverage, detail = _silence(words, plain_text(results.text), stories=len(new))
        return ResolverAnswer(candidates=candidates, coverage=coverage, detail=detail)


def _not_asked(outlet: Outlet | None, words: Sequence[str]) -> str:
    """Why it is not asked, "" where it is."""
    if outlet is None or not outlet.hosts:
        return "the outlet's hosts are not known"
    return "" if words else "no title is cited that it could search for"


def _address(
    query: Query, home: Home
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], str | Trouble]:
    """The address of the site's search with `TERMS` in it, or why there is none to be asked."""
    if home.rest_root:
        # The same question as the WordPress resolver's, replayed: where the API answers, its search knows no more.
        (outcome,) = yield (posts_by_words(query, home.rest_root),)
        if not isinstance(posts_of(outcome), Trouble):
            return _none("its WordPress API answers for its search")
    if home.searches:
        return home.searches[0]
    for url in home.descriptions[:1]:
        capture = yield from asked_page(url)
        if not isinstance(capture, Trouble) and (found := search_address(capture)):
            return found
    if home.rest_root:
        return absolute_url(home.url, f"/?s={TERMS}")
    return (yield from _at_common_paths(home))


def _at_common_paths(
    home: Home,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], str | Trouble]:
    """What the form of a search page says; asked without words, so that all citations of the outlet share it."""
    for path in COMMON_PATHS:
        capture = yield from asked_page(absolute_url(home.url, path))
        if not isinstance(capture, Trouble) and (searches := home_of(capture).searches):
            return searches[0]
    return _none("the site names no search")


def _none(detail: str) -> Trouble:
    return Trouble(coverage=Coverage.NOT_COVERED, detail=detail)


def _is_own(outlet: Outlet | None, entry: Entry) -> bool:
    return outlet is not None and lives_at(outlet, host_of(entry.url))


def _silence(words: Sequence[str], text: str, *, stories: int) -> tuple[Coverage, str]:
    """What a page without the headline says; `text` is folded."""
    if not all(plain_text(word) in text for word in words):
        return Coverage.DEGRADED, "what its search answered does not speak of the words"
    if _NOTHING.search(text) or 0 < stories < FULL_PAGE:
        if len(words) < FEWEST_WORDS:
            return Coverage.NOT_COVERED, f"too few words to search for: {' '.join(words)}"
        return Coverage.EMPTY, f"{stories} stories for {' '.join(words)}, none with this headline"
    if stories:
        return Coverage.NOT_COVERED, f"a full page of stories for {' '.join(words)}, not this one"
    return Coverage.DEGRADED, "no results could be read: its search may need scripts"


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
