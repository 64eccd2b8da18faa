"""`import`: captures from WARC files, ours or other tools', and from those in a WACZ, under a run of their own.

Nothing in a file raises: what does not become a capture (`crawler.warc_reading` says how it does) is counted with the
reason. What is stored already, by its id, adds nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.metadata import version
from itertools import chain
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigError
from crawler.fetch.tape_index import WarcFile
from crawler.warc_files import BadMember, warc_files
from crawler.warc_reading import outcomes
from db.ids import digest
from db.model import Capture, Run
from db.words import RunKind, RunState

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.protocols import Clock
    from db.store import Store

__all__ = ["Imported", "imported"]

#: Clocks differ; a capture from further ahead would count as the newest for ever.
AHEAD: Final = timedelta(hours=24)
#: Captures stored in one transaction, and how much they may hold.
BATCH: Final = 100
BATCH_BYTES: Final = 16 << 20


@dataclass(slots=True, kw_only=True)
class Imported:
    """What came of the records."""

    taken: int = 0
    already: int = 0  #: stored before, or twice in the file
    left_out: Counter[str] = field(default_factory=Counter)  #: by reason

    def row(self) -> dict[str, int]:
        """The counts under one name each, as a run keeps them."""
        left_out = {f"left_out.{reason}": n for reason, n in sorted(self.left_out.items())}
        return {"taken": self.taken, "already": self.already, **left_out}


@dataclass(slots=True, kw_only=True)
class _Import:
    store: Store
    run_id: str
    clock: Clock
    counts: Imported = field(default_factory=Imported)
    batch: dict[str, Capture] = field(default_factory=dict)
    batch_bytes: int = 0

    def take(self, outcome: Capture | str) -> None:
        if isinstance(outcome, str):
            self.counts.left_out[outcome] += 1
        elif outcome.captured_at > self.clock.now() + AHEAD:
            self.counts.left_out["future"] += 1
        elif outcome.id in self.batch or self.store.capture(outcome.id) is not None:
            self.counts.already += 1
        elif not self._has_original(outcome):
            self.counts.left_out["no_original"] += 1
        else:
            self._keep(outcome)

    def flush(self) -> None:
        self.store.heartbeat(self.run_id, at=self.clock.now())
        self.store.add_outcomes([(capture, self.run_id) for capture in self.batch.values()])
        self.counts.taken += len(self.batch)
        self.batch.clear()
        self.batch_bytes = 0

    def _keep(self, capture: Capture) -> None:
        self.batch[capture.id] = capture
        self.batch_bytes += len(capture.body)
        if len(self.batch) >= BATCH or self.batch_bytes >= BATCH_BYTES:
            self.flush()

    def _has_original(self, capture: Capture) -> bool:
        """Whether what a 304 confirmed is here, and has the body that it names."""
        if capture.revisit_of is None:
            return True
        original = self.batch.get(capture.revisit_of) or self.store.capture(capture.revisit_of)
        return original is not None and original.body_sha256 == capture.body_sha256


def imported(store: Store, path: Path, *, clock: Clock, holder: str = "") -> Imported:
    """What became of the records of a WARC file or a WACZ, whose captures are stored under a run of their own.

    Raises ConfigError where `path` is missing, or nothing of the kind; then there is no run.
    """
    files = warc_files(path)
    first = next(files)
    now = clock.now()
    run = Run(
        id=digest("run", RunKind.ON_DEMAND.value, now.isoformat(), holder, str(len(store.runs()))),
        kind=RunKind.ON_DEMAND,
        state=RunState.RUNNING,
        started_at=now,
        heartbeat_at=now,
        holder=holder,
        detail=f"import {path}",
        version=version("citehound"),
    )
    work = _Import(store=store, run_id=run.id, clock=clock)
    store.start_run(run)
    state = RunState.FAILED
    try:
        for file in chain([first], files):
            _take_file(work, file, is_whole=isinstance(file, WarcFile) and file.path == str(path))
        state = RunState.SUCCEEDED
    except KeyboardInterrupt:
        state = RunState.INTERRUPTED
        raise
    finally:
        files.close()
        ended_at = clock.now()
        store.end_run(
            replace(
                run, state=state, heartbeat_at=ended_at, ended_at=ended_at, counts=work.counts.row()
            )
        )
    return work.counts


def _take_file(work: _Import, file: WarcFile | BadMember, *, is_whole: bool) -> None:
    """Take one file; a member of a WACZ that does not even begin as a WARC file is only counted."""
    if isinstance(file, BadMember):
        work.take("member")
        return
    try:
        for outcome in outcomes(file):
            work.take(outcome)
    except ConfigError:
        if is_whole:
            raise
        work.take("member")
    finally:
        work.flush()
