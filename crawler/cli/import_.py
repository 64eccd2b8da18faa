"""`citehound import`: captures from a WARC file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Common, as_json, common_options, emit

if TYPE_CHECKING:
    from crawler.warc_import import Imported

__all__ = ["command"]


@click.command("import", short_help="Take captures from a WARC file.")
@click.option(
    "--warc",
    "file",
    required=True,
    metavar="FILE",
    help="An export, a WARC file of another tool (.warc, .warc.gz), or a WACZ.",
)
@as_json
@common_options
def command(common: Common, file: str) -> None:
    """Store the web answers in a WARC file as captures, each once however often it is imported.

    What cannot be a capture is left out, and counted with the reason.
    """
    import os
    import socket

    from crawler.fetch.clock import RealClock
    from crawler.warc_import import imported
    from db.store import Store

    holder = f"{socket.gethostname()}:{os.getpid()}"
    with Store.open(common.settings["db"]) as store:
        counts = imported(store, Path(file), clock=RealClock(), holder=holder)
    if common.as_json:
        emit(
            [
                {
                    "file": file,
                    "taken": counts.taken,
                    "already": counts.already,
                    "left_out": dict(sorted(counts.left_out.items())),
                }
            ]
        )
        return
    _print(file, counts)


def _print(file: str, counts: Imported) -> None:
    from crawler.warc_reading import LEFT_OUT

    click.echo(f"{counts.taken} captures taken from {file}, {counts.already} already there")
    for reason, n in sorted(counts.left_out.items()):
        click.echo(f"{n} left out: {LEFT_OUT.get(reason) or f'as a fetch would ({reason})'}")
