"""URLs that lead where they should not, each asked directly and through a redirect: one table, with its answers.

`test_addresses` has the addresses; here they are spelled as URLs, as the system's own resolver reads them.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address

import pytest

from db.model import Capture

#: What hides in a URL; each is somewhere that no page of the web is.
INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
]


def spellings(address):
    """Spellings of one IPv4 address that inet_aton(3) and getaddrinfo(3) read, and forms of IPv6 that carry it."""
    number = int(IPv4Address(address))
    parts = address.split(".")
    return [
        address,
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper(),
        f"0{number:o}",
        ".".join(hex(int(part)) for part in parts),
        ".".join(f"0{int(part):o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"[::ffff:{address}]",
        f"[{IPv6Address(0xFFFF << 32 | number).exploded}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[{IPv6Address(0x2002 << 112 | number << 80)}]",
        "".join(chr(ord(one) + 0xFEE0) if one != "." else "\u3002" for one in address),
    ]


#: URL → the kind of failure that it must end in, or "captured". A host without an address has no robots.txt either.
ATTACKS = {
    **{f"http://{host}/a": "private_address" for one in INSIDE for host in spellings(one)},
    # Userinfo that looks like a host, and a host that looks like userinfo.
    "http://news.example@127.0.0.1/a": "private_address",
    "http://news.example:80@127.0.0.1/a": "private_address",
    "http://news.example%40127.0.0.1/a": "bad_scheme",
    "http://a@news.example@10.0.0.1/a": "private_address",
    "http://127.0.0.1@news.example/a": "captured",
    "http://user:secret@news.example/a": "captured",
    "http://news.example#@127.0.0.1/a": "captured",
    "http://news.example?@127.0.0.1/a": "captured",
    "http://news.example\\@127.0.0.1/a": "bad_scheme",
    "http://127.0.0.1\\@news.example/a": "bad_scheme",
    "http://news.example\\.evil.example/a": "bad_scheme",
    # Names of the local network, of clouds, and names whose address lies inside.
    "http://localhost/a": "private_address",
    "http://LOCALHOST./a": "private_address",
    "http://localhost%2e/a": "bad_scheme",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/a": "private_address",
    "http://app.localhost/a": "private_address",
    "http://metadata.google.internal/computeMetadata/v1/": "private_address",
    "http://metadata.google.internal./a": "private_address",
    "http://instance-data/latest/meta-data/": "private_address",
    "http://router.home.arpa/a": "private_address",
    "http://printer.local/a": "private_address",
    "http://inside.example/a": "private_address",
    "http://INSIDE.example./a": "private_address",
    "http://half.example/a": "private_address",
    "http://mapped.example/a": "private_address",
    "http://nat64.example/a": "private_address",
    "http://nobody.example/a": "robots_unreachable",
    # IPv6.
    "http://[::1]/a": "private_address",
    "http://[::]/a": "private_address",
    "http://[0:0:0:0:0:0:0:1]/a": "private_address",
    "http://[fe80::1]/a": "private_address",
    "http://[fe80::1%25eth0]/a": "bad_scheme",
    "http://[fe80::1%eth0]/a": "bad_scheme",
    "http://[fd00:ec2::254]/latest/": "private_address",
    "http://[fec0::1]/a": "private_address",
    "http://[ff02::1]/a": "private_address",
    "http://[2001:db8::1]/a": "private_address",
    "http://[3fff::1]/a": "private_address",
    "http://[5f00::1]/a": "private_address",
    "http://[64:ff9b:1::1]/a": "private_address",
    "http://[100::1]/a": "private_address",
    "http://[::1/a": "bad_scheme",
    "http://::1/a": "bad_scheme",
    "http://[127.0.0.1]/a": "bad_scheme",
    "http://[v1.fe80]/a": "bad_scheme",
    "http://[::1]@news.example/a": "captured",
    # Other reserved IPv4.
    "http://0/a": "private_address",
    "http://0.0.0.0/a": "private_address",
    "http://127.1/a": "private_address",
    "http://224.0.0.1/a": "private_address",
    "http://240.0.0.1/a": "private_address",
    "http://255.255.255.255/a": "private_address",
    "http://192.0.2.1/a": "private_address",
    "http://192.88.99.1/a": "private_address",
    "http://198.18.0.1/a": "private_address",
    "http://168.63.129.16/a": "private_address",
    "http://256.256.256.256/a": "robots_unreachable",
    "http://1.2.3.4.5/a": "robots_unreachable",
    "http://4294967296/a": "robots_unreachable",
    # Ports.
    "http://news.example:80/a": "captured",
    "http://news.example:/a": "captured",
    "http://news.example:0080/a": "captured",
    "http://news.example:22/a": "bad_scheme",
    "http://news.example:25/a": "bad_scheme",
    "http://news.example:6379/a": "bad_scheme",
    "http://news.example:8080/a": "bad_scheme",
    "http://news.example:0/a": "bad_scheme",
    "http://news.example:65536/a": "bad_scheme",
    "http://news.example:-80/a": "bad_scheme",
    "http://news.example:80:80/a": "bad_scheme",
    "http://news.example:8o/a": "bad_scheme",
    "http://news.example:８０/a": "bad_scheme",
    "http://127.0.0.1:22/a": "bad_scheme",
    # Schemes.
    "file:///etc/passwd": "bad_scheme",
    "file://news.example/etc/passwd": "bad_scheme",
    "ftp://news.example/a": "bad_scheme",
    "gopher://127.0.0.1:6379/_FLUSHALL": "bad_scheme",
    "dict://127.0.0.1:11211/stats": "bad_scheme",
    "ldap://127.0.0.1/a": "bad_scheme",
    "ws://news.example/a": "bad_scheme",
    "jar:http://news.example/a!/": "bad_scheme",
    "data:text/html,<p>a": "bad_scheme",
    "javascript:alert(1)": "bad_scheme",
    "about:blank": "bad_scheme",
    "view-source:http://news.example/a": "bad_scheme",
    "httpx://news.example/a": "bad_scheme",
    "HTTP://NEWS.EXAMPLE/a": "captured",
    # Hosts.
    "http:///a": "bad_scheme",
    "http://./a": "bad_scheme",
    "http://../a": "bad_scheme",
    "http://news..example/a": "bad_scheme",
    "http://.news.example/a": "bad_scheme",
    "http://news.example../a": "bad_scheme",
    "http://-news.example/a": "bad_scheme",
    "http://*/a": "bad_scheme",
    "http://news.exam ple/a": "bad_scheme",
    "http://%31%32%37.0.0.1/a": "bad_scheme",
    "http://127%2e0%2e0%2e1/a": "bad_scheme",
    "http://news.example./a": "captured",
    "http://ｎｅｗｓ.example/a": "captured",
    "http://news\u3002example/a": "captured",
    "http://b\u00fccher.example/a": "captured",
    "http://xn--bcher-kva.example/a": "captured",
    "http://xn--/a": "bad_scheme",
    "http://" + "a" * 64 + ".example/a": "bad_scheme",
    "http://" + "a." * 127 + "example/a": "bad_scheme",
    # Control characters, blanks and what splits a request in two.
    "http://news.example\x00.evil.example/a": "bad_scheme",
    "http://news.example/a\r\nHost: evil.example": "bad_scheme",
    "http://news.example/a\nX: 1": "bad_scheme",
    "http://news.example/\x7f": "bad_scheme",
    "ht\ntp://127.0.0.1/a": "bad_scheme",
    "http://127.0.0.1\t/a": "bad_scheme",
    "http://127.0.0.1\u2028/a": "bad_scheme",
    "  http://127.0.0.1/a\n": "private_address",
    "http://127.0.0.1 /a": "bad_scheme",
    "http://news.example /a": "bad_scheme",
    "  http://news.example/a\n": "captured",
    "http://news.example/a%0d%0aHost:%20evil.example": "captured",
    "http://news.example/a b": "captured",
    "http://news.example/\\..\\a": "captured",
    "http://news.example/" + "a" * 8000: "bad_scheme",
}

#: Names as a hostile zone answers them; anything else does not exist.
NAMES = {
    "inside.example": ["10.0.0.1"],
    "half.example": ["93.184.215.14", "10.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
}

#: Hosts that are really asked; everything else must be refused before a connection.
SERVED = ("start.example", "news.example", "xn--bcher-kva.example")


async def resolve(host, port):
    """Numbers as the system reads them, names from the table; nobody outside is asked."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in NAMES:
        return NAMES[name]
    numeric = socket.AI_NUMERICHOST
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=numeric)
    return [one[4][0] for one in found]


