"""Each of the demo's citations, checked by itself from the recording of the whole, is answered as among the others."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crawler.cli import citehound


@pytest.fixture(scope="module")
def cited(demo, tmp_path_factory):
    """Number → citation as ingested, and the claims that lean on it."""
    database = tmp_path_factory.mktemp("ingested") / "demo.db"
    rows = _rows(["ingest", str(demo / "document.md"), "--json", "--db", str(database)])
    citations = {row["n"]: row for row in rows if row["kind"] == "citation"}
    claims = {n: row["claim"] for row in rows if row["kind"] == "claim" for n in row["cites"]}
    return citations, claims


@pytest.fixture(scope="module")
def expected(demo):
    lines = (demo / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["n"]: row for row in map(json.loads, lines)}


@pytest.mark.parametrize("n", [str(n) for n in range(1, 20)])
def test_a_citation_checked_alone_is_answered_as_among_the_others(
    demo, cited, expected, tmp_path, n
):
    citations, claims = cited
    command = ["check", "--claim", claims[n], "--json", "--db", str(tmp_path / "alone.db")]
    for name in ("outlet", "title", "date", "url"):
        if citations[n][name]:
            command += [f"--{name}", citations[n][name]]
    command += ["--replay", str(demo / "demo.warc.gz"), "--seeds", str(demo.parent)]
    (row,) = _rows(command)
    asked = ("status", "verdict", "reason")
    assert [row[name] for name in asked] == [expected[n][name] for name in asked]


def _rows(command):
    result = CliRunner().invoke(citehound, command, standalone_mode=False)
    assert result.exception is None
    assert not result.return_value
    return [json.loads(line) for line in result.stdout.splitlines()]
