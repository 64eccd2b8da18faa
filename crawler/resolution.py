"""From a citation to the page that is judged, or to a plain reason why there is none.

Search: the resolvers, cheapest and most certain first, until one candidate is certain. Examine: the plausible
candidates are fetched and read, archived copies standing in for what is gone or blocked. Choose: the identity
gate decides, and `crawler.states` says what a candidate means that could not be read. Note: of a page behind a
paywall or a login, that an archive holds a copy; the copy is read only where the operator says so.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from crawler.choice import ANSWERED, Examined, Resolved, chosen, settles
from crawler.closing import OpenServices
from crawler.driver import SERVICE_REQUESTS_PER_SEARCH, Budget, drive
from crawler.headlines import same_headline
from crawler.identify import identity
from crawler.progress import Event
from crawler.protocols import ExtractionFailure, ExtractionTask, FetchRequest, ResolverAnswer
from crawler.resolve.mementos import memento_known, memento_of
from crawler.resolve.rank import plausible
from crawler.search import Search
from crawler.slugs import page_shape
from crawler.states import (
    ARCHIVED_INSTEAD,
    ARCHIVED_INSTEAD_OF_FAILURES,
    ARCHIVED_INSTEAD_OF_WALLS,
    answer_to_failure,
    answer_to_state,
)
from crawler.verification import guarded
from db.model import Capture, ResolverReport
from db.words import CapturePurpose, Coverage, IdentityKind, PageState, ResolveStatus

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import date

    from crawler.driver import Asker
    from crawler.namer import Namer
    from crawler.progress import Listeners
    from crawler.protocols import Clock, Query, Resolver, Workers
    from crawler.resolve.outlets import OutletBook
    from db.model import Candidate, Outcome, Page

__all__ = ["Resolved", "Searcher"]

#: Candidates that are fetched for one citation; beyond that the tail is noise and costs the sources.
EXAMINED_AT_MOST: Final = 4

#: Seconds that one page may take a worker.
EXTRACT_DEADLINE_S: Final = 20.0


class Searcher:
    """Resolves citations with the parts that the composition root hands in."""

    def __init__(
        self,
        *,
        resolvers: Sequence[Resolver],
        book: OutletBook,
        asker: Asker,
        workers: Workers,
        clock: Clock,
        listeners: Listeners,
        namer: Namer | None = None,
        read_paywalled: bool = False,
    ) -> None:
        """Without a `namer` the outlets of the book are all that are known.

        `read_paywalled`: an archive's copy of a page behind a wall is read like that of a page that is gone.
        """
        self._resolvers = tuple(resolvers)
        self._book = book
        self._asker = asker
        self._services = OpenServices(asker, clock)
        self._workers = workers
        self._clock = clock
        self._listeners = listeners
        self._namer = namer
        self._archived_instead = ARCHIVED_INSTEAD_OF_WALLS if read_paywalled else ARCHIVED_INSTEAD

    async def resolved(self, query: Query) -> Resolved:
        """The page taken for this citation, or why none was."""
        budget = Budget()
        query, told = await self._named(query, budget)
        search = await self._searched(query, budget)
        reports = (*told, *search.reports)
        self._listeners.tell(Event.CANDIDATES_RANKED, count=len(search.found))
        examined = await self._examined(query, search.found, budget)
        result = chosen(query, search.found, reports, examined, attested=search.attested)
        result = await self._noted(query, result, budget)
        self._listeners.tell(Event.RESOLVED, kind=result.status.value)
        return result

    async def candidates(
        self, query: Query
    ) -> tuple[tuple[Candidate, ...], tuple[ResolverReport, ...]]:
        """What the resolvers offer, ranked, without fetching any of it."""
        budget = Budget()
        query, told = await self._named(query, budget)
        search = await self._searched(query, budget)
        return search.found, (*told, *search.reports)

    async def _named(
        self, query: Query, budget: Budget
    ) -> tuple[Query, tuple[ResolverReport, ...]]:
        """The same with its outlet, looked for where nobody is known by the cited name, and how that went."""
        if self._namer is None:
            return query, ()
        named = await self._namer.named(query, budget)
        if named is None:
            return query, ()
        report = ResolverReport(
            resolver="naming", coverage=Coverage.NOT_COVERED, detail=named.detail
        )
        known = dataclasses.replace(
            query, outlet=named.outlet, outlet_is_guess=named.outlet is not None and named.is_guess
        )
        return known, (report,)

    # ---------------------------------------------------------------------------------- search

    async def _searched(self, query: Query, budget: Budget) -> Search:
        search = Search(query)
        part = Budget(services=SERVICE_REQUESTS_PER_SEARCH, within=budget)
        for resolver in self._resolvers:
            self._listeners.tell(Event.RESOLVER_ASKED, resolver=resolver.name)
            answer = await self._asked(resolver, search.question(), part)
            self._listeners.tell(
                Event.RESOLVER_ANSWERED, resolver=resolver.name, kind=answer.coverage.value
            )
            search.take(resolver.name, answer)
            if search.is_over:
                break
        return search

    async def _asked(self, resolver: Resolver, query: Query, budget: Budget) -> ResolverAnswer:
        search = drive(resolver.resolve(query), self._services, budget=budget, clock=self._clock)
        answer = await guarded(search, listeners=self._listeners, plugin=resolver.name)
        if isinstance(answer, str):
            return ResolverAnswer(candidates=(), coverage=Coverage.DEGRADED, detail=answer)
        self._services.close(answer)
        return _held_to(query, answer)

    # ---------------------------------------------------------------------------------- examine

    async def _examined(
        self, query: Query, candidates: Sequence[Candidate], budget: Budget
    ) -> tuple[Examined, ...]:
        examined: list[Examined] = []
        for place, candidate in enumerate(candidates, start=1):
            if len(examined) == EXAMINED_AT_MOST or not plausible(candidate, query):
                break
            one = await self._read(query, candidate, budget)
            examined.append(one)
            if settles(query, one, others=candidates[place:]):
                break
        return tuple(examined)

    async def _read(self, query: Query, candidate: Candidate, budget: Budget) -> Examined:
        request = FetchRequest(url=candidate.url, purpose=CapturePurpose.SOURCE)
        outcome = await self._ask(request, budget)
        if not isinstance(outcome, Capture):
            failed = Examined(
                candidate=candidate,
                answer=answer_to_failure(outcome.kind),
                why=f"{outcome.kind.value}: {outcome.detail}",
            )
            if outcome.kind not in ARCHIVED_INSTEAD_OF_FAILURES:
                return failed
            return await self._archived(query, failed, budget)
        page = await self._page(outcome)
        if isinstance(page, ExtractionFailure):
            return _unread(candidate, page)
        if page.state in self._archived_instead:
            answer = answer_to_state(page.state, archived=False)
            gone = Examined(candidate=candidate, answer=answer, why=page.state_why, pages=(page,))
            return await self._archived(query, gone, budget)
        one = self._identified(query, candidate, outcome, page, (page,))
        if not _shows_another(query, one):
            return one
        # The address was listed with the cited headline: its page was replaced, or is gone behind a 200.
        archived = await self._archived(query, one, budget)
        return one if _shows_another(query, archived) else archived

    async def _archived(self, query: Query, live: Examined, budget: Budget) -> Examined:
        """The archive's copy where there is a readable one, else what came of the live page."""
        candidate = live.candidate
        self._listeners.tell(Event.ARCHIVE_ASKED, url=candidate.url)
        search = memento_of(candidate.url, around=_around(query), today=query.today)
        memento = await drive(search, self._asker, budget=budget, clock=self._clock)
        without = dataclasses.replace(
            live,
            why=f"{live.why}; archive: {memento.detail}",
            is_unarchived=memento.coverage in ANSWERED,
        )
        if memento.capture is None:
            return without
        page = await self._page(memento.capture)
        if isinstance(page, ExtractionFailure) or answer_to_state(page.state, archived=True).reason:
            return without
        return self._identified(query, candidate, memento.capture, page, (*live.pages, page))

    async def _noted(self, query: Query, result: Resolved, budget: Budget) -> Resolved:
        """The same, with the address of an archive's copy of a page that is behind a wall."""
        if result.status is not ResolveStatus.PAYWALLED or result.taken is None:
            return result
        url = result.taken.url
        self._listeners.tell(Event.ARCHIVE_ASKED, url=url)
        search = memento_known(url, around=_around(query), today=query.today)
        known = await drive(search, self._asker, budget=budget, clock=self._clock)
        return dataclasses.replace(
            result, rule=f"{result.rule}; archive: {known.detail}", noted=known.address
        )

    def _identified(
        self,
        query: Query,
        candidate: Candidate,
        captured: Capture,
        page: Page,
        pages: tuple[Page, ...],
    ) -> Examined:
        found = identity(query, page, book=self._book)
        self._listeners.tell(Event.IDENTIFIED, kind=found.title.kind.value)
        is_it = found.title.kind is IdentityKind.SAME and page_shape(page.url) == "article"
        # A page that shows the cited headline is no front, however little of its text was found.
        state = (
            PageState.UNREADABLE if is_it and page.state is PageState.NOT_AN_ARTICLE else page.state
        )
        return Examined(
            candidate=candidate,
            answer=answer_to_state(state, archived=captured.memento_of is not None),
            why=page.state_why,
            page=page,
            # Its body has been read: many citations are in hand at a time, and a body may be as large as 32 MiB.
            captured=dataclasses.replace(captured, body=b""),
            identity=found,
            pages=pages,
        )

    async def _ask(self, request: FetchRequest, budget: Budget) -> Outcome:
        return await drive(_single(request), self._asker, budget=budget, clock=self._clock)

    async def _page(self, captured: Capture) -> Page | ExtractionFailure:
        from crawler.extract import page_of

        self._listeners.tell(Event.EXTRACT_STARTED, url=captured.url)
        # A 304 stands for the stored body that it confirmed (RFC 9110, 15.4.5).
        whole = dataclasses.replace(captured, status=200) if captured.revisit_of else captured
        task = ExtractionTask(capture=whole)
        page = await self._workers.run(page_of, task, deadline_s=EXTRACT_DEADLINE_S)
        kind = page.kind.value if isinstance(page, ExtractionFailure) else page.state.value  # type: ignore[attr-defined]
        self._listeners.tell(Event.EXTRACT_ENDED, url=captured.url, kind=kind)
        return page  # type: ignore[return-value]


