"""The book of outlets: an outlet by any usual name or host. Pure, on any text.

A name is looked up as it is written, then in ever looser forms; each looser form counts only where it means one
outlet. Nothing here guesses: what no outlet is known by is looked for by `crawler.resolve.naming`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from crawler.outlet_names import (
    as_domain,
    bare_host,
    country_of,
    domain_within,
    editions,
    host_label,
    name_key,
    name_keys,
    squeezed,
    unbracketed,
)
from db.model import Outlet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["OutletBook"]

#: What a bracket behind a name says that fits any outlet.
_SAYS_NOTHING: Final = frozenset({"", "website", "online", "newspaper", "magazine", "news agency"})
#: Subdomains that are other doors to the same pages.
_DOORS: Final = ("m.", "mobile.", "amp.")
#: A host's label shorter than this is no name by itself: too many outlets are called so somewhere.
LABEL_CHARS: Final = 4


class OutletBook:
    """The outlets that are known, by name and by host."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        """Where two outlets claim one name or host, it is the first one's."""
        self._outlets = tuple(outlets)
        self._by_key: dict[str, Outlet] = {}
        self._by_host: dict[str, Outlet] = {}
        for outlet in self._outlets:
            self._enter(outlet)
        self._by_loose_key = _unambiguous(self._outlets, _loose_keys)
        self._by_squeezed = _unambiguous(self._outlets, _run_together)

    def _enter(self, outlet: Outlet) -> None:
        for name in _names(outlet):
            self._by_key.setdefault(name_key(name), outlet)
        for host in (*outlet.hosts, *outlet.former_hosts):
            self._by_host.setdefault(bare_host(host), outlet)

    def named(self, name: str | None) -> Outlet | None:
        """The outlet of this name, alias, abbreviation or domain.

        A domain that no outlet has gives an outlet made of it, a section's host below an outlet's the outlet with
        that host before its others; None for any other unknown name.
        """
        if not name:
            return None
        by_key = self._by_key.get(name_key(name))
        if by_key is not None:
            return by_key
        domain = as_domain(name)
        if domain is not None:
            return self._at(domain)
        found = self._loosely(name) or self._bracketed(name) or self._edition(name)
        if found is None and (within := domain_within(name)):
            found = self._at(within)
        return found

    def titled(self, name: str) -> Outlet | None:
        """The outlet of exactly this name or alias, but for case, accents and punctuation."""
        return self._by_key.get(name_key(name))

    def _at(self, domain: str) -> Outlet:
        """The outlet of a cited domain."""
        outlet = self.of_host(domain)
        if outlet is None:
            return _made_of(domain)
        door = next((domain.removeprefix(one) for one in _DOORS if domain.startswith(one)), domain)
        if door in {bare_host(host) for host in (*outlet.hosts, *outlet.former_hosts)}:
            return outlet
        # A section with a host of its own: its indexes are looked for there, and the outlet's pages stay its own.
        return dataclasses.replace(
            outlet, hosts=(domain, *outlet.hosts), feeds=(), sitemaps=(), news_sitemaps=()
        )

    def _loosely(self, name: str) -> Outlet | None:
        keys = (key for key in name_keys(name) if key in self._by_loose_key)
        found = next((self._by_loose_key[key] for key in keys), None)
        return found or self._by_squeezed.get(squeezed(name))

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
        return outlet if is_its_own or country_of(key) == outlet.country else None

    def _edition(self, name: str) -> Outlet | None:
        """The outlet of a name with its own country behind it: `The Guardian UK`.

        Another country's edition is another outlet, as far as is known here: `Vogue India`.
        """
        for before, country in editions(name):
            outlet = self._by_key.get(before) or self._loosely(before)
            if outlet is not None and outlet.country == country:
                return outlet
        return None

    def of_host(self, host: str | None) -> Outlet | None:
        """The outlet whose pages live at this host, or at the longest suffix of it that is known."""
        labels = bare_host(host or "").split(".")
        suffixes = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._by_host[host] for host in suffixes if host in self._by_host), None)

    def behind(self, added: Sequence[Outlet]) -> OutletBook:
        """A book of what was `added` and, behind it, of these outlets but those whose names are among its names."""
        instead = {name_key(name) for outlet in added for name in _names(outlet)}
        kept = (one for one in self._outlets if name_key(one.name) not in instead)
        return OutletBook((*added, *kept)) if added else self

    def all(self) -> tuple[Outlet, ...]:
        """Every outlet, in the order given."""
        return self._outlets


def _names(outlet: Outlet) -> tuple[str, ...]:
    return (outlet.name, *outlet.aliases)


def _loose_keys(outlet: Outlet) -> Iterator[str]:
    for name in _names(outlet):
        yield from name_keys(name)


def _run_together(outlet: Outlet) -> Iterator[str]:
    """The names without spaces, and the hosts' labels that abbreviate them: `cbsnews`, `nytimes`.

    A label that is a part of a longer name means many outlets: `dailynews` of a city's Daily News.
    """
    names = {squeezed(name) for name in _names(outlet)}
    yield from names
    for host in (*outlet.hosts, *outlet.former_hosts):
        label = host_label(host)
        if len(label) >= LABEL_CHARS and not any(label in name for name in names):
            yield label


def _unambiguous(
    outlets: Iterable[Outlet], keys_of: Callable[[Outlet], Iterable[str]]
) -> Mapping[str, Outlet]:
    """Keys that mean one outlet only."""
    found: dict[str, set[int]] = {}
    by_id: dict[int, Outlet] = {}
    for outlet in outlets:
        by_id[id(outlet)] = outlet
        for key in keys_of(outlet):
            found.setdefault(key, set()).add(id(outlet))
    return {key: by_id[next(iter(ids))] for key, ids in found.items() if key and len(ids) == 1}


def _made_of(domain: str) -> Outlet:
    return Outlet(
        name=domain, hosts=(domain,), kind="other", source="the name as cited is a domain"
    )
