import sqlite3
import subprocess
import sys

import pytest

from db.errors import StoreBusyError, StoreCorruptError, StoreTooNewError, StoreUnusableError
from db.migrations import HISTORY, LATER_HISTORY, statements
from db.model import (
    Attempt,
    BreakerRow,
    Candidate,
    Capture,
    Citation,
    CitationMark,
    Claim,
    ClaimMark,
    Evidence,
    Facet,
    FetchFailure,
    Finding,
    LearnedOutlet,
    Outlet,
    PaceRow,
    Page,
    Resolution,
    ResolverReport,
    RobotsRow,
    Run,
    Save,
    Unparsed,
    Verdict,
)
from db.rows import columns_of
from db.store import Store
from db.views import VIEWS

#: Table → its record, and the fields that live in tables of their own.
TABLES = {
    "attempts": (Attempt, ()),
    "breakers": (BreakerRow, ()),
    "candidates": (Candidate, ()),
    "captures": (Capture, ("body",)),
    "citation_marks": (CitationMark, ()),
    "citations": (Citation, ()),
    "claim_marks": (ClaimMark, ("citation_ids",)),
    "claims": (Claim, ()),
    "evidence": (Evidence, ()),
    "facets": (Facet, ("evidence",)),
    "failures": (FetchFailure, ()),
    "findings": (Finding, ("facets", "evidence")),
    "outlets": (Outlet, ()),
    "learned_outlets": (LearnedOutlet, ()),
    "paces": (PaceRow, ()),
    "pages": (Page, ()),
    "resolutions": (Resolution, ("candidates", "reports")),
    "resolver_reports": (ResolverReport, ()),
    "robots": (RobotsRow, ()),
    "runs": (Run, ()),
    "saves": (Save, ()),
    "unparsed": (Unparsed, ()),
    "verdicts": (Verdict, ("finding_ids", "evidence")),
}


def plain(path):
    return sqlite3.connect(path, isolation_level=None)


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_the_fields_of_the_record(store, table):
    record, elsewhere = TABLES[table]
    stored = {
        row["name"]: (row["type"], not row["notnull"])
        for row in store._rows(f"SELECT * FROM pragma_table_info('{table}')")
    }
    fields = {
        name: (column.type, column.nullable)
        for name, column in columns_of(record).items()
        if name not in elsewhere
    }

    assert {name: stored.get(name) for name in fields} == fields


def test_every_table_of_ours_is_strict(store):
    loose = store._rows(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
        " AND name NOT LIKE 'sqlite_%' AND name <> '_sqlite_migrations'"
    )

    assert [row["name"] for row in loose] == []


def test_the_file_is_in_wal_with_full_synchronisation_and_foreign_keys(store):
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")

    assert [store._row(f"PRAGMA {name}")[0] for name in pragmas] == ["wal", 2, 1, 1]


def test_waiting_for_another_writer_lasts_thirty_seconds(store):
    assert store._row("PRAGMA busy_timeout")[0] == 30_000


@pytest.fixture
def populated(running, a):
    ingested = a.ingested(("The bridge cost 50 million.", 1), unparsed=(a.unparsed(),))
    running.add_ingested(ingested, at=a.now)
    running.add_outcomes([(a.failure(), "run-1")])
    answered = a.answered(running, ingested)
    running.purge(url="https://nowhere.example", reason="none", at=a.now)
    running._connection.execute(
        "INSERT INTO purges (sha256, reason, purged_at) VALUES ('x', 'test', '2026')"
    )
    running._connection.execute(
        "INSERT INTO saves (id, run_id, page_id, url, asked_at, state, detail)"
        " VALUES ('x', 'run-1', ?, 'https://post.example/a', '2026', 'pending', '')",
        (answered["page"].id,),
    )
    return answered


@pytest.mark.parametrize("table", [*HISTORY, *LATER_HISTORY])
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid"])
def test_history_refuses_to_change(populated, path, table, sql):
    connection = plain(path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} is history"):
            connection.execute(sql.format(table))
    finally:
        connection.close()


def test_history_refuses_to_be_replaced(populated, running):
    with pytest.raises(sqlite3.IntegrityError, match="documents is history"):
        running._connection.execute("REPLACE INTO documents SELECT id, name, 'x' FROM documents")


def test_opening_again_changes_nothing(store, path):
    before = store._rows("SELECT * FROM sqlite_master")
    version = store._row("PRAGMA schema_version")[0]
    with Store.open(path) as again:
        assert again._rows("SELECT * FROM sqlite_master") == before
        assert again._row("PRAGMA schema_version")[0] == version


