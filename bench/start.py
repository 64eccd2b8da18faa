"""How long `citehound --help` takes, against a bare interpreter's start; fails above the floor.

    python bench/start.py [ROUNDS]

Both are started in turn, so that what else the machine does falls on both; the figure is the ratio of medians.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter

FLOORS = Path(__file__).with_name("floors.json")


def seconds(command: list[str]) -> float:
    """Wall seconds of one start."""
    begun = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


def main(rounds: int) -> int:
    """Print the medians and their ratio; 1 when it is above the floor."""
    bare, help_ = [], []
    for _ in range(rounds):
        bare.append(seconds([sys.executable, "-P", "-c", "pass"]))
        help_.append(seconds([sys.executable, "-P", "-m", "crawler", "--help"]))
    ratio = statistics.median(help_) / statistics.median(bare)
    row = {
        "rounds": rounds,
        "bare_ms": round(1000 * statistics.median(bare), 1),
        "help_ms": round(1000 * statistics.median(help_), 1),
        "ratio": round(ratio, 2),
        "at_most": json.loads(FLOORS.read_text(encoding="utf-8"))["start"]["ratio_at_most"],
    }
    print(json.dumps(row))
    return int(ratio > row["at_most"])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
