"""Settings: defaults, then `citehound.toml`, then `CITEHOUND_*`, then flags; each remembers where it came from.

The table `SETTINGS` is the only list of settings; the README's table and `citehound config` are checked against
it. A dot in a name is a TOML table and an underscore in the environment: `schedule.cron` is `[schedule] cron =`
and `CITEHOUND_SCHEDULE_CRON`. This module alone reads the environment.
"""

from __future__ import annotations

import difflib
import math
import os
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crawler.errors import ConfigError
from crawler.urls import HIGHEST_PORT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["SETTINGS", "Setting", "Settings", "Value", "loaded", "seeds_folder"]

CONFIG_FILE: Final = "citehound.toml"
_PREFIX: Final = "CITEHOUND_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing an operator may set."""

    name: str
    default: str
    help: str
    check: Callable[[str], str | None]  #: what is wrong with a text, None when it is fine
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return _PREFIX + self.name.replace(".", "_").upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A setting's text and its origin."""

    text: str
    origin: str  #: default, the file, the variable or the flag


class Settings:
    """All settings of one command."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name].text

    def origin(self, name: str) -> str:
        """Where a setting's text came from."""
        return self._values[name].origin

    def number(self, name: str) -> float:
        """A setting that is a number."""
        return float(self._values[name].text)

    def yes(self, name: str) -> bool:
        """A setting that is yes or no."""
        return self._values[name].text == "yes"

    def numbers(self, name: str) -> frozenset[int]:
        """A setting that is a list of whole numbers."""
        return frozenset(int(each) for each in self._values[name].text.split(","))

    def items(self) -> Iterator[tuple[Setting, Value]]:
        """Every setting with its value, in the table's order."""
        return ((setting, self._values[setting.name]) for setting in SETTINGS)


# ------------------------------------------------------------------------------------- the table


def _any(_: str) -> str | None:
    return None


def _whole(text: str) -> str | None:
    return None if re.fullmatch(r"\d{1,9}", text) else "must be a whole number"


