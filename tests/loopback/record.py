"""Make a recording of a document against its small web: `python tests/loopback/record.py DOCUMENT SITE OUTPUT`.

Serves SITE on loopback, runs the ordinary `citehound verify DOCUMENT --record OUTPUT` in a process of its own with a
database that is thrown away, and prints the rows that it answered. Only the waits between calls to one service are
shortened; sites are asked at the pace of the real web. The recorder never touches an expectation.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).resolve().parent
_CHECKOUT: Final = _HERE.parents[1]
if str(_HERE) not in sys.path:  # loaded by a test instead of started as a script
    sys.path.insert(0, str(_HERE))

from smallweb import Site  # noqa: E402 - its folder is named above

__all__ = ["RecordingError", "record", "rows_of", "verify"]

#: Of the real waits between two calls to one service.
_PACE_SCALE: Final = "0.02"
_LIMIT_S: Final = 900.0


class RecordingError(Exception):
    """The command ended otherwise than it should; the text is its standard error."""


def record(
    document: Path, site: Path, output: Path, *, seeds: Path = _CHECKOUT / "seeds"
) -> list[dict[str, Any]]:
    """The rows of `citehound verify` over the served site, with its exchanges written to `output`."""
    with tempfile.TemporaryDirectory() as folder, Site(site) as served:
        trust = {"SSL_CERT_FILE": str(served.ca_path)}
        roads = [value for one in served.connect_to for value in ("--connect-to", one)]
        database = Path(folder) / "record.db"
        recording = Path(folder) / "recording.warc.gz"
        rows = rows_of(
            verify(
                document, seeds=seeds, database=database, web=["--record", str(recording), *roads]
            ),
            environment=trust | {"CITEHOUND_SERVICES_PACE_SCALE": _PACE_SCALE},
        )
        output.write_bytes(recording.read_bytes())
    return rows


def verify(document: Path, *, seeds: Path, database: Path, web: list[str]) -> list[str]:
    """The arguments of `citehound verify`; `web` says where its exchanges come from or go to."""
    return ["verify", str(document), "--json", "--seeds", str(seeds), "--db", str(database), *web]


def rows_of(
    arguments: list[str], *, environment: dict[str, str] | None = None, lines: bool = True
) -> list[dict[str, Any]]:
    """What `citehound ARGUMENTS` prints with `--json`, run in a process of its own; nothing without `lines`.

    Raises RecordingError where it ends with another exit code than 0.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - the command's surroundings, not a setting
        if not name.startswith("CITEHOUND_")
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", "crawler", *arguments],
        env=inherited | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=_LIMIT_S,
    )
    if done.returncode:
        msg = f"citehound {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}"
        raise RecordingError(msg)
    printed = done.stdout.splitlines() if lines else []
    return [json.loads(line) for line in printed if line.strip()]


def main() -> int:
    """Record, and print one line per claim and citation."""
    parser = argparse.ArgumentParser(description="Record a document against its small web.")
    parser.add_argument("document", type=Path)
    parser.add_argument("site", type=Path, help="folder with scenario.toml")
    parser.add_argument("output", type=Path, help="the WARC file to write")
    parser.add_argument("--seeds", type=Path, default=_CHECKOUT / "seeds")
    asked = parser.parse_args()
    try:
        rows = record(asked.document, asked.site, asked.output, seeds=asked.seeds)
    except RecordingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for row in rows:
        if row.get("kind") == "citation":
            answer = f"{row['status']:<14} {row['verdict']:<20} {row['reason']}"
            sys.stdout.write(f"[{row['n']}] {answer}\n")
    sys.stdout.write(f"wrote {asked.output} ({asked.output.stat().st_size} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
