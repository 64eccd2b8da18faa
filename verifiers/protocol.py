"""What a verifier is: one method from a task to a finding, without IO.

A third party's verifier is registered in the entry-point group `citehound.verifiers` as an object with this
shape. `verifiers.contract` holds the suite that its author runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Claim, DateWindow, Finding, Page

__all__ = ["Scorer", "Task", "Verifier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One claim to be held against one page that passed the identity gate."""

    claim: Claim
    page: Page
    context: str = ""  #: the sentences around the claim in its document
    heading: str | None = None
    cited: DateWindow | None = (
        None  #: the date as cited; anchors relative dates where the page has none
    )


class Verifier(Protocol):
    """Judges one aspect of a claim. Same task, same finding: no clock, no random, no memory."""

    @property
    def name(self) -> str:
        """One word, unique among the loaded verifiers."""

    @property
    def version(self) -> str:
        """Changed whenever a finding may change; it is part of each finding's id."""

    def verify(self, task: Task) -> Finding:
        """What this verifier concludes; `unverifiable: unsure` where it has nothing to say."""


class Scorer(Protocol):
    """A model that a verifier asks for, implemented in `verifiers.models` and handed in by `crawler.app`."""

    def probabilities(
        self, pairs: Sequence[tuple[str, str]]
    ) -> Sequence[tuple[float, float, float]]:
        """For each (claim, evidence): P(supported), P(contradicted), P(neither), summing to 1."""
