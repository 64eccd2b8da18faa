"""A service that refused for good is left alone for the rest of the run; the others are not."""

import asyncio
import dataclasses

import pytest
from builders import a_capture, a_request

from crawler.closing import OpenServices
from crawler.protocols import ResolverAnswer
from db.words import Coverage, FailureKind


class Answering:
    def __init__(self):
        self.asked = []

    async def ask(self, request):
        self.asked.append(request.url)
        return a_capture(request)


def of_service(name, n=1):
    url = f"https://{name}.example/{n}"
    return dataclasses.replace(a_request(url), service=name)


def refused(coverage, *services):
    return ResolverAnswer(candidates=(), coverage=coverage, detail="HTTP 402", closes=services)


@pytest.mark.parametrize(
    ("coverage", "kind"),
    [(Coverage.QUOTA, FailureKind.RATE_LIMITED), (Coverage.AUTH, FailureKind.BREAKER_OPEN)],
)
def test_a_closed_service_is_not_asked_and_says_why(clock, coverage, kind):
    asker = Answering()
    services = OpenServices(asker, clock)
    services.close(refused(coverage, "brave"))
    outcome = asyncio.run(services.ask(of_service("brave")))
    assert asker.asked == []
    assert outcome.kind is kind
    assert outcome.detail == f"not asked again in this run ({coverage.value}: HTTP 402)"


def test_other_services_and_sites_are_asked_on(clock):
    asker = Answering()
    services = OpenServices(asker, clock)
    services.close(refused(Coverage.AUTH, "brave"))
    requests = (of_service("gdelt"), a_request())
    for request in requests:
        asyncio.run(services.ask(request))
    assert asker.asked == [request.url for request in requests]


def test_an_answer_that_closes_nothing_closes_nothing(clock):
    asker = Answering()
    services = OpenServices(asker, clock)
    services.close(refused(Coverage.QUOTA))
    asyncio.run(services.ask(of_service("gdelt")))
    assert len(asker.asked) == 1


def test_a_host_is_closed_without_its_sisters_and_never_as_a_site(clock):
    asker = Answering()
    services = OpenServices(asker, clock)
    services.close(refused(Coverage.DEGRADED, "en.wiki.example"))
    asked = [
        dataclasses.replace(a_request(f"https://{host}/w/api.php"), service=service)
        for host, service in (
            ("en.wiki.example", "wikimedia"),
            ("de.wiki.example", "wikimedia"),
            ("en.wiki.example", None),
        )
    ]
    for request in asked:
        asyncio.run(services.ask(request))
    assert asker.asked == [request.url for request in asked[1:]]
