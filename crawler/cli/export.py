"""`citehound export`: captures as a WARC file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.cli.options import Common, as_json, common_options, emit

__all__ = ["command"]


@click.command("export", short_help="Write captures to a WARC file.")
@click.option(
    "--warc",
    "file",
    required=True,
    metavar="FILE",
    help="The file to make: .warc.gz, or .warc for one that is not compressed.",
)
@click.option("--document", metavar="NAME", help="Only what was fetched for this document.")
@click.option("--url", metavar="URL", help="Only what was asked or answered at this address.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Only from this day on, UTC."
)
@as_json
@common_options
def command(
    common: Common, file: str, document: str | None, url: str | None, since: datetime | None
) -> None:
    """Write what was fetched to a new WARC 1.1 file that other archiving tools, `import` and --replay read.

    Secrets are redacted. A body that was purged, or is no longer stored, is exported as header fields only.
    """
    from crawler.fetch.clock import RealClock
    from crawler.warc_export import exported
    from db.store import Store

    with Store.open(common.settings["db"]) as store:
        counts = exported(
            store,
            Path(file),
            at=RealClock().now(),
            document=document,
            url=url,
            since=since and since.replace(tzinfo=UTC),
        )
    if common.as_json:
        emit([{"file": file, **counts.row()}])
        return
    click.echo(
        f"{counts.captures} captures ({counts.revisits} without a body that another has,"
        f" {counts.headers_only} header fields only, because their body is no longer stored),"
        f" {counts.hops} redirects and {counts.failures} failures written to {file}"
    )
