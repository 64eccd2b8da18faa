"""Tables and progress for people: rich, with everything a stranger wrote kept from meaning anything.

Progress and logs go to standard error, so that standard output stays what was asked for.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from crawler.progress import Event
from db.words import ResolveStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.progress import TaskID

__all__ = ["ProgressBar", "cell", "console", "funnel_table", "verdict_table"]

#: C0 and C1 controls and bidirectional overrides: a page's title must not move the cursor or hide words.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")

_STYLES: Final = {
    "supported": "green",
    "partially_supported": "yellow",
    "not_supported": "bold magenta",
    "contradicted": "bold red",
    "unverifiable": "dim",
}


def console(stream: TextIO) -> Console:
    """A console that writes to `stream`, 120 columns wide where there is no terminal."""
    return Console(file=stream, width=None if stream.isatty() else 120, highlight=False)


def cell(text: str, style: str = "") -> Text:
    """Text as it is: no markup, no control characters."""
    return Text(_CONTROLS.sub(" ", text), style=style)


def verdict_table(rows: Iterable[Mapping[str, object]]) -> Table:
    """Claims with their verdicts, in document order."""
    table = Table(show_lines=True)
    for name, width in (
        ("n", None),
        ("cited", 34),
        ("claim", 36),
        ("found", None),
        ("verdict", None),
    ):
        table.add_column(name, overflow="fold", max_width=width)
    for row in rows:
        if row["kind"] == "citation":
            table.add_row(*_cells(row))
    return table


def funnel_table(funnel: Mapping[str, object]) -> Table:
    """How far the citations of a document came, each step with its count."""
    table = Table(title="Funnel", title_justify="left")
    for name in funnel:
        table.add_column(name, justify="right", overflow="fold")
    table.add_row(*(cell(str(value)) for value in funnel.values()))
    return table


def _cells(row: Mapping[str, object]) -> tuple[Text, ...]:
    cited = row["citation"]
    verdict, reason = str(row["verdict"]), str(row["reason"])
    words = Text.assemble(
        (verdict, _STYLES.get(verdict, "")),
        "\n",
        cell(reason),
        "\n",
        cell(str(row["detail"]), "dim"),
    )
    return (
        cell(str(row["n"])),
        cell(_cited(cited if isinstance(cited, dict) else {})),
        cell(str(row["claim"])),
        Text.assemble(str(row["status"]), "\n", cell(_address(row), "dim")),
        words,
    )


def _address(row: Mapping[str, object]) -> str:
    """Where the page was read: an archive's copy of a live page is only known."""
    archived = row["archive_url"] if row["status"] == ResolveStatus.FOUND_ARCHIVED.value else None
    return str(archived or row["url"] or "")


def _cited(cited: Mapping[str, object]) -> str:
    title = (
        f"“{cited['title']}”"
        if cited.get("title")
        else str(cited.get("url") or cited.get("doi") or "")
    )
    return ", ".join(str(part) for part in (cited.get("outlet"), title, cited.get("date")) if part)


class ProgressBar:
    """A listener that shows how far a run is, on standard error and only on a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", markup=False),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task: TaskID | None = None

    def heard(self, event: Event, fields: Mapping[str, object]) -> None:
        """Move the bar."""
        if event is Event.RUN_STARTED:
            self._progress.start()
            total = fields.get("citations")
            count = total if isinstance(total, int) else None
            self._task = self._progress.add_task("citations", total=count, last="")
        elif event is Event.RUN_ENDING:
            self._progress.stop()
        elif self._task is not None:
            self._advance(event, fields)

    def _advance(self, event: Event, fields: Mapping[str, object]) -> None:
        if self._task is None:
            return
        if event is Event.ANSWER_COMMITTED:
            self._progress.advance(self._task)
        elif event in {Event.RESOLVER_ASKED, Event.ARCHIVE_ASKED, Event.VERIFY_STARTED}:
            what = next(iter(fields.values()), "")
            self._progress.update(self._task, last=_CONTROLS.sub(" ", f"{event.value} {what}")[:60])
