from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch.addresses import refused, refused_host

PRIVATE_V4 = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.1.2.3 127.255.255.254
168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1
192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255
""".split()
PRIVATE_V6 = """
:: ::1 ::2 64:ff9b:1::1 64:ff9b:1:ffff::7f00:1 100::1 2001::1 2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 3fff::1
3fff:fff::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fdff:ffff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 feff::1 ff00::1
ff02::1 ff0e::1
""".split()
NO_ADDRESS = [
    "",
    "localhost",
    "2130706433",
    "0x7f.1",
    "127.1",
    "010.0.0.1",
    "1.2.3.4.5",
    "[::1]",
    "1.2.3.4/8",
    ":::",
]
PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 128.0.0.1 169.253.255.255 172.15.255.255 172.32.0.1
192.1.1.1 192.167.255.255 198.17.255.255 198.20.0.1 223.255.255.255 2606:4700::1111 2a00:1450:4001::1 2400:cb00::1
::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
""".split()


def carriers(address):
    """Every IPv6 form in which an IPv4 address can hide."""
    number = int(IPv4Address(address))
    return [
        str(IPv6Address(0xFFFF << 32 | number)),
        str(IPv6Address(0xFFFF << 48 | number)),
        str(IPv6Address(number)),
        str(IPv6Address(0x0064FF9B << 96 | number)),
        str(IPv6Address(0x2002 << 112 | number << 80 | 1)),
    ]


HIDDEN = [form for address in PRIVATE_V4 for form in carriers(address)]


def test_the_attack_table_is_long_enough():
    assert len({*PRIVATE_V4, *PRIVATE_V6, *NO_ADDRESS, *HIDDEN}) >= 120


@pytest.mark.parametrize("address", PRIVATE_V4 + PRIVATE_V6 + NO_ADDRESS)
def test_what_is_not_public_is_refused(address):
    assert refused(address)


@pytest.mark.parametrize("address", HIDDEN)
def test_an_address_hidden_in_ipv6_is_refused(address):
    assert refused(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address):
    assert refused(address) is None


@given(st.ip_addresses())
def test_nothing_passes_that_python_calls_private(address):
    if not address.is_global and "ffff" not in str(address) and "64:ff9b" not in str(address):
        assert refused(str(address))


@given(st.text())
def test_no_text_raises(text):
    assert refused(text) is None or refused(text)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "app.localhost",
        "metadata.google.internal",
        "metadata.google.internal.",
        "metadata.goog",
        "metadata",
        "instance-data",
        "instance-data.ec2.internal",
        "printer.local",
        "router.home.arpa",
        "host.docker.internal",
    ],
)
def test_names_of_the_local_network_are_not_even_looked_up(host):
    assert refused_host(host)


@pytest.mark.parametrize(
    "host", ["news.example", "internal.example", "local.example", "localhost.example"]
)
def test_other_names_are_left_to_their_addresses(host):
    assert refused_host(host) is None
