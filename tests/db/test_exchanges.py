import sqlite3
from dataclasses import replace

import pytest

from db.bodies import packed
from db.errors import StoreCorruptError
from db.ids import body_sha256
from db.model import Hop
from db.words import CapturePurpose, RunState

URL = "https://post.example/a"
PURPOSES = (CapturePurpose.ROBOTS, CapturePurpose.INDEX, CapturePurpose.SERVICE)


def add(store, *outcomes, run_id="run-1"):
    store.add_outcomes([(outcome, run_id) for outcome in outcomes])


def test_a_capture_comes_back_with_its_body(running, a):
    hop = Hop(url="https://post.example/", status=301, location="/a", headers=(("A", "b"),))
    capture = a.capture(hops=(hop,), memento_of="https://gone.example", memento_at=a.now)
    add(running, capture)

    assert running.outcome(capture.request_key, run_ids=["run-1"]) == capture


def test_a_failure_comes_back(running, a):
    failure = a.failure(retry_after_s=3.5, status=429)
    add(running, failure)

    assert running.outcome(failure.request_key, run_ids=["run-1"]) == failure


def test_the_newest_outcome_of_a_request_counts(running, a):
    add(running, a.failure(seconds=2), a.capture(seconds=1), a.capture(seconds=3))

    assert running.outcome(a.capture().request_key, run_ids=["run-1"]) == a.capture(seconds=3)


def test_outcomes_of_other_runs_do_not_count(running, a):
    add(running, a.capture())

    assert running.outcome(a.capture().request_key, run_ids=["run-2"]) is None


def test_adding_an_outcome_again_adds_nothing(running, a):
    add(running, a.capture(), a.failure())
    before = running._connection.total_changes
    add(running, a.capture(), a.failure())

    assert running._connection.total_changes == before


def test_ten_thousand_captures_of_one_body_store_it_once(running, a):
    body = b"The same page. " * 1000
    for start in range(0, 10_000, 100):
        add(
            running, *(a.capture(seconds=second, body=body) for second in range(start, start + 100))
        )

    assert tuple(running._row("SELECT count(*), sum(body_bytes) FROM bodies")) == (1, len(body))
    assert running._row("SELECT count(*) FROM captures")[0] == 10_000


def test_a_capture_without_a_kept_body_comes_back(running, a):
    capture = a.capture(body=b"", body_sha256=None, method="HEAD")
    add(running, capture)

    assert running.outcome(capture.request_key, run_ids=["run-1"]) == capture
    assert running._row("SELECT count(*) FROM bodies")[0] == 0


def test_an_empty_body_is_a_body(running, a):
    add(running, a.capture(body=b""))

    assert running.body(body_sha256(b"")) == b""


def test_a_confirmed_body_is_read_from_the_capture_before(running, a):
    first = a.capture()
    confirmed = replace(a.capture(seconds=60), status=304, body=b"", revisit_of=first.id)
    add(running, first)
    add(running, confirmed)

    assert running.outcome(first.request_key, run_ids=["run-1"]).body == first.body


def test_a_capture_is_found_by_id_without_its_body(running, a):
    add(running, a.capture())

    assert running.capture(a.capture().id) == replace(a.capture(), body=b"")
    assert running.capture("nowhere") is None


def test_a_url_with_a_lone_surrogate_is_stored_and_found(running, a):
    url = "https://post.example/\ud800"
    add(running, a.capture(url))

    assert running.latest_capture(url).url == "https://post.example/\ufffd"


def test_a_damaged_body_is_found_out(running, a):
    add(running, a.capture())
    running._connection.execute("INSERT INTO purging VALUES ('test')")
    running._connection.execute("UPDATE bodies SET zstd = ?", (packed(b"Another page"),))

    with pytest.raises(StoreCorruptError, match="holds another body"):
        running.body(a.capture().body_sha256)


