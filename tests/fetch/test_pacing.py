import asyncio
import dataclasses
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetch.limits import limits
from crawler.fetch.pacing import LATE_SHARE
from crawler.urls import pacing_key
from db.model import Capture
from db.words import FailureKind

HOSTS = ("a.example", "b.example", "c.example", "one.wordpress.com", "two.wordpress.com")


def starts(wire):
    """Seconds at which each key was asked, in order."""
    found = defaultdict(list)
    for request, at in wire.asked:
        found[pacing_key(request.url)].append(at)
    return found


def smallest_gap(times):
    return min(
        ((later - first).total_seconds() for first, later in pairwise(times)),
        default=1e9,
    )


def robots(kit, clock, text):
    def answer(request):
        if request.url.endswith("/robots.txt"):
            headers = (("Content-Type", "text/plain"),)
            return kit.response(clock, headers=headers, body=text.encode())
        return kit.response(clock, headers=(("Content-Type", "text/html"),), body=b"<p>x")

    return answer


def fetch_all(kit, urls, *, answer=None, takes_s=0.0, memory=None, text="", clock=None, **fields):
    """The wire and the outcomes, by URL, of asking for all these URLs at once on virtual time."""

    async def run():
        time = clock or kit.VirtualClock()
        wire = kit.ScriptedWire(time, answer or robots(kit, time, text), takes_s)
        fetcher = kit.a_fetcher(wire, clock=time, memory=memory, **fields)
        requests = [kit.a_request(url) for url in urls]
        outcomes = await time.run(asyncio.gather(*map(fetcher.fetch, requests)))
        await fetcher.aclose()
        return wire, dict(zip(urls, outcomes, strict=True))

    return asyncio.run(run())


@settings(max_examples=40, deadline=None)
@given(
    picks=st.lists(st.tuples(st.sampled_from(HOSTS), st.integers(0, 9)), max_size=25),
    gap_s=st.sampled_from([0.5, 2.0, 7.0]),
    takes_s=st.sampled_from([0.0, 0.3, 5.0]),
)
def test_no_gap_is_smaller_than_the_gap(kit, picks, gap_s, takes_s):
    urls = {f"https://{host}/{n}" for host, n in picks}
    wire, outcomes = fetch_all(kit, sorted(urls), takes_s=takes_s, gap_s=gap_s)
    assert set(wire.urls()) >= {
        url for url, outcome in outcomes.items() if isinstance(outcome, Capture)
    }
    for times in starts(wire).values():
        assert smallest_gap(times) >= gap_s


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(HOSTS), min_size=2, max_size=30))
def test_no_gap_is_too_small_when_places_are_scarce(kit, hosts):
    site = dataclasses.replace(limits().site, connections=2, patience_s=1e6)
    scarce = dataclasses.replace(limits(), site=site)
    urls = [f"https://{host}/{n}" for n, host in enumerate(hosts)]
    wire, outcomes = fetch_all(kit, urls, takes_s=3.0, limits=scarce)
    assert all(isinstance(outcome, Capture) for outcome in outcomes.values())
    for times in starts(wire).values():
        assert smallest_gap(times) >= 2.0


def test_two_processes_that_share_a_memory_share_the_slots(kit):
    async def run():
        clock, memory = kit.VirtualClock(), kit.MemoryInRam()
        wires = [kit.ScriptedWire(clock, robots(kit, clock, "")) for _ in range(2)]
        fetchers = [kit.a_fetcher(wire, clock=clock, memory=memory) for wire in wires]
        requests = [kit.a_request(f"https://a.example/{n}") for n in range(6)]
        asking = [fetchers[n % 2].fetch(request) for n, request in enumerate(requests)]
        await clock.run(asyncio.gather(*asking))
        return sorted(at for wire in wires for _, at in wire.asked)

    times = asyncio.run(run())
    assert len(times) in {7, 8}  # both may ask for the rules, because neither knew them
    assert smallest_gap(times) >= 2.0


