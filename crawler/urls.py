"""URLs as strangers write them: what may be asked, what is the same page, and who must be asked gently.

Rule: pure, and no input raises; what cannot be a web address is a `BadUrl` that says why. Two forms are made.
The *checked* form is what goes out: the page as named, in the one spelling that clients and servers agree on.
The *canonical* form names the page: the checked form without tracking parameters.
Source: RFC 3986 (5.2.4, 6.2.2), UTS #46 for international host names; the lists are in `urls.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from ipaddress import AddressValueError, IPv6Address
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

__all__ = [
    "HIGHEST_PORT",
    "BadUrl",
    "absolute_url",
    "canonical_url",
    "checked_url",
    "host_of",
    "origin_of",
    "pacing_key",
    "port_of",
    "same_site",
    "target_of",
]

#: RFC 9110, 4.1: the least length that everybody must support, and more than any article needs.
LONGEST_URL: Final = 8000
#: RFC 1035, 2.3.4.
LONGEST_HOST: Final = 253
HIGHEST_PORT: Final = 65535

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: RFC 3986, 3.3 and 3.4: what a path and a query may hold as it is; "%" is dealt with before.
_PATH_SAFE: Final = "/!$&'()*+,;=:@~%"
_QUERY_SAFE: Final = _PATH_SAFE + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadUrl:
    """Why something is no address that may be asked."""

    reason: str  #: scheme, host, port, length, characters
    detail: str  #: for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    scheme: str
    host: str  #: ASCII; IPv6 in brackets
    port: int | None  #: None for the scheme's own
    path: str
    query: str

    def text(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"


def checked_url(url: str) -> str | BadUrl:
    """The URL as it may be asked: ASCII, http or https, without userinfo, fragment or dot segments.

    Idempotent. Nothing that names the page is taken out.
    """
    parts = _parts(url)
    return parts if isinstance(parts, BadUrl) else parts.text()


def canonical_url(url: str) -> str:
    """The one name of the page: the checked form without tracking parameters; a bad URL stays as it is.

    Idempotent.
    """
    parts = _parts(url)
    if isinstance(parts, BadUrl):
        return url
    if _within(parts.host, _rules().archives):
        return parts.text()
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    return _Parts(
        scheme=parts.scheme, host=parts.host, port=parts.port, path=parts.path, query=query
    ).text()


def absolute_url(base: str, reference: str) -> str:
    """`reference` as seen from the page `base` (RFC 3986, 5.2); itself where the two cannot be joined."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return reference


def host_of(url: str) -> str:
    """The host, lower case, ASCII, without brackets or trailing dot; "" for a bad URL."""
    parts = _parts(url)
    return "" if isinstance(parts, BadUrl) else parts.host.strip("[]")


def port_of(url: str) -> int:
    """The port to connect to; 0 for a bad URL."""
    parts = _parts(url)
    return 0 if isinstance(parts, BadUrl) else parts.port or DEFAULT_PORTS[parts.scheme]


def origin_of(url: str) -> str:
    """`scheme://host[:port]`, the port only where it is not the scheme's own; "" for a bad URL (RFC 6454)."""
    parts = _parts(url)
    if isinstance(parts, BadUrl):
        return ""
    return _Parts(scheme=parts.scheme, host=parts.host, port=parts.port, path="", query="").text()


def target_of(url: str) -> str:
    """The path and query as they stand in a request line; "/" for a bad URL."""
    parts = _parts(url)
    if isinstance(parts, BadUrl):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def pacing_key(url: str) -> str:
    """Who must be asked gently: the host, or the platform that many sites share; "" for a bad URL."""
    host = host_of(url)
    return _within(host, _rules().platforms) or host


def same_site(one: str, other: str) -> bool:
    """Whether both URLs lie at one host or one of them below the other's; tenants of a platform are strangers."""
    first, second = sorted((_bare(host_of(one)), _bare(host_of(other))), key=len)
    if first == second:
        return first != ""
    shared = _within(first, _rules().platforms) == first
    return "." in first and not shared and second.endswith("." + first)


# -------------------------------------------------------------------------------------- reading


