"""A nightly run asks the web for so much and no more; what it leaves is due for the next."""

import asyncio

import pytest
from killing import build
from smallweb import Site

from crawler.app import Web, opened
from crawler.cli.reading import read_document
from crawler.config import loaded
from db.words import RunState

CITATIONS = 60


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return build(tmp_path_factory.mktemp("world"), citations=CITATIONS, kinds=("direct",))


@pytest.fixture
def nightly(world, tmp_path, monkeypatch):
    """Run what is due, with a bound on requests; the run as it ended."""
    with Site(world.site) as site:
        monkeypatch.setenv("SSL_CERT_FILE", str(site.ca_path))
        ingested = []

        def run(requests):
            environment = {
                "CITEHOUND_FETCH_GAP_S": "0",
                "CITEHOUND_SERVICES_PACE_SCALE": "0",
                "CITEHOUND_JOBS": "1",
                "CITEHOUND_RUN_REQUESTS": str(requests),
            }
            flags = {"db": str(tmp_path / "nightly.db"), "seeds": str(world.seeds)}
            settings = loaded(flags=flags, environment=environment)

            async def work():
                async with opened(settings, Web(connect_to=site.connect_to)) as app:
                    if not ingested:
                        ingested.append(app.ingest(read_document(str(world.document))))
                    return await app.check_due(limit=1000)

            return asyncio.run(work())

        yield run


def test_what_a_run_leaves_for_want_of_requests_the_next_one_takes_up(nightly):
    first = nightly(requests=10)
    answered, left = first.counts["answer_committed"], first.counts["citation_left"]
    assert first.state is RunState.SUCCEEDED
    assert answered + left == CITATIONS
    assert answered < CITATIONS
    # What was in hand when the last request went out is finished.
    assert first.counts["exchange_asked"] >= 10

    second = nightly(requests=0)
    assert second.counts["answer_committed"] == left
    assert "citation_left" not in second.counts