def test_who_wakes_late_keeps_the_gap_to_the_next_process(kit):
    """A busy machine hands out the processor late: the slot before that is gone, and the next one another's."""

    class Sluggish:
        """A clock whose sleepers wake up late, of one process."""

        def __init__(self, clock):
            self._clock = clock
            self.now = clock.now

        async def sleep_until(self, instant):
            late_s = 1.5 if instant > self._clock.now() else 0.0
            await self._clock.sleep_until(instant + timedelta(seconds=late_s))

    async def run():
        clock, memory = kit.VirtualClock(), kit.MemoryInRam()
        wires = [kit.ScriptedWire(clock, robots(kit, clock, "")) for _ in range(2)]
        clocks = [Sluggish(clock), clock]
        fetchers = [
            kit.a_fetcher(wire, clock=own, memory=memory)
            for wire, own in zip(wires, clocks, strict=True)
        ]
        requests = [kit.a_request(f"https://a.example/{n}") for n in range(8)]
        asking = [fetchers[n % 2].fetch(request) for n, request in enumerate(requests)]
        await clock.run(asyncio.gather(*asking))
        return sorted(at for wire in wires for _, at in wire.asked)

    times = asyncio.run(run())
    assert len(times) >= 9
    assert smallest_gap(times) >= 2.0 * (1 - LATE_SHARE)


def test_a_host_that_let_an_exchange_time_out_is_left_alone_for_a_gap(kit):
    clock = kit.VirtualClock()

    def answer(request):
        if request.url.endswith("/drip"):
            return kit.failure(clock, FailureKind.TIMEOUT)
        return robots(kit, clock, "")(request)

    def takes_s(request):
        return 30.0 if request.url.endswith("/drip") else 0.1

    urls = ["https://a.example/drip", "https://a.example/next"]
    wire, _ = fetch_all(kit, urls, answer=answer, takes_s=takes_s, clock=clock)
    asked = {request.url: at for request, at in reversed(wire.asked)}
    first, after = asked["https://a.example/drip"], asked["https://a.example/next"]
    assert (after - first).total_seconds() >= 30.0 + 2.0


def test_a_slow_host_never_delays_another(kit):
    async def run():
        clock = kit.VirtualClock()
        begun = clock.now()

        def takes_s(request):
            return 29.0 if "slow.example" in request.url else 0.1

        wire = kit.ScriptedWire(clock, robots(kit, clock, ""), takes_s)
        fetcher = kit.a_fetcher(wire, clock=clock)
        slow = [kit.a_request(f"https://slow.example/{n}") for n in range(40)]
        quick = [kit.a_request(f"https://quick.example/{n}") for n in range(5)]
        outcomes = await clock.run(asyncio.gather(*(fetcher.fetch(one) for one in (*slow, *quick))))
        return max((outcome.captured_at - begun).total_seconds() for outcome in outcomes[-5:])

    assert asyncio.run(run()) < 13


def test_a_host_that_asks_for_rest_never_delays_another(kit):
    async def run():
        clock = kit.VirtualClock()
        begun = clock.now()
        plain = robots(kit, clock, "")

        def answer(request):
            if "tired.example" in request.url and not request.url.endswith("robots.txt"):
                return kit.response(clock, 429, (("Retry-After", "50"),))
            return plain(request)

        wire = kit.ScriptedWire(clock, answer)
        fetcher = kit.a_fetcher(wire, clock=clock)
        urls = [f"https://tired.example/{n}" for n in range(40)] + ["https://quick.example/a"]
        outcomes = await clock.run(
            asyncio.gather(*(fetcher.fetch(kit.a_request(url)) for url in urls))
        )
        return (outcomes[-1].captured_at - begun).total_seconds()

    assert asyncio.run(run()) < 5


