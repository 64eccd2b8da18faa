"""What came of looking for the outlet of a name. A record; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Generator

    from crawler.protocols import FetchRequest
    from db.model import Outcome, Outlet

__all__ = ["Named", "Naming"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The outlet that a name means, as far as was learned."""

    outlet: Outlet | None
    detail: str  #: who was asked and what came of it, for a person
    is_guess: bool = False  #: nothing has confirmed that the outlet's hosts are the cited outlet's
    is_settled: bool = True  #: False where somebody who may know could not be asked


#: A search at work: it yields a batch of requests, is sent their outcomes in order, and returns what came of it.
Naming: TypeAlias = "Generator[tuple[FetchRequest, ...], tuple[Outcome, ...], Named]"
