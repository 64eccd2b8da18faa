"""What commands share: the options that every one takes, and what is built from them.

The global options stand before or after the command's name; after wins.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from crawler.config import Settings

__all__ = ["Common", "as_json", "common_options", "emit", "network_options"]

P = ParamSpec("P")
R = TypeVar("R")

#: Option → the setting that it overrides.
_FLAGS: Final = {"db": "db", "seeds": "seeds", "jobs": "jobs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The options that commands share, and the settings that follow."""

    settings: Settings
    as_json: bool = False
    record: str | None = None
    replay: str | None = None
    connect_to: tuple[str, ...] = ()


_COMMON: Final = (
    click.option("--db", metavar="PATH", help="The database.  [default: citehound.db]"),
    click.option(
        "--config",
        "config_file",
        metavar="FILE",
        help="Settings.  [default: citehound.toml, if there]",
    ),
    click.option("--seeds", metavar="DIR", help="Folder with outlets.toml."),
)
_NETWORK: Final = (
    click.option("--record", metavar="FILE", help="Write every exchange to a new WARC file."),
    click.option(
        "--replay", metavar="FILE", help="Answer from a WARC file instead of the network."
    ),
    click.option(
        "--connect-to",
        "connect_to",
        metavar="HOST1:PORT1:HOST2:PORT2",
        multiple=True,
        help="Connect there instead, as curl does; empty HOST1 or PORT1: any. Repeatable.",
    ),
    click.option("--jobs", metavar="N", help="Worker processes; 1: none, 0: one a core."),
)
as_json = click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")


def common_options(function: Callable[Concatenate[Common, P], R]) -> Callable[P, R]:
    """A command that takes the options of every command and is called with a `Common` first."""
    return _with(_COMMON, function)


def network_options(function: Callable[Concatenate[Common, P], R]) -> Callable[P, R]:
    """The same for a command that fetches: recordings, --connect-to and worker processes."""
    return _with((*_COMMON, *_NETWORK), function)


def emit(rows: Iterable[Mapping[str, object]]) -> None:
    """One JSON object a line on standard output."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _with(
    options: tuple[Callable[[Any], Any], ...], function: Callable[Concatenate[Common, P], R]
) -> Callable[P, R]:
    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        from crawler.config import loaded

        given: dict[str, Any] = dict(kwargs)
        flags = {setting: given.pop(name, None) for name, setting in _FLAGS.items()}
        settings = loaded(config_file=given.pop("config_file", None), flags=flags)
        shared = Common(
            settings=settings,
            as_json=bool(given.pop("as_json", False)),
            record=given.pop("record", None),
            replay=given.pop("replay", None),
            connect_to=tuple(given.pop("connect_to", ())),
        )
        return function(shared, *args, **given)

    decorated: Any = called
    for option in reversed(options):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
