"""`citehound extract`: pages from saved files, one JSON row each."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import click

from crawler.cli.options import as_json, emit
from crawler.ordered import in_order
from crawler.saved import file_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.protocols import Workers

__all__ = ["command"]

#: Seconds that one file may take a worker.
DEADLINE_S = 20.0


@click.command("extract", short_help="Read pages from saved HTML or PDF.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--url", metavar="URL", help="Where the file was fetched, so that links and dates make sense."
)
@click.option(
    "--jobs",
    default=0,
    type=click.IntRange(min=0),
    help="Worker processes; 0: one a core, 1: none.",
)
@as_json
def command(files: tuple[str, ...], url: str | None, jobs: int, *, as_json: bool) -> int:
    """Read title, dates, authors, access and main text from saved pages (.html, .txt, .pdf, also .gz).

    One row a file, in the order given; a file that cannot be read has its `error` and costs only itself.
    """
    del as_json  # rows are JSON Lines with or without it
    return asyncio.run(_extract(files, url, jobs or os.cpu_count() or 1))


async def _extract(files: Sequence[str], url: str | None, jobs: int) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from crawler.workers import InlineWorkers, ProcessWorkers

    workers: Workers = InlineWorkers() if jobs == 1 else ProcessWorkers(jobs)
    failed = 0
    try:
        with Progress(
            console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
        ) as progress:
            bar = progress.add_task("pages", total=len(files))

            async def one(file: str) -> dict[str, object]:
                return await _row(file, url, workers)

            async for _, row in in_order(files, one, ahead=4 * jobs):
                emit([row])
                failed += row["error"] is not None
                progress.advance(bar)
    finally:
        await workers.aclose()
    return 1 if failed == len(files) else 0


async def _row(file: str, url: str | None, workers: Workers) -> dict[str, object]:
    from crawler.protocols import ExtractionFailure
    from crawler.saved import failed_row

    answer = await workers.run(file_row, file, url, deadline_s=DEADLINE_S)
    if isinstance(answer, ExtractionFailure):
        return failed_row(file, f"{answer.kind.value}: {answer.detail}")
    return answer  # type: ignore[return-value]
