"""Whatever is handed in, the answer is one clear line and a documented exit code, and nothing is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

DOCUMENT = (
    "The board of Quill said that it will pay 40 crowns for the pier [1].\n\n"
    "## Sources\n\n[1] Quill Post: “Board pays for the pier”, March 9, 2026\n"
)


def citehound(*arguments, cwd, **variables):
    command = [sys.executable, "-P", "-m", "crawler", *arguments]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CITEHOUND_")}  # noqa: TID251
    surroundings = {**inherited, **variables}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=90, cwd=cwd, env=surroundings, check=False
    )


@pytest.fixture
def here(tmp_path):
    (tmp_path / "document.md").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("empty.md", b"", "the file is empty"),
        ("binary.md", bytes(range(256)) * 20, "not a text document"),
        ("large.md", b"A sentence about Quill. " * 500_000, "10 MiB"),
    ],
)
def test_a_document_that_cannot_be_read_is_named(here, name, body, words):
    (here / name).write_bytes(body)
    done = citehound("verify", name, cwd=here)
    assert done.returncode == 2
    assert done.stderr.startswith(f"citehound: {name}: ")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (here / "citehound.db").exists()


def test_a_folder_is_no_document(here):
    done = citehound("ingest", ".", cwd=here)
    assert (done.returncode, done.stderr) == (2, "citehound: .: is a folder, not a document\n")


def test_references_that_cannot_be_used_are_counted_with_their_reason(here):
    (here / "odd.md").write_text(
        "The board of Quill will pay 40 crowns [3]. The pier of Quill is 90 metres long [1].\n\n"
        "## Sources\n\n- [1] Quill Post: “One”, 2026\n- [1] Quill Post: “Two”, 2026\n- [2] ?\n",
        encoding="utf-8",
    )
    done = citehound("ingest", "odd.md", "--json", cwd=here)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    reasons = {row["reason"] for row in rows if row["kind"] == "unparsed"}
    assert done.returncode == 0
    assert {"marker_without_source", "duplicate_marker", "no_outlet_or_title"} <= reasons
    assert sum(row["kind"] == "citation" for row in rows) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--replay", "nowhere.warc.gz"), "nowhere.warc.gz"),
        (("--connect-to", "nonsense"), "HOST1:PORT1:HOST2:PORT2"),
        (("--seeds", "nowhere"), "outlets.toml"),
        (("--config", "nowhere.toml"), "no such file"),
        (("--jobs", "many"), "whole number"),
    ],
)
def test_an_operators_mistake_ends_with_three_and_makes_no_file(here, arguments, words):
    done = citehound("verify", "document.md", *arguments, cwd=here)
    assert done.returncode == 3
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in here.iterdir()) == ["document.md"]


def test_real_sites_are_never_hurried(here):
    done = citehound("verify", "document.md", cwd=here, CITEHOUND_FETCH_GAP_S="0")
    assert done.returncode == 3
    assert "--connect-to" in done.stderr


def test_a_seed_that_is_broken_names_its_line(here):
    (here / "outlets.toml").write_text('[[outlet]]\nname = "Quill Post\n', encoding="utf-8")
    done = citehound("verify", "document.md", "--seeds", ".", cwd=here)
    assert done.returncode == 3
    assert "outlets.toml" in done.stderr
    assert "line 2" in done.stderr


def test_another_programs_file_is_refused_and_left_alone(here):
    (here / "other.db").write_text("not a database", encoding="utf-8")
    done = citehound("verify", "document.md", "--db", "other.db", cwd=here)
    assert done.returncode == 3
    assert (here / "other.db").read_text(encoding="utf-8") == "not a database"


def test_without_a_network_every_citation_is_unreachable_and_taken_up_again(here):
    # The proxy of a closed network is not used, and names of this domain never resolve (RFC 6761, 6.4).
    (here / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nname = "Paper {n}"\nhosts = ["paper{n}.invalid"]\nsource = "synthetic"\n'
            for n in range(4)
        ),
        encoding="utf-8",
    )
    rows = [
        {
            "claim": f"The pier {n} is 90 metres long.",
            "outlet": f"Paper {n}",
            "title": f"Pier {n} grows",
        }
        for n in range(4)
    ]
    (here / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    begun = time.monotonic()
    done = citehound("verify", "rows.jsonl", "--json", "--seeds", ".", cwd=here)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert time.monotonic() - begun < 60
    assert {(row["verdict"], row["reason"]) for row in found} == {("unverifiable", "unreachable")}
    assert len(found) == 4
    again = citehound("run", "--json", "--seeds", ".", cwd=here)
    assert json.loads(again.stdout)["counts"]["answer_committed"] == 4
    with sqlite3.connect(here / "citehound.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_closed_pipe_is_no_error(here):
    command = f"{sys.executable} -P -m crawler outlets --json | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=60, cwd=here, check=False
    )
    assert json.loads(done.stdout)["name"]
    assert done.stderr == ""


def test_ctrl_c_commits_what_is_in_hand_and_ends_with_130(here):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "loopback"))
    from smallweb import Site

    site = here / "site"
    (site / "pages").mkdir(parents=True)
    (site / "scenario.toml").write_text(
        '["quillpost.example"."/robots.txt"]\ntext = "User-agent: *"\ntype = "text/plain"\n'
        '["quillpost.example"."/feed.xml"]\ntext = "<rss/>"\ntype = "application/xml"\ndelay_s = 25.0\n',
        encoding="utf-8",
    )
    (here / "outlets.toml").write_text(
        '[[outlet]]\nname = "Quill Post"\nhosts = ["quillpost.example"]\n'
        'feeds = ["https://quillpost.example/feed.xml"]\nsource = "synthetic"\n',
        encoding="utf-8",
    )
    with Site(site) as served:
        roads = [word for road in served.connect_to for word in ("--connect-to", road)]
        command = [
            sys.executable,
            "-P",
            "-m",
            "crawler",
            "verify",
            "document.md",
            "--seeds",
            ".",
            *roads,
        ]
        surroundings = {**os.environ, "SSL_CERT_FILE": str(served.ca_path)}  # noqa: TID251
        process = subprocess.Popen(
            command,
            cwd=here,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while (
            not any("robots" in one.target for one in served.exchanges)
            and time.monotonic() < deadline
        ):
            process.poll()
            served.wait(0.05)
        served.wait(1.0)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 130, errors
    assert "interrupted; what was in hand is committed" in errors
    assert "Traceback" not in errors
    with sqlite3.connect(here / "citehound.db") as connection:
        assert connection.execute("SELECT state FROM runs").fetchall() == [("interrupted",)]
    connection.close()
