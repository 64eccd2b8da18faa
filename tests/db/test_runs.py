from dataclasses import replace

import pytest

from db.errors import LeaseHeldError
from db.words import RunKind, RunState


def test_a_run_comes_back_as_it_started_and_ended(store, a):
    store.start_run(a.run())
    ended = a.run(state=RunState.SUCCEEDED, ended_at=a.at(60), detail="2 done", counts={"due": 2})
    store.end_run(ended)

    assert store.runs() == (ended,)
    assert store.run("run-1") == ended
    assert store.run("run-2") is None


def test_a_heartbeat_moves(running, a):
    running.heartbeat("run-1", at=a.at(30))

    assert running.run("run-1").heartbeat_at == a.at(30)


def test_a_run_that_ended_has_no_heartbeat_left(running, a):
    ended = a.run(state=RunState.FAILED, ended_at=a.at(1))
    running.end_run(ended)
    running.heartbeat("run-1", at=a.at(30))

    assert running.run("run-1") == ended


def test_a_silent_run_is_reaped(running, a):
    running.start_run(a.run("run-2", heartbeat_at=a.at(100)))
    killed = running.reap(a.at(160), older_than_s=120)

    assert killed == (a.run(state=RunState.KILLED),)
    assert running.run("run-2").state is RunState.RUNNING


def test_a_run_whose_holder_is_gone_is_reaped_at_once(running, a):
    running.start_run(a.run("run-2", holder="here:7"))
    running.start_run(a.run("run-3", holder="here:8"))

    assert [run.id for run in running.reap(a.now, older_than_s=120, gone=["here:7"])] == ["run-2"]


def test_a_run_that_ended_is_not_reaped(running, a):
    running.end_run(a.run(state=RunState.SUCCEEDED, ended_at=a.at(1)))

    assert running.reap(a.at(999), older_than_s=1) == ()


def test_reaping_frees_the_leases_of_the_killed(running, a):
    running.take_lease("nightly", holder="run-1", now=a.now, ttl_s=9999)
    running.reap(a.at(999), older_than_s=1)
    running.take_lease("nightly", holder="run-2", now=a.at(999), ttl_s=60)

    assert running._row("SELECT holder FROM leases")[0] == "run-2"


def chain(store, a, *runs):
    for n, (kind, state, resumes) in enumerate(runs, start=1):
        store.start_run(a.run(f"run-{n}", kind=kind, state=state, resumes=resumes))


NIGHTLY, ON_DEMAND = RunKind.NIGHTLY, RunKind.ON_DEMAND
KILLED, DONE = RunState.KILLED, RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], ()),
        ([(NIGHTLY, DONE, None)], ()),
        ([(NIGHTLY, KILLED, None)], ("run-1",)),
        ([(NIGHTLY, KILLED, None), (NIGHTLY, DONE, "run-1")], ()),
        ([(NIGHTLY, KILLED, None), (ON_DEMAND, DONE, None)], ("run-1",)),
        ([(NIGHTLY, KILLED, None), (NIGHTLY, KILLED, None)], ("run-2",)),
        ([(NIGHTLY, KILLED, None), (NIGHTLY, KILLED, "run-1")], ("run-2", "run-1")),
        (
            [(NIGHTLY, KILLED, None), (NIGHTLY, DONE, "run-1"), (NIGHTLY, KILLED, "run-2")],
            ("run-3",),
        ),
    ],
)
def test_the_killed_runs_behind_the_newest_may_be_resumed(store, a, runs, expected):
    chain(store, a, *runs)

    assert store.resumable(NIGHTLY) == expected


def test_a_lease_keeps_others_out_until_it_expires(store, a):
    store.take_lease("nightly", holder="one", now=a.now, ttl_s=60)

    with pytest.raises(LeaseHeldError) as caught:
        store.take_lease("nightly", holder="two", now=a.at(59), ttl_s=60)
    assert (caught.value.holder, caught.value.expires_at) == ("one", "2026-11-23T02:18:00.000000Z")
    store.take_lease("nightly", holder="two", now=a.at(60), ttl_s=60)


def test_a_renewed_lease_lasts_longer(store, a):
    store.take_lease("nightly", holder="one", now=a.now, ttl_s=60)
    store.renew_lease("nightly", holder="one", now=a.at(50), ttl_s=60)

    with pytest.raises(LeaseHeldError):
        store.take_lease("nightly", holder="two", now=a.at(100), ttl_s=60)


def test_a_lease_that_another_took_cannot_be_renewed(store, a):
    store.take_lease("nightly", holder="one", now=a.now, ttl_s=60)
    store.take_lease("nightly", holder="two", now=a.at(61), ttl_s=60)

    with pytest.raises(LeaseHeldError):
        store.renew_lease("nightly", holder="one", now=a.at(62), ttl_s=60)


def test_a_released_lease_is_free(store, a):
    store.take_lease("nightly", holder="one", now=a.now, ttl_s=60)
    store.release_lease("nightly", holder="two")
    with pytest.raises(LeaseHeldError):
        store.take_lease("nightly", holder="two", now=a.now, ttl_s=60)
    store.release_lease("nightly", holder="one")
    store.take_lease("nightly", holder="two", now=a.now, ttl_s=60)

    assert store._row("SELECT holder FROM leases")[0] == "two"


def test_a_run_may_resume_only_a_run_that_is_known(store, a):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.start_run(replace(a.run(), resumes="nowhere"))
