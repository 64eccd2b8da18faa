"""How well and how fast pages are read, beside trafilatura and resiliparse; fails below the floors.

    python bench/extract.py [--peers PYTHON] [--rounds N] [--shared DIR]

Pages and truth are `data/html` of the shared material, the scorer is its `bench/score_pages.py`. Each extractor reads
all pages in a fresh process (`extract_clients.py`); speed is taken on the set `aeb`, in turns, and ratios within a
round. `--peers` is a Python that has trafilatura and resiliparse; without it ours alone is measured.

Figures are given for all pages and for the half that the rules were not tuned on: a page's half follows from its host.
Intervals are 95 %, from resampling the pages of a set in pairs.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random  # noqa: TID251 - seeded: the same samples each time
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from floors import judged

if TYPE_CHECKING:
    from types import ModuleType

HERE = Path(__file__).parent
SAMPLES = 1000
SPEED_SET = "aeb"
WORD = re.compile(r"\w+")
#: The replacement character and the C1 controls, which no reader should meet.
DAMAGE = re.compile("[\ufffd\x80-\x9f]")
OURS, ALL = "citehound", "all"
PEERS = ("trafilatura", "resiliparse")

Rows = dict[str, dict[str, Any]]


def is_held_out(truth: dict[str, Any]) -> bool:
    """Whether a page is in the half that nobody tuned on: by its host, or by its id where it has no URL."""
    host = (urlsplit(truth.get("url") or "").hostname or "").removeprefix("www.") or truth["id"]
    return int(hashlib.sha256(host.encode()).hexdigest()[0], 16) >= 8  # noqa: PLR2004 - half of 16


def read_by(command: list[str], folder: Path, ids: list[str]) -> tuple[Rows, float]:
    """What one extractor says of these pages, and its pages per second of CPU."""
    asked = json.dumps([f"{one}.html.gz" for one in ids])
    done = subprocess.run(
        [*command, str(folder)], input=asked, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()[-2000:]}")
    *lines, last = done.stdout.splitlines()
    spent = json.loads(last)
    rows = {row["id"]: row for row in map(json.loads, lines)}
    return rows, spent["pages"] / spent["cpu_s"]


def scores(scorer: ModuleType, truths: list[dict[str, Any]], rows: Rows) -> dict[str, Any]:
    """The scorer's report of these pages."""
    with tempfile.TemporaryDirectory() as folder:
        truth_file, guess_file = Path(folder) / "truth.jsonl", Path(folder) / "guess.jsonl"
        truth_file.write_text("".join(json.dumps(row) + "\n" for row in truths), encoding="utf-8")
        found = [rows[row["id"]] for row in truths]
        guess_file.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
        with redirect_stdout(StringIO()) as output:
            scorer.main(str(truth_file), str(guess_file))
    report: dict[str, Any] = json.loads(output.getvalue())
    return report


def body_f1(scorer: ModuleType, truth: dict[str, Any], row: dict[str, Any]) -> float:
    """One page's F1 of tokens, as the scorer counts it for every set but aeb."""
    score: float = scorer.token_f1(truth["body_text"], row.get("text") or "")
    return score


