"""Outlets as `seeds/outlets.toml` tells them, and the book that knows an outlet by any usual name or host.

Rule: text in, records out; who reads the file hands over its text and path. What an operator got wrong is a
`SeedError` with line, field and mend.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from crawler.errors import SeedError
from crawler.outlet_names import as_domain, bare_host, name_key, name_keys, unbracketed
from db.model import Outlet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["KINDS", "OutletBook", "parsed_outlets"]

#: What an outlet may be.
KINDS: Final = ("news", "agency", "government", "think_tank", "journal", "other")

_TABLE: Final = re.compile(r"^\s*\[\[\s*outlet\s*\]\]")
_TOML_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_HOST: Final = re.compile(r"^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
_URL: Final = re.compile(r"^https?://[^\s/]+\.[^\s/]+(?:/\S*)?$")
#: What a bracket behind a name says that fits any outlet, and countries as they are written there.
_SAYS_NOTHING: Final = frozenset({"", "website", "online", "newspaper", "magazine", "news agency"})
_COUNTRIES: Final = {"uk": "gb", "usa": "us", "united kingdom": "gb", "united states": "us"}
_COUNTRY: Final = re.compile(r"^[a-z]{2}$")
_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")


class OutletBook:
    """The outlets that are known, by name and by host."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._outlets = tuple(outlets)
        self._by_key: dict[str, Outlet] = {}
        self._by_host: dict[str, Outlet] = {}
        for outlet in self._outlets:
            self._enter(outlet)
        self._by_loose_key = _unambiguous(self._outlets)

    def _enter(self, outlet: Outlet) -> None:
        for name in (outlet.name, *outlet.aliases):
            self._by_key.setdefault(name_key(name), outlet)
        for host in (*outlet.hosts, *outlet.former_hosts):
            self._by_host.setdefault(bare_host(host), outlet)

    def named(self, name: str | None) -> Outlet | None:
        """The outlet of this name, alias, abbreviation or domain.

        A domain that no outlet has gives an outlet made of it; None for any other unknown name.
        """
        if not name:
            return None
        by_key = self._by_key.get(name_key(name))
        if by_key is not None:
            return by_key
        domain = as_domain(name)
        if domain is not None:
            return self.of_host(domain) or _made_of(domain)
        return self._loosely(name) or self._bracketed(name)

    def _loosely(self, name: str) -> Outlet | None:
        keys = (key for key in name_keys(name) if key in self._by_loose_key)
        return next((self._by_loose_key[key] for key in keys), None)

    def _bracketed(self, name: str) -> Outlet | None:
        """The outlet of the name before a bracket that names it too: `(AP)`, `(UK)`, `(website)`.

        Any other bracket tells this outlet from the one that is known: `The Nation (Kenya)`.
        """
        before, bracket = unbracketed(name)
        key = name_key(bracket)
        outlet = (self._by_key.get(name_key(before)) or self._loosely(before)) if before else None
        if outlet is None:
            return None
        is_its_own = self._by_key.get(key) is outlet or key in _SAYS_NOTHING
        return outlet if is_its_own or _COUNTRIES.get(key, key) == outlet.country else None

    def of_host(self, host: str | None) -> Outlet | None:
        """The outlet whose pages live at this host, or at the longest suffix of it that is known."""
        labels = bare_host(host or "").split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._by_host[host] for host in suffixes if host in self._by_host), None)

    def all(self) -> tuple[Outlet, ...]:
        """Every outlet, in the order given."""
        return self._outlets


def parsed_outlets(toml_text: str, *, path: str) -> tuple[Outlet, ...]:
    """The outlets that a seed file tells, in its order.

    Raises: SeedError, the operator's: broken TOML, an unknown or malformed field, a name given twice.
    """
    tables = _tables(toml_text, path)
    lines = [
        number for number, line in enumerate(toml_text.splitlines(), start=1) if _TABLE.match(line)
    ]
    outlets: list[Outlet] = []
    for place, table in enumerate(tables):
        line = lines[place] if place < len(lines) else None
        outlets.append(_outlet(table, path=path, line=line))
    _refuse_doubles(outlets, lines, path)
    return tuple(outlets)


