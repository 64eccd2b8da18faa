"""A process that writes is killed at any instant: what it had committed is there, and the file is whole."""

import signal
import sqlite3
import subprocess
import sys

import pytest

from db.store import Store

#: Writes documents and captures for ever, and says how many are committed after each.
WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from db.ids import body_sha256, digest
from db.model import Capture, DocumentVersion, Ingested, Run
from db.store import Store
from db.words import CapturePurpose, RunKind, RunState

now = datetime(2026, 11, 23, tzinfo=UTC)

def capture(n, i):
    body = b"%d %d" % (n, i) * 5000
    url = f"https://post.example/{n}/{i}"
    return Capture(
        id=digest(url), request_key=digest("key", url), requested_url=url, url=url, method="GET",
        purpose=CapturePurpose.SOURCE, captured_at=now + timedelta(seconds=n), duration_s=0.1,
        status=200, http_version="1.1", headers=(), body=body, body_sha256=body_sha256(body),
        body_bytes=len(body),
    )

with Store.open(sys.argv[1]) as store:
    store.start_run(
        Run(id="run-1", kind=RunKind.NIGHTLY, state=RunState.RUNNING, started_at=now, heartbeat_at=now)
    )
    n = 0
    while True:
        version = DocumentVersion(
            document_id=str(n), name=str(n), sha256="x", text="t" * 9000, media_type="text/plain",
            language=None,
        )
        parts = dict(claims=(), claim_marks=(), citations=(), citation_marks=())
        store.add_ingested(Ingested(version=version, **parts), at=now)
        store.add_outcomes([(capture(n, i), "run-1") for i in range(20)])
        n += 1
        print(n, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 3, 10])
def test_a_killed_writer_loses_nothing_that_was_committed(path, lines):
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    for _ in range(lines):
        committed = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    writer.communicate(timeout=30)

    with Store.open(path) as store:
        assert store.integrity() == ()
        assert store._row("SELECT count(*) FROM captures")[0] >= committed * 20
        assert store._row("SELECT count(*) FROM captures")[0] % 20 == 0
        assert store._row("SELECT count(*) FROM bodies WHERE dropped")[0] == 0


def test_a_transaction_in_hand_is_rolled_back_when_its_code_fails(store):
    def write_half():
        with store._writing() as connection:
            connection.execute("INSERT INTO documents VALUES ('a', 'a', 'now')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert store.documents() == ()
    assert not store._connection.in_transaction


def test_a_checkpoint_empties_the_log(running, a, path):
    running.add_outcomes([(a.capture(), "run-1")])

    assert running.checkpoint() is True
    assert path.with_name(path.name + "-wal").stat().st_size == 0


def test_a_checkpoint_does_not_fail_while_someone_reads(running, a, path):
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM runs").fetchone()
    running.add_outcomes([(a.capture(), "run-1")])
    emptied = running.checkpoint()
    reader.close()

    assert emptied is False
    assert running._row("PRAGMA busy_timeout")[0] == 30_000
