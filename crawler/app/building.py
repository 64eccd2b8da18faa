"""Builds the parts of a command from its settings: the wire, the fetcher, the workers, the outlets.

Whatever an operator can get wrong is found here, before any file is made.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigError, SeedError
from crawler.fetch.clock import RealClock, TapeClock
from crawler.memory import PassingMemory, StoredMemory
from crawler.plugins import resolvers
from crawler.resolve.builtin import resolvers as builtin_resolvers
from crawler.resolve.outlet_seeds import parsed_outlets
from crawler.resolve.outlets import OutletBook
from crawler.resolve.save_page_now import SaveKeys
from crawler.urls import host_of, port_of
from crawler.workers import InlineWorkers, ProcessWorkers
from db.ids import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.config import Settings
    from crawler.journal import StoreThread
    from crawler.protocols import Clock, Fetcher, Resolver, Wire, Workers
    from db.model import Outlet

__all__ = [
    "Web",
    "built_fetcher",
    "built_resolvers",
    "built_wire",
    "built_workers",
    "config_digest",
    "outlet_book",
    "save_keys",
]

#: Seconds between requests to one real host that no operator may go below.
LEAST_GAP_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """How this command reaches the web."""

    record: str | None = None
    replay: str | None = None
    connect_to: tuple[str, ...] = ()


def outlet_book(folder: Path, *, added: Sequence[Outlet] = ()) -> OutletBook:
    """The outlets of `outlets.toml` and of every `*/outlets.toml` below it, in the order of their names.

    What the operator `added` comes first, and stands instead of the seeds' outlets of its names.
    """
    files = [folder / "outlets.toml", *sorted(folder.glob("*/outlets.toml"))]
    seeds = OutletBook(outlet for file in files for outlet in _outlets(file))
    return seeds.behind(added)


def _outlets(file: Path) -> tuple[Outlet, ...]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(
            f"cannot be read ({error})", path=str(file), mend="mend or remove it"
        ) from error
    return parsed_outlets(text, path=str(file))


def config_digest(settings: Settings) -> str:
    """A digest of every setting that may change an answer; secrets, places and times of day do not."""
    ignored = {"db", "seeds", "contact", "jobs", "schedule.cron", "schedule.timezone"}
    parts = [
        f"{setting.name}={value.text}"
        for setting, value in settings.items()
        if setting.name not in ignored and not setting.secret
    ]
    return digest(*parts)


def built_wire(settings: Settings, web: Web) -> tuple[Clock, Wire]:
    """The clock and the wire: live, recorded or replayed."""
    _check_manners(settings, web)
    if web.replay:
        if web.record or web.connect_to:
            raise ConfigError(
                "--replay answers by itself", mend="leave out --record and --connect-to"
            )
        from crawler.fetch.tapes import TapePlayer

        player = TapePlayer.open(web.replay)
        return TapeClock(player.started_at), player
    clock = RealClock()
    live = _live_wire(settings, web, clock)
    if not web.record:
        return clock, live
    from crawler.fetch.tapes import TapeRecorder

    return clock, TapeRecorder(live, web.record, clock=clock)


def _check_manners(settings: Settings, web: Web) -> None:
    """ConfigError where the settings would hurry real sites or services."""
    hurried = (
        settings.number("services.pace_scale") < 1 or settings.number("fetch.gap_s") < LEAST_GAP_S
    )
    if hurried and not web.connect_to and not web.replay:
        raise ConfigError(
            "services.pace_scale below 1 and fetch.gap_s below 1 would hurry real sites",
            mend="use them with --connect-to only",
        )


def _live_wire(settings: Settings, web: Web, clock: Clock) -> Wire:
    from crawler.fetch.connections import connect_to
    from crawler.fetch.http import HttpWire

    return HttpWire(
        clock=clock,
        connect_to=tuple(connect_to(text) for text in web.connect_to),
        allowed_endpoints=tuple(map(_endpoint_of, _own_services(settings).values())),
        ports=settings.numbers("fetch.ports"),
    )


def built_fetcher(
    settings: Settings, wire: Wire, *, clock: Clock, thread: StoreThread, replayed: bool
) -> Fetcher:
    """The one door to the web, with the operator's manners and the store's memory."""
    from crawler.fetch.client import HttpFetcher
    from crawler.fetch.limits import limits

    return HttpFetcher(
        wire,
        memory=PassingMemory() if replayed else StoredMemory(thread),
        clock=clock,
        user_agent=user_agent(settings["contact"]),
        limits=limits() if settings["contact"] else limits().anonymous(),
        gap_s=settings.number("fetch.gap_s"),
        endpoints=_own_services(settings),
        pace_scale=settings.number("services.pace_scale"),
    )


def built_resolvers(settings: Settings) -> tuple[Resolver, ...]:
    """The resolvers that the settings turn on, then those of third parties, in the order in which they are asked."""
    return resolvers(
        builtin_resolvers(
            searxng_url=settings["searxng.url"] or None,
            brave_token=settings["brave.token"] or None,
            bing=settings.yes("newsfeeds.bing"),
            google=settings.yes("newsfeeds.google"),
        )
    )


def save_keys(settings: Settings) -> SaveKeys | None:
    """The keys with which pages are saved, None where the operator set none; ConfigError for one without the other."""
    names = ("archives.save_access", "archives.save_secret")
    access, secret = (settings[name] for name in names)
    if not access and not secret:
        return None
    if access and secret:
        return SaveKeys(access=access, secret=secret)
    there, missing = names if access else reversed(names)
    raise ConfigError(
        f"{there} is set, but {missing} is not",
        where=settings.origin(there),
        mend="set both to have pages saved, or neither",
    )


def _endpoint_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port: exactly where a service that the operator named may be asked."""
    return url.partition("://")[0].lower(), host_of(url), port_of(url)


def _own_services(settings: Settings) -> dict[str, str]:
    """The services that the operator runs, by name, with their URLs: these alone may be at private addresses."""
    return {"searxng": url} if (url := settings["searxng.url"]) else {}


def user_agent(contact: str) -> str:
    """What every request says of itself, with the operator's address where there is one."""
    name = f"citehound/{version('citehound')}"
    if not contact:
        return name
    return f"{name} (+{contact if '://' in contact else 'mailto:' + contact})"


def built_workers(jobs: int) -> Workers:
    """So many worker processes; 0: one a core, 1: none."""
    if jobs == 1:
        return InlineWorkers()
    return ProcessWorkers(jobs or os.cpu_count() or 1)
