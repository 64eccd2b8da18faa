import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.model import BreakerRow, LearnedOutlet, Outlet, PaceRow, RobotsRow
from db.store import Store

#: A process that takes slots as fast as it can and prints each.
TAKER = """
import sys
from datetime import UTC, datetime
from db.store import Store

now = datetime(2026, 11, 23, tzinfo=UTC)
with Store.open(sys.argv[1]) as store:
    sys.stdin.readline()
    for _ in range(100):
        print(store.take_slot("post.example", gap_s=1.5, now=now).isoformat())
"""


def test_robots_are_remembered_per_origin(store, a):
    row = RobotsRow(
        origin="https://post.example",
        status="rules",
        http_status=200,
        text="User-agent: *",
        fetched_at=a.now,
    )
    store.keep_robots(row)

    assert store.robots("https://post.example") == row
    assert store.robots("http://post.example") is None


def test_newer_robots_replace_older(store, a):
    row = RobotsRow(origin="o", status="rules", http_status=200, text="a", fetched_at=a.now)
    newer = RobotsRow(
        origin="o", status="unreachable", http_status=None, text="", fetched_at=a.at(1)
    )
    store.keep_robots(row)
    store.keep_robots(newer)

    assert store.robots("o") == newer


def test_breakers_are_remembered(store, a):
    tripped = BreakerRow(key="post.example", failures=3, open_until=a.at(60), detail="dns")
    store.keep_breaker(tripped)
    store.keep_breaker(BreakerRow(key="b.example", failures=1, open_until=None, detail=""))

    assert store.breaker("post.example") == tripped
    assert store.breaker("c.example") is None


def test_added_outlets_are_remembered_by_name(store):
    store.keep_outlet(Outlet(name="Harbour Post", hosts=("old.example",)))
    newer = Outlet(name="Harbour Post", hosts=("post.example",), languages=("en", "cs"))
    store.keep_outlet(newer)

    assert store.outlets() == (newer,)


def test_a_dropped_outlet_is_no_longer_added(store):
    store.keep_outlet(Outlet(name="Harbour Post", hosts=("post.example",)))

    assert store.drop_outlet("Harbour Post")
    assert not store.drop_outlet("Harbour Post")
    assert store.outlets() == ()


def test_what_was_learned_last_of_a_name_is_remembered(store, a):
    def learned(outlet, *, seconds):
        return LearnedOutlet(
            key="harbour post",
            name="The Harbour Post",
            outlet=outlet,
            is_guess=False,
            detail="wikidata: Q1",
            learned_at=a.at(seconds),
        )

    store.keep_learned_outlet(learned(None, seconds=0))
    newer = learned(Outlet(name="Harbour Post", hosts=("post.example",)), seconds=9)
    store.keep_learned_outlet(newer)

    assert store.learned_outlet("harbour post") == newer
    assert store.learned_outlets() == (newer,)
    assert store.learned_outlet("inland post") is None


def test_the_first_slot_is_now(store, a):
    assert store.take_slot("post.example", gap_s=2, now=a.now) == a.now


def test_the_next_slot_is_a_gap_later(store, a):
    store.take_slot("post.example", gap_s=2, now=a.now)

    assert store.take_slot("post.example", gap_s=2, now=a.at(1)) == a.at(2)
    assert store.take_slot("post.example", gap_s=2, now=a.at(9)) == a.at(9)


def test_a_key_with_a_lone_surrogate_waits_too(store, a):
    store.take_slot("\ud800.example", gap_s=2, now=a.now)

    assert store.take_slot("\ud800.example", gap_s=2, now=a.now) == a.at(2)


def test_keys_do_not_wait_for_each_other(store, a):
    store.take_slot("post.example", gap_s=2, now=a.now)

    assert store.take_slot("other.example", gap_s=2, now=a.now) == a.now


def test_a_postponed_key_waits(store, a):
    store.postpone("post.example", until=a.at(30))

    assert store.take_slot("post.example", gap_s=2, now=a.now) == a.at(30)


def test_postponing_never_brings_a_slot_forward(store, a):
    store.postpone("post.example", until=a.at(30))
    store.postpone("post.example", until=a.at(10))

    assert store.take_slot("post.example", gap_s=2, now=a.now) == a.at(30)


def test_a_remembered_gap_holds_when_it_is_larger(store, a):
    store.postpone("post.example", until=a.now, gap_s=10)
    store.take_slot("post.example", gap_s=2, now=a.now)

    assert store.take_slot("post.example", gap_s=2, now=a.now) == a.at(10)
    assert store.pace("post.example") == PaceRow(
        key="post.example", next_allowed_at=a.at(20), gap_s=10
    )


def test_a_missed_slot_is_moved_where_nobody_has_the_next(store, a):
    store.take_slot("post.example", gap_s=2, now=a.now)

    assert store.take_slot("post.example", gap_s=2, now=a.at(1.5), missed=a.now) == a.at(1.5)
    assert store.take_slot("post.example", gap_s=2, now=a.at(1.5)) == a.at(3.5)


def test_a_missed_slot_is_replaced_where_somebody_has_the_next(store, a):
    store.take_slot("post.example", gap_s=2, now=a.now)
    store.take_slot("post.example", gap_s=2, now=a.now)

    assert store.take_slot("post.example", gap_s=2, now=a.at(1.5), missed=a.now) == a.at(4)


def test_a_slot_that_was_missed_before_a_host_asked_for_rest_waits_for_the_rest(store, a):
    store.take_slot("post.example", gap_s=2, now=a.now)
    store.postpone("post.example", until=a.at(30))

    assert store.take_slot("post.example", gap_s=2, now=a.at(1.5), missed=a.now) == a.at(30)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("slots") / "citehound.db") as opened:
        yield opened


@given(
    asked=st.lists(
        st.tuples(st.floats(0, 60), st.floats(0, 20), st.none() | st.floats(0, 9)), min_size=2
    ),
    key=st.uuids(),
)
def test_slots_are_never_closer_than_the_gap_asked_for_before(kept, asked, key):
    """Whatever the clocks of the callers say, and whatever 429 added in between."""
    base = datetime(2026, 11, 23, tzinfo=UTC)
    slots = []
    for now_s, gap_s, slower_s in asked:
        now = base + timedelta(seconds=now_s)
        if slower_s is not None:
            kept.postpone(str(key), until=now, gap_s=slower_s)
        slots.append((kept.take_slot(str(key), gap_s=gap_s, now=now), gap_s, now))

    assert all(slot >= now for slot, _, now in slots)
    assert all(
        later - slot >= timedelta(seconds=gap_s)
        for (slot, gap_s, _), (later, _, _) in pairwise(slots)
    )


def test_processes_never_share_a_slot(store, path):
    takers = [
        subprocess.Popen(
            [sys.executable, "-c", TAKER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for taker in takers:
        taker.stdin.write("go\n")
        taker.stdin.flush()
    said = [taker.communicate(timeout=60)[0].split() for taker in takers]
    slots = sorted(datetime.fromisoformat(text) for lines in said for text in lines)

    assert len(slots) == 300
    assert {later - slot for slot, later in pairwise(slots)} == {timedelta(seconds=1.5)}
