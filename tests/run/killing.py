"""A web of many small outlets, a document that cites them, and a run that kills itself at a named point.

    python tests/run/killing.py --port TLS PLAIN --seeds DIR --db FILE --document FILE [--point P N] [--lock P N]

The child runs the ordinary composition root over the document; with `--point` it sends itself SIGKILL when the
N-th event of that name is told, or, for points that name a table, just before the N-th row goes into it; with
`--lock` another process locks the database at that event, and the child does not wait long for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Points between two statements of one transaction: SIGKILL comes before this statement's n-th execution.
STATEMENTS = {
    "before_capture_row": 'INTO "captures"',
    "before_finding_row": 'INTO "findings"',
    "before_verdict_row": 'INTO "verdicts"',
    "before_attempt_row": 'INTO "attempts"',
}

#: Every point at which the run is killed, in the order in which a citation meets them.
POINTS = (
    "run_started",
    "citation_taken",
    "resolver_asked",
    "exchange_asked",
    "exchange_answered",
    "outcomes_committing",
    "before_capture_row",
    "outcomes_committed",
    "resolver_answered",
    "candidates_ranked",
    "extract_started",
    "extract_ended",
    "archive_asked",
    "identified",
    "resolved",
    "verify_started",
    "verify_ended",
    "rolled_up",
    "before_finding_row",
    "before_verdict_row",
    "before_attempt_row",
    "answer_committing",
    "answer_committed",
    "run_ending",
)

#: Points that a run meets once.
ONCE = frozenset({"run_started", "run_ending"})

KINDS = (
    "sitemap",
    "sitemap",
    "direct",
    "gone",
    "blocked",
    "absent",
    "direct",
    "sitemap",
    "archived",
    "altered",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What was built: the site's folder, the seeds and the document."""

    site: Path
    seeds: Path
    document: Path


def build(folder: Path, *, citations: int, kinds: tuple[str, ...] = KINDS) -> World:
    """A site with ten citations an outlet, of these kinds in turn, and the JSON Lines that cite them."""
    site, seeds = folder / "site", folder / "seeds"
    (site / "pages").mkdir(parents=True)
    seeds.mkdir()
    scenario: list[str] = []
    outlets: list[str] = []
    rows: list[dict[str, str]] = []
    for number in range(citations):
        host_number, place = divmod(number, len(KINDS))
        _add(number, host_number, kinds[place % len(kinds)], site / "pages", scenario, rows)
        if place == 0:
            outlets.append(_outlet(host_number))
    for host_number in range((citations + len(KINDS) - 1) // len(KINDS)):
        _add_host(host_number, citations, site / "pages", scenario)
    (site / "scenario.toml").write_text("\n".join(scenario), encoding="utf-8")
    (seeds / "outlets.toml").write_text("\n".join(outlets), encoding="utf-8")
    document = folder / "citations.jsonl"
    document.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return World(site=site, seeds=seeds, document=document)


def _host(number: int) -> str:
    return f"paper{number}.example"


def _title(number: int) -> str:
    return f"Harbour board number{number} counts {1000 + number} barges at pier Quill{number}"


def _claim(number: int) -> str:
    return f"The harbour board number{number} counted {1000 + number} barges at pier Quill{number} on Monday."


def _url(number: int) -> str:
    return f"https://{_host(number // len(KINDS))}/2026/03/09/harbour-board-number{number}"


def _page(number: int, claim: str) -> str:
    more = " ".join(
        f"Skipper {number}-{n} said that the tide was late again in the north basin."
        for n in range(12)
    )
    head = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": _title(number),
            "datePublished": "2026-03-09T08:00:00Z",
        }
    )
    return (
        f"<!doctype html><html lang=en><head><title>{_title(number)}</title>"
        f'<script type="application/ld+json">{head}</script></head>'
        f"<body><article><h1>{_title(number)}</h1><p>{claim}</p><p>{more}</p></article></body></html>"
    )


