import pytest

from crawler.errors import ConfigError
from crawler.fetch.connections import ConnectTo, connect_to, route


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a.example:443:127.0.0.1:8443",
            ConnectTo(host1="a.example", port1=443, host2="127.0.0.1", port2=8443),
        ),
        ("::127.0.0.1:8443", ConnectTo(host2="127.0.0.1", port2=8443)),
        ("A.Example.:443::8443", ConnectTo(host1="a.example", port1=443, port2=8443)),
        (
            "[::1]:80:[2001:db8::1]:81",
            ConnectTo(host1="::1", port1=80, host2="2001:db8::1", port2=81),
        ),
        (":443:b.example:", ConnectTo(port1=443, host2="b.example")),
        (":::", ConnectTo()),
    ],
)
def test_connect_to_reads_the_syntax_of_curl(text, expected):
    assert connect_to(text) == expected


@pytest.mark.parametrize(
    "text", ["", "a", "a:b:c:d", "a:1:b", "a:0:b:1", "a:1:b:70000", "::1:80:b:1", "a:1:b:1:2"]
)
def test_a_bad_connect_to_is_the_operators_mistake(text):
    with pytest.raises(ConfigError) as caught:
        connect_to(text)
    assert caught.value.where == "--connect-to"
    assert "HOST1:PORT1:HOST2:PORT2" in caught.value.what


def way(endpoint, *texts, endpoints=()):
    return route(endpoint, moves=tuple(map(connect_to, texts)), endpoints=endpoints)


def test_the_first_connect_to_that_fits_wins():
    found = way(("https", "a.example", 443), "b.example::x:1", "a.example::y:2", "::z:3")
    assert (found.host, found.port, found.trusted) == ("y", 2, True)


def test_an_unchanged_host_is_still_checked():
    found = way(("https", "a.example", 443), ":::8443")
    assert (found.host, found.port, found.trusted, found.allowed_port) == (
        "a.example",
        8443,
        False,
        True,
    )


def test_only_web_ports_are_allowed_without_the_operator():
    assert way(("https", "a.example", 443)).allowed_port
    assert not way(("https", "a.example", 22)).allowed_port


def test_an_endpoint_is_allowed_for_exactly_its_scheme_host_and_port():
    endpoints = {("http", "search.lan", 8080)}
    assert way(("http", "search.lan", 8080), endpoints=endpoints).trusted
    for other in [
        ("https", "search.lan", 8080),
        ("http", "search.lan", 8081),
        ("http", "x.lan", 8080),
    ]:
        assert not way(other, endpoints=endpoints).trusted
