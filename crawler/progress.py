"""What happens in a run, as named events: progress bars, logs and counters all listen here.

The run tells; nobody answers. A listener must be quick and must not raise.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Counts", "Event", "Listener", "Listeners"]


class Event(StrEnum):
    """The named points of a run, in the order in which one citation meets them."""

    RUN_STARTED = "run_started"
    CITATION_TAKEN = "citation_taken"
    CITATION_LEFT = "citation_left"
    RESOLVER_ASKED = "resolver_asked"
    EXCHANGE_ASKED = "exchange_asked"
    EXCHANGE_ANSWERED = "exchange_answered"
    EXCHANGE_REPLAYED = "exchange_replayed"
    OUTCOMES_COMMITTING = "outcomes_committing"
    OUTCOMES_COMMITTED = "outcomes_committed"
    RESOLVER_ANSWERED = "resolver_answered"
    CANDIDATES_RANKED = "candidates_ranked"
    EXTRACT_STARTED = "extract_started"
    EXTRACT_ENDED = "extract_ended"
    ARCHIVE_ASKED = "archive_asked"
    IDENTIFIED = "identified"
    RESOLVED = "resolved"
    VERIFY_STARTED = "verify_started"
    VERIFY_ENDED = "verify_ended"
    ROLLED_UP = "rolled_up"
    ANSWER_COMMITTING = "answer_committing"
    ANSWER_COMMITTED = "answer_committed"
    PAGE_SAVED = "page_saved"
    SAVING_ENDED = "saving_ended"
    PLUGIN_FAILED = "plugin_failed"
    OFFLINE = "offline"
    RUN_ENDING = "run_ending"


class Listener(Protocol):
    """Somebody who wants to know."""

    def heard(self, event: Event, fields: Mapping[str, object]) -> None:
        """Take note of one event."""


class Counts:
    """Counts events; a run's counters come from here."""

    def __init__(self) -> None:
        self._counter: Counter[str] = Counter()

    def heard(self, event: Event, fields: Mapping[str, object]) -> None:
        """Count the event, and each of its fields named `kind` apart."""
        self._counter[event.value] += 1
        if kind := fields.get("kind"):
            self._counter[f"{event.value}:{kind}"] += 1

    def __getitem__(self, name: str) -> int:
        return self._counter[name]

    def total(self) -> dict[str, int]:
        """Event names (with `:kind` where they have one) and how often, sorted by name."""
        return dict(sorted(self._counter.items()))


class Listeners:
    """Tells several listeners in order."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners

    def tell(self, event: Event, **fields: object) -> None:
        """Pass one event on."""
        for listener in self._listeners:
            listener.heard(event, fields)