def _add(number, host_number, kind, pages, scenario, rows) -> None:
    row = {
        "id": str(number),
        # Two citations of each host carry one claim, so that there is something to roll up at the end.
        "claim": _claim(number - 1 if number % len(KINDS) == 1 else number),
        "outlet": f"Paper {host_number}",
        "title": _title(number),
    }
    row["date"] = "2026-03-09"
    if kind == "direct":
        row["url"] = _url(number)
    rows.append(row)
    path = f'["{_host(host_number)}"."/2026/03/09/harbour-board-number{number}"]\n'
    file = pages / f"{number}.html"
    claim = _claim(number).replace("barges", "lorries") if kind == "altered" else _claim(number)
    file.write_text(_page(number, claim), encoding="utf-8")
    if kind in {"gone", "archived"}:
        scenario.append(
            path
            + 'status = 410\ntext = "<title>Gone</title><p>This page is gone.</p>"\ntype = "text/html"\n'
        )
    elif kind == "blocked":
        scenario.append(
            path + 'status = 403\ntext = "<title>Forbidden</title><p>No.</p>"\ntype = "text/html"\n'
        )
    elif kind != "absent":
        scenario.append(path + f'file = "{number}.html"\n')
    if kind == "archived":
        scenario.append(
            f'[[memento]]\nurl = "{_url(number)}"\nat = "20260309114500"\nfile = "{number}.html"\n'
        )


def _add_host(host_number: int, citations: int, pages: Path, scenario: list[str]) -> None:
    first = host_number * len(KINDS)
    listed = [
        n
        for n in range(first, min(first + len(KINDS), citations))
        if KINDS[n % len(KINDS)] != "absent"
    ]
    items = "".join(
        f"<url><loc>{_url(n)}</loc><news:news><news:publication><news:name>Paper {host_number}</news:name>"
        "<news:language>en</news:language></news:publication>"
        f"<news:publication_date>2026-03-09T08:00:00Z</news:publication_date><news:title>{_title(n)}</news:title>"
        "</news:news></url>"
        for n in listed
    )
    sitemap = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{items}</urlset>'
    )
    (pages / f"sitemap{host_number}.xml").write_text(sitemap, encoding="utf-8")
    robots = (
        f"User-agent: *\\nAllow: /\\nSitemap: https://{_host(host_number)}/sitemap-2026-03.xml\\n"
    )
    scenario.append(
        f'["{_host(host_number)}"."/robots.txt"]\ntext = "{robots}"\ntype = "text/plain"\n'
    )
    scenario.append(
        f'["{_host(host_number)}"."/sitemap-2026-03.xml"]\nfile = "sitemap{host_number}.xml"\n'
    )


def _outlet(number: int) -> str:
    return (
        f'[[outlet]]\nname = "Paper {number}"\nhosts = ["{_host(number)}"]\nlanguages = ["en"]\n'
        f'sitemaps = ["https://{_host(number)}/sitemap-2026-03.xml"]\nsource = "synthetic"\n'
    )


# ------------------------------------------------------------------------------------------ the child