def test_opening_an_up_to_date_file_loads_no_sqlite_utils(store, path):
    code = (
        "import sys; from db.store import Store; Store.open(sys.argv[1]).close();"
        "print('sqlite_utils' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "False"


def test_a_view_that_differs_is_written_anew(store, path):
    store._connection.execute("DROP VIEW flagged")
    store._connection.execute("CREATE VIEW flagged AS SELECT 1")
    with Store.open(path) as again:
        views = {
            row["name"]: row["sql"]
            for row in again._rows("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
        }

    assert views == {view.name: view.sql for view in VIEWS}


def test_a_newer_file_is_refused(store, path):
    store._connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('citehound', 'm0999_future', '2030')"
    )
    store.close()

    with pytest.raises(StoreTooNewError) as caught:
        Store.open(path)
    assert caught.value.unknown == ("m0999_future",)


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"Not a database at all. " * 100)

    with pytest.raises(StoreCorruptError) as caught:
        Store.open(path)
    assert str(caught.value) == (
        f"{path}: not a usable database (file is not a database); name another file with --db"
    )
    assert path.read_bytes().startswith(b"Not a database")


def test_a_database_of_something_else_is_refused_and_left_alone(path):
    connection = plain(path)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()

    with pytest.raises(StoreCorruptError, match="none of Citehound's"):
        Store.open(path)
    connection = plain(path)
    names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert names == [("notes",)]


@pytest.mark.parametrize("name", ["", "missing/citehound.db"])
def test_a_path_that_cannot_be_opened_is_refused(tmp_path, name):
    with pytest.raises(StoreUnusableError, match="unable to open database file"):
        Store.open(tmp_path / name)


def test_a_name_with_question_marks_is_a_name(tmp_path):
    Store.open(tmp_path / "a?mode=ro#b.db").close()

    assert (tmp_path / "a?mode=ro#b.db").exists()


def test_a_read_only_store_refuses_to_write(store, path, a):
    with Store.open(path, read_only=True) as reader, pytest.raises(StoreUnusableError):
        reader.start_run(a.run())


def test_an_older_file_is_not_read_without_being_brought_up_to_date(path):
    path.touch()

    with pytest.raises(StoreCorruptError, match="opened for reading only"):
        Store.open(path, read_only=True)


def test_a_write_locked_by_another_process_is_busy(store, path, a):
    other = plain(path)
    other.execute("BEGIN IMMEDIATE")
    try:
        with (
            Store.open(path, busy_timeout_s=0.05) as waiting,
            pytest.raises(StoreBusyError) as caught,
        ):
            waiting.start_run(a.run())
    finally:
        other.close()
    assert caught.value.waited_s == 0.05


def test_a_broken_constraint_is_our_own_fault_and_rolls_back(store, a):
    with pytest.raises(sqlite3.IntegrityError):
        store.add_outcomes([(a.capture(), "no-such-run")])
    assert store._row("SELECT count(*) FROM bodies")[0] == 0


def test_two_processes_may_open_a_fresh_file_at_once(path):
    code = "import sys; from db.store import Store; Store.open(sys.argv[1]).close()"
    opening = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(path)]) for _ in range(4)
    ]

    assert [process.wait(60) for process in opening] == [0, 0, 0, 0]


def test_statements_keep_triggers_whole():
    script = (
        "CREATE TABLE t (a);\n-- why\nCREATE TRIGGER x AFTER INSERT ON t BEGIN\n  SELECT 1;\nEND;\n"
    )

    assert len(list(statements(script))) == 2


def test_sqlite_utils_reads_the_file(populated, path):
    said = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "rows", str(path), "latest_verdicts"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert '"verdict": "contradicted"' in said.stdout


def test_any_sqlite_shell_reads_the_file(populated, path):
    connection = plain(path)
    try:
        assert connection.execute("SELECT verdict FROM flagged").fetchall() == [("contradicted",)]
    finally:
        connection.close()


def test_a_row_that_points_nowhere_is_found_out(store):
    store._connection.execute("PRAGMA foreign_keys = OFF")
    store._connection.execute("INSERT INTO claims VALUES ('c', 'no-document', 'x', 0, NULL, NULL)")

    assert store.integrity() == ("claims points at a missing documents",)


def test_a_sound_file_is_sound(populated, running):
    assert running.integrity() == ()
