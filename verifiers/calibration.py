"""How often a verdict with some reason was right on labelled rows: the table `calibration.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from db.words import Reason

__all__ = ["calibrated"]


def calibrated(reason: Reason) -> tuple[float | None, float | None]:
    """P(the whole claim is supported) and P(the verdict is right); None twice for a reason that was not counted."""
    row = _table().get(reason.value)
    return (None, None) if row is None else (row["supported"], row["right"])


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    text = resources.files(__package__).joinpath("calibration.toml").read_text("utf-8")
    table: dict[str, dict[str, float]] = tomllib.loads(text)
    return table
