"""Generators without IO are driven batch by batch, within a budget."""

import asyncio
import dataclasses

import pytest
from builders import a_capture, a_request

from crawler.driver import Budget, drive
from db.words import FailureKind


class Answering:
    def __init__(self, duration_s=0.1):
        self.duration_s = duration_s
        self.asked = []

    async def ask(self, request):
        self.asked.append(request.url)
        await asyncio.sleep(0 if "slow" not in request.url else 0.01)
        return a_capture(request, duration_s=self.duration_s)


def urls(*names):
    return tuple(a_request(f"https://paper.example/{name}") for name in names)


def driven(generator, asker, clock, **budget):
    return asyncio.run(drive(generator, asker, budget=Budget(**budget), clock=clock))


def test_outcomes_come_back_in_the_order_of_their_requests(clock):
    def search():
        outcomes = yield urls("slow", "quick")
        return [outcome.url for outcome in outcomes]

    assert driven(search(), Answering(), clock) == [
        "https://paper.example/slow",
        "https://paper.example/quick",
    ]


def test_a_generator_that_asks_nothing_answers_at_once(clock):
    def search():
        return "known"
        yield ()

    assert driven(search(), Answering(), clock) == "known"


def test_requests_beyond_the_budget_are_answered_without_asking(clock):
    def search():
        outcomes = yield urls("a", "b", "c")
        return [getattr(outcome, "kind", None) for outcome in outcomes]

    asker = Answering()
    assert driven(search(), asker, clock, requests=2) == [None, None, FailureKind.BREAKER_OPEN]
    assert len(asker.asked) == 2


def test_seconds_beyond_the_budget_end_the_asking(clock):
    def search():
        first = yield urls("a")
        second = yield urls("b")
        return [getattr(outcome, "kind", None) for outcome in (*first, *second)]

    assert driven(search(), Answering(duration_s=130.0), clock, seconds=120.0) == [
        None,
        FailureKind.BREAKER_OPEN,
    ]


def test_a_failing_asker_closes_the_generator(clock):
    closed = []

    def search():
        try:
            yield urls("a")
        finally:
            closed.append(True)

    class Broken:
        async def ask(self, request):
            raise OSError(request.url)

    with pytest.raises(OSError, match=r"paper\.example"):
        driven(search(), Broken(), clock)
    assert closed == [True]


def test_requests_to_services_have_a_bound_of_their_own_within_the_citations(clock):
    def search():
        service = dataclasses.replace(a_request("https://search.example/q"), service="searxng")
        outcomes = yield (service, service, *urls("a", "b"))
        return [getattr(outcome, "kind", None) for outcome in outcomes]

    whole = Budget(requests=3)
    searching = Budget(services=1, within=whole)
    asked = asyncio.run(drive(search(), Answering(), budget=searching, clock=clock))
    assert asked == [None, FailureKind.BREAKER_OPEN, None, None]
    assert whole.take() is False


def test_seconds_spent_in_a_part_are_spent_of_the_whole(clock):
    whole = Budget(seconds=1.0)
    searching = Budget(within=whole)
    searching.spend(2.0)
    assert not whole.take()
    assert not searching.take()
