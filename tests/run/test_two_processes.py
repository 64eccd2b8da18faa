"""Politeness is shared between processes: one host, one database, no gap too small."""

import itertools
import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime

import pytest
from killing import build
from smallweb import Site

#: Seconds between two requests to one host; allowed below one second only with --connect-to.
GAP_S = 0.3

#: A request goes out at most this late in its slot; who comes later takes another one (`crawler.fetch.pacing`).
LATE_S = 0.1


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build(tmp_path_factory.mktemp("two"), citations=10)


def started(world, site, db, rows, tmp_path):
    document = tmp_path / f"{rows[0]['id']}.jsonl"
    document.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    roads = [word for road in site.connect_to for word in ("--connect-to", road)]
    command = [
        sys.executable,
        "-P",
        "-m",
        "crawler",
        "verify",
        str(document),
        "--json",
        "--jobs",
        "1",
    ]
    command += ["--db", str(db), "--seeds", str(world.seeds), *roads]
    surroundings = {
        **os.environ,  # noqa: TID251 - the child's surroundings
        "SSL_CERT_FILE": str(site.ca_path),
        "CITEHOUND_FETCH_GAP_S": str(GAP_S),
        "CITEHOUND_SERVICES_PACE_SCALE": "0",
    }
    return subprocess.Popen(
        command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_two_processes_at_one_host_never_come_too_close(world, tmp_path):
    rows = [json.loads(line) for line in world.document.read_text(encoding="utf-8").splitlines()]
    with Site(world.site) as site:
        both = [
            started(world, site, tmp_path / "shared.db", half, tmp_path)
            for half in (rows[:5], rows[5:])
        ]
        outputs = [one.communicate(timeout=120) for one in both]
        asked = [one for one in site.exchanges if one.host == "paper0.example"]
    assert [one.returncode for one in both] == [0, 0], outputs
    times = starts(tmp_path / "shared.db", "https://paper0.example/")
    assert 9 <= len(times) < len(asked)
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= GAP_S - LATE_S


def starts(db, prefix):
    """When each kept exchange at a host began by the clock of the process that asked, in seconds, in order.

    The server's own clock would tell of the machine's other work as well: of a connection that waited for it. A
    robots.txt is kept with the instant of its answer alone.
    """
    with sqlite3.connect(db) as connection:
        rows = connection.execute(
            "SELECT captured_at, duration_s FROM captures"
            " WHERE purpose <> 'robots' AND url >= ? AND url < ?",
            (prefix, f"{prefix}\uffff"),
        ).fetchall()
    connection.close()
    return sorted(datetime.fromisoformat(at).timestamp() - took_s for at, took_s in rows)
