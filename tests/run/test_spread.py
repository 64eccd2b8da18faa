"""Works in hand are spread over hosts: none waits while another has many, and the longest line begins first."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spread import AT_A_HOST, LEAST_AT_A_HOST, spread


class Hosts:
    """Hosts that serve one work at a time, and how many works were in hand at once."""

    def __init__(self):
        self.in_hand = Counter()
        self.most = 0
        self.most_at_a_host = 0
        self.locks = {}

    async def work(self, one):
        host, _ = one
        self.in_hand[host] += 1
        self.most = max(self.most, self.in_hand.total())
        self.most_at_a_host = max(self.most_at_a_host, self.in_hand[host])
        async with self.locks.setdefault(host, asyncio.Lock()):
            await asyncio.sleep(0)
        self.in_hand[host] -= 1


def spread_over(works, **options):
    hosts, done = Hosts(), []

    async def work(one):
        await hosts.work(one)
        done.append(one)

    asyncio.run(spread(works, work, host_of=lambda one: one[0], **options))
    return hosts, done


works = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers()), max_size=60)


@given(works, st.integers(min_value=1, max_value=40))
def test_every_work_is_done_once_and_the_bounds_hold(asked, at_once):
    hosts, done = spread_over(asked, at_once=at_once)
    assert Counter(done) == Counter(asked)
    assert hosts.most_at_a_host <= AT_A_HOST
    assert hosts.most <= max(at_once, LEAST_AT_A_HOST)


@given(works)
def test_works_of_one_host_keep_their_order_of_taking(asked):
    _, done = spread_over(asked, at_once=16)
    for host in "abcdefgh":
        assert [one for one in done if one[0] == host] == [one for one in asked if one[0] == host]


def test_a_host_with_many_does_not_keep_the_others_waiting():
    asked = [("busy", n) for n in range(500)] + [(f"host{n}", 0) for n in range(100)]
    _, done = spread_over(asked)
    others = [place for place, (host, _) in enumerate(done) if host != "busy"]
    assert len(others) == 100
    assert max(others) < 200


def test_the_longest_line_begins_first_where_not_all_can():
    asked = [(f"host{n}", 0) for n in range(50)] + [("busy", n) for n in range(10)]
    _, done = spread_over(asked, at_once=4)
    assert ("busy", 0) in done[:4]


def test_nothing_to_do_is_done():
    assert spread_over([])[1] == []


def test_the_first_failure_ends_the_others_and_is_raised():
    begun = []

    async def work(one):
        begun.append(one)
        if one == ("b", 0):
            raise LookupError(one)
        await asyncio.Event().wait()

    asked = [("a", 0), ("b", 0), ("c", 0)]
    with pytest.raises(LookupError, match="b"):
        asyncio.run(spread(asked, work, host_of=lambda one: one[0]))
    assert len(begun) == 3