def _shows_another(query: Query, one: Examined) -> bool:
    """Whether the page has another headline than the one with which the outlet or an engine lists its address."""
    listed = one.candidate.title
    return (
        one.identity is not None
        and one.identity.title.kind is IdentityKind.DIFFERS
        and one.candidate.features.get("outlet") != 0.0
        and listed is not None
        and same_headline(query.title, listed) is IdentityKind.SAME
    )


def _held_to(query: Query, answer: ResolverAnswer) -> ResolverAnswer:
    """The same; not covered where the outlet's hosts are only guessed: then silence there shows nothing."""
    if not query.outlet_is_guess or answer.coverage not in ANSWERED:
        return answer
    detail = f"{answer.detail}; the outlet's host is only guessed".removeprefix("; ")
    return dataclasses.replace(answer, coverage=Coverage.NOT_COVERED, detail=detail)


def _around(query: Query) -> date | None:
    """The day that an archive's copy should be near to."""
    return query.window.first_on if query.window else None


def _single(
    request: FetchRequest,
) -> Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Outcome]:
    """One request as a generator, so that the driver counts it against the budget like any other."""
    (outcome,) = yield (request,)
    return outcome


def _unread(candidate: Candidate, failure: ExtractionFailure) -> Examined:
    """A candidate whose page a worker could not read."""
    answer = answer_to_state(PageState.UNREADABLE, archived=False)
    return Examined(
        candidate=candidate, answer=answer, why=f"{failure.kind.value}: {failure.detail}"
    )
