"""`citehound outlets`: who is known, and who a name or a host means."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, common_options, emit

if TYPE_CHECKING:
    from db.model import Outlet

__all__ = ["command"]


@click.command("outlets", short_help="List known outlets, or look one up.")
@click.argument("name", required=False)
@as_json
@common_options
def command(common: Common, name: str | None) -> int:
    """List the outlets of the seeds, or say which one NAME (or a host) means.

    To add or correct an outlet, edit outlets.toml in the seeds folder; its header explains the fields.
    """
    from crawler.app import outlet_book
    from crawler.config import seeds_folder

    book = outlet_book(seeds_folder(common.settings))
    found = (
        [one for one in (book.named(name) or book.of_host(name),) if one]
        if name
        else list(book.all())
    )
    if not found:
        click.echo(
            f"citehound: no outlet is known as {name!r}; add it to outlets.toml in the seeds folder",
            err=True,
        )
        return 1
    if common.as_json:
        emit(asdict(one) for one in found)
    else:
        _print(found)
    return 0


def _print(outlets: list[Outlet]) -> None:
    from rich.table import Table

    from crawler.cli.tables import cell, console

    table = Table(title=f"{len(outlets)} outlets", title_justify="left")
    for column in ("name", "aliases", "hosts", "kind", "country", "source"):
        table.add_column(column, overflow="fold")
    for one in outlets:
        texts = (
            one.name,
            ", ".join(one.aliases),
            ", ".join(one.hosts),
            one.kind,
            one.country or "",
            one.source,
        )
        table.add_row(*map(cell, texts))
    console(sys.stdout).print(table)
