"""`citehound plugins`: what is loaded, with versions."""

from __future__ import annotations

import sys

import click

from crawler.cli.options import Common, as_json, common_options, emit

__all__ = ["command"]


@click.command("plugins", short_help="List what is loaded.")
@as_json
@common_options
def command(common: Common) -> None:
    """List the resolvers, extractors and verifiers that a run would use, in order."""
    from crawler.app import built_resolvers
    from crawler.plugins import plugin_lines

    lines = plugin_lines(built_resolvers(common.settings))
    rows = [dict(zip(("kind", "name", "version"), line.split(" "), strict=True)) for line in lines]
    if common.as_json:
        emit(rows)
        return
    from rich.table import Table

    from crawler.cli.tables import cell, console

    table = Table("kind", "name", "version")
    for row in rows:
        table.add_row(*(cell(text) for text in row.values()))
    console(sys.stdout).print(table)
