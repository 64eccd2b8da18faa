"""The schema, as a list of steps that are each taken once.

A step is known by the name of its function and is never renamed or edited once released; the next change is the
next step. Each runs inside the transaction of `migrate`, so that two processes that open a fresh file do not meet
half-way. Source: sqlite-utils 4.2, `sqlite_utils.Migrations` (table `_sqlite_migrations`).
"""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from db.errors import StoreCorruptError, StoreTooNewError
from db.views import views_differ, write_views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlite_utils import Database, Migrations

__all__ = ["HISTORY", "LATER_HISTORY", "migrate", "missing_steps", "statements"]

MIGRATION_SET = "citehound"

#: Tables that refuse UPDATE and DELETE, as the first step made them.
HISTORY = (
    "documents",
    "document_versions",
    "ingests",
    "claims",
    "citations",
    "claim_marks",
    "claim_citations",
    "citation_marks",
    "unparsed",
    "bodies",
    "captures",
    "failures",
    "pages",
    "resolutions",
    "candidates",
    "resolver_reports",
    "findings",
    "facets",
    "verdicts",
    "verdict_findings",
    "evidence",
    "attempts",
    "purges",
)
#: Those that later steps added.
LATER_HISTORY = ("saves",)

#: A body that was dropped may come back under the same hash when it is captured again, unless it was purged.
_MAY_RETURN = (
    " AND NOT (OLD.dropped = 1 AND NEW.dropped = 0 AND NEW.sha256 = OLD.sha256"
    " AND NOT EXISTS (SELECT 1 FROM purges WHERE purges.sha256 = OLD.sha256))"
)
_REFUSAL = """CREATE TRIGGER {table}_refuse_{event} BEFORE {event} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM purging){unless}
BEGIN SELECT RAISE(ABORT, '{table} is history: rows are added, never changed'); END"""

_SAVES = """
CREATE TABLE saves (
  id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id),
  page_id TEXT NOT NULL REFERENCES pages(id),
  url TEXT NOT NULL,
  asked_at TEXT NOT NULL,
  state TEXT NOT NULL,
  archive_url TEXT,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX saves_by_url ON saves(url);
CREATE INDEX saves_by_run ON saves(run_id);
CREATE INDEX saves_by_page ON saves(page_id);
"""

_LEARNED_OUTLETS = """
CREATE TABLE learned_outlets (
  key TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  outlet TEXT,
  is_guess INTEGER NOT NULL,
  detail TEXT NOT NULL,
  learned_at TEXT NOT NULL
) STRICT;
"""


def missing_steps(connection: sqlite3.Connection, *, path: str) -> tuple[str, ...]:
    """The steps that were not taken here yet; reads only.

    Raises: StoreTooNewError where the file carries steps that this Citehound does not know; StoreCorruptError
    where it is a database of something else.
    """
    taken = _taken(connection)
    if not taken and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        raise StoreCorruptError(path, "a SQLite database, but none of Citehound's")
    unknown = tuple(name for name in taken if name not in _steps())
    if unknown:
        raise StoreTooNewError(path, unknown)
    return tuple(name for name in _steps() if name not in taken)


def migrate(connection: sqlite3.Connection, *, path: str) -> None:
    """Take the missing steps and renew the views, all in one transaction."""
    from sqlite_utils import Database  # slow to load, and only a fresh file needs it

    connection.execute("BEGIN IMMEDIATE")
    try:
        if missing_steps(connection, path=path):
            _migrations().apply(Database(connection, execute_plugins=False))
        if views_differ(connection):
            write_views(connection)
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""


def m0001_foundation(database: Database) -> None:
    """Every table of the first release, and the triggers that keep history."""
    script = resources.files("db").joinpath("foundation.sql").read_text(encoding="utf-8")
    for statement in statements(script):
        database.execute(statement)
    for table in HISTORY:
        _keep_as_history(database, table, unless=_MAY_RETURN if table == "bodies" else "")


def m0002_saves(database: Database) -> None:
    """What came of having an archive keep the pages that verdicts rest on."""
    for statement in statements(_SAVES):
        database.execute(statement)
    _keep_as_history(database, "saves")


def m0003_learned_outlets(database: Database) -> None:
    """Outlets that were looked for by name, and what came of it; operational: asked again after a while."""
    for statement in statements(_LEARNED_OUTLETS):
        database.execute(statement)


def _keep_as_history(database: Database, table: str, *, unless: str = "") -> None:
    database.execute(_REFUSAL.format(table=table, event="update", unless=unless))
    database.execute(_REFUSAL.format(table=table, event="delete", unless=""))


STEPS: tuple[Callable[[Database], None], ...] = (
    m0001_foundation,
    m0002_saves,
    m0003_learned_outlets,
)


def _steps() -> tuple[str, ...]:
    return tuple(step.__name__ for step in STEPS)


@cache
def _migrations() -> Migrations:
    from sqlite_utils import Migrations

    migrations = Migrations(MIGRATION_SET)
    for step in STEPS:
        migrations()(step)
    return migrations


def _taken(connection: sqlite3.Connection) -> tuple[str, ...]:
    known = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if not connection.execute(known).fetchone():
        return ()
    sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id"
    return tuple(name for (name,) in connection.execute(sql, (MIGRATION_SET,)))
