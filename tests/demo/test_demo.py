"""The demo answers as its hand-written expectation says: replayed, recorded anew, and with a page changed."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import UTC, datetime

import pytest
from record import record, rows_of, verify

from db.model import BreakerRow, RobotsRow
from db.store import Store
from db.words import ResolveStatus, VerdictKind


@pytest.fixture(scope="module")
def expected(demo):
    return _read(demo)


@pytest.fixture(scope="module")
def replayed(demo, tmp_path_factory):
    database = tmp_path_factory.mktemp("replayed") / "demo.db"
    return _citations(_replay(demo, demo / "demo.warc.gz", database))


@pytest.fixture(scope="module")
def recorded_again(demo, tmp_path_factory):
    output = tmp_path_factory.mktemp("recorded") / "again.warc.gz"
    return record(demo / "document.md", demo / "site", output, seeds=demo.parent)


def test_the_expectation_shows_every_verdict(expected):
    assert {row["verdict"] for row in expected} == set(VerdictKind)


def test_the_expectation_shows_every_resolve_status(expected):
    assert {row["status"] for row in expected} == set(ResolveStatus)


def test_the_expectation_has_one_row_for_each_source(demo, expected):
    sources = (demo / "document.md").read_text(encoding="utf-8").count("\n- [[")
    assert Counter(row["n"] for row in expected) == {str(n): 1 for n in range(1, sources + 1)}


def test_a_replay_answers_every_claim_and_citation_once(expected, replayed):
    assert Counter(row["n"] for row in replayed) == Counter(row["n"] for row in expected)


def test_a_replay_answers_as_expected(expected, replayed):
    assert _answers(replayed) == _answers(expected)


def test_a_replay_binds_each_citation_to_the_expected_claim(expected, replayed):
    claims = {row["n"]: row["claim"] for row in replayed}
    assert [row["n"] for row in expected if not claims[row["n"]].startswith(row["claim"])] == []


def test_a_replay_identifies_as_expected(expected, replayed):
    asked = {
        (row["n"], part): kind for row in expected for part, kind in row.get("identity", {}).items()
    }
    identities = {row["n"]: row["identity"] for row in replayed}
    assert {(n, part): identities[n][part]["verdict"] for n, part in asked} == asked


def test_an_archived_copy_is_told_with_its_address(expected, replayed):
    archived = {row["n"] for row in expected if row.get("archived")}
    assert {row["n"] for row in replayed if row["archive_url"]} == archived


def test_evidence_of_each_supported_claim_is_shown(replayed):
    assert [
        row["n"] for row in replayed if row["verdict"] == "supported" and not row["evidence"]
    ] == []


def test_a_second_replay_gives_the_same_rows(demo, replayed, tmp_path):
    again = _citations(_replay(demo, demo / "demo.warc.gz", tmp_path / "again.db"))
    assert again == replayed


def test_recording_again_gives_the_same_rows_but_for_times(replayed, recorded_again):
    assert [_timeless(row) for row in _citations(recorded_again)] == [
        _timeless(row) for row in replayed
    ]


def test_one_changed_digit_in_a_page_changes_the_verdict(demo, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(demo / "site", site)
    page = site / "pages" / "kestrel" / "what-the-barrier-will-cost.html"
    before = page.read_text(encoding="utf-8")
    page.write_text(before.replace("640 million", "610 million"), encoding="utf-8")

    rows = _citations(
        record(demo / "document.md", site, tmp_path / "changed.warc.gz", seeds=demo.parent)
    )

    assert _answers(rows)["5"] == ("found", "supported", "stated")
    assert {n: answer for n, answer in _answers(rows).items() if n != "5"} == {
        n: answer for n, answer in _answers(_read(demo)).items() if n != "5"
    }


def _read(demo):
    lines = (demo / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _replay(demo, recording, database):
    web = ["--replay", str(recording)]
    return rows_of(verify(demo / "document.md", seeds=demo.parent, database=database, web=web))


def test_what_is_remembered_of_todays_web_does_not_reach_into_a_replay(demo, replayed, tmp_path):
    database, far = tmp_path / "used.db", datetime(2099, 1, 1, tzinfo=UTC)
    host = "www.selwyncourier.example"
    with Store.open(database) as store:
        store.postpone(host, until=far, gap_s=60.0)
        store.keep_breaker(BreakerRow(key=host, failures=9, open_until=far, detail="today"))
        store.keep_robots(
            RobotsRow(
                origin=f"https://{host}",
                status="rules",
                http_status=200,
                text="User-agent: *\nDisallow: /",
                fetched_at=datetime(2026, 11, 27, 12, tzinfo=UTC),
                detail="",
            )
        )
    assert _citations(_replay(demo, demo / "demo.warc.gz", database)) == replayed


def _citations(rows):
    return [row for row in rows if row["kind"] == "citation"]


def _answers(rows):
    return {row["n"]: (row["status"], row["verdict"], row["reason"]) for row in rows}


def _timeless(row):
    return {key: value for key, value in row.items() if key not in {"captured_at", "retry_on"}}
