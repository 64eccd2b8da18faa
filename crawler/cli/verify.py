"""`citehound verify`: ingest documents, check every citation, print what stands."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from crawler.answers import FLAGS, answer_rows
from crawler.cli.exits import Exit
from crawler.cli.options import Common, as_json, emit, network_options
from crawler.cli.reading import fetched_document, is_url, read_document
from crawler.cli.session import warn_without_contact, worked
from crawler.cli.tables import ProgressBar, console, funnel_table, verdict_table
from db.words import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.app import App
    from db.model import Run

__all__ = ["command", "report", "run_exit"]


@click.command("verify", short_help="Check every citation of documents.")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@click.option(
    "--name", metavar="NAME", help="Name of the document, where a path would be a poor one."
)
@click.option(
    "--strict", is_flag=True, help="Exit 4 when a citation is not_supported or contradicted."
)
@as_json
@network_options
def command(common: Common, documents: tuple[str, ...], name: str | None, *, strict: bool) -> int:
    """Check every citation of each DOCUMENT and print the verdicts.

    DOCUMENT is a file (Markdown, text, HTML, wikitext or Citehound JSON Lines), an http(s) URL, or - for
    standard input. What was read, found and judged stays in the database; a second run asks again only what
    may have changed.
    """
    if name is not None and len(documents) > 1:
        raise click.UsageError("--name takes one document")
    read = {one: read_document(one, name=name) for one in documents if not is_url(one)}
    warn_without_contact(common)

    async def work(app: App) -> tuple[Run, list[dict[str, object]], list[Mapping[str, object]]]:
        ids = []
        for document in documents:
            found = read.get(document) or await fetched_document(app, document, name=name)
            ids.append(app.ingest(found))
        run = await app.check_documents(ids)
        rows = [row for one in ids for row in stored_rows(app, one)]
        return run, rows, [app.store.funnel(one) for one in ids]

    run, rows, funnels = worked(common, work, ProgressBar())
    report(rows, funnels, as_rows=common.as_json)
    return run_exit(run, rows, strict=strict)


def stored_rows(app: App, document_id: str) -> list[dict[str, object]]:
    """What stands for a document, in the design's row shape."""
    return list(answer_rows(app.store.standing(document_id), app.store.unused(document_id)))


def report(
    rows: list[dict[str, object]], funnels: list[Mapping[str, object]], *, as_rows: bool
) -> None:
    """Print the rows, or the table and the funnel."""
    if as_rows:
        emit(rows)
        return
    out = console(sys.stdout)
    out.print(verdict_table(rows))
    for funnel in funnels:
        out.print(funnel_table(funnel))


def run_exit(run: Run, rows: list[dict[str, object]], *, strict: bool) -> int:
    """The exit code that a finished run means, said on standard error where it is not clean."""
    if run.state is RunState.OFFLINE:
        click.echo(
            "citehound: nothing could be reached, so this machine seems to be offline; "
            "every citation that needed the web is unverifiable and will be taken up again",
            err=True,
        )
    if run.state is RunState.FAILED:
        click.echo(
            "citehound: a plugin failed; its findings say so, and the run is marked failed",
            err=True,
        )
        return Exit.FAILED
    flagged = strict and any(row["verdict"] in FLAGS for row in rows)
    return Exit.FLAGGED if flagged else Exit.CLEAN
