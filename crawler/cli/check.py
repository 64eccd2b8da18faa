"""`citehound check`: one citation, on demand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, network_options
from crawler.cli.reading import ingested_from
from crawler.cli.session import warn_without_contact, worked
from crawler.cli.tables import ProgressBar
from crawler.cli.verify import report, run_exit, stored_rows
from db.ids import digest, folded

if TYPE_CHECKING:
    from crawler.app import App
    from db.model import Run

__all__ = ["command"]


@click.command("check", short_help="Check one citation, on demand.")
@click.option("--outlet", metavar="NAME", help="Who published it, as cited.")
@click.option("--title", metavar="TITLE", help="Its headline, as cited.")
@click.option("--date", metavar="DATE", help="Its date, as cited.")
@click.option("--url", metavar="URL", help="Its address, where cited.")
@click.option("--doi", metavar="DOI", help="Its DOI, where cited.")
@click.option("--claim", required=True, metavar="SENTENCE", help="What it is cited for.")
@click.option(
    "--strict", is_flag=True, help="Exit 4 when the citation is not_supported or contradicted."
)
@as_json
@network_options
def command(common: Common, /, claim: str, *, strict: bool, **cited: str | None) -> int:
    """Check whether one source exists and carries one claim.

    Give --outlet and --title (and --date where known), or --url, or --doi.
    """
    if not (cited["title"] or cited["url"] or cited["doi"]):
        raise click.UsageError("give --outlet and --title, or --url, or --doi")
    if not claim.strip():
        raise click.UsageError("--claim is empty")
    warn_without_contact(common)
    row = {"claim": claim, **{name: value for name, value in cited.items() if value}}
    name = f"check {digest(*(folded(value) for value in (claim, *cited.values())))}"
    ingested = ingested_from(
        json.dumps(row, ensure_ascii=False).encode(), name=name, media_type="application/jsonl"
    )

    async def work(app: App) -> tuple[Run, list[dict[str, object]]]:
        document_id = app.ingest(ingested)
        run = await app.check_documents([document_id])
        return run, stored_rows(app, document_id)

    run, rows = worked(common, work, ProgressBar())
    report(rows, [], as_rows=common.as_json)
    return run_exit(run, rows, strict=strict)