def _number(text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "must be a number"
    return None if math.isfinite(number) and number >= 0 else "must be zero or more"


def _ports(text: str) -> str | None:
    each = [one.strip() for one in text.split(",")]
    if all(re.fullmatch(r"[0-9]{1,5}", one) and 0 < int(one) <= HIGHEST_PORT for one in each):
        return None
    return f"must be port numbers from 1 to {HIGHEST_PORT} with commas between, such as 80,443"


def _key(text: str) -> str | None:
    # It becomes a part of a header field.
    return None if re.fullmatch(r"[!-~]{0,200}", text) else "must be one word of plain characters"


def _address(text: str) -> str | None:
    if not text:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    return None if usable else "must be an http(s) URL such as https://search.example"


def _contact(text: str) -> str | None:
    if not text or re.fullmatch(r"[^\s@()]+@[^\s@()]+\.[^\s@()]+|https?://[^\s()]+", text):
        return None
    return "must be an e-mail address or an http(s) URL"


def _yes_or_no(text: str) -> str | None:
    return None if text in {"yes", "no"} else "must be yes or no"


def _cron(text: str) -> str | None:
    from apscheduler.triggers.cron import CronTrigger

    try:
        CronTrigger.from_crontab(text, timezone="UTC")
    except ValueError as error:
        return f"must be five cron fields such as 17 2 * * * ({error})"
    return None


def _zone(text: str) -> str | None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        return "must be a time zone such as UTC or Europe/Kyiv"
    return None


SETTINGS: Final = (
    Setting(name="db", default="citehound.db", check=_any, help="the database file"),
    Setting(name="seeds", default="", check=_any, help="folder of seeds; empty: looked up"),
    Setting(
        name="contact",
        default="",
        check=_contact,
        help="your address, sent in the User-Agent so that sites can reach you",
    ),
    Setting(name="jobs", default="0", check=_whole, help="worker processes; 0: one a core"),
    Setting(
        name="fetch.gap_s", default="2", check=_number, help="seconds between requests to one host"
    ),
    Setting(
        name="fetch.ports",
        default="80,443",
        check=_ports,
        help="the ports that a URL may name, with commas between",
    ),
    Setting(name="searxng.url", default="", check=_address, help="your SearXNG; empty: not asked"),
    Setting(
        name="archives.read_paywalled",
        default="no",
        check=_yes_or_no,
        help="yes: read an archive's copy of a page behind a paywall; no: note only that there is one",
    ),
    Setting(
        name="archives.save_access",
        default="",
        check=_key,
        secret=True,
        help="access key of your archive.org account; with the next one: save pages that no archive holds",
    ),
    Setting(
        name="archives.save_secret",
        default="",
        check=_key,
        secret=True,
        help="secret key of that account; empty: nothing is saved",
    ),
    Setting(
        name="brave.token",
        default="",
        check=_key,
        secret=True,
        help="your Brave Search token; empty: not asked",
    ),
    Setting(
        name="newsfeeds.bing",
        default="no",
        check=_yes_or_no,
        help="yes: ask Bing's news feed, which is undocumented",
    ),
    Setting(
        name="newsfeeds.google",
        default="no",
        check=_yes_or_no,
        help="yes: ask Google's news feed, which is undocumented, whether a headline exists",
    ),
    Setting(
        name="tokens",
        default="",
        check=_any,
        help="file of names and hashes for the HTTP API; kept for the API that will use it",
    ),
    Setting(
        name="schedule.cron", default="17 2 * * *", check=_cron, help="when the nightly run starts"
    ),
    Setting(
        name="schedule.timezone", default="UTC", check=_zone, help="the time zone of schedule.cron"
    ),
    Setting(
        name="services.pace_scale",
        default="1",
        check=_number,
        help="shortens the waits between calls to one service; only with --connect-to",
    ),
    Setting(name="run.limit", default="2000", check=_whole, help="citations in one nightly run"),
    Setting(
        name="run.requests",
        default="20000",
        check=_whole,
        help="requests after which a nightly run leaves the rest for the next; 0: no bound",
    ),
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


# ---------------------------------------------------------------------------------------- reading


def loaded(
    *,
    config_file: str | None = None,
    flags: Mapping[str, str | None],
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of one command; ConfigError names the origin of what cannot be used, and the mend.

    `flags` holds setting names with None where the flag was not given. An unknown `CITEHOUND_*` variable is not
    an error (the prefix is shared with tests and containers), an unknown key in the file is.
    """
    variables = os.environ if environment is None else environment  # noqa: TID251 - the one reader
    values = {one.name: Value(text=one.default, origin="default") for one in SETTINGS}
    values |= _from_file(config_file)
    for setting in SETTINGS:
        if (text := variables.get(setting.variable)) is not None:
            values[setting.name] = Value(text=text.strip(), origin=setting.variable)
        if (flag := flags.get(setting.name)) is not None:
            values[setting.name] = Value(text=flag, origin=f"--{setting.name.replace('.', '-')}")
    for name, value in values.items():
        if wrong := _BY_NAME[name].check(value.text):
            shown = "(hidden)" if _BY_NAME[name].secret else repr(value.text)
            raise ConfigError(
                f"{name} {wrong}, not {shown}",
                where=value.origin,
                mend="correct it or leave it out",
            )
    return Settings(values)


def seeds_folder(settings: Settings) -> Path:
    """The folder of seeds; ConfigError names all four places where it was looked for."""
    checkout = Path(__file__).resolve().parent.parent / "seeds"
    installed = Path(sys.prefix) / "share" / "citehound" / "seeds"
    named = settings["seeds"]
    for folder in [Path(named)] if named else [checkout, installed]:
        if (folder / "outlets.toml").is_file():
            return folder
    raise ConfigError(
        "no folder with outlets.toml found: looked at --seeds and CITEHOUND_SEEDS "
        f"({named or 'not set'}), the checkout ({checkout}) and the installation ({installed})",
        mend="name the folder with --seeds DIR",
    )


def _from_file(config_file: str | None) -> dict[str, Value]:
    path = Path(config_file or CONFIG_FILE)
    if config_file is None and not path.is_file():
        return {}
    try:
        text = path.read_bytes().decode("utf-8")
        tree = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError("no such file", where=str(path), mend="correct --config") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot be read ({error})", where=str(path), mend="correct --config"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"is not valid TOML: {error}", where=str(path), mend="correct that line"
        ) from error
    return {
        name: Value(text=found, origin=where)
        for name, found, where in _leaves(tree, text, str(path))
    }


def _leaves(tree: Mapping[str, object], text: str, path: str) -> Iterator[tuple[str, str, str]]:
    """(setting, text, file and line) of each key; ConfigError for one that is no setting."""
    flat = dict(_flattened(tree, ""))
    for name, value in flat.items():
        where = f"{path}, line {_line_of(name, text)}"
        if name not in _BY_NAME:
            near = difflib.get_close_matches(name, _BY_NAME, n=1)
            mend = f"did you mean {near[0]}?" if near else "see citehound config for the names"
            raise ConfigError(f"{name} is no setting", where=where, mend=mend)
        if isinstance(value, (dict, list)):
            raise ConfigError(
                f"{name} must be one value", where=where, mend="write it as text or number"
            )
        yield name, str(value), where


def _flattened(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _line_of(name: str, text: str) -> int:
    """The line on which the last part of a key is set, 1 when it cannot be told."""
    key = re.escape(name.rpartition(".")[2])
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*[\w.\"']*{key}[\"']?\s*=", line):
            return number
    return 1
