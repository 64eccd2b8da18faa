"""Counts how often each verdict and reason is right on labelled rows, and prints `verifiers/calibration.toml`.

    python bench/calibrate.py DIRECTORY [--report SET…] [--examples REASON]

DIRECTORY holds `NAME.jsonl.gz` files with rows {"id", "claim", "evidence" | "evidence_sentences", "label"}. The page
is made from the evidence alone. The sets in FITTED are counted for the table; those in REPORTED only for the report.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from db.ids import digest
from db.model import Claim, Comparison, Identity, Page
from db.words import REASONS, Access, IdentityKind, PageState, Reason, VerdictKind
from verifiers.builtin import VERIFIERS
from verifiers.protocol import Task
from verifiers.rollup import Rollup, rolled_up

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Sets whose evidence is a page, a document or a sharp contrast; counted for the table.
FITTED = (
    "wice_claim_dev",
    "attributionbench_dev",
    "lfqa_verification_all",
    "vitaminc_synthetic_test",
    "healthver_dev",
    "factcheck_gpt_stance_all",
)
REPORTED = (
    "citation_integrity_dev",
    "attributionbench_test500",
    "vitaminc_real_test",
    "healthver_test",
    "averitec_dev",
    "qags_cnndm",
    "summedits_news",
    "fnc1_competition_test",
)
#: Rows of one set that are counted: the first ones, so that a large set does not drown the rest.
ROWS = 12_000
#: Rows below which a share is chance and the reason stays uncalibrated.
LEAST_ROWS = 10
#: Sets of cited texts that know partial support; the others say nothing of a partial verdict.
PARTIAL = {"wice_claim_dev", "lfqa_verification_all"}
#: Labels under which a verdict is right. A flag is right when the page does not carry the claim.
RIGHT = {
    VerdictKind.SUPPORTED: {"supported"},
    VerdictKind.PARTIALLY_SUPPORTED: {"partially_supported"},
    VerdictKind.NOT_SUPPORTED: {"not_supported", "contradicted"},
    VerdictKind.CONTRADICTED: {"not_supported", "contradicted"},
}
SAME = Comparison(kind=IdentityKind.SAME, cited=None, found=None)


def main() -> None:
    """Print the table, and the report on standard error."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("directory", type=Path)
    arguments.add_argument("--report", nargs="*", default=REPORTED)
    arguments.add_argument("--examples", default="")
    given = arguments.parse_args()
    for name in given.report:
        counted = counts(given.directory, (name,), examples=given.examples)
        print(f"{name}: {report(counted)}", file=sys.stderr)
    if not given.examples:
        print(table(counts(given.directory, FITTED)))


def counts(
    directory: Path, names: tuple[str, ...], *, examples: str = ""
) -> Counter[tuple[Reason, str]]:
    """How many rows of each label got each reason."""
    found: Counter[tuple[Reason, str]] = Counter()
    for name in names:
        for number, row in enumerate(rows(directory / f"{name}.jsonl.gz")):
            if number >= ROWS:
                break
            rollup, page = judged(row)
            if rollup.verdict is VerdictKind.PARTIALLY_SUPPORTED and name not in PARTIAL:
                continue
            found[rollup.reason, row["label"]] += 1
            if rollup.reason.value == examples:
                show(row, rollup, page)
    return found


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one set; none where the file is not there."""
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("evidence") or "\n\n".join(row.get("evidence_sentences") or ())
            yield {"claim": row["claim"], "text": text, "label": row["label"]}


def judged(row: dict[str, str]) -> tuple[Rollup, Page]:
    """The verdict on one row, and the page made of it."""
    page = Page(
        id=digest("page", row["text"]),
        capture_id="",
        url="https://calibration.example/",
        body_sha256="",
        extractor="calibration",
        extractor_version="1",
        state=PageState.LIVE,
        state_why="",
        access=Access.OPEN,
        text=row["text"],
        language="en",
    )
    claim = Claim(
        id=digest("claim", row["claim"]),
        document_id="",
        text=row["claim"],
        occurrence=0,
        language="en",
    )
    task = Task(claim=claim, page=page)
    findings = [verifier.verify(task) for verifier in VERIFIERS]
    return rolled_up(
        findings, page=page, identity=Identity(outlet=SAME, title=SAME, date=SAME)
    ), page


def show(row: dict[str, str], rollup: Rollup, page: Page) -> None:
    """One row and what was said of it."""
    quotes = " | ".join(one.quote for one in rollup.evidence[:2]) or page.text[:300]
    print(f"[{row['label']}] {row['claim']}\n   {rollup.detail}\n   {quotes[:500]}\n")


def report(counted: Counter[tuple[Reason, str]]) -> str:
    """One line a set: each reason with the rows it was given to and the share that was right."""
    return (
        "; ".join(f"{reason.value} {right}/{total}" for reason, right, _, total in shares(counted))
        + f" of {sum(counted.values())}"
    )


def shares(counted: Counter[tuple[Reason, str]]) -> Iterator[tuple[Reason, int, int, int]]:
    """For each reason that says something: rows right, rows supported, all rows."""
    for verdict, right in RIGHT.items():
        for reason in sorted(REASONS[verdict]):
            labels = {label: n for (one, label), n in counted.items() if one is reason}
            total = sum(labels.values())
            if total:
                hits = sum(n for label, n in labels.items() if label in right)
                yield reason, hits, labels.get("supported", 0), total


def table(counted: Counter[tuple[Reason, str]]) -> str:
    """The TOML: shares with one row added on each side (Laplace)."""
    lines = []
    for reason, right, supported, total in shares(counted):
        if total < LEAST_ROWS:
            lines += [f"# {reason.value}: {right} right of {total} rows, too few", ""]
            continue
        lines += [
            f"[{reason.value}] # {right} right, {supported} supported, of {total} rows",
            f"supported = {(supported + 1) / (total + 2):.3f}",
            f"right = {(right + 1) / (total + 2):.3f}",
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
