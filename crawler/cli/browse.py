"""`citehound browse`: Datasette on the database."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.options import Common, common_options
from crawler.errors import ConfigError

__all__ = ["command"]


@click.command("browse", short_help="Open the database in Datasette.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port; 0: any free one.",
)
@click.option(
    "--public", is_flag=True, help="No SQL, bodies or whole page text: what others may see."
)
@common_options
def command(common: Common, host: str, port: int, *, public: bool) -> None:
    """Serve the database for browsing, while runs go on writing to it.

    On the loopback address the visitor is the operator and may use SQL and read whole pages; with --public, or
    on any other address, those stay closed.
    """
    path = Path(common.settings["db"])
    if not path.is_file():
        raise ConfigError(
            "no such database",
            where=str(path),
            mend="run citehound verify first, or name it with --db",
        )
    import uvicorn

    from db.datasette import app
    from db.store import Store

    Store.open(
        path
    ).close()  # says plainly when it is no database, and brings an older one up to date

    operator = not public and host in {"127.0.0.1", "::1", "localhost"}
    click.echo(f"Browse {path} at http://{host}:{port}/ ; Ctrl-C ends it.", err=True)
    uvicorn.run(app(path, operator=operator).app(), host=host, port=port, log_level="warning")