class Everything(dict):
    """A page at every target that has no answer of its own."""

    def get(self, target, default=None):
        return super().get(target, default if target == "/robots.txt" else self["*"])


def outcomes(kit, requests, locations):
    """What becomes of each request, at a server whose /N leads to the N-th location."""

    async def run():
        async with kit.Site() as site:
            page = {"*": kit.reply(b"<p>text"), "/robots.txt": kit.reply(b"")}
            leads = {f"/to/{n}": kit.redirect(url) for n, url in enumerate(locations)}
            site.answers = Everything(page | leads)
            clock = kit.SteppingClock()
            moves = tuple(site.connect_to(host, 80) for host in SERVED)
            wire = kit.a_wire(site, clock=clock, connect_to=moves, resolve=resolving)
            fetcher = kit.a_fetcher(wire, clock=clock, gap_s=0.0)
            found = [await fetcher.fetch(kit.a_request(url)) for url in requests]
            await fetcher.aclose()
            return found, {host_in(head) for head in site.heads}

    async def resolving(host, port):
        return ["127.0.0.1"] if host == "127.0.0.1" else await resolve(host, port)

    return asyncio.run(run())


def host_in(head):
    return next(line for line in head.split("\r\n") if line.lower().startswith("host: "))[6:]


def kind_of(outcome):
    return "captured" if isinstance(outcome, Capture) else outcome.kind.value