def interval(differences: list[float]) -> tuple[float, float]:
    """The 95 % interval of the mean, from resampled pages."""
    dice = random.Random(0)
    means = sorted(
        statistics.fmean(dice.choices(differences, k=len(differences))) for _ in range(SAMPLES)
    )
    return means[SAMPLES // 40], means[-SAMPLES // 40]


def beside(
    scorer: ModuleType, truths: list[dict[str, Any]], ours: Rows, theirs: Rows
) -> dict[str, float]:
    """By how much our body F1 is above another's, page by page, with its interval."""
    paired = [row for row in truths if row.get("body_text")]
    differences = [
        body_f1(scorer, one, ours[one["id"]]) - body_f1(scorer, one, theirs[one["id"]])
        for one in paired
    ]
    low, high = interval(differences)
    return {
        "pages": len(paired),
        "mean": round(statistics.fmean(differences), 4),
        "low": round(low, 4),
        "high": round(high, 4),
    }


def encodings(truths: list[dict[str, Any]], rows: Rows) -> dict[str, float]:
    """Of the pages whose bytes and labels disagree: how many hold damage, how many lack words that the truth has."""
    odd = [row for row in truths if not row.get("utf8_valid", True) or _other_label(row)]
    damaged, lacking = [], []
    for truth in odd:
        row = rows[truth["id"]]
        text = f"{row.get('title') or ''} {row.get('text') or ''}"
        if DAMAGE.search(text):
            damaged.append(truth["id"])
        words = {word for word in WORD.findall(_known(truth)) if not word.isascii()}
        if any(word not in text for word in words):
            lacking.append(truth["id"])
    print(json.dumps({"encodings": len(odd), "damaged": damaged, "lacking words": lacking}))
    return {"encodings.damaged": float(len(damaged)), "encodings.lacking": float(len(lacking))}


def _other_label(truth: dict[str, Any]) -> bool:
    label = (truth.get("meta_charset") or "").lower().strip("'\"")
    return label not in {"", "utf-8", "utf8"}


def _known(truth: dict[str, Any]) -> str:
    """What is known to stand in the page: snippets of the body, else the title and the body."""
    parts = truth.get("with") or [truth.get("title") or "", truth.get("body_text") or ""]
    return " ".join(parts)


def flat(report: dict[str, Any]) -> dict[str, float]:
    """`set.figure` → value, of the figures that may have floors."""
    return {
        f"{name}.{figure}": value
        for name, row in report.items()
        for figure, value in row.items()
        if isinstance(value, float)
    }


def loaded(path: Path) -> ModuleType:
    """The scorer as a module."""
    spec = importlib.util.spec_from_file_location("score_pages", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: no scorer there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(
    commands: dict[str, list[str]], pages: Path, truths: list[dict[str, Any]], *, rounds: int
) -> tuple[dict[str, Rows], dict[str, list[float]]]:
    """What each extractor says of all pages, and its speeds on the timed set, one a round."""
    timed = [row["id"] for row in truths if row["dataset"] == SPEED_SET]
    ids = [row["id"] for row in truths]
    found = {name: read_by(command, pages, ids)[0] for name, command in commands.items()}
    speeds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            speeds[name].append(read_by(command, pages, timed)[1])
    return found, speeds


def told(
    scorer: ModuleType, parts: dict[str, list[dict[str, Any]]], found: dict[str, Rows]
) -> dict[str, float]:
    """Print every score of every part; ours of all pages."""
    figures: dict[str, float] = {}
    for name, rows in found.items():
        for part, pages in parts.items():
            report = scores(scorer, pages, rows)
            print(json.dumps({"extractor": name, "part": part, "scores": report}))
            if name == OURS and part == ALL:
                figures = flat(report)
    for peer in found.keys() - {OURS}:
        for part, pages in parts.items():
            row = beside(scorer, pages, found[OURS], found[peer])
            print(json.dumps({"body_f1_above": peer, "part": part, **row}))
    return figures


def speed_figures(speeds: dict[str, list[float]]) -> dict[str, float]:
    """Pages a CPU second of each extractor, and how many times as fast as each other one ours is."""
    row = {f"{name}_a_cpu_second": statistics.median(each) for name, each in speeds.items()}
    for peer in speeds.keys() - {OURS}:
        ratios = [ours / theirs for ours, theirs in zip(speeds[OURS], speeds[peer], strict=True)]
        row[f"times_{peer}"] = statistics.median(ratios)
    print(json.dumps({"speed": {name: round(value, 2) for name, value in row.items()}}))
    return row


def main(arguments: argparse.Namespace) -> int:
    """Measure, print and judge."""
    folder = arguments.shared / "data" / "html"
    scorer = loaded(arguments.shared / "bench" / "score_pages.py")
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truths = [json.loads(line) for line in lines]
    client = str(HERE / "extract_clients.py")
    commands = {OURS: [sys.executable, "-P", client, OURS]}
    for name in PEERS if arguments.peers else ():
        commands[name] = [arguments.peers, "-P", client, name]
    found, speeds = measured(commands, folder / "pages", truths, rounds=arguments.rounds)
    parts = {ALL: truths, "held out": [row for row in truths if is_held_out(row)]}
    figures = told(scorer, parts, found) | encodings(truths, found[OURS])
    return judged(figures | speed_figures(speeds), of="extract")


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", help="a Python that has trafilatura and resiliparse")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(parsed()))
