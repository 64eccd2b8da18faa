"""The commands say what they did, and end with the documented codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.ingest import ingested
from db.model import Resolution
from db.words import ResolveStatus

TEXT = 'The gate holds. [1]\n\n[1] Paper, "The gate", https://paper.example/cited\n'


@pytest.fixture
def citehound(store, tmp_path):
    def done(*arguments, db=None):
        command = [sys.executable, "-P", "-m", "crawler", *arguments, "--db", str(db or store.path)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False
        )

    return done


def addresses(path):
    with path.open("rb") as file:
        found = {one.rec_headers.get_header("WARC-Target-URI") for one in ArchiveIterator(file)}
    return found - {None}


def test_commands_exchange_captures_and_say_how_many(a, citehound, keep, tmp_path):
    keep(a.capture(hops=(a.hop(),)), a.capture("https://paper.example/b"), a.failure())
    out = citehound("export", "--warc", "e.warc.gz")
    assert out.stdout == (
        "2 captures (1 without a body that another has, 0 header fields only, because their body is no longer stored),"
        " 1 redirects and 1 failures written to e.warc.gz\n"
    )
    back = citehound("import", "--warc", "e.warc.gz", db=tmp_path / "other.db")
    assert back.stdout == (
        "2 captures taken from e.warc.gz, 0 already there\n"
        "1 left out: a failure of an export, which is no capture\n"
    )
    again = citehound("import", "--warc", "e.warc.gz", "--json", db=tmp_path / "other.db")
    assert json.loads(again.stdout) == {
        "file": "e.warc.gz",
        "taken": 0,
        "already": 2,
        "left_out": {"failure": 1},
    }


def test_export_over_a_file_ends_with_three(citehound, tmp_path):
    (tmp_path / "e.warc").write_bytes(b"precious")
    done = citehound("export", "--warc", "e.warc")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "citehound: e.warc: the file exists already; name another file, or remove this one\n"
    )


def test_import_of_something_else_ends_with_three(citehound, tmp_path):
    (tmp_path / "page.html").write_bytes(b"<html>")
    done = citehound("import", "--warc", "page.html")
    assert done.returncode == 3
    assert "not a WARC file" in done.stderr
    assert "Traceback" not in done.stderr


def test_failure_kind_is_told_in_words(citehound, crawl):
    coding = [("Content-Type", "text/html"), ("Content-Encoding", "gzip, br")]
    crawl.response(headers=coding)
    done = citehound("import", "--warc", str(crawl.close()))
    assert done.stdout.endswith("1 left out: as a fetch would (protocol)\n")


def test_only_what_has_to_do_with_a_document_is_exported(a, store, warc, keep):
    version = ingested(TEXT, name="report.md", media_type="text/markdown")
    store.add_ingested(version, at=a.now)
    (citation,) = version.citations
    store.add_answer(
        resolution=Resolution(
            id="r",
            citation_id=citation.id,
            run_id="run-1",
            resolved_at=a.now,
            status=ResolveStatus.FOUND,
            reason=None,
            url="https://paper.example/found",
            archive_url="https://web.archive.org/web/2025id_/https://paper.example/found",
            via=None,
            rule="",
            score=1.0,
            identity=None,
            page_id=None,
            candidates=(),
            reports=(),
        )
    )
    found = {"https://paper.example/cited", "https://paper.example/found"}
    copy = "https://web.archive.org/web/2025id_/https://paper.example/found"
    keep(*(a.capture(url) for url in (*found, copy, "https://paper.example/other")))
    counts = a.export(store, warc, document="report.md")
    assert (counts.captures, addresses(warc)) == (3, found | {copy})
