"""How well outlet and headline are resolved to a page, on a web of real pages; fails below the floors.

    python bench/resolve.py --miniweb PYTHON [--seeds 1,2,3] [--n N] [--shared DIR] [--port PORT]

`--miniweb` is a Python that has what `miniweb/requirements.txt` of the shared material names. For each seed it serves
the web on loopback, `citehound resolve --jsonl` answers the citations through `--connect-to`, and miniweb's own
scorer compares. The waits between calls to one service are shortened as the server's are; those between requests to a
site are not. Figures are printed for each seed, then pooled over the citations of all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep  # noqa: TID251 - waits for another process
from typing import TYPE_CHECKING, Any

from floors import judged

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
#: What the server shortens its services' windows to, and we our waits between calls to them.
RATE_SCALE = "0.02"
#: Seconds until the server must stand, and until all citations must be answered.
START_S = 120
ANSWER_S = 1500


def miniweb(arguments: argparse.Namespace, *words: str) -> list[str]:
    """A command of miniweb's over the whole corpus."""
    return [arguments.miniweb, "-B", "-m", "miniweb", *words]


def corpus(arguments: argparse.Namespace, seed: int) -> list[str]:
    """What makes the web the same for all commands of one seed."""
    data = arguments.shared / "data"
    outlets = data / "outlets" / "fundus_outlets.jsonl"
    return ["--corpus", str(data / "html"), "--outlets", str(outlets), "--seed", str(seed)]


@contextmanager
def served(arguments: argparse.Namespace, seed: int, state: Path) -> Iterator[None]:
    """The web of a seed, until the block ends."""
    command = miniweb(arguments, "serve", *corpus(arguments, seed), "--rate-scale", RATE_SCALE)
    command += ["--port", str(arguments.port), "--state", str(state)]
    with subprocess.Popen(
        command, cwd=arguments.shared / "miniweb", stdout=subprocess.DEVNULL
    ) as process:
        begun = perf_counter()
        while not (state / "ready.json").exists():
            if process.poll() is not None or perf_counter() - begun > START_S:
                sys.exit("miniweb did not start")
            sleep(0.2)
        try:
            yield
        finally:
            process.terminate()


def answered(arguments: argparse.Namespace, folder: Path) -> float:
    """Ask for every citation, write `results.jsonl`, and say how many seconds it took."""
    port = arguments.port
    command = [sys.executable, "-P", "-m", "crawler", "resolve", "--jsonl", "citations.jsonl"]
    command += ["--json", "--db", str(folder / "resolve.db")]
    for meant, real in ((443, port), (80, port + 1)):
        command += ["--connect-to", f":{meant}:127.0.0.1:{real}"]
    environment = {
        **os.environ,  # noqa: TID251 - the child's surroundings
        "SSL_CERT_FILE": str(folder / "state" / "ca.pem"),
        "CITEHOUND_SEARXNG_URL": "https://searxng.test",
        "CITEHOUND_BRAVE_TOKEN": "test",
        "CITEHOUND_SERVICES_PACE_SCALE": RATE_SCALE,
        "CITEHOUND_CONTACT": "bench@example.org",
    }
    begun = perf_counter()
    with (folder / "results.jsonl").open("w", encoding="utf-8") as results:
        subprocess.run(
            command, cwd=folder, env=environment, stdout=results, timeout=ANSWER_S, check=True
        )
    return perf_counter() - begun


def measured(arguments: argparse.Namespace, seed: int) -> dict[str, Any]:
    """The scorer's figures for one seed, and the seconds that the answers took."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "state").mkdir()
        command = miniweb(arguments, "citations", *corpus(arguments, seed), "--n", str(arguments.n))
        command += ["--out", str(folder / "citations.jsonl"), "--key", str(folder / "key.jsonl")]
        where = arguments.shared / "miniweb"
        subprocess.run(command, cwd=where, stdout=subprocess.DEVNULL, check=True)
        with served(arguments, seed, folder / "state"):
            seconds = answered(arguments, folder)
        score = miniweb(arguments, "score", "--key", str(folder / "key.jsonl"))
        score += ["--results", str(folder / "results.jsonl")]
        score += ["--access", str(folder / "state" / "access.jsonl")]
        done = subprocess.run(score, cwd=where, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.strip().splitlines()[-1])
    flat = {name: value for part in report.values() for name, value in part.items()}
    return {"seed": seed, "seconds": round(seconds, 1), **flat}


def pooled(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The mean of each figure; every seed has as many citations."""
    names = [name for name, value in rows[0].items() if isinstance(value, int | float)]
    return {
        name: round(sum(row.get(name) or 0 for row in rows) / len(rows), 4)
        for name in names
        if name != "seed"
    }


def main(arguments: argparse.Namespace) -> int:
    """Measure, print and judge."""
    rows = []
    for seed in (int(text) for text in arguments.seeds.split(",")):
        rows.append(measured(arguments, seed))
        print(json.dumps(rows[-1]), flush=True)
    figures = pooled(rows)
    print(json.dumps({"pooled": figures}))
    return judged(figures, of="resolve")


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--miniweb", required=True, help="a Python that has miniweb's requirements")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--n", type=int, default=400, help="citations of each seed")
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared")
    parser.add_argument("--port", type=int, default=8443)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(parsed()))
