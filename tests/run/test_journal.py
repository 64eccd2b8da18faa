"""Nothing is asked twice, and nothing is used before it is committed."""

import asyncio
import dataclasses
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from builders import NOW, Ears, ScriptedFetcher, StillClock, a_capture, a_failure, a_request

from crawler.journal import Journal, StoreThread
from crawler.offline import OfflineWatch
from crawler.progress import Listeners
from db.model import Run
from db.store import Store
from db.words import CapturePurpose, FailureKind, RunKind, RunState


def a_run(name):
    return Run(
        id=name, kind=RunKind.ON_DEMAND, state=RunState.RUNNING, started_at=NOW, heartbeat_at=NOW
    )


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "citehound.db") as opened:
        for name in ("first", "second"):
            opened.start_run(a_run(name))
        yield opened


@asynccontextmanager
async def journal(store, fetcher, *run_ids, clock=None, ears=None):
    thread = StoreThread(store)
    listeners = Listeners(ears or Ears())
    opened = Journal(
        fetcher,
        thread=thread,
        clock=clock or StillClock(),
        run_ids=run_ids or ("first",),
        offline=OfflineWatch(listeners),
        listeners=listeners,
    )
    try:
        yield opened
    finally:
        await opened.aclose()
        thread.close()


def asked(store, requests, fetcher, *run_ids, together=False, **more):
    async def ask():
        async with journal(store, fetcher, *run_ids, **more) as opened:
            if together:
                return await asyncio.gather(*(opened.ask(request) for request in requests))
            return [await opened.ask(request) for request in requests]

    return asyncio.run(ask())


def test_an_outcome_is_on_disk_before_it_is_handed_on(store):
    request = a_request()
    (outcome,) = asked(store, [request], ScriptedFetcher(a_capture))
    assert store.outcome(request.key, run_ids=("first",)) == outcome


def test_the_same_request_is_asked_once_in_a_run(store):
    fetcher = ScriptedFetcher(a_capture)
    outcomes = asked(store, [a_request()] * 3, fetcher)
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert len(fetcher.asked) == 1


@pytest.mark.parametrize("together", [True, False])
def test_askers_of_one_request_share_one_exchange(store, together):
    ears = Ears()
    asked(store, [a_request()] * 5, ScriptedFetcher(a_capture), together=together, ears=ears)
    assert ears.names().count("exchange_asked") == 1


def test_a_resumed_run_replays_what_the_killed_one_stored(store):
    asked(store, [a_request()], ScriptedFetcher(a_capture), "first")
    ears = Ears()
    (outcome,) = asked(store, [a_request()], ScriptedFetcher({}), "second", "first", ears=ears)
    assert outcome.body == b"<p>Text</p>"
    assert ears.names() == ["exchange_replayed"]


def test_a_failure_is_replayed_too(store):
    asked(store, [a_request()], ScriptedFetcher(a_failure), "first")
    (outcome,) = asked(store, [a_request()], ScriptedFetcher({}), "second", "first")
    assert outcome.kind is FailureKind.CONNECT


@pytest.mark.parametrize("answer", [a_capture, a_failure])
def test_a_recording_that_is_replayed_again_is_asked_once_in_that_run_too(store, answer):
    (first,) = asked(store, [a_request()], ScriptedFetcher(answer), "first")
    fetcher = ScriptedFetcher(answer)
    outcomes = asked(store, [a_request()] * 3, fetcher, "second")
    assert [outcome.id for outcome in outcomes] == [first.id] * 3
    assert len(fetcher.asked) == 1


def test_an_unrelated_run_asks_a_source_again_conditionally(store):
    first = ScriptedFetcher(a_capture)
    asked(store, [a_request()], first, "first")
    seen = []

    def answer(request):
        seen.append(request.not_modified)
        return a_capture(request, at=NOW + timedelta(days=1))

    asked(store, [a_request()], ScriptedFetcher(answer), "second")
    assert [one.body for one in seen] == [b"<p>Text</p>"]


@pytest.mark.parametrize(
    ("purpose", "hours", "again"),
    [
        (CapturePurpose.INDEX, 2, False),
        (CapturePurpose.INDEX, 4, True),
        (CapturePurpose.SERVICE, 19, False),
        (CapturePurpose.SERVICE, 21, True),
        (CapturePurpose.SOURCE, 0, True),
    ],
)
def test_indexes_and_services_serve_while_they_are_fresh(store, purpose, hours, again):
    request = a_request(purpose=purpose)
    asked(store, [request], ScriptedFetcher(a_capture), "first")
    clock, ears = StillClock(), Ears()
    clock.pass_by(hours * 3600)
    later = ScriptedFetcher(lambda one: a_capture(one, at=clock.now()))
    asked(store, [request], later, "second", clock=clock, ears=ears)
    assert ("exchange_asked" in ears.names()) is again


def test_many_outcomes_are_committed_together(store):
    ears = Ears()
    requests = [a_request(f"https://paper.example/{number}") for number in range(250)]
    asked(store, requests, ScriptedFetcher(a_capture), together=True, ears=ears)
    sizes = [fields["count"] for event, fields in ears.events if event == "outcomes_committed"]
    assert sum(sizes) == 250
    assert max(sizes) <= 100
    assert len(sizes) < 10


def test_outcomes_that_arrive_while_others_are_written_are_written_too(store):
    def trickling(count):
        async def ask():
            async with journal(store, ScriptedFetcher(a_capture)) as opened:

                async def one(number):
                    await asyncio.sleep(number * 0.004)
                    return await opened.ask(a_request(f"https://paper.example/{number}"))

                return await asyncio.wait_for(asyncio.gather(*map(one, range(count))), timeout=20)

        return asyncio.run(ask())

    assert len(trickling(60)) == 60


def test_after_three_unrelated_hosts_nothing_more_is_asked(store):
    fetcher = ScriptedFetcher(lambda request: a_failure(request, FailureKind.DNS))
    requests = [a_request(f"https://{name}.example/story") for name in "abcde"]
    ears = Ears()
    outcomes = asked(store, requests, fetcher, ears=ears)
    kinds = [outcome.kind for outcome in outcomes]
    assert kinds == [FailureKind.DNS] * 3 + [FailureKind.BREAKER_OPEN] * 2
    assert ears.names().count("exchange_asked") == 3


def test_a_store_that_fails_is_told_to_whoever_waits(store):
    broken = dataclasses.replace(a_capture(a_request()), revisit_of="nowhere")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        asked(store, [a_request()], ScriptedFetcher(lambda _: broken))
