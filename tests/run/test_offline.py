"""Three unrelated hosts that cannot be connected to, and no answer from any: this machine is offline."""

import pytest
from builders import a_capture, a_failure, a_request

from crawler.offline import OfflineWatch
from crawler.progress import Event, Listeners
from db.words import FailureKind


def watch(ears, *outcomes):
    watching = OfflineWatch(Listeners(ears))
    for outcome in outcomes:
        watching.observe(outcome)
    return watching


def failing(host, kind=FailureKind.CONNECT, **more):
    return a_failure(a_request(f"https://{host}/story"), kind, **more)


@pytest.mark.parametrize(
    "kind", [FailureKind.DNS, FailureKind.CONNECT, FailureKind.ROBOTS_UNREACHABLE]
)
def test_three_unrelated_hosts_conclude_it_once(ears, kind):
    hosts = ("a.example", "b.example", "c.example", "d.example")
    assert watch(ears, *(failing(host, kind) for host in hosts)).concluded
    assert [event for event, _ in ears.events] == [Event.OFFLINE]


def test_hosts_of_one_site_count_once(ears):
    hosts = ("www.a.example", "feeds.a.example", "a.example", "b.example")
    assert not watch(ears, *(failing(host) for host in hosts)).concluded


def test_any_answer_means_that_there_is_a_network(ears):
    answer = a_capture(a_request("https://up.example/"), status=500)
    outcomes = [failing(host) for host in ("a.example", "b.example")]
    assert not watch(ears, answer, *outcomes, failing("c.example")).concluded


def test_a_robots_answer_of_503_means_that_there_is_a_network(ears):
    told = failing("a.example", FailureKind.ROBOTS_UNREACHABLE, status=503)
    others = [failing(host) for host in ("b.example", "c.example", "d.example")]
    assert not watch(ears, told, *others).concluded


@pytest.mark.parametrize(
    "kind", [FailureKind.TIMEOUT, FailureKind.TLS, FailureKind.PRIVATE_ADDRESS]
)
def test_other_failures_say_nothing_of_the_network(ears, kind):
    assert not watch(ears, *(failing(f"{name}.example", kind) for name in "abcd")).concluded
