"""The two clocks."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.clock import RealClock, TapeClock

START = datetime(2026, 3, 1, tzinfo=UTC)


def test_real_clock_is_aware_and_utc():
    now = RealClock().now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now.timestamp() - time.time()) < 5  # noqa: TID251


def test_real_clock_sleeps_until_the_instant():
    clock = RealClock()
    instant = clock.now() + timedelta(milliseconds=20)
    asyncio.run(clock.sleep_until(instant))
    assert clock.now() >= instant


def test_real_clock_does_not_wait_for_the_past():
    started = time.monotonic()
    asyncio.run(RealClock().sleep_until(START - timedelta(days=9999)))
    assert time.monotonic() - started < 1


def test_tape_clock_stands_still():
    clock = TapeClock(START)
    assert (clock.now(), clock.now()) == (START, START)


@given(st.lists(st.integers(-1000, 1000)))
def test_tape_clock_jumps_forward_only_and_in_any_order_alike(waits):
    async def last(order):
        clock = TapeClock(START)
        await asyncio.gather(*(clock.sleep_until(START + timedelta(seconds=s)) for s in order))
        return clock.now()

    expected = START + timedelta(seconds=max([0, *waits]))
    assert {asyncio.run(last(waits)), asyncio.run(last(waits[::-1]))} == {expected}


def test_waiting_on_a_tape_lets_others_take_their_turn():
    async def turns():
        clock, order = TapeClock(START), []

        async def waiting(name):
            for n in range(2):
                await clock.sleep_until(START + timedelta(days=n))
                order.append(name)

        await asyncio.gather(waiting("a"), waiting("b"))
        return order

    assert asyncio.run(turns()) == ["a", "b", "a", "b"]
