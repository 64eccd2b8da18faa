"""What the fields of an outlet may hold: one table for the seed file and for what an operator adds. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["AS_TABLE", "KINDS", "first_wrong"]

#: What an outlet may be.
KINDS: Final = ("news", "agency", "government", "think_tank", "journal", "other")
#: How a table of the seed file is written.
AS_TABLE: Final = "write [[outlet]] and its fields below it"

_HOST: Final = re.compile(r"^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$")
_URL: Final = re.compile(r"^https?://[^\s/]+\.[^\s/]+(?:/\S*)?$")
_COUNTRY: Final = re.compile(r"^[a-z]{2}$")
_LANGUAGE: Final = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")


def first_wrong(table: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """What is wrong, in which field, and its mend; None for a table that can be used."""
    for field in table:
        if field not in _FIELDS:
            return "unknown field", field, f"known fields are {', '.join(_FIELDS)}"
    for field, (accepts, mend) in _FIELDS.items():
        if field in table and not accepts(table[field]):
            return f"{table[field]!r} cannot be used", field, mend
    missing = [field for field in ("name", "source") if field not in table]
    return ("missing", missing[0], _FIELDS[missing[0]][1]) if missing else None


def _strings(pattern: re.Pattern[str] | None = None) -> Callable[[Any], bool]:
    def accepts(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(one, str) and one.strip() and (pattern is None or pattern.match(one))
            for one in value
        )

    return accepts


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


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
