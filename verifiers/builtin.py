"""The verifiers that come with Citehound, in the order in which their findings are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifiers.dates import Dates
from verifiers.figures import Figures
from verifiers.names import Names
from verifiers.quotation import Quotation
from verifiers.statement import Statement

if TYPE_CHECKING:
    from verifiers.protocol import Verifier

__all__ = ["VERIFIERS"]

VERIFIERS: Final[tuple[Verifier, ...]] = (
    Quotation(),
    Figures(),
    Dates(),
    Names(),
    Statement(),
)
