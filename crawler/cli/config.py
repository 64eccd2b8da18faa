"""`citehound config`: each setting and its origin."""

from __future__ import annotations

import sys

import click

from crawler.cli.options import Common, as_json, common_options, emit

__all__ = ["command"]


@click.command("config", short_help="Show each setting and its origin.")
@as_json
@common_options
def command(common: Common) -> None:
    """Show each setting, its value and where it comes from. Secrets are not shown."""
    rows = [
        {
            "setting": setting.name,
            "value": "(hidden)" if setting.secret and value.text else value.text,
            "origin": value.origin,
            "variable": setting.variable,
            "help": setting.help,
        }
        for setting, value in common.settings.items()
    ]
    if common.as_json:
        emit(rows)
        return
    from rich.table import Table

    from crawler.cli.tables import cell, console

    table = Table()
    for column in ("setting", "value", "origin", "help"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell(row[column]) for column in ("setting", "value", "origin", "help")))
    console(sys.stdout).print(table)
