"""`citehound run`: check what is due now, and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, emit, network_options
from crawler.cli.session import warn_without_contact, worked
from crawler.cli.tables import ProgressBar
from crawler.cli.verify import run_exit

if TYPE_CHECKING:
    from crawler.app import App
    from db.model import Run

__all__ = ["command", "run_row"]


@click.command("run", short_help="Check what is due now, and stop.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="Citations at most.  [default: run.limit]"
)
@as_json
@network_options
def command(common: Common, limit: int | None) -> int:
    """Check every citation that is due: new ones, and those whose retry date has come.

    Two nightly runs never work at once; a killed one is taken up where it stopped.
    """
    warn_without_contact(common)
    most = limit or int(common.settings["run.limit"])

    async def work(app: App) -> Run:
        return await app.check_due(limit=most)

    run = worked(common, work, ProgressBar())
    if common.as_json:
        emit([run_row(run)])
    else:
        counts = run.counts
        click.echo(
            f"run {run.id} {run.state.value}: {counts.get('answer_committed', 0)} citations answered, "
            f"{counts.get('exchange_asked', 0)} exchanges asked, "
            f"{counts.get('exchange_replayed', 0)} replayed"
        )
        if left := counts.get("citation_left", 0):
            click.echo(f"{left} citations are left for the next run: run.requests is spent")
    return run_exit(run, [], strict=False)


def run_row(run: Run) -> dict[str, object]:
    """A run as one JSON object."""
    return {
        "kind": "run",
        "id": run.id,
        "state": run.state.value,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "resumes": run.resumes,
        "counts": dict(run.counts),
    }
