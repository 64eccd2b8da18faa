"""Addresses that a stranger's URL must never reach: everything that is not the public internet.

Rule: pure, and asked after DNS for every address of every hop. The explicit list and `ipaddress.is_global` must both
agree, because the latter differs between Python versions and lets NAT64, 6to4 and multicast through.
Source: the IANA special-purpose address registries (RFC 6890 and its updates); clouds' metadata endpoints.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["refused", "refused_host"]

_REFUSED: Final[Mapping[IPv4Network | IPv6Network, str]] = {
    ip_network(network): why
    for network, why in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "a private network",
        "100.64.0.0/10": "a carrier's shared network",
        "127.0.0.0/8": "this machine",
        "168.63.129.16/32": "a cloud's metadata service",
        "169.254.0.0/16": "link-local, where clouds keep their metadata",
        "172.16.0.0/12": "a private network",
        "192.0.0.0/24": "reserved for protocols",
        "192.0.2.0/24": "documentation",
        "192.88.99.0/24": "the former 6to4 relays",
        "192.168.0.0/16": "a private network",
        "198.18.0.0/15": "benchmarks",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",
        "::/128": "no address",
        "::1/128": "this machine",
        "64:ff9b:1::/48": "a local translation prefix",
        "100::/64": "discard only",
        "2001::/23": "reserved for protocols",
        "2001:db8::/32": "documentation",
        "3fff::/20": "documentation",
        "5f00::/16": "segment routing",
        "fc00::/7": "a private network",
        "fe80::/10": "link-local",
        "fec0::/10": "a site's own network",
        "ff00::/8": "multicast",
    }.items()
}

#: IPv6 prefixes that carry an IPv4 address, and how many bits lie to its right. What they carry is what is reached.
_CARRIERS: Final[Mapping[IPv6Network, int]] = {
    IPv6Network("::ffff:0:0/96"): 0,  # IPv4-mapped (RFC 4291, 2.5.5.2)
    IPv6Network("::/96"): 0,  # IPv4-compatible, deprecated (RFC 4291, 2.5.5.1)
    IPv6Network("::ffff:0:0:0/96"): 0,  # IPv4-translated (RFC 2765, 2.1)
    IPv6Network("64:ff9b::/96"): 0,  # NAT64 (RFC 6052, 2.1)
    IPv6Network("2002::/16"): 80,  # 6to4 (RFC 3056, 2)
}

#: Names that mean this machine, its network or its cloud wherever they resolve to.
_REFUSED_HOSTS: Final = frozenset(
    {"instance-data", "instance-data.ec2.internal", "localhost", "metadata", "metadata.goog"}
)
_REFUSED_SUFFIXES: Final = (".home.arpa", ".internal", ".local", ".localdomain", ".localhost")


def refused(address: str) -> str | None:
    """Why this address must not be connected to, None if it is public. What is no address is refused."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an address"
    return _refused(parsed)


def refused_host(host: str) -> str | None:
    """Why this host must not even be looked up, None where its addresses decide."""
    name = host.lower().rstrip(".")
    if name in _REFUSED_HOSTS or name.endswith(_REFUSED_SUFFIXES):
        return "a name of the local network or its cloud"
    try:
        return _refused(ip_address(name.strip("[]")))
    except ValueError:
        return None


def _refused(address: IPv4Address | IPv6Address) -> str | None:
    for network, why in _REFUSED.items():
        if address.version == network.version and address in network:
            return why
    carried = _carried(address)
    if carried is not None:
        why_inner = _refused(carried)
        return why_inner and f"{carried} inside, {why_inner}"
    return None if address.is_global else "not a public address"


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    for network, right_bits in _CARRIERS.items():
        if address in network:
            return IPv4Address(int(address) >> right_bits & 0xFFFFFFFF)
    return None
