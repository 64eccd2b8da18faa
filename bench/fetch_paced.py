"""How long a polite run takes beside the shortest that its manners allow; run by `bench/fetch.py`, or by itself.

    python bench/fetch_paced.py [--hosts N] [--busiest N]

A document cites pages at many hosts, some of them often, all citations of a host in a row. The ordinary run checks it
with the default gap against the static origin. The ideal is the busiest host's own minimum: its robots.txt and its
pages, each a gap after the one before. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.app import Web, opened
from crawler.cli.reading import read_document
from crawler.config import loaded
from crawler.fetch.limits import limits
from db.words import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
#: Pages that the origin makes; hosts share them.
PAGES = 100


def citations(hosts: int, busiest: int) -> Iterator[dict[str, str]]:
    """Citations by host: the k-th host has the busiest one's share divided by the root of k, and one more."""
    for host in range(hosts):
        for number in range(1 + int((busiest - 1) / (host + 1) ** 0.5)):
            url = f"http://www.paper{host}.example/page/{number}"
            yield {
                "id": f"{host}-{number}",
                "claim": f"Claim {number} of {host} holds.",
                "url": url,
            }


async def checked(folder: Path, rows: list[dict[str, str]], port: int) -> tuple[float, int]:
    """Seconds from the start of the run to its end, and how many exchanges it asked."""
    document = folder / "cited.jsonl"
    document.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    settings = loaded(flags={"db": str(folder / "paced.db"), "seeds": str(SEEDS)}, environment={})
    async with opened(settings, Web(connect_to=(f":80:127.0.0.1:{port}",))) as app:
        run = await app.check_documents([app.ingest(read_document(str(document)))])
    if run.state is not RunState.SUCCEEDED or run.ended_at is None:
        sys.exit(f"the run ended {run.state.value}")
    if (done := run.counts["extract_ended"]) != len(rows):
        sys.exit(f"{done} pages were read of {len(rows)}")
    return (run.ended_at - run.started_at).total_seconds(), run.counts["exchange_asked"]


def measured(hosts: int, busiest: int) -> dict[str, float]:
    """The run's length, the ideal one and their ratio."""
    rows = list(citations(hosts, busiest))
    command = [sys.executable, str(HERE / "origin.py"), str(PAGES), "1"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        tempfile.TemporaryDirectory(dir=Path.cwd()) as folder,
    ):
        port = json.loads(process.stdout.readline())["ports"][0]  # type: ignore[union-attr]
        run_s, asked = asyncio.run(checked(Path(folder), rows, port))
        process.stdin.close()  # type: ignore[union-attr]
    ideal_s = busiest * limits().site.gap_s
    return {
        "hosts": hosts,
        "citations": len(rows),
        "exchanges": asked,
        "run_s": round(run_s, 1),
        "ideal_s": ideal_s,
        "pacing_ratio": run_s / ideal_s,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--busiest", type=int, default=30, help="pages of the busiest host")
    asked = parser.parse_args()
    print(json.dumps(measured(asked.hosts, asked.busiest)))


if __name__ == "__main__":
    main()
