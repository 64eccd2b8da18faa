"""`citehound ingest`: what a document claims and cites, without any network."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, common_options, emit
from crawler.cli.reading import read_document
from crawler.ingest import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["command"]


@click.command("ingest", short_help="List claims and citations; no network.")
@click.argument("document")
@click.option(
    "--name", metavar="NAME", help="Name of the document, where a path would be a poor one."
)
@as_json
@common_options
def command(common: Common, document: str, name: str | None) -> None:
    """List what DOCUMENT claims and cites, without any network.

    DOCUMENT is a file (Markdown, text, HTML, wikitext or Citehound JSON Lines), or - for standard input.
    """
    found = list(rows(read_document(document, name=name)))
    if common.as_json:
        emit(found)
        return
    _print(found)


def _print(found: list[dict[str, object]]) -> None:
    from rich.table import Table

    from crawler.cli.tables import cell, console

    out = console(sys.stdout)
    for kind, title, columns in (
        ("citation", "Citations", ("n", "outlet", "title", "date", "url")),
        ("claim", "Claims", ("cites", "claim")),
        ("uncited", "Checkable sentences without a citation", ("claim",)),
        ("unparsed", "Could not be used", ("n", "reason", "raw")),
    ):
        these = [row for row in found if row["kind"] == kind]
        if not these:
            continue
        table = Table(title=f"{title}: {len(these)}", title_justify="left", show_lines=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in these:
            table.add_row(*(cell(_text(row, column)) for column in columns))
        out.print(table)


def _text(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