def test_a_fresh_outcome_is_of_any_run_but_not_older(running, a):
    add(running, a.capture(seconds=10))
    key = a.capture().request_key

    assert running.fresh_outcome(key, since=a.at(10)) == a.capture(seconds=10)
    assert running.fresh_outcome(key, since=a.at(11)) is None


def test_the_latest_capture_is_of_a_source_with_status_200(running, a):
    good = a.capture()
    add(
        running,
        good,
        a.capture(seconds=1, status=404, body=b"Gone"),
        a.capture(seconds=2, purpose=CapturePurpose.INDEX),
        a.capture(url="https://post.example/b", seconds=3),
    )

    assert running.latest_capture(URL) == good
    assert running.latest_capture("https://post.example/c") is None


def test_the_latest_capture_is_found_by_the_url_asked_too(running, a):
    moved = replace(a.capture(), url="https://post.example/moved")
    add(running, moved)

    assert running.latest_capture(URL) == moved


def test_old_bodies_of_other_purposes_are_dropped_and_their_rows_stay(running, a):
    add(running, a.capture(purpose=CapturePurpose.ROBOTS))

    assert running.drop_bodies(PURPOSES, before=a.at(1)) == 1
    assert running.body(a.capture().body_sha256) is None
    assert running.capture(a.capture().id).body_sha256 == a.capture().body_sha256


def test_a_dropped_body_makes_its_request_be_asked_again(running, a):
    add(running, a.capture(purpose=CapturePurpose.INDEX))
    running.drop_bodies(PURPOSES, before=a.at(1))

    assert running.outcome(a.capture().request_key, run_ids=["run-1"]) is None
    assert running.fresh_outcome(a.capture().request_key, since=a.now) is None


@pytest.mark.parametrize(
    "other", [{"purpose": CapturePurpose.SOURCE}, {"purpose": CapturePurpose.ROBOTS, "seconds": 9}]
)
def test_a_body_that_is_still_needed_is_not_dropped(running, a, other):
    add(running, a.capture(purpose=CapturePurpose.ROBOTS))
    add(running, a.capture(**{"seconds": 0.5, **other}))

    assert running.drop_bodies(PURPOSES, before=a.at(1)) == 0


def test_more_bodies_than_one_transaction_drops_are_dropped(running, a):
    for n in range(0, 1100, 100):
        bodies = (b"robots %d" % i for i in range(n, n + 100))
        add(running, *(a.capture(f"{URL}/{b!r}", b, purpose=CapturePurpose.ROBOTS) for b in bodies))

    assert running.drop_bodies(PURPOSES, before=a.at(1)) == 1100


def test_bodies_of_sources_are_never_dropped(running, a):
    with pytest.raises(ValueError, match="are kept"):
        running.drop_bodies([CapturePurpose.SOURCE], before=a.now)


def test_a_dropped_body_comes_back_when_it_is_captured_again(running, a):
    add(running, a.capture(purpose=CapturePurpose.ROBOTS))
    running.drop_bodies(PURPOSES, before=a.at(1))
    add(running, a.capture(purpose=CapturePurpose.ROBOTS, seconds=2))

    assert running.body(a.capture().body_sha256) == a.capture().body


def test_noarchive_keeps_no_body_beyond_the_run(running, a):
    ingested = a.ingested(("It cost 50 million.", 1))
    running.add_ingested(ingested, at=a.now)
    a.answered(running, ingested, noarchive=True)

    assert running.drop_noarchive() == 0
    running.end_run(a.run(state=RunState.SUCCEEDED, ended_at=a.at(9)))
    assert running.drop_noarchive() == 1


def test_body_and_capture_are_stored_together_or_not_at_all(running, a):
    orphan = replace(a.capture(), revisit_of="no-such-capture")

    with pytest.raises(sqlite3.IntegrityError):
        add(running, orphan)
    assert running._row("SELECT count(*) FROM bodies")[0] == 0
