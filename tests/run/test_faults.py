"""When the disk, the database, the name server or the sites fail, a run ends and every citation is answered.

Nothing that was committed is lost, and the next run goes on from there. Real processes, files and sockets.
"""

import asyncio
import json
import resource
import signal
import socket
import sqlite3
import struct
import threading

import pytest
from killing import BUSY_TIMEOUT_S, build, damage, ended_child, history, run_child
from smallweb import Site

from crawler.app import Web, opened
from crawler.cli.reading import read_document
from crawler.config import loaded
from db.words import FailureKind, Reason, RunState


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build(tmp_path_factory.mktemp("world"), citations=20)


@pytest.fixture(scope="module")
def served(world):
    with Site(world.site) as site:
        yield site


@pytest.fixture(scope="module")
def whole(world, served, tmp_path_factory):
    """The history of a run that nothing disturbed."""
    db = tmp_path_factory.mktemp("whole") / "whole.db"
    assert run_child(world, served, db) == 0
    return history(db)


def answers(tables):
    """What a history answers, once each: a run that failed may have left some answers that are given again."""
    return {name: set(tables[name]) for name in ("resolutions", "verdicts", "attempts")}


# ------------------------------------------------------------------------------- disk and database


@pytest.mark.parametrize("room", [1_200_000, 3_000_000])
def test_a_full_disk_ends_the_run_plainly_and_the_next_one_goes_on(
    world, served, whole, tmp_path, room
):
    db = tmp_path / "full.db"

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = ended_child(world, served, db, prepare=full)
    assert done.returncode == 1, done.stderr
    assert "what was committed is safe; make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert damage(db) == []
    kept = history(db)
    assert 0 < len(kept["verdicts"]) < len(whole["verdicts"])

    assert run_child(world, served, db) == 0
    assert damage(db) == []
    assert answers(history(db)) == answers(whole)
    assert all(set(rows) <= set(history(db)[name]) for name, rows in kept.items())


def test_a_database_that_another_process_keeps_locked_is_told_and_the_next_run_goes_on(
    world, served, whole, tmp_path
):
    db = tmp_path / "locked.db"
    done = ended_child(world, served, db, "--lock", "answer_committing", "2")
    assert done.returncode == 1, done.stderr
    assert f"another process has been writing for more than {BUSY_TIMEOUT_S:g} s" in done.stderr
    assert "Traceback" not in done.stderr
    assert damage(db) == []

    assert run_child(world, served, db) == 0
    assert damage(db) == []
    assert answers(history(db)) == answers(whole)


def test_a_thousand_fetches_killed_in_the_middle_are_completed(tmp_path):
    world = build(tmp_path / "world", citations=1000, kinds=("direct",))
    db = tmp_path / "killed.db"
    with Site(world.site) as site:
        killed = run_child(world, site, db, point="exchange_answered", nth=500)
        kept = len(history(db)["captures"])
        assert (killed, damage(db)) == (-signal.SIGKILL, [])
        assert run_child(world, site, db) == 0
        pages = [one for one in site.exchanges if one.target != "/robots.txt"]
    assert damage(db) == []
    tables = history(db)
    counts = {name: len(tables[name]) for name in ("captures", "pages", "attempts")}
    assert counts == dict.fromkeys(counts, 1000)
    # A claim that leans on two citations has a verdict of its own besides, without a citation.
    assert len([row for row in tables["verdicts"] if row[1]]) == 1000
    assert {row[1] for row in tables["resolutions"]} == {"found"}
    # What was committed is not asked again; what was in hand may be, 32 at a time and a batch of them.
    assert 400 <= kept <= 500
    assert len(pages) - 1000 <= 500 - kept + 32


# ----------------------------------------------------------------------------------- names and sites


def checked(document, web, *, seeds, db):
    """The run over a document as it ended, in this process."""
    environment = {
        "CITEHOUND_FETCH_GAP_S": "0",
        "CITEHOUND_SERVICES_PACE_SCALE": "0",
        "CITEHOUND_JOBS": "1",
    }
    settings = loaded(flags={"db": str(db), "seeds": str(seeds)}, environment=environment)

    async def work():
        async with opened(settings, web) as app:
            return await app.check_documents([app.ingest(read_document(str(document)))])

    return asyncio.run(work())


def cited(folder, urls):
    """A document that cites each of these URLs."""
    rows = [
        {"id": str(n), "claim": f"Claim {n} holds.", "title": f"Story number {n}", "url": url}
        for n, url in enumerate(urls)
    ]
    document = folder / "cited.jsonl"
    document.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return document