#: A header carries neither line ends nor NUL.
REDIRECTED = [url for url in ATTACKS if not {"\n", "\r", "\0"} & set(url)]

#: What a Location means that is read beside the page it came from: the same host, and no tabs (RFC 3986, 5.2).
AS_REFERENCE = {"http:///a": "captured", "http://127.0.0.1\t/a": "private_address"}


@pytest.fixture(scope="module")
def direct(kit):
    found, hosts = outcomes(kit, list(ATTACKS), [])
    return dict(zip(ATTACKS, found, strict=True)), hosts


@pytest.fixture(scope="module")
def led(kit):
    locations = [url.encode().decode("latin-1") for url in REDIRECTED]
    starts = [f"http://start.example/to/{n}" for n in range(len(REDIRECTED))]
    found, hosts = outcomes(kit, starts, locations)
    return dict(zip(REDIRECTED, found, strict=True)), hosts


def test_the_attack_table_is_long_enough():
    assert len(ATTACKS) >= 120
    assert len(REDIRECTED) >= 120


@pytest.mark.parametrize("url", ATTACKS)
def test_an_attack_ends_as_the_table_says(direct, url):
    assert kind_of(direct[0][url]) == ATTACKS[url]


@pytest.mark.parametrize("url", REDIRECTED)
def test_a_redirect_to_an_attack_ends_as_the_table_says(led, url):
    assert kind_of(led[0][url]) == AS_REFERENCE.get(url, ATTACKS[url])


def test_nobody_but_the_served_hosts_was_asked(direct, led):
    assert direct[1] | led[1] <= set(SERVED)