def test_a_platform_is_asked_as_one_host(kit):
    wire, _ = fetch_all(kit, ["https://one.wordpress.com/", "https://two.wordpress.com/"])
    assert smallest_gap(starts(wire)["wordpress.com"]) >= 2.0


def test_one_connection_to_a_host_and_a_bound_for_all(kit):
    async def run():
        clock = kit.VirtualClock()
        plain = robots(kit, clock, "")
        now, most = defaultdict(int), defaultdict(int)

        class Counting(kit.ScriptedWire):
            async def exchange(self, request):
                keys = (pacing_key(request.url), "all")
                for key in keys:
                    now[key] += 1
                    most[key] = max(most[key], now[key])
                try:
                    return await super().exchange(request)
                finally:
                    for key in keys:
                        now[key] -= 1

        fetcher = kit.a_fetcher(Counting(clock, plain, 5.0), clock=clock, gap_s=0.1)
        urls = [f"https://h{n % 50}.example/{n}" for n in range(100)]
        await clock.run(asyncio.gather(*(fetcher.fetch(kit.a_request(url)) for url in urls)))
        return most

    most = asyncio.run(run())
    assert most.pop("all") == 32
    assert set(most.values()) == {1}


def test_the_crawl_delay_is_the_gap(kit):
    urls = [f"https://a.example/{n}" for n in range(4)]
    wire, _ = fetch_all(kit, urls, text="User-agent: *\nCrawl-delay: 20\n")
    assert smallest_gap(starts(wire)["a.example"]) >= 20


def test_the_gap_is_counted_from_when_the_request_went_out(kit):
    """Connecting takes its time: two requests must not reach the host closer together than two slots lie apart."""

    class Connecting(kit.ScriptedWire):
        """A wire whose first exchange with a host connects for a while."""

        async def exchange(self, request):
            connect_s = 0.0 if self.asked else 1.5
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=connect_s))
            outcome = await super().exchange(request)
            took_s = outcome.duration_s + connect_s
            return dataclasses.replace(outcome, duration_s=took_s, connect_s=connect_s)

    async def run():
        clock = kit.VirtualClock()
        wire = Connecting(clock, robots(kit, clock, ""), 0.1)
        fetcher = kit.a_fetcher(wire, clock=clock)
        urls = [f"https://a.example/{n}" for n in range(3)]
        await clock.run(asyncio.gather(*(fetcher.fetch(kit.a_request(url)) for url in urls)))
        return starts(wire)["a.example"]

    assert smallest_gap(asyncio.run(run())) >= 2.0


def test_a_crawl_delay_beyond_our_patience_leaves_the_host_for_a_later_run(kit):
    clock, memory = kit.VirtualClock(), kit.MemoryInRam()
    text = "User-agent: *\nCrawl-delay: 600\n"
    urls = ["https://a.example/1", "https://a.example/2"]
    wire, outcomes = fetch_all(kit, urls, text=text, memory=memory, clock=clock)
    assert wire.urls() == ["https://a.example/robots.txt"]
    assert {outcome.kind for outcome in outcomes.values()} == {FailureKind.RATE_LIMITED}
    assert all(outcome.retry_after_s > 0 for outcome in outcomes.values())

    tomorrow = kit.VirtualClock(clock.now().replace(hour=23))
    wire, outcomes = fetch_all(kit, urls, text=text, memory=memory, clock=tomorrow)
    assert wire.urls() == ["https://a.example/1"]
    assert [type(outcome) for outcome in outcomes.values()].count(Capture) == 1


@pytest.mark.parametrize(("gap_s", "expected"), [(2.0, 2.0), (10.0, 10.0), (0.0, 0.0)])
def test_the_operators_gap_is_kept(kit, gap_s, expected):
    wire, _ = fetch_all(kit, [f"https://a.example/{n}" for n in range(5)], gap_s=gap_s)
    times = starts(wire)["a.example"]
    assert smallest_gap(times) >= expected
    assert (times[-1] - times[0]).total_seconds() <= expected * 5 + 0.1
