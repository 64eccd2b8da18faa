"""Holds a script's figures against its floors in `floors.json`; not run by itself."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["judged"]

FLOORS = Path(__file__).with_name("floors.json")


def judged(figures: dict[str, float], *, of: str) -> int:
    """Print the figures on the wrong side of their floor (`NAME_at_least`, `NAME_at_most`); 1 when there is one."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))[of]
    wrong = {
        name: {"is": value, "floor": floor}
        for name, value in figures.items()
        for rule, floor in floors.items()
        if (rule == f"{name}_at_least" and value < floor)
        or (rule == f"{name}_at_most" and value > floor)
    }
    print(json.dumps({"below": wrong}))
    return int(bool(wrong))
