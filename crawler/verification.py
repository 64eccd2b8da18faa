"""Holds one claim against one page: every verifier, each behind one guard, in a worker process.

A plugin that fails loses only its own word: what it raised becomes a finding (or a resolver's report) that says
so, with a digest of the traceback, and the run counts it as our fault.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, TypeVar

from crawler.errors import ConfigError
from crawler.progress import Event
from db.errors import StoreError
from db.ids import digest
from db.model import Finding
from db.words import Reason, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from crawler.progress import Listeners
    from db.model import Identity
    from verifiers.protocol import Task, Verifier
    from verifiers.rollup import Rollup

__all__ = ["FAILED", "findings", "guarded", "judged", "warmed"]

T = TypeVar("T")

#: How the detail of a finding starts whose verifier raised.
FAILED = "the verifier failed"


def findings(task: Task, verifier_names: tuple[str, ...]) -> tuple[Finding, ...]:
    """One finding from each named verifier, in order; importable by name, so that a worker can run it."""
    from crawler.plugins import verifiers_named

    return tuple(_finding(verifier, task) for verifier in verifiers_named(verifier_names))


def judged(
    task: Task, verifier_names: tuple[str, ...], identity: Identity
) -> tuple[tuple[Finding, ...], Rollup]:
    """The findings and what they add up to: both read the page, and the loop must not wait for that."""
    from verifiers.rollup import rolled_up

    these = findings(task, verifier_names)
    return these, rolled_up(these, page=task.page, identity=identity)


def warmed() -> int:
    """How many extractors and verifiers there are; a worker that was asked has loaded what it will need."""
    import crawler.extract
    from crawler.plugins import verifier_names

    return len(crawler.extract.EXTRACTORS) + len(verifier_names())


async def guarded(call: Awaitable[T], *, listeners: Listeners, plugin: str) -> T | str:
    """What a plugin's call gives, or one sentence on how it failed."""
    try:
        return await call
    except (ConfigError, StoreError):
        raise
    except Exception as error:  # noqa: BLE001 - the one guard round a plugin (see the module's rule)
        listeners.tell(Event.PLUGIN_FAILED, plugin=plugin, kind=type(error).__name__)
        return failure_text(error)


def failure_text(error: Exception) -> str:
    """One sentence that names the exception and where it came from, without its (hostile) text."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "|".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    return f"failed with {type(error).__name__} (traceback {digest(where)})"


def _finding(verifier: Verifier, task: Task) -> Finding:
    """The verifier's finding, checked against its contract; one that says so where it fails."""
    from verifiers.contract import checked

    try:
        return checked(verifier.verify(task), task)
    except Exception as error:  # noqa: BLE001 - the same guard, on the worker's side
        return Finding(
            id=digest(
                "finding", task.claim.id, task.page.id, verifier.name, verifier.version, "failed"
            ),
            claim_id=task.claim.id,
            page_id=task.page.id,
            verifier=verifier.name,
            version=verifier.version,
            config_digest="failed",
            verdict=VerdictKind.UNVERIFIABLE,
            reason=Reason.UNSURE,
            score=None,
            detail=f"{FAILED}: {failure_text(error)}",
        )
