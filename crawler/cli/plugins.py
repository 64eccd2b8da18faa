"""`citehound plugins`: what is loaded, with versions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from crawler.cli.options import Common, as_json, common_options, emit

if TYPE_CHECKING:
    from crawler.protocols import Resolver

__all__ = ["command"]

#: What a resolver may state of itself: what its silence covers, what it costs whom, and what turns it on.
_TOLD: Final = ("covers", "terms", "default")


@click.command("plugins", short_help="List what is loaded.")
@as_json
@common_options
def command(common: Common) -> None:
    """List the resolvers, extractors and verifiers that a run would use, in order."""
    from crawler.app import built_resolvers
    from crawler.plugins import plugin_lines

    resolving = built_resolvers(common.settings)
    told = {("resolver", one.name): _told(one) for one in resolving}
    rows = [
        row | told.get((row["kind"], row["name"]), dict.fromkeys(_TOLD, ""))
        for row in (
            dict(zip(("kind", "name", "version"), line.split(" "), strict=True))
            for line in plugin_lines(resolving)
        )
    ]
    if common.as_json:
        emit(rows)
        return
    from rich.table import Table

    from crawler.cli.tables import cell, console

    table = Table("kind", "name", "version", *_TOLD)
    for row in rows:
        table.add_row(*(cell(text) for text in row.values()))
    console(sys.stdout).print(table)


def _told(resolver: Resolver) -> dict[str, str]:
    """What a resolver states of itself, "" where it states nothing."""
    return {name: str(getattr(resolver, name, "")) for name in _TOLD}
