"""An outlet as an operator adds or corrects it. Pure: the known outlet and what is given in, the new one out."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from crawler.errors import ConfigError
from crawler.outlet_names import bare_host, name_key
from crawler.resolve.outlet_fields import first_wrong
from db.model import Outlet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.resolve.outlets import OutletBook

__all__ = ["changed_outlet"]


def changed_outlet(
    name: str, given: Mapping[str, Any], *, known: Outlet | None, book: OutletBook, source: str
) -> Outlet:
    """The outlet with the given fields in place of those of `known`; a new one where nobody is known.

    A changed name keeps the one before as an alias, so that citations of it are still understood.

    Raises: ConfigError, the operator's: a field that cannot be used, a new outlet without a host, or a name or
    host that another outlet of the book has.
    """
    fields = {field: value for field, value in given.items() if value}
    wrong = first_wrong({"name": name, **fields, "source": source})
    if wrong is not None:
        what, field, mend = wrong
        raise ConfigError(what, where=field, mend=mend)
    frozen: dict[str, Any] = {
        field: tuple(value) if isinstance(value, list) else value for field, value in fields.items()
    }
    base = known or Outlet(name=name)
    outlet = dataclasses.replace(base, **{**frozen, "source": source})
    if name_key(outlet.name) != name_key(base.name) and base.name not in outlet.aliases:
        outlet = dataclasses.replace(outlet, aliases=(*outlet.aliases, base.name))
    if not outlet.hosts:
        raise ConfigError(
            f"{outlet.name!r} has no host", where="hosts", mend="say where its pages live: --host"
        )
    _refuse_what_others_have(outlet, base, book)
    return outlet


def _refuse_what_others_have(outlet: Outlet, base: Outlet, book: OutletBook) -> None:
    names = {name_key(name): name for name in (outlet.name, *outlet.aliases)}
    hosts = {bare_host(host): host for host in (*outlet.hosts, *outlet.former_hosts)}
    for other in book.all():
        if name_key(other.name) == name_key(base.name):
            continue
        held = [
            names[key] for one in (other.name, *other.aliases) if (key := name_key(one)) in names
        ]
        held += [
            hosts[key]
            for one in (*other.hosts, *other.former_hosts)
            if (key := bare_host(one)) in hosts
        ]
        if held:
            raise ConfigError(
                f"{held[0]!r} already belongs to {other.name!r}",
                mend="correct that one, or leave out what could mean both",
            )
