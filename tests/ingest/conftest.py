"""Short ways to read a document and to see what came out of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from crawler.ingest import ingested, rows


@pytest.fixture(scope="session")
def read():
    """A function from text to claims, uncited sentences, citations and unparsed rows, offsets checked."""
    return _read


def _read(text, media_type="text/markdown", name="document"):
    document = ingested(text, name=name, media_type=media_type)
    for mark in document.claim_marks:
        assert 0 <= mark.start < mark.end <= len(document.version.text)
        assert len(mark.context) <= 600
    kinds = {"citation": [], "claim": [], "uncited": [], "unparsed": []}
    for row in rows(document):
        kinds[row["kind"]].append(row)
    return SimpleNamespace(
        document=document,
        text=document.version.text,
        citations=kinds["citation"],
        claims=kinds["claim"],
        uncited=kinds["uncited"],
        unparsed=kinds["unparsed"],
        reasons=[row["reason"] for row in kinds["unparsed"]],
        cites={row["claim"]: row["cites"] for row in kinds["claim"]},
    )
