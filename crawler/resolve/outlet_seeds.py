"""Outlets as `seeds/outlets.toml` tells them.

Rule: text in, records out; who reads the file hands over its text and path. What an operator got wrong is a
`SeedError` with line, field and mend.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from crawler.errors import SeedError
from crawler.outlet_names import bare_host, name_key
from crawler.resolve.outlet_fields import AS_TABLE, first_wrong
from db.model import Outlet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["parsed_outlets"]

_TABLE: Final = re.compile(r"^\s*\[\[\s*outlet\s*\]\]")
_TOML_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


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
        first_wrong(table) if isinstance(table, dict) else ("this is no table", "outlet", AS_TABLE)
    )
    if wrong is not None:
        what, field, mend = wrong
        raise SeedError(what, path=path, line=line, field=field, mend=mend)
    return Outlet(**{name: _frozen(value) for name, value in table.items()})


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