def _tables(toml_text: str, path: str) -> Sequence[Any]:
    try:
        content = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        raise SeedError(
            f"this is not TOML: {error}",
            path=path,
            line=int(found[1]) if found else max(1, len(toml_text.splitlines())),
            mend="mend the line, or take the file as shipped",
        ) from error
    except RecursionError as error:
        raise SeedError("this is nested too deeply to be TOML for outlets", path=path) from error
    unknown = sorted(set(content) - {"outlet"})
    if unknown:
        raise SeedError(
            f"unknown table or field {unknown[0]!r}",
            path=path,
            mend="only [[outlet]] tables stand here",
        )
    tables = content.get("outlet", [])
    if not isinstance(tables, list):
        raise SeedError(
            "outlet is no list of tables", path=path, mend="write [[outlet]], twice bracketed"
        )
    return tables


def _outlet(table: Any, *, path: str, line: int | None) -> Outlet:
    wrong = (
        _first_wrong(table)
        if isinstance(table, dict)
        else ("this is no table", "outlet", _AS_TABLE)
    )
    if wrong is not None:
        what, field, mend = wrong
        raise SeedError(what, path=path, line=line, field=field, mend=mend)
    return Outlet(**{name: _frozen(value) for name, value in table.items()})


def _first_wrong(table: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What is wrong, in which field, and its mend; None for a table that can be used."""
    for field in table:
        if field not in _FIELDS:
            return "unknown field", field, f"known fields are {', '.join(_FIELDS)}"
    for field, (accepts, mend) in _FIELDS.items():
        if field in table and not accepts(table[field]):
            return f"{table[field]!r} cannot be used", field, mend
    missing = [field for field in ("name", "source") if field not in table]
    return ("missing", missing[0], _FIELDS[missing[0]][1]) if missing else None


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _refuse_doubles(outlets: Sequence[Outlet], lines: Sequence[int], path: str) -> None:
    """A name or host that two outlets share would answer for the wrong one of them."""
    seen: dict[tuple[str, str], Outlet] = {}
    for place, outlet in enumerate(outlets):
        for field, key, shown in _claims(outlet):
            holder = seen.setdefault((field, key), outlet)
            if holder is not outlet:
                raise SeedError(
                    f"{shown!r} already belongs to {holder.name!r}",
                    path=path,
                    line=lines[place] if place < len(lines) else None,
                    field=field,
                    mend="keep it with one of the two; leave out what could mean both",
                )


def _claims(outlet: Outlet) -> Iterator[tuple[str, str, str]]:
    """What only one outlet may hold: (field, key, as written)."""
    for name in (outlet.name, *outlet.aliases):
        yield "name or alias", name_key(name), name
    for host in (*outlet.hosts, *outlet.former_hosts):
        yield "host", bare_host(host), host


def _unambiguous(outlets: Iterable[Outlet]) -> Mapping[str, Outlet]:
    """Loose keys (without article or tail) that mean one outlet only."""
    found: dict[str, set[int]] = {}
    by_id: dict[int, Outlet] = {}
    for outlet in outlets:
        by_id[id(outlet)] = outlet
        for name in (outlet.name, *outlet.aliases):
            for key in name_keys(name):
                found.setdefault(key, set()).add(id(outlet))
    return {key: by_id[next(iter(ids))] for key, ids in found.items() if len(ids) == 1}


def _made_of(domain: str) -> Outlet:
    return Outlet(
        name=domain, hosts=(domain,), kind="other", source="the name as cited is a domain"
    )


def _strings(pattern: re.Pattern[str] | None = None) -> Callable[[Any], bool]:
    def accepts(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(one, str) and one.strip() and (pattern is None or pattern.match(one))
            for one in value
        )

    return accepts


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_AS_TABLE: Final = "write [[outlet]] and its fields below it"
_URLS: Final = (_strings(_URL), "write a list of http(s) URLs")
_HOSTS: Final = (
    _strings(_HOST),
    'write a list of hosts in lower case without scheme: ["www.a.example"]',
)
_FIELDS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "name": (_text, "write the outlet's name as text"),
    "aliases": (_strings(), "write a list of names"),
    "kind": (lambda value: value in KINDS, f"write one of {', '.join(KINDS)}"),
    "country": (
        lambda value: isinstance(value, str) and bool(_COUNTRY.match(value)),
        'write an ISO 3166 code in lower case: "de"',
    ),
    "languages": (_strings(_LANGUAGE), 'write a list of BCP 47 tags: ["en"]'),
    "hosts": _HOSTS,
    "former_hosts": _HOSTS,
    "feeds": _URLS,
    "sitemaps": _URLS,
    "news_sitemaps": _URLS,
    "source": (_text, 'say where the facts come from: "general knowledge (not checked live)"'),
}
