"""What Datasette shows of the database: names, descriptions, ready questions, and who may see what.

`app` builds it; `db.datasette.plugin` alone knows Datasette's hooks, which change with its version 1.0. Datasette
opens the live file read-only and never as immutable, so that what a run writes is seen at once.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from db.connection import BUSY_TIMEOUT_S, connected, translated

if TYPE_CHECKING:
    import os

    from datasette.app import Datasette

__all__ = ["DATABASE", "app"]

#: The name of the database in URLs, whatever its file is called.
DATABASE = "citehound"

_SETTINGS = {
    "default_allow_sql": False,
    "allow_download": False,
    "default_page_size": 50,
    "truncate_cells_html": 600,  # characters: a quote with its sentence, not an article
    "suggest_facets": False,  # a scan per column on a file that is being written
    "sql_time_limit_ms": 5000,
}

#: Where our style sheet is served.
_STATIC = "citehound-static"

_COLUMNS = """
SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
WHERE m.type IN ('table', 'view') ORDER BY m.name, c.cid
"""


def app(path: str | os.PathLike[str], *, operator: bool) -> Datasette:
    """Datasette on this file. The local operator may read whole pages and run SQL, the public may not.

    The file must exist and be up to date: `Store.open` sees to it.
    """
    from datasette.app import Datasette
    from datasette.database import Database
    from datasette.plugins import pm

    from db.datasette import plugin
    from db.datasette.metadata import described

    # With rich installed Datasette prints each error, a stranger's 404 included, with every local variable.
    import_module("datasette.handle_exception").rich = None  # type: ignore[attr-defined]
    if not pm.is_registered(plugin):
        pm.register(plugin, name="citehound")
    metadata = {
        "title": "Citehound",
        "description": "Does the cited source exist, and does it say this?",
        "extra_css_urls": [f"/{_STATIC}/citehound.css"],
        "plugins": {"citehound": {"operator": operator}},
        "databases": {DATABASE: {"tables": described(_columns(Path(path)))}},
    }
    datasette = Datasette(
        settings=_SETTINGS,
        metadata=metadata,
        static_mounts=[(_STATIC, str(Path(__file__).with_name("static")))],
    )
    datasette.add_database(Database(datasette, path=str(path), is_mutable=True), name=DATABASE)
    return datasette


def _columns(path: Path) -> dict[str, list[str]]:
    """Table or view → its columns, as they stand in the file."""
    columns: defaultdict[str, list[str]] = defaultdict(list)
    with (
        translated(str(path), busy_timeout_s=BUSY_TIMEOUT_S),
        closing(connected(path, read_only=True, busy_timeout_s=BUSY_TIMEOUT_S)) as connection,
    ):
        for table, column in connection.execute(_COLUMNS):
            columns[table].append(column)
    return dict(columns)