class Locker:
    """A listener that lets another process lock the database at the n-th event of one name."""

    def __init__(self, db: str, point: str, nth: int) -> None:
        self._db = db
        self._point = point
        self._left = nth

    def heard(self, event, _fields) -> None:
        self._left -= event.value == self._point
        if self._left == 0 and event.value == self._point:
            # Its standard input ends with this process, and with it the lock.
            locking = subprocess.Popen(
                [sys.executable, "-c", LOCKING, self._db],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            locking.stdout.readline()


#: Writes to the database until its standard input ends.
LOCKING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""

#: How long a child waits for such a process.
BUSY_TIMEOUT_S = 0.3


class Killer:
    """A listener that kills its own process at the n-th event of one name."""

    def __init__(self, point: str | None, nth: int) -> None:
        self._point = point
        self._left = nth

    def heard(self, event, _fields) -> None:
        if event.value == self._point:
            self.count()

    def traced(self, statement: str) -> None:
        """Called by SQLite before each statement."""
        if STATEMENTS[self._point] in statement:
            self.count()

    def count(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def child(arguments: list[str]) -> None:
    """Run the document's citations, perhaps to the death."""
    from crawler.app import Web, opened
    from crawler.cli.exits import exit_code_of
    from crawler.cli.reading import read_document
    from crawler.config import loaded

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", nargs=2, required=True)
    parser.add_argument("--seeds", required=True)
    parser.add_argument("--db", required=True)
    parser.add_argument("--document", required=True)
    parser.add_argument("--point", nargs=2)
    parser.add_argument("--lock", nargs=2)
    parser.add_argument("--nightly", action="store_true")
    asked = parser.parse_args(arguments)
    point, nth = asked.point or (None, "0")
    environment = {
        "CITEHOUND_FETCH_GAP_S": "0",
        "CITEHOUND_SERVICES_PACE_SCALE": "0",
        "CITEHOUND_JOBS": "1",
    }
    settings = loaded(flags={"db": asked.db, "seeds": asked.seeds}, environment=environment)
    web = Web(connect_to=(f":443:127.0.0.1:{asked.port[0]}", f":80:127.0.0.1:{asked.port[1]}"))
    killer = Killer(point, int(nth))
    lockers = [Locker(asked.db, asked.lock[0], int(asked.lock[1]))] if asked.lock else []

    async def work() -> None:
        async with opened(settings, web, killer, *lockers) as app:
            document_id = app.ingest(read_document(asked.document))
            if point in STATEMENTS:
                app.store._connection.set_trace_callback(killer.traced)  # between two statements
            if lockers:
                app.store.busy_timeout_s = BUSY_TIMEOUT_S
                app.store._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")
            if asked.nightly:
                await app.check_due(limit=10_000)
            else:
                await app.check_documents([document_id])

    try:
        asyncio.run(work())
    except Exception as error:  # noqa: BLE001 - as the command line ends
        sys.exit(exit_code_of(error))


def run_child(world: World, served, db: Path, *, point=None, nth=1, nightly=False) -> int:
    """The exit code of a child over this world: 0, or -9 where it died at its point."""
    options = (
        *(("--point", point, str(nth)) if point else ()),
        *(("--nightly",) if nightly else ()),
    )
    done = ended_child(world, served, db, *options)
    if done.returncode not in {0, -signal.SIGKILL}:
        raise AssertionError(done.stderr)
    return done.returncode


def ended_child(
    world: World, served, db: Path, *options: str, prepare=None
) -> subprocess.CompletedProcess[str]:
    """A child over this world as it ended; `prepare` is called in it before it starts."""
    command = [
        sys.executable,
        "-P",
        __file__,
        "--port",
        str(served.https_port),
        str(served.http_port),
    ]
    command += ["--seeds", str(world.seeds), "--db", str(db), "--document", str(world.document)]
    command += options
    environment = {
        **os.environ,  # noqa: TID251 - the child's surroundings
        "SSL_CERT_FILE": str(served.ca_path),
    }
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=prepare,
    )


# ---------------------------------------------------------------------------------------- comparing

#: History without times, run ids, and ids that are made of them.
HISTORY = {
    "documents": "SELECT id, name FROM documents",
    "claims": "SELECT * FROM claims",
    "citations": "SELECT * FROM citations",
    "claim_citations": "SELECT claim_id, citation_id, ordinal FROM claim_citations",
    "bodies": "SELECT sha256, body_bytes, dropped FROM bodies",
    "captures": "SELECT request_key, requested_url, url, purpose, status, media_type, body_sha256, memento_of"
    " FROM captures",
    "failures": "SELECT request_key, requested_url, url, purpose, kind FROM failures",
    "pages": "SELECT id, url, state, access, title, text FROM pages",
    "resolutions": "SELECT citation_id, status, reason, url, archive_url, via, rule, score, identity, page_id"
    " FROM resolutions",
    "candidates": "SELECT r.citation_id, c.rank, c.url, c.title, c.via, c.score, c.why"
    " FROM candidates c JOIN resolutions r ON r.id = c.resolution_id",
    "resolver_reports": "SELECT r.citation_id, p.ordinal, p.resolver, p.coverage"
    " FROM resolver_reports p JOIN resolutions r ON r.id = p.resolution_id",
    "findings": "SELECT * FROM findings",
    "facets": "SELECT * FROM facets",
    "verdicts": "SELECT claim_id, citation_id, verdict, reason, detail, score, page_id, cause FROM verdicts",
    "evidence": 'SELECT finding_id, facet_ordinal, ordinal, page_id, start, "end", quote FROM evidence',
    "attempts": "SELECT claim_id, citation_id FROM attempts",
}


def history(db: Path) -> dict[str, list[tuple]]:
    """Every history table's rows, sorted, as they compare between runs."""
    with sqlite3.connect(db) as connection:
        rows = {name: connection.execute(query).fetchall() for name, query in HISTORY.items()}
    connection.close()
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def damage(db: Path) -> list[tuple]:
    """What integrity_check and foreign_key_check say; empty when both are clean."""
    with sqlite3.connect(db) as connection:
        integrity = [row for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        keys = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    return [*integrity, *keys]


if __name__ == "__main__":
    child(sys.argv[1:])
