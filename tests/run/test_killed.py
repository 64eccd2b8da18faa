"""A run that is killed at any point loses nothing that was committed, and the next one goes on from there.

`make kill-test` does the same with 300 citations (CITEHOUND_KILL_CITATIONS).
"""

import dataclasses
import json
import os
import signal
import sqlite3

import pytest
from killing import ONCE, POINTS, build, damage, history, run_child
from smallweb import Site

from crawler.fetch.limits import limits
from crawler.journal import BATCH_SIZE

CITATIONS = int(os.environ.get("CITEHOUND_KILL_CITATIONS", "20"))  # noqa: TID251 - a test's own size

#: The killed run has met its point about this share of the way.
SHARE = 0.4

#: Events of points that only some citations meet.
RARE = {
    "archive_asked": 0.1,
    "identified": 0.3,
    "outcomes_committing": 0.1,
    "outcomes_committed": 0.1,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build(tmp_path_factory.mktemp("world"), citations=CITATIONS)


@pytest.fixture(scope="module")
def served(world):
    with Site(world.site) as site:
        yield site


@pytest.fixture(scope="module")
def unkilled(world, served, tmp_path_factory):
    db = tmp_path_factory.mktemp("unkilled") / "whole.db"
    served.exchanges.clear()
    assert run_child(world, served, db) == 0
    return history(db), len(served.exchanges)


def nth(point):
    return 1 if point in ONCE else max(1, int(CITATIONS * SHARE * RARE.get(point, 0.5)))


def test_the_unkilled_run_answers_every_citation(unkilled):
    tables, _ = unkilled
    reasons = {row[3] for row in tables["verdicts"]}
    assert len(tables["attempts"]) == CITATIONS
    assert {"stated", "blocked", "gone_unconfirmed", "not_found", "unsure"} == reasons


@pytest.mark.parametrize("point", ["answer_committed", "run_ending"])
def test_a_killed_nightly_run_is_gone_on_from_though_little_is_due(
    point, world, served, unkilled, tmp_path
):
    whole, _ = unkilled
    db = tmp_path / "nightly.db"
    times = 1 if point in ONCE else CITATIONS
    assert run_child(world, served, db, point=point, nth=times, nightly=True) == -signal.SIGKILL
    assert run_child(world, served, db, nightly=True) == 0
    after = history(db)
    assert {name: rows for name, rows in after.items() if rows != whole[name]} == {}


def test_a_claim_that_came_in_between_is_judged_too(world, served, tmp_path):
    db, document = tmp_path / "edited.db", tmp_path / "citations.jsonl"
    rows = world.document.read_text(encoding="utf-8").splitlines(keepends=True)
    document.write_text("".join(rows), encoding="utf-8")
    edited = dataclasses.replace(world, document=document)
    assert run_child(edited, served, db, point="answer_committed", nth=CITATIONS) == -signal.SIGKILL
    more = json.loads(rows[0]) | {"id": "more", "claim": "The board of pier Quill0 met on Monday."}
    document.write_text("".join(rows) + json.dumps(more), encoding="utf-8")
    assert run_child(edited, served, db) == 0
    with sqlite3.connect(db) as connection:
        judged = connection.execute("SELECT count(*) FROM attempts").fetchone()
    connection.close()
    assert judged == (CITATIONS + 2,)


@pytest.mark.parametrize("point", POINTS)
def test_a_run_killed_at_a_point_ends_as_if_it_had_not_been(
    point, world, served, unkilled, tmp_path
):
    whole, exchanges = unkilled
    db = tmp_path / "killed.db"
    served.exchanges.clear()
    assert run_child(world, served, db, point=point, nth=nth(point)) == -signal.SIGKILL
    assert damage(db) == []
    assert run_child(world, served, db) == 0
    assert damage(db) == []
    after = history(db)
    assert {name: rows for name, rows in after.items() if rows != whole[name]} == {}
    # What was in hand may be asked again: an exchange and its redirect at each place, and a batch not yet committed.
    assert len(served.exchanges) - exchanges <= 2 * limits().site.connections + BATCH_SIZE
