"""The prefixes below which an outlet's articles of some days live, learned from addresses that are known of it. Pure.

Addresses that spell a day (`/world/2026/01/30/…`) give the prefix of the cited day; others the section that they
begin with (`/world/…`). What most addresses share comes first.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.outlet_names import bare_host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from db.model import DateWindow

__all__ = ["prefixes"]

#: Addresses read, and characters of each path.
READ: Final = 6_000
PATH_CHARS: Final = 300

#: A day or a month in a path, with what stands before it: at most three segments.
_DATED: Final = re.compile(
    r"^/((?:[^/]{1,40}/){0,3}?)((?:19|20)[0-9]{2})/([0-9]{1,2}|[a-zA-Z]{3})/(?:([0-9]{1,2})/)?"
)
#: The first segment of an address that has more than one.
_SECTION: Final = re.compile(r"^/([^/.?]{2,40})/[^/]")
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def prefixes(urls: Iterable[str], window: DateWindow, *, limit: int) -> tuple[str, ...]:
    """At most `limit` prefixes, host first and with a final slash; those that hold the cited days before sections."""
    dated: Counter[str] = Counter()
    sections: Counter[str] = Counter()
    for _, url in zip(range(READ), urls, strict=False):
        host, path = _host_and_path(url)
        if not host:
            continue
        if found := _DATED.match(path):
            dated[f"{host}/{_of_days(found, window)}"] += 1
        elif found := _SECTION.match(path):
            sections[f"{host}/{found[1]}/"] += 1
    order = [*_by_count(dated), *_by_count(sections)]
    return tuple(order[:limit])


def _host_and_path(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return bare_host(parts.hostname or ""), parts.path[:PATH_CHARS]
    except ValueError:
        return "", ""


def _of_days(found: re.Match[str], window: DateWindow) -> str:
    """What stands before the days, then the cited year, month and day as this outlet writes them."""
    before, _, month, day = found.groups()
    first, last = window.first_on, window.last_on
    year = f"{before}{first.year:04d}/"
    if (first.year, first.month) != (last.year, last.month):
        return year if first.year == last.year else before
    named = not month.isdigit()
    written = _like(month, _MONTHS[first.month - 1]) if named else _padded(first.month, month)
    if day is None or first != last:
        return f"{year}{written}/"
    return f"{year}{written}/{_padded(first.day, day)}/"


def _like(sample: str, word: str) -> str:
    if sample.isupper():
        return word.upper()
    return word.title() if sample[0].isupper() else word


def _padded(number: int, sample: str) -> str:
    """With a leading zero, unless the sample shows that there is none."""
    return str(number) if len(sample) == 1 else f"{number:02d}"


def _by_count(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda prefix: (-counted[prefix], prefix))