@lru_cache(maxsize=1024)
def _parts(url: str) -> _Parts | BadUrl:
    if len(url) > LONGEST_URL:
        return BadUrl(reason="length", detail=f"longer than {LONGEST_URL} characters")
    url = url.strip(" \t\r\n\f")
    if _CONTROL.search(url):
        return BadUrl(reason="characters", detail="holds control characters")
    try:
        split = urlsplit(url)
        netloc, scheme = split.netloc, split.scheme.lower()
    except ValueError as error:
        return BadUrl(reason="host", detail=f"cannot be read ({error})")
    if scheme not in DEFAULT_PORTS:
        return BadUrl(
            reason="scheme", detail=f"{scheme[:20] or 'no scheme'} is neither http nor https"
        )
    return _with_authority(scheme, netloc, path=split.path, query=split.query)


def _with_authority(scheme: str, netloc: str, *, path: str, query: str) -> _Parts | BadUrl:
    if "\\" in netloc:
        # Browsers read a backslash as a slash, others do not: two readers would see two hosts.
        return BadUrl(reason="host", detail="holds a backslash")
    host, port = _host_and_port(netloc.rpartition("@")[2])
    name = _ascii_host(host)
    if name is None:
        return BadUrl(reason="host", detail=f"{host[:80]!a} is no host name")
    number = _port(port)
    if number is None:
        return BadUrl(reason="port", detail=f"{port[:20]!a} is no port")
    parts = _Parts(
        scheme=scheme,
        host=name,
        port=None if number in {0, DEFAULT_PORTS[scheme]} else number,
        path=_path(path),
        query=_escaped(query, safe=_QUERY_SAFE),
    )
    if len(parts.text()) > LONGEST_URL:
        return BadUrl(reason="length", detail=f"longer than {LONGEST_URL} characters once escaped")
    return parts


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, port = authority.partition("]")
        return host + "]", port.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _port(text: str) -> int | None:
    """The port number, 0 where none is given, None where it is no port."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST_PORT))):
        return None
    number = int(text)
    return number if 0 < number <= HIGHEST_PORT else None


def _ascii_host(host: str) -> str | None:
    if host.startswith("["):
        return _ipv6_host(host[1:-1])
    if len(host) > LONGEST_HOST:
        return None
    if not host.isascii():
        host = _idna(host)
    host = host.lower().removesuffix(".")
    return host if len(host) <= LONGEST_HOST and _HOST.fullmatch(host) else None


def _ipv6_host(text: str) -> str | None:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    return None if address.scope_id else f"[{address.compressed}]"


def _idna(host: str) -> str:
    # Imported late: its tables are large, and nearly every host is ASCII.
    import idna

    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _path(path: str) -> str:
    escaped = _escaped(path, safe=_PATH_SAFE)
    return "/" + _without_dots(escaped.removeprefix("/"))


def _escaped(text: str, *, safe: str) -> str:
    """Text with everything escaped that must be, nothing that need not be, in capital digits (RFC 3986, 6.2.2)."""
    return quote(_ESCAPE.sub(_one_escape, text), safe=safe, errors="replace")


def _one_escape(match: re.Match[str]) -> str:
    digits = match.group(1)
    if digits is None:
        return "%25"
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


def _without_dots(path: str) -> str:
    """The path without its leading slash and without `.` and `..` segments (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."} and kept:
        kept.append("")
    return "/".join(kept)


# ------------------------------------------------------------------------------------------ rules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    prefixes: tuple[str, ...]
    names: frozenset[str]
    archives: frozenset[str]
    platforms: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    table: dict[str, Any] = tomllib.loads(
        files("crawler").joinpath("urls.toml").read_text(encoding="utf-8")
    )
    return _Rules(
        prefixes=tuple(table["tracking"]["prefixes"]),
        names=frozenset(table["tracking"]["names"]),
        archives=frozenset(table["archives"]["hosts"]),
        platforms=frozenset(table["platforms"]["domains"]),
    )


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _rules().names or name.startswith(_rules().prefixes)


def _within(host: str, domains: frozenset[str]) -> str:
    """The domain of the set that is `host` or lies above it, "" if none."""
    while host:
        if host in domains:
            return host
        host = host.partition(".")[2]
    return ""


def _bare(host: str) -> str:
    return host.removeprefix("www.")