def rows(db, query):
    with sqlite3.connect(db) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def reasons(db):
    """URL host → the reason of its citation's verdict; every citation must have one."""
    query = "SELECT c.url, v.reason FROM citations c LEFT JOIN verdicts v ON v.citation_id = c.id"
    return {url.split("/")[2]: reason for url, reason in rows(db, query)}


PAGE = b"<!doctype html><html lang=en><title>Story</title><article><p>" + b"Text. " * 300


def head(*lines):
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html", *lines, "", "")).encode()


#: What a site does instead of answering, and what is said of it. A page that is cut short is still a page.
FAULTS = {
    "good": (head(f"Content-Length: {len(PAGE)}") + PAGE, None),
    "truncates": (head(f"Content-Length: {len(PAGE) * 2}") + PAGE, None),
    "understates": (head("Content-Length: 70") + PAGE, None),
    "announces": (head("Content-Length: 99999999999999999") + PAGE, FailureKind.TOO_LARGE),
    "two-lengths": (head("Content-Length: 3", "Content-Length: 4") + PAGE, FailureKind.PROTOCOL),
    "floods": (head(*(f"X-{n}: {'a' * 4000}" for n in range(300))), FailureKind.PROTOCOL),
    "babbles": (b"\x00\xff" * 4000, FailureKind.PROTOCOL),
    "false-coding": (
        head("Content-Encoding: gzip", f"Content-Length: {len(PAGE)}") + PAGE,
        FailureKind.PROTOCOL,
    ),
    "resets": (None, FailureKind.CONNECT),
}


class Sites:
    """A server whose host names say how it misbehaves: `floods-3.example`."""

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listening.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            try:
                asked = connection.recv(65536).decode("latin-1")
                host = asked.lower().partition("host: ")[2].partition("\r\n")[0]
                answer, _ = FAULTS[host.rpartition("-")[0]]
                if asked.startswith("GET /robots.txt"):
                    answer = head("Content-Length: 0", "Connection: close")
                if answer is None:
                    # Close with a reset instead of a proper end.
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
            except OSError:
                return  # the client has seen enough


def test_each_citation_is_answered_whatever_its_site_does(world, tmp_path):
    hosts = [f"{fault}-{n}.example" for n in range(2) for fault in FAULTS]
    document, db = cited(tmp_path, [f"http://{host}/story" for host in hosts]), tmp_path / "a.db"
    with Sites() as sites:
        web = Web(connect_to=(f":80:127.0.0.1:{sites.port}", ":443:127.0.0.1:9"))
        run = checked(document, web, seeds=world.seeds, db=db)
    assert run.state is RunState.SUCCEEDED
    assert set(reasons(db)) == set(hosts)
    assert None not in reasons(db).values()
    failed = rows(db, "SELECT url, kind FROM failures WHERE purpose = 'source'")
    kinds = {url.split("/")[2]: kind for url, kind in failed if "/story" in url}
    expected = {host: FAULTS[host.rpartition("-")[0]][1] for host in hosts}
    assert kinds == {host: kind.value for host, kind in expected.items() if kind}


def test_each_citation_is_answered_while_every_second_lookup_fails(world, tmp_path, monkeypatch):
    hosts = [f"good-{n}.example" for n in range(24)]
    document, db = cited(tmp_path, [f"http://{host}/story" for host in hosts]), tmp_path / "a.db"
    lookups = []
    real = socket.getaddrinfo

    def failing(host, *arguments, **fields):
        if host != "web.test":
            return real(host, *arguments, **fields)
        lookups.append(host)
        if len(lookups) % 2:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1", *arguments, **fields)

    monkeypatch.setattr(socket, "getaddrinfo", failing)
    with Sites() as sites:
        web = Web(connect_to=(f":80:web.test:{sites.port}", ":443:127.0.0.1:9"))
        run = checked(document, web, seeds=world.seeds, db=db)
    assert run.state is RunState.SUCCEEDED
    assert len(lookups) >= len(hosts)
    assert set(reasons(db)) == set(hosts)
    told = list(reasons(db).values())
    assert None not in told
    assert 0 < told.count(Reason.UNREACHABLE.value) < len(hosts)
    assert rows(db, "SELECT count(*) FROM pages") == [(len(hosts) - told.count("unreachable"),)]
