"""`citehound doctor`: what is wrong, and how to mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.exits import Exit
from crawler.cli.options import Common, as_json, common_options, emit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["command"]


@click.command("doctor", short_help="Say what is wrong, and how to mend it.")
@as_json
@common_options
def command(common: Common) -> int:
    """Look at settings, seeds, plugins and the database; exit 3 when something must be mended."""
    rows = list(_checks(common))
    if common.as_json:
        emit(rows)
    else:
        for row in rows:
            click.echo(f"{row['state']:<6} {row['what']}: {row['detail']}")
    return Exit.CONFIG if any(row["state"] == "mend" for row in rows) else Exit.CLEAN


def _checks(common: Common) -> Iterator[dict[str, str]]:
    yield _contact(common)
    yield _seeds(common)
    yield _plugins(common)
    yield _database(Path(common.settings["db"]))


def _row(state: str, what: str, detail: str) -> dict[str, str]:
    return {"state": state, "what": what, "detail": detail}


def _contact(common: Common) -> dict[str, str]:
    if contact := common.settings["contact"]:
        return _row("ok", "contact", contact)
    return _row("advise", "contact", "not set; set CITEHOUND_CONTACT so that sites can reach you")


def _seeds(common: Common) -> dict[str, str]:
    from crawler.app import outlet_book
    from crawler.config import seeds_folder
    from crawler.errors import ConfigError

    try:
        folder = seeds_folder(common.settings)
        return _row("ok", "seeds", f"{len(outlet_book(folder).all())} outlets in {folder}")
    except ConfigError as error:
        return _row("mend", "seeds", str(error))


def _plugins(common: Common) -> dict[str, str]:
    from crawler.app import built_resolvers
    from crawler.errors import PluginError
    from crawler.plugins import plugin_lines

    try:
        lines = plugin_lines(built_resolvers(common.settings))
    except PluginError as error:
        return _row("mend", "plugins", f"{error}; uninstall or repair it")
    return _row("ok", "plugins", f"{len(lines)} loaded")


def _database(path: Path) -> dict[str, str]:
    from db.errors import StoreError
    from db.store import Store

    if not path.exists():
        return _row("ok", "database", f"{path} is not there yet; the first run makes it")
    try:
        with Store.open(path) as store:
            damage = store.integrity()
    except StoreError as error:
        return _row("mend", "database", str(error))
    if damage:
        return _row("mend", "database", f"{path}: {damage[0]}; restore a backup")
    return _row("ok", "database", f"{path} is sound")
