"""The operator says which ports a URL may name; what lies at them is checked as before."""

import asyncio

import pytest

from crawler.app import Web
from crawler.app.building import built_wire
from crawler.config import loaded
from crawler.protocols import WireRequest
from db.words import FailureKind


def kind_of_failure(port, **environment):
    """Why a page at this port of a private address cannot be had."""
    settings = loaded(flags={}, environment=environment)

    async def asked():
        _, wire = built_wire(settings, Web())
        try:
            url = f"http://127.0.0.1:{port}/"
            return await wire.exchange(WireRequest(method="GET", url=url, headers=()))
        finally:
            await wire.aclose()

    return asyncio.run(asked()).kind


@pytest.mark.parametrize(
    ("ports", "port", "kind"),
    [
        ("80,443", 443, FailureKind.PRIVATE_ADDRESS),
        ("80,443", 8443, FailureKind.BAD_SCHEME),
        ("80,443,8443", 8443, FailureKind.PRIVATE_ADDRESS),
        ("8443", 443, FailureKind.BAD_SCHEME),
    ],
)
def test_a_url_may_name_the_operators_ports_and_no_other(ports, port, kind):
    assert kind_of_failure(port, CITEHOUND_FETCH_PORTS=ports) is kind


def test_without_the_operator_only_the_webs_ports_are_open():
    assert kind_of_failure(8443) is FailureKind.BAD_SCHEME
    assert kind_of_failure(80) is FailureKind.PRIVATE_ADDRESS
