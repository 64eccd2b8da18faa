"""What a robots.txt allows: RFC 9309, through protego.

Rule: pure. Only the groups that speak to us or to everyone are handed to protego, because its work grows with the
square of the user agents in a group, and because it takes `cite` for `citehound`.
Source: RFC 9309 (2.2 groups and rules, 2.3.1 status classes, 2.5 limits). Crawl-delay is not in it and is honoured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from protego import Protego

from db.model import RobotsRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from crawler.fetch.limits import SiteLimits

__all__ = [
    "PRODUCT_TOKEN",
    "RobotsVerdict",
    "crawl_delay_s",
    "is_fresh",
    "obeyed_text",
    "robots_row",
    "sitemaps",
    "verdict",
]

PRODUCT_TOKEN: Final = "citehound"  # noqa: S105 - a name, no secret

#: RFC 9309, 2.5: the least that must be parsed.
OBEYED_BYTES: Final = 500 * 1024
#: Sitemaps that one robots.txt may name.
MOST_SITEMAPS: Final = 500

_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERRORS: Final = 500

#: As generous with spelling as protego is.
_USER_AGENT: Final = re.compile(
    r"(?:user[- ]?agent)\s*(?::|\s)\s*(?P<name>\S{0,200})", re.IGNORECASE
)
_RULE: Final = re.compile(
    r"(?:allow|dis+al+ow|diasllow|disallaw|crawl[- ]delay)\s*(?::|\s)", re.IGNORECASE
)
_GLOBAL: Final = re.compile(r"site-?maps?\s*(?::|\s)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[a-z_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """Whether a URL may be asked, and how gently."""

    allowed: bool
    why: str
    crawl_delay_s: float = 0.0


def robots_row(
    origin: str, *, status: int | None, body: bytes, detail: str, fetched_at: datetime
) -> RobotsRow:
    """What to remember of one attempt to get a robots.txt; `status` None where no answer came.

    Status classes by RFC 9309, 2.3.1: 2xx gives rules, 4xx is unavailable and allows all, 5xx and no answer are
    unreachable and allow nothing. Stricter than the RFC: 429 is a host that wants rest, not one without rules. A
    redirect that leads nowhere is unavailable (2.3.1.2).
    """
    if status is None or status >= _SERVER_ERRORS or status == _TOO_MANY_REQUESTS:
        state, text = "unreachable", ""
    elif 200 <= status < 300:  # noqa: PLR2004 - the class of success
        state, text = "rules", obeyed_text(body)
    else:
        state, text = "unavailable", ""
    return RobotsRow(
        origin=origin,
        status=state,
        http_status=status,
        text=text,
        fetched_at=fetched_at,
        detail=detail,
    )


def obeyed_text(body: bytes) -> str:
    """The part of a robots.txt that is obeyed: the first 500 KiB, cut at a line."""
    if len(body) > OBEYED_BYTES:
        body = body[:OBEYED_BYTES]
        end = max(body.rfind(b"\n"), body.rfind(b"\r"))
        body = body[: end + 1] if end >= 0 else b""
    return body.decode("utf-8-sig", "replace").replace("\0", "")


def is_fresh(row: RobotsRow, *, now: datetime, limits: SiteLimits) -> bool:
    """Whether the row may still be obeyed without asking again.

    A row may be ahead of the clock: a recording's stands still while what it answers was dated as the run went on. One
    from further ahead than a day tells of a clock that was set wrong.
    """
    lasts_s = limits.robots_fresh_s
    if row.status == "unreachable":
        answered = row.http_status is not None
        lasts_s = limits.robots_ask_again_s if answered else limits.robots_no_answer_s
    ahead = timedelta(seconds=limits.robots_fresh_s)
    return row.fetched_at - ahead <= now < row.fetched_at + timedelta(seconds=lasts_s)


def verdict(row: RobotsRow, url: str, *, token: str = PRODUCT_TOKEN) -> RobotsVerdict:
    """What the row says of a URL of its origin."""
    if row.status == "unreachable":
        return RobotsVerdict(allowed=False, why=f"robots.txt is unreachable: {row.detail}")
    if row.status == "unavailable":
        return RobotsVerdict(allowed=True, why=f"there is no robots.txt ({row.http_status})")
    rules = _rules(row.text, token)
    allowed = rules.can_fetch(url, token)
    return RobotsVerdict(
        allowed=allowed,
        why="robots.txt allows it" if allowed else "robots.txt disallows it",
        crawl_delay_s=crawl_delay_s(row, token=token),
    )


def crawl_delay_s(row: RobotsRow, *, token: str = PRODUCT_TOKEN) -> float:
    """The seconds between two requests that the row asks for, 0 where it asks for none."""
    return (_rules(row.text, token).crawl_delay(token) or 0.0) if row.status == "rules" else 0.0


def sitemaps(row: RobotsRow) -> tuple[str, ...]:
    """The sitemaps that the row names, in its order, none twice."""
    if row.status != "rules":
        return ()
    return tuple(dict.fromkeys(_rules(row.text, PRODUCT_TOKEN).sitemaps))[:MOST_SITEMAPS]


@lru_cache(maxsize=128)
def _rules(text: str, token: str) -> Protego:
    return Protego.parse("\n".join(_relevant(text, token)))


def _relevant(text: str, token: str) -> Iterator[str]:
    """The lines that may concern `token`: its groups, everyone's groups, and sitemaps."""
    names: set[str] = set()
    in_rules = True
    for line in text.splitlines():
        bare = line.partition("#")[0].strip()
        agent = _USER_AGENT.match(bare)
        if agent:
            names = set() if in_rules else names
            in_rules = False
            name = _addressed(agent["name"].lower(), token)
            if name and name not in names:
                names.add(name)
                yield f"User-agent: {name}"
        elif _GLOBAL.match(bare):
            yield bare
        elif _RULE.match(bare):
            in_rules = True
            if names:
                yield bare


def _addressed(name: str, token: str) -> str:
    """`token` or `*` when the line speaks to us, else ""."""
    if name == "*":
        return name
    product = _TOKEN.match(name)
    return token if product and product[0] == token else ""
