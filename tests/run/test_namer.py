"""An outlet that no seed knows is looked for once, remembered, and never makes "not found" certain by a guess."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from builders import NOW, Ears, ScriptedFetcher, StillClock, a_capture, a_failure, a_request

from crawler.driver import Budget
from crawler.journal import Journal, StoreThread
from crawler.namer import Namer
from crawler.offline import OfflineWatch
from crawler.progress import Listeners
from crawler.protocols import Query, ResolverAnswer
from crawler.resolution import Searcher
from crawler.resolve.outlets import OutletBook
from crawler.workers import InlineWorkers
from db.model import Citation, Outlet, Run
from db.store import Store
from db.words import Coverage, FailureKind, ResolveStatus, RunKind, RunState

SAYS_IT = b"<title>Quillmouth Gazette</title>"


def a_query(name="Quillmouth Gazette", *, outlet=None, title="The barge of the bay", url=None):
    citation = Citation(
        id="c", document_id="d", outlet=name, title=title, date=None, url=url, doi=None
    )
    return Query(citation=citation, outlet=outlet, window=None, today=NOW.date())


def a_web(*, wikidata=b'{"search": []}', home=None, at="quillmouthgazette.com", status=200):
    """Answers as Wikidata and as one home page; nobody else is there."""

    def answer(request):
        if "wikidata" in request.url:
            return (
                a_failure(request, FailureKind.TIMEOUT)
                if wikidata is None
                else a_capture(request, body=wikidata)
            )
        if request.url == f"https://{at}/" and home is not None:
            return a_capture(request, body=home, status=status)
        return a_failure(request, FailureKind.DNS)

    return answer


class Bench:
    """A store, a journal and a namer of one run on it."""

    def __init__(self, path) -> None:
        self.path = path
        self.clock = StillClock()
        self.asked = []

    def work(self, web, act, *, remembers=True):
        """What `act(namer, journal)` gives in a run of its own."""

        async def run():
            with Store.open(self.path) as store:
                name = f"run {len(store.runs())}"
                store.start_run(
                    Run(
                        id=name,
                        kind=RunKind.ON_DEMAND,
                        state=RunState.RUNNING,
                        started_at=NOW,
                        heartbeat_at=NOW,
                    )
                )
                fetcher, thread, listeners = (
                    ScriptedFetcher(web),
                    StoreThread(store),
                    Listeners(Ears()),
                )
                journal = Journal(
                    fetcher,
                    thread=thread,
                    clock=self.clock,
                    run_ids=(name,),
                    offline=OfflineWatch(listeners),
                    listeners=listeners,
                )
                namer = Namer(
                    book=OutletBook([]),
                    asker=journal,
                    thread=thread,
                    clock=self.clock,
                    remembers=remembers,
                )
                try:
                    return await act(namer, journal)
                finally:
                    self.asked = [request.url for request in fetcher.asked]
                    await journal.aclose()
                    thread.close()

        return asyncio.run(run())

    def named(self, web, query=None, **more):
        return self.work(web, lambda namer, _: namer.named(query or a_query(), Budget()), **more)


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "citehound.db")


def test_many_citations_of_one_outlet_ask_once(bench):
    async def many(namer, _):
        names = ("Quillmouth Gazette", "QUILLMOUTH GAZETTE", "“Quillmouth Gazette”") * 5
        return await asyncio.gather(*(namer.named(a_query(name), Budget()) for name in names))

    found = bench.work(a_web(home=SAYS_IT), many)

    assert {one.outlet.hosts for one in found} == {("quillmouthgazette.com",)}
    assert len(set(bench.asked)) == len(bench.asked)


def test_what_was_learned_serves_for_months_and_is_then_asked_again(bench):
    bench.named(a_web(home=SAYS_IT))
    bench.clock.pass_by(timedelta(days=80).total_seconds())
    found = bench.named(a_web())
    assert (found.outlet.hosts, bench.asked) == (("quillmouthgazette.com",), [])
    assert found.detail.endswith("(learned on 2026-03-10)")

    bench.clock.pass_by(timedelta(days=20).total_seconds())
    assert bench.named(a_web()).outlet is None
    assert bench.asked


def test_that_nobody_is_known_by_a_name_serves_for_days(bench):
    bench.named(a_web())
    bench.clock.pass_by(timedelta(days=2).total_seconds())
    assert bench.named(a_web(home=SAYS_IT)).outlet is None
    assert bench.asked == []

    bench.clock.pass_by(timedelta(days=2).total_seconds())
    assert bench.named(a_web(home=SAYS_IT)).outlet is not None


def test_a_name_that_could_not_be_looked_for_is_asked_again(bench):
    assert bench.named(a_web(wikidata=None)).outlet is None
    bench.clock.pass_by(timedelta(days=1).total_seconds())
    assert bench.named(a_web(home=SAYS_IT)).outlet is not None


def test_a_run_that_does_not_remember_leaves_nothing_and_takes_nothing(bench):
    assert bench.named(a_web(home=SAYS_IT), remembers=False).outlet is not None
    bench.clock.pass_by(timedelta(days=1).total_seconds())
    assert bench.named(a_web()).outlet is None


@pytest.mark.parametrize(
    "query",
    [
        a_query(outlet=Outlet(name="Known", hosts=("known.example",))),
        a_query(url="https://quillmouthgazette.com/a"),
        a_query(title=None),
        a_query(""),
        a_query("…"),
        a_query("What stood where an outlet should " * 4),
    ],
    ids=["known", "address", "untitled", "unnamed", "signs", "sentence"],
)
def test_an_outlet_that_need_not_be_looked_for_is_not(bench, query):
    assert bench.named(a_web(home=SAYS_IT), query) is None
    assert bench.asked == []


def test_guessed_hosts_that_are_not_there_do_not_mean_that_this_machine_is_offline(bench):
    async def several(namer, journal):
        for name in ("Quillmouth Gazette", "Inland Courier", "Harbour Echo"):
            await namer.named(a_query(name), Budget())
        return await journal.ask(a_request("https://quillmouthgazette.com/"))

    outcome = bench.work(a_web(wikidata=None, home=SAYS_IT), several)
    assert outcome.status == 200


@dataclasses.dataclass(frozen=True)
class Silent:
    """A resolver that has looked through all that the outlet lists, and found nothing."""

    name: str = "silent"
    version: str = "1"

    def resolve(self, query):
        """Nothing, surely."""
        hosts = query.outlet.hosts if query.outlet else ()
        coverage = Coverage.EMPTY if hosts else Coverage.NOT_COVERED
        return ResolverAnswer(candidates=(), coverage=coverage, detail=f"searched {hosts}")
        yield  # a generator that asks nothing


@pytest.mark.parametrize(
    ("web", "status"),
    [
        (a_web(home=SAYS_IT), ResolveStatus.NOT_FOUND),
        (a_web(home=b"", status=403), ResolveStatus.UNREACHABLE),
        (a_web(), ResolveStatus.UNREACHABLE),
    ],
    ids=["confirmed", "guessed", "unknown"],
)
def test_silence_at_a_guessed_host_is_never_not_found(bench, web, status):
    async def search(namer, journal):
        searcher = Searcher(
            resolvers=(Silent(),),
            book=OutletBook([]),
            asker=journal,
            workers=InlineWorkers(),
            clock=bench.clock,
            listeners=Listeners(Ears()),
            namer=namer,
        )
        return await searcher.resolved(a_query())

    resolved = bench.work(web, search)

    assert resolved.status is status
    assert [report.resolver for report in resolved.reports] == ["naming", "silent"]
