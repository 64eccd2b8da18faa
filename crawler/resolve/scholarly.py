"""Papers: what a DOI stands for, and titles searched for at Crossref, OpenAlex, DataCite, arXiv and PubMed, in order.

Asked only where a citation looks scholarly: it gives a DOI, or its outlet is a journal, a publisher or a server of
preprints. The first service with the title ends the search. A score proves nothing (there is always a best hit), so
that the title must be alike and the year near. A cited DOI is asked for at Crossref and, where that does not know it,
at DataCite; the page itself is left to doi.org. At most six requests. The shapes of all but Crossref's envelope were
not verified live.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from crawler.outlet_names import name_key
from crawler.protocols import FetchRequest, ResolverAnswer
from crawler.resolve.direct import cited_addresses, cited_doi
from crawler.resolve.engines import searched_words
from crawler.resolve.markup import Entry
from crawler.resolve.match import matches, strong
from crawler.resolve.outcomes import Trouble, read_or_trouble
from crawler.resolve.scholarly_services import BY_DOI, BY_TITLE, Work
from db.model import Candidate
from db.words import CapturePurpose, Coverage

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from crawler.protocols import Query, Resolving
    from crawler.resolve.scholarly_services import Service
    from db.model import Outcome

__all__ = ["ScholarlyResolver", "looks_scholarly"]

#: Words of a title that are sent, and how few say too little.
WORDS: Final = 20
FEWEST_WORDS: Final = 3
#: Years by which a paper's year may differ from the cited one: online first, in print the year after.
YEARS: Final = 1

#: Names of journals, publishers and servers that no seed knows, as `name_key` makes them.
_NAMES: Final = re.compile(
    r"\b(?:journal of|annals of|proceedings|transactions on|transactions of|letters in|acta|arxiv|biorxiv|medrxiv"
    r"|ssrn|plos|bmj|lancet|elsevier|springer|wiley|taylor and francis|ieee|acm|university press|zeitschrift fur"
    r"|revue de|revista de)\b|^(?:nature|science|cell|pnas|jama)(?: [a-z]+)?$"
)

#: One service at work: the papers that it lists, or its trouble.
_Asked: TypeAlias = (
    "Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], tuple[Work, ...] | Trouble]"
)


@dataclass(frozen=True, slots=True)
class ScholarlyResolver:
    """Looks for a paper by its DOI or its title."""

    name: str = "scholarly"
    version: str = "1"
    covers: ClassVar[str] = "papers with a DOI, preprints and PubMed; silence counts for nothing"
    terms: ClassVar[str] = "free, without a key; OpenAlex gives few questions a day"
    default: ClassVar[str] = "on, for citations that look scholarly"

    def resolve(self, query: Query) -> Resolving:
        """The cited DOI's address with the title it stands for, or the papers with the cited title."""
        doi = cited_doi(query.citation)
        if doi:
            return (yield from self._by_doi(query, doi))
        title = searched_words(query, limit=WORDS)
        if not looks_scholarly(query) or len(title.split()) < FEWEST_WORDS:
            return _answer(Coverage.NOT_COVERED, "the citation does not look scholarly")
        return (yield from self._by_title(query, title))

    def _by_doi(self, query: Query, doi: str) -> Resolving:
        told: list[str] = []
        for service in BY_DOI:
            read = yield from _asked(service, doi)
            if isinstance(read, Trouble):
                told.append(f"{service.name}: {read.detail}")
            elif read:
                work = read[0]
                candidates = tuple(
                    self._of_doi(url, work) for url in cited_addresses(query.citation)
                )
                return ResolverAnswer(
                    candidates=candidates, coverage=Coverage.ANSWERED, detail=f"at {service.name}"
                )
        return _answer(Coverage.NOT_COVERED, f"no registry tells of this DOI ({'; '.join(told)})")

    def _of_doi(self, url: str, work: Work) -> Candidate:
        """A cited address; the registry tells of the one at doi.org only."""
        is_doi = url.startswith("https://doi.org/")
        return Candidate(
            url=url,
            title=work.title if is_doi else None,
            published_on=work.published_on if is_doi else None,
            via=self.name,
        )

    def _by_title(self, query: Query, title: str) -> Resolving:
        entries: list[Entry] = []
        closes: list[str] = []
        told: list[str] = []
        for service in BY_TITLE:
            read = yield from _asked(service, title)
            if isinstance(read, Trouble):
                told.append(f"{service.name}: {read.detail}")
                closes += [service.name] if read.is_for_good else []
                continue
            entries += _entries(query, read)
            if strong(query, matches(query, entries, via=self.name)):
                break
        candidates = matches(query, entries, via=self.name)
        found = strong(query, candidates)
        return ResolverAnswer(
            candidates=candidates,
            coverage=Coverage.ANSWERED if found else Coverage.NOT_COVERED,
            detail="" if found else f"no paper with this title {'; '.join(told)}".strip(),
            closes=tuple(closes),
        )


def looks_scholarly(query: Query) -> bool:
    """Whether a citation gives a DOI, or its outlet is one that publishes papers."""
    outlet = query.outlet
    if cited_doi(query.citation) or (outlet and outlet.kind == "journal"):
        return True
    unknown = outlet is None or outlet.kind == "other"
    return unknown and bool(_NAMES.search(name_key(query.citation.outlet or "")))


def _asked(service: Service, sought: str) -> _Asked:
    """The works that a service lists, or its trouble."""
    url = service.url(sought)
    while True:
        (outcome,) = yield (_request(service, url),)
        read = read_or_trouble(outcome)
        if isinstance(read, Trouble):
            return read
        url = service.further(read.body) if service.further and url == service.url(sought) else ""
        if not url:
            return tuple(service.works(read.body))


def _request(service: Service, url: str) -> FetchRequest:
    return FetchRequest(
        url=url,
        purpose=CapturePurpose.SERVICE,
        service=service.name,
        check_robots=False,
        follow=False,
    )


def _entries(query: Query, works: Iterable[Work]) -> list[Entry]:
    """The works of about the cited year."""
    return [
        Entry(url=work.url, title=work.title, published_on=work.published_on)
        for work in works
        if _is_of_year(query, work)
    ]


def _is_of_year(query: Query, work: Work) -> bool:
    if query.window is None or work.year is None:
        return True
    first, last = query.window.first_on.year, query.window.last_on.year
    return first - YEARS <= work.year <= last + YEARS


def _answer(coverage: Coverage, detail: str) -> ResolverAnswer:
    return ResolverAnswer(candidates=(), coverage=coverage, detail=detail)
