"""What our fetching costs beside bare httpx and Scrapy, per second of CPU; fails below the floors.

    python bench/fetch.py [--scrapy PYTHON] [--rounds N] [--pages N] [--long N] [--hosts N]

One static origin on eight loopback ports serves made-up pages of 50 to 150 KB, gzipped beforehand (`origin.py`). The
clients (`fetch_clients.py`, `fetch_scrapy.py`) fetch them in turn, each in a fresh process, so that what else the
machine does falls on all; ratios are taken within a round, and their medians are judged. `--scrapy` is a Python that
has Scrapy; without it the figures that need Scrapy are left out and not judged. `--long 0` leaves out the long run,
`--hosts 0` the polite one (`fetch_paced.py`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
ORIGINS = 8
#: Pages whose parts are measured one by one.
PART_PAGES = 400
MICRO = 1_000_000

#: Ours in the order in which each adds to the one before, and what it adds.
STEPS = {
    "wire": "connections, HTTP, addresses, bounds",
    "fetcher": "robots, turns, breakers, retries, decoding, hashes",
    "ours": "journal, compressing, SQLite",
}


@contextmanager
def origin(pages: int) -> Iterator[list[int]]:
    """The ports of an origin with so many pages, until the block ends."""
    command = [sys.executable, str(HERE / "origin.py"), str(pages), str(ORIGINS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        row = json.loads(process.stdout.readline())  # type: ignore[union-attr]
        print(json.dumps({"origin": {name: row[name] for name in row if name != "ports"}}))
        yield row["ports"]
        process.stdin.close()  # type: ignore[union-attr]


def measured(
    command: list[str], ports: list[int], *, pages: int, first: int = 0
) -> dict[str, float]:
    """What one client says of one job."""
    job = json.dumps({"ports": ports, "first": first, "pages": pages})
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
    row: dict[str, float] = json.loads(done.stdout)
    if row.get("pages", pages) != pages:
        sys.exit(f"{' '.join(command)}: {row['pages']} of {pages} pages")
    return row


def paced(hosts: int) -> dict[str, float]:
    """What the polite run says, in a process of its own."""
    command = [sys.executable, str(HERE / "fetch_paced.py"), "--hosts", str(hosts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.strip()[-2000:])
    row: dict[str, float] = json.loads(done.stdout)
    return row


def commands(scrapy: str | None) -> dict[str, list[str]]:
    """How each client is started."""
    ours = {
        name: [sys.executable, "-P", str(HERE / "fetch_clients.py"), name]
        for name in ("httpx", "wire", "fetcher", "ours")
    }
    return ours | ({"scrapy": [scrapy, "-P", str(HERE / "fetch_scrapy.py")]} if scrapy else {})


def per_page_us(row: dict[str, float]) -> float:
    """Microseconds of CPU a page."""
    return row["cpu_s"] / row["pages"] * MICRO


def ratios(one: dict[str, dict[str, float]]) -> dict[str, float]:
    """The figures of one round that have floors."""
    ours = one["ours"]
    found = {"httpx_ratio": per_page_us(one["httpx"]) / per_page_us(ours)}
    if "scrapy" in one:
        found["scrapy_ratio"] = per_page_us(one["scrapy"]) / per_page_us(ours)
        found["memory_ratio"] = ours["rss_mb"] / one["scrapy"]["rss_mb"]
    return found


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def report(rounds: list[dict[str, dict[str, float]]], parts: list[dict[str, float]]) -> None:
    """Print a line a client and a line with the cost of each part."""
    for name in rounds[0]:
        row = medians([one[name] for one in rounds])
        print(
            f"{name:8} {per_page_us(row):6.0f} us of CPU a page"
            f" {row['pages'] / row['cpu_s']:6.0f} pages a CPU second"
            f" {row['pages'] / row['wall_s']:6.0f} pages a second {row['rss_mb']:6.1f} MB at most"
        )
    cost = {name: per_page_us(medians([one[name] for one in rounds])) for name in STEPS}
    cost |= medians(parts)
    cost["manners"] = cost["fetcher"] - cost["wire"] - cost["decode"] - cost["hash"]
    cost["journal"] = cost["ours"] - cost["fetcher"] - cost["compress"] - cost["sqlite"]
    names = ("wire", "manners", "decode", "hash", "compress", "sqlite", "journal", "ours")
    print(json.dumps({"us_a_page": {name: round(cost[name]) for name in names}}))


def judged(figures: dict[str, float]) -> int:
    """Print each figure beside its floor; 1 when one is on the wrong side."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["fetch"]
    wrong = [
        name
        for name, value in figures.items()
        if value < floors.get(f"{name}_at_least", value)
        or value > floors.get(f"{name}_at_most", value)
    ]
    row = {name: round(value, 3) for name, value in figures.items()}
    print(json.dumps({**row, "floors": floors, "below": wrong}))
    return int(bool(wrong))


def main(arguments: argparse.Namespace) -> int:
    """Measure, print and judge."""
    clients = commands(arguments.scrapy)
    if arguments.scrapy is None:
        print("no --scrapy PYTHON: its figures are left out")
    rounds, parts = [], []
    with origin(arguments.pages) as ports:
        for _ in range(arguments.rounds):
            rounds.append(
                {
                    name: measured(command, ports, pages=arguments.pages)
                    for name, command in clients.items()
                }
            )
            parts.append(measured([*clients["ours"][:-1], "parts"], ports, pages=PART_PAGES))
        report(rounds, parts)
        figures = medians([ratios(one) for one in rounds])
        if arguments.long:
            # From page 0 on: beyond the last page they come again with other bytes.
            row = measured(clients["ours"], ports, pages=arguments.long)
            figures["growth"] = row["rss_mb"] / medians([one["ours"] for one in rounds])["rss_mb"]
    if arguments.hosts:
        row = paced(arguments.hosts)
        print(json.dumps({"paced": row}))
        figures["pacing_ratio"] = row["pacing_ratio"]
    return judged(figures)


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scrapy", help="a Python that has Scrapy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--long", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=200)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(parsed()))
