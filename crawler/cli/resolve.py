"""`citehound resolve`: the page that an outlet and a headline mean, with every candidate and why it lost."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, emit, network_options
from crawler.cli.session import warn_without_contact, worked
from crawler.cli.tables import ProgressBar
from crawler.errors import InputError
from crawler.sought import resolved_row, sought_citation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.app import App
    from crawler.sought import Sought

__all__ = ["command"]


@click.command("resolve", short_help="Find the page that an outlet and a headline mean.")
@click.option("--outlet", metavar="NAME", help="Who published it, as cited.")
@click.option("--title", metavar="TITLE", help="Its headline, as cited.")
@click.option("--date", metavar="DATE", help="Its date, as cited.")
@click.option("--url", metavar="URL", help="Its address, where cited.")
@click.option("--doi", metavar="DOI", help="Its DOI, where cited.")
@click.option(
    "--jsonl", metavar="FILE", help="Many: rows of id, outlet, title, date; - for standard input."
)
@as_json
@network_options
def command(common: Common, /, jsonl: str | None, **cited: str | None) -> None:
    """Find the page that an outlet and a headline mean.

    One citation prints its candidates with what became of each; --jsonl reads many and streams one row each.
    """
    if jsonl is None and not (cited["title"] or cited["url"] or cited["doi"]):
        raise click.UsageError("give --outlet and --title, or --url, or --doi, or --jsonl")
    sought = list(_sought(jsonl)) if jsonl else [sought_citation("1", cited)]
    warn_without_contact(common)
    as_rows = common.as_json or jsonl is not None

    def one(row: dict[str, object]) -> None:
        if as_rows:
            emit([row])
        else:
            _print(row)

    async def work(app: App) -> None:
        async for item, resolved in app.resolved(sought):
            one(resolved_row(item, resolved))

    worked(common, work, ProgressBar())


def _sought(path: str) -> Iterator[Sought]:
    """The rows of a JSON Lines file; InputError with the line of one that cannot be used."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(path, f"cannot be read ({error})") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise InputError(f"{path}, line {number}", "is not JSON") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}", "is not an object")
        yield sought_citation(str(row.get("id", number)), row)


def _print(row: dict[str, object]) -> None:
    from rich.table import Table

    from crawler.cli.tables import cell, console

    out = console(sys.stdout)
    out.print(cell(f"{row['status']}: {row['url'] or '-'} ({row['rule']})"))
    table = Table(title="Candidates", title_justify="left")
    for column in ("score", "url", "title", "date", "why"):
        table.add_column(column, overflow="fold")
    candidates = row["candidates"]
    for one in candidates if isinstance(candidates, list) else []:
        table.add_row(
            *(cell(_shown(one[column])) for column in ("score", "url", "title", "date", "why"))
        )
    out.print(table)
    asked = row["asked"]
    for report in asked if isinstance(asked, list) else []:
        out.print(cell(f"{report['resolver']}: {report['coverage']} {report['detail']}"))


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
