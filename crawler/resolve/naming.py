"""From an outlet's name that no seed knows to its hosts: Wikidata first, then the name as a domain.

A generator without IO, so that driver, budget, journal and replay hold for it. Who is already known by a host keeps
its own record. What comes of it is a hint with its source, never a certainty: see `Named.is_guess`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from crawler.outlet_names import bare_host
from crawler.resolve.name_domains import at_a_domain_of_its_name
from crawler.resolve.wikidata import known_to_wikidata

if TYPE_CHECKING:
    from crawler.resolve.named import Named, Naming
    from crawler.resolve.outlets import OutletBook

__all__ = ["outlet_named"]


def outlet_named(name: str, *, book: OutletBook, language: str = "") -> Naming:
    """The outlet of a name; `language` is the cited work's, "" where it is unknown."""
    first = yield from known_to_wikidata(name, language=language)
    if first.outlet is not None:
        return _as_known(first, book)
    second = yield from at_a_domain_of_its_name(name, language=language)
    both = dataclasses.replace(
        second,
        detail=f"{first.detail}; {second.detail}",
        is_settled=second.is_settled and (first.is_settled or _is_confirmed(second)),
    )
    return _as_known(both, book)


def _is_confirmed(named: Named) -> bool:
    return named.outlet is not None and not named.is_guess


def _as_known(named: Named, book: OutletBook) -> Named:
    """The same with the book's outlet where all that was found lives at that one's hosts."""
    hosts = named.outlet.hosts if named.outlet else ()
    known = book.of_host(hosts[0]) if hosts else None
    if known is None or named.is_guess:
        return named
    own = {bare_host(host) for host in (*known.hosts, *known.former_hosts)}
    return dataclasses.replace(named, outlet=known) if own >= set(map(bare_host, hosts)) else named
