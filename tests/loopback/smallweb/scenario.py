"""What a small web holds, read from `scenario.toml` and the files beside it.

The format, one table per host and path:

    ["www.gazette.example"]                     # what holds for the whole host
    fault = "reset"                             # tls: an alert; reset, close: no handshake
    alias_of = "gazette.example"                # every path redirects to that host

    ["www.gazette.example"."/2026/03/09/story"] # a path, with its query where it has one
    file = "gazette/story.html"                 # under pages/; or text = "..."
    type = "text/html; charset=utf-8"           # else by the file's suffix
    status = 200
    headers = { "cf-mitigated" = "challenge" }
    redirect = "https://elsewhere.example/"     # status 301 unless one is given
    delay_s = 0.5                               # before the first byte
    fault = "reset"                             # reset, close, truncate
    gzip = true                                 # where the client accepts it

    [[memento]]                                 # the web archive's copies
    url = "https://www.gazette.example/gone"
    at = "20260309114500"
    file = "archive/gone.html"

    [[save]]                                    # what Save Page Now makes of a URL; of any other: a refusal
    url = "https://www.gazette.example/story"
    status = "success"                          # or pending
    at = "20260309114500"
    error = "error:too-many-requests"           # under HTTP 200, at the submission
    http = 401                                  # of the submission, instead of 200

    [[gdelt]]                                   # answers a query that names the domain
    domain = "gazette.example"
    words = ["barrier"]                         # and one of these words; none: any query
    articles = [{ url = "...", title = "...", seendate = "20260309T114500Z", language = "English" }]

Rule: a field that is not known here is an error that names the file and the place.
"""

from __future__ import annotations

import mimetypes
import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Answer", "GdeltRow", "Memento", "Save", "Scenario", "read_scenario"]

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
}
_FAULTS: Final = frozenset({"reset", "close", "truncate"})
_HOST_FAULTS: Final = frozenset({"tls", "reset", "close"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one path answers."""

    body: bytes = b""
    status: int = 200
    type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    fault: str | None = None
    gzip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """One archived copy; `at` has 14 digits, UTC."""

    url: str
    at: str
    body: bytes
    status: int = 200
    type: str = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """How one submission to Save Page Now goes; `at` has 14 digits, UTC."""

    url: str
    status: str = "success"
    at: str = ""
    error: str = ""
    http: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GdeltRow:
    """What GDELT answers to queries that name `domain` and, where given, one of `words`."""

    domain: str
    words: tuple[str, ...] = ()
    articles: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The whole small web."""

    hosts: dict[str, dict[str, Answer]]  #: host → path with query → answer
    host_faults: dict[str, str]
    aliases: dict[str, str]
    mementos: tuple[Memento, ...]
    gdelt: tuple[GdeltRow, ...]
    saves: tuple[Save, ...] = ()


def read_scenario(site: Path) -> Scenario:
    """The scenario of the folder `site`. Raises ValueError for a field that has no meaning."""
    table = tomllib.loads((site / "scenario.toml").read_text(encoding="utf-8"))
    mementos = tuple(_memento(row, site) for row in table.pop("memento", []))
    gdelt = tuple(_gdelt(row) for row in table.pop("gdelt", []))
    saves = tuple(Save(**row) for row in table.pop("save", []))
    faults = {host: rows.pop("fault") for host, rows in table.items() if "fault" in rows}
    aliases = {host: rows.pop("alias_of") for host, rows in table.items() if "alias_of" in rows}
    _refuse(set(faults.values()) - _HOST_FAULTS, "host fault", site)
    hosts = {host: _paths(host, rows, site) for host, rows in table.items()}
    return Scenario(
        hosts=hosts,
        host_faults=faults,
        aliases=aliases,
        mementos=mementos,
        gdelt=gdelt,
        saves=saves,
    )


def _paths(host: str, rows: dict[str, Any], site: Path) -> dict[str, Answer]:
    _refuse({key for key in rows if not key.startswith("/")}, f"field of {host}", site)
    return {path: _answer(row, site) for path, row in rows.items()}


def _answer(row: dict[str, Any], site: Path) -> Answer:
    row = dict(row)
    headers = dict(row.pop("headers", {}))
    if "redirect" in row:
        headers["Location"] = row.pop("redirect")
        row.setdefault("status", 301)
    body, kind = _body(row, site)
    row.setdefault("type", kind)
    _refuse(row.keys() - {one.name for one in fields(Answer)}, "field of a path", site)
    _refuse({row["fault"]} - _FAULTS if "fault" in row else set(), "fault", site)
    return Answer(body=body, headers=headers, **row)


def _body(row: dict[str, Any], site: Path) -> tuple[bytes, str | None]:
    if "file" not in row:
        text = row.pop("text", None)
        return (text or "").encode(), "text/plain; charset=utf-8" if text is not None else None
    path = site / "pages" / row.pop("file")
    return path.read_bytes(), _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]


def _memento(row: dict[str, Any], site: Path) -> Memento:
    row = dict(row)
    body, kind = _body(row, site)
    row.setdefault("type", kind)
    return Memento(body=body, **row)


def _gdelt(row: dict[str, Any]) -> GdeltRow:
    return GdeltRow(
        domain=row["domain"],
        words=tuple(row.get("words", ())),
        articles=tuple(row.get("articles", ())),
    )


def _refuse(strangers: set[str], what: str, site: Path) -> None:
    if strangers:
        msg = f"{site / 'scenario.toml'}: unknown {what}: {', '.join(sorted(strangers))}"
        raise ValueError(msg)
